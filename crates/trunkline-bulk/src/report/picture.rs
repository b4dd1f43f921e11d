//! The numbers of a run, for the map of its report.

use crate::map::{Marks, NumberUse};
use crate::outcome::Ending;
use crate::report::{ReportRow, RowEnd};

/// How many numbers a map of a report has at most: it is kept in memory while the rows are written.
pub(super) const MOST: usize = 200_000;

/// Marks the numbers of a row: as they were read back, or that the row did not end well, or that it is open.
pub(super) fn mark(marks: &mut Marks, row: &ReportRow) {
    let line = row.outcome.row();
    if let Some(number) = Marks::number_of(&row.wanted) {
        let (usage, words) = match &row.outcome {
            RowEnd::Open(_) => (NumberUse::WillChange, "open"),
            RowEnd::Ended(outcome) => {
                let usage = match outcome.ending {
                    Ending::Done | Ending::Already => Marks::usage(outcome.after.as_ref().or(outcome.before.as_ref())),
                    Ending::NotSeen | Ending::Pending => NumberUse::WillChange,
                    Ending::Failed | Ending::Skipped | Ending::Unknown => NumberUse::Blocked,
                };
                (usage, outcome.ending.name())
            }
        };
        marks.add(number, usage, Some(format!("row {line}: {words}")));
    }
    for loss in row.losses.iter().filter(|loss| loss.is_replaced) {
        let usage = match loss.ending {
            Some(Ending::Done) => NumberUse::Free,
            _ => NumberUse::WillChange,
        };
        marks.add(&loss.number, usage, Some(format!("row {line}: released to make room")));
    }
}
