//! The rows of a sheet: one of the first is the header, those below it go to the checker.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use super::cells::Found;
use super::hidden::HiddenParts;
use super::merged::{Merged, MergedCells};
use crate::input::cell::Cell;
use crate::input::check::Checker;
use crate::input::header::{Header, HeaderSearch, list};
use crate::input::layout::{Layout, RowKind, note_skipped};
use crate::input::{Column, Hidden, InputError, InputOptions};

/// A row of which cells are still to come.
#[derive(Debug, Default)]
struct SheetRow<'t> {
    /// Counted from zero.
    place: u32,
    is_hidden: bool,
    cells: Vec<(usize, Cell<'t>)>,
    /// Places of cells whose value was calculated; only of rows that may be above the header.
    calculated: Vec<usize>,
}

impl SheetRow<'_> {
    /// The cells as texts, by their places.
    fn texts(&self) -> Vec<Cow<'_, str>> {
        let width = self.cells.iter().map(|(column, _)| column + 1).max().unwrap_or(0);
        let mut texts = vec![Cow::Borrowed(""); width];
        for (place, cell) in &self.cells {
            texts[*place] = match cell {
                Cell::Text(text) => Cow::Borrowed(text.as_ref()),
                Cell::Number(number) | Cell::NumberWithPlus(number) => Cow::Owned(number.to_string()),
                _ => Cow::Borrowed(""),
            };
        }
        texts
    }
}

/// Collects the cells of a sheet into rows, and passes these to the checker.
pub(super) struct SheetRows<'t, 'o> {
    options: &'o InputOptions,
    hidden_columns: Vec<RangeInclusive<u32>>,
    row: SheetRow<'t>,
    /// The header's row, and which column stands where.
    header: Option<(u32, Layout)>,
    /// The rows so far, until it is clear which one is the header.
    first_rows: Vec<SheetRow<'t>>,
    search: HeaderSearch,
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
            first_rows: Vec::new(),
            search: HeaderSearch::default(),
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
        if found.is_calculated && self.header.is_none() {
            self.row.calculated.push(found.column as usize);
        }
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

    /// Ends the last row. If the header was not clear before, it is chosen now.
    pub(super) fn end(&mut self, checker: &mut Checker<'_>) -> Result<(), InputError> {
        self.end_row(checker)?;
        if self.header.is_none() {
            self.choose_header(checker)?;
        }
        Ok(())
    }

    /// Says what can be said only after all rows. Gives the columns that were read, and the line of the header.
    pub(super) fn finish(self, checker: &mut Checker<'_>) -> Result<(Vec<Column>, u32), InputError> {
        let Some((header, layout)) = self.header else {
            return Err(InputError::Empty);
        };
        self.hidden.settle(self.options.hidden, header, checker)?;
        layout.say_what_is_unread(checker);
        let columns = layout.places.iter().map(|(column, _)| *column).collect();
        Ok((columns, header.saturating_add(1)))
    }

    /// Examines the row as a header if there is none yet; otherwise checks it.
    fn end_row(&mut self, checker: &mut Checker<'_>) -> Result<(), InputError> {
        let row = std::mem::take(&mut self.row);
        if row.cells.iter().all(|(_, cell)| cell.is_blank()) {
            return Ok(());
        }
        if self.header.is_some() {
            return self.data_row(row, checker);
        }
        if row.is_hidden && self.options.hidden == Some(Hidden::Skip) {
            self.hidden.add_row(row.place.saturating_add(1));
            return Ok(());
        }
        let limit = self.options.limits.columns;
        if row.cells.iter().any(|(place, _)| *place >= limit) {
            return Err(InputError::TooManyColumns { limit });
        }
        let is_over = self.search.examine(&row.texts(), self.options);
        self.first_rows.push(row);
        if is_over {
            self.choose_header(checker)?;
        }
        Ok(())
    }

    /// Takes the best of the first rows as the header, and checks those below it.
    fn choose_header(&mut self, checker: &mut Checker<'_>) -> Result<(), InputError> {
        let search = std::mem::take(&mut self.search);
        let Some(found) = search.found() else {
            return Err(search.refusal());
        };
        let mut rows = std::mem::take(&mut self.first_rows).into_iter();
        let above: Vec<SheetRow<'t>> = rows.by_ref().take(found.above).collect();
        let Some(header) = rows.next() else { return Ok(()) };
        let line = header.place.saturating_add(1);
        if header.is_hidden {
            self.hidden.add_row(line);
        }
        self.take_header(header, checker)?;
        let skipped: Vec<(u32, String)> = above
            .iter()
            .map(|row| (row.place.saturating_add(1), list(&row.texts())))
            .collect();
        note_skipped(&skipped, line, checker);
        for mut row in rows {
            for (place, cell) in &mut row.cells {
                if row.calculated.contains(place) {
                    *cell = Cell::Formula;
                }
            }
            self.data_row(row, checker)?;
        }
        Ok(())
    }

    /// Checks a row below the header.
    fn data_row(&mut self, mut row: SheetRow<'t>, checker: &mut Checker<'_>) -> Result<(), InputError> {
        let Some((header, layout)) = &mut self.header else {
            return Ok(());
        };
        let skips = self.options.hidden == Some(Hidden::Skip);
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
        let refused = match sorted.kind {
            RowKind::Data => self
                .merged
                .fill(row.place, &mut sorted.cells, |problem| checker.problems.add(problem)),
            RowKind::Header | RowKind::Total => None,
        };
        if row.is_hidden && skips {
            return Ok(());
        }
        layout.check(line, &sorted, refused, checker)
    }

    fn take_header(&mut self, row: SheetRow<'t>, checker: &mut Checker<'_>) -> Result<(), InputError> {
        let width = row.cells.iter().map(|(column, _)| column + 1).max().unwrap_or(0);
        let mut headings = vec![Cow::Borrowed(""); width];
        let mut hidden = Vec::new();
        for (place, cell) in row.cells {
            let Cell::Text(text) = cell else { continue };
            if self.hidden_columns.iter().any(|range| range.contains(&(place as u32))) {
                hidden.push(place);
            }
            headings[place] = text;
        }
        let columns = Header::of(&headings, self.options).columns;
        for place in hidden {
            if let Some(column) = columns[place] {
                self.hidden.add_column(place, column);
                if self.options.hidden == Some(Hidden::Skip) {
                    headings[place] = Cow::Borrowed("");
                }
            }
        }
        let layout = Layout::of(&headings, row.place.saturating_add(1), self.options, checker)?;
        self.header = Some((row.place, layout));
        Ok(())
    }
}
