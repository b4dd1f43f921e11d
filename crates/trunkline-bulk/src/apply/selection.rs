//! The rows that a run carries out when its options name some of them: a first wave.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};
use trunkline::Action;

use crate::error::{BulkError, BulkErrorKind};
use crate::journal::{Journal, RowSketch, StepSketch, StepState};
use crate::outcome::Ending;
use crate::plan::{Plan, StepId};
use crate::row_ranges::RowRanges;

/// The options that choose rows. Without any, a run carries every row out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Selection {
    pub(super) rows: Option<RowRanges>,
    pub(super) only: Vec<Action>,
    pub(super) limit: Option<u64>,
}

/// How many rows the options of a run leave out, by the option that does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Narrowed {
    /// Rows that `rows` does not name.
    pub by_rows: u64,
    /// Rows with another action than those of `only`.
    pub by_only: u64,
    /// Rows beyond `limit`.
    pub by_limit: u64,
    /// Rows that wait for a row that is left out.
    pub waiting: u64,
}

impl Narrowed {
    /// How many rows are left out.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.by_rows + self.by_only + self.by_limit + self.waiting
    }

    fn count(&mut self, reason: Reason) {
        match reason {
            Reason::Rows => self.by_rows += 1,
            Reason::Only => self.by_only += 1,
            Reason::Limit => self.by_limit += 1,
            Reason::Waits => self.waiting += 1,
        }
    }
}

/// Why a row is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    Rows,
    Only,
    Limit,
    Waits,
}

/// A row, as far as choosing is concerned.
#[derive(Debug)]
struct Candidate {
    row: u32,
    action: Option<Action>,
    /// Whether it has steps.
    changes: bool,
    /// Whether an earlier run began one of its steps. Such a row is carried to its end whatever the options say.
    has_begun: bool,
    /// Whether nothing is left to do for it.
    is_over: bool,
    /// The rows of the steps that its steps need.
    needs: Vec<u32>,
}

/// The rows that are left out.
#[derive(Debug, Default)]
pub(super) struct Choice {
    pub(super) left_out: HashSet<u32>,
    pub(super) narrowed: Narrowed,
}

impl Selection {
    fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn check(&self) -> Result<(), BulkError> {
        let refused = |what: &str, next_step: &str| Err(BulkError::new(BulkErrorKind::Option, what, next_step));
        match self {
            Self { limit: Some(0), .. } => refused("the limit of rows is 0", "Set it to 1 or more"),
            Self { rows: Some(rows), .. } if rows.is_empty() => {
                refused("no row is named to be carried out", "Name rows such as 2-40,55")
            }
            _ => Ok(()),
        }
    }

    /// Chooses among the rows of a plan.
    pub(super) fn of_plan(&self, plan: &Plan) -> Result<Choice, BulkError> {
        if self.is_everything() {
            return Ok(Choice::default());
        }
        let candidates = plan.rows.iter().map(|row| Candidate {
            row: row.row,
            action: row.wanted.change().map(trunkline::Change::action),
            changes: !row.steps.is_empty(),
            has_begun: false,
            is_over: false,
            needs: rows_of(row.steps.iter().flat_map(|step| &step.needs), row.row),
        });
        self.choose(&candidates.collect::<Vec<_>>())
    }

    /// Chooses among the rows of a journal.
    pub(super) fn of_journal(
        &self,
        journal: &Journal,
        rows: &[RowSketch],
        steps: &[StepSketch],
    ) -> Result<Choice, BulkError> {
        if self.is_everything() {
            return Ok(Choice::default());
        }
        let mut actions = if self.only.is_empty() {
            BTreeMap::new()
        } else {
            journal.actions()?
        };
        let mut rest = steps;
        let candidates = rows.iter().map(|row| {
            let (own, others) = rest.split_at(rest.partition_point(|step| step.id.0 <= row.row));
            rest = others;
            let is_settled = |step: &StepSketch| match step.state {
                StepState::Ended(ending) => !matches!(ending, Ending::Pending | Ending::Unknown | Ending::NotSeen),
                _ => false,
            };
            Candidate {
                row: row.row,
                action: actions.remove(&row.row),
                changes: !own.is_empty(),
                has_begun: own.iter().any(|step| step.state != StepState::Waiting),
                is_over: row.ending.is_some() && own.iter().all(is_settled),
                needs: rows_of(own.iter().flat_map(|step| &step.needs), row.row),
            }
        });
        self.choose(&candidates.collect::<Vec<_>>())
    }

