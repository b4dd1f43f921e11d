//! `trunkline bulk`: a whole file of rows.

mod apply;
mod export;
mod file;
mod gauge;
mod plan;
mod problems;
mod report;
mod status;
mod undo;
mod verify;

use std::path::Path;

use trunkline::ErrorKind;
use trunkline_bulk::Summary;
use trunkline_bulk::input::{self, Format, Hidden, Input, InputOptions};

use super::{Report, block_on};
use crate::arguments::{Bulk, FileFormat, HiddenParts, Reading};
use crate::connection::Connection;
use crate::failure::{Failure, PARTLY};
use crate::printer::Printer;

pub(super) fn run(command: &Bulk, connection: &Connection<'_>, printer: Printer) -> Result<Report, Failure> {
    match command {
        Bulk::Plan(plan) => block_on(plan::run(plan, connection, printer)),
        Bulk::Apply(apply) => block_on(apply::apply(apply, connection, printer)),
        Bulk::Resume(resume) => block_on(apply::resume(resume, connection, printer)),
        Bulk::Verify { journal, wait } => block_on(verify::run(journal, *wait, connection, printer)),
        Bulk::Undo(undo) => block_on(undo::run(undo, connection, printer)),
        Bulk::Export(export) => block_on(export::run(export, connection, printer)),
        Bulk::Status { journal } => status::run(journal, printer),
        Bulk::Report(report) => report::run(report, printer),
    }
}

/// Reads a file of rows; `-` is standard input.
pub(super) fn read(file: &Path, reading: &Reading, pick: bool) -> Result<Input, Failure> {
    let options = InputOptions {
        format: reading.format.map(|format| match format {
            FileFormat::Csv => Format::Csv,
            FileFormat::Xlsx => Format::Xlsx,
            FileFormat::Jsonl => Format::JsonLines,
        }),
        default_country: reading.country,
        sheet: reading.sheet.clone(),
        hidden: reading.hidden.map(|choice| match choice {
            HiddenParts::Include => Hidden::Include,
            HiddenParts::Skip => Hidden::Skip,
        }),
        delimiter: reading.delimiter,
        default_action: reading.action,
        pick,
        ..InputOptions::default()
    };
    let input = if file == Path::new("-") {
        input::read(std::io::stdin().lock(), &options).map(|input| input.named("standard input"))
    } else {
        input::read_file(file, &options)
    };
    input.map_err(|error| {
        let message = format!("{} cannot be read: {error}", file.display());
        Failure::refused(ErrorKind::InvalidInput, message, error.next_step())
    })
}

/// How many of what: `1 row`, `2 rows`.
pub(super) fn counted(count: u64, one: &str) -> String {
    if count == 1 {
        format!("1 {one}")
    } else {
        format!("{count} {one}s")
    }
}

/// A summary in a sentence without its full stop.
fn sentence(summary: &Summary) -> String {
    let parts = [
        (summary.done, "done"),
        (summary.not_seen, "done but not seen yet"),
        (summary.already, "already correct"),
        (summary.failed, "failed"),
        (summary.skipped, "skipped"),
        (summary.pending, "pending"),
        (summary.unknown, "unknown"),
        (summary.open, "open"),
    ];
    let parts: Vec<_> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let rows = counted(summary.rows + summary.open, "row");
    if parts.is_empty() {
        rows
    } else {
        format!("{rows}: {}", parts.join(", "))
    }
}

/// The exit code of work on rows.
fn code(is_good: bool) -> u8 {
    if is_good { 0 } else { PARTLY }
}

#[cfg(test)]
mod tests {
    use super::*;
    use trunkline_bulk::Ending;

    #[test]
    fn summaries_read_as_sentences() {
        let mut summary = Summary::default();
        assert_eq!(sentence(&summary), "0 rows");
        summary.count(Ending::Done);
        assert_eq!(sentence(&summary), "1 row: 1 done");
        summary.count(Ending::Failed);
        summary.count(Ending::NotSeen);
        summary.open = 2;
        let text = "5 rows: 1 done, 1 done but not seen yet, 1 failed, 2 open";
        assert_eq!(sentence(&summary), text);
    }
}
