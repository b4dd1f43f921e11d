//! Numbers that lack their plus, and which number of the tenant each may be.

use std::collections::HashMap;

use serde::Serialize;

use super::duplicates::Duplicates;
use super::problem::{Problem, Problems};
use super::problem_kind::{ProblemKind, Severity};
use super::row::{Row, UnreadableRow};

/// A number of the tenant with exactly the digits of a cell that has no plus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Suggestion {
    /// The row, as [`Row::row`] counts.
    pub row: u32,
    /// The cell in a workbook, such as `B7`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// The text of the cell, shortened.
    pub text: String,
    /// The number that it would be.
    pub number: String,
}

/// A row that lacks nothing but the plus of its number.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    row: Row,
    problem: Problem,
    unreadable: UnreadableRow,
    text: String,
}

impl Candidate {
    pub(super) fn new(row: Row, problem: Problem, unreadable: UnreadableRow, text: String) -> Self {
        Self {
            row,
            problem,
            unreadable,
            text,
        }
    }

    fn number(&self) -> &str {
        self.row.change.number().unwrap_or_default()
    }
}

/// The rows of a file and their problems, before anything is suggested.
#[derive(Debug, Clone, Default)]
pub(super) struct Certain {
    pub(super) rows: Vec<Row>,
    pub(super) unreadable: Vec<UnreadableRow>,
    pub(super) problems: Problems,
}

impl Certain {
    /// Takes the candidates as rows that cannot be read, but for those whose number is among the suggestions. Gives the
    /// suggestions that were taken.
    pub(super) fn settle(&mut self, candidates: &[Candidate], suggestions: &[Suggestion]) -> Vec<Suggestion> {
        let suggested: HashMap<u32, &Suggestion> = suggestions
            .iter()
            .map(|suggestion| (suggestion.row, suggestion))
            .collect();
        let mut duplicates = Duplicates::default();
        if !suggested.is_empty() {
            let rows = std::mem::take(&mut self.rows);
            for row in rows {
                // These rows were compared when they were read.
                let _ = duplicates.claim(&self.rows, &row);
                self.rows.push(row);
            }
        }
        let mut accepted = Vec::new();
        for candidate in candidates {
            let number = candidate.number();
            let Some(suggestion) = suggested.get(&candidate.row.row).filter(|own| own.number == number) else {
                self.refuse(candidate, candidate.problem.clone());
                continue;
            };
            match duplicates.claim(&self.rows, &candidate.row) {
                Ok(()) => {
                    let note = Problem::new(ProblemKind::SuggestedNumber, candidate.problem.row);
                    let note = note.in_place_of(&candidate.problem);
                    self.problems.add(note);
                    self.rows.push(candidate.row.clone());
                    accepted.push((*suggestion).clone());
                }
                Err((kind, earlier)) => {
                    let what = format!("{} (row {earlier})", kind.what());
                    let problem = Problem::new(kind, candidate.row.row).saying(what);
                    if kind.severity() == Severity::Error {
                        self.refuse(candidate, problem);
                    } else {
                        self.problems.add(problem);
                    }
                }
            }
        }
        self.rows.sort_by_key(|row| row.row);
        self.unreadable.sort_by_key(|row| row.row);
        self.problems.sort();
        accepted
    }

    fn refuse(&mut self, candidate: &Candidate, problem: Problem) {
        let kind = problem.kind;
        self.problems.add(problem);
        self.unreadable.push(UnreadableRow {
            kind,
            ..candidate.unreadable.clone()
        });
    }

    /// The number that each candidate would be, if the tenant has it.
    pub(super) fn suggestions<'s>(&'s self, candidates: &'s [Candidate]) -> impl Iterator<Item = Suggestion> + 's {
        candidates.iter().map(|candidate| Suggestion {
            row: candidate.row.row,
            cell: self.problems.cell(&candidate.problem),
            text: candidate.text.clone(),
            number: candidate.number().to_owned(),
        })
    }
}