    fn excludes(&self, candidate: &Candidate) -> Option<Reason> {
        if self.rows.as_ref().is_some_and(|rows| !rows.contains(candidate.row)) {
            return Some(Reason::Rows);
        }
        let is_other = |action| !self.only.contains(&action);
        (!self.only.is_empty() && candidate.action.is_none_or(is_other)).then_some(Reason::Only)
    }

    /// Candidates are in order of their rows.
    fn choose(&self, candidates: &[Candidate]) -> Result<Choice, BulkError> {
        if candidates.iter().all(|candidate| self.excludes(candidate).is_some()) {
            return Err(self.empty());
        }
        let mut choosing = Choosing::new(self, candidates);
        for (at, candidate) in candidates.iter().enumerate() {
            if candidate.has_begun {
                choosing.keep_with_needs(at);
            }
        }
        for at in 0..candidates.len() {
            choosing.decide(at);
        }
        let mut choice = Choice::default();
        for (candidate, place) in candidates.iter().zip(choosing.places) {
            if let Place::Out(reason) = place {
                choice.left_out.insert(candidate.row);
                choice.narrowed.count(reason);
            }
        }
        Ok(choice)
    }

    /// No row is meant: a mistyped number, most likely.
    fn empty(&self) -> BulkError {
        let actions: Vec<&str> = self.only.iter().map(|action| action.name()).collect();
        let actions = actions.join(" or ");
        let what = match (&self.rows, actions.as_str()) {
            (Some(rows), "") => format!("the plan has none of the rows {rows}"),
            (Some(rows), actions) => format!("none of the rows {rows} has the action {actions}"),
            (None, actions) => format!("no row of the plan has the action {actions}"),
        };
        BulkError::new(
            BulkErrorKind::Option,
            what,
            "Look at the plan for its rows and actions; nothing was sent",
        )
    }
}

/// The rows of needed steps, without the row itself.
fn rows_of<'s>(needs: impl Iterator<Item = &'s StepId>, own: u32) -> Vec<u32> {
    let mut rows: Vec<u32> = needs.map(|need| need.0).filter(|row| *row != own).collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Open,
    In,
    Out(Reason),
}

/// Chooses row by row, each with those that it waits for: rows that swap numbers come together or not at all.
struct Choosing<'c> {
    candidates: &'c [Candidate],
    places: Vec<Place>,
    /// How many more rows may change something.
    left: u64,
}

impl<'c> Choosing<'c> {
    fn new(selection: &Selection, candidates: &'c [Candidate]) -> Self {
        let place = |candidate: &Candidate| match selection.excludes(candidate) {
            _ if candidate.is_over => Place::In,
            Some(reason) => Place::Out(reason),
            None => Place::Open,
        };
        Self {
            candidates,
            places: candidates.iter().map(place).collect(),
            left: selection.limit.unwrap_or(u64::MAX),
        }
    }

