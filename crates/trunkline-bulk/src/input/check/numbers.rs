//! The number of a row, and the extension that stands in a column of its own.

use super::{Checked, Checker, Wrong};
use crate::input::cell::Cells;
use crate::input::number;
use crate::input::problem::{Problem, ProblemKind};
use crate::input::row::Action;
use crate::input::store::{Packed, Text};
use crate::input::{Column, InputError};

/// The longest extension, in digits.
const LONGEST_EXTENSION: usize = 15;

impl Checker<'_> {
    pub(super) fn number(
        &mut self,
        line: u32,
        action: Action,
        text: &str,
        packed: &mut Packed,
    ) -> Result<Checked<()>, InputError> {
        let read = match number::read(text, self.options.default_country) {
            Ok(read) => read,
            Err((kind, what, next_step)) => {
                self.first_error.get_or_insert(kind);
                self.problems.add(kind, || {
                    Problem::new(kind, line)
                        .in_column(Column::Number)
                        .value(text)
                        .saying(what)
                        .advising(next_step)
                });
                return Ok(Err(Wrong));
            }
        };
        if text.contains('\u{a0}') {
            let kind = ProblemKind::NoBreakSpace;
            self.problems
                .add(kind, || Problem::new(kind, line).in_column(Column::Number).value(text));
        }
        let first = &mut self.forms[usize::from(action == Action::SetPhone)][read.form as usize];
        *first = first.or(Some(line));
        let Ok(digits) = read.number.digits().parse() else {
            return Ok(Err(self.wrong(ProblemKind::BadNumber, line, Column::Number, text)));
        };
        packed.digits = digits;
        if let Some(extension) = read.number.extension() {
            packed.extension = self.intern(extension)?;
        }
        Ok(Ok(()))
    }

    /// Joins an extension of its own column to the number of the row.
    pub(super) fn extension(
        &mut self,
        line: u32,
        text: &str,
        packed: &mut Packed,
        cells: &Cells<'_>,
    ) -> Result<Checked<()>, InputError> {
        if !text.bytes().all(|byte| byte.is_ascii_digit()) || text.len() > LONGEST_EXTENSION {
            let kind = ProblemKind::BadNumber;
            self.first_error.get_or_insert(kind);
            self.problems.add(kind, || {
                Problem::new(kind, line)
                    .in_column(Column::Extension)
                    .value(text)
                    .saying("the extension is not a row of digits")
            });
            return Ok(Err(Wrong));
        }
        if packed.digits == 0 {
            // Of a number that is wrong, that was said.
            if cells.get(Column::Number).is_blank() {
                self.wrong(ProblemKind::ExtensionAlone, line, Column::Extension, text);
            }
            return Ok(Err(Wrong));
        }
        let extension = self.intern(text)?;
        if packed.extension != Text::NONE && packed.extension != extension {
            return Ok(Err(self.wrong(
                ProblemKind::OtherExtension,
                line,
                Column::Extension,
                text,
            )));
        }
        packed.extension = extension;
        Ok(Ok(()))
    }
}
