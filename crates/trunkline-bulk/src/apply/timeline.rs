//! How far a run is, and how fast: for whoever watches, and for the journal.

use std::collections::VecDeque;
use std::time::Duration;

use trunkline::{Client, Timestamp};

use crate::event::Progress;
use crate::journal::Tick;
use crate::outcome::Summary;

/// Over how much of the past the rate is taken.
const WINDOW: Duration = Duration::from_secs(15);

/// How far the wall clock may go its own way.
const LARGEST_JUMP: Duration = Duration::from_secs(300);

/// The measured speed of the run.
#[derive(Debug)]
pub(super) struct Timeline {
    seen: VecDeque<(Duration, u64)>,
    last_tick: Option<Duration>,
    /// The wall clock, and the one that never jumps, at the same moment.
    clocks: (Timestamp, Duration),
}

/// The present limit of the client.
#[derive(Debug, Clone, Copy, Default)]
struct Traffic {
    sent: u64,
    throttled: u64,
    allowed_rate: Option<f64>,
    paused_for: Option<f64>,
}

impl Timeline {
    pub(super) fn new(now: Timestamp, elapsed: Duration) -> Self {
        Self {
            seen: VecDeque::new(),
            last_tick: None,
            clocks: (now, elapsed),
        }
    }

    /// The run's progress at this moment.
    pub(super) fn progress(&mut self, client: &Client, summary: Summary, rows: u64, in_flight: usize) -> Progress {
        let elapsed = client.core().clock().elapsed();
        self.seen.push_back((elapsed, summary.rows));
        while self.seen.len() > 2
            && self
                .seen
                .front()
                .is_some_and(|first| elapsed.saturating_sub(first.0) > WINDOW)
        {
            self.seen.pop_front();
        }
        let (from, ended) = self.seen.front().copied().unwrap_or((elapsed, summary.rows));
        let seconds = elapsed.saturating_sub(from).as_secs_f64();
        let rate = if seconds > 0.0 {
            fraction(summary.rows.saturating_sub(ended)) / seconds
        } else {
            0.0
        };
        let traffic = Traffic::of(client);
        Progress {
            summary,
            rows,
            in_flight: u32::try_from(in_flight).unwrap_or(u32::MAX),
            requests: traffic.sent,
            throttled: traffic.throttled,
            rows_per_second: rate,
            allowed_rate: traffic.allowed_rate,
            paused_for: traffic.paused_for,
            seconds_left: (rate > 0.0).then(|| fraction(summary.open.saturating_sub(summary.left_out)) / rate),
        }
    }

    /// The same for the journal, at most once a second.
    pub(super) fn tick(
        &mut self,
        at: Timestamp,
        elapsed: Duration,
        progress: &Progress,
        is_last: bool,
    ) -> Option<Tick> {
        let is_due = self
            .last_tick
            .is_none_or(|last| elapsed.saturating_sub(last) >= Duration::from_secs(1));
        if !is_due && !is_last {
            return None;
        }
        self.last_tick = Some(elapsed);
        Some(Tick {
            at,
            sent: progress.requests,
            throttled: progress.throttled,
            ended: progress.summary.rows,
            in_flight: progress.in_flight,
            allowed_rate: progress.allowed_rate,
            paused_for: progress.paused_for,
        })
    }

    /// Says so when the wall clock jumped since the last look.
    pub(super) fn jump(&mut self, now: Timestamp, elapsed: Duration) -> Option<String> {
        let (then, before) = std::mem::replace(&mut self.clocks, (now, elapsed));
        let passed = elapsed.saturating_sub(before);
        let expected = then.checked_add(passed).unwrap_or(Timestamp::MAX);
        let by = now.duration_since(expected);
        (by.unsigned_abs() > LARGEST_JUMP).then(|| {
            let way = if by.is_negative() { "back" } else { "forward" };
            format!(
                "the computer's clock jumped {way} by {} seconds; waits do not depend on it, and the run continues",
                by.unsigned_abs().as_secs()
            )
        })
    }
}

/// Whether a moment lies so far ahead that the clock must have been put back.
pub(super) fn is_ahead(moment: Timestamp, now: Timestamp) -> bool {
    let ahead = moment.duration_since(now);
    !ahead.is_negative() && ahead.unsigned_abs() > LARGEST_JUMP
}

impl Traffic {
    fn of(client: &Client) -> Self {
        let now = client.core().clock().now();
        let mut traffic = Self::default();
        for group in client.core().throttle().groups {
            traffic.sent += group.sent;
            traffic.throttled += group.throttled;
            // The tightest of those that are in use.
            if let Some(rate) = group.per_second {
                traffic.allowed_rate = Some(traffic.allowed_rate.map_or(rate, |lowest: f64| lowest.min(rate)));
            }
            if let Some(until) = group.paused_until {
                let left = until.duration_since(now).as_secs_f64();
                traffic.paused_for = Some(traffic.paused_for.map_or(left, |longest: f64| longest.max(left)));
            }
        }
        traffic
    }
}

/// Counts of rows are far below what a float holds exactly.
#[allow(clippy::cast_precision_loss, reason = "only shown")]
fn fraction(count: u64) -> f64 {
    count as f64
}
