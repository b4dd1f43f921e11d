//! Ending what is waited for when the caller's time is up.

use std::time::Duration;

use crate::error::{Error, ErrorKind, Result};

/// What `work` gives, unless the caller's time is up before: then a timeout that says `late`. `remaining` is in the world's time.
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

/// Said when the caller's time is up while a credential is asked.
pub(crate) const NO_TOKEN: &str = "the credential gave no token before the deadline";
