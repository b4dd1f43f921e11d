//! The header: which column stands where.

use std::borrow::Cow;

use super::check::{Checker, Unnamed};
use super::problem::{Problem, ProblemKind, shown};
use super::row::Action;
use super::{Column, InputError, InputOptions};

/// Which column stands where.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// The columns that are read, with their places.
    pub(super) places: Vec<(Column, usize)>,
    /// How many columns there are, read or not.
    pub(super) width: usize,
}

impl Layout {
    /// Reads a header. What is odd about it is said of its row, `line`.
    pub(super) fn of(
        headings: &[Cow<'_, str>],
        line: u32,
        options: &InputOptions,
        checker: &mut Checker<'_>,
    ) -> Result<Self, InputError> {
        if headings.len() > options.limits.columns {
            return Err(InputError::TooManyColumns {
                limit: options.limits.columns,
            });
        }
        let mut layout = Self {
            places: Vec::new(),
            width: headings.len(),
        };
        let heading_of = |place: usize| shown(headings[place].trim());
        for (place, heading) in headings.iter().enumerate() {
            match Column::from_heading(super::unguarded(heading.trim())) {
                Some(column) => match layout.place(column) {
                    None => layout.places.push((column, place)),
                    Some(first) => {
                        let kind = ProblemKind::DuplicateColumn;
                        checker.problems.add(kind, || {
                            Problem::new(kind, line).under(heading_of(place)).saying(format!(
                                "the column means the same as the column {:?}: {column}",
                                heading_of(first)
                            ))
                        });
                    }
                },
                None if heading.trim().is_empty() => {}
                None => unknown(checker, line, heading),
            }
        }
        if layout.places.is_empty() {
            let mut found: Vec<String> = (0..headings.len().min(8)).map(heading_of).collect();
            found.extend((headings.len() > 8).then(|| "…".to_owned()));
            return Err(InputError::NoKnownColumn {
                found: found.join(", "),
            });
        }
        let unnamed = layout.unnamed(line, options, checker)?;
        checker.set_unnamed(unnamed);
        Ok(layout)
    }

    fn place(&self, column: Column) -> Option<usize> {
        self.places
            .iter()
            .find(|(known, _)| *known == column)
            .map(|(_, place)| *place)
    }

    /// What rows do that name no action.
    fn unnamed(&self, line: u32, options: &InputOptions, checker: &mut Checker<'_>) -> Result<Unnamed, InputError> {
        let has = |column| self.place(column).is_some();
        if let Some(action) = options.default_action {
            return Ok(Unnamed::Is(action));
        }
        if has(Column::Action) {
            return Ok(Unnamed::Refused);
        }
        let numbers = has(Column::Number) || options.pick;
        if numbers && has(Column::User) && !has(Column::Role) && !has(Column::SmsSignIn) {
            checker.assume_assignments(line);
            return Ok(Unnamed::Is(Action::Assign));
        }
        Err(InputError::NoAction)
    }
}

/// Says that a column is not read.
pub(super) fn unknown(checker: &mut Checker<'_>, line: u32, heading: &str) {
    let kind = ProblemKind::UnknownColumn;
    checker
        .problems
        .add(kind, || Problem::new(kind, line).under(shown(heading.trim())));
}
