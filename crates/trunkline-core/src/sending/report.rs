//! Reports the events of a call to the observer of the client.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http::{HeaderMap, Method};
use uuid::Uuid;

use crate::request::operation::Operation;
use crate::sending::context::Context;
use crate::sending::observer::{CallEvent, CallEventKind, Observer};
use crate::sending::transport::{HttpResponse, TransportError, TransportFault};

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
            time: self.clock.now(),
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

    /// The event of a response, or of its absence. `waited`: the wait before the request; `None`: it was part of a batch.
    pub(crate) fn response(
        &self,
        operation: Option<&Operation>,
        outcome: &Result<HttpResponse, TransportError>,
        duration: Duration,
        waited: Option<Duration>,
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
            waited: waited.unwrap_or_default(),
            in_batch: waited.is_none(),
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
            waited,
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
    waited: Duration,
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
            || context.response(subject.operation, outcome, self.0.duration(), Some(self.0.waited)),
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
                waited: self.waited,
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
