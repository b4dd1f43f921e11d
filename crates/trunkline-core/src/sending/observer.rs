//! Events of calls as plain data, for whoever observes a client.
//!
//! A [`CallEvent`] holds numbers, UUIDs and texts that were compiled in, and of the client's options the host. No text of a request
//! or a response is in it, so that neither a token nor a number nor a name can be.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http::{HeaderMap, Method};
use uuid::Uuid;

use crate::request::operation::Operation;
use crate::sending::context::Context;
use crate::sending::transport::{HttpResponse, TransportError, TransportFault};

/// A function that gets every event of a client's calls. It runs in the task that makes the call, and should return at once.
pub type Observer = Arc<dyn Fn(&CallEvent<'_>) + Send + Sync>;

/// An event of a call.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct CallEvent<'a> {
    /// Number of the call in this process: the same for all attempts of an operation.
    pub call: u64,
    /// Id of the operation, for instance `phoneMethods.update`; `None` for a request that no operation describes.
    pub operation: Option<&'static str>,
    /// Template of the path, for instance `/users/{user-id}`; `None` like `operation`.
    pub template: Option<&'static str>,
    /// The HTTP method; `_OTHER` for one that HTTP does not define, empty for a row.
    pub method: &'static str,
    /// Host of the service.
    pub host: &'a str,
    /// Port of the service.
    pub port: u16,
    /// Group of operations whose limits it counts against.
    pub group: Option<&'static str>,
    /// Number of the attempt, from 1.
    pub attempt: u32,
    /// The `client-request-id` of the attempt.
    pub client_request_id: Option<Uuid>,
    /// What happened.
    pub kind: CallEventKind,
}

/// What happened in a call.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum CallEventKind {
    /// A request is about to be sent.
    Request {
        /// The time that the call has waited since it began, or since its last attempt.
        waited: Duration,
    },
    /// A request was answered, failed or was cancelled.
    Response {
        /// Status of the response; `None` when there is none.
        status: Option<u16>,
        /// Why there is no response, or no complete one: `not_connected`, `not_trusted`, `timed_out`, `lost`, `too_large`,
        /// `unusable` or `cancelled`; `missing` for a request that the response to its batch leaves out.
        fault: Option<&'static str>,
        /// The id by which Microsoft's support finds the request.
        request_id: Option<Uuid>,
        /// The time from the start of the request to the end of the response.
        duration: Duration,
        /// Whether the request was part of a `$batch`, which has a response of its own.
        in_batch: bool,
        /// Requests per second that the client's pace allows this group at present; `None` without a pace.
        pace: Option<f64>,
    },
    /// The request is sent again.
    Retry {
        /// The wait before.
        wait: Duration,
        /// `throttled`: the service answered 429. `token`: it did not accept the token. `status`: it failed otherwise.
        /// `no_response`: there was none, or no complete one.
        reason: &'static str,
    },
    /// The request waits because of other requests.
    Throttle {
        /// The time until it is sent, as far as known.
        wait: Duration,
        /// `pause`: the service asked for it after another request. `pace`: the client's pace.
        reason: &'static str,
    },
    /// The state of an order, a long-running operation, was read.
    Order {
        /// `running`, `succeeded` or `failed`.
        state: &'static str,
        /// The time since it was accepted.
        age: Duration,
    },
    /// A row of a bulk run ended.
    Row {
        /// The result, for instance `done`.
        result: &'static str,
    },
}

impl CallEventKind {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Request { .. } => "request",
            Self::Response { .. } => "response",
            Self::Retry { .. } => "retry",
            Self::Throttle { .. } => "throttle",
            Self::Order { .. } => "order",
            Self::Row { .. } => "row",
        }
    }
}

/// The call that an event is about.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) call: u64,
    /// `None`: it is about a row.
    pub(crate) operation: Option<&'a Operation>,
    pub(crate) attempt: u32,
    /// The `client-request-id`; nil when there is none.
    pub(crate) id: Uuid,
}

impl Context {
    /// A number for a call; 0 when nobody observes the client.
    pub(crate) fn call_number(&self) -> u64 {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        match self.observer {
            Some(_) => NEXT.fetch_add(1, Ordering::Relaxed),
            None => 0,
        }
    }

