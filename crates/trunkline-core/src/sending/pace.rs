//! Sending at a bounded rate: the setting of a client, and the buckets that enforce it.
//!
//! The service asks for a pause (`throttle`) after too many requests. A pace keeps a client from sending too many.
//! Requests take numbers, and each number is due at a moment that follows from the rate; so they go in the order in
//! which they came, whoever gives up in between hands its number back, and a change of the rate concerns all that wait.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::Duration;

use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Result};
use crate::sending::limits::{Charge, LimitScope, LimitTable, LimitUnit};
use crate::sending::pace_bucket::{Bucket, Limit};

/// The maximum speed of a client.
///
/// ```
/// use trunkline_core::pace::Pace;
///
/// // What the service publishes, but writes of telephone numbers slower than that.
/// let pace = Pace::documented().with_group("teams-write", 10.0);
/// assert_ne!(pace, Pace::none());
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pace {
    documented: bool,
    all: Option<f64>,
    groups: Vec<(String, f64)>,
}

impl Pace {
    /// As fast as requests come. The service's 429 and `Retry-After` are heeded all the same.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// The published limits of one application in one tenant. Where they depend on the size of the tenant, those of the
    /// smallest. Groups without a published limit are not held back.
    #[must_use]
    pub fn documented() -> Self {
        Self {
            documented: true,
            ..Self::default()
        }
    }

    /// So many requests a second, whatever they are.
    #[must_use]
    pub fn per_second(requests: f64) -> Self {
        Self {
            all: Some(requests),
            ..Self::default()
        }
    }

    /// So many requests of this throttling group a second, instead of what is published for it.
    #[must_use]
    pub fn with_group(mut self, group: impl Into<String>, requests: f64) -> Self {
        let group = group.into();
        self.groups.retain(|(known, _)| *known != group);
        self.groups.push((group, requests));
        self
    }

    /// Whether it holds anything back.
    #[must_use]
    pub fn is_none(&self) -> bool {
        !self.documented && self.all.is_none() && self.groups.is_empty()
    }

    /// The limits, of which a request may have to keep several.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] when a rate is no positive number.
    pub(crate) fn limits(&self, table: LimitTable) -> Result<Vec<Limit>> {
        let own = self.groups.iter().map(|(group, rate)| (Some(group), *rate));
        let mut limits = Vec::new();
        for (group, rate) in self.all.iter().map(|rate| (None, *rate)).chain(own) {
            if !rate.is_finite() || rate <= 0.0 {
                let message = format!("a pace of {rate} requests a second cannot be kept");
                return Err(Error::new(ErrorKind::InvalidInput, message)
                    .with_next_step("Give a positive number of requests a second"));
            }
            limits.push(Limit {
                group: group.map(|group| Cow::Owned(group.clone())),
                unit: LimitUnit::Request,
                per_second: rate,
                burst: Limit::burst(rate),
                prices: &[],
            });
        }
        if self.documented {
            self.add_documented(table, &mut limits);
        }
        Ok(limits)
    }

    #[allow(clippy::cast_precision_loss, reason = "limits are far below 2^52")]
    fn add_documented(&self, table: LimitTable, limits: &mut Vec<Limit>) {
        for group in table.0 {
            if self.groups.iter().any(|(known, _)| known == group.name) {
                continue;
            }
            for window in group
                .windows
                .iter()
                .filter(|window| window.scope == LimitScope::AppTenant)
            {
                let per_second = window.count as f64 / window.seconds as f64;
                let limit = Limit {
                    group: Some(Cow::Borrowed(group.name)),
                    unit: window.unit,
                    per_second,
                    burst: Limit::burst(window.count as f64),
                    prices: group.cost,
                };
                tighten(limits, limit);
            }
        }
    }
}

/// Adds a limit, or makes the one there is as low.
fn tighten(limits: &mut Vec<Limit>, limit: Limit) {
    match limits
        .iter_mut()
        .find(|known| known.group == limit.group && known.unit == limit.unit)
    {
        Some(known) if known.per_second > limit.per_second => *known = limit,
        Some(_) => {}
        None => limits.push(limit),
    }
}

/// The counts of one throttling group.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally {
    pub(crate) sent: u64,
    pub(crate) throttled: u64,
    pub(crate) waiting: u64,
}

/// Holds every client of one tenant to its pace.
pub(crate) struct Pacer {
    /// One for all clients: what [`Clock::elapsed`] says differs from one system clock to the next.
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    buckets: Vec<Bucket>,
    tallies: Vec<(Option<&'static str>, Tally)>,
}

impl State {
    fn tally(&mut self, group: Option<&'static str>) -> &mut Tally {
        let found = self.tallies.iter().position(|(known, _)| *known == group);
        let index = found.unwrap_or_else(|| {
            self.tallies.push((group, Tally::default()));
            self.tallies.len() - 1
        });
        &mut self.tallies[index].1
    }
}

impl Pacer {
    pub(crate) fn new(limits: Vec<Limit>, clock: Arc<dyn Clock>) -> Self {
        let pacer = Self {
            clock,
            state: Mutex::default(),
        };
        pacer.tighten(limits);
        pacer
    }

