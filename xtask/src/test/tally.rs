//! Counting tests: what cargo's test runner, pytest and node say at the end.

use std::fmt;
use std::ops::{Add, AddAssign};

/// So many passed, failed and were skipped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) passed: u64,
    pub(super) failed: u64,
    pub(super) skipped: u64,
}

impl Tally {
    /// One that passed.
    pub(super) const PASSED: Self = Self::new(1, 0, 0);
    /// One that failed.
    pub(super) const FAILED: Self = Self::new(0, 1, 0);
    /// One that was skipped.
    pub(super) const SKIPPED: Self = Self::new(0, 0, 1);

    pub(super) const fn new(passed: u64, failed: u64, skipped: u64) -> Self {
        Self {
            passed,
            failed,
            skipped,
        }
    }

    /// Reads a summary line of cargo's test runner, of pytest or of Node's; `None` for every other line.
    pub(super) fn of_line(line: &str) -> Option<Self> {
        Self::of_cargo(line)
            .or_else(|| Self::of_pytest(line))
            .or_else(|| Self::of_node(line))
    }

    /// `12 passed, 1 skipped in 0.34s`.
    fn of_pytest(line: &str) -> Option<Self> {
        let (counts, time) = line.trim().trim_matches(['=', ' ']).rsplit_once(" in ")?;
        if !time.split(' ').next()?.ends_with('s') {
            return None;
        }
        let mut tally = Self::default();
        for part in counts.split(", ") {
            let (count, what) = part.split_once(' ')?;
            let count: u64 = count.parse().ok()?;
            match what {
                "passed" => tally.passed = count,
                "failed" | "error" | "errors" => tally.failed += count,
                "skipped" | "xfailed" => tally.skipped += count,
                _ => {}
            }
        }
        Some(tally)
    }

    /// `# pass 12`, and a line each for the other ends.
    fn of_node(line: &str) -> Option<Self> {
        let (what, count) = line.trim().strip_prefix(['#', 'ℹ'])?.trim().split_once(' ')?;
        let count: u64 = count.parse().ok()?;
        match what {
            "pass" => Some(Self::new(count, 0, 0)),
            "fail" | "cancelled" => Some(Self::new(0, count, 0)),
            "skipped" | "todo" => Some(Self::new(0, 0, count)),
            _ => None,
        }
    }

    /// The sum as it is displayed: `12 passed, 0 failed, 1 skipped`.
    pub(super) fn of_total(line: &str) -> Option<Self> {
        let mut counts = line
            .split(", ")
            .zip(["passed", "failed", "skipped"])
            .map(|(part, what)| {
                let (count, word) = part.split_once(' ')?;
                count.parse::<u64>().ok().filter(|_| word == what)
            });
        Some(Self::new(counts.next()??, counts.next()??, counts.next()??))
    }

    fn of_cargo(line: &str) -> Option<Self> {
        let rest = line.trim().strip_prefix("test result: ")?;
        let (_, counts) = rest.split_once(". ")?;
        let mut tally = Self::default();
        for part in counts.split("; ") {
            let (count, what) = part.split_once(' ')?;
            let Ok(count) = count.parse() else { continue };
            match what {
                "passed" => tally.passed = count,
                "failed" => tally.failed = count,
                "ignored" => tally.skipped = count,
                _ => {}
            }
        }
        Some(tally)
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            passed,
            failed,
            skipped,
        } = self;
        write!(formatter, "{passed} passed, {failed} failed, {skipped} skipped")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_of_pytest_is_read() {
        let counted = Tally::of_line("3 failed, 1090 passed, 222 skipped, 10 xfailed, 1 error in 31.20s (0:00:31)");
        assert_eq!(counted, Some(Tally::new(1090, 4, 232)));
        assert_eq!(Tally::of_line("1 passed in a hurry"), None);
        assert_eq!(Tally::of_line("it was done in 3s"), None);
    }

    #[test]
    fn the_last_lines_of_node_are_read() {
        let lines = [
            "# tests 9",
            "ℹ pass 5",
            "# fail 1",
            "# cancelled 1",
            "# skipped 2",
            "# duration_ms 1.5",
            "# a b",
        ];
        let counted = lines
            .into_iter()
            .filter_map(Tally::of_line)
            .fold(Tally::default(), |sum, one| sum + one);
        assert_eq!(counted, Tally::new(5, 2, 2));
    }

    #[test]
    fn summary_lines_are_counted_and_others_are_not() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 7 filtered out; finished in 0.53s";
        assert_eq!(Tally::of_line(line), Some(Tally::new(12, 3, 1)));
        let line = "test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s";
        assert_eq!(Tally::of_line(line), Some(Tally::default()));
        for other in ["test codec::reads ... ok", "running 5 tests", "", "test result: "] {
            assert_eq!(Tally::of_line(other), None, "{other}");
        }
    }

    #[test]
    fn the_sum_reads_as_promised() {
        let total = Tally::new(2, 0, 1) + Tally::PASSED + Tally::FAILED + Tally::SKIPPED;
        assert_eq!(total.to_string(), "3 passed, 1 failed, 2 skipped");
        assert_eq!(Tally::of_total(&total.to_string()), Some(total));
        assert_eq!(Tally::of_total("3 passed, 1 failed"), None);
        assert_eq!(Tally::of_total("3 skipped, 1 failed, 2 passed"), None);
    }
}
