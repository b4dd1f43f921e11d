//! CSV: RFC 4180, with the separators that spreadsheets use.

use super::cell::Cell;
use super::check::Checker;
use super::header::{FoundHeader, HeaderSearch, list};
use super::layout::{Layout, note_skipped};
use super::problem::Problem;
use super::problem_kind::ProblemKind;
use super::records::{Records, delimiter};
use super::user::is_user;
use super::{Column, InputError, InputOptions, number};

/// Reads all rows into the checker, and says which columns there were.
pub(super) fn read(text: &[u8], options: &InputOptions, checker: &mut Checker<'_>) -> Result<Vec<Column>, InputError> {
    let (delimiter, text) = delimiter(text, options, |records| {
        // A row that is too long is reported when it is read.
        let search = search(records, options).unwrap_or_default();
        (search.found().map(FoundHeader::rank), search.width())
    })?;
    let search = search(&mut Records::new(text, delimiter, options), options)?;
    let Some(header) = search.found() else {
        return Err(search.refusal());
    };
    let mut records = Records::new(text, delimiter, options);
    let mut skipped = Vec::new();
    while records.next()? {
        if records.is_blank() {
            continue;
        }
        if is_broken(&records, None) {
            checker.complain(ProblemKind::Quotation, records.row);
        }
        if skipped.len() == header.above {
            break;
        }
        skipped.push((records.row, list(&records.texts())));
    }
    let mut layout = Layout::of(&records.texts(), records.row, options, checker)?;
    note_skipped(&skipped, records.row, checker);
    while records.next()? {
        let line = records.row;
        let row = layout.sort(line, records.record.iter().map(Cell::of_bytes).enumerate());
        let refused = if is_broken(&records, Some(&layout)) {
            Some(Problem::new(ProblemKind::Quotation, line))
        } else if delimiter == b';' && cuts_extension(&records, &layout) {
            Some(Problem::new(ProblemKind::SplitExtension, line).in_column(Column::Number))
        } else {
            None
        };
        layout.check(line, &row, refused, checker)?;
    }
    layout.say_what_is_unread(checker);
    Ok(layout.places.iter().map(|(column, _)| *column).collect())
}

/// Searches the header among the first records.
fn search(records: &mut Records<'_>, options: &InputOptions) -> Result<HeaderSearch, InputError> {
    let mut search = HeaderSearch::default();
    while records.next()? {
        search.note_width(records.record.len());
        if !records.is_blank() && search.examine(&records.texts(), options) {
            break;
        }
    }
    Ok(search)
}

/// Whether the cell after the number is its extension.
fn cuts_extension(records: &Records<'_>, layout: &Layout) -> bool {
    let place = layout.places.iter().find(|(column, _)| *column == Column::Number);
    let next = place.and_then(|(_, place)| records.record.get(place + 1));
    next.is_some_and(|field| field.starts_with(b"ext="))
}

/// Whether a cell of several lines has a line that looks like a row of this file: a mark that was not closed can be
/// closed by one of a later row.
fn swallows_rows(records: &Records<'_>, layout: &Layout) -> bool {
    let looks_like_row = |line: &[u8]| {
        let mut cells = line.split(|byte| *byte == records.delimiter);
        layout.width > 1
            && cells.clone().count() >= layout.width
            && cells.any(|cell| {
                std::str::from_utf8(cell)
                    .is_ok_and(|cell| is_user(cell.trim()) || number::read(cell.trim(), None).is_ok())
            })
    };
    records
        .record
        .iter()
        .filter(|field| field.contains(&b'\n') || field.contains(&b'\r'))
        .any(|field| {
            let lines = field.split(|byte| matches!(byte, b'\n' | b'\r'));
            lines.skip(1).any(looks_like_row)
        })
}

/// Whether quotation marks do not match, so that rows may have run together. Only a record of several lines and
/// the last one can have swallowed others; within one line, a stray mark is a mark (`5" pipe`).
fn is_broken(records: &Records<'_>, layout: Option<&Layout>) -> bool {
    let raw = records.raw.trim_ascii();
    if !raw.contains(&b'"') {
        return false;
    }
    let has_lines = raw.iter().any(|byte| matches!(byte, b'\n' | b'\r'));
    (records.is_at_end() || has_lines) && !is_well_quoted(raw, records.delimiter)
        || has_lines && layout.is_some_and(|layout| swallows_rows(records, layout))
}

/// Whether each field that begins with a quotation mark ends with one.
fn is_well_quoted(raw: &[u8], delimiter: u8) -> bool {
    let mut bytes = raw.iter().copied().peekable();
    loop {
        // At the start of a field.
        if bytes.next_if_eq(&b'"').is_some() {
            loop {
                match bytes.next() {
                    None => return false,
                    Some(b'"') if bytes.next_if_eq(&b'"').is_none() => break,
                    Some(_) => {}
                }
            }
            match bytes.next() {
                None => return true,
                Some(b'\n' | b'\r') => {}
                Some(byte) if byte == delimiter => {}
                Some(_) => return false,
            }
        } else {
            loop {
                match bytes.next() {
                    None => return true,
                    Some(b'\n' | b'\r') => break,
                    Some(byte) if byte == delimiter => break,
                    Some(_) => {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_that_do_not_match_are_found() {
        for (raw, well) in [
            (r#"a,"b",c"#, true),
            ("\"a\nb\",c", true),
            (r#""a""b",c"#, true),
            ("\",", false),
            (r#"5" pipe,c"#, true),
            (r#"a,"b"#, false),
            ("\"a\nb,\"c\nd", false),
            (r#""a"b,c"#, false),
            ("", true),
        ] {
            assert_eq!(is_well_quoted(raw.as_bytes(), b','), well, "{raw}");
        }
    }
}
