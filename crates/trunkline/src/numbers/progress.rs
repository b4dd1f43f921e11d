//! Progress of an intent.

use std::fmt;

use crate::generated::teams_administration::NumberAssignment;
use crate::intent::{Masked, Watcher};
use crate::{Operation, ResponseMeta};

/// One event in the course of a change.
///
/// A watcher that answers with an error stops the change: see [`ProgressResult`](crate::ProgressResult).
#[derive(Clone)]
#[non_exhaustive]
pub enum Progress {
    /// The number was found in the inventory, or the caller said how it was found.
    Found(Box<NumberAssignment>),
    /// This request is about to be sent, and changes something. The time to write down that it was meant to be sent.
    ///
    /// Once for each order or update. A repetition by the client below this, because the request provably did not happen
    /// (throttled, connection refused), is not reported again.
    Sending(Box<Operation>),
    /// The service accepted the request that was reported last. For an order, [`Accepted`](Self::Accepted) follows.
    Answered(Box<ResponseMeta>),
    /// The service accepted the order. The token resumes waiting for it, in this or another process.
    Accepted {
        /// Id of the operation.
        id: String,
        /// Text for [`Numbers::follow`](super::Numbers::follow) and `Client::resume`.
        token: String,
    },
    /// The order's status, as read.
    Stage(String),
    /// The answer to the order was lost; the number is read to see whether it happened.
    InDoubt,
    /// The number was read back but does not show the change yet.
    Settling,
}

/// Callback for [`Progress`].
pub(super) type NumberWatcher = Watcher<Progress>;

impl fmt::Debug for Progress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Found(found) => formatter.debug_tuple("Found").field(found).finish(),
            Self::Sending(operation) => formatter.debug_tuple("Sending").field(operation).finish(),
            Self::Answered(meta) => formatter.debug_tuple("Answered").field(meta).finish(),
            Self::Accepted { id, .. } => formatter
                .debug_struct("Accepted")
                .field("id", &Masked(id))
                .finish_non_exhaustive(),
            Self::Stage(status) => formatter.debug_tuple("Stage").field(&Masked(status)).finish(),
            Self::InDoubt => formatter.write_str("InDoubt"),
            Self::Settling => formatter.write_str("Settling"),
        }
    }
}