    fn needs(&self, at: usize) -> impl Iterator<Item = usize> + use<'c> {
        let candidates = self.candidates;
        let find = |row: &u32| candidates.binary_search_by_key(row, |candidate| candidate.row).ok();
        candidates[at].needs.iter().filter_map(find)
    }

    /// Keeps a row that was begun, with the rows that it waits for.
    fn keep_with_needs(&mut self, at: usize) {
        let mut pending = vec![at];
        let mut seen = HashSet::new();
        while let Some(at) = pending.pop() {
            if seen.insert(at) && !self.candidates[at].is_over {
                self.places[at] = Place::In;
                pending.extend(self.needs(at));
            }
        }
    }

    fn decide(&mut self, at: usize) {
        if self.places[at] != Place::Open {
            return;
        }
        if !self.candidates[at].changes {
            self.places[at] = Place::In;
            return;
        }
        match self.group(at) {
            Ok(group) => {
                self.left -= group.len() as u64;
                for member in group {
                    self.places[member] = Place::In;
                }
            }
            Err(reason) => self.places[at] = Place::Out(reason),
        }
    }

    /// The row and those that it waits for, as far as they are not chosen yet.
    fn group(&self, at: usize) -> Result<HashSet<usize>, Reason> {
        let mut group = HashSet::new();
        let mut pending = vec![at];
        let mut waits = false;
        let mut exceeds = false;
        while let Some(at) = pending.pop() {
            match self.places[at] {
                Place::In => {}
                Place::Out(Reason::Limit) => exceeds = true,
                Place::Out(_) => waits = true,
                Place::Open if group.insert(at) => {
                    if group.len() as u64 > self.left {
                        exceeds = true;
                        break;
                    }
                    pending.extend(self.needs(at));
                }
                Place::Open => {}
            }
        }
        match (waits, exceeds) {
            (true, _) => Err(Reason::Waits),
            (false, true) => Err(Reason::Limit),
            (false, false) => Ok(group),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(row: u32, needs: &[u32]) -> Candidate {
        Candidate {
            row,
            action: Some(Action::Assign),
            changes: true,
            has_begun: false,
            is_over: false,
            needs: needs.to_vec(),
        }
    }

    fn left_out(selection: &Selection, candidates: &[Candidate]) -> (Vec<u32>, Narrowed) {
        let choice = selection.choose(candidates).expect("rows");
        let mut rows: Vec<u32> = choice.left_out.into_iter().collect();
        rows.sort_unstable();
        assert_eq!(rows.len() as u64, choice.narrowed.total());
        (rows, choice.narrowed)
    }

    fn limit(limit: u64) -> Selection {
        Selection {
            limit: Some(limit),
            ..Selection::default()
        }
    }

    fn rows(rows: &str) -> Selection {
        Selection {
            rows: Some(rows.parse().expect("rows")),
            ..Selection::default()
        }
    }

    #[test]
    fn a_limit_counts_rows_that_change_something() {
        let mut candidates: Vec<Candidate> = (2..8).map(|row| change(row, &[])).collect();
        candidates[0].changes = false;
        let (out, narrowed) = left_out(&limit(2), &candidates);
        assert_eq!((out, narrowed.by_limit), (vec![5, 6, 7], 3));
    }

    #[test]
    fn rows_that_swap_come_together_or_not_at_all() {
        let candidates = [change(2, &[]), change(3, &[4]), change(4, &[3]), change(5, &[])];
        assert_eq!(left_out(&limit(2), &candidates).0, [3, 4], "the next one fits");
        assert_eq!(left_out(&limit(3), &candidates).0, [5]);
        let (out, narrowed) = left_out(&rows("3,5"), &candidates);
        assert_eq!((out, narrowed.by_rows, narrowed.waiting), (vec![2, 3, 4], 2, 1));
    }

    #[test]
    fn what_waits_for_a_row_that_is_left_out_is_left_out_through_any_number_of_rows() {
        let candidates = [change(2, &[3]), change(3, &[4]), change(4, &[]), change(5, &[])];
        let (out, narrowed) = left_out(&rows("2,3,5"), &candidates);
        assert_eq!((out, narrowed.by_rows, narrowed.waiting), (vec![2, 3, 4], 1, 2));
        assert_eq!(left_out(&rows("4"), &candidates).0, [2, 3, 5]);
    }

    #[test]
    fn what_was_begun_goes_on_with_what_it_waits_for_and_is_not_counted() {
        let mut candidates = [
            change(2, &[]),
            change(3, &[4]),
            change(4, &[]),
            change(5, &[]),
            change(6, &[]),
        ];
        candidates[1].has_begun = true;
        let (out, _) = left_out(
            &Selection {
                limit: Some(1),
                ..rows("5-6")
            },
            &candidates,
        );
        assert_eq!(out, [2, 6]);
    }

    #[test]
    fn an_action_chooses_and_one_that_no_row_has_is_refused() {
        let mut candidates = [change(2, &[]), change(3, &[])];
        candidates[1].action = Some(Action::SetPhone);
        let only = |action| Selection {
            only: vec![action],
            ..Selection::default()
        };
        let (out, narrowed) = left_out(&only(Action::SetPhone), &candidates);
        assert_eq!((out, narrowed.by_only), (vec![2], 1));
        for (selection, words) in [
            (only(Action::Move), "action move"),
            (rows("9-12"), "none of the rows 9-12"),
            (
                Selection {
                    only: vec![Action::SetPhone],
                    ..rows("2")
                },
                "none of the rows 2 has the action setPhone",
            ),
        ] {
            let error = selection.choose(&candidates).expect_err("no row");
            assert_eq!(error.kind(), BulkErrorKind::Option);
            assert!(error.what().contains(words), "{error}");
        }
        assert!(limit(0).check().is_err() && Selection::default().check().is_ok());
    }
}
