//! The options of one request.

use std::time::Duration;

use crate::error::Error;
use crate::sending::limits::Charge;
use crate::sending::retry::RetryPolicy;

/// The caller's options for one request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    /// From now to the end, waits included.
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    /// The charges against the pace, when it does not count as one request of its own group: those of a batch.
    pub(crate) charges: Option<Vec<Charge>>,
    /// The error of a first attempt that was sent inside a batch; the retry loop goes on from it.
    pub(crate) failed: Option<Error>,
}
