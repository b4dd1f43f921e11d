//! Answers: the raw body with its headers, and the value read from it.

use std::fmt;
use std::ops::Deref;

use http::{HeaderMap, StatusCode};
use uuid::Uuid;

use crate::codec::Decode;
use crate::error::{Error, ErrorKind, Result, RetryAdvice};

/// A success as it came. Only this crate can make or take one apart.
pub struct RawAnswer {
    pub(crate) meta: ResponseMeta,
    pub(crate) body: String,
    /// Whether there was more of the body, which is lost.
    pub(crate) is_cut: bool,
}

impl fmt::Debug for RawAnswer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Bodies hold personal data.
        formatter
            .debug_struct("RawAnswer")
            .field("meta", &self.meta)
            .field("body_length", &self.body.len())
            .finish()
    }
}

impl RawAnswer {
    /// Checks that the body can be an answer of the service's at all.
    pub(crate) fn new(
        status: StatusCode,
        headers: HeaderMap,
        body: Vec<u8>,
        client_request_id: Uuid,
        attempts: u32,
    ) -> Result<Self> {
        let unexpected = |what: &'static str, headers: HeaderMap, body: &str| {
            Err(Error::new(ErrorKind::UnexpectedBody, what)
                .with_status(status, headers)
                .with_body(body))
        };
        let mut body = match String::from_utf8(body) {
            Ok(body) => body,
            Err(error) => {
                let start = String::from_utf8_lossy(error.as_bytes()).into_owned();
                return unexpected("the answer is not text in UTF-8", headers, &start);
            }
        };
        if body.starts_with('\u{feff}') {
            body.drain(..'\u{feff}'.len_utf8());
        }
        Ok(Self {
            meta: ResponseMeta {
                status,
                headers,
                client_request_id,
                attempts,
            },
            body,
            is_cut: false,
        })
    }

    /// The same answer, marked as cut off.
    pub(crate) fn cut(self, is_cut: bool) -> Self {
        Self { is_cut, ..self }
    }

    /// Reads the value. `is_read`: whether the operation only read, so that it can be repeated.
    pub(crate) fn decode<T: Decode>(self, is_read: bool) -> Result<Response<T>> {
        match T::decode(&self.body) {
            Ok(value) => Ok(Response { value, meta: self.meta }),
            Err(cause) => Err(self.undecodable(cause, is_read)),
        }
    }

    #[cold]
    fn undecodable(self, cause: crate::codec::DecodeError, is_read: bool) -> Error {
        undecodable(self.body, self.meta, cause, is_read)
    }

    /// The error of a page whose text has been consumed; `start` is what is left of it.
    #[cold]
    pub(crate) fn unreadable(self, cause: crate::codec::DecodeError, start: String) -> Error {
        undecodable(start, self.meta, cause, true)
    }
}

#[cold]
fn undecodable(body: String, meta: ResponseMeta, cause: crate::codec::DecodeError, is_read: bool) -> Error {
    let error = if body.trim().is_empty() {
        Error::new(
            ErrorKind::UnexpectedBody,
            "the answer is empty where a value was expected",
        )
    } else if !is_json(&body) {
        Error::new(ErrorKind::UnexpectedBody, "the answer is not JSON")
    } else {
        Error::new(ErrorKind::Decode, "the answer is not of the expected shape").with_path(cause.path())
    };
    let error = if is_read {
        error
    } else {
        error.with_retry_advice(RetryAdvice::AfterReadBack)
    };
    error
        .with_may_have_reached_service(!is_read)
        .with_status(meta.status, meta.headers)
        .with_body(&body)
        .with_client_request_id(&meta.client_request_id.to_string())
        .with_attempts(meta.attempts)
        .with_source(cause)
}

/// Whether `text` is JSON, or the kept start of it.
pub(crate) fn is_json(text: &str) -> bool {
    match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Ok(_) => true,
        Err(error) => error.is_eof() && text.len() + 4 > crate::error::LONGEST_BODY,
    }
}

/// The status, headers and ids of an answer.
#[derive(Clone)]
pub struct ResponseMeta {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) client_request_id: Uuid,
    pub(crate) attempts: u32,
}

impl ResponseMeta {
    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Every header.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// A header as text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The id under which Microsoft's support finds the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.header("request-id")
    }

    /// The id that this client gave the attempt that succeeded.
    #[must_use]
    pub fn client_request_id(&self) -> String {
        self.client_request_id.to_string()
    }

    /// Number of times that the request was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
}

impl fmt::Debug for ResponseMeta {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ResponseMeta")
            .field("status", &self.status)
            .field("request_id", &self.request_id())
            .field("client_request_id", &self.client_request_id)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

/// A value and the answer it came with. Use it as the value; [`into_value`](Self::into_value) takes it out.
#[derive(Debug, Clone)]
pub struct Response<T> {
    pub(crate) value: T,
    pub(crate) meta: ResponseMeta,
}

impl<T> Response<T> {
    /// The value.
    #[must_use]
    pub fn value(&self) -> &T {
        &self.value
    }

    /// The value, without the rest.
    pub fn into_value(self) -> T {
        self.value
    }

    /// The value and the rest.
    pub fn into_parts(self) -> (T, ResponseMeta) {
        (self.value, self.meta)
    }

    /// The status, headers and ids.
    #[must_use]
    pub fn meta(&self) -> &ResponseMeta {
        &self.meta
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.meta.status
    }

    /// Every header.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.meta.headers
    }

    /// The id under which Microsoft's support finds the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.meta.request_id()
    }

    /// The id that this client gave the attempt that succeeded.
    #[must_use]
    pub fn client_request_id(&self) -> String {
        self.meta.client_request_id()
    }

    /// Number of times that the request was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.meta.attempts
    }

    /// The same answer with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        Response {
            value: change(self.value),
            meta: self.meta,
        }
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// The body of a success as text, for callers that read it themselves. Empty when there was none.
#[derive(Clone, PartialEq, Eq)]
pub struct RawBody(String);

impl RawBody {
    pub(crate) fn new(body: String) -> Self {
        Self(body)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, without copying it.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }

    /// Reads a value from the text, which came as the answer to `operation`: for callers that decode by themselves. What
    /// cannot be read is the same error as of any other answer.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decode`] with the JSON path, or [`ErrorKind::UnexpectedBody`] when the text is no JSON.
    pub fn read_as<T>(
        &self,
        meta: &ResponseMeta,
        operation: &crate::request::operation::Operation,
        read: impl FnOnce(&str) -> Result<T, crate::codec::DecodeError>,
    ) -> Result<T, Error> {
        read(&self.0).map_err(|cause| {
            let is_read = operation.idempotency() == crate::table::operation::Idempotency::Safe;
            operation.name_in(undecodable(self.0.clone(), meta.clone(), cause, is_read))
        })
    }

    /// Whether there was none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Decode for RawBody {
    fn decode(text: &str) -> Result<Self, crate::codec::DecodeError> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for RawBody {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Bodies hold personal data.
        write!(formatter, "RawBody({} bytes)", self.0.len())
    }
}
