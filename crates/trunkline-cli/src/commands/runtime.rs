//! The thread that a command runs on.

use std::future::Future;

use crate::failure::Failure;

/// Runs a future on this thread. There is no other work, so one thread is enough, and starting more takes time.
pub(super) fn block_on<T>(future: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Unexpected(format!("the system has no resources for network calls: {error}")))?;
    runtime.block_on(future)
}
