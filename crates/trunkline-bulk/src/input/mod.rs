//! The file: CSV, XLSX or JSONL, read into checked rows.
//!
//! A row says how one thing shall be; `docs/bulk-input.md` lists columns and actions. Headings are read forgivingly,
//! values strictly, and nothing is guessed: whatever is not clear is a [`Problem`] with its row and column.
//!
//! ```
//! use trunkline_bulk::input::{self, InputOptions, ProblemKind};
//!
//! let file = "number;user\n+12065550100;ana@contoso.example\n1.20656E+10;bo@contoso.example\n";
//! let input = input::read(file.as_bytes(), &InputOptions::default())?;
//! assert_eq!(input.len(), 1);
//! assert!(input.problems().iter().any(|problem| problem.row == 3 && problem.kind == ProblemKind::ScientificNumber));
//! # Ok::<(), trunkline_bulk::input::InputError>(())
//! ```

mod cell;
mod check;
pub(crate) mod column;
mod duplicates;
mod encoding;
mod error;
mod header;
mod lines;
mod number;
mod options;
pub(crate) mod problem;
mod row;
mod separated;
mod source;
mod spreadsheet;
mod user;
mod workbook;
mod writer;

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;

pub use column::Column;
pub use error::InputError;
pub use options::{Format, Hidden, InputOptions, Limits};
pub use problem::{Problem, ProblemKind, Problems, Severity};
pub use row::{Row, UnreadableRow, action_from_name, columns_of, synonyms};
pub(crate) use source::{OURS, SourceCell, SourceRow, SourceRows};
pub use spreadsheet::{NumberStyle, guarded, unguarded};
pub(crate) use writer::{Cells, text as cell_text, write_cells_csv, write_cells_json_lines};
pub use writer::{write_csv, write_json_lines};

use sha2::{Digest, Sha256};

use check::Checker;
use encoding::as_utf8;

/// A file that was read: its rows, and what is wrong with the others.
pub struct Input {
    rows: Vec<Row>,
    unreadable: Vec<UnreadableRow>,
    problems: Problems,
    columns: Vec<Column>,
    format: Format,
    digest: [u8; 32],
    bytes: u64,
    name: Option<String>,
    seen: u32,
    source: SourceRows,
}

impl Input {
    /// The rows that are understood, in the order of the file.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Number of valid rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no row is understood.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows that cannot be read, in the order of the file: they have errors, or contradict others.
    #[must_use]
    pub fn unreadable(&self) -> &[UnreadableRow] {
        &self.unreadable
    }

    /// The cells of the rows that cannot be read, where they were kept.
    pub(crate) fn source(&self) -> &SourceRows {
        &self.source
    }

    /// Number of rows without the header and blank ones, valid or not.
    #[must_use]
    pub fn seen(&self) -> u32 {
        self.seen
    }

    /// The problems, in the order of the file. Rows with an error are not among the rows.
    #[must_use]
    pub fn problems(&self) -> &Problems {
        &self.problems
    }

    /// The columns that are there and were read.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The format of the file.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// The SHA-256 of the file's bytes: it tells whether a plan is of this file.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// Size of the file in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The name of the file, without its folder; none unless it was [read as a file](read_file) or [named](Self::named).
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Sets the source of the rows, for plans and journals.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Input")
            .field("format", &self.format)
            .field("rows", &self.len())
            .field("seen", &self.seen)
            .field("columns", &self.columns)
            .finish_non_exhaustive()
    }
}

/// Reads a file. Symbolic links are followed; folders, pipes and devices are refused.
///
/// # Errors
///
/// When the file cannot be read at all. What is wrong with single rows is in [`Input::problems`], and the rows that have an
/// error are [`Input::unreadable`].
pub fn read_file(path: impl AsRef<Path>, options: &InputOptions) -> Result<Input, InputError> {
    let path = path.as_ref();
    // A pipe is recognised before it is opened: opening it would wait for somebody to write.
    if !std::fs::metadata(path)?.is_file() {
        return Err(InputError::NotAFile);
    }
    let file = File::open(path)?;
    if !file.metadata()?.is_file() {
        return Err(InputError::NotAFile);
    }
    let name = path.file_name().unwrap_or(path.as_os_str());
    Ok(read(file, options)?.named(name.to_string_lossy()))
}

/// Reads what is in `source`, standard input for instance.
///
/// # Errors
///
/// As [`read_file`].
pub fn read(mut source: impl Read, options: &InputOptions) -> Result<Input, InputError> {
    let mut bytes = Vec::new();
    source.by_ref().take(HEAD).read_to_end(&mut bytes)?;
    if bytes.is_empty() {
        return Err(InputError::Empty);
    }
    let format = match options.format {
        Some(format) => format,
        None => format_of(&bytes)?,
    };
    let limit = match format {
        Format::Xlsx => options.limits.workbook_bytes,
        Format::Csv | Format::JsonLines => options.limits.bytes,
    };
    source
        .take(limit.saturating_add(1).saturating_sub(HEAD))
        .read_to_end(&mut bytes)?;
    let length = bytes.len() as u64;
    if length > limit {
        return Err(InputError::TooLarge { limit, unit: "bytes" });
    }
    let mut checker = Checker::new(options);
    let columns = match format {
        Format::Xlsx if bytes.starts_with(COMPOUND_FILE) => return Err(InputError::Protected),
        Format::Xlsx => workbook::read(&bytes, options, &mut checker)?,
        Format::JsonLines => lines::read(&as_utf8(&bytes), options, &mut checker)?,
        Format::Csv => separated::read(&as_utf8(&bytes), options, &mut checker)?,
    };
    checker.finish();
    checker.source.retain(&checker.unreadable);
    Ok(Input {
        seen: checker.seen(),
        source: checker.source,
        rows: checker.rows,
        unreadable: checker.unreadable,
        problems: checker.problems,
        columns,
        format,
        digest: Sha256::digest(&bytes).into(),
        bytes: length,
        name: None,
    })
}

/// How many bytes are read to detect the format.
const HEAD: u64 = 512;

/// The first bytes of Excel 2003 files, and of workbooks with a password.
const COMPOUND_FILE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// The format of a file, by its first bytes.
fn format_of(head: &[u8]) -> Result<Format, InputError> {
    if head.starts_with(b"PK\x03\x04") {
        return Ok(Format::Xlsx);
    }
    if head.starts_with(COMPOUND_FILE) {
        return Err(InputError::Protected);
    }
    if head.starts_with(b"%PDF") {
        return Err(InputError::UnknownFormat("a PDF"));
    }
    if head.starts_with(b"\x1f\x8b") {
        return Err(InputError::UnknownFormat("compressed"));
    }
    match as_utf8(head).trim_ascii_start().first() {
        Some(b'{') => Ok(Format::JsonLines),
        Some(b'[') => Err(InputError::UnknownFormat("an array of JSON")),
        Some(b'<') => Err(InputError::UnknownFormat("XML or HTML")),
        _ => Ok(Format::Csv),
    }
}
