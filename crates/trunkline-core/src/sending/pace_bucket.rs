//! One limit of a pace: schedules requests at a rate that adapts to the service.

use std::borrow::Cow;

use crate::sending::limits::{Charge, LimitUnit};

/// The part of the rate that is left after a 429.
const DECREASE: f64 = 0.7;
/// Answers to what was sent together are one sign, not several: the rate goes down once in so many seconds.
const ONE_SIGN: f64 = 1.0;
/// Part of the limit that the rate gains per second, until it is near the rate that was throttled.
const FAST: f64 = 0.05;
/// Part of the limit that the rate gains per second from there on.
const SLOW: f64 = 0.001;
/// Part of the throttled rate that counts as near it.
const NEAR: f64 = 0.95;
/// Part of the limit that is always allowed.
const LEAST: f64 = 0.02;
/// Minimum time between two raises of the rate, in seconds.
const STEP: f64 = 0.1;

/// So many of a unit a second.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Limit {
    /// The group of operations; `None` for a limit of all operations.
    pub(crate) group: Option<Cow<'static, str>>,
    pub(crate) unit: LimitUnit,
    pub(crate) per_second: f64,
    /// Maximum number of requests at once after a rest.
    pub(crate) burst: u64,
    pub(crate) prices: &'static [(&'static str, i64)],
}

impl Limit {
    /// The burst where `count` are allowed in a window: a sixth of it, and a few at most. What goes at once is missing
    /// afterwards, so that no window holds more than `count`.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is clamped")]
    pub(crate) fn burst(count: f64) -> u64 {
        (count / 6.0).clamp(1.0, 20.0) as u64
    }
}

/// Numbers and when they are due. All times are seconds on the pacer's clock.
#[derive(Debug)]
pub(crate) struct Bucket {
    limit: Limit,
    rate: f64,
    /// The number that is handed out next.
    next: u64,
    /// This number is due at `since`, and each one after it `1 / rate` later.
    base: u64,
    since: f64,
    /// Numbers before this one are due at `since` as well.
    early: u64,
    /// The rate at which the service last said 429, while the rate is below the limit.
    failed: Option<f64>,
    lowered: f64,
    raised: f64,
}

#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "numbers are counts of requests, and differences of them are small and positive"
)]
impl Bucket {
    pub(crate) fn new(limit: Limit, now: f64) -> Self {
        Self {
            rate: limit.per_second,
            next: 0,
            base: 0,
            since: now,
            early: limit.burst,
            failed: None,
            lowered: f64::NEG_INFINITY,
            raised: now,
            limit,
        }
    }

    pub(crate) fn is_of(&self, limit: &Limit) -> bool {
        self.limit.group == limit.group && self.limit.unit == limit.unit
    }

    pub(crate) fn concerns(&self, group: Option<&str>) -> bool {
        self.limit.group.is_none() || self.limit.group.as_deref() == group
    }

    pub(crate) fn cost(&self, charge: &Charge) -> u64 {
        if self.concerns(charge.group) {
            charge.cost(self.limit.unit, self.limit.prices)
        } else {
            0
        }
    }

    /// The rate now, and the highest.
    pub(crate) fn rates(&self) -> (f64, f64) {
        (self.rate, self.limit.per_second)
    }

    fn due(&self, number: u64) -> f64 {
        if number < self.early {
            self.since
        } else {
            self.since + number.saturating_sub(self.base) as f64 / self.rate
        }
    }

    /// Hands out `cost` numbers; the last one counts.
    pub(crate) fn take(&mut self, cost: u64, now: f64) -> u64 {
        let due = self.due(self.next);
        if due < now {
            // There was a rest: what was not used may go at once, as far as the burst allows.
            let saved = ((now - due) * self.rate) as u64;
            self.base = self.next;
            self.since = now;
            self.early = self.next + 1 + saved.min(self.limit.burst - 1);
        }
        self.next += cost;
        self.next - 1
    }

    /// The time until `number` is due; `None` if it is.
    pub(crate) fn wait(&self, number: u64, now: f64) -> Option<f64> {
        let wait = self.due(number) - now;
        (wait > 1e-9).then_some(wait)
    }

    pub(crate) fn give_back(&mut self, cost: u64) {
        self.next = self.next.saturating_sub(cost).max(self.base);
    }

    /// Counts from the first number that is not due yet.
    fn rebase(&mut self, now: f64) {
        if self.since > now {
            return;
        }
        let past = ((now - self.since) * self.rate) as u64 + 1;
        let base = (self.base + past).max(self.early).min(self.next.max(self.base));
        self.since = self.due(base).max(now);
        self.base = base;
        self.early = base;
    }

    /// No number that is not due yet falls due before `end`.
    pub(crate) fn hold(&mut self, now: f64, end: f64) {
        self.rebase(now);
        self.early = self.base;
        self.since = self.since.max(end);
    }

    pub(crate) fn slow_down(&mut self, now: f64) {
        if now - self.lowered < ONE_SIGN {
            return;
        }
        self.rebase(now);
        self.failed = Some(self.rate);
        self.rate = (self.rate * DECREASE).max(self.limit.per_second * LEAST);
        self.lowered = now;
        self.raised = now;
    }

    pub(crate) fn speed_up(&mut self, now: f64) {
        let Some(failed) = self.failed else { return };
        let elapsed = now - self.raised;
        if elapsed < STEP {
            return;
        }
        self.rebase(now);
        let share = if self.rate < failed * NEAR { FAST } else { SLOW };
        // After a long silence nothing is known: it counts as a second.
        self.rate += self.limit.per_second * share * elapsed.min(1.0);
        self.raised = now;
        if self.rate >= self.limit.per_second {
            self.rate = self.limit.per_second;
            self.failed = None;
        }
    }

    /// Lowers the limit: another client of the same tenant was built with a lower one.
    pub(crate) fn tighten(&mut self, limit: &Limit, now: f64) {
        if limit.per_second < self.limit.per_second {
            self.rebase(now);
            self.limit = limit.clone();
            self.rate = self.rate.min(limit.per_second);
        }
    }
}
