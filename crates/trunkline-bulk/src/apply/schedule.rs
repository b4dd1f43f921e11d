//! Which step may begin: the one of the smallest row and position whose needs are met. A step that takes a number for
//! another one waits until the [brake](brake) admits it.

mod brake;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use self::brake::{Brake, Unneeded};
use crate::error::{BulkError, BulkErrorKind};
use crate::journal::{RowSketch, StepSketch, StepState};
use crate::outcome::Ending;
use crate::plan::{StepId, Verdict};

/// The dependencies between the steps of a plan.
#[derive(Debug)]
pub(super) struct Schedule {
    nodes: Vec<Node>,
    rows: Vec<RowNode>,
    /// `(needed, waiting)`, sorted.
    edges: Vec<(u32, u32)>,
    ready: BinaryHeap<Reverse<u32>>,
    brake: Brake,
    /// Steps that take a number for nobody any more, of which an earlier run did not say so.
    pointless: Vec<u32>,
}

#[derive(Debug)]
struct Node {
    id: StepId,
    row: u32,
    /// Needs that are not met.
    unmet: u32,
    is_open: bool,
    has_needs: bool,
}

#[derive(Debug)]
struct RowNode {
    row: u32,
    verdict: Verdict,
    ending: Option<Ending>,
    /// How many steps it has.
    steps: u32,
    /// Of them, those that can still end in this run.
    open: u32,
    /// Whether a step ended in an earlier run.
    has_remains: bool,
}

/// How a step ended, as far as those are concerned that need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// They can begin.
    Good,
    /// They never can.
    Bad,
    /// A later run may see them begin.
    Stuck,
}

impl Standing {
    pub(super) fn of(ending: Ending) -> Self {
        match ending {
            Ending::Done | Ending::Already => Self::Good,
            Ending::Failed | Ending::Skipped => Self::Bad,
            Ending::Pending | Ending::Unknown | Ending::NotSeen => Self::Stuck,
        }
    }
}

/// A step that cannot begin, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) step: StepId,
    pub(super) by: StepId,
    pub(super) why: Why,
}

/// Why a step cannot begin because of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// It needs the other one.
    Needs,
    /// It takes a number for the other one alone, which cannot be given.
    Pointless,
}

impl Schedule {
    /// Takes up a journal. Both lists are sorted. `is_released` lets numbers be taken although others could not be given.
    ///
    /// # Errors
    ///
    /// [`BulkErrorKind::Plan`] when steps need one that is not there, or each other.
    pub(super) fn new(rows: &[RowSketch], steps: &[StepSketch], is_released: bool) -> Result<Self, BulkError> {
        let mut schedule = Self {
            brake: Brake::new(steps, is_released, |id| find(steps, id)),
            pointless: Vec::new(),
            nodes: Vec::with_capacity(steps.len()),
            rows: Vec::with_capacity(rows.len()),
            edges: Vec::new(),
            ready: BinaryHeap::new(),
        };
        for row in rows {
            schedule.rows.push(RowNode {
                row: row.row,
                verdict: row.verdict,
                ending: row.ending,
                steps: 0,
                open: 0,
                has_remains: false,
            });
        }
        let settled = |state: StepState| match state {
            StepState::Ended(Ending::Pending | Ending::Unknown | Ending::NotSeen) => None,
            StepState::Ended(ending) => Some(ending),
            StepState::Waiting | StepState::Sending | StepState::Accepted => None,
        };
        for (index, step) in (0_u32..).zip(steps) {
            let row = rows
                .binary_search_by_key(&step.id.0, |row| row.row)
                .map_err(|_| broken(step.id, step.id))?;
            let is_open = settled(step.state).is_none();
            let mut unmet = 0;
            for need in &step.needs {
                let needed = find(steps, *need).ok_or_else(|| broken(step.id, *need))?;
                if !settled(steps[needed].state).is_some_and(Ending::is_good) {
                    unmet += 1;
                    schedule.edges.push((u32::try_from(needed).unwrap_or(u32::MAX), index));
                }
            }
            // The needs of a step that an earlier run began were met.
            if step.state != StepState::Waiting {
                unmet = 0;
            }
            schedule.rows[row].steps += 1;
            schedule.rows[row].open += u32::from(is_open);
            schedule.rows[row].has_remains |= !is_open;
            schedule.nodes.push(Node {
                id: step.id,
                row: u32::try_from(row).unwrap_or(u32::MAX),
                unmet,
                is_open,
                has_needs: !step.needs.is_empty(),
            });
            if is_open && unmet == 0 && !schedule.brake.holds(index) {
                schedule.ready.push(Reverse(index));
            }
        }
        schedule.edges.sort_unstable();
        schedule.refuse_circles()?;
        schedule.pointless = schedule.brake.unneeded().pointless;
        Ok(schedule)
    }

