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
mod groups;
mod header;
mod layout;
mod lines;
mod location_file;
mod locations;
mod nearest;
mod number;
mod options;
mod problem;
pub(crate) mod problem_kind;
mod records;
mod row;
mod separated;
mod source;
mod spreadsheet;
mod suggestion;
mod table;
mod totals;
mod user;
mod workbook;
mod writer;

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;

pub use column::Column;
pub use error::InputError;
pub use groups::ProblemGroup;
pub use locations::{FoundLocation, Location, Locations};
pub use options::{Format, Hidden, InputOptions, Limits};
pub use problem::{Problem, Problems};
pub use problem_kind::{ProblemKind, Severity};
pub use row::{Row, UnreadableRow, action_from_name, columns_of, synonyms};
pub(crate) use source::{OURS, SourceCell, SourceRow, SourceRows};
pub use spreadsheet::{NumberStyle, guarded, unguarded};
pub use suggestion::Suggestion;
pub(crate) use writer::{Cells, text as cell_text, write_cells_csv, write_cells_json_lines};
pub use writer::{write_csv, write_json_lines};

use sha2::{Digest, Sha256};

use check::Checker;
use encoding::as_utf8;
use suggestion::{Candidate, Certain};

/// A file that was read: its rows, and what is wrong with the others.
#[derive(Clone)]
pub struct Input {
    /// The rows and their problems, with those of the candidates.
    read: Certain,
    /// The same without the candidates, where there are any.
    certain: Option<Box<Certain>>,
    candidates: Vec<Candidate>,
    accepted: Vec<Suggestion>,
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
        &self.read.rows
    }

    /// Number of valid rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.read.rows.len()
    }

    /// Whether no row is understood.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.read.rows.is_empty()
    }

    /// The rows that cannot be read, in the order of the file: they have errors, or contradict others.
    #[must_use]
    pub fn unreadable(&self) -> &[UnreadableRow] {
        &self.read.unreadable
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
        &self.read.problems
    }

    /// The number that each row would have that lacks nothing but its plus, if the tenant has that number:
    /// [`Bulk::suggestions`](crate::Bulk::suggestions) leaves those that it has.
    #[must_use]
    pub fn possible_suggestions(&self) -> Vec<Suggestion> {
        self.read.suggestions(&self.candidates).collect()
    }

    /// The file with these suggestions taken: their rows can be read, and a note says so. The other rows without a plus stay as
    /// they are.
    #[must_use]
    pub fn accepting(&self, suggestions: &[Suggestion]) -> Self {
        let Some(certain) = &self.certain else {
            return self.clone();
        };
        let mut read = Certain::clone(certain);
        let accepted = read.settle(&self.candidates, suggestions);
        Self {
            read,
            certain: None,
            candidates: Vec::new(),
            accepted,
            columns: self.columns.clone(),
            name: self.name.clone(),
            source: self.source.clone(),
            ..*self
        }
    }

    /// The suggestions that were taken.
    #[must_use]
    pub fn accepted(&self) -> &[Suggestion] {
        &self.accepted
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
    header::check_named(options)?;
    let locations = options.locations.as_deref().map(Locations::read_file).transpose()?;
    let mut checker = Checker::new(options, locations.as_ref());
    let columns = match format {
        Format::Xlsx if bytes.starts_with(COMPOUND_FILE) => return Err(InputError::Protected),
        Format::Xlsx => workbook::read(&bytes, options, &mut checker)?,
        Format::JsonLines => lines::read(&as_utf8(&bytes), options, &mut checker)?,
        Format::Csv => separated::read(&as_utf8(&bytes), options, &mut checker)?,
    };
    checker.finish();
    let seen = checker.seen();
    let mut source = checker.source;
    let mut read = Certain {
        rows: checker.rows,
        unreadable: checker.unreadable,
        problems: checker.problems,
    };
    let candidates = checker.candidates;
    let certain = (!candidates.is_empty()).then(|| Box::new(read.clone()));
    read.settle(&candidates, &[]);
    source.retain(&read.unreadable);
    Ok(Input {
        seen,
        source,
        read,
        certain,
        candidates,
        accepted: Vec::new(),
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
        Some(b'{' | b'[') => Ok(Format::JsonLines),
        Some(b'<') => Err(InputError::UnknownFormat("XML or HTML")),
        _ => Ok(Format::Csv),
    }
}
