//! The findings of a plan by cause: what one next step puts right is one entry, for however many rows.

use super::{Finding, Plan, PlannedRow, Severity};
use crate::row_ranges::RowRanges;

/// Findings with the same code and the same next step.
#[derive(Debug, Clone)]
pub struct Cause<'p> {
    /// The first of them.
    pub finding: &'p Finding,
    /// The rows in order, each with its own finding.
    pub rows: Vec<(&'p PlannedRow, &'p Finding)>,
}

impl Cause<'_> {
    /// The rows by their numbers: `2-40, 55`.
    #[must_use]
    pub fn ranges(&self) -> RowRanges {
        RowRanges::of(self.rows.iter().map(|(row, _)| row.row))
    }

    /// Whether every finding says the same, word for word.
    #[must_use]
    pub fn is_uniform(&self) -> bool {
        self.rows.iter().all(|(_, finding)| finding.what == self.finding.what)
    }
}

impl Plan {
    /// The findings of a severity by cause, those first that concern the most rows. Errors block their rows.
    #[must_use]
    pub fn causes(&self, severity: Severity) -> Vec<Cause<'_>> {
        let mut causes: Vec<Cause<'_>> = Vec::new();
        for row in &self.rows {
            for finding in row.findings.iter().filter(|finding| finding.severity == severity) {
                let is_same = |cause: &&mut Cause<'_>| {
                    (&cause.finding.code, &cause.finding.next_step) == (&finding.code, &finding.next_step)
                };
                match causes.iter_mut().find(is_same) {
                    Some(cause) => cause.rows.push((row, finding)),
                    None => causes.push(Cause {
                        finding,
                        rows: vec![(row, finding)],
                    }),
                }
            }
        }
        causes.sort_by_key(|cause| std::cmp::Reverse(cause.rows.len()));
        causes
    }
}
