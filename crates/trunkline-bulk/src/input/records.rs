//! The records of a text with separators, and which separator that is.

use std::borrow::Cow;
use std::io::{self, Read};

use csv::{ByteRecord, ReaderBuilder};

use super::{InputError, InputOptions};

/// Separators that are found out, the one that RFC 4180 knows first.
const DELIMITERS: [u8; 3] = *b",;\t";

/// How much of a text the separator is found out by.
const HEAD: usize = 128 << 10;

/// The separator: the one that was given, the one that the line `sep=;` names, or the one with which the first records score
/// best. With it, the text behind that line.
pub(super) fn delimiter<'t, S: Ord>(
    mut text: &'t [u8],
    options: &InputOptions,
    score: impl Fn(&mut Records<'_>) -> S,
) -> Result<(u8, &'t [u8]), InputError> {
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
    let score = |delimiter: u8| score(&mut Records::new(&text[..text.len().min(HEAD)], delimiter, options));
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
pub(super) fn without_line_end(text: &[u8]) -> Option<&[u8]> {
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
pub(super) struct Records<'t> {
    text: &'t [u8],
    pub(super) delimiter: u8,
    reader: csv::Reader<Measured<'t>>,
    /// The fields of the record, without quotation marks.
    pub(super) record: ByteRecord,
    /// The record as it is written, with the blank lines before it.
    pub(super) raw: &'t [u8],
    pub(super) row: u32,
    cell_limit: usize,
    row_limit: usize,
}

impl<'t> Records<'t> {
    pub(super) fn new(text: &'t [u8], delimiter: u8, options: &InputOptions) -> Self {
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
    pub(super) fn next(&mut self) -> Result<bool, InputError> {
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

    /// Whether no field of the record holds anything. Lines of separators alone are as blank as empty ones.
    pub(super) fn is_blank(&self) -> bool {
        self.record.iter().all(|field| field.trim_ascii().is_empty())
    }

    /// The fields as texts.
    pub(super) fn texts(&self) -> Vec<Cow<'_, str>> {
        self.record.iter().map(String::from_utf8_lossy).collect()
    }

    /// Whether more was read than there is.
    pub(super) fn is_at_end(&self) -> bool {
        self.reader.get_ref().at_end
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
}
