//! Writes workbooks: tables whose cells are text, so that nothing loses its plus or its zeros.

use std::io::Write;

use rust_xlsxwriter::{Color, Format, FormatAlign, IgnoreError, Workbook, Worksheet, XlsxError};

use crate::error::{BulkError, BulkErrorKind};
use crate::file::unwritten;
use crate::input::{Column, NumberStyle, guarded};

/// Number of rows of a sheet, the header included.
const ROWS: u32 = 1 << 20;

/// Number of characters that a cell holds.
const CHARACTERS: usize = 32_767;

/// A column of a sheet.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SheetColumn {
    /// Its heading.
    pub(crate) heading: String,
    /// Its width, in characters.
    pub(crate) width: f64,
}

impl SheetColumn {
    pub(crate) fn new(heading: impl Into<String>, width: f64) -> Self {
        Self {
            heading: heading.into(),
            width,
        }
    }

    /// A column of files of rows.
    pub(crate) fn of(column: Column) -> Self {
        let width = match column {
            Column::User => 36.0,
            Column::Location => 38.0,
            Column::Number | Column::PolicyType => 22.0,
            Column::Policy => 28.0,
            _ => 14.0,
        };
        Self::new(column.name(), width)
    }
}

/// The value of a cell that is written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SheetCell {
    Empty,
    /// A text; nothing of it becomes a formula.
    Text(String),
    /// A number, for whoever counts with it.
    Number(f64),
    /// A number that is shown with a plus.
    NumberWithPlus(f64),
    Truth(bool),
}

/// A workbook that is being written.
pub(crate) struct Sheets {
    book: Workbook,
    formats: Formats,
}

struct Formats {
    heading: Format,
    text: Format,
    plus: Format,
}

impl Sheets {
    pub(crate) fn new() -> Self {
        Self {
            book: Workbook::new(),
            formats: Formats {
                heading: Format::new()
                    .set_bold()
                    .set_num_format("@")
                    .set_background_color(Color::RGB(0x00E7_ECF2)),
                // As text also when somebody writes into the cell: a spreadsheet takes the plus of a number otherwise.
                text: Format::new().set_num_format("@").set_align(FormatAlign::Top),
                plus: Format::new().set_num_format("\\+0"),
            },
        }
    }

    /// Writes a sheet: the header, which stays in view and filters, and then the rows.
    ///
    /// # Errors
    ///
    /// The error of a row, and [`BulkErrorKind::Option`] for more rows than a sheet has.
    pub(crate) fn add(
        &mut self,
        name: &str,
        columns: &[SheetColumn],
        rows: impl Iterator<Item = Result<Vec<SheetCell>, BulkError>>,
    ) -> Result<(), BulkError> {
        let formats = &self.formats;
        let sheet = self.book.add_worksheet_with_constant_memory().map_err(broken)?;
        begin(sheet, name, columns, formats).map_err(broken)?;
        let mut last = 0;
        for row in rows {
            last += 1;
            if last >= ROWS {
                return Err(too_long());
            }
            for (column, cell) in (0..).zip(row?) {
                write(sheet, last, column, cell, formats).map_err(broken)?;
            }
        }
        end(sheet, last, columns.len()).map_err(broken)
    }

    /// Writes the workbook.
    ///
    /// # Errors
    ///
    /// [`BulkErrorKind::Disk`] when `to` cannot be written, or there is no space for what waits.
    pub(crate) fn finish(mut self, mut to: impl Write) -> Result<(), BulkError> {
        let bytes = self.book.save_to_buffer().map_err(broken)?;
        to.write_all(&bytes).and_then(|()| to.flush()).map_err(unwritten)
    }
}

fn begin(sheet: &mut Worksheet, name: &str, columns: &[SheetColumn], formats: &Formats) -> Result<(), XlsxError> {
    sheet.set_name(name)?.set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    for (place, column) in (0..).zip(columns) {
        sheet.set_column_width(place, column.width)?;
        sheet.set_column_format(place, &formats.text)?;
    }
    for (place, column) in (0..).zip(columns) {
        sheet.write_string_with_format(0, place, text(&column.heading), &formats.heading)?;
    }
    Ok(())
}

fn end(sheet: &mut Worksheet, last: u32, columns: usize) -> Result<(), XlsxError> {
    let Some(right) = u16::try_from(columns).ok().and_then(|columns| columns.checked_sub(1)) else {
        return Ok(());
    };
    sheet.autofilter(0, 0, last, right)?;
    // The mark of spreadsheets on texts of digits, which offers to make a number of them.
    sheet.ignore_error_range(0, 0, last, right, IgnoreError::NumberStoredAsText)?;
    Ok(())
}

