//! The cells of rows that cannot be read, as they stand in the file, for a person who corrects them.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::cell::{Cell, Cells};
use super::spreadsheet::unguarded;
use super::{Column, UnreadableRow};

/// Text for a cell whose value cannot be taken out of its file. No column reads these words.
const FORMULA: &str = "(a formula)";
const OTHER: &str = "(a date, an error or a list)";

/// How the headings begin of columns that we add to the rows of a file.
pub(crate) const OURS: &str = "trunkline: ";

/// Whether a heading is one of ours.
pub(super) fn is_ours(heading: &str) -> bool {
    heading.trim().starts_with(OURS.trim_end())
}

/// The rows of a file that were not read, with all of their cells.
#[derive(Debug, Clone, Default)]
pub(crate) struct SourceRows {
    is_kept: bool,
    /// The headings of the file, read or not.
    pub(crate) headings: Vec<String>,
    pub(crate) rows: Vec<SourceRow>,
}

/// A row of the file.
#[derive(Debug, Clone)]
pub(crate) struct SourceRow {
    pub(crate) row: u32,
    /// The cells that are filled, by the places of their headings.
    pub(crate) cells: Vec<(usize, SourceCell)>,
}

/// The value of a cell as it stands in the file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SourceCell {
    Text(String),
    Number(f64),
    NumberWithPlus(f64),
    Truth(bool),
}

impl SourceRows {
    /// An empty list; it stays so when no rows are kept.
    pub(super) fn new(is_kept: bool) -> Self {
        Self {
            is_kept,
            ..Self::default()
        }
    }

    /// Whether rows are kept.
    pub(crate) fn is_kept(&self) -> bool {
        self.is_kept
    }

    /// Takes the headings of the file.
    pub(super) fn begin<T: AsRef<str>>(&mut self, headings: &[T]) {
        if self.is_kept {
            self.headings = headings
                .iter()
                .map(|heading| heading.as_ref().trim().to_owned())
                .collect();
        }
    }

    /// Keeps a row of a table. Values that its merged cells have elsewhere are in `read`.
    pub(super) fn add(&mut self, row: u32, found: &[(usize, Cell<'_>)], read: &Cells<'_>, places: &[(Column, usize)]) {
        let mut cells: Vec<_> = found
            .iter()
            .filter_map(|(place, cell)| Some((*place, value(cell)?)))
            .collect();
        for (column, place) in places {
            if !cells.iter().any(|(known, _)| known == place) {
                cells.extend(value(read.get(*column)).map(|value| (*place, value)));
            }
        }
        cells.sort_by_key(|(place, _)| *place);
        self.rows.push(SourceRow { row, cells });
    }

    /// Keeps a line of JSON. One that is no object stands as it is below the heading `line`.
    pub(super) fn add_line(&mut self, row: u32, line: &[u8]) {
        let text = String::from_utf8_lossy(line);
        let object: Map<String, Value> = match serde_json::from_str(&text) {
            Ok(object) => object,
            Err(_) => Map::from_iter([("line".to_owned(), text.into_owned().into())]),
        };
        self.add_object(row, object);
    }

    /// Keeps an object of JSON.
    pub(super) fn add_object(&mut self, row: u32, object: Map<String, Value>) {
        let mut cells = Vec::new();
        for (key, value) in object {
            let place = self.headings.iter().position(|known| *known == key);
            let place = place.unwrap_or_else(|| {
                self.headings.push(key);
                self.headings.len() - 1
            });
            let value = match value {
                Value::Null => continue,
                Value::String(text) => SourceCell::Text(text),
                Value::Bool(truth) => SourceCell::Truth(truth),
                Value::Number(number) => match number.as_f64() {
                    Some(number) => SourceCell::Number(number),
                    None => SourceCell::Text(number.to_string()),
                },
                other => SourceCell::Text(other.to_string()),
            };
            cells.push((place, value));
        }
        self.rows.push(SourceRow { row, cells });
    }

    /// Leaves the rows that could not be read after all.
    pub(super) fn retain(&mut self, unreadable: &[UnreadableRow]) {
        let rows: HashSet<u32> = unreadable.iter().map(|row| row.row).collect();
        self.rows.retain(|row| rows.contains(&row.row));
        self.rows.dedup_by_key(|row| row.row);
        self.drop_ours();
    }

    /// Drops the columns that an earlier correction added: those of the next one take their place.
    fn drop_ours(&mut self) {
        let mut place = 0;
        let places: Vec<Option<usize>> = self
            .headings
            .iter()
            .map(|heading| {
                place += usize::from(!is_ours(heading));
                (!is_ours(heading)).then(|| place - 1)
            })
            .collect();
        self.headings.retain(|heading| !is_ours(heading));
        for row in &mut self.rows {
            let moved = |(old, value): (usize, SourceCell)| match places.get(old) {
                Some(place) => Some(((*place)?, value)),
                // A cell behind the last heading.
                None => Some((old - (places.len() - self.headings.len()), value)),
            };
            row.cells = std::mem::take(&mut row.cells).into_iter().filter_map(moved).collect();
        }
    }
}

/// The value of a cell; `None`: it is empty.
fn value(cell: &Cell<'_>) -> Option<SourceCell> {
    Some(match cell {
        Cell::Empty | Cell::Null => return None,
        Cell::Text(text) if text.is_empty() => return None,
        Cell::Text(text) => SourceCell::Text(unguarded(text).to_owned()),
        Cell::Number(number) => SourceCell::Number(*number),
        Cell::NumberWithPlus(number) => SourceCell::NumberWithPlus(*number),
        Cell::Truth(truth) => SourceCell::Truth(*truth),
        Cell::Formula => SourceCell::Text(FORMULA.to_owned()),
        Cell::NotText => SourceCell::Text("\u{fffd}".to_owned()),
        Cell::Other => SourceCell::Text(OTHER.to_owned()),
    })
}
