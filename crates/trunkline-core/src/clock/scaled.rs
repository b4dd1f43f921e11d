//! Time that runs faster than real time, the same in every process with the same start and scale.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, Instant};

use crate::clock::{BoxFuture, Clock, Timestamp, later, until};
use crate::error::{Error, ErrorKind, Result};

/// A clock that shows `factor` seconds for each second that passes: for tests and fault campaigns of whole processes,
/// which would otherwise wait for orders, pauses and limits in earnest.
///
/// It is written as text `FACTOR@EPOCH`, for instance `200@2026-01-15T09:00:00Z`. At the moment `EPOCH` it shows what
/// every clock shows; from there on it runs `factor` times as fast. Processes that are given the same text agree on the
/// time as far as their system clocks do.
///
/// ```
/// use trunkline_core::clock::{Clock, ScaledClock};
///
/// let clock: ScaledClock = "200@2026-01-15T09:00:00Z".parse()?;
/// assert_eq!(clock.factor(), 200);
/// assert_eq!(clock.to_string(), "200@2026-01-15T09:00:00Z");
/// # Ok::<(), trunkline_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct ScaledClock {
    factor: u32,
    epoch: Timestamp,
    /// The time it showed at its start, and the real time then: the system's clock may jump afterwards.
    shown: Timestamp,
    start: Instant,
}

impl ScaledClock {
    /// The largest factor: a thousandth of a second is then a minute and more.
    pub const LARGEST: u32 = 100_000;

    /// A clock that runs `factor` times as fast as the system's since `epoch`. A factor is at least 1, and at most
    /// [`LARGEST`](Self::LARGEST).
    #[must_use]
    pub fn new(factor: u32, epoch: Timestamp) -> Self {
        let factor = factor.clamp(1, Self::LARGEST);
        let since = until(epoch, Timestamp::now());
        Self {
            factor,
            epoch,
            shown: later(epoch, since.saturating_mul(factor)),
            start: Instant::now(),
        }
    }

    /// How many seconds it shows for each second that passes.
    #[must_use]
    pub fn factor(&self) -> u32 {
        self.factor
    }

    /// When it began to run faster.
    #[must_use]
    pub fn epoch(&self) -> Timestamp {
        self.epoch
    }
}

impl Clock for ScaledClock {
    fn now(&self) -> Timestamp {
        later(self.shown, self.elapsed())
    }

    fn elapsed(&self) -> Duration {
        self.start.elapsed().saturating_mul(self.factor)
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let real = self.real(duration);
        Box::pin(async move { tokio::time::sleep(real).await })
    }

    fn real(&self, duration: Duration) -> Duration {
        duration / self.factor
    }
}

impl fmt::Display for ScaledClock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}@{}", self.factor, self.epoch)
    }
}

impl FromStr for ScaledClock {
    type Err = Error;

    /// Reads `FACTOR@EPOCH`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] when the factor is no whole number from 1 to [`LARGEST`](Self::LARGEST), or the epoch
    /// is no moment.
    fn from_str(text: &str) -> Result<Self> {
        let read = || {
            let (factor, epoch) = text.trim().split_once('@')?;
            let factor: u32 = factor.parse().ok()?;
            let epoch: Timestamp = epoch.parse().ok()?;
            (1..=Self::LARGEST).contains(&factor).then(|| Self::new(factor, epoch))
        };
        read().ok_or_else(|| {
            Error::new(ErrorKind::InvalidInput, "the scale of time cannot be read")
                .with_next_step("Write a whole number, @ and a moment, such as 200@2026-01-15T09:00:00Z")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_clocks_of_the_same_text_agree_and_run_faster() {
        let epoch = Timestamp::now();
        let text = format!("1000@{epoch}");
        let (one, other): (ScaledClock, ScaledClock) = (text.parse().unwrap(), text.parse().unwrap());
        // A second of theirs is a millisecond; reading both takes microseconds.
        let (first, second) = (one.now(), other.now());
        assert!(until(first, second) < Duration::from_secs(600), "{first} {second}");
        assert!(one.now() >= epoch);
        assert_eq!(one.real(Duration::from_secs(5)), Duration::from_millis(5));
        let earlier = ScaledClock::new(1000, epoch.checked_sub(Duration::from_secs(10)).unwrap());
        assert!(
            until(epoch, earlier.now()) >= Duration::from_secs(9_990),
            "ten seconds, a thousandfold"
        );
    }

    #[tokio::test]
    async fn waits_are_shorter_by_the_factor() {
        let clock = ScaledClock::new(10_000, Timestamp::now());
        let (real, shown) = (Instant::now(), clock.elapsed());
        clock.sleep(Duration::from_secs(20)).await;
        assert!(clock.elapsed().saturating_sub(shown) >= Duration::from_secs(20));
        assert!(real.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn what_is_no_scale_is_refused() {
        for text in [
            "",
            "5",
            "0@2026-01-15T09:00:00Z",
            "1.5@2026-01-15T09:00:00Z",
            "10@yesterday",
            "100001@2026-01-15T09:00:00Z",
        ] {
            let error = text.parse::<ScaledClock>().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{text}");
        }
    }
}
