//! Writes the rows that cannot be read, so that a person corrects them and plans that file.

use std::collections::HashMap;
use std::path::Path;

use crate::error::{BulkError, BulkErrorKind};
use crate::file::{check_ending, unwritten, write_whole};
use crate::input::{Input, NumberStyle, OURS, Severity, SourceCell, SourceRow, UnreadableRow, guarded};
use crate::sheet::{SheetCell, SheetColumn, Sheets};

/// Columns before those of the file. Reading them again ignores them.
const OWN: [(&str, f64); 3] = [("problem", 60.0), ("what to do", 60.0), ("row in the file", 16.0)];

/// Refuses a file whose name does not end with `.xlsx` or `.csv`, before anything is read.
///
/// # Errors
///
/// [`BulkErrorKind::Option`].
pub fn check_unreadable_file(path: &Path) -> Result<(), BulkError> {
    check_ending(path, "rows that cannot be read", &["xlsx", "csv", "txt"])
}

/// Writes the rows that cannot be read, with their own cells as they are in the file, the reason and the next step. Returns how
/// many there are; without any, no file is written.
///
/// A name that ends with `.xlsx` is a workbook, every other one CSV. The result is a file of rows: what was corrected in it can
/// be planned, and the columns that were added are ignored. The file has to be read with
/// [`InputOptions::keep_unreadable`](crate::input::InputOptions::keep_unreadable).
///
/// # Errors
///
/// [`BulkErrorKind::Option`] when the rows were not kept or the name has another ending, [`BulkErrorKind::Disk`] when the file
/// cannot be written.
///
/// ```
/// use trunkline_bulk::input::{self, InputOptions};
///
/// let options = InputOptions { keep_unreadable: true, ..InputOptions::default() };
/// let file = "number,user,team\n12065550100,ana@contoso.example,Sales\n";
/// let rows = input::read(file.as_bytes(), &options)?;
/// let folder = std::env::temp_dir().join("trunkline-unreadable");
/// std::fs::create_dir_all(&folder)?;
/// assert_eq!(trunkline_bulk::write_unreadable(&rows, &folder.join("to-correct.xlsx"))?, 1);
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_unreadable(input: &Input, path: &Path) -> Result<u64, BulkError> {
    check_unreadable_file(path)?;
    if !input.source().is_kept() {
        return Err(BulkError::new(
            BulkErrorKind::Option,
            "the rows that cannot be read were not kept when the file was read",
            "Read the file again, and keep them",
        ));
    }
    let rows = input.unreadable();
    if rows.is_empty() {
        return Ok(0);
    }
    let is_workbook = path
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"));
    let table = Table::of(input);
    write_whole(path, |to| {
        if is_workbook {
            table.write_xlsx(to)
        } else {
            table.write_csv(to)
        }
    })?;
    Ok(rows.len() as u64)
}

/// The rows and what is wrong with each.
struct Table<'i> {
    input: &'i Input,
    sources: HashMap<u32, &'i SourceRow>,
    /// The problems of each row: what, and what to do.
    problems: HashMap<u32, (Vec<String>, Vec<&'i str>)>,
}

impl<'i> Table<'i> {
    fn of(input: &'i Input) -> Self {
        let mut problems: HashMap<u32, (Vec<String>, Vec<&str>)> = HashMap::new();
        for problem in input
            .problems()
            .iter()
            .filter(|problem| problem.severity == Severity::Error)
        {
            let (whats, steps) = problems.entry(problem.row).or_default();
            whats.push(match &problem.column {
                Some(column) => format!("{column}: {}", problem.what),
                None => problem.what.clone().into_owned(),
            });
            if !steps.contains(&problem.next_step.as_ref()) {
                steps.push(&problem.next_step);
            }
        }
        let sources = input.source().rows.iter().map(|row| (row.row, row)).collect();
        Self {
            input,
            sources,
            problems,
        }
    }

