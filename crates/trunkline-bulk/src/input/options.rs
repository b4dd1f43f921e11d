//! Options for reading a file.

use std::path::PathBuf;

use trunkline::{Action, Country};

use super::Column;

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Comma-separated values (RFC 4180), with `,`, `;` or a tab between them.
    Csv,
    /// A workbook of Excel 2007 or later.
    Xlsx,
    /// One JSON object a line, or one array of objects.
    JsonLines,
}

impl Format {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::JsonLines => "jsonl",
        }
    }

    /// The format of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Csv, Self::Xlsx, Self::JsonLines]
            .into_iter()
            .find(|format| format.name() == name)
    }
}

/// The treatment of rows and columns that a workbook hides, by hand or by a filter, and of hidden sheets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hidden {
    /// They are read like any others.
    Include,
    /// They are left out.
    Skip,
}

impl Hidden {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Include => "include",
            Self::Skip => "skip",
        }
    }

    /// The choice of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Include, Self::Skip]
            .into_iter()
            .find(|choice| choice.name() == name)
    }
}

/// Options for reading a file. An option that is not set is detected from the file, or is not guessed.
#[derive(Debug, Clone, Default)]
pub struct InputOptions {
    /// The format of the file. Detected from its first bytes otherwise.
    pub format: Option<Format>,
    /// The country of numbers that are written without a plus. Without it they are refused.
    pub country: Option<Country>,
    /// The sheet of a workbook, by name. The first one otherwise.
    pub sheet: Option<String>,
    /// The treatment of hidden rows and columns. Without it, a workbook that hides something is refused.
    pub hidden: Option<Hidden>,
    /// The separator of CSV. Detected from the header otherwise.
    pub delimiter: Option<u8>,
    /// The action of rows that name none.
    pub action: Option<Action>,
    /// Whether an assignment may leave the number open, to be picked from the inventory by the plan.
    pub pick: bool,
    /// Columns with the headings that the file gives them; see [`column`](Self::column).
    pub columns: Vec<(Column, String)>,
    /// Columns with the headings that files of this tenant usually give them. They hold where [`columns`](Self::columns) names no
    /// other heading and the file has them; a file without them is read by the headings that are known.
    pub usual_columns: Vec<(Column, String)>,
    /// A file of names of emergency locations, with which the location of a row may be a name; see
    /// [`Locations`](super::Locations). A column `Site` is the location then.
    pub locations: Option<PathBuf>,
    /// Whether the cells of rows that cannot be read are kept, for [`write_unreadable`](crate::write_unreadable).
    pub keep_unreadable: bool,
    /// The limits of sizes.
    pub limits: Limits,
}

impl InputOptions {
    /// Reads the column with that heading as this one, and no other. It counts before the headings that are known, and as with
    /// these, case, spaces, `_` and `-` do not matter.
    ///
    /// ```
    /// use trunkline_bulk::input::{self, Column, InputOptions};
    ///
    /// let options = InputOptions::default().column(Column::User, "Mail");
    /// let file = "mail;phone\nana@contoso.example;+12065550100\n";
    /// assert_eq!(input::read(file.as_bytes(), &options)?.len(), 1);
    /// # Ok::<(), trunkline_bulk::input::InputError>(())
    /// ```
    #[must_use]
    pub fn column(mut self, column: Column, heading: impl Into<String>) -> Self {
        self.columns.push((column, heading.into()));
        self
    }
}

/// Limits of sizes, so that a file cannot use up the machine's memory.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of CSV or JSONL.
    pub bytes: u64,
    /// Bytes of a workbook.
    pub workbook_bytes: u64,
    /// Bytes of a workbook's parts when unpacked.
    pub unpacked_bytes: u64,
    /// Rows.
    pub rows: u32,
    /// Columns of the header.
    pub columns: usize,
    /// Bytes of one cell, or of one value of JSON.
    pub cell_bytes: usize,
    /// Bytes of one row.
    pub row_bytes: usize,
    /// Problems that are kept in full; the others are counted.
    pub problems: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 1 << 30,
            workbook_bytes: 128 << 20,
            unpacked_bytes: 1 << 30,
            rows: 4_000_000,
            columns: 256,
            // A cell of Excel holds at most 32,767 characters.
            cell_bytes: 128 << 10,
            row_bytes: 1 << 20,
            problems: 10_000,
        }
    }
}
