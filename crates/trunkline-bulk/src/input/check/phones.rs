//! Rows that have a column for each phone of a person: each phone is a row of its own.

use trunkline::phones::PhoneRole;
use trunkline::{Action, Change};

use super::{Checked, Checker, Wrong};
use crate::input::cell::{Cell, Cells};
use crate::input::problem::{Problem, Problems};
use crate::input::problem_kind::ProblemKind;
use crate::input::row::{Row, UnreadableRow};
use crate::input::{Column, InputError};

/// Rows of a file have numbers below this; above it stands which phone of the row it is, until the file is read.
const MARK: u32 = 1 << 24;

/// The columns of phones.
#[derive(Debug, Default)]
pub(super) struct PhoneColumns {
    columns: Vec<Column>,
    /// The row of the header.
    header: u32,
    /// The column whose cell is read as the number of a row.
    current: Option<Column>,
    /// The last row of the file that was read.
    last: u32,
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

impl Checker<'_> {
    /// Notes that rows have these columns of phones.
    pub(in crate::input) fn set_phones(&mut self, header: u32, columns: Vec<Column>) {
        if columns.len() == 1 {
            self.complain(ProblemKind::PhonesAssumed, header);
        }
        self.phones = PhoneColumns {
            columns,
            header,
            ..PhoneColumns::default()
        };
    }

    /// Checks the phones of a row, each by itself.
    pub(super) fn phones_of(&mut self, line: u32, cells: &Cells<'_>) -> Result<(), InputError> {
        if line >= MARK {
            return Err(InputError::TooLarge {
                limit: u64::from(MARK),
                unit: "rows, blank ones included",
            });
        }
        self.phones.last = self.phones.last.max(line);
        let columns = self.phones.columns.clone();
        let filled = (0..).zip(columns).filter(|(_, column)| !cells.get(*column).is_blank());
        let mut has_phone = false;
        let mut is_user_right = true;
        for (place, column) in filled {
            self.count()?;
            has_phone = true;
            self.first_error = None;
            self.phones.current = Some(column);
            let mut row = Cells::default();
            row.set(Column::User, cells.get(Column::User).clone());
            row.set(Column::Number, cells.get(column).clone());
            let change: Checked<_> = if is_user_right {
                self.phone(line, column, &row)
            } else {
                // That was reported for the first phone of the row.
                self.first_error = Some(ProblemKind::BadUser);
                Err(Wrong)
            };
            is_user_right &= !matches!(self.first_error, Some(ProblemKind::BadUser | ProblemKind::EmptyCell));
            self.end(line + place * MARK, change, &row);
        }
        self.phones.current = None;
        if !has_phone {
            let problem = Problem::new(ProblemKind::UnreadRow, line);
            self.problems
                .add(problem.saying("the row has no phone, so it changes nothing"));
        }
        Ok(())
    }

    fn phone(&mut self, line: u32, column: Column, cells: &Cells<'_>) -> Checked<Change> {
        let mut row = Cells::default();
        for read in [Column::User, Column::Number] {
            row.set(read, cells.get(read).clone());
        }
        let role = column.role().map(PhoneRole::name).unwrap_or_default();
        row.set(Column::Role, Cell::Text(role.into()));
        self.change(line, Action::SetPhone, &row)
    }
}
