//! Steps read ahead from the journal: they begin in the order in which they lie there, and one query for many costs
//! little more than for one.

use std::collections::BTreeMap;

use crate::error::BulkError;
use crate::journal::{Journal, LoadedStep};
use crate::plan::StepId;

/// How many steps are read at once at most: what bounds the memory.
const LARGEST: usize = 64;

/// Steps that were read and have not begun. Nobody but the engine changes a step, and it changes none that has not
/// begun, so what was read stays true.
#[derive(Debug)]
pub(super) struct Window {
    steps: BTreeMap<StepId, LoadedStep>,
    /// How many were read last.
    size: usize,
}

impl Window {
    pub(super) fn new() -> Self {
        Self {
            steps: BTreeMap::new(),
            size: LARGEST,
        }
    }

    /// A step that is about to begin.
    pub(super) fn take(&mut self, journal: &Journal, id: StepId) -> Result<LoadedStep, BulkError> {
        if let Some(step) = self.steps.remove(&id) {
            return Ok(step);
        }
        // Where the order is another one, because steps wait for each other, less is read that is not used.
        let used = self.size.saturating_sub(self.steps.len());
        self.size = used.saturating_mul(2).clamp(1, LARGEST);
        self.steps = journal
            .load_steps(id, self.size)?
            .into_iter()
            .map(|step| (step.id, step))
            .collect();
        match self.steps.remove(&id) {
            Some(step) => Ok(step),
            None => journal.load_step(id),
        }
    }
}
