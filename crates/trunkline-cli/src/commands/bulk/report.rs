//! `trunkline bulk report`: what a journal holds, for others.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::Path;

use trunkline::ErrorKind;
use trunkline_bulk::input::NumberStyle;
use trunkline_bulk::report::{Privacy, Report as RunReport, write_csv, write_json_lines, write_page};
use trunkline_bulk::{BulkError, Journal};

use super::Report;
use crate::arguments::WriteReport;
use crate::failure::Failure;
use crate::printer::Printer;

/// Tables are for spreadsheets, which take the plus away from numbers that do not look like text.
pub(super) const NUMBERS: NumberStyle = NumberStyle::Text;

pub(super) fn run(wanted: &WriteReport, printer: Printer) -> Result<Report, Failure> {
    let journal = Journal::open(&wanted.journal)?;
    let privacy = if wanted.masked { Privacy::Masked } else { Privacy::Full };
    let report = RunReport::of(&journal, privacy)?;
    if let Some(path) = &wanted.html {
        write(path, printer, |to| {
            write_page(&report, RunReport::rows_of(&journal), to)
        })?;
    }
    if let Some(path) = &wanted.csv {
        write(path, printer, |to| {
            write_csv(&report, RunReport::rows_of(&journal), NUMBERS, to)
        })?;
    }
    if let Some(path) = &wanted.jsonl {
        write(path, printer, |to| {
            write_json_lines(&report, RunReport::rows_of(&journal), to)
        })?;
    }
    Ok(Report::printed(0))
}

/// Writes a report: all of it or nothing, readable by its owner only. `-` is standard output.
fn write(
    path: &Path,
    printer: Printer,
    write: impl FnOnce(&mut dyn Write) -> Result<(), BulkError>,
) -> Result<(), Failure> {
    if path == Path::new("-") {
        let mut text = Vec::new();
        write(&mut text)?;
        return printer.result(&String::from_utf8_lossy(&text));
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.partial", std::process::id()));
    let beside = path.with_file_name(name);
    let failed = |error: std::io::Error| {
        let message = format!("{} cannot be written: {error}", path.display());
        Failure::refused(
            ErrorKind::InvalidInput,
            message,
            "Choose a folder that can be written and has space",
        )
    };
    let written = private(&beside).map_err(failed).and_then(|file| {
        let mut buffer = BufWriter::new(file);
        write(&mut buffer)?;
        buffer.flush().map_err(failed)?;
        std::fs::rename(&beside, path).map_err(failed)
    });
    if written.is_err() {
        // What is left of it is of no use, and may not be there.
        let _ = std::fs::remove_file(&beside);
    }
    written?;
    printer.note(&format!("wrote {}", path.display()));
    Ok(())
}

/// A new file that only its owner can read.
fn private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
