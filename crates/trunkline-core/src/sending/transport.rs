//! The transport: one request to the service and one answer back.

use std::error::Error as StandardError;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use url::Url;

use crate::clock::BoxFuture;
use crate::mask;

/// One request, complete: what is in it is what is sent.
#[derive(Clone)]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// The address, already checked.
    pub url: Url,
    /// Every header but those of the connection.
    pub headers: HeaderMap,
    /// The body.
    pub body: Option<Bytes>,
    /// How long it may take, from the first byte sent to the last received.
    pub timeout: Option<Duration>,
    /// How large the body of a success may be, in bytes, after it was decompressed.
    pub maximum_body: usize,
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Header values and the body hold secrets and personal data.
        formatter
            .debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("url", &mask::url(self.url.as_str()))
            .field("body", &self.body.as_ref().map(Bytes::len))
            .finish_non_exhaustive()
    }
}

/// One answer, with the whole body.
#[derive(Default)]
pub struct HttpResponse {
    /// The status.
    pub status: StatusCode,
    /// Every header.
    pub headers: HeaderMap,
    /// The body, decompressed; as far as it came.
    pub body: Vec<u8>,
    /// Why the body ends early, if it does.
    pub cut: Option<TransportError>,
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HttpResponse")
            .field("status", &self.status)
            .field("body", &self.body.len())
            .field("cut", &self.cut)
            .finish_non_exhaustive()
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportFault {
    /// There was no connection: name, refusal, proxy, TLS. Nothing of the request was sent.
    NotConnected,
    /// Whoever answered has no certificate that is trusted. Nothing of the request was sent.
    NotTrusted,
    /// It took too long.
    TimedOut,
    /// The connection was lost.
    Lost,
    /// The body is larger than allowed.
    TooLarge,
    /// The request cannot be sent this way at all.
    Unusable,
}

/// A request without an answer.
#[derive(Debug)]
pub struct TransportError {
    /// Why.
    pub fault: TransportFault,
    /// The same in words; of the address, nothing but scheme, host and port.
    pub message: String,
    /// The cause.
    pub source: Option<Box<dyn StandardError + Send + Sync>>,
    /// The next step, where the fault alone does not tell it.
    pub next_step: Option<&'static str>,
}

impl TransportError {
    /// An error without a cause.
    pub fn new(fault: TransportFault, message: impl Into<String>) -> Self {
        Self {
            fault,
            message: message.into(),
            source: None,
            next_step: None,
        }
    }

    /// The same error with its cause.
    #[must_use]
    pub fn with_source(self, source: impl Into<Box<dyn StandardError + Send + Sync>>) -> Self {
        Self {
            source: Some(source.into()),
            ..self
        }
    }

    /// Whether any of the request can have been sent. When in doubt, it can.
    #[must_use]
    pub fn may_have_been_sent(&self) -> bool {
        !matches!(
            self.fault,
            TransportFault::NotConnected | TransportFault::NotTrusted | TransportFault::Unusable
        )
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl StandardError for TransportError {
    fn source(&self) -> Option<&(dyn StandardError + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn StandardError + 'static))
    }
}

/// Carries requests. It follows no redirect, retries nothing, and adds no header that matters.
pub trait Transport: Send + Sync {
    /// Sends a request and reads the whole answer.
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>>;

    /// Closes connections that nobody uses. Later requests open new ones.
    fn close(&self) {}
}
