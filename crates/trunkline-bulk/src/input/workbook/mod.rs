//! XLSX: an archive of XML parts. Cells are read as they are unpacked; the table of texts and the styles before them.

mod cells;
#[cfg(test)]
mod comparison;
mod markup;
mod package;
mod sheets;
mod styles;
mod texts;

use std::borrow::Cow;

use self::cells::SheetCells;
use self::package::{Package, Part};
use self::sheets::Parts;
use self::styles::Styles;
use self::texts::Texts;
use super::cell::{Cell, Cells};
use super::check::Checker;
use super::header;
use super::problem::ProblemKind;
use super::{Column, InputError, InputOptions};

/// Reads all rows of one sheet into the checker, and says which columns there were.
pub(super) fn read(bytes: &[u8], options: &InputOptions, checker: &mut Checker<'_>) -> Result<Vec<Column>, InputError> {
    let mut package = Package::new(bytes, options)?;
    let parts = Parts::of(&mut package, options)?;
    let (texts, styles) = tables(&mut package, &parts)?;
    let mut cells = cells_of(&mut package, &parts, &texts, &styles)?;
    let mut layout = None;
    let mut row = SheetRow::default();
    while let Some(found) = cells.next()? {
        if found.row != row.place {
            row.end(&mut layout, options, checker)?;
            row.place = found.row;
        }
        let cell = match found.cell {
            // In the header, and in columns that are not read, it does not matter where a value comes from.
            _ if found.is_calculated && layout.is_some() => Cell::Formula,
            cell => cell,
        };
        if cell != Cell::Empty {
            if let Cell::Text(text) = &cell
                && text.len() > options.limits.cell_bytes
            {
                return Err(InputError::TooLong {
                    line: found.row + 1,
                    limit: options.limits.cell_bytes,
                });
            }
            row.add(found.column as usize, cell, options)?;
        }
    }
    row.end(&mut layout, options, checker)?;
    let layout = layout.ok_or(InputError::Empty)?;
    Ok(layout.places.iter().map(|(column, _)| *column).collect())
}

/// What cells refer to. A workbook of numbers alone has neither.
fn tables(package: &mut Package<'_>, parts: &Parts) -> Result<(Texts, Styles), InputError> {
    let texts = match package.part(&parts.texts)? {
        Some(mut markup) => Texts::read(&mut markup)?,
        None => Texts::default(),
    };
    let styles = match package.part(&parts.styles)? {
        Some(mut markup) => Styles::read(&mut markup)?,
        None => Styles::default(),
    };
    Ok((texts, styles))
}

fn cells_of<'t, 'p, 'b>(
    package: &'p mut Package<'b>,
    parts: &Parts,
    texts: &'t Texts,
    styles: &'t Styles,
) -> Result<SheetCells<'t, Part<'p, 'b>>, InputError> {
    let missing = || InputError::BrokenWorkbook("the sheet is not in it".to_owned());
    let markup = package.part(&parts.sheet)?.ok_or_else(missing)?;
    SheetCells::new(markup, texts, styles)
}

/// A row of which cells are still to come.
#[derive(Default)]
struct SheetRow<'c> {
    /// Counted from zero.
    place: u32,
    cells: Vec<(usize, Cell<'c>)>,
}

impl<'c> SheetRow<'c> {
    fn add(&mut self, column: usize, cell: Cell<'c>, options: &InputOptions) -> Result<(), InputError> {
        // Rows that claim to have a cell more than once could grow without end.
        if self.cells.len() > options.limits.columns.saturating_mul(4) {
            return Err(InputError::TooManyColumns {
                limit: options.limits.columns,
            });
        }
        self.cells.push((column, cell));
        Ok(())
    }

    /// Takes the row as the header if there is none yet, and checks it otherwise.
    fn end(
        &mut self,
        layout: &mut Option<header::Layout>,
        options: &InputOptions,
        checker: &mut Checker<'_>,
    ) -> Result<(), InputError> {
        let line = self.place.saturating_add(1);
        let found = std::mem::take(&mut self.cells);
        if found.iter().all(|(_, cell)| cell.is_blank()) {
            return Ok(());
        }
        let Some(layout) = layout else {
            let width = found.iter().map(|(column, _)| column + 1).max().unwrap_or(0);
            if width > options.limits.columns {
                return Err(InputError::TooManyColumns {
                    limit: options.limits.columns,
                });
            }
            let mut headings = vec![Cow::Borrowed(""); width];
            for (column, cell) in found {
                if let Cell::Text(text) = cell {
                    headings[column] = text;
                }
            }
            *layout = Some(header::Layout::of(&headings, line, options, checker)?);
            return Ok(());
        };
        let mut cells = Cells::default();
        let mut has_extra = false;
        for (place, cell) in found {
            if let Some((column, _)) = layout.places.iter().find(|(_, known)| *known == place) {
                cells.set(*column, cell);
            } else {
                has_extra |= place >= layout.width && !cell.is_blank();
            }
        }
        if has_extra {
            return checker.refuse(ProblemKind::ExtraCells, line, &cells);
        }
        checker.row(line, &cells)
    }
}
