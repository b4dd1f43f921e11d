//! The number of a row, and the extension that stands in a column of its own.

use trunkline::{Action, TelephoneNumber};

use super::{Checked, Checker, Values, Wrong};
use crate::input::cell::Cells;
use crate::input::problem::{Problem, ProblemKind};
use crate::input::{Column, number};

/// The longest extension, in digits.
const LONGEST_EXTENSION: usize = 15;

impl Checker<'_> {
    pub(super) fn number(&mut self, line: u32, action: Action, text: &str, values: &mut Values) -> Checked<()> {
        let read = number::read(text, self.options.country).map_err(|(kind, what, next_step)| {
            let problem = Problem::new(kind, line).in_column(Column::Number).value(text);
            self.report(problem.saying(what).advising(next_step))
        })?;
        if text.contains('\u{a0}') {
            let problem = Problem::new(ProblemKind::NoBreakSpace, line);
            self.problems.add(problem.in_column(Column::Number).value(text));
        }
        let first = &mut self.forms[usize::from(action == Action::SetPhone)][read.form as usize];
        *first = first.or(Some(line));
        values.number = Some(read.number);
        Ok(())
    }

    /// Joins an extension of its own column to the number of the row.
    pub(super) fn extension(&mut self, line: u32, text: &str, values: &mut Values, cells: &Cells<'_>) -> Checked<()> {
        if !text.bytes().all(|byte| byte.is_ascii_digit()) || text.len() > LONGEST_EXTENSION {
            let problem = Problem::new(ProblemKind::BadNumber, line).in_column(Column::Extension);
            let problem = problem.value(text).saying("the extension must consist of digits");
            return Err(self.report(problem));
        }
        let Some(number) = &values.number else {
            // Of a number that is wrong, that was said.
            if cells.get(Column::Number).is_blank() {
                self.wrong(ProblemKind::ExtensionAlone, line, Column::Extension, text);
            }
            return Err(Wrong);
        };
        let joined = match number.extension() {
            Some(own) if own == text => return Ok(()),
            Some(_) => Err(ProblemKind::OtherExtension),
            None => TelephoneNumber::from_service(&format!("{number};ext={text}")).map_err(|_| ProblemKind::BadNumber),
        };
        match joined {
            Ok(joined) => {
                values.number = Some(joined);
                Ok(())
            }
            Err(kind) => Err(self.wrong(kind, line, Column::Extension, text)),
        }
    }
}
