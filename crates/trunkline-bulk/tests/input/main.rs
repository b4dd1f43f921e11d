//! Files of rows, and every trap in them.

mod documentation;
mod extensions;
mod files;
mod groups;
mod limits;
mod locations;
mod people;
mod round_trip;
mod shapes;
mod sheets;
mod suggestions;
mod traps;
mod unreadable;
mod workbook;
mod workbooks;

use trunkline_bulk::input::{self, Input, InputError, InputOptions, ProblemKind, Row};

/// Reads a text as it is.
fn read(text: impl AsRef<[u8]>) -> Input {
    read_with(text, &InputOptions::default())
}

fn read_with(text: impl AsRef<[u8]>, options: &InputOptions) -> Input {
    input::read(text.as_ref(), options).unwrap_or_else(|error| panic!("{error}"))
}

fn error(text: impl AsRef<[u8]>) -> InputError {
    input::read(text.as_ref(), &InputOptions::default()).expect_err("it cannot be read")
}

/// Row, column and kind of all problems.
fn problems(input: &Input) -> Vec<(u32, &str, ProblemKind)> {
    input
        .problems()
        .iter()
        .map(|problem| (problem.row, problem.column.as_deref().unwrap_or(""), problem.kind))
        .collect()
}

/// Problems beyond the note that rows are taken for assignments.
fn complaints(input: &Input) -> Vec<(u32, &str, ProblemKind)> {
    let mut found = problems(input);
    found.retain(|(.., kind)| *kind != ProblemKind::ActionAssumed);
    found
}

/// The number and the user of a row.
fn pair(row: &Row) -> (String, String) {
    let number = row.change.number().unwrap_or_default();
    let user = row.change.person().map_or("", |user| &user.name);
    (number.to_owned(), user.to_owned())
}
