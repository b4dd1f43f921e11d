//! Rows that failed, by cause.

use super::{ReportRow, RowEnd};
use crate::outcome::Ending;

/// Maximum number of rows that are named for a cause.
const NAMED: usize = 12;

/// Rows with one cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cause {
    pub(super) ending: Ending,
    pub(super) kind: String,
    pub(super) code: Option<String>,
    /// The first row's words, as an example.
    pub(super) what: String,
    pub(super) next_step: String,
    pub(super) count: u64,
    /// The first rows.
    pub(super) rows: Vec<u32>,
}

/// The causes met so far.
#[derive(Debug, Default)]
pub(super) struct Causes {
    found: Vec<Cause>,
}

impl Cause {
    /// Whether it has more rows than are named.
    pub(super) fn names_some(&self) -> bool {
        self.count > self.rows.len() as u64
    }
}

impl Causes {
    /// Counts a row.
    pub(super) fn count(&mut self, row: &ReportRow) {
        let RowEnd::Ended(outcome) = &row.outcome else {
            return;
        };
        if outcome.ending.is_good() {
            return;
        }
        let (kind, code, what, next_step) = match &outcome.failure {
            Some(failure) => (
                failure.kind.as_str(),
                failure.code.as_ref(),
                failure.what.as_str(),
                failure.next_step.as_str(),
            ),
            None => (outcome.ending.name(), None, "", ""),
        };
        let known = self
            .found
            .iter_mut()
            .find(|cause| cause.ending == outcome.ending && cause.kind == kind && cause.code.as_ref() == code);
        match known {
            Some(cause) => {
                cause.count += 1;
                if cause.rows.len() < NAMED {
                    cause.rows.push(outcome.row);
                }
            }
            None => self.found.push(Cause {
                ending: outcome.ending,
                kind: kind.to_owned(),
                code: code.cloned(),
                what: what.to_owned(),
                next_step: next_step.to_owned(),
                count: 1,
                rows: vec![outcome.row],
            }),
        }
    }

    /// The most frequent first.
    pub(super) fn into_sorted(mut self) -> Vec<Cause> {
        self.found.sort_by_key(|cause| std::cmp::Reverse(cause.count));
        self.found
    }
}
