//! The columns of phones, and the row numbers of the phones in them.

use crate::input::Column;
use crate::input::problem::{Problem, Problems};
use crate::input::problem_kind::ProblemKind;
use crate::input::row::{Row, UnreadableRow};

/// Rows of a file have numbers below this; above it stands which phone of the row it is, until the file is read.
pub(super) const MARK: u32 = 1 << 24;

/// The columns of phones.
#[derive(Debug, Default)]
pub(super) struct PhoneColumns {
    pub(super) columns: Vec<Column>,
    /// The row of the header.
    pub(super) header: u32,
    /// The column whose cell is read as the number of a row.
    pub(super) current: Option<Column>,
    /// The last row of the file that was read.
    pub(super) last: u32,
}

impl PhoneColumns {
    /// The column in which a cell of the present row stands.
    pub(super) fn place_of(&self, column: Column) -> Column {
        match self.current {
            Some(current) if column == Column::Number => current,
            _ => column,
        }
    }

    /// The row of the file, of a row that was checked.
    pub(super) fn line_of(&self, row: u32) -> u32 {
        if self.columns.is_empty() { row } else { row % MARK }
    }

    /// Gives each phone a row number of its own: those of the first column have the numbers of the file, those of the next ones
    /// 1,000 more (or 10,000, …), so that the row of the file can be read off.
    pub(super) fn number(&self, rows: &mut [Row], unreadable: &mut [UnreadableRow], problems: &mut Problems) {
        if self.columns.len() < 2 {
            return;
        }
        let mut step = 1_000;
        while step <= self.last {
            step *= 10;
        }
        let numbers = rows.iter_mut().map(|row| &mut row.row);
        for row in numbers.chain(unreadable.iter_mut().map(|row| &mut row.row)) {
            *row = *row % MARK + *row / MARK * step;
        }
        let first = self.header.saturating_add(1);
        let named: Vec<String> = (1..)
            .zip(&self.columns[1..])
            .map(|(place, column)| format!("row {} is the column {column} of row {first}", first + place * step))
            .collect();
        let problem = Problem::new(ProblemKind::PhonesAssumed, self.header);
        problems.add(problem.saying(format!(
            "{}; each phone is a row of the plan: {}",
            ProblemKind::PhonesAssumed.what(),
            named.join(", ")
        )));
    }
}
