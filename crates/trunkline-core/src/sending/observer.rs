//! Events of calls as plain data, for whoever observes a client.
//!
//! A [`CallEvent`] holds numbers, UUIDs and texts that were compiled in, and of the client's options the host. No text of a request
//! or a response is in it, so that neither a token nor a number nor a name can be.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use crate::clock::Timestamp;

/// A function that gets every event of a client's calls. It runs in the task that makes the call, and should return at once.
pub type Observer = Arc<dyn Fn(&CallEvent<'_>) + Send + Sync>;

/// An event of a call.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct CallEvent<'a> {
    /// The time by the client's clock.
    pub time: Timestamp,
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
    /// Its kind.
    pub kind: CallEventKind,
}

/// The kinds of events, each with its own members.
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
        /// The time that the call had waited before the request.
        waited: Duration,
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
        progress: &'static str,
        /// The time since it was accepted.
        age: Duration,
    },
    /// A row of a bulk run ended.
    Row {
        /// How it ended, for instance `done`.
        ending: &'static str,
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
