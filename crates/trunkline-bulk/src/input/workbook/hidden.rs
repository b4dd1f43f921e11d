//! Rows and columns of a sheet that a person does not see.

use crate::input::cell::Cell;
use crate::input::check::Checker;
use crate::input::groups::letters;
use crate::input::problem::Problem;
use crate::input::problem_kind::ProblemKind;
use crate::input::{Column, Hidden, InputError};

/// Maximum number of hidden rows in a message.
const NAMED: usize = 8;

/// The hidden rows and columns of a sheet.
#[derive(Debug, Default)]
pub(super) struct HiddenParts {
    count: u32,
    /// The first of the rows, counted from one.
    rows: Vec<u32>,
    columns: Vec<HiddenColumn>,
}

/// A column that is known, and hidden.
#[derive(Debug)]
struct HiddenColumn {
    place: usize,
    column: Column,
    /// In how many rows it is filled.
    filled: u32,
}

impl HiddenParts {
    /// Notes a hidden row that is not blank.
    pub(super) fn add_row(&mut self, line: u32) {
        self.count += 1;
        if self.rows.len() < NAMED {
            self.rows.push(line);
        }
    }

    /// Notes a hidden column of the header.
    pub(super) fn add_column(&mut self, place: usize, column: Column) {
        self.columns.push(HiddenColumn {
            place,
            column,
            filled: 0,
        });
    }

    /// Notes what hidden columns hold in a row.
    pub(super) fn look_at(&mut self, row: &[(usize, Cell<'_>)]) {
        for column in &mut self.columns {
            let is_filled = |(place, cell): &(usize, Cell<'_>)| *place == column.place && !cell.is_blank();
            column.filled += u32::from(row.iter().any(is_filled));
        }
    }

    /// Refuses to go on until somebody chose; or says what was done with what is hidden.
    pub(super) fn settle(
        self,
        choice: Option<Hidden>,
        header: u32,
        checker: &mut Checker<'_>,
    ) -> Result<(), InputError> {
        let rows = (self.count > 0).then(|| {
            let named: Vec<String> = self.rows.iter().map(u32::to_string).collect();
            let more = if self.count as usize > named.len() { ", …" } else { "" };
            let (rows, are) = if self.count == 1 {
                ("row", "is")
            } else {
                ("rows", "are")
            };
            format!(
                "{} {rows} with values {are} hidden, by hand or by a filter ({rows} {}{more})",
                self.count,
                named.join(", ")
            )
        });
        let columns = self.columns.iter().filter(|column| column.filled > 0).map(|column| {
            let rows = if column.filled == 1 { "row" } else { "rows" };
            let letters = letters(column.place as u32);
            format!(
                "the column {letters} ({}) is hidden, and filled in {} {rows}",
                column.column, column.filled
            )
        });
        let parts: Vec<(ProblemKind, String)> = rows
            .map(|what| (ProblemKind::HiddenRows, what))
            .into_iter()
            .chain(columns.map(|what| (ProblemKind::HiddenColumn, what)))
            .collect();
        let done = match choice {
            None if parts.is_empty() => return Ok(()),
            None => {
                let whats: Vec<String> = parts.into_iter().map(|(_, what)| what).collect();
                return Err(InputError::Hidden { what: whats.join("; ") });
            }
            Some(Hidden::Include) => "it is read like any other",
            Some(Hidden::Skip) => "it is left out",
        };
        for (kind, what) in parts {
            let problem = Problem::new(kind, header.saturating_add(1));
            checker.problems.add(problem.saying(format!("{what}; {done}")));
        }
        Ok(())
    }
}
