//! Computes the wait before the next attempt or the next reading.

use std::time::Duration;

use crate::clock::{Timestamp, until};
use crate::error::{Error, RetryAdvice};

/// Waits that double from a first one to a longest one.
#[derive(Debug, Clone)]
pub struct Backoff {
    next: Duration,
    longest: Duration,
}

impl Backoff {
    /// Waits from `first` to `longest`.
    #[must_use]
    pub const fn new(first: Duration, longest: Duration) -> Self {
        Self { next: first, longest }
    }

    /// The next wait.
    pub fn next_wait(&mut self) -> Duration {
        let wait = self.next.min(self.longest);
        self.next = wait.saturating_mul(2);
        wait
    }

    /// The wait after `error`: as long as the service asked for, else the next one.
    pub fn wait_after(&mut self, error: &Error, now: Timestamp) -> Duration {
        let next = self.next_wait();
        requested_wait(error, now).unwrap_or(next)
    }
}

/// How long from `now` the service wants no further request, if it said so in `error`.
#[must_use]
pub fn requested_wait(error: &Error, now: Timestamp) -> Option<Duration> {
    match error.retry_advice() {
        RetryAdvice::After(wait) => Some(wait),
        RetryAdvice::Until(end) => Some(until(now, end)),
        _ => None,
    }
}

/// `wait` and a little more, so that clients that were asked to wait do not come back at the same moment.
pub(crate) fn spread(wait: Duration) -> Duration {
    wait.saturating_add(random_part((wait / 10).min(Duration::from_millis(200))))
}

/// A random part of `duration`, from nothing to all of it.
pub(crate) fn random_part(duration: Duration) -> Duration {
    Duration::from_nanos(fastrand::u64(..=u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn waits_double_up_to_the_longest() {
        let mut backoff = Backoff::new(SECOND, 5 * SECOND);
        let waits: Vec<u64> = (0..5).map(|_| backoff.next_wait().as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 5, 5]);
        assert_eq!(Backoff::new(9 * SECOND, 5 * SECOND).next_wait(), 5 * SECOND);
    }

    #[test]
    fn the_wait_that_the_service_asked_for_goes_first() {
        let mut backoff = Backoff::new(SECOND, 5 * SECOND);
        let now = Timestamp::UNIX_EPOCH;
        let error = |advice| Error::new(ErrorKind::Throttled, "wait").with_retry_advice(advice);
        let until = RetryAdvice::Until(Timestamp::from_second(7).unwrap());
        for (advice, wait) in [
            (RetryAdvice::After(9 * SECOND), 9),
            (RetryAdvice::Later, 2),
            (until, 7),
            (RetryAdvice::Later, 5),
        ] {
            assert_eq!(backoff.wait_after(&error(advice), now).as_secs(), wait);
        }
    }

    #[test]
    fn a_spread_wait_is_never_shorter() {
        for _ in 0..1000 {
            let wait = spread(10 * SECOND);
            assert!(wait >= 10 * SECOND && wait <= Duration::from_millis(10_200));
        }
        assert_eq!(spread(Duration::MAX), Duration::MAX);
    }
}
