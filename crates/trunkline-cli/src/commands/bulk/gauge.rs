//! The progress bar of a run on a terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use trunkline_bulk::Progress;

use crate::document::printable;
use crate::printer::Printer;

/// The bar, when something may move on the terminal.
pub(super) struct Gauge {
    bar: Option<ProgressBar>,
}

impl Gauge {
    pub(super) fn new(printer: Printer) -> Self {
        let bar = printer.spins().then(|| {
            let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}") {
                bar.set_style(style);
            }
            bar
        });
        Self { bar }
    }

    pub(super) fn begin(&self, rows: u64, ended: u64) {
        if let Some(bar) = &self.bar {
            bar.set_length(rows);
            bar.set_position(ended);
        }
    }

    /// Rows that the run does not carry out.
    pub(super) fn leave_out(&self, rows: u64) {
        if let Some(bar) = &self.bar {
            let length = bar.length().unwrap_or(0);
            bar.set_length(length.saturating_sub(rows));
        }
    }

    pub(super) fn row(&self) {
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
    }

    pub(super) fn tell(&self, progress: &Progress) {
        if let Some(bar) = &self.bar {
            bar.set_position(progress.summary.rows);
            bar.set_message(words(progress));
        }
    }

    /// Prints while the bar is out of the way.
    pub(super) fn with_hidden_bar<T>(&self, print: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    pub(super) fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// `12.5 rows/s, 64 under way, up to 30 requests/s, 3 answers 429, 2m 10s left`.
fn words(progress: &Progress) -> String {
    let mut parts = vec![
        format!("{:.1} rows/s", progress.rows_per_second),
        format!("{} under way", progress.in_flight),
    ];
    if let Some(wait) = progress.paused_for {
        parts.push(format!("the service asked to wait {}", time(wait)));
    } else if let Some(rate) = progress.allowed_rate {
        parts.push(format!("up to {rate:.0} requests/s"));
    }
    if progress.throttled > 0 {
        parts.push(format!("{} answered 429", progress.throttled));
    }
    let bad = progress.summary.failed + progress.summary.skipped + progress.summary.unknown;
    if bad > 0 {
        parts.push(format!("{bad} failed or skipped"));
    }
    if let Some(left) = progress.seconds_left {
        parts.push(format!("{} left", time(left)));
    }
    printable(&parts.join(", ")).into_owned()
}

/// Seconds as people say them.
fn time(seconds: f64) -> String {
    // Times of runs are far below what fits; what is not a number is zero.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "only shown")]
    let seconds = seconds.ceil().max(0.0) as u64;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds}s"),
        (0, minutes, seconds) => format!("{minutes}m {seconds}s"),
        (hours, minutes, _) => format!("{hours}h {minutes}m"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use trunkline_bulk::Summary;

    #[test]
    fn a_bar_says_rate_throttling_and_time_left() {
        let mut progress = Progress {
            summary: Summary::default(),
            rows: 100,
            in_flight: 8,
            requests: 40,
            throttled: 0,
            rows_per_second: 12.34,
            allowed_rate: Some(30.0),
            paused_for: None,
            seconds_left: Some(129.2),
        };
        assert_eq!(
            words(&progress),
            "12.3 rows/s, 8 under way, up to 30 requests/s, 2m 10s left"
        );
        progress.paused_for = Some(4.2);
        progress.throttled = 3;
        progress.summary.failed = 2;
        progress.seconds_left = None;
        assert_eq!(
            words(&progress),
            "12.3 rows/s, 8 under way, the service asked to wait 5s, 3 answered 429, 2 failed or skipped"
        );
        assert_eq!(time(7322.0), "2h 2m");
    }
}
