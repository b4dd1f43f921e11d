//! The time the emulator lives in, which a test can move.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// The source of the emulator's time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClockMode {
    /// The machine's clock, plus whatever was added by [`Clock::advance`].
    #[default]
    System,
    /// Starts at [`Clock::MANUAL_START`] and moves only by [`Clock::advance`].
    Manual,
    /// The machine's clock, `factor` times as fast since `epoch`, plus whatever was added by [`Clock::advance`]. Another
    /// process with the same settings agrees on the time. The waits of faults are shorter by the factor.
    Scaled {
        /// Number of emulated seconds per real second; at least 1.
        factor: u32,
        /// The time at which it agrees with real time.
        epoch: Timestamp,
    },
}

/// A handle on the emulator's clock. Clones share one clock, so a test can drive a client's clock and the server's
/// from one place.
#[derive(Clone, Debug)]
pub struct Clock {
    mode: ClockMode,
    offset_nanoseconds: Arc<AtomicI64>,
}

impl Clock {
    /// The instant a manual clock starts at, as seconds of the Unix epoch: 2026-01-15T09:00:00Z.
    pub const MANUAL_START: i64 = 1_768_467_600;

    /// Creates a clock in a mode.
    #[must_use]
    pub fn new(mode: ClockMode) -> Self {
        Self {
            mode,
            offset_nanoseconds: Arc::new(AtomicI64::new(0)),
        }
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let base = match self.mode {
            ClockMode::System => Timestamp::now(),
            ClockMode::Manual => Timestamp::from_second(Self::MANUAL_START).unwrap_or(Timestamp::UNIX_EPOCH),
            ClockMode::Scaled { factor, epoch } => {
                let since = Timestamp::now().duration_since(epoch).max(SignedDuration::ZERO);
                let scaled = i32::try_from(factor.max(1))
                    .ok()
                    .and_then(|factor| since.checked_mul(factor));
                epoch
                    .saturating_add(scaled.unwrap_or(SignedDuration::MAX))
                    .unwrap_or(Timestamp::MAX)
            }
        };
        let offset = SignedDuration::from_nanos(self.offset_nanoseconds.load(Ordering::SeqCst));
        base.saturating_add(offset).unwrap_or(base)
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        let nanoseconds = i64::try_from(by.as_nanos()).unwrap_or(i64::MAX);
        self.offset_nanoseconds.fetch_add(nanoseconds, Ordering::SeqCst);
    }

    /// Converts a wait of `duration` to real time.
    pub(crate) fn real(&self, duration: Duration) -> Duration {
        match self.mode {
            ClockMode::Scaled { factor, .. } => duration / factor.max(1),
            ClockMode::System | ClockMode::Manual => duration,
        }
    }

    /// The mode of the clock.
    #[must_use]
    pub fn mode(&self) -> ClockMode {
        self.mode
    }
}

/// The text form Graph uses for most of its date-times.
pub(crate) fn graph_text(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The form of `innerError.date`, which has no zone.
pub(crate) fn zoneless_text(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// The form of the `Date` header and of a `Retry-After` that names a moment.
pub(crate) fn header_text(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
