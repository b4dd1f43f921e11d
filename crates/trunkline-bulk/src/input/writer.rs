//! Rows written as a file that reads back as the same rows.

use std::io::{self, Write};

use serde_json::{Map, Value};
use trunkline::Change;

use super::Column;
use super::row::Row;
use super::spreadsheet::{NumberStyle, guarded};
use crate::file::write_json_line;

/// A value with a text for the columns of a file.
pub(crate) trait Cells {
    /// The text of a column; `None`: the cell is empty.
    fn cell(&self, column: Column) -> Option<String>;
}

impl Cells for Row {
    fn cell(&self, column: Column) -> Option<String> {
        text(&self.change, column)
    }
}

/// Writes rows as CSV in UTF-8, with a comma, a header of all columns, and cells that no spreadsheet takes for formulas.
///
/// # Errors
///
/// The errors of `output`.
pub fn write_csv<'r>(
    rows: impl IntoIterator<Item = &'r Row>,
    output: impl Write,
    style: NumberStyle,
) -> io::Result<()> {
    write_cells_csv(rows.into_iter().map(|row| row as &dyn Cells), output, style)
}

/// [`write_csv`] of whatever has cells.
pub(crate) fn write_cells_csv<'r>(
    rows: impl Iterator<Item = &'r dyn Cells>,
    output: impl Write,
    style: NumberStyle,
) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(output);
    writer.write_record(Column::WRITTEN.map(Column::name))?;
    for row in rows {
        let cells = Column::WRITTEN.map(|column| row.cell(column).unwrap_or_default());
        writer.write_record(cells.iter().map(|cell| guarded(cell, style).into_owned()))?;
    }
    writer.flush()
}

/// Writes rows as JSONL, one object a line, with the columns that are filled.
///
/// # Errors
///
/// The errors of `output`.
pub fn write_json_lines<'r>(rows: impl IntoIterator<Item = &'r Row>, output: impl Write) -> io::Result<()> {
    write_cells_json_lines(rows.into_iter().map(|row| row as &dyn Cells), output)
}

/// [`write_json_lines`] of whatever has cells.
pub(crate) fn write_cells_json_lines<'r>(
    rows: impl Iterator<Item = &'r dyn Cells>,
    mut output: impl Write,
) -> io::Result<()> {
    for row in rows {
        let object: Map<String, Value> = Column::WRITTEN
            .into_iter()
            .filter_map(|column| Some((column.name().to_owned(), row.cell(column)?.into())))
            .collect();
        write_json_line(&object, &mut output)?;
    }
    output.flush()
}

/// The text of a change in a column.
pub(crate) fn text(change: &Change, column: Column) -> Option<String> {
    match (column, change) {
        (Column::Action, change) => Some(change.action().name().to_owned()),
        (Column::User, change) => change.person().map(|person| person.name.clone()),
        (Column::Number, change) => change.number().filter(|number| !number.is_empty()).map(str::to_owned),
        (Column::Category, Change::Assign { category, .. }) => category.clone(),
        (Column::NumberType, Change::Assign { number_type, .. }) => number_type.clone(),
        (Column::Location, Change::Assign { location, .. }) => location.clone(),
        (Column::Location, Change::SetLocation { location, .. }) => {
            Some(location.clone().unwrap_or_else(|| "none".to_owned()))
        }
        (Column::PolicyType, change) => change.policy_type().map(str::to_owned),
        (Column::Policy, Change::SetPolicy { policy, .. }) => Some(policy.clone()),
        (Column::Role, change) => change.role().map(|role| role.name().to_owned()),
        (Column::SmsSignIn, Change::SmsSignIn { enabled, .. }) => Some(if *enabled { "on" } else { "off" }.to_owned()),
        _ => None,
    }
}
