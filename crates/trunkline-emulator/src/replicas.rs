//! Replicas of the directory that are behind: a change shows on each of them after a time of its own, and a reading asks any.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;

use crate::random::{random, random_position};
use crate::state::World;

/// Number of replicas. Three are enough for a reading to go back to what was there before the last reading.
const REPLICAS: usize = 3;

/// A change, and when it reaches each replica.
#[derive(Clone, Debug)]
struct Change {
    /// The tenant as it was before.
    before: World,
    arrives: [Timestamp; REPLICAS],
}

/// The changes that have not reached every replica yet, oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Replicas {
    changes: VecDeque<Change>,
    draws: u64,
}

impl Replicas {
    /// Replicas whose times the seed decides.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            changes: VecDeque::new(),
            draws: seed,
        }
    }

    /// Notes a change. Changes reach a replica in their order.
    pub(crate) fn note(&mut self, before: World, now: Timestamp, longest: Duration) {
        let last = self.changes.back().map(|change| change.arrives);
        let mut arrives = [now; REPLICAS];
        for (replica, at) in arrives.iter_mut().enumerate() {
            let lag = longest.mul_f64(random(&mut self.draws));
            *at = now.saturating_add(lag).unwrap_or(now);
            if let Some(last) = last {
                *at = (*at).max(last[replica]);
            }
        }
        self.changes.push_back(Change { before, arrives });
    }

    /// A tenant as one of the replicas shows it; nothing if that one is up to date.
    pub(crate) fn ask(&mut self, tenant: &str, now: Timestamp) -> Option<World> {
        while self
            .changes
            .front()
            .is_some_and(|change| change.arrives.iter().all(|at| *at <= now))
        {
            self.changes.pop_front();
        }
        let replica = random_position(&mut self.draws, REPLICAS);
        let mut of_tenant = self.changes.iter().filter(|change| change.before.is_tenant(tenant));
        let missing = of_tenant.find(|change| change.arrives[replica] > now)?;
        Some(missing.before.clone())
    }
}
