//! How a row ends, from how its steps did.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::error::BulkError;
use crate::journal::{Journal, StepEnd};
use crate::outcome::{Ending, Failure, RowOutcome};
use crate::plan::State;

/// The rows of which something has begun or ended in this run, and that are not over.
#[derive(Debug, Default)]
pub(super) struct OpenRows(HashMap<u32, OpenRow>);

impl OpenRows {
    /// A row of which a step begins. `before` is how it was when the plan was made, and `remains` says whether earlier
    /// runs left something of it.
    pub(super) fn begin(
        &mut self,
        journal: &Journal,
        line: u32,
        before: Option<State>,
        remains: bool,
    ) -> Result<(), BulkError> {
        if let Entry::Vacant(entry) = self.0.entry(line) {
            entry.insert(OpenRow::load(journal, line, before, remains)?);
        }
        Ok(())
    }

    /// A row of which a step ended, begun or not.
    pub(super) fn of(&mut self, journal: &Journal, line: u32, remains: bool) -> Result<&mut OpenRow, BulkError> {
        match self.0.entry(line) {
            Entry::Occupied(entry) => Ok(entry.into_mut()),
            Entry::Vacant(entry) => {
                let before = journal.before(line)?;
                Ok(entry.insert(OpenRow::load(journal, line, before, remains)?))
            }
        }
    }

    /// The row is over.
    pub(super) fn close(&mut self, line: u32) -> Option<RowOutcome> {
        self.0.remove(&line).map(|row| row.outcome)
    }
}

/// A row some of whose steps have ended.
#[derive(Debug)]
pub(super) struct OpenRow {
    outcome: RowOutcome,
}

impl OpenRow {
    /// The row, with what earlier runs left of it.
    fn load(journal: &Journal, line: u32, before: Option<State>, remains: bool) -> Result<Self, BulkError> {
        let mut row = Self {
            outcome: RowOutcome {
                row: line,
                ending: Ending::Already,
                before,
                after: None,
                request_ids: Vec::new(),
                operations: Vec::new(),
                failure: None,
                warnings: Vec::new(),
            },
        };
        let remains = if remains {
            journal.earlier_steps(line)?
        } else {
            Vec::new()
        };
        for remains in remains {
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
}

fn weight(ending: Ending) -> u8 {
    match ending {
        Ending::Already => 0,
        Ending::Done => 1,
        Ending::NotSeen => 2,
        Ending::Skipped => 3,
        Ending::Failed => 4,
        Ending::Pending => 5,
        Ending::Unknown => 6,
    }
}
