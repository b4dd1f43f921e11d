//! The retry policy: when to send again, and the wait before.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use crate::sending::backoff::{random_part, spread};

/// Limits how often and for how long a request is sent again. The operation decides whether it may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryPolicy {
    pub(crate) attempts: u32,
    pub(crate) first_wait: Duration,
    pub(crate) longest_wait: Duration,
    pub(crate) budget: Duration,
    pub(crate) throttle_budget: Option<Duration>,
}

impl RetryPolicy {
    /// No second attempt, whatever happens.
    #[must_use]
    pub fn never() -> Self {
        Self {
            attempts: 1,
            ..Self::default()
        }
    }

    /// For jobs of many requests that nobody waits for in front of a screen: an answer 429 is waited out for up to a day,
    /// a passing failure gets eight attempts with waits of up to a minute, ten minutes in all.
    #[must_use]
    pub fn for_jobs() -> Self {
        Self::default()
            .with_attempts(8)
            .with_longest_wait(Duration::from_secs(60))
            .with_budget(Duration::from_secs(600))
            .with_throttle_budget(Duration::from_secs(24 * 60 * 60))
    }

    /// At most this many attempts, the first included; at least one.
    #[must_use]
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// The upper bound of the first wait, when the service does not say how long; doubled with each attempt.
    #[must_use]
    pub fn with_first_wait(mut self, wait: Duration) -> Self {
        self.first_wait = wait;
        self
    }

    /// The upper bound of any wait, when the service does not say how long.
    #[must_use]
    pub fn with_longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// How long the waits of one request may take together, when the caller gave no deadline. A service that asks for
    /// more gets its way by an error that says until when.
    #[must_use]
    pub fn with_budget(mut self, budget: Duration) -> Self {
        self.budget = budget;
        self
    }

    /// Lets answers 429, and the pauses they cause, count by themselves: they are waited out for so long in all for one
    /// request, however many there are, and cost neither an attempt nor any of the other budget. A deadline that the
    /// caller gave still ends it. Without this they count like any other failure.
    #[must_use]
    pub fn with_throttle_budget(mut self, budget: Duration) -> Self {
        self.throttle_budget = Some(budget);
        self
    }

    /// The wait before attempt `attempts + 1` when the service does not say: random up to a bound that doubles.
    pub(crate) fn backoff(&self, attempts: u32) -> Duration {
        let factor = 1_u32.checked_shl(attempts.saturating_sub(1)).unwrap_or(u32::MAX);
        let bound = self.first_wait.saturating_mul(factor).min(self.longest_wait);
        // Chance alone could draw next to nothing several times in a row.
        random_part(bound).max(bound / 16)
    }

    /// The wait when the service says how long: never less.
    pub(crate) fn at_least(&self, requested: Duration, attempts: u32) -> Duration {
        if requested.is_zero() {
            self.backoff(attempts)
        } else {
            spread(requested)
        }
    }
}

impl Default for RetryPolicy {
    /// Four attempts, waits of up to half a second growing to 20 seconds, a minute of waiting in all.
    fn default() -> Self {
        Self {
            attempts: 4,
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(20),
            budget: Duration::from_secs(60),
            throttle_budget: None,
        }
    }
}

/// Keeps a client from multiplying its load when the service is down: each repetition costs, each success pays back,
/// and so does time.
#[derive(Debug)]
pub(crate) struct RetryBudget {
    tokens: AtomicI64,
    refilled: AtomicU64,
}

impl RetryBudget {
    const CAPACITY: i64 = 500;
    const COST: i64 = 5;

    pub(crate) const fn new() -> Self {
        Self {
            tokens: AtomicI64::new(Self::CAPACITY),
            refilled: AtomicU64::new(0),
        }
    }

    /// Takes the cost of a repetition; `false`: there is no more, do not repeat. `elapsed` is the clock's.
    pub(crate) fn take(&self, elapsed: Duration) -> bool {
        let second = elapsed.as_secs();
        let last = self.refilled.swap(second, Ordering::Relaxed);
        self.give(
            i64::try_from(second.saturating_sub(last))
                .unwrap_or(i64::MAX)
                .min(Self::CAPACITY),
        );
        self.tokens
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| {
                (tokens >= Self::COST).then(|| tokens - Self::COST)
            })
            .is_ok()
    }

    /// Pays back after a success.
    pub(crate) fn succeed(&self) {
        if self.tokens.load(Ordering::Relaxed) < Self::CAPACITY {
            self.give(1);
        }
    }

    fn give(&self, tokens: i64) {
        // A race may lose a token, which is no harm.
        let current = self.tokens.load(Ordering::Relaxed);
        self.tokens
            .store((current + tokens).min(Self::CAPACITY), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_stay_bounded() {
        let policy = RetryPolicy::default();
        for attempts in 0..80 {
            let bound = Duration::from_millis(500)
                .saturating_mul(1 << attempts.clamp(1, 20) >> 1)
                .min(policy.longest_wait);
            let wait = policy.backoff(attempts);
            assert!(wait <= bound && !wait.is_zero(), "{attempts}: {wait:?}");
        }
    }

    #[test]
    fn a_request_to_wait_no_time_leads_to_no_busy_loop() {
        assert!(!RetryPolicy::default().at_least(Duration::ZERO, 1).is_zero());
    }

    #[test]
    fn a_total_outage_is_not_amplified() {
        let budget = RetryBudget::new();
        let repetitions = (0..10_000).filter(|_| budget.take(Duration::ZERO)).count();
        assert_eq!(repetitions, 100);
        assert!(!budget.take(Duration::ZERO));
        assert!(budget.take(Duration::from_secs(10)), "time pays back");
    }
}
