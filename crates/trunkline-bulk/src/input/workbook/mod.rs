//! XLSX: an archive of XML parts. Cells are read as they are unpacked; the table of texts and the styles before them.

mod cells;
mod hidden;
mod markup;
mod measured;
mod merged;
mod others;
mod package;
mod reference;
mod rows;
mod sheets;
mod styles;
#[cfg(test)]
mod tests;
mod texts;

use self::cells::SheetCells;
use self::merged::MergedCells;
use self::package::{Package, Part};
use self::rows::SheetRows;
use self::sheets::Parts;
use self::styles::Styles;
use self::texts::Texts;
use super::cell::Cell;
use super::check::Checker;
use super::{Column, InputError, InputOptions};

/// Reads all rows of one sheet into the checker, and says which columns there were.
pub(super) fn read<'o>(
    bytes: &[u8],
    options: &'o InputOptions,
    checker: &mut Checker<'o>,
) -> Result<Vec<Column>, InputError> {
    checker.problems.name_cells();
    let mut package = Package::new(bytes, options)?;
    let parts = Parts::of(&mut package, options)?;
    let (texts, styles) = tables(&mut package, &parts)?;
    match sheet(&mut package, &parts, &texts, &styles, options, checker) {
        Ok((columns, header)) => {
            // Whoever names a sheet knows that there are others.
            if options.sheet.is_none() {
                others::note(&mut package, &parts, (&texts, &styles), header, (options, checker));
            }
            Ok(columns)
        }
        Err(error) => Err(others::explain(error, &mut package, &parts, (&texts, &styles), options)),
    }
}

/// Hands each cell of the sheet that options choose to `take`, with its row and column, counted from zero.
pub(super) fn cells(
    bytes: &[u8],
    options: &InputOptions,
    mut take: impl FnMut(u32, u32, Cell<'_>) -> Result<(), InputError>,
) -> Result<(), InputError> {
    let mut package = Package::new(bytes, options)?;
    let parts = Parts::of(&mut package, options)?;
    let (texts, styles) = tables(&mut package, &parts)?;
    let mut cells = cells_of(&mut package, &parts, &texts, &styles)?;
    while let Some(found) = cells.next()? {
        take(found.row, found.column, found.cell)?;
    }
    // Only at the end of the part is its checksum known.
    cells.rest().map(|_| ())
}

/// Reads the sheet. Its merged cells are named behind its rows: if they matter, the rows are read once more.
fn sheet<'o>(
    package: &mut Package<'_>,
    parts: &Parts,
    texts: &Texts,
    styles: &Styles,
    options: &'o InputOptions,
    checker: &mut Checker<'o>,
) -> Result<(Vec<Column>, u32), InputError> {
    let mut known = None;
    loop {
        let mut cells = cells_of(package, parts, texts, styles)?;
        let merged = MergedCells::new(known.clone().unwrap_or_default());
        let mut rows = SheetRows::new(options, cells.hidden_columns().to_vec(), merged);
        while let Some(found) = cells.next()? {
            rows.add(found, checker)?;
        }
        rows.end(checker)?;
        let merged = cells.rest()?;
        if known.is_none() && rows.miss(&merged) {
            known = Some(merged);
            *checker = Checker::new(options, checker.locations());
            checker.problems.name_cells();
            package.begin_again();
        } else {
            return rows.finish(checker);
        }
    }
}

/// The texts and styles that cells refer to. A workbook of numbers alone has neither.
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
    let markup = package.part(&parts.sheet.path)?.ok_or_else(missing)?;
    SheetCells::new(markup, texts, styles)
}
