//! `trunkline bulk export`: the present state as a file of rows.

use std::path::Path;

use trunkline::{ErrorKind, Pace};
use trunkline_bulk::input::NumberStyle;
use trunkline_bulk::{Bulk, Export as Exported, ExportFormat, ExportOptions, unwritten};

use super::file::write;
use super::{Report, counted};
use crate::arguments::{Export, Format};
use crate::connection::Connection;
use crate::failure::Failure;
use crate::interrupt::unless_interrupted;
use crate::printer::Printer;
use crate::progress::Reporter;

pub(super) async fn run(export: &Export, connection: &Connection<'_>, printer: Printer) -> Result<Report, Failure> {
    let format = format(export, printer.format())?;
    let bulk = Bulk::new(&connection.client_for_jobs(Pace::documented())?);
    let options = ExportOptions::default()
        .with_phones(export.phones)
        .with_policies(export.policies);
    let present = unless_interrupted(&Reporter::silent(printer), bulk.export(&options)).await?;
    let style = if export.for_spreadsheet {
        NumberStyle::Text
    } else {
        NumberStyle::Plain
    };
    write(&export.file, printer, |to| match format {
        ExportFormat::JsonLines => present.write_json_lines(to).map_err(unwritten),
        ExportFormat::Csv => present.write_csv(to, style).map_err(unwritten),
        ExportFormat::Xlsx => present.write_xlsx(to),
    })?;
    printer.note(&counted(present.row_count() as u64, "row"));
    // A file with columns has its header in row 1.
    let header = match format {
        ExportFormat::JsonLines => 0,
        ExportFormat::Csv | ExportFormat::Xlsx => 1,
    };
    if let Some(what) = unreadable(&present, header) {
        printer.warning(&what);
    }
    for left_out in &present.left_out {
        let sentence = format!("{} {}", left_out.what, left_out.why);
        let sentence = printer.shown(&sentence);
        printer.note(&format!("left out, because no row can express it: {sentence}"));
    }
    if let Some(doubt) = &present.doubt {
        printer.note(&format!("numbers may be missing: {doubt}"));
    }
    Ok(Report::printed(0))
}

/// The format to write: by the extension of the file's name, else by `--output`.
fn format(export: &Export, output: Format) -> Result<ExportFormat, Failure> {
    let named = if export.file == Path::new("-") {
        None
    } else {
        ExportFormat::of(&export.file)?
    };
    let (asked, word) = match output {
        Format::Table => return Ok(named.unwrap_or(ExportFormat::Csv)),
        Format::Csv => (ExportFormat::Csv, "csv"),
        Format::Json => (ExportFormat::JsonLines, "json"),
        Format::Jsonl => (ExportFormat::JsonLines, "jsonl"),
    };
    if named.is_some_and(|named| named != asked) {
        return Err(Failure::refused(
            ErrorKind::InvalidInput,
            format!("the ending of {} does not fit --output {word}", export.file.display()),
            "Omit --output, or use an ending that fits: .csv or .jsonl",
        ));
    }
    Ok(asked)
}

/// Which rows of the file planning will refuse, because the inventory has no telephone number there.
fn unreadable(present: &Exported, header: usize) -> Option<String> {
    let first = present.rows.len() + header + 1;
    let last = first + present.unreadable.len() - 1;
    match present.unreadable.len() {
        0 => None,
        1 => Some(format!(
            "row {first} has a number that is not written as numbers are; it stands as the inventory has it, and planning \
             says what is wrong with it"
        )),
        count => Some(format!(
            "rows {first} to {last} have {count} numbers that are not written as numbers are; they stand as the inventory \
             has them, and planning says what is wrong with them"
        )),
    }
}
