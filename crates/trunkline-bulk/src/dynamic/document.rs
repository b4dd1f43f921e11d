//! Files, plans and journals as JSON text.

use std::path::Path;

use serde::Serialize;
use serde_json::json;

use crate::error::BulkError;
use crate::export::{Export, ExportFormat};
use crate::file::{unwritten, write_whole};
use crate::input::{Input, NumberStyle, Severity};
use crate::journal::{HeldNumber, Journal, JournalRow};
use crate::plan::{Plan, PlannedRow};
use crate::report::{self as reports, Privacy, Report, ReportFiles};
use crate::verified_row::VerifiedRow;

/// Values as text. Those of this crate have no maps with keys that are not text, so they always become JSON.
fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The result of reading a file: the number of rows, and the problems of the others.
#[must_use]
pub fn rows(input: &Input) -> String {
    let problems = input.problems();
    let value = json!({
        "rows": input.len(),
        "seen": input.seen(),
        "unreadable": input.unreadable().len(),
        "format": input.format().name(),
        "columns": input.columns().iter().map(|column| column.name()).collect::<Vec<_>>(),
        "problems": problems.iter().collect::<Vec<_>>(),
        "problemGroups": problems.groups(),
        "errors": problems.count(Severity::Error),
        "leftOut": problems.left_out(),
    });
    value.to_string()
}

/// A plan without its rows.
#[must_use]
pub fn plan(plan: &Plan) -> String {
    let value = json!({
        "tenant": plan.header.tenant,
        "cloud": plan.header.cloud,
        "created": plan.header.created,
        "sourceDigest": plan.header.source_digest,
        "source": plan.header.source,
        "summary": plan.summary(),
        "advice": plan.advice(),
    });
    value.to_string()
}

/// Rows of a plan, each with what somebody loses by it.
#[must_use]
pub fn planned_rows(rows: &[PlannedRow]) -> String {
    text(&rows.iter().map(planned_row).collect::<Vec<_>>())
}

/// A row of a plan, with what somebody loses by it.
#[must_use]
pub fn planned_row(row: &PlannedRow) -> serde_json::Value {
    let mut value = serde_json::to_value(row).unwrap_or_default();
    let losses = row.losses();
    if !losses.is_empty() {
        value["losses"] = serde_json::to_value(losses).unwrap_or_default();
    }
    value
}

/// Rows that were verified.
#[must_use]
pub fn verified(rows: &[VerifiedRow]) -> String {
    let value = rows.iter().map(|row| {
        let mut value = serde_json::to_value(row).unwrap_or_default();
        value["hasDrifted"] = row.has_drifted().into();
        value
    });
    text(&value.collect::<Vec<_>>())
}

/// Writes the present state as a file of rows in the format that its name ends with, or as CSV, and gives how much it is.
///
/// # Errors
///
/// [`BulkErrorKind::Option`](crate::BulkErrorKind::Option) for an ending of another format,
/// [`BulkErrorKind::Disk`](crate::BulkErrorKind::Disk) when it cannot be written.
pub fn export(export: &Export, path: &Path) -> Result<String, BulkError> {
    let format = ExportFormat::of(path)?.unwrap_or(ExportFormat::Csv);
    write_whole(path, |to| match format {
        ExportFormat::JsonLines => export.write_json_lines(to).map_err(unwritten),
        ExportFormat::Csv => export.write_csv(to, NumberStyle::Text).map_err(unwritten),
        ExportFormat::Xlsx => export.write_xlsx(to),
    })?;
    Ok(json!({
        "rows": export.row_count(),
        "unreadable": export.unreadable,
        "leftOut": export.left_out,
    })
    .to_string())
}

/// A journal without its rows.
///
/// # Errors
///
/// [`BulkErrorKind::Journal`](crate::BulkErrorKind::Journal) when it is damaged.
pub fn journal(journal: &Journal) -> Result<String, BulkError> {
    let header = journal.header()?;
    let summary = journal.summary()?;
    let count = journal.row_count()?;
    let held = |kept: Vec<HeldNumber>| -> Vec<_> {
        let value = kept
            .into_iter()
            .map(|kept| json!({ "number": kept.number, "row": kept.row, "until": kept.until.to_string() }));
        value.collect()
    };
    let runs = journal.runs()?.into_iter().map(|run| {
        json!({
            "id": run.id,
            "startedAt": run.started_at.to_string(),
            "endedAt": run.ended_at.map(|moment| moment.to_string()),
            "version": run.version,
            "runner": run.runner.map(|runner| runner.to_string()),
        })
    });
    let value = json!({
        "tenant": header.tenant,
        "cloud": header.cloud,
        "planDigest": header.plan_digest,
        "sourceDigest": header.source_digest,
        "source": header.source,
        "planned": header.planned,
        "created": header.created,
        "writer": header.writer,
        "summary": summary,
        "rows": count,
        "open": count.saturating_sub(summary.rows),
        "runs": runs.collect::<Vec<_>>(),
        "ticks": Report::of(journal, Privacy::Full)?.intervals,
        "reservations": held(journal.reservations()?),
        "quarantine": held(journal.quarantine()?),
    });
    Ok(value.to_string())
}

/// The first rows of a journal after a row, at most so many, as an array.
///
/// # Errors
///
/// As [`journal`].
pub fn journal_rows(journal: &Journal, after: Option<u32>, count: u32) -> Result<String, BulkError> {
    let value = |row: JournalRow| {
        json!({
            "planned": row.planned,
            "outcome": row.outcome,
            "losses": row.losses,
            "endedAt": row.ended_at.map(|moment| moment.to_string()),
        })
    };
    let rows = journal.rows_after(after, count)?;
    Ok(text(&rows.into_iter().map(value).collect::<Vec<_>>()))
}

/// Writes what a journal holds for others: a page to look at, a table or a workbook for spreadsheets, the record as JSON lines.
///
/// # Errors
///
/// [`BulkErrorKind::Journal`](crate::BulkErrorKind::Journal) when the journal cannot be read,
/// [`BulkErrorKind::Disk`](crate::BulkErrorKind::Disk) when a file cannot be written.
pub fn report(journal: &Path, files: &ReportFiles<'_>, privacy: Privacy) -> Result<(), BulkError> {
    reports::check_files(files)?;
    let journal = Journal::open(journal)?;
    let report = Report::of(&journal, privacy)?;
    let rows = || Report::rows_of(&journal);
    if let Some(path) = files.html {
        write_whole(path, |to| reports::write_page(&report, rows(), to))?;
    }
    if let Some(path) = files.csv {
        write_whole(path, |to| reports::write_csv(&report, rows(), NumberStyle::Text, to))?;
    }
    if let Some(path) = files.xlsx {
        write_whole(path, |to| reports::write_xlsx(&report, rows(), to))?;
    }
    if let Some(path) = files.json_lines {
        write_whole(path, |to| reports::write_json_lines(&report, rows(), to))?;
    }
    Ok(())
}
