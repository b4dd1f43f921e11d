//! The sheets of a workbook that are not read: rows that stand there are not lost without a word.

use std::borrow::Cow;

use super::SheetCells;
use super::package::Package;
use super::sheets::{Parts, Sheet, names};
use super::styles::Styles;
use super::texts::Texts;
use crate::input::cell::Cell;
use crate::input::check::Checker;
use crate::input::header::HeaderSearch;
use crate::input::problem::{Problem, shown};
use crate::input::problem_kind::ProblemKind;
use crate::input::{InputError, InputOptions};

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
    tables: (&Texts, &Styles),
    header: u32,
    (options, checker): (&InputOptions, &mut Checker<'_>),
) {
    let contents = contents(package, parts, tables, options);
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
    tables: (&Texts, &Styles),
    options: &InputOptions,
) -> InputError {
    let found = match &error {
        InputError::NoKnownColumn { found } | InputError::NoAction { found } => format!("has other headings: {found}"),
        InputError::Empty => "is empty".to_owned(),
        _ => return error,
    };
    let contents = contents(package, parts, tables, options);
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
fn contents(
    package: &mut Package<'_>,
    parts: &Parts,
    tables: (&Texts, &Styles),
    options: &InputOptions,
) -> Vec<Content> {
    let look = |(index, sheet): (usize, &Sheet)| {
        if index < LOOKED_AT {
            content(package, sheet, tables, options).unwrap_or(Content::Something)
        } else {
            Content::Something
        }
    };
    parts.others.iter().enumerate().map(look).collect()
}

fn content(
    package: &mut Package<'_>,
    sheet: &Sheet,
    (texts, styles): (&Texts, &Styles),
    options: &InputOptions,
) -> Result<Content, InputError> {
    let Some(markup) = package.begin_of(&sheet.path)? else {
        return Ok(Content::Nothing);
    };
    let mut cells = SheetCells::new(markup, texts, styles)?;
    let mut search = HeaderSearch::default();
    let mut count = 0_usize;
    let (mut row, mut line) = (None, Vec::new());
    loop {
        let next = cells.next()?;
        if !line.is_empty() && next.as_ref().is_none_or(|next| row != Some(next.row)) {
            count += 1;
            let is_over = search.examine(&std::mem::take(&mut line), options);
            if is_over || search.found().is_some_and(|found| found.above + 1 < count) {
                break;
            }
        }
        let Some(found) = next else { break };
        row = Some(found.row);
        match found.cell {
            cell if cell.is_blank() => {}
            Cell::Text(text) => line.push(text),
            Cell::Number(number) => line.push(Cow::Owned(number.to_string())),
            _ => line.push(Cow::Borrowed("")),
        }
    }
    // A header without rows below it says nothing about anybody.
    Ok(match search.found() {
        Some(found) if found.above + 1 < count => Content::Rows,
        Some(_) => Content::Nothing,
        None if count > 0 => Content::Something,
        None => Content::Nothing,
    })
}
