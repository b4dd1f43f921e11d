//! The report as CSV that a spreadsheet opens without harm: no cell is a formula, no number loses its plus.

use std::io::Write;

use super::{Report, ReportRow, RowVerified, line};
use crate::error::BulkError;
use crate::file::unwritten;
use crate::input::{Column, NumberStyle, guarded};

/// The columns after those of the input. None of them is read as one of those.
pub(super) const HEADINGS: [&str; 15] = [
    "row",
    "name",
    "ending",
    "what",
    "next step",
    "kind",
    "status",
    "code",
    "service says",
    "before",
    "after",
    "lost",
    "verified",
    "request ids",
    "operations",
];

/// Writes one line per row, for people. UTF-8 with a byte order mark, so that spreadsheets read the names right. The first
/// columns are those of a file of rows: a report that is not masked can be planned again.
///
/// # Errors
///
/// When a row cannot be read or the text cannot be written.
pub fn write_csv(
    report: &Report,
    rows: impl IntoIterator<Item = Result<ReportRow, BulkError>>,
    numbers: NumberStyle,
    mut to: impl Write,
) -> Result<(), BulkError> {
    to.write_all("\u{feff}".as_bytes()).map_err(unwritten)?;
    let mut table = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(to);
    let unwritten_row = |error: csv::Error| unwritten(std::io::Error::other(error));
    let headings = Column::WRITTEN.map(Column::name);
    table
        .write_record(headings.into_iter().chain(HEADINGS))
        .map_err(unwritten_row)?;
    for row in rows {
        let row = row?.shown(report.privacy);
        let rows = Column::WRITTEN.map(|column| line::cell(&row.wanted, column));
        table
            .write_record(
                rows.iter()
                    .chain(&cells(&row))
                    .map(|cell| guarded(cell, numbers).into_owned()),
            )
            .map_err(unwritten_row)?;
    }
    table.flush().map_err(unwritten)
}

/// The texts of a row below these headings.
pub(super) fn cells(row: &ReportRow) -> [String; HEADINGS.len()] {
    let outcome = row.outcome.shown();
    let failure = outcome.failure.as_ref();
    let of = |part: fn(&crate::Failure) -> String| failure.map(part).unwrap_or_default();
    let what = match failure {
        Some(failure) => failure.what.clone(),
        None => outcome.warnings.join("; "),
    };
    [
        outcome.row.to_string(),
        row.wanted.user_label().to_owned(),
        row.outcome.word().to_owned(),
        what,
        of(|failure| failure.next_step.clone()),
        of(|failure| failure.kind.clone()),
        of(|failure| failure.status.map(|status| status.to_string()).unwrap_or_default()),
        of(|failure| failure.code.clone().unwrap_or_default()),
        of(|failure| failure.service_message.clone().unwrap_or_default()),
        outcome
            .before
            .as_ref()
            .map(|state| line::state(state, row))
            .unwrap_or_default(),
        outcome
            .after
            .as_ref()
            .map(|state| line::state(state, row))
            .unwrap_or_default(),
        losses(row),
        row.verified.as_ref().map(RowVerified::words).unwrap_or_default(),
        outcome.request_ids.join(" "),
        outcome.operations.join(" "),
    ]
}

/// The losses that the row caused, in sentences.
fn losses(row: &ReportRow) -> String {
    let losses: Vec<String> = row.losses.iter().map(ToString::to_string).collect();
    losses.join("; ")
}