    /// The one that every client with this `key` shares while there are any. The lowest limit of theirs holds for all.
    pub(crate) fn shared(key: String, limits: Vec<Limit>, clock: Arc<dyn Clock>) -> Arc<Self> {
        static REGISTRY: OnceLock<Mutex<HashMap<String, Weak<Pacer>>>> = OnceLock::new();
        let mut registry = REGISTRY
            .get_or_init(Mutex::default)
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(pacer) = registry.get(&key).and_then(Weak::upgrade) {
            pacer.tighten(limits);
            return pacer;
        }
        // Tenants whose clients are gone need not be remembered.
        registry.retain(|_, pacer| pacer.strong_count() > 0);
        let pacer = Arc::new(Self::new(limits, clock));
        registry.insert(key, Arc::downgrade(&pacer));
        pacer
    }

    fn tighten(&self, limits: Vec<Limit>) {
        let now = self.now();
        let mut state = self.lock();
        for limit in limits {
            match state.buckets.iter_mut().find(|bucket| bucket.is_of(&limit)) {
                Some(bucket) => bucket.tighten(&limit, now),
                None => state.buckets.push(Bucket::new(limit, now)),
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> f64 {
        self.clock.elapsed().as_secs_f64()
    }

    /// Takes the next number for one request with these charges; `None`: it is due already.
    pub(crate) fn enter(&self, charges: &[Charge]) -> Option<Turn<'_>> {
        let now = self.now();
        let mut state = self.lock();
        let mut numbers = Vec::new();
        let mut is_due = true;
        for (index, bucket) in state.buckets.iter_mut().enumerate() {
            let cost = charges.iter().map(|charge| bucket.cost(charge)).sum();
            if cost > 0 {
                let number = bucket.take(cost, now);
                is_due &= bucket.wait(number, now).is_none();
                numbers.push(Number { index, number, cost });
            }
        }
        for charge in charges {
            let tally = state.tally(charge.group);
            if is_due {
                tally.sent += 1;
            } else {
                tally.waiting += 1;
            }
        }
        drop(state);
        (!is_due).then(|| Turn {
            pacer: self,
            numbers,
            groups: charges.iter().map(|charge| charge.group).collect(),
            is_taken: false,
        })
    }

    /// Nobody of `group` whose number is not due yet goes before `wait` is over.
    pub(crate) fn hold(&self, group: Option<&'static str>, wait: Duration) {
        let now = self.now();
        let mut state = self.lock();
        for bucket in state.buckets.iter_mut().filter(|bucket| bucket.concerns(group)) {
            bucket.hold(now, now + wait.as_secs_f64());
        }
    }

    /// The service answered 429 to one of `group`, and may have asked to wait.
    pub(crate) fn slow_down(&self, group: Option<&'static str>, wait: Duration) {
        let now = self.now();
        let mut state = self.lock();
        state.tally(group).throttled += 1;
        for bucket in state.buckets.iter_mut().filter(|bucket| bucket.concerns(group)) {
            bucket.slow_down(now);
            bucket.hold(now, now + wait.as_secs_f64());
        }
    }

    /// The service took one of `group`.
    pub(crate) fn speed_up(&self, group: Option<&'static str>) {
        let now = self.now();
        let mut state = self.lock();
        for bucket in state.buckets.iter_mut().filter(|bucket| bucket.concerns(group)) {
            bucket.speed_up(now);
        }
    }

    /// The requests so far, by group.
    pub(crate) fn tallies(&self) -> Vec<(Option<&'static str>, Tally)> {
        self.lock().tallies.clone()
    }

    /// The rate of `group` per second, now and at most.
    pub(crate) fn rate(&self, group: Option<&'static str>) -> Option<(f64, f64)> {
        let state = self.lock();
        let concerned = state.buckets.iter().filter(|bucket| bucket.concerns(group));
        concerned
            .map(Bucket::rates)
            .min_by(|one, other| one.0.total_cmp(&other.0))
    }
}

impl fmt::Debug for Pacer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(&self.lock().buckets).finish()
    }
}

#[derive(Debug, Clone, Copy)]
struct Number {
    index: usize,
    number: u64,
    cost: u64,
}

/// Numbers that are not due yet. Dropped before it was taken, they go back.
#[must_use = "dropping it gives the turn up"]
pub(crate) struct Turn<'p> {
    pacer: &'p Pacer,
    numbers: Vec<Number>,
    groups: Vec<Option<&'static str>>,
    is_taken: bool,
}

impl Turn<'_> {
    /// The time until the request's turn; `None` if it has come.
    pub(crate) fn wait(&self) -> Option<Duration> {
        let now = self.pacer.now();
        let state = self.pacer.lock();
        let waits = self.numbers.iter().filter_map(|number| {
            let bucket = &state.buckets[number.index];
            bucket.wait(number.number, now)
        });
        // A wait that rounds to nothing would be asked for again and again.
        waits
            .max_by(f64::total_cmp)
            .map(|wait| Duration::try_from_secs_f64(wait.max(1e-6)).unwrap_or(Duration::MAX))
    }

    /// Waits on the pacer's clock.
    pub(crate) async fn sleep(&self, wait: Duration) {
        self.pacer.clock.sleep(wait).await;
    }

    /// Records that the request is sent now.
    pub(crate) fn take(mut self) {
        self.is_taken = true;
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = self.pacer.lock();
        for group in &self.groups {
            let tally = state.tally(*group);
            tally.waiting -= 1;
            tally.sent += u64::from(self.is_taken);
        }
        if !self.is_taken {
            for number in &self.numbers {
                state.buckets[number.index].give_back(number.cost);
            }
        }
    }
}
