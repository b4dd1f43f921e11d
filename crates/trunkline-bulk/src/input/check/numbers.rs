//! The number of a row, and the extension that stands in a column of its own.

use trunkline::{Action, TelephoneNumber};

use super::{Checked, Checker, Values, Wrong};
use crate::input::cell::Cells;
use crate::input::problem::Problem;
use crate::input::problem_kind::ProblemKind;
use crate::input::{Column, number};

/// Maximum number of rows for which a number can be suggested; the others are wrong like any.
const CANDIDATES: usize = 100_000;

/// From here on, a number that is stored as a number has lost digits.
const FIRST_INEXACT: f64 = 1e15;

/// The longest extension, in digits.
const LONGEST_EXTENSION: usize = 15;

/// The next step for a number without a plus that the tenant may have.
const ACCEPT: &str = "or add --accept-suggestions, which takes the number of the tenant that has exactly these digits \
    (Python: accept_suggestions=True, Node: acceptSuggestions: true)";

impl Checker<'_> {
    pub(super) fn number(&mut self, line: u32, action: Action, text: &str, values: &mut Values) -> Checked<()> {
        let read = match number::read(text, self.options.country) {
            Ok(read) => read,
            Err((kind, what, next_step)) => {
                let problem = self.of_cell(kind, line, Column::Number).value(text);
                let problem = problem.saying(what).advising(next_step);
                return self.doubt(problem, text, action, values);
            }
        };
        if text.contains('\u{a0}') {
            let problem = self.of_cell(ProblemKind::NoBreakSpace, line, Column::Number);
            self.problems.add(problem.value(text));
        }
        let first = &mut self.forms[usize::from(action == Action::SetPhone)][read.form as usize];
        *first = first.or(Some(line));
        values.number = Some(read.number);
        Ok(())
    }

    /// Reads a number that the cell holds as a number: its digits are certain, its plus is lost. With a country, the digits are
    /// read as one of its numbers.
    pub(super) fn stored_number(
        &mut self,
        line: u32,
        action: Action,
        stored: f64,
        has_plus: bool,
        values: &mut Values,
    ) -> Checked<()> {
        let kind = if has_plus {
            ProblemKind::PlusByFormat
        } else {
            ProblemKind::StoredAsNumber
        };
        let mut problem = self.of_cell(kind, line, Column::Number).value(&stored.to_string());
        if stored.fract() != 0.0 || !(1.0..FIRST_INEXACT).contains(&stored) {
            return Err(self.report(problem));
        }
        let digits = stored.to_string();
        if let Some(country) = self.options.country {
            match number::read(&digits, Some(country)) {
                // A plus that the cell shows says what the first digits are.
                Ok(read) if !has_plus || read.number.digits() == digits => {
                    let note = self.of_cell(ProblemKind::NumberCell, line, Column::Number);
                    self.problems.add(note.value(&digits));
                    values.number = Some(read.number);
                    return Ok(());
                }
                Ok(_) => {}
                Err((_, what, _)) => {
                    let what = format!("{}; as a number of {country} it cannot be read: {what}", kind.what());
                    problem = problem.saying(what);
                }
            }
        }
        self.doubt(problem, &digits, action, values)
    }

    /// Puts off the problem of a number that lacks nothing but its plus: the inventory may have the one that is meant.
    fn doubt(&mut self, problem: Problem, digits: &str, action: Action, values: &mut Values) -> Checked<()> {
        use ProblemKind::{NoPlus, PlusByFormat, StoredAsNumber};
        let lacks_plus = matches!(problem.kind, NoPlus | PlusByFormat | StoredAsNumber);
        let is_of_inventory = matches!(
            action,
            Action::Assign | Action::Move | Action::Unassign | Action::SetLocation
        );
        let number = TelephoneNumber::from_service(digits).ok();
        match number.filter(|_| lacks_plus && is_of_inventory && self.candidates.len() < CANDIDATES) {
            None => Err(self.report(problem)),
            Some(number) => {
                values.number = Some(number);
                self.first_error.get_or_insert(problem.kind);
                let next_step = format!("{}; {ACCEPT}", problem.next_step);
                self.doubtful = Some(problem.advising(Some(next_step.into())));
                Ok(())
            }
        }
    }

    /// Joins an extension of its own column to the number of the row.
    pub(super) fn extension(&mut self, line: u32, text: &str, values: &mut Values, cells: &Cells<'_>) -> Checked<()> {
        if !text.bytes().all(|byte| byte.is_ascii_digit()) || text.len() > LONGEST_EXTENSION {
            let problem = self.of_cell(ProblemKind::BadNumber, line, Column::Extension);
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
