//! CSV: RFC 4180, with the separators that spreadsheets use.

use std::borrow::Cow;
use std::io::Read;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::cell::{Cell, Cells};
use super::check::Checker;
use super::header::Layout;
use super::problem::{Problem, ProblemKind};
use super::source::Window;
use super::user::is_user;
use super::{Column, InputError, InputOptions, number};

/// Separators that are found out, the one that RFC 4180 knows first.
const DELIMITERS: [u8; 3] = *b",;\t";

/// Reads all rows into the checker, and says which columns there were.
pub(super) fn read<R: Read>(
    window: &mut Window<R>,
    options: &InputOptions,
    checker: &mut Checker<'_>,
) -> Result<Vec<Column>, InputError> {
    let delimiter = delimiter(window, options)?;
    let mut records = Records::new(delimiter, options);
    // Lines of separators alone, above the header, are as blank as empty ones.
    loop {
        if !records.next(window)? {
            return Err(InputError::Empty);
        }
        if records.fields().any(|field| !field.trim_ascii().is_empty()) {
            break;
        }
    }
    let headings: Vec<Cow<'_, str>> = records.fields().map(String::from_utf8_lossy).collect();
    let mut layout = Layout::of(&headings, records.row, options, checker)?;
    if records.is_broken(window, None) {
        checker.complain(ProblemKind::Quotation, records.row);
    }
    let unread: Vec<usize> = layout.unread_places().collect();
    while records.next(window)? {
        let mut cells = Cells::default();
        for &(column, place) in &layout.places {
            if place < records.count {
                cells.set(column, Cell::of_bytes(records.field(place)));
            }
        }
        if records.is_broken(window, Some(&layout)) {
            checker.refuse(ProblemKind::Quotation, records.row, &cells)?;
            continue;
        }
        if delimiter == b';' && records.cuts_extension(&layout) {
            let problem = Problem::new(ProblemKind::SplitExtension, records.row).in_column(Column::Number);
            checker.refuse_with(problem, &cells)?;
            continue;
        }
        let mut extra = records.fields().skip(layout.width);
        if extra.any(|field| !field.trim_ascii().is_empty()) {
            checker.refuse(ProblemKind::ExtraCells, records.row, &cells)?;
            continue;
        }
        let contradiction = layout.repeated.iter().find_map(|again| {
            let own = match again.place < records.count {
                true => Cell::of_bytes(records.field(again.place)),
                false => Cell::Empty,
            };
            again.contradicts(records.row, &cells, &own)
        });
        if let Some(problem) = contradiction {
            checker.refuse_with(problem, &cells)?;
            continue;
        }
        let mut is_unread = false;
        for &place in unread.iter().take_while(|place| **place < records.count) {
            let field = records.field(place).trim_ascii();
            if !field.is_empty() {
                is_unread = true;
                layout.pass_over(place, records.row, || String::from_utf8_lossy(field).into_owned());
            }
        }
        if is_unread && cells.are_blank() {
            checker.complain(ProblemKind::UnreadRow, records.row);
        } else {
            checker.row(records.row, &cells)?;
        }
    }
    layout.say_what_is_unread(checker);
    Ok(layout.places.iter().map(|(column, _)| *column).collect())
}

/// The separator: the one that was given, the one that the line `sep=;` names, or the one that makes most of the header.
fn delimiter<R: Read>(window: &mut Window<R>, options: &InputOptions) -> Result<u8, InputError> {
    let mut named = None;
    // Excel writes and reads such a line, and does not count it.
    if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter, rest @ ..] = window.bytes() {
        let line_end = [b"\r\n".as_slice(), b"\n", b"\r"]
            .into_iter()
            .find(|end| rest.starts_with(end));
        if let Some(end) = line_end {
            named = Some(*delimiter);
            window.advance(5 + end.len());
        }
    }
    if let Some(delimiter) = options.delimiter.or(named) {
        let possible = delimiter == b'\t' || (delimiter.is_ascii_punctuation() && delimiter != b'"');
        return if possible {
            Ok(delimiter)
        } else {
            Err(InputError::BadDelimiter(delimiter))
        };
    }
    let score = |delimiter: u8| {
        let mut header = Records::new(delimiter, options);
        header.start(window.bytes());
        let known = header
            .fields()
            .filter(|field| std::str::from_utf8(field).is_ok_and(|text| Column::from_heading(text).is_some()));
        (known.count(), header.count)
    };
    let mut best = (DELIMITERS[0], score(DELIMITERS[0]));
    for delimiter in &DELIMITERS[1..] {
        let found = score(*delimiter);
        if found > best.1 {
            best = (*delimiter, found);
        }
    }
    Ok(best.0)
}

