//! The rows of a sheet: the first that is not blank is the header, the others go to the checker.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use super::cells::Found;
use super::hidden::HiddenParts;
use super::merged::{Merged, MergedCells};
use crate::input::cell::Cell;
use crate::input::check::Checker;
use crate::input::header::Layout;
use crate::input::{Column, Hidden, InputError, InputOptions};

/// A row of which cells are still to come.
#[derive(Debug, Default)]
struct SheetRow<'t> {
    /// Counted from zero.
    place: u32,
    is_hidden: bool,
    cells: Vec<(usize, Cell<'t>)>,
}

/// Collects the cells of a sheet into rows, and passes these to the checker.
pub(super) struct SheetRows<'t, 'o> {
    options: &'o InputOptions,
    hidden_columns: Vec<RangeInclusive<u32>>,
    row: SheetRow<'t>,
    /// The header's row, and which column stands where.
    header: Option<(u32, Layout)>,
    merged: MergedCells<'t>,
    hidden: HiddenParts,
}

impl<'t, 'o> SheetRows<'t, 'o> {
    pub(super) fn new(
        options: &'o InputOptions,
        hidden_columns: Vec<RangeInclusive<u32>>,
        merged: MergedCells<'t>,
    ) -> Self {
        Self {
            options,
            hidden_columns,
            row: SheetRow::default(),
            header: None,
            merged,
            hidden: HiddenParts::default(),
        }
    }

    /// Whether reading these ranges of merged cells would change what was read.
    pub(super) fn miss(&self, merged: &[Merged]) -> bool {
        let header = self.header.as_ref();
        header.is_some_and(|(row, layout)| merged.iter().any(|range| range.matters(*row, layout)))
    }

    /// Adds a cell to its row; a cell of another row ends the current one.
    pub(super) fn add(&mut self, found: Found<'t>, checker: &mut Checker<'_>) -> Result<(), InputError> {
        if found.row != self.row.place {
            self.end_row(checker)?;
            self.row.place = found.row;
        }
        self.row.is_hidden = found.is_hidden;
        let cell = match found.cell {
            // In the header, and in columns that are not read, it does not matter where a value comes from.
            _ if found.is_calculated && self.header.is_some() => Cell::Formula,
            cell => cell,
        };
        if cell == Cell::Empty {
            return Ok(());
        }
        let limits = &self.options.limits;
        if let Cell::Text(text) = &cell
            && text.len() > limits.cell_bytes
        {
            return Err(InputError::TooLong {
                row: found.row + 1,
                limit: limits.cell_bytes,
            });
        }
        // Cells far from the header could fill the memory row by row.
        if self.row.cells.len() > limits.columns.saturating_mul(4) {
            return Err(InputError::TooManyColumns { limit: limits.columns });
        }
        self.row.cells.push((found.column as usize, cell));
        Ok(())
    }

    /// Ends the last row, and says what can be said only now. Gives the columns that were read, and the line of the header.
    pub(super) fn finish(mut self, checker: &mut Checker<'_>) -> Result<(Vec<Column>, u32), InputError> {
        self.end_row(checker)?;
        let Some((header, layout)) = self.header else {
            return Err(InputError::Empty);
        };
        self.hidden.settle(self.options.hidden, header, checker)?;
        layout.say_what_is_unread(checker);
        let columns = layout.places.iter().map(|(column, _)| *column).collect();
        Ok((columns, header.saturating_add(1)))
    }

    /// Reads the row as the header if there is none yet; otherwise checks it.
    fn end_row(&mut self, checker: &mut Checker<'_>) -> Result<(), InputError> {
        let mut row = std::mem::take(&mut self.row);
        if row.cells.iter().all(|(_, cell)| cell.is_blank()) {
            return Ok(());
        }
        let skips = self.options.hidden == Some(Hidden::Skip);
        let Some((header, layout)) = &mut self.header else {
            if row.is_hidden {
                self.hidden.add_row(row.place.saturating_add(1));
                if skips {
                    return Ok(());
                }
            }
            return self.take_header(row, checker);
        };
        self.hidden.look_at(&row.cells);
        if skips {
            let hides = |place: &usize| self.hidden_columns.iter().any(|range| range.contains(&(*place as u32)));
            row.cells.retain(|(place, _)| !hides(place));
        }
        let line = row.place.saturating_add(1);
        if row.is_hidden && skips {
            // Of what is left out, only that it is there is said.
            let is_read = |place: &usize| layout.places.iter().any(|(_, known)| known == place);
            row.cells.retain(|(place, _)| is_read(place));
        }
        let mut sorted = layout.sort(line, row.cells.into_iter());
        self.merged.go_to(row.place, *header, layout)?;
        if row.is_hidden && !sorted.cells.are_blank() {
            self.hidden.add_row(line);
        }
        let refused = self
            .merged
            .fill(row.place, &mut sorted.cells, |problem| checker.problems.add(problem));
        if row.is_hidden && skips {
            return Ok(());
        }
        layout.check(line, &sorted, refused, checker)
    }

    fn take_header(&mut self, row: SheetRow<'t>, checker: &mut Checker<'_>) -> Result<(), InputError> {
        let width = row.cells.iter().map(|(column, _)| column + 1).max().unwrap_or(0);
        let limit = self.options.limits.columns;
        if width > limit {
            return Err(InputError::TooManyColumns { limit });
        }
        let mut headings = vec![Cow::Borrowed(""); width];
        for (place, cell) in row.cells {
            let Cell::Text(text) = cell else { continue };
            let is_hidden = self.hidden_columns.iter().any(|range| range.contains(&(place as u32)));
            if let (true, Some(column)) = (is_hidden, Column::of_header(&text)) {
                self.hidden.add_column(place, column);
                if self.options.hidden == Some(Hidden::Skip) {
                    continue;
                }
            }
            headings[place] = text;
        }
        let layout = Layout::of(&headings, row.place.saturating_add(1), self.options, checker)?;
        self.header = Some((row.place, layout));
        Ok(())
    }
}
