//! Events over time: throughput, and how often the service said to wait.

use serde::{Deserialize, Serialize};

/// The time between two moments of a run. The journal counts from the begin of a run; this counts what came between.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Interval {
    /// When it ended, in milliseconds of the Unix epoch.
    pub at: i64,
    /// Requests sent.
    pub sent: u64,
    /// Number of these answers with status 429.
    pub throttled: u64,
    /// Rows that ended.
    pub ended: u64,
    /// Steps under way when it ended.
    pub in_flight: u32,
    /// Requests per second that were allowed at that moment; absent without a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed_rate: Option<f64>,
    /// Seconds of a pause that the service asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused_for: Option<f64>,
}

/// A span of the timeline as it is drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Span {
    /// Seconds after the first moment.
    pub(super) from: f64,
    /// Its length in seconds.
    pub(super) seconds: f64,
    /// Rows that ended, per second.
    pub(super) rows: f64,
    /// Requests sent, per second.
    pub(super) sent: f64,
    /// Answers 429.
    pub(super) throttled: u64,
}

/// The moments as at most `count` spans of equal length, gaps between runs left out of none.
pub(super) fn spans(intervals: &[Interval], count: usize) -> Vec<Span> {
    let (Some(first), Some(last)) = (intervals.first(), intervals.last()) else {
        return Vec::new();
    };
    let milliseconds = |from: i64, to: i64| (to.saturating_sub(from)).max(0) as f64;
    let whole = (milliseconds(first.at, last.at) / 1000.0).max(1.0);
    let seconds = (whole / count as f64).max(1.0);
    let places = ((whole / seconds).ceil() as usize).clamp(1, count);
    let mut spans: Vec<Span> = (0..places)
        .map(|place| Span {
            from: place as f64 * seconds,
            seconds,
            ..Span::default()
        })
        .collect();
    for interval in intervals {
        let place = (milliseconds(first.at, interval.at) / 1000.0 / seconds) as usize;
        let span = &mut spans[place.min(places - 1)];
        span.rows += interval.ended as f64 / seconds;
        span.sent += interval.sent as f64 / seconds;
        span.throttled += interval.throttled;
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(seconds: i64, ended: u64, throttled: u64) -> Interval {
        Interval {
            at: 1_768_467_600_000 + seconds * 1000,
            sent: ended * 5,
            throttled,
            ended,
            in_flight: 1,
            allowed_rate: None,
            paused_for: None,
        }
    }

    #[test]
    fn every_moment_is_in_one_span() {
        let intervals: Vec<_> = (0..1000).map(|at| interval(at, 3, u64::from(at % 10 == 0))).collect();
        let spans = spans(&intervals, 100);
        assert_eq!(spans.len(), 100);
        let rows: f64 = spans.iter().map(|span| span.rows * span.seconds).sum();
        assert!((rows - 3000.0).abs() < 1e-6, "{rows}");
        assert_eq!(spans.iter().map(|span| span.throttled).sum::<u64>(), 100);
    }

    #[test]
    fn a_clock_that_went_back_breaks_nothing() {
        let spans = spans(&[interval(100, 1, 0), interval(0, 2, 0)], 10);
        assert_eq!(spans.len(), 1);
        assert!((spans[0].rows - 3.0).abs() < 1e-9);
        assert!(super::spans(&[], 10).is_empty());
    }
}