    fn columns(&self) -> Vec<SheetColumn> {
        let own = OWN
            .iter()
            .map(|(name, width)| SheetColumn::new(format!("{OURS}{name}"), *width));
        own.chain(
            self.headings()
                .iter()
                .map(|heading| SheetColumn::new(heading.clone(), 24.0)),
        )
        .collect()
    }

    /// The headings of the file; if none was kept, those under which the rows are known.
    fn headings(&self) -> Vec<String> {
        let headings = &self.input.source().headings;
        if headings.is_empty() {
            return vec!["number".to_owned(), "user".to_owned()];
        }
        headings.clone()
    }

    fn cells(&self, row: &UnreadableRow) -> Vec<SheetCell> {
        let (what, step) = match self.problems.get(&row.row) {
            Some((whats, steps)) => (whats.join("; "), steps.join("; ")),
            // Of a file with very many problems, only the first are kept.
            None => (row.kind.what().to_owned(), row.kind.next_step().to_owned()),
        };
        let mut cells = vec![
            SheetCell::Text(what),
            SheetCell::Text(step),
            SheetCell::Number(f64::from(row.row)),
        ];
        let headings = self.headings();
        let own = match self.sources.get(&row.row) {
            Some(source) => source.cells.clone(),
            None => self.known(row, &headings),
        };
        for (place, value) in own {
            let place = OWN.len() + place;
            if cells.len() <= place {
                cells.resize(place + 1, SheetCell::Empty);
            }
            cells[place] = match value {
                SourceCell::Text(text) => SheetCell::Text(text),
                SourceCell::Number(number) => SheetCell::Number(number),
                SourceCell::NumberWithPlus(number) => SheetCell::NumberWithPlus(number),
                SourceCell::Truth(truth) => SheetCell::Truth(truth),
            };
        }
        cells
    }

    /// The cells by which a row is known whose own were not kept.
    fn known(&self, row: &UnreadableRow, headings: &[String]) -> Vec<(usize, SourceCell)> {
        use crate::input::Column;
        let place = |column| {
            headings
                .iter()
                .position(|heading| Column::from_heading(heading) == Some(column))
        };
        [(Column::Number, &row.number), (Column::User, &row.user)]
            .into_iter()
            .filter_map(|(column, text)| Some((place(column)?, SourceCell::Text(text.clone()?))))
            .collect()
    }

    fn write_xlsx(&self, to: &mut dyn std::io::Write) -> Result<(), BulkError> {
        let mut sheets = Sheets::new();
        let rows = self.input.unreadable().iter().map(|row| Ok(self.cells(row)));
        sheets.add("Rows to correct", &self.columns(), rows)?;
        sheets.finish(to)
    }

    fn write_csv(&self, to: &mut dyn std::io::Write) -> Result<(), BulkError> {
        to.write_all("\u{feff}".as_bytes()).map_err(unwritten)?;
        let mut table = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .flexible(true)
            .from_writer(to);
        let refused = |error: csv::Error| unwritten(std::io::Error::other(error));
        let columns = self.columns();
        table
            .write_record(
                columns
                    .iter()
                    .map(|column| guarded(&column.heading, NumberStyle::Text).into_owned()),
            )
            .map_err(refused)?;
        for row in self.input.unreadable() {
            let mut cells = self.cells(row);
            cells.resize(cells.len().max(columns.len()), SheetCell::Empty);
            table.write_record(cells.iter().map(text)).map_err(refused)?;
        }
        table.flush().map_err(unwritten)
    }
}

/// A cell in CSV, which has texts only.
fn text(cell: &SheetCell) -> String {
    match cell {
        SheetCell::Empty => String::new(),
        SheetCell::Text(text) => guarded(text, NumberStyle::Text).into_owned(),
        SheetCell::Number(number) | SheetCell::NumberWithPlus(number) => number.to_string(),
        SheetCell::Truth(truth) => truth.to_string(),
    }
}