    /// Closes steps that wait for one that has ended badly: the end of a run that was killed before it could say so.
    pub(super) fn close_overdue(&mut self, steps: &[StepSketch]) -> Vec<Held> {
        let mut held = Vec::new();
        for step in steps {
            if let StepState::Ended(ending @ (Ending::Failed | Ending::Skipped)) = step.state {
                held.extend(self.end(step.id, ending));
            }
        }
        for index in std::mem::take(&mut self.pointless) {
            self.close_pointless(index, None, &mut held);
        }
        held
    }

    fn refuse_circles(&self) -> Result<(), BulkError> {
        let mut unmet: Vec<u32> = self.nodes.iter().map(|node| node.unmet).collect();
        let mut free: Vec<u32> = (0_u32..)
            .zip(&unmet)
            .filter(|(_, unmet)| **unmet == 0)
            .map(|(index, _)| index)
            .collect();
        while let Some(index) = free.pop() {
            for waiting in self.waiting_for(index) {
                let left = &mut unmet[waiting as usize];
                if *left > 0 {
                    *left -= 1;
                    if *left == 0 {
                        free.push(waiting);
                    }
                }
            }
        }
        match unmet.iter().position(|left| *left > 0) {
            Some(index) => Err(broken(self.nodes[index].id, self.nodes[index].id)),
            None => Ok(()),
        }
    }

