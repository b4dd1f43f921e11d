//! `trunkline bulk report`: writes the report of a run.

use trunkline_bulk::Journal;
use trunkline_bulk::input::NumberStyle;
use trunkline_bulk::report::{
    Privacy, Report as RunReport, ReportFiles, check_files, write_csv, write_json_lines, write_page, write_xlsx,
};

use super::Report;
use super::file::{check_page, write};
use crate::arguments::WriteReport;
use crate::failure::Failure;
use crate::printer::Printer;

/// Tables are for spreadsheets, which take the plus away from numbers that do not look like text.
pub(super) const NUMBERS: NumberStyle = NumberStyle::Text;

pub(super) fn run(wanted: &WriteReport, printer: Printer) -> Result<Report, Failure> {
    check_page(wanted.html.as_deref())?;
    check_files(&ReportFiles {
        html: wanted.html.as_deref(),
        csv: wanted.csv.as_deref(),
        xlsx: wanted.xlsx.as_deref(),
        json_lines: wanted.jsonl.as_deref(),
    })?;
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
    if let Some(path) = &wanted.xlsx {
        write(path, printer, |to| {
            write_xlsx(&report, RunReport::rows_of(&journal), to)
        })?;
    }
    if let Some(path) = &wanted.jsonl {
        write(path, printer, |to| {
            write_json_lines(&report, RunReport::rows_of(&journal), to)
        })?;
    }
    Ok(Report::printed(0))
}
