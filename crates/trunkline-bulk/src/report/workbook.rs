//! The report as a workbook: the rows, which can be planned again, and a sheet about the run.

use std::io::Write;

use super::spreadsheet::{HEADINGS, cells};
use super::{Report, ReportRow, line};
use crate::error::BulkError;
use crate::input::Column;
use crate::sheet::{SheetCell, SheetColumn, Sheets};

/// Writes a workbook: a sheet with one line per row, whose first columns are those of a file of rows, and one about the run.
/// Every cell is text, the header stays in view and filters.
///
/// # Errors
///
/// When a row cannot be read, there are more rows than a sheet has, or the text cannot be written.
pub fn write_xlsx(
    report: &Report,
    rows: impl IntoIterator<Item = Result<ReportRow, BulkError>>,
    to: impl Write,
) -> Result<(), BulkError> {
    let own = HEADINGS.map(|heading| SheetColumn::new(heading, width(heading)));
    let columns: Vec<_> = Column::WRITTEN.map(SheetColumn::of).into_iter().chain(own).collect();
    let rows = rows.into_iter().map(|row| {
        let row = row?.shown(report.privacy);
        let first = Column::WRITTEN.map(|column| line::cell(&row.wanted, column));
        Ok(first.into_iter().chain(cells(&row)).map(SheetCell::Text).collect())
    });
    let mut sheets = Sheets::new();
    sheets.add("Rows", &columns, rows)?;
    let columns = [SheetColumn::new("about the run", 26.0), SheetColumn::new("is", 90.0)];
    let facts = report
        .facts()
        .into_iter()
        .map(|(name, value)| Ok(vec![SheetCell::Text(name.to_owned()), SheetCell::Text(value)]));
    sheets.add("Run", &columns, facts)?;
    sheets.finish(to)
}

fn width(heading: &str) -> f64 {
    match heading {
        "row" | "status" => 8.0,
        "what" | "next step" | "service says" => 60.0,
        "name" | "before" | "after" | "lost" | "request ids" | "operations" | "verified" => 36.0,
        _ => 14.0,
    }
}
