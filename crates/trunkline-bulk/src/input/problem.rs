//! Problems of a file, row by row, and by their causes.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;
use trunkline::mask;

use super::Column;
use super::groups::{Places, ProblemGroup, Tally, join_unread_columns};
use super::problem_kind::{ProblemKind, Severity};

/// Something about a file that has to be put right, or looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// The row, counted from one, header included. What is said of the whole file is said of its header.
    pub row: u32,
    /// The column, by the heading the file gives it or by its name; none when it is the row as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<Cow<'static, str>>,
    /// The cell in a workbook, such as `B7`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// The value of the cell, masked and shortened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The kind of the problem.
    pub kind: ProblemKind,
    /// The severity.
    pub severity: Severity,
    /// The message.
    pub what: Cow<'static, str>,
    /// The next step.
    pub next_step: Cow<'static, str>,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "row {}", self.row)?;
        if let Some(column) = &self.column {
            write!(formatter, ", {column}")?;
        }
        if let Some(cell) = &self.cell {
            write!(formatter, " ({cell})")?;
        }
        write!(formatter, ": {}", self.what)?;
        if let Some(value) = &self.value {
            write!(formatter, " ({value})")?;
        }
        write!(formatter, ". {}", self.next_step)
    }
}

impl Problem {
    pub(super) fn new(kind: ProblemKind, line: u32) -> Self {
        Self {
            row: line,
            column: None,
            cell: None,
            value: None,
            kind,
            severity: kind.severity(),
            what: Cow::Borrowed(kind.what()),
            next_step: Cow::Borrowed(kind.next_step()),
        }
    }

    pub(super) fn in_column(self, column: Column) -> Self {
        self.under(Cow::Borrowed(column.name()))
    }

    /// With the column and the value of another problem.
    pub(super) fn in_place_of(mut self, other: &Self) -> Self {
        self.column.clone_from(&other.column);
        self.value.clone_from(&other.value);
        self
    }

    pub(super) fn under(mut self, heading: impl Into<Cow<'static, str>>) -> Self {
        self.column = Some(heading.into());
        self
    }

    pub(super) fn value(mut self, value: &str) -> Self {
        self.value = Some(shown(value));
        self
    }

    pub(super) fn advising(mut self, next_step: Option<Cow<'static, str>>) -> Self {
        if let Some(next_step) = next_step {
            self.next_step = next_step;
        }
        self
    }

    pub(super) fn saying(mut self, what: impl Into<Cow<'static, str>>) -> Self {
        self.what = what.into();
        self
    }
}

/// A value as it may be shown: masked, on one line, and not longer than a line.
pub(super) fn shown(value: &str) -> String {
    const LONGEST: usize = 60;
    let head: String = value.chars().take(LONGEST).collect();
    let mut shown = mask::text(&head);
    if head.len() < value.len() {
        shown.push('…');
    }
    shown
}

/// The problems of a file: the first of them in full, all of them counted by their cause.
#[derive(Debug, Clone, Default)]
pub struct Problems {
    kept: Vec<Problem>,
    limit: usize,
    counts: [u64; 3],
    tally: Tally,
    places: Places,
}

impl Problems {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            ..Self::default()
        }
    }

    /// Notes that the file is a workbook, whose cells have names.
    pub(super) fn name_cells(&mut self) {
        self.places.name_cells();
    }

    /// Notes where a column stands, by the name that problems have of it.
    pub(super) fn locate(&mut self, column: impl Into<Cow<'static, str>>, place: usize) {
        self.places.add(column.into(), place);
    }

    /// Counts a problem, and keeps it if there is room. Errors find room among notes and warnings.
    pub(super) fn add(&mut self, mut problem: Problem) {
        self.counts[problem.severity as usize] += 1;
        self.tally.count(problem.kind, problem.column.as_ref(), problem.row);
        if self.kept.len() >= self.limit {
            // The last warning yields: a file may have a million of them before its first error.
            let mild = |problem: &Problem| problem.severity < Severity::Error;
            match self.kept.last() {
                Some(last) if problem.severity == Severity::Error && mild(last) => self.kept.pop(),
                _ => return,
            };
        }
        problem.cell = self.cell(&problem);
        self.kept.push(problem);
    }

    /// The cell of a problem in a workbook.
    pub(super) fn cell(&self, problem: &Problem) -> Option<String> {
        self.places.cell(problem.column.as_deref(), problem.row)
    }

    /// The problems by their causes: one entry for all cells of a column that have the same. Errors come first, then warnings,
    /// then notes. All are counted, also those that are not kept one by one.
    #[must_use]
    pub fn groups(&self) -> Vec<ProblemGroup> {
        let mut groups = self.tally.groups(&self.places);
        for problem in &self.kept {
            let group = self.tally.find(problem.kind, problem.column.as_ref());
            if let Some(group) = group.and_then(|group| groups.get_mut(group)) {
                group.describe(&problem.what, &problem.next_step, problem.value.as_deref());
            }
        }
        join_unread_columns(&mut groups);
        groups.sort_by_key(|group| (std::cmp::Reverse(group.severity), group.row));
        groups
    }

    /// Says more than the message of a problem that was kept.
    pub(super) fn amend(&mut self, kind: ProblemKind, line: u32, column: &str, more: &str) {
        let known = self
            .kept
            .iter_mut()
            .find(|problem| problem.kind == kind && problem.row == line && problem.column.as_deref() == Some(column));
        if let Some(problem) = known {
            problem.what = format!("{}; {more}", problem.what).into();
        }
    }

    /// Puts them into the order of the file.
    pub(super) fn sort(&mut self) {
        self.kept.sort_by_key(|problem| problem.row);
    }

    /// The problems that were kept, in the order of the file.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.kept.iter()
    }

    /// Number of problems with a severity, kept or not.
    #[must_use]
    pub fn count(&self, severity: Severity) -> u64 {
        self.counts[severity as usize]
    }

    /// Whether no row was refused.
    #[must_use]
    pub fn is_free_of_errors(&self) -> bool {
        self.count(Severity::Error) == 0
    }

    /// Number of problems that were counted, not kept.
    #[must_use]
    pub fn left_out(&self) -> u64 {
        self.counts.iter().sum::<u64>() - self.kept.len() as u64
    }
}

impl<'p> IntoIterator for &'p Problems {
    type Item = &'p Problem;
    type IntoIter = std::slice::Iter<'p, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_reads_as_one_line() {
        let problem = Problem::new(ProblemKind::NoPlus, 7)
            .in_column(Column::Number)
            .value("12065550100");
        assert!(
            problem.to_string().starts_with("row 7, number: the number has no plus"),
            "{problem}"
        );
        assert_eq!(problem.value.as_deref(), Some("***00"));
    }

    #[test]
    fn errors_are_kept_before_warnings_and_all_are_counted() {
        let mut problems = Problems::new(2);
        for line in 1..=5 {
            problems.add(Problem::new(ProblemKind::UnusedCell, line));
        }
        problems.add(Problem::new(ProblemKind::BadUser, 6));
        assert_eq!(problems.count(Severity::Warning), 5);
        assert_eq!(problems.left_out(), 4);
        assert!(problems.iter().any(|problem| problem.kind == ProblemKind::BadUser));
    }
}
