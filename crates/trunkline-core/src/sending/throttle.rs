//! Pauses that the service asked for, shared by every request they concern.
//!
//! Limits are counted per application, tenant and group of operations. One answer 429 therefore pauses all requests of
//! that tenant and group in this process, instead of letting each of them find out by itself.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use crate::clock::{Timestamp, later};
use crate::sending::pace::{Pacer, Tally};

/// The clients that share a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ThrottleScope {
    /// All clients of this process with the same root and tenant. A client without a tenant shares with none.
    #[default]
    Process,
    /// This client and its clones.
    Client,
}

/// The pauses of one tenant.
#[derive(Debug, Default)]
pub(crate) struct Pauses {
    /// Number of pauses: while it is 0, a request costs one load of this number.
    count: AtomicUsize,
    until: Mutex<HashMap<&'static str, Timestamp>>,
}

impl Pauses {
    /// The pauses that every client with this `key` shares.
    pub(crate) fn shared(key: String) -> Arc<Self> {
        static REGISTRY: OnceLock<Mutex<HashMap<String, Arc<Pauses>>>> = OnceLock::new();
        let mut registry = REGISTRY
            .get_or_init(Mutex::default)
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        // Pauses of tenants without clients are removed.
        if registry.len() > 1024 {
            registry.retain(|_, pauses| Arc::strong_count(pauses) > 1);
        }
        registry.entry(key).or_default().clone()
    }

    /// Keeps requests of `group` from being sent before `now + wait`.
    pub(crate) fn pause(&self, group: Option<&'static str>, now: Timestamp, wait: Duration) {
        let mut until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        let end = later(now, wait);
        let kept = until.entry(group.unwrap_or_default()).or_insert(end);
        *kept = end.max(*kept);
        self.count.store(until.len(), Ordering::Release);
    }

    /// Every group that is paused, and the end of its pause.
    fn all(&self, now: Timestamp) -> Vec<(Option<&'static str>, Timestamp)> {
        let until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        let open = until.iter().filter(|(_, end)| **end > now);
        open.map(|(group, end)| (Some(*group).filter(|group| !group.is_empty()), *end))
            .collect()
    }

    /// The end of the pause of `group`, if it is paused.
    pub(crate) fn pause_of(&self, group: Option<&'static str>, now: impl FnOnce() -> Timestamp) -> Option<Timestamp> {
        if self.count.load(Ordering::Acquire) == 0 {
            return None;
        }
        let now = now();
        let mut until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        until.retain(|_, end| *end > now);
        self.count.store(until.len(), Ordering::Release);
        until.get(group.unwrap_or_default()).copied()
    }
}

/// The current speed of a client, and its pauses.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ThrottleState {
    /// The groups of operations that were sent at a pace or are paused, sorted by name.
    pub groups: Vec<GroupThrottle>,
}

/// The current speed and pause of one group of operations.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct GroupThrottle {
    /// The group; `None` for operations without a group.
    pub group: Option<&'static str>,
    /// The current rate per second, in the unit of its tightest limit; `None` without a limit.
    pub per_second: Option<f64>,
    /// The rate per second while the service does not throttle.
    pub limit_per_second: Option<f64>,
    /// The end of the wait that the service asked for.
    pub paused_until: Option<Timestamp>,
    /// Requests that wait for their turn.
    pub waiting: u64,
    /// Requests that were sent at a pace; each request of a batch counts.
    pub sent: u64,
    /// Number of these requests that were answered 429.
    pub throttled: u64,
}

impl ThrottleState {
    pub(crate) fn new(pauses: &Pauses, pacer: Option<&Pacer>, now: Timestamp) -> Self {
        let pauses = pauses.all(now);
        let mut tallies = pacer.map(Pacer::tallies).unwrap_or_default();
        for (group, _) in &pauses {
            if !tallies.iter().any(|(known, _)| known == group) {
                tallies.push((*group, Tally::default()));
            }
        }
        tallies.sort_by_key(|(group, _)| *group);
        let groups = tallies.into_iter().map(|(group, tally)| {
            let rate = pacer.and_then(|pacer| pacer.rate(group));
            GroupThrottle {
                group,
                per_second: rate.map(|(now, _)| now),
                limit_per_second: rate.map(|(_, limit)| limit),
                paused_until: pauses.iter().find(|(paused, _)| *paused == group).map(|(_, end)| *end),
                waiting: tally.waiting,
                sent: tally.sent,
                throttled: tally.throttled,
            }
        });
        Self {
            groups: groups.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_concerns_its_tenant_and_group_until_it_ends() {
        let start = Timestamp::UNIX_EPOCH;
        let after = |seconds| later(start, Duration::from_secs(seconds));
        let (contoso, same) = (
            Pauses::shared("contoso".to_owned()),
            Pauses::shared("contoso".to_owned()),
        );
        contoso.pause(Some("teams"), start, Duration::from_secs(10));
        contoso.pause(Some("teams"), start, Duration::from_secs(5));
        assert_eq!(
            same.pause_of(Some("teams"), || start),
            Some(after(10)),
            "the longer one counts"
        );
        assert_eq!(same.pause_of(None, || start), None);
        assert_eq!(
            Pauses::shared("fabrikam".to_owned()).pause_of(Some("teams"), || start),
            None
        );
        assert_eq!(same.pause_of(Some("teams"), || after(10)), None);
    }
}
