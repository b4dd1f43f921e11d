//! `trunkline bulk export`: the present state as a file of rows.

use trunkline::Pace;
use trunkline_bulk::input::{NumberStyle, write_csv, write_json_lines};
use trunkline_bulk::{Bulk, ExportOptions, unwritten};

use super::file::write;
use super::{Report, counted};
use crate::arguments::{Export, Format};
use crate::connection::Connection;
use crate::failure::Failure;
use crate::interrupt::unless_interrupted;
use crate::printer::Printer;
use crate::progress::Reporter;

pub(super) async fn run(export: &Export, connection: &Connection<'_>, printer: Printer) -> Result<Report, Failure> {
    let bulk = Bulk::new(&connection.client_for_jobs(Pace::documented())?);
    let options = ExportOptions::default().with_phones(export.phones);
    let present = unless_interrupted(&Reporter::silent(printer), bulk.export(&options)).await?;
    let style = if export.for_spreadsheet {
        NumberStyle::Text
    } else {
        NumberStyle::Plain
    };
    write(&export.file, printer, |to| match printer.format() {
        Format::Json | Format::Jsonl => write_json_lines(&present.rows, to).map_err(unwritten),
        Format::Table | Format::Csv => write_csv(&present.rows, to, style).map_err(unwritten),
    })?;
    printer.note(&counted(present.rows.len() as u64, "row"));
    for (what, count) in &present.left_out {
        printer.note(&format!("left out, as no row can say it: {count} × {what}"));
    }
    if let Some(doubt) = &present.doubt {
        printer.note(&format!("numbers may be missing: {doubt}"));
    }
    Ok(Report::printed(0))
}