/// Record after record of a file, with the row that a spreadsheet shows it in.
struct Records {
    core: Reader,
    delimiter: u8,
    /// The fields of the record, without quotation marks, one after the other.
    text: Vec<u8>,
    ends: Vec<usize>,
    count: usize,
    /// Bytes of the window that are the record and the blank lines before it.
    raw: usize,
    row: u32,
    /// The line feed of the record before may still be to come.
    after_return: bool,
    at_end: bool,
    cell_limit: usize,
    row_limit: usize,
}

impl Records {
    fn new(delimiter: u8, options: &InputOptions) -> Self {
        Self {
            core: ReaderBuilder::new().delimiter(delimiter).build(),
            delimiter,
            text: vec![0; 4 << 10],
            ends: vec![0; 64],
            count: 0,
            raw: 0,
            row: 0,
            after_return: false,
            at_end: false,
            cell_limit: options.limits.cell_bytes,
            row_limit: options.limits.row_bytes,
        }
    }

    /// Reads the first record of some bytes, as far as they hold it.
    fn start(&mut self, bytes: &[u8]) {
        (_, _, _, self.count) = self.core.read_record(bytes, &mut self.text, &mut self.ends);
    }

    /// Goes to the next record; false: there is none.
    fn next<R: Read>(&mut self, window: &mut Window<R>) -> Result<bool, InputError> {
        window.advance(self.raw);
        (self.raw, self.count) = (0, 0);
        let mut length = 0;
        loop {
            if self.raw == window.bytes().len() {
                self.at_end = !window.more(self.row + 1)?;
            }
            let (result, read, written, ended) = self.core.read_record(
                &window.bytes()[self.raw..],
                &mut self.text[length..],
                &mut self.ends[self.count..],
            );
            self.raw += read;
            length += written;
            self.count += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.text.len() <= self.row_limit => {
                    self.text.resize(self.text.len() * 2, 0);
                }
                ReadRecordResult::OutputEndsFull if self.ends.len() <= self.row_limit => {
                    self.ends.resize(self.ends.len() * 2, 0);
                }
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    return Err(self.too_long(self.row + 1, self.row_limit));
                }
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return Ok(false),
            }
        }
        self.count_rows(&window.bytes()[..self.raw]);
        if length > self.cell_limit && self.fields().any(|field| field.len() > self.cell_limit) {
            return Err(self.too_long(self.row, self.cell_limit));
        }
        Ok(true)
    }

    fn too_long(&self, line: u32, limit: usize) -> InputError {
        InputError::TooLong { line, limit }
    }

    /// Counts the record and the blank lines before it. Line breaks within a cell make no row.
    fn count_rows(&mut self, raw: &[u8]) {
        let mut rest = raw;
        if self.after_return {
            rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        }
        loop {
            self.row = self.row.saturating_add(1);
            let Some(after) = rest
                .strip_prefix(b"\r\n")
                .or_else(|| rest.strip_prefix(b"\n"))
                .or_else(|| rest.strip_prefix(b"\r"))
            else {
                break;
            };
            rest = after;
        }
        self.after_return = raw.ends_with(b"\r");
    }

    fn field(&self, index: usize) -> &[u8] {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[index]]
    }

    /// Whether the cell after the number is its extension.
    fn cuts_extension(&self, layout: &Layout) -> bool {
        layout.places.iter().any(|(column, place)| {
            *column == Column::Number && place + 1 < self.count && self.field(place + 1).starts_with(b"ext=")
        })
    }

    fn fields(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.count).map(|index| self.field(index))
    }

    /// Whether a cell of several lines has a line that looks like a row of this file: a mark that was not closed can be
    /// closed by one of a later row.
    fn swallows_rows(&self, layout: &Layout) -> bool {
        let looks_like_row = |line: &[u8]| {
            let mut cells = line.split(|byte| *byte == self.delimiter);
            layout.width > 1
                && cells.clone().count() >= layout.width
                && cells.any(|cell| {
                    std::str::from_utf8(cell)
                        .is_ok_and(|cell| is_user(cell.trim()) || number::read(cell.trim(), None).is_ok())
                })
        };
        self.fields()
            .filter(|field| field.contains(&b'\n') || field.contains(&b'\r'))
            .any(|field| {
                let lines = field.split(|byte| matches!(byte, b'\n' | b'\r'));
                lines.skip(1).any(looks_like_row)
            })
    }

    /// Whether quotation marks do not match, so that rows may have run together. Only a record of several lines and
    /// the last one can have swallowed others; within one line, a stray mark is a mark (`5" pipe`).
    fn is_broken<R: Read>(&self, window: &Window<R>, layout: Option<&Layout>) -> bool {
        let raw = window.bytes()[..self.raw].trim_ascii();
        if !raw.contains(&b'"') {
            return false;
        }
        let has_lines = raw.iter().any(|byte| matches!(byte, b'\n' | b'\r'));
        (self.at_end || has_lines) && !is_well_quoted(raw, self.delimiter)
            || has_lines && layout.is_some_and(|layout| self.swallows_rows(layout))
    }
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
