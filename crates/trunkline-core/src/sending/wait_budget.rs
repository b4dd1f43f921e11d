//! The remaining time that a request or a batch may wait.

use std::time::Duration;

use crate::clock::Clock;
use crate::sending::retry::RetryPolicy;

/// One wait before something is sent again.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wait {
    pub(crate) time: Duration,
    /// Whether the service throttled: such waits have a budget of their own, when the policy sets one.
    pub(crate) is_throttled: bool,
}

/// The time limits of a request and the time that it has waited. Moments are on the scale of [`Clock::elapsed`].
#[derive(Debug, Clone)]
pub(crate) struct WaitBudget<'p> {
    pub(crate) policy: &'p RetryPolicy,
    /// The caller's deadline. It replaces the budgets of the policy.
    deadline: Option<Duration>,
    /// The end of everything that the client sends. It holds besides the budgets of the policy.
    end: Option<Duration>,
    waited: Duration,
    waited_throttled: Duration,
}

impl<'p> WaitBudget<'p> {
    pub(crate) fn new(
        policy: &'p RetryPolicy,
        clock: &dyn Clock,
        timeout: Option<Duration>,
        end: Option<Duration>,
    ) -> Self {
        Self {
            policy,
            deadline: timeout.map(|timeout| clock.elapsed().saturating_add(timeout)),
            end,
            waited: Duration::ZERO,
            waited_throttled: Duration::ZERO,
        }
    }

    /// The time until the caller's deadline, if there is one.
    pub(crate) fn until_deadline(&self, clock: &dyn Clock) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.saturating_sub(clock.elapsed()))
    }

    /// The time until the deadline or the client's end; `None`: there is neither.
    pub(crate) fn remaining(&self, clock: &dyn Clock) -> Option<Duration> {
        let first = match (self.deadline, self.end) {
            (Some(deadline), Some(end)) => deadline.min(end),
            (deadline, end) => deadline.or(end)?,
        };
        Some(first.saturating_sub(clock.elapsed()))
    }

    /// The same in real time, for timers that do not run on the clock.
    pub(crate) fn remaining_real(&self, clock: &dyn Clock) -> Option<Duration> {
        self.remaining(clock).map(|remaining| clock.real(remaining))
    }

    /// Whether there is time for `wait`.
    pub(crate) fn allows(&self, wait: Wait, clock: &dyn Clock) -> bool {
        let budget = match self.throttle_budget(wait) {
            Some(budget) => budget.saturating_sub(self.waited_throttled),
            None => self.policy.budget.saturating_sub(self.waited),
        };
        let limit = match (self.remaining(clock), self.deadline) {
            (Some(remaining), Some(_)) => remaining,
            (Some(remaining), None) => remaining.min(budget),
            (None, _) => budget,
        };
        wait.time <= limit
    }

    /// Counts a wait.
    pub(crate) fn spend(&mut self, wait: Wait) {
        let waited = match self.throttle_budget(wait) {
            Some(_) => &mut self.waited_throttled,
            None => &mut self.waited,
        };
        *waited = waited.saturating_add(wait.time);
    }

    fn throttle_budget(&self, wait: Wait) -> Option<Duration> {
        self.policy.throttle_budget.filter(|_| wait.is_throttled)
    }
}
