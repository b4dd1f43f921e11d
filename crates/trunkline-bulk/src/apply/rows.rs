//! How a row ends, from how its steps did.

use crate::error::BulkError;
use crate::journal::{Journal, StepEnd};
use crate::outcome::{Ending, Failure, RowOutcome};

/// A row some of whose steps have ended.
#[derive(Debug)]
pub(super) struct OpenRow {
    outcome: RowOutcome,
}

impl OpenRow {
    /// The row, with what earlier runs left of it.
    pub(super) fn load(journal: &Journal, line: u32) -> Result<Self, BulkError> {
        let mut row = Self {
            outcome: RowOutcome {
                line,
                ending: Ending::Already,
                before: journal.before(line)?,
                after: None,
                request_ids: Vec::new(),
                operations: Vec::new(),
                failure: None,
                warnings: Vec::new(),
            },
        };
        for remains in journal.remains(line)? {
            row.add(&StepEnd {
                ending: remains.ending,
                after: remains.after,
                request_ids: remains.request_ids,
                warnings: remains.warnings,
                failure: remains.failure,
                operation: remains.operation_id,
            });
        }
        Ok(row)
    }

    /// A step ended.
    pub(super) fn add(&mut self, end: &StepEnd) {
        let outcome = &mut self.outcome;
        outcome.request_ids.extend(end.request_ids.iter().cloned());
        outcome.operations.extend(end.operation.clone());
        outcome.warnings.extend(end.warnings.iter().cloned());
        if end.after.is_some() {
            outcome.after.clone_from(&end.after);
        }
        self.note(end.ending, end.failure.as_ref());
    }

    /// The ending that weighs most is the row's, and so is its reason.
    pub(super) fn note(&mut self, ending: Ending, failure: Option<&Failure>) {
        let outcome = &mut self.outcome;
        let weighs_more = weight(ending) > weight(outcome.ending);
        if weighs_more {
            outcome.ending = ending;
        }
        if failure.is_some() && (weighs_more || outcome.failure.is_none()) {
            outcome.failure = failure.cloned();
        }
    }

    pub(super) fn close(self) -> RowOutcome {
        self.outcome
    }
}

fn weight(ending: Ending) -> u8 {
    match ending {
        Ending::Already => 0,
        Ending::Done => 1,
        Ending::Skipped => 2,
        Ending::Failed => 3,
        Ending::Pending => 4,
        Ending::Unknown => 5,
    }
}
