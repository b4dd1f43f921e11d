//! Ends a wait when the caller's time is up.

use std::time::Duration;

use crate::error::{Error, ErrorKind, Result};

/// The result of `work`, or a timeout with the message `late` when `remaining` (real time) passes first.
pub(crate) async fn in_time<T>(
    remaining: Option<Duration>,
    late: &'static str,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    match remaining {
        Some(remaining) if tokio::runtime::Handle::try_current().is_ok() => tokio::time::timeout(remaining, work)
            .await
            .map_err(|_| Error::new(ErrorKind::Timeout, late))?,
        _ => work.await,
    }
}

/// The message when the caller's time is up before the source of tokens answered.
pub(crate) const NO_TOKEN: &str = "the credential returned no token before the deadline";
