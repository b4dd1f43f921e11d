//! Work that Ctrl-C ends.

use std::future::Future;

use crate::failure::Failure;
use crate::progress::Reporter;
use crate::signals::Signals;

/// Carries `future` out unless Ctrl-C comes first. What was sent by then may go on; an accepted order can be resumed.
pub(crate) async fn unless_interrupted<F, T, E>(reporter: &Reporter, future: F) -> Result<T, Failure>
where
    F: Future<Output = Result<T, E>>,
    Failure: From<E>,
{
    let mut signals = Signals::new()?;
    tokio::select! {
        outcome = future => {
            reporter.clear();
            outcome.map_err(Failure::from)
        }
        () = signals.any() => {
            reporter.clear();
            Err(Failure::Interrupted { resume: reporter.token() })
        }
    }
}
