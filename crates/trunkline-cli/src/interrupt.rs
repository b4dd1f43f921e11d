//! Ctrl-C, and requests to terminate.

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

/// The signals that ask a process to stop. They are watched for from the moment this is made.
#[cfg(unix)]
pub(crate) struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    pub(crate) fn new() -> Result<Self, Failure> {
        use tokio::signal::unix::{SignalKind, signal};
        let watch =
            |kind| signal(kind).map_err(|error| Failure::Unexpected(format!("signals cannot be watched for: {error}")));
        Ok(Self {
            interrupt: watch(SignalKind::interrupt())?,
            terminate: watch(SignalKind::terminate())?,
        })
    }

    pub(crate) async fn any(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
pub(crate) struct Signals;

#[cfg(not(unix))]
impl Signals {
    #[allow(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
    pub(crate) fn new() -> Result<Self, Failure> {
        Ok(Self)
    }

    pub(crate) async fn any(&mut self) {
        // An error means that the signal cannot be watched for; everything else still works.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }
}
