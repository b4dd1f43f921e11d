//! CSV: RFC 4180, with the separators that spreadsheets use.

use std::borrow::Cow;
use std::io::{self, Read};

use csv::{ByteRecord, ReaderBuilder};

use super::cell::Cell;
use super::check::Checker;
use super::header::Layout;
use super::problem::{Problem, ProblemKind};
use super::user::is_user;
use super::{Column, InputError, InputOptions, number};

/// Separators that are found out, the one that RFC 4180 knows first.
const DELIMITERS: [u8; 3] = *b",;\t";

/// How much of a text the separator is found out by.
const HEAD: usize = 128 << 10;

/// Reads all rows into the checker, and says which columns there were.
pub(super) fn read(text: &[u8], options: &InputOptions, checker: &mut Checker<'_>) -> Result<Vec<Column>, InputError> {
    let (delimiter, text) = delimiter(text, options)?;
    let mut records = Records::new(text, delimiter, options);
    // Lines of separators alone, above the header, are as blank as empty ones.
    loop {
        if !records.next()? {
            return Err(InputError::Empty);
        }
        if records.record.iter().any(|field| !field.trim_ascii().is_empty()) {
            break;
        }
    }
    let headings: Vec<Cow<'_, str>> = records.record.iter().map(String::from_utf8_lossy).collect();
    let mut layout = Layout::of(&headings, records.row, options, checker)?;
    if records.is_broken(None) {
        checker.complain(ProblemKind::Quotation, records.row);
    }
    while records.next()? {
        let line = records.row;
        let row = layout.sort(line, records.record.iter().map(Cell::of_bytes).enumerate());
        let refused = if records.is_broken(Some(&layout)) {
            Some(Problem::new(ProblemKind::Quotation, line))
        } else if delimiter == b';' && records.cuts_extension(&layout) {
            Some(Problem::new(ProblemKind::SplitExtension, line).in_column(Column::Number))
        } else {
            None
        };
        layout.check(line, &row, refused, checker)?;
    }
    layout.say_what_is_unread(checker);
    Ok(layout.places.iter().map(|(column, _)| *column).collect())
}

/// The separator: the one that was given, the one that the line `sep=;` names, or the one that makes most of the header. With
/// it, the text behind that line.
fn delimiter<'t>(mut text: &'t [u8], options: &InputOptions) -> Result<(u8, &'t [u8]), InputError> {
    let mut named = None;
    // Excel writes and reads such a line, and does not count it.
    if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter, rest @ ..] = text
        && let Some(rest) = without_line_end(rest)
    {
        named = Some(*delimiter);
        text = rest;
    }
    if let Some(delimiter) = options.delimiter.or(named) {
        let possible = delimiter == b'\t' || (delimiter.is_ascii_punctuation() && delimiter != b'"');
        return if possible {
            Ok((delimiter, text))
        } else {
            Err(InputError::BadDelimiter(delimiter))
        };
    }
    let score = |delimiter: u8| {
        let mut header = Records::new(&text[..text.len().min(HEAD)], delimiter, options);
        // A row that is too long is reported when it is read.
        let _ = header.next();
        let known = header
            .record
            .iter()
            .filter(|field| std::str::from_utf8(field).is_ok_and(|text| Column::from_heading(text).is_some()));
        (known.count(), header.record.len())
    };
    let mut best = (DELIMITERS[0], score(DELIMITERS[0]));
    for delimiter in &DELIMITERS[1..] {
        let found = score(*delimiter);
        if found > best.1 {
            best = (*delimiter, found);
        }
    }
    Ok((best.0, text))
}

/// The rest of a text that begins with the end of a line.
fn without_line_end(text: &[u8]) -> Option<&[u8]> {
    let ends = [b"\r\n".as_slice(), b"\n", b"\r"];
    ends.into_iter().find_map(|end| text.strip_prefix(end))
}

/// A text that hands out no more bytes than a row may have.
struct Measured<'t> {
    rest: &'t [u8],
    left: usize,
    /// Whether more was asked for than there is.
    at_end: bool,
}

impl Read for Measured<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 && !self.rest.is_empty() {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let length = buffer.len().min(self.left);
        let read = self.rest.read(&mut buffer[..length])?;
        self.left -= read;
        self.at_end = read == 0;
        Ok(read)
    }
}

/// Record after record of a file, with the row that a spreadsheet shows it in.
struct Records<'t> {
    text: &'t [u8],
    delimiter: u8,
    reader: csv::Reader<Measured<'t>>,
    /// The fields of the record, without quotation marks.
    record: ByteRecord,
    /// The record as it is written, with the blank lines before it.
    raw: &'t [u8],
    row: u32,
    cell_limit: usize,
    row_limit: usize,
}

impl<'t> Records<'t> {
    fn new(text: &'t [u8], delimiter: u8, options: &InputOptions) -> Self {
        let measured = Measured {
            rest: text,
            left: 0,
            at_end: false,
        };
        Self {
            text,
            delimiter,
            reader: ReaderBuilder::new()
                .delimiter(delimiter)
                .has_headers(false)
                .flexible(true)
                .from_reader(measured),
            record: ByteRecord::new(),
            raw: b"",
            row: 0,
            cell_limit: options.limits.cell_bytes,
            row_limit: options.limits.row_bytes,
        }
    }

    /// Goes to the next record; false: there is none.
    fn next(&mut self) -> Result<bool, InputError> {
        let too_long = |row, limit| InputError::TooLong { row, limit };
        let position = |reader: &csv::Reader<Measured<'_>>| reader.position().byte() as usize;
        let start = position(&self.reader);
        self.reader.get_mut().left = self.row_limit;
        match self.reader.read_byte_record(&mut self.record) {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            Err(_) => return Err(too_long(self.row + 1, self.row_limit)),
        }
        let after_return = self.raw.ends_with(b"\r");
        self.raw = &self.text[start..position(&self.reader)];
        self.count_rows(after_return);
        if self.record.iter().any(|field| field.len() > self.cell_limit) {
            return Err(too_long(self.row, self.cell_limit));
        }
        Ok(true)
    }

    /// Counts the record and the blank lines before it. Line breaks within a cell make no row.
    fn count_rows(&mut self, after_return: bool) {
        let mut rest = self.raw;
        if after_return {
            rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        }
        self.row = self.row.saturating_add(1);
        while let Some(after) = without_line_end(rest) {
            self.row = self.row.saturating_add(1);
            rest = after;
        }
    }

    /// Whether the cell after the number is its extension.
    fn cuts_extension(&self, layout: &Layout) -> bool {
        let place = layout.places.iter().find(|(column, _)| *column == Column::Number);
        let next = place.and_then(|(_, place)| self.record.get(place + 1));
        next.is_some_and(|field| field.starts_with(b"ext="))
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
        self.record
            .iter()
            .filter(|field| field.contains(&b'\n') || field.contains(&b'\r'))
            .any(|field| {
                let lines = field.split(|byte| matches!(byte, b'\n' | b'\r'));
                lines.skip(1).any(looks_like_row)
            })
    }

    /// Whether quotation marks do not match, so that rows may have run together. Only a record of several lines and
    /// the last one can have swallowed others; within one line, a stray mark is a mark (`5" pipe`).
    fn is_broken(&self, layout: Option<&Layout>) -> bool {
        let raw = self.raw.trim_ascii();
        if !raw.contains(&b'"') {
            return false;
        }
        let has_lines = raw.iter().any(|byte| matches!(byte, b'\n' | b'\r'));
        (self.reader.get_ref().at_end || has_lines) && !is_well_quoted(raw, self.delimiter)
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
