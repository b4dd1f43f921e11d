//! Rows that have a column for each phone of a person: each phone is a row of its own.

use trunkline::phones::PhoneRole;
use trunkline::{Action, Change};

use super::phone_columns::{MARK, PhoneColumns};
use super::{Checked, Checker, Wrong};
use crate::input::cell::{Cell, Cells};
use crate::input::problem::Problem;
use crate::input::problem_kind::ProblemKind;
use crate::input::{Column, InputError};

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
