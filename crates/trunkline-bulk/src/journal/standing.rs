//! Reads the state of all steps from a journal, for the engine that resumes it.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use rusqlite::params;
use trunkline::{Action, Change};

use super::column::{change, ending, optional, required, state, verdict};
use super::entry::StepState;
use super::fault;
use super::reader::Journal;
use crate::error::BulkError;
use crate::outcome::{Ending, Failure};
use crate::plan::{State, Step, StepId, Verdict, Wanted};

/// The state of a step when the engine starts.
#[derive(Debug)]
pub(crate) struct StepSketch {
    pub(crate) id: StepId,
    pub(crate) state: StepState,
    pub(crate) needs: Vec<StepId>,
    pub(crate) kind: StepKind,
}

/// The effect of a step on the holder of a number, as far as the engine needs it when it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StepKind {
    /// Takes a number from its holder.
    Take { number: NumberKey },
    /// Gives a number to somebody.
    Give { number: NumberKey },
    /// Neither.
    Other,
}

impl StepKind {
    pub(crate) fn of(change: &Change) -> Self {
        match change {
            Change::Unassign { number, .. } => Self::Take {
                number: NumberKey::of(number),
            },
            Change::Assign { number, .. } => Self::Give {
                number: NumberKey::of(number),
            },
            _ => Self::Other,
        }
    }

    pub(crate) fn takes(self) -> bool {
        matches!(self, Self::Take { .. })
    }

    pub(crate) fn gives(self) -> bool {
        matches!(self, Self::Give { .. })
    }
}

/// Which number, in a few bytes: a journal may have a million steps. Only compared with others of one process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NumberKey(u64);

impl NumberKey {
    pub(crate) fn of(number: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        number.hash(&mut hasher);
        Self(hasher.finish())
    }
}

/// A step that was begun in some run: what undoing asks of it.
#[derive(Debug)]
pub(crate) struct BegunStep {
    pub(crate) position: u16,
    pub(crate) kind: StepKind,
    pub(crate) state: StepState,
    /// Whether the service accepted an order for it.
    pub(crate) has_order: bool,
    pub(crate) failure: Option<Failure>,
}

/// The state of a row when the engine starts.
#[derive(Debug)]
pub(crate) struct RowSketch {
    pub(crate) row: u32,
    pub(crate) verdict: Verdict,
    pub(crate) ending: Option<Ending>,
}

/// A step as it is carried out.
#[derive(Debug)]
pub(crate) struct LoadedStep {
    pub(crate) id: StepId,
    pub(crate) step: Step,
    pub(crate) state: StepState,
    pub(crate) operation_id: Option<String>,
    pub(crate) token: Option<String>,
    /// The requests that earlier runs sent for it.
    pub(crate) request_ids: Vec<String>,
    /// The state of the row's object when the plan was made.
    pub(crate) before: Option<State>,
}

/// The result of an earlier step of a row, from an earlier run.
#[derive(Debug)]
pub(crate) struct EarlierStep {
    pub(crate) ending: Ending,
    pub(crate) request_ids: Vec<String>,
    pub(crate) warnings: Vec<String>,
    pub(crate) operation_id: Option<String>,
    pub(crate) failure: Option<Failure>,
    pub(crate) after: Option<State>,
}

impl Journal {
    pub(crate) fn step_sketches(&self) -> Result<Vec<StepSketch>, BulkError> {
        self.collect(
            "SELECT line, position, state, needs, action FROM step ORDER BY line, position",
            [],
            |row| {
                Ok(StepSketch {
                    id: StepId(row.get(0)?, row.get(1)?),
                    state: state(row, 2)?,
                    needs: optional(row, 3)?.unwrap_or_default(),
                    kind: StepKind::of(&change(row, 4)?),
                })
            },
        )
    }

    /// Steps of a row that were begun, in order.
    pub(crate) fn begun_steps(&self, line: u32) -> Result<Vec<BegunStep>, BulkError> {
        self.collect(
            "SELECT position, action, state, operation_id IS NOT NULL, failure FROM step \
             WHERE line = ?1 AND state <> 'waiting' ORDER BY position",
            [line],
            |row| {
                Ok(BegunStep {
                    position: row.get(0)?,
                    kind: StepKind::of(&change(row, 1)?),
                    state: state(row, 2)?,
                    has_order: row.get(3)?,
                    failure: optional(row, 4)?,
                })
            },
        )
    }

    pub(crate) fn row_sketches(&self) -> Result<Vec<RowSketch>, BulkError> {
        self.collect("SELECT line, verdict, ending FROM row ORDER BY line", [], |row| {
            Ok(RowSketch {
                row: row.get(0)?,
                verdict: verdict(row, 1)?,
                ending: ending(row, 2)?,
            })
        })
    }

    /// The action of every row; none of one that cannot be read.
    pub(crate) fn actions(&self) -> Result<BTreeMap<u32, Action>, BulkError> {
        let rows = self.collect("SELECT line, wanted FROM row", [], |row| {
            Ok((row.get::<_, u32>(0)?, required::<Wanted>(row, 1)?))
        })?;
        let action = |(line, wanted): (u32, Wanted)| Some((line, wanted.change()?.action()));
        Ok(rows.into_iter().filter_map(action).collect())
    }

    pub(crate) fn load_step(&self, id: StepId) -> Result<LoadedStep, BulkError> {
        let loaded = self.load_steps(id, 1)?.into_iter().find(|step| step.id == id);
        loaded.ok_or_else(|| fault::damaged("one of its steps is missing"))
    }

    /// The steps from one on, in order, at most so many.
    pub(crate) fn load_steps(&self, from: StepId, count: usize) -> Result<Vec<LoadedStep>, BulkError> {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        self.collect(
            "SELECT step.line, position, action, expects, state, operation_id, token, before, step.request_ids \
             FROM step JOIN row ON row.line = step.line \
             WHERE (step.line, position) >= (?1, ?2) ORDER BY step.line, position LIMIT ?3",
            params![from.0, from.1, count],
            |row| {
                Ok(LoadedStep {
                    id: StepId(row.get(0)?, row.get(1)?),
                    step: Step {
                        // A step is one request, also in a plan that somebody has edited.
                        change: change(row, 2)?.as_one_request(),
                        needs: Vec::new(),
                        expects: required(row, 3)?,
                    },
                    state: state(row, 4)?,
                    operation_id: row.get(5)?,
                    token: row.get(6)?,
                    before: optional(row, 7)?,
                    request_ids: optional(row, 8)?.unwrap_or_default(),
                })
            },
        )
    }

    pub(crate) fn before(&self, line: u32) -> Result<Option<State>, BulkError> {
        let found = self.collect("SELECT before FROM row WHERE line = ?1", [line], |row| optional(row, 0))?;
        let found = found.into_iter().next();
        found.ok_or_else(|| fault::damaged("one of its rows is missing"))
    }

    pub(crate) fn earlier_steps(&self, line: u32) -> Result<Vec<EarlierStep>, BulkError> {
        self.collect(
            "SELECT state, request_ids, warnings, operation_id, failure, after FROM step \
             WHERE line = ?1 AND state IN ('done', 'already', 'failed', 'skipped') ORDER BY position",
            [line],
            |row| {
                Ok(EarlierStep {
                    ending: ending(row, 0)?.unwrap_or(Ending::Unknown),
                    request_ids: optional(row, 1)?.unwrap_or_default(),
                    warnings: optional(row, 2)?.unwrap_or_default(),
                    operation_id: row.get(3)?,
                    failure: optional(row, 4)?,
                    after: optional(row, 5)?,
                })
            },
        )
    }
}
