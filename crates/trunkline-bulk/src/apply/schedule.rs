//! Which step may begin: the one of the smallest line and position whose needs are met.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::error::{BulkError, BulkErrorKind};
use crate::journal::{RowSketch, StepSketch, StepState};
use crate::outcome::Ending;
use crate::plan::{StepId, Verdict};

/// What the steps of a plan wait for.
#[derive(Debug)]
pub(super) struct Schedule {
    nodes: Vec<Node>,
    rows: Vec<RowNode>,
    /// `(needed, waiting)`, sorted.
    edges: Vec<(u32, u32)>,
    ready: BinaryHeap<Reverse<u32>>,
}

#[derive(Debug)]
struct Node {
    id: StepId,
    row: u32,
    /// Needs that are not met.
    unmet: u32,
    is_open: bool,
}

#[derive(Debug)]
struct RowNode {
    line: u32,
    verdict: Verdict,
    ending: Option<Ending>,
    /// Steps that can still end in this run.
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
            Ending::Pending | Ending::Unknown => Self::Stuck,
        }
    }
}

/// A step that cannot begin, and the one that it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) step: StepId,
    pub(super) by: StepId,
}

impl Schedule {
    /// Takes up a journal. Both lists are sorted.
    ///
    /// # Errors
    ///
    /// [`BulkErrorKind::Plan`] when steps need one that is not there, or each other.
    pub(super) fn new(rows: &[RowSketch], steps: &[StepSketch]) -> Result<Self, BulkError> {
        let mut schedule = Self {
            nodes: Vec::with_capacity(steps.len()),
            rows: Vec::with_capacity(rows.len()),
            edges: Vec::new(),
            ready: BinaryHeap::new(),
        };
        for row in rows {
            schedule.rows.push(RowNode {
                line: row.line,
                verdict: row.verdict,
                ending: row.ending,
                open: 0,
                has_remains: false,
            });
        }
        let settled = |state: StepState| match state {
            StepState::Ended(Ending::Pending | Ending::Unknown) => None,
            StepState::Ended(ending) => Some(ending),
            StepState::Waiting | StepState::Sending | StepState::Accepted => None,
        };
        for (index, step) in (0_u32..).zip(steps) {
            let row = rows
                .binary_search_by_key(&step.id.0, |row| row.line)
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
            // What was begun in an earlier run had its needs met.
            if step.state != StepState::Waiting {
                unmet = 0;
            }
            schedule.rows[row].open += u32::from(is_open);
            schedule.rows[row].has_remains |= !is_open;
            schedule.nodes.push(Node {
                id: step.id,
                row: u32::try_from(row).unwrap_or(u32::MAX),
                unmet,
                is_open,
            });
            if is_open && unmet == 0 {
                schedule.ready.push(Reverse(index));
            }
        }
        schedule.edges.sort_unstable();
        schedule.refuse_circles()?;
        Ok(schedule)
    }

    /// Steps that wait for one that has ended badly: the end of a run that was killed before it could say so.
    pub(super) fn overdue(&self, steps: &[StepSketch]) -> Vec<StepId> {
        let is_bad = |step: &&StepSketch| matches!(step.state, StepState::Ended(Ending::Failed | Ending::Skipped));
        steps.iter().filter(is_bad).map(|step| step.id).collect()
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
        self.ready.pop().map(|Reverse(index)| self.nodes[index as usize].id)
    }

