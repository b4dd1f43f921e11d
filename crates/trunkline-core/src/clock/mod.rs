//! Time, as a dependency: the pipeline asks a [`Clock`] and never the system, so that tests wait without waiting.

mod scaled;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

pub use scaled::ScaledClock;

/// A point in time. An alias, so that the library behind it can be replaced.
pub type Timestamp = jiff::Timestamp;

/// A future on the heap that can move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Tells the time and waits.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The current date and time.
    fn now(&self) -> Timestamp;

    /// Time since a fixed moment; never goes back.
    fn elapsed(&self) -> Duration;

    /// Waits at least `duration`.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;

    /// How long `duration` of this clock is in real time, for what cannot wait on a clock: the timeout of a
    /// socket. The same, unless time is scaled.
    fn real(&self, duration: Duration) -> Duration {
        duration
    }
}

/// The system's clock; waits on the tokio runtime that polls the future.
#[derive(Debug, Clone)]
pub struct SystemClock {
    start: Instant,
}

impl SystemClock {
    /// A clock whose [`elapsed`](Clock::elapsed) counts from now.
    #[must_use]
    pub fn new() -> Self {
        Self { start: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        // The timer is made inside the future: made outside, it would panic where no runtime runs yet.
        Box::pin(async move { tokio::time::sleep(duration).await })
    }
}

type Hook = Arc<dyn Fn(Duration) + Send + Sync>;

/// A clock that tests move. Sleeping moves it at once and records the wait.
#[derive(Clone)]
pub struct TestClock {
    state: Arc<Mutex<TestState>>,
}

struct TestState {
    start: Timestamp,
    elapsed: Duration,
    waits: Vec<Duration>,
    hook: Option<Hook>,
}

impl TestClock {
    /// A clock that shows `start` and moves only by [`advance`](Self::advance) and by sleeping.
    #[must_use]
    pub fn new(start: Timestamp) -> Self {
        let state = TestState {
            start,
            elapsed: Duration::ZERO,
            waits: Vec::new(),
            hook: None,
        };
        Self {
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// Calls `hook` with every advance, after the clock moved: drives the clock of an emulator, for instance.
    pub fn on_advance(&self, hook: impl Fn(Duration) + Send + Sync + 'static) {
        self.lock().hook = Some(Arc::new(hook));
    }

    /// Moves the clock by `duration` without recording a wait.
    pub fn advance(&self, duration: Duration) {
        let hook = {
            let mut state = self.lock();
            state.elapsed = state.elapsed.saturating_add(duration);
            state.hook.clone()
        };
        if let Some(hook) = hook {
            hook(duration);
        }
    }

    /// Every wait so far, in order.
    #[must_use]
    pub fn waits(&self) -> Vec<Duration> {
        self.lock().waits.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, TestState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for TestClock {
    /// A clock that starts on 2026-01-01.
    fn default() -> Self {
        Self::new(Timestamp::constant(1_767_225_600, 0))
    }
}

impl fmt::Debug for TestClock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("TestClock")
            .field("now", &self.now())
            .finish_non_exhaustive()
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let state = self.lock();
        later(state.start, state.elapsed)
    }

    fn elapsed(&self) -> Duration {
        self.lock().elapsed
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let clock = self.clone();
        Box::pin(async move {
            clock.lock().waits.push(duration);
            clock.advance(duration);
        })
    }
}

/// `start` plus `duration`, or the last representable moment.
pub(crate) fn later(start: Timestamp, duration: Duration) -> Timestamp {
    start.checked_add(duration).unwrap_or(Timestamp::MAX)
}

/// Time from `now` to `then`; zero when `then` is past.
pub(crate) fn until(now: Timestamp, then: Timestamp) -> Duration {
    Duration::try_from(now.duration_until(then)).unwrap_or(Duration::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn sleeping_moves_the_test_clock_and_tells_the_hook() {
        let clock = TestClock::default();
        let seen = Arc::new(Mutex::new(Duration::ZERO));
        let sink = seen.clone();
        clock.on_advance(move |by| *sink.lock().unwrap() += by);
        let before = clock.now();
        clock.sleep(Duration::from_secs(90)).await;
        assert_eq!(until(before, clock.now()), Duration::from_secs(90));
        assert_eq!(clock.waits(), [Duration::from_secs(90)]);
        assert_eq!(*seen.lock().unwrap(), Duration::from_secs(90));
    }

    #[test]
    fn time_saturates() {
        assert_eq!(later(Timestamp::MAX, Duration::from_secs(1)), Timestamp::MAX);
        assert_eq!(until(Timestamp::MAX, Timestamp::MIN), Duration::ZERO);
    }
}
