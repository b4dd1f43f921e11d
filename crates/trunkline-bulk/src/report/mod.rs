//! Reports of a run: JSON lines as the record, CSV and workbooks for spreadsheets, one page for people.

mod end;
mod facts;
mod json_lines;
mod line;
mod names;
mod page;
mod picture;
mod source;
mod spreadsheet;
mod timeline;
mod verified;
mod words;
mod workbook;

use std::path::Path;

use serde::{Deserialize, Serialize};

pub use end::{OpenRow, RowEnd, StillOpen};
pub use json_lines::write_json_lines;
pub use line::ReportRow;
pub use names::RowNames;
pub use page::write_page;
pub use spreadsheet::write_csv;
pub use timeline::Interval;
pub use verified::{RowVerified, VerifiedResult};
pub use workbook::write_xlsx;

use crate::error::BulkError;
use crate::file::check_ending;
use crate::journal::Runner;
use crate::outcome::Summary;
use crate::plan::SourceFile;

/// Where the forms of a report are written.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReportFiles<'f> {
    /// A page to look at.
    pub html: Option<&'f Path>,
    /// A table for spreadsheets.
    pub csv: Option<&'f Path>,
    /// The same table as a workbook.
    pub xlsx: Option<&'f Path>,
    /// The record, for programs.
    pub json_lines: Option<&'f Path>,
}

/// Refuses files whose endings name another format than the one that would be written to them.
///
/// # Errors
///
/// [`BulkErrorKind::Option`](crate::BulkErrorKind::Option).
pub fn check_files(files: &ReportFiles<'_>) -> Result<(), BulkError> {
    for (path, what, endings) in [
        (files.html, "a page", &["html", "htm"][..]),
        (files.csv, "CSV", &["csv", "txt"]),
        (files.xlsx, "a workbook", &["xlsx"]),
        (files.json_lines, "JSON lines", &["jsonl", "ndjson"]),
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
    /// Numbers, principal names, ids that hold a number and the name of the file are masked: for tickets and mails.
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
    /// The times in which processes worked on it.
    #[serde(default)]
    pub runs: Vec<ReportRun>,
    /// The result of the last verify; absent when nobody verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification: Option<ReportVerification>,
    /// Number of rows by result; rows that have not ended count only in `rows`.
    pub summary: Summary,
    /// Rows that have not ended.
    pub open: u64,
    /// Numbers that somebody lost, or may have lost.
    #[serde(default)]
    pub losses: u64,
}

/// A time in which a process worked on the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportRun {
    /// When it began.
    pub started: String,
    /// When it ended; absent when it was killed or is under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
    /// Version of the program.
    pub version: String,
    /// Who started it; absent when the token did not say, and in runs of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runner: Option<Runner>,
}

/// The result of the last verify.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportVerification {
    /// The moment before the live state was read: changes that ended later are not covered.
    pub at: String,
    /// Rows that were verified.
    pub rows: u64,
    /// Rows that were in place.
    pub hold: u64,
    /// Rows that had ended well and were not in place any more.
    pub drifted: u64,
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