    pub(super) fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// A step ended. Answers what cannot begin because of it; the rows concerned are told by [`is_over`](Self::is_over).
    /// Those that can begin do so after [`release`](Self::release).
    pub(super) fn end(&mut self, step: StepId, standing: Standing) -> Vec<Held> {
        let Some(index) = self.index(step) else {
            return Vec::new();
        };
        self.close(index);
        let mut held = Vec::new();
        if standing == Standing::Good {
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
                    });
                    causes.push(index);
                }
            }
        }
        held
    }

    /// The end of a step is durable, and went well: what needs it may begin.
    pub(super) fn release(&mut self, step: StepId) {
        let Some(index) = self.index(step) else { return };
        let waiting: Vec<u32> = self.waiting_for(index).collect();
        for index in waiting {
            let node = &mut self.nodes[index as usize];
            if node.unmet > 0 {
                node.unmet -= 1;
                if node.unmet == 0 && node.is_open {
                    self.ready.push(Reverse(index));
                }
            }
        }
    }

    /// Whether nothing more can end in the row in this run.
    pub(super) fn is_over(&self, line: u32) -> bool {
        self.row(line).is_some_and(|row| row.open == 0)
    }

    /// Whether a step of the row ended in an earlier run.
    pub(super) fn has_remains(&self, line: u32) -> bool {
        self.row(line).is_some_and(|row| row.has_remains)
    }

    /// Lines of rows that end without a step: so already, or refused. Not those that an earlier run ended.
    pub(super) fn plain_rows(&self) -> impl Iterator<Item = (u32, Verdict)> + '_ {
        self.rows
            .iter()
            .filter(|row| row.open == 0 && row.ending.is_none())
            .map(|row| (row.line, row.verdict))
    }

    /// How rows ended that this run does not take up again.
    pub(super) fn settled_rows(&self) -> impl Iterator<Item = Ending> + '_ {
        self.rows
            .iter()
            .filter(|row| row.open == 0)
            .filter_map(|row| row.ending)
    }

    pub(super) fn row_count(&self) -> u64 {
        self.rows.len() as u64
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
        let found = self.rows.binary_search_by_key(&line, |row| row.line).ok()?;
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
mod tests {
    use super::*;

    fn row(line: u32) -> RowSketch {
        RowSketch {
            line,
            verdict: Verdict::Change,
            ending: None,
        }
    }

    fn step(line: u32, position: u16, needs: &[(u32, u16)], state: StepState) -> StepSketch {
        StepSketch {
            id: StepId(line, position),
            state,
            needs: needs.iter().map(|need| StepId(need.0, need.1)).collect(),
        }
    }

    fn swap() -> Vec<StepSketch> {
        use StepState::Waiting;
        vec![
            step(2, 0, &[], Waiting),
            step(2, 1, &[(2, 0), (3, 0)], Waiting),
            step(3, 0, &[], Waiting),
            step(3, 1, &[(3, 0), (2, 0)], Waiting),
        ]
    }

    #[test]
    fn a_swap_releases_both_numbers_before_it_gives_them() {
        let mut schedule = Schedule::new(&[row(2), row(3)], &swap()).expect("is a plan");
        assert_eq!(schedule.begin(), Some(StepId(2, 0)));
        assert_eq!(schedule.begin(), Some(StepId(3, 0)));
        assert_eq!(schedule.begin(), None);
        assert!(schedule.end(StepId(2, 0), Standing::Good).is_empty());
        schedule.release(StepId(2, 0));
        assert!(!schedule.has_ready(), "one half is not enough");
        schedule.end(StepId(3, 0), Standing::Good);
        schedule.release(StepId(3, 0));
        assert_eq!(
            (schedule.begin(), schedule.begin()),
            (Some(StepId(2, 1)), Some(StepId(3, 1)))
        );
        assert!(!schedule.is_over(2));
        schedule.end(StepId(2, 1), Standing::Good);
        assert!(schedule.is_over(2) && !schedule.is_over(3));
    }

    #[test]
    fn what_needs_a_step_that_failed_never_begins() {
        let mut schedule = Schedule::new(&[row(2), row(3)], &swap()).expect("is a plan");
        schedule.begin();
        schedule.begin();
        let mut held = schedule.end(StepId(3, 0), Standing::Bad);
        held.sort_by_key(|held| held.step);
        let by = StepId(3, 0);
        assert_eq!(held, [Held { step: StepId(2, 1), by }, Held { step: StepId(3, 1), by }]);
        assert!(
            schedule.is_over(3) && !schedule.is_over(2),
            "line 2 still releases its number"
        );
        assert!(schedule.end(StepId(2, 0), Standing::Good).is_empty());
        schedule.release(StepId(2, 0));
        assert_eq!(schedule.begin(), None);
        assert!(schedule.is_over(2));
    }

    #[test]
    fn a_journal_is_taken_up_where_it_stands() {
        use StepState::{Accepted, Ended, Waiting};
        let steps = [
            step(2, 0, &[], Ended(Ending::Done)),
            step(2, 1, &[(2, 0)], Waiting),
            step(3, 0, &[], Accepted),
            step(4, 0, &[(3, 0)], Waiting),
            step(5, 0, &[], Ended(Ending::Failed)),
            step(6, 0, &[], Ended(Ending::Unknown)),
        ];
        let rows: Vec<_> = (2..=6).map(row).collect();
        let mut schedule = Schedule::new(&rows, &steps).expect("is a plan");
        let begun: Vec<_> = std::iter::from_fn(|| schedule.begin()).collect();
        assert_eq!(begun, [StepId(2, 1), StepId(3, 0), StepId(6, 0)]);
        assert!(schedule.is_over(5) && !schedule.is_over(6));
        assert!(schedule.has_remains(2) && schedule.has_remains(5) && !schedule.has_remains(6));
    }

    #[test]
    fn steps_that_need_each_other_are_refused() {
        use StepState::Waiting;
        let circle = [step(2, 0, &[(3, 0)], Waiting), step(3, 0, &[(2, 0)], Waiting)];
        let error = Schedule::new(&[row(2), row(3)], &circle).expect_err("is a circle");
        assert_eq!(error.kind(), BulkErrorKind::Plan);
        let missing = [step(2, 0, &[(9, 0)], Waiting)];
        assert!(Schedule::new(&[row(2)], &missing).is_err());
    }
}
