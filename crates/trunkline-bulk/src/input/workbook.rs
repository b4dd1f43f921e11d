//! XLSX. The library that reads it trusts a workbook's own words in places, so the archive is looked at first.

use std::borrow::Cow;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use zip::ZipArchive;

use super::cell::{Cell, Cells};
use super::check::Checker;
use super::header::Layout;
use super::problem::ProblemKind;
use super::{Column, InputError, InputOptions};

/// Reads all rows of one sheet into the checker, and says which columns there were.
pub(super) fn read(bytes: &[u8], options: &InputOptions, checker: &mut Checker<'_>) -> Result<Vec<Column>, InputError> {
    inspect(bytes, options)?;
    // What is damaged in ways that nobody thought of is refused, and does not take the program with it.
    catch_unwind(AssertUnwindSafe(|| sheet(bytes, options, checker)))
        .unwrap_or_else(|_| Err(InputError::BrokenWorkbook("its parts contradict each other".to_owned())))
}

/// Unpacks every part once without keeping it: a workbook of a few kilobytes can unpack to gigabytes.
fn inspect(bytes: &[u8], options: &InputOptions) -> Result<(), InputError> {
    let broken = |error: zip::result::ZipError| InputError::BrokenWorkbook(error.to_string());
    let limit = options.limits.unpacked_bytes;
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut left = limit;
    let mut piece = vec![0; 64 << 10];
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(broken)?;
        let name = part.name().map_err(broken)?.to_ascii_lowercase();
        let strings = name.ends_with("sharedstrings.xml");
        let (mut size, mut head) = (0, Vec::new());
        loop {
            let read = part
                .read(&mut piece)
                .map_err(|error| InputError::BrokenWorkbook(error.to_string()))?;
            if read == 0 {
                break;
            }
            size += read as u64;
            left = left.checked_sub(read as u64).ok_or(InputError::Bomb { limit })?;
            if strings && head.len() < piece.len() {
                head.extend_from_slice(&piece[..read]);
            }
        }
        // Room is made for as many texts as the part says it has; each takes `<si/>` at least.
        if strings && declared_texts(&head).is_none_or(|texts| texts > size / 5) {
            let message = "it says that it has more texts than fit into it";
            return Err(InputError::BrokenWorkbook(message.to_owned()));
        }
    }
    Ok(())
}

/// How many texts the table of texts says it has; 0 if it does not say. None: that cannot be told.
fn declared_texts(head: &[u8]) -> Option<u64> {
    let text = String::from_utf8_lossy(head);
    let table = &text[text.find("sst")?..];
    let table = &table[..table.find('>')?];
    let Some((_, count)) = table.split_once("uniqueCount") else {
        return Some(0);
    };
    let count = count.trim_start().strip_prefix('=')?.trim_start();
    let count = count.trim_start_matches(['"', '\'']);
    let digits = count.find(|letter: char| !letter.is_ascii_digit())?;
    // What is no number is not believed by the library either.
    Some(count[..digits].parse().unwrap_or(0))
}

fn sheet(bytes: &[u8], options: &InputOptions, checker: &mut Checker<'_>) -> Result<Vec<Column>, InputError> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(refused)?;
    let name = sheet_name(&workbook, options)?;
    let mut reader = workbook.worksheet_cells_reader(&name).map_err(refused)?;
    let mut layout = None;
    let mut row = SheetRow::default();
    while let Some(found) = reader.next_cell_with_formula_metadata().map_err(refused)? {
        let (place, column) = found.pos;
        if place != row.place {
            row.end(&mut layout, options, checker)?;
            row.place = place;
        }
        let cell = match found.value {
            // In the header, and in columns that are not read, it does not matter where a value comes from.
            _ if found.formula.is_some() && layout.is_some() => Cell::Formula,
            value => cell(value),
        };
        if cell != Cell::Empty {
            if let Cell::Text(text) = &cell
                && text.len() > options.limits.cell_bytes
            {
                return Err(InputError::TooLong {
                    line: place.saturating_add(1),
                    limit: options.limits.cell_bytes,
                });
            }
            row.add(column as usize, cell, options)?;
        }
    }
    row.end(&mut layout, options, checker)?;
    let layout = layout.ok_or(InputError::Empty)?;
    Ok(layout.places.iter().map(|(column, _)| *column).collect())
}

/// The sheet that was named, or the first one that can be seen.
fn sheet_name<R: std::io::Read + std::io::Seek>(
    workbook: &Xlsx<R>,
    options: &InputOptions,
) -> Result<String, InputError> {
    let sheets: Vec<_> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .collect();
    let names = || {
        sheets
            .iter()
            .map(|sheet| sheet.name.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let found = match &options.sheet {
        Some(wanted) => sheets
            .iter()
            .find(|sheet| sheet.name == *wanted)
            .or_else(|| sheets.iter().find(|sheet| sheet.name.eq_ignore_ascii_case(wanted))),
        None => sheets
            .iter()
            .find(|sheet| sheet.visible == SheetVisible::Visible)
            .or(sheets.first()),
    };
    found
        .map(|sheet| sheet.name.clone())
        .ok_or_else(|| InputError::NoSheet {
            wanted: options.sheet.clone().unwrap_or_default(),
            found: names(),
        })
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
        layout: &mut Option<Layout>,
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
            *layout = Some(Layout::of(&headings, line, options, checker)?);
            return Ok(());
        };
        let mut cells = Cells::default();
        for (place, cell) in found {
            if let Some((column, _)) = layout.places.iter().find(|(_, known)| *known == place) {
                cells.set(*column, cell);
            } else if place >= layout.width && !cell.is_blank() {
                return checker.refuse(ProblemKind::ExtraCells, line);
            }
        }
        checker.row(line, &cells)
    }
}

fn cell(value: DataRef<'_>) -> Cell<'_> {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::SharedString("") => Cell::Empty,
        DataRef::SharedString(text) => Cell::Text(Cow::Borrowed(text)),
        DataRef::String(text) if text.is_empty() => Cell::Empty,
        DataRef::String(text) => Cell::Text(Cow::Owned(text)),
        DataRef::Int(number) => Cell::Number(number as f64),
        DataRef::Float(number) => Cell::Number(number),
        DataRef::Bool(truth) => Cell::Truth(truth),
        DataRef::DateTime(_) | DataRef::DateTimeIso(_) | DataRef::DurationIso(_) | DataRef::Error(_) => Cell::Other,
    }
}

fn refused(error: XlsxError) -> InputError {
    match error {
        XlsxError::Password => InputError::Protected,
        other => InputError::BrokenWorkbook(other.to_string()),
    }
}
