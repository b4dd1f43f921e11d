//! Stopping a run from outside.

use std::sync::Arc;

use tokio::sync::watch;

/// Stops a run: nothing more is begun, requests in progress are waited for, what only waits is left to the next run.
/// Cheap to clone, and of use from any thread or signal handler's thread.
#[derive(Debug, Clone)]
pub struct StopHandle(Arc<watch::Sender<bool>>);

impl StopHandle {
    pub(super) fn new() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    /// Asks the run to stop. Its stream then tells the ends of the rows that were on their way, and ends with an error of
    /// kind [`BulkErrorKind::Stopped`](crate::BulkErrorKind::Stopped).
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was asked to.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        *self.0.borrow()
    }

    pub(super) async fn stopped(&self) {
        // The sender is held by `self`, so waiting can only end with the value.
        let _ = self.0.subscribe().wait_for(|is_stopped| *is_stopped).await;
    }
}
