//! Reports of a run: JSON lines as the record, CSV for spreadsheets, one page for people.

mod cause;
mod end;
mod json_lines;
mod line;
mod names;
mod page;
mod source;
mod spreadsheet;
mod timeline;
mod words;

use std::path::Path;

use serde::{Deserialize, Serialize};

pub use end::{OpenRow, RowEnd, StillOpen};
pub use json_lines::write_json_lines;
pub use line::ReportRow;
pub use names::RowNames;
pub use page::write_page;
pub use spreadsheet::write_csv;
pub use timeline::Interval;

use crate::error::BulkError;
use crate::file::check_ending;
use crate::outcome::Summary;
use crate::plan::SourceFile;

/// Refuses files whose endings name another format than the one that would be written to them.
///
/// # Errors
///
/// [`BulkErrorKind::Option`](crate::BulkErrorKind::Option).
pub fn check_files(html: Option<&Path>, csv: Option<&Path>, json_lines: Option<&Path>) -> Result<(), BulkError> {
    for (path, what, endings) in [
        (html, "a page", &["html", "htm"][..]),
        (csv, "CSV", &["csv", "txt"]),
        (json_lines, "JSON lines", &["jsonl", "ndjson"]),
    ] {
        if let Some(path) = path {
            check_ending(path, what, endings)?;
        }
    }
    Ok(())
}

/// Whether a report may be shown to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Privacy {
    /// Numbers and names as they are: for the administrator's own record.
    #[default]
    Full,
    /// Numbers, principal names and ids that hold a number are masked: for tickets and mails.
    Masked,
}

/// The part of a report about the run as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportHeader {
    /// Id of the tenant.
    pub tenant: String,
    /// The cloud's name.
    pub cloud: String,
    /// SHA-256 of the plan, in hexadecimal.
    pub plan_digest: String,
    /// The file of rows; absent when the plan was of something else, or of an earlier version of this program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceFile>,
    /// When the first run began, as RFC 3339 writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started: Option<String>,
    /// When the last run ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
    /// Number of rows by result; rows that have not ended count only in `rows`.
    pub summary: Summary,
    /// Rows that have not ended.
    pub open: u64,
    /// Numbers that somebody lost, or may have lost.
    #[serde(default)]
    pub losses: u64,
}

/// The run as a whole, with what happened over time. The rows are given to the writers one by one.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The part about the run as a whole.
    pub header: ReportHeader,
    /// The events over time, in order.
    pub intervals: Vec<Interval>,
    /// Whether it may be shown to others.
    pub privacy: Privacy,
}
