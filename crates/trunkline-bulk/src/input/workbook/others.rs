//! The sheets of a workbook that are not read: rows that stand there are not lost without a word.

use super::package::Package;
use super::sheets::{Parts, Sheet, names};
use super::styles::Styles;
use super::texts::Texts;
use super::{SheetCells, cells::Found};
use crate::input::cell::Cell;
use crate::input::check::Checker;
use crate::input::problem::{Problem, ProblemKind, shown};
use crate::input::{Column, InputError};

/// Maximum number of sheets that are checked.
const LOOKED_AT: usize = 64;

/// The contents of a sheet, as far as its beginning shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Nothing,
    /// Something else than rows of ours, or more than can be looked at.
    Something,
    /// A header of which a column is known, and at least one row.
    Rows,
}

/// Reports the other sheets that have rows.
pub(super) fn note(
    package: &mut Package<'_>,
    parts: &Parts,
    texts: &Texts,
    styles: &Styles,
    header: u32,
    checker: &mut Checker<'_>,
) {
    let contents = contents(package, parts, texts, styles);
    for (content, kind) in [
        (Content::Rows, ProblemKind::UnreadSheet),
        (Content::Something, ProblemKind::OtherSheets),
    ] {
        let those = those(parts, &contents, content);
        if those.is_empty() {
            continue;
        }
        let what = format!("{}: {}", kind.what(), names(those.into_iter()));
        checker.problems.add(Problem::new(kind, header).saying(what));
    }
}

/// Names the sheets that could be meant when the one that was read has no header.
pub(super) fn explain(
    error: InputError,
    package: &mut Package<'_>,
    parts: &Parts,
    texts: &Texts,
    styles: &Styles,
) -> InputError {
    let found = match &error {
        InputError::NoKnownColumn { found } | InputError::NoAction { found } => format!("has other headings: {found}"),
        InputError::Empty => "is empty".to_owned(),
        _ => return error,
    };
    let contents = contents(package, parts, texts, styles);
    let those = those(parts, &contents, Content::Rows);
    if those.is_empty() {
        return error;
    }
    InputError::WrongSheet {
        sheet: shown(&parts.sheet.name),
        found,
        known: names(those.into_iter()),
    }
}

fn those<'p>(parts: &'p Parts, contents: &[Content], content: Content) -> Vec<&'p Sheet> {
    let pairs = parts.others.iter().zip(contents);
    pairs
        .filter(|(_, found)| **found == content)
        .map(|(sheet, _)| sheet)
        .collect()
}

/// The contents of each of the other sheets, as far as they were read.
fn contents(package: &mut Package<'_>, parts: &Parts, texts: &Texts, styles: &Styles) -> Vec<Content> {
    let look = |(index, sheet): (usize, &Sheet)| {
        if index < LOOKED_AT {
            content(package, sheet, texts, styles).unwrap_or(Content::Something)
        } else {
            Content::Something
        }
    };
    parts.others.iter().enumerate().map(look).collect()
}

fn content(package: &mut Package<'_>, sheet: &Sheet, texts: &Texts, styles: &Styles) -> Result<Content, InputError> {
    let Some(markup) = package.begin_of(&sheet.path)? else {
        return Ok(Content::Nothing);
    };
    let mut cells = SheetCells::new(markup, texts, styles)?;
    let mut header: Option<u32> = None;
    let mut is_known = false;
    while let Some(Found { row, cell, .. }) = cells.next()? {
        if cell.is_blank() {
            continue;
        }
        if *header.get_or_insert(row) == row {
            is_known |= matches!(&cell, Cell::Text(text) if Column::of_header(text).is_some());
        } else if is_known {
            return Ok(Content::Rows);
        } else {
            break;
        }
    }
    // A header without rows below it says nothing about anybody.
    Ok(match header {
        Some(_) if !is_known => Content::Something,
        _ => Content::Nothing,
    })
}
