//! The record: a line for the run, then a line per row.

use std::io::Write;

use super::{Report, ReportRow};
use crate::error::BulkError;
use crate::file::{unwritten, write_json_line};

/// Writes the record as JSON lines: the first holds the run as a whole (`"report":"trunkline-report"`), each further one
/// a row, in order of rows.
///
/// # Errors
///
/// When a row cannot be read or the text cannot be written.
pub fn write_json_lines(
    report: &Report,
    rows: impl IntoIterator<Item = Result<ReportRow, BulkError>>,
    mut to: impl Write,
) -> Result<(), BulkError> {
    #[derive(serde::Serialize)]
    #[serde(rename_all = "camelCase")]
    struct First<'r> {
        report: &'static str,
        version: u32,
        #[serde(flatten)]
        header: &'r super::ReportHeader,
    }
    let first = First {
        report: "trunkline-report",
        version: 1,
        header: &report.shown_header(),
    };
    line(&first, &mut to)?;
    for row in rows {
        line(&row?.shown(report.privacy), &mut to)?;
    }
    to.flush().map_err(unwritten)
}

fn line(value: &impl serde::Serialize, to: &mut impl Write) -> Result<(), BulkError> {
    write_json_line(value, to).map_err(unwritten)
}