    fn waiting_for(&self, needed: u32) -> impl Iterator<Item = u32> + '_ {
        let start = self.edges.partition_point(|edge| edge.0 < needed);
        self.edges[start..]
            .iter()
            .take_while(move |edge| edge.0 == needed)
            .map(|edge| edge.1)
    }

    /// The next step to begin.
    pub(super) fn begin(&mut self) -> Option<StepId> {
        for index in self.brake.admit() {
            self.make_ready(index);
        }
        while let Some(Reverse(index)) = self.ready.pop() {
            let node = &self.nodes[index as usize];
            if node.is_open {
                return Some(node.id);
            }
        }
        None
    }

    pub(super) fn has_ready(&self) -> bool {
        !self.ready.is_empty() || self.brake.can_admit()
    }

    fn make_ready(&mut self, index: u32) {
        let node = &self.nodes[index as usize];
        if node.is_open && node.unmet == 0 {
            self.ready.push(Reverse(index));
        }
    }

    /// A step ended. Answers what cannot begin because of it; [`is_over`](Self::is_over) says which rows are over with it.
    /// Those that can begin do so after [`release`](Self::release).
    pub(super) fn end(&mut self, step: StepId, ending: Ending) -> Vec<Held> {
        let Some(index) = self.index(step) else {
            return Vec::new();
        };
        self.close(index);
        let mut held = Vec::new();
        let unneeded = self.brake.close(index, ending, true);
        self.take_unneeded(unneeded, index, &mut held);
        if Standing::of(ending) == Standing::Good {
            return held;
        }
        let mut causes = vec![index];
        while let Some(cause) = causes.pop() {
            let by = self.nodes[cause as usize].id;
            let waiting: Vec<u32> = self.waiting_for(cause).collect();
            for index in waiting {
                if self.nodes[index as usize].is_open {
                    self.close(index);
                    held.push(Held {
                        step: self.nodes[index as usize].id,
                        by,
                        why: Why::Needs,
                    });
                    let unneeded = self.brake.close(index, ending, false);
                    self.take_unneeded(unneeded, index, &mut held);
                    causes.push(index);
                }
            }
        }
        held
    }

    fn take_unneeded(&mut self, unneeded: Unneeded, by: u32, held: &mut Vec<Held>) {
        for index in unneeded.wanted {
            self.make_ready(index);
        }
        for index in unneeded.pointless {
            self.close_pointless(index, Some(by), held);
        }
    }

    fn close_pointless(&mut self, index: u32, by: Option<u32>, held: &mut Vec<Held>) {
        let node = &self.nodes[index as usize];
        if node.is_open {
            let step = node.id;
            let by = by.map_or(step, |by| self.nodes[by as usize].id);
            self.close(index);
            held.push(Held {
                step,
                by,
                why: Why::Pointless,
            });
        }
    }

    /// The end of a step is durable, and went well: what needs it may begin.
    pub(super) fn release(&mut self, step: StepId) {
        let Some(index) = self.index(step) else { return };
        self.brake.succeed(index);
        let waiting: Vec<u32> = self.waiting_for(index).collect();
        for index in waiting {
            let node = &mut self.nodes[index as usize];
            if node.unmet > 0 {
                node.unmet -= 1;
                if node.unmet == 0 && node.is_open && !self.brake.holds(index) {
                    self.ready.push(Reverse(index));
                }
            }
        }
    }

    /// The step after which no number is taken for another row any more.
    pub(super) fn pulled_by(&self) -> Option<StepId> {
        self.brake.pulled_by()
    }

    /// How many steps that give a number are held back by the brake, or until others have given theirs.
    pub(super) fn held_back(&self) -> u64 {
        self.brake.held_back()
    }

    /// The step whose number was taken and that has not ended, for which others are held back.
    pub(super) fn first_under_way(&self) -> Option<StepId> {
        self.brake.first_under_way()
    }

    /// The steps that took numbers for steps of this row which then did not give theirs: its own, and those of rows that ask
    /// for nothing but a release. What was taken by the row of another move is that row's to say.
    pub(super) fn lost_by(&self, line: u32) -> Vec<StepId> {
        let first = self.nodes.partition_point(|node| node.id.0 < line);
        let own = self.nodes[first..].iter().take_while(|node| node.id.0 == line);
        let mut lost: Vec<StepId> = (0_u32..)
            .zip(own)
            .map(|(at, _)| u32::try_from(first).unwrap_or(u32::MAX).saturating_add(at))
            .filter(|index| self.brake.is_lost(*index))
            .flat_map(|index| self.brake.taken_for(index))
            .filter(|(take, is_wanted)| *is_wanted || self.nodes[*take as usize].id.0 == line)
            .map(|(take, _)| self.nodes[take as usize].id)
            .collect();
        lost.sort_unstable();
        lost.dedup();
        lost
    }

    /// Whether a step needs others: what it reads may still show how it was before them.
    pub(super) fn has_needs(&self, step: StepId) -> bool {
        self.index(step)
            .is_some_and(|index| self.nodes[index as usize].has_needs)
    }

    /// Whether nothing more can end in the row in this run.
    pub(super) fn is_over(&self, line: u32) -> bool {
        self.row(line).is_some_and(|row| row.open == 0)
    }

    /// Whether a step of the row ended in an earlier run.
    pub(super) fn has_remains(&self, line: u32) -> bool {
        self.row(line).is_some_and(|row| row.has_remains)
    }

    /// Lines of rows that have no steps and have not ended: as wanted already, or refused.
    pub(super) fn plain_rows(&self) -> impl Iterator<Item = (u32, Verdict)> + '_ {
        self.rows
            .iter()
            .filter(|row| row.steps == 0 && row.ending.is_none())
            .map(|row| (row.row, row.verdict))
    }

    /// Lines of rows whose steps have all ended, and that have not: how they end follows from their steps.
    pub(super) fn rows_without_an_end(&self) -> Vec<u32> {
        let is_meant = |row: &&RowNode| row.steps > 0 && row.open == 0 && row.ending.is_none();
        self.rows.iter().filter(is_meant).map(|row| row.row).collect()
    }

    /// How rows ended that this run does not take up again.
    pub(super) fn settled_rows(&self) -> impl Iterator<Item = Ending> + '_ {
        self.rows
            .iter()
            .filter(|row| row.open == 0)
            .filter_map(|row| row.ending)
    }

    fn close(&mut self, index: u32) {
        let node = &mut self.nodes[index as usize];
        if node.is_open {
            node.is_open = false;
            self.rows[node.row as usize].open -= 1;
        }
    }

    fn index(&self, step: StepId) -> Option<u32> {
        let found = self.nodes.binary_search_by_key(&step, |node| node.id).ok()?;
        u32::try_from(found).ok()
    }

    fn row(&self, line: u32) -> Option<&RowNode> {
        let found = self.rows.binary_search_by_key(&line, |row| row.row).ok()?;
        Some(&self.rows[found])
    }
}

fn find(steps: &[StepSketch], id: StepId) -> Option<usize> {
    steps.binary_search_by_key(&id, |step| step.id).ok()
}

fn broken(step: StepId, need: StepId) -> BulkError {
    let what = if step == need {
        format!("step {step} of the plan can never begin")
    } else {
        format!("step {step} of the plan needs step {need}, which is not there")
    };
    BulkError::new(BulkErrorKind::Plan, what, "Make the plan again; nothing was sent")
}

#[cfg(test)]
mod tests;