fn write(sheet: &mut Worksheet, row: u32, column: u16, cell: SheetCell, formats: &Formats) -> Result<(), XlsxError> {
    match cell {
        SheetCell::Empty => return Ok(()),
        SheetCell::Text(own) if own.is_empty() => return Ok(()),
        SheetCell::Text(own) => sheet.write_string_with_format(row, column, text(&own), &formats.text)?,
        SheetCell::Number(number) => sheet.write_number(row, column, number)?,
        SheetCell::NumberWithPlus(number) => sheet.write_number_with_format(row, column, number, &formats.plus)?,
        SheetCell::Truth(truth) => sheet.write_boolean(row, column, truth)?,
    };
    Ok(())
}

/// The text as it stands in a cell. It is guarded as in CSV, because somebody may save the workbook as that.
fn text(own: &str) -> String {
    let guarded = guarded(own, NumberStyle::Plain);
    match guarded.char_indices().nth(CHARACTERS) {
        None => guarded.into_owned(),
        // A cell holds no more.
        Some(_) => guarded.chars().take(CHARACTERS - 1).chain(['…']).collect(),
    }
}

fn too_long() -> BulkError {
    BulkError::new(
        BulkErrorKind::Option,
        format!(
            "a sheet of a workbook has room for {} rows, and there are more",
            ROWS - 1
        ),
        "Write CSV, which has no such limit, or split the work",
    )
}

fn broken(error: XlsxError) -> BulkError {
    match error {
        XlsxError::IoError(error) => unwritten(error),
        error => BulkError::new(
            BulkErrorKind::Disk,
            format!("the workbook cannot be written: {error}"),
            "Write CSV instead, and report this",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Data, DataType, Reader, Xlsx};

    fn written(rows: Vec<Vec<SheetCell>>) -> Vec<u8> {
        let mut sheets = Sheets::new();
        let columns = [SheetColumn::new("number", 20.0), SheetColumn::new("user", 30.0)];
        sheets
            .add("Rows", &columns, rows.into_iter().map(Ok))
            .expect("is written");
        let mut bytes = Vec::new();
        sheets.finish(&mut bytes).expect("memory takes everything");
        bytes
    }

    #[test]
    fn another_reader_finds_texts_as_texts_and_no_formula() {
        let text = |text: &str| SheetCell::Text(text.to_owned());
        let bytes = written(vec![
            vec![text("+12065550100"), text("ana@contoso.example")],
            vec![text("0042"), text("=1+1")],
            vec![SheetCell::NumberWithPlus(12_065_550_101.0), SheetCell::Truth(true)],
            vec![SheetCell::Empty, text("a\u{1b}b")],
        ]);
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(&bytes)).expect("a workbook");
        let range = book.worksheet_range("Rows").expect("the sheet");
        let cell = |row, column| range.get_value((row, column)).cloned().unwrap_or(Data::Empty);
        assert_eq!(cell(0, 0), Data::String("number".to_owned()));
        assert_eq!(cell(1, 0), Data::String("+12065550100".to_owned()));
        assert_eq!(cell(2, 0), Data::String("0042".to_owned()));
        assert_eq!(cell(2, 1), Data::String("'=1+1".to_owned()));
        assert_eq!(cell(3, 0).as_f64(), Some(12_065_550_101.0));
        assert_eq!(cell(3, 1), Data::Bool(true));
        assert_eq!(cell(4, 1), Data::String("a\\u{1b}b".to_owned()));
        let formulas = book.worksheet_formula("Rows").expect("the sheet");
        assert!(formulas.used_cells().next().is_none(), "a cell is a formula");
    }

    #[test]
    fn the_header_is_frozen_and_filters_all_rows() {
        let bytes = written(vec![vec![SheetCell::Text("+12065550100".to_owned())]; 3]);
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).expect("an archive");
        let mut xml = String::new();
        std::io::Read::read_to_string(
            &mut archive.by_name("xl/worksheets/sheet1.xml").expect("a sheet"),
            &mut xml,
        )
        .expect("XML");
        for part in [
            r#"<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>"#,
            r#"<autoFilter ref="A1:B4"/>"#,
            r#"numberStoredAsText="1""#,
        ] {
            assert!(xml.contains(part), "{part} is missing: {xml}");
        }
    }

    #[test]
    fn a_cell_holds_no_more_than_a_spreadsheet_reads() {
        let bytes = written(vec![vec![SheetCell::Text("x".repeat(CHARACTERS + 9))]]);
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(&bytes)).expect("a workbook");
        let range = book.worksheet_range("Rows").expect("the sheet");
        let cell = range.get_value((1, 0)).and_then(DataType::as_string).expect("a text");
        assert_eq!(cell.chars().count(), CHARACTERS);
        assert!(cell.ends_with('…'));
    }
}
