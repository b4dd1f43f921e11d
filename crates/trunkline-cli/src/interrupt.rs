//! Ctrl-C.

use std::future::Future;

use crate::failure::Failure;
use crate::progress::Reporter;

/// Carries `future` out unless Ctrl-C comes first. What was sent by then may go on; an accepted order can be resumed.
pub(crate) async fn unless_interrupted<F, T, E>(reporter: &Reporter, future: F) -> Result<T, Failure>
where
    F: Future<Output = Result<T, E>>,
    Failure: From<E>,
{
    tokio::select! {
        outcome = future => {
            reporter.clear();
            outcome.map_err(Failure::from)
        }
        signal = tokio::signal::ctrl_c() => {
            reporter.clear();
            match signal {
                Ok(()) => Err(Failure::Interrupted { resume: reporter.token() }),
                Err(error) => Err(Failure::Unexpected(format!("Ctrl-C cannot be watched for: {error}"))),
            }
        }
    }
}
