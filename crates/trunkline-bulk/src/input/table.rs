//! A small file as a table of texts, CSV or XLSX, whatever its columns are.

use std::borrow::Cow;
use std::io::Read;

use super::cell::Cell;
use super::encoding::as_utf8;
use super::records::{Records, delimiter};
use super::{InputError, InputOptions, workbook};

/// Maximum size of such a file.
const BYTES: u64 = 32 << 20;

/// Maximum number of its rows.
const ROWS: usize = 200_000;

/// Rows by which the separator is found out.
const EXAMINED: usize = 20;

/// The rows that are not blank. `is_known` says which headings make a separator the right one.
///
/// # Errors
///
/// When the file cannot be read, or is larger than such files are.
pub(super) fn read(
    source: impl Read,
    options: &InputOptions,
    is_known: impl Fn(&str) -> bool,
) -> Result<Vec<Vec<String>>, InputError> {
    let mut bytes = Vec::new();
    source.take(BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > BYTES {
        return Err(InputError::TooLarge {
            limit: BYTES,
            unit: "bytes",
        });
    }
    if bytes.starts_with(b"PK\x03\x04") {
        sheet(&bytes, options)
    } else {
        records(&as_utf8(&bytes), options, is_known)
    }
}

fn check(rows: &[Vec<String>]) -> Result<(), InputError> {
    if rows.len() > ROWS {
        return Err(InputError::TooLarge {
            limit: ROWS as u64,
            unit: "rows",
        });
    }
    Ok(())
}

fn sheet(bytes: &[u8], options: &InputOptions) -> Result<Vec<Vec<String>>, InputError> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut current = None;
    workbook::cells(bytes, options, |row, column, cell| {
        let text = match cell {
            Cell::Text(text) => text.into_owned(),
            Cell::Number(number) => number.to_string(),
            _ => return Ok(()),
        };
        let column = column as usize;
        if column >= options.limits.columns || text.trim().is_empty() {
            return Ok(());
        }
        if current != Some(row) {
            current = Some(row);
            rows.push(Vec::new());
            check(&rows)?;
        }
        if let Some(line) = rows.last_mut() {
            line.resize(line.len().max(column + 1), String::new());
            line[column] = text;
        }
        Ok(())
    })?;
    Ok(rows)
}

fn records(
    text: &[u8],
    options: &InputOptions,
    is_known: impl Fn(&str) -> bool,
) -> Result<Vec<Vec<String>>, InputError> {
    let (delimiter, text) = delimiter(text, options, |records| {
        let mut best = 0;
        for _ in 0..EXAMINED {
            if !records.next().unwrap_or(false) {
                break;
            }
            let known = records.texts().iter().filter(|cell| is_known(cell.trim())).count();
            best = best.max(known);
        }
        best
    })?;
    let mut records = Records::new(text, delimiter, options);
    let mut rows = Vec::new();
    while records.next()? {
        if !records.is_blank() {
            rows.push(records.texts().into_iter().map(Cow::into_owned).collect());
            check(&rows)?;
        }
    }
    Ok(rows)
}
