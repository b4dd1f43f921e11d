//! A clock for many who wait at once: it moves to the earliest end of a wait when nothing else is left to happen.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use trunkline::{Clock, Timestamp};

/// How often the runtime may look for something to do before it counts as idle. A request to the emulator, which lives
/// in the same runtime, takes a few turns.
const IDLE_TURNS: usize = 60;

/// Client and emulator share it.
#[derive(Clone)]
pub(crate) struct WorldClock {
    world: Arc<Mutex<World>>,
    driven: trunkline_emulator::Clock,
}

struct World {
    start: Timestamp,
    elapsed: Duration,
    /// The wall clock, which may differ from the time that passed.
    shift: i64,
    next: u64,
    waits: BTreeSet<(Duration, u64)>,
}

impl WorldClock {
    pub(crate) fn new(driven: trunkline_emulator::Clock) -> Self {
        let world = World {
            start: driven.now(),
            elapsed: Duration::ZERO,
            shift: 0,
            next: 0,
            waits: BTreeSet::new(),
        };
        Self {
            world: Arc::new(Mutex::new(world)),
            driven,
        }
    }

    fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().expect("nobody panics with it")
    }

    /// Puts the wall clock forward or back, without time passing.
    pub(crate) fn jump(&self, seconds: i64) {
        self.lock().shift += seconds;
    }

    /// How much time has passed.
    pub(crate) fn passed(&self) -> Duration {
        self.lock().elapsed
    }
}

impl std::fmt::Debug for WorldClock {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("WorldClock")
    }
}

/// One who waits. Dropped, it waits no more.
struct Wait {
    clock: WorldClock,
    key: (Duration, u64),
}

impl Drop for Wait {
    fn drop(&mut self) {
        self.clock.lock().waits.remove(&self.key);
    }
}

impl Clock for WorldClock {
    fn now(&self) -> Timestamp {
        let world = self.lock();
        let shown = world.start.checked_add(world.elapsed).expect("is a moment");
        Timestamp::from_nanosecond(shown.as_nanosecond() + i128::from(world.shift) * 1_000_000_000)
            .expect("is a moment")
    }

    fn elapsed(&self) -> Duration {
        self.lock().elapsed
    }

    fn sleep(&self, duration: Duration) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> {
        let clock = self.clone();
        Box::pin(async move {
            let wait = {
                let mut world = clock.lock();
                world.next += 1;
                let key = (world.elapsed + duration, world.next);
                world.waits.insert(key);
                Wait {
                    clock: clock.clone(),
                    key,
                }
            };
            let mut idle = 0;
            let mut seen = Duration::MAX;
            loop {
                let by = {
                    let mut world = clock.lock();
                    if world.elapsed >= wait.key.0 {
                        return;
                    }
                    if world.elapsed != seen {
                        (seen, idle) = (world.elapsed, 0);
                    }
                    let is_first = world.waits.first() == Some(&wait.key);
                    (is_first && idle >= IDLE_TURNS).then(|| {
                        let by = wait.key.0 - world.elapsed;
                        world.elapsed = wait.key.0;
                        by
                    })
                };
                if let Some(by) = by {
                    clock.driven.advance(by);
                    continue;
                }
                idle += 1;
                tokio::task::yield_now().await;
            }
        })
    }
}
