//! The error of a file that cannot be read at all.

use std::io;

use super::Column;

/// The error of a file that cannot be read at all. Mistakes in single rows are [`Problem`](super::Problem)s.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// It is not there, or may not be read.
    #[error("the file cannot be read: {0}")]
    Io(#[from] io::Error),
    /// A folder, a pipe, a device.
    #[error("this is not a file")]
    NotAFile,
    /// The file is empty.
    #[error("the file is empty")]
    Empty,
    /// More than [`Limits`](super::Limits) allow.
    #[error("the file has more than {limit} {unit}")]
    TooLarge {
        /// The limit.
        limit: u64,
        /// The unit of the limit.
        unit: &'static str,
    },
    /// More columns than [`Limits`](super::Limits) allow.
    #[error("the header has more than {limit} columns")]
    TooManyColumns {
        /// The limit.
        limit: usize,
    },
    /// A cell or row longer than [`Limits`](super::Limits) allow.
    #[error("row {row} is longer than {limit} bytes, or a cell in it is")]
    TooLong {
        /// The row.
        row: u32,
        /// The limit.
        limit: usize,
    },
    /// No row is a header: none of the first rows has a heading that is known.
    #[error(
        "none of the first rows has a heading that is known (the first row has: {found}). Known headings are {}",
        known_headings()
    )]
    NoKnownColumn {
        /// The cells of the first row that is not blank, masked.
        found: String,
    },
    /// The rows have no action, and the columns imply none.
    #[error("the file has no action column, and its other columns do not imply an action (it has: {found})")]
    NoAction {
        /// The headings, masked.
        found: String,
    },
    /// A heading of [`InputOptions::columns`](super::InputOptions::columns) is not there.
    #[error("no column is headed {heading:?}, which was named for {column} (the headings are: {found})")]
    NoHeading {
        /// The column that was named.
        column: Column,
        /// The heading.
        heading: String,
        /// The headings, masked.
        found: String,
    },
    /// [`InputOptions::columns`](super::InputOptions::columns) contradict one another.
    #[error("{0}")]
    BadMapping(String),
    /// The file of names of locations cannot be read.
    #[error("the file of locations cannot be read: {0}")]
    Locations(Box<InputError>),
    /// The file of names of locations has no columns of names and ids.
    #[error("the file of locations has no column of names or none of ids (the first row has: {found})")]
    NoLocations {
        /// The cells of the first row that is not blank, masked.
        found: String,
    },
    /// An array of JSON that ends early, or in which something else stands.
    #[error("the array of JSON cannot be read behind element {element}: {reason}")]
    BadArray {
        /// How many elements were read.
        element: u32,
        /// The reason.
        reason: String,
    },
    /// A separator that CSV cannot have.
    #[error("values cannot be separated by {:?}", char::from(*.0))]
    BadDelimiter(u8),
    /// A file of another program.
    #[error("the file is {0}, which is not supported")]
    UnknownFormat(&'static str),
    /// The workbook is protected by a password, or is of Excel 2003 or earlier.
    #[error("the workbook is protected by a password, or is of Excel 2003 or earlier")]
    Protected,
    /// The workbook is damaged, or no workbook.
    #[error("the workbook cannot be read: {0}")]
    BrokenWorkbook(String),
    /// The sheet is not there.
    #[error("the workbook has no sheet {wanted:?} (it has: {found})")]
    NoSheet {
        /// The sheet that was named.
        wanted: String,
        /// The sheets that are there.
        found: String,
    },
    /// The sheet has no header that is known, and others have.
    #[error("the sheet {sheet:?} {found}; sheets with rows that can be read: {known}")]
    WrongSheet {
        /// The sheet that was read.
        sheet: String,
        /// The message.
        found: String,
        /// The sheets that can be meant.
        known: String,
    },
    /// The sheet hides rows or columns, or is hidden, and nobody said what to do about it.
    #[error("{what}")]
    Hidden {
        /// The hidden rows, columns and sheets.
        what: String,
    },
    /// Unpacked, the workbook is larger than [`Limits`](super::Limits) allow.
    #[error("unpacked, the workbook has more than {limit} bytes")]
    Bomb {
        /// The limit.
        limit: u64,
    },
}

impl InputError {
    /// The next step.
    #[must_use]
    pub fn next_step(&self) -> &'static str {
        match self {
            Self::Io(_) => "Check the path and that you may read the file",
            Self::NotAFile => "Name a CSV, XLSX or JSONL file, or read from standard input",
            Self::Empty => "Write a header, such as number,user, and at least one row",
            Self::TooLarge { .. } => "Split the file, or raise the limit",
            Self::TooManyColumns { .. } => "Remove the columns that are not needed, and check the separator",
            Self::TooLong { .. } => "Check for a quotation mark that is not closed",
            Self::NoKnownColumn { .. } => {
                "Write a header above the rows, or name the headings that the file has, such as --column user=Mail --column number=Line (Python: columns={\"user\": \"Mail\"}, Node: columns: {user: \"Mail\"}). Check the separator if you set one"
            }
            Self::NoHeading { .. } => {
                "Write the heading as the file has it: --column user=Mail (Python: columns={\"user\": \"Mail\"}, Node: columns: {user: \"Mail\"})"
            }
            Self::BadMapping(_) => {
                "Name one heading for each column: --column user=Mail (Python: columns={\"user\": \"Mail\"}, Node: columns: {user: \"Mail\"})"
            }
            Self::Locations(error) => error.next_step(),
            Self::NoLocations { .. } => {
                "Export them in Teams PowerShell: Get-CsOnlineLisLocation | Export-Csv locations.csv -NoTypeInformation -Encoding utf8; or write a file with the columns name and locationId"
            }
            Self::BadArray { .. } => "Check that the file is whole, or write one object a line",
            Self::NoAction { .. } => {
                "Add a column `action`, or set the action of all rows: --action ACTION (Python: action=\"ACTION\", Node: action: \"ACTION\"). Without an action, a file needs the columns number and user, and its rows are assignments; name other headings with --column user=Mail (Python: columns={\"user\": \"Mail\"}, Node: columns: {user: \"Mail\"})"
            }
            Self::BadDelimiter(_) => "Use a comma, a semicolon, a tab or another printable character",
            Self::UnknownFormat(_) => {
                "Save it as CSV UTF-8, XLSX, or JSON with one object a line or one array of objects"
            }
            Self::Protected => "Remove the password, or save it as XLSX or as CSV UTF-8",
            Self::BrokenWorkbook(_) => "Open it in a spreadsheet and save it again as XLSX or as CSV UTF-8",
            Self::NoSheet { .. } => "Name one of its sheets; without a name, the first is read",
            Self::WrongSheet { .. } => "Name the sheet: --sheet NAME (Python: sheet=\"NAME\", Node: sheet: \"NAME\")",
            Self::Hidden { .. } => {
                "Use --hidden include to read them, or --hidden skip to leave them out (Python: hidden=\"skip\", Node: hidden: \"skip\")"
            }
            Self::Bomb { .. } => "Save the one sheet that is needed as CSV UTF-8",
        }
    }
}

/// The columns with the first of their other headings, for people.
fn known_headings() -> String {
    let described = |column: Column| match column.synonyms() {
        [] => column.name().to_owned(),
        others => format!("{column} (also {})", others[..others.len().min(4)].join(", ")),
    };
    Column::ALL.map(described).join(", ")
}