    /// Reports an event, if anybody observes the client.
    pub(crate) fn report<'a>(&self, subject: impl FnOnce() -> Subject<'a>, kind: impl FnOnce() -> CallEventKind) {
        if let Some(observer) = &self.observer {
            self.report_to(observer, subject(), kind());
        }
    }

    #[cold]
    fn report_to(&self, observer: &Observer, subject: Subject<'_>, kind: CallEventKind) {
        let Subject {
            call,
            operation,
            attempt,
            id,
        } = subject;
        let event = CallEvent {
            call,
            operation: operation.and_then(Operation::id),
            template: operation.and_then(template_of),
            method: operation.map_or("", |operation| method_name(operation.method())),
            host: self.root.host(),
            port: self.root.port(),
            group: operation.and_then(Operation::group),
            attempt,
            client_request_id: Some(id).filter(|id| !id.is_nil()),
            kind,
        };
        // Whoever observes a call does not end it.
        if catch_unwind(AssertUnwindSafe(|| observer(&event))).is_err() {
            tracing::warn!(target: "trunkline", event = kind.name(), "the observer of the client panicked");
        }
    }

    /// What a response or its absence says.
    pub(crate) fn response(
        &self,
        operation: Option<&Operation>,
        outcome: &Result<HttpResponse, TransportError>,
        duration: Duration,
        in_batch: bool,
    ) -> CallEventKind {
        let (status, fault, headers) = match outcome {
            Ok(response) => {
                let fault = response.cut.as_ref().map(|error| fault_name(error.fault));
                (Some(response.status.as_u16()), fault, Some(&response.headers))
            }
            Err(error) => (None, Some(fault_name(error.fault)), None),
        };
        let group = operation.and_then(Operation::group);
        let pace = self.pacer.as_ref().and_then(|pacer| pacer.rate(group));
        CallEventKind::Response {
            status,
            fault,
            request_id: headers.and_then(request_id),
            duration,
            in_batch,
            pace: pace.map(|(now, _)| now),
        }
    }

    /// Reports that a request is about to be sent. `None` when nobody observes the client.
    pub(crate) fn begin_exchange<'a>(&'a self, subject: Subject<'a>, waited: Duration) -> Option<Exchange<'a>> {
        let observer = self.observer.as_ref()?;
        self.report_to(observer, subject, CallEventKind::Request { waited });
        Some(Exchange(Box::new(Sent {
            context: self,
            subject,
            started: self.clock.elapsed(),
            is_over: false,
        })))
    }
}

/// A request that was reported and has no response yet. Dropped before it has one, it reports that it was cancelled.
pub(crate) struct Exchange<'a>(Box<Sent<'a>>);

struct Sent<'a> {
    context: &'a Context,
    subject: Subject<'a>,
    /// On the clock's scale.
    started: Duration,
    is_over: bool,
}

impl Exchange<'_> {
    /// Reports the response.
    pub(crate) fn end(mut self, outcome: &Result<HttpResponse, TransportError>) {
        self.0.is_over = true;
        let Sent { context, subject, .. } = *self.0;
        context.report(
            || subject,
            || context.response(subject.operation, outcome, self.0.duration(), false),
        );
    }
}

impl Sent<'_> {
    fn duration(&self) -> Duration {
        self.context.clock.elapsed().saturating_sub(self.started)
    }
}

impl Drop for Sent<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            let kind = CallEventKind::Response {
                status: None,
                fault: Some("cancelled"),
                request_id: None,
                duration: self.duration(),
                in_batch: false,
                pace: None,
            };
            self.context.report(|| self.subject, || kind);
        }
    }
}

/// The template of an operation's path. The path of a link begins with the version.
pub(crate) fn template_of(operation: &Operation) -> Option<&'static str> {
    let descriptor = operation.descriptor()?;
    let path = operation.path();
    let below_version = || path.get(1..)?.find('/').map(|end| &path[end + 1..]);
    let found = match operation.link() {
        None => descriptor.path_of(path),
        Some(_) => below_version().and_then(|path| descriptor.path_of(path)),
    };
    found.map(|found| found.template)
}

/// Name of a method: one of a caller's own is text that may say anything.
pub(crate) fn method_name(method: &Method) -> &'static str {
    const KNOWN: [&str; 9] = [
        "GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT",
    ];
    KNOWN
        .into_iter()
        .find(|known| *known == method.as_str())
        .unwrap_or("_OTHER")
}

/// The id that the service gave a request. Something between here and the service may put any text there.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<Uuid> {
    Uuid::try_parse(headers.get("request-id")?.to_str().ok()?).ok()
}

pub(crate) fn fault_name(fault: TransportFault) -> &'static str {
    match fault {
        TransportFault::NotConnected => "not_connected",
        TransportFault::NotTrusted => "not_trusted",
        TransportFault::TimedOut => "timed_out",
        TransportFault::Lost => "lost",
        TransportFault::TooLarge => "too_large",
        TransportFault::Unusable => "unusable",
    }
}

/// Why a request is sent again, by the status of its response.
pub(crate) fn retry_reason(status: Option<u16>) -> &'static str {
    match status {
        Some(429) => "throttled",
        Some(401 | 403) => "token",
        Some(400..) => "status",
        _ => "no_response",
    }
}

impl fmt::Debug for Exchange<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Exchange").field(&self.0.subject.call).finish()
    }
}
