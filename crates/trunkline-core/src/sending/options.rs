//! The options of one request.

use std::time::Duration;

use crate::error::Error;
use crate::sending::limits::Charge;
use crate::sending::retry::RetryPolicy;

/// How the caller wants one request to behave.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    /// From now to the end, waits included.
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    /// What it counts as, when that is not one request of its own group: the requests of a batch.
    pub(crate) charges: Option<Vec<Charge>>,
    /// The error of a first attempt that was sent inside a batch; the retry loop goes on from it.
    pub(crate) failed: Option<Error>,
}
