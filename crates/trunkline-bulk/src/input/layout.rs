//! The columns of a file by their places, and what each row below the header is by them.

use std::borrow::Cow;

use trunkline::Action;

use super::cell::{Cell, Cells};
use super::check::{Checker, Unnamed};
use super::column::{near_heading, same_word};
use super::groups::letters;
use super::header::{Header, RowMeaning, bare, is_site, list, missing_heading, with_usual_columns};
use super::problem::{Problem, shown};
use super::problem_kind::ProblemKind;
use super::source::is_ours;
use super::spreadsheet::within_guard;
use super::totals::{begins_total, is_total};
use super::{Column, InputError, InputOptions, number};

/// The columns of a file by their position.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// The columns that are read, with their places.
    pub(super) places: Vec<(Column, usize)>,
    /// Number of columns, read or not.
    pub(super) width: usize,
    /// Columns that mean the same as one that is read.
    repeated: Vec<RepeatedColumn>,
    /// By place, the columns that are not read.
    unread: Vec<Option<Unread>>,
    /// The row of the header.
    line: u32,
    /// The headings, to know them again.
    headings: Vec<String>,
    /// Whether the cells of rows that cannot be read are kept.
    keeps_source: bool,
}

/// A column that means the same as another one. It is looked at, and has to hold the same in every row.
#[derive(Debug, Clone)]
struct RepeatedColumn {
    column: Column,
    place: usize,
    heading: String,
    /// The heading of the column that is read.
    other: String,
}

impl RepeatedColumn {
    /// The problem of a row in which the two columns differ.
    fn contradicts(&self, line: u32, cells: &Cells<'_>, own: &Cell<'_>) -> Option<Problem> {
        let other = cells.get(self.column);
        let agree = match (other, own) {
            (Cell::Text(other), Cell::Text(own)) => {
                let is_user = self.column == Column::User;
                let (other, _) = within_guard(other, is_user);
                let (own, _) = within_guard(own, is_user);
                other.eq_ignore_ascii_case(own) || self.column == Column::Number && are_same(other, own)
            }
            _ => other == own || other.is_blank() && own.is_blank(),
        };
        (!agree).then(|| {
            Problem::new(ProblemKind::DuplicateColumn, line)
                .under(self.heading.clone())
                .saying(format!(
                    "the columns {:?} and {:?} both mean {}, but their values differ",
                    self.other, self.heading, self.column
                ))
        })
    }
}

/// Whether two texts are one number.
fn are_same(one: &str, other: &str) -> bool {
    match (number::read(one, None), number::read(other, None)) {
        (Ok(one), Ok(other)) => one.number == other.number,
        _ => false,
    }
}

/// The cells of a row, by what their columns are.
#[derive(Debug)]
pub(super) struct SortedRow<'c> {
    /// Those of columns that are read.
    pub(super) cells: Cells<'c>,
    /// Those of columns that mean the same as one that is read.
    repeated: Vec<Cell<'c>>,
    /// Whether a cell behind the last heading is filled.
    has_extra: bool,
    /// Whether a column that is not read is filled.
    is_unread: bool,
    /// Whether the row is one of data.
    pub(super) kind: RowKind,
    /// All cells, where those of rows that cannot be read are kept.
    source: Vec<(usize, Cell<'c>)>,
}

/// The kinds of rows below a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowKind {
    Data,
    /// The header once more, as on each page of a printout.
    Header,
    /// A sum or a count.
    Total,
}

/// A column that is not read.
#[derive(Debug, Clone, Default)]
struct Unread {
    /// Its heading; a column may have none.
    heading: Option<String>,
    /// In how many rows it is filled.
    filled: u32,
    /// The first of them, and what it holds.
    first: Option<(u32, String)>,
}

impl Layout {
    /// Reads a header. What is odd about it is said of its row, `line`.
    pub(super) fn of(
        headings: &[Cow<'_, str>],
        line: u32,
        options: &InputOptions,
        checker: &mut Checker<'_>,
    ) -> Result<Self, InputError> {
        if headings.len() > options.limits.columns {
            return Err(InputError::TooManyColumns {
                limit: options.limits.columns,
            });
        }
        if let Some(refusal) = missing_heading(headings, options) {
            return Err(refusal);
        }
        let options = with_usual_columns(headings, options);
        let options = options.as_ref();
        let header = Header::of(headings, options);
        let meaning = header.meaning.or(options.action.map(RowMeaning::Action));
        let mut layout = Self {
            places: Vec::new(),
            width: headings.len(),
            repeated: Vec::new(),
            unread: vec![None; headings.len()],
            line,
            headings: headings.iter().map(|heading| bare(heading).to_owned()).collect(),
            keeps_source: options.keep_unreadable,
        };
        checker.source.begin(headings);
        let heading_of = |place: usize| shown(headings[place].trim());
        // The name of a column that is read counts before a heading that says the same.
        for (place, column) in header.columns.iter().enumerate() {
            if let Some(column) = column {
                checker.problems.locate(column.name(), place);
            }
        }
        let known: Vec<Column> = header.columns.iter().copied().flatten().collect();
        for (place, column) in header.columns.into_iter().enumerate() {
            let heading = headings[place].trim();
            if !heading.is_empty() {
                checker.problems.locate(shown(heading), place);
            }
            match column {
                Some(column) => match layout.place(column) {
                    None => layout.places.push((column, place)),
                    Some(first) => {
                        let (heading, other) = (heading_of(place), heading_of(first));
                        let what = format!(
                            "the column means the same as the column {other:?}, which is read ({column}); their values must agree"
                        );
                        let problem = Problem::new(ProblemKind::SameMeaning, line).under(heading.clone());
                        checker.problems.add(problem.saying(what));
                        layout.repeated.push(RepeatedColumn {
                            column,
                            place,
                            heading,
                            other,
                        });
                    }
                },
                // Our own words in a file of rows that could not be read.
                None if is_ours(heading) => {}
                None => {
                    if !heading.is_empty() {
                        unknown(checker, line, heading, &known, options);
                    }
                    layout.unread[place] = Some(Unread {
                        heading: (!heading.is_empty()).then(|| shown(heading)),
                        ..Unread::default()
                    });
                }
            }
        }
        if layout.places.is_empty() {
            return Err(InputError::NoKnownColumn { found: list(headings) });
        }
        let Some(meaning) = meaning else {
            return Err(InputError::NoAction { found: list(headings) });
        };
        if options.action.is_none() && meaning == RowMeaning::Action(Action::Assign) {
            checker.assume_assignments(line);
        }
        checker.set_unnamed(match meaning {
            RowMeaning::Named => Unnamed::Refused,
            RowMeaning::Action(action) => Unnamed::Is(action),
            RowMeaning::Phones => Unnamed::Phones,
        });
        if meaning == RowMeaning::Phones {
            let columns = layout.places.iter().map(|(column, _)| *column);
            checker.set_phones(line, columns.filter(|column| column.role().is_some()).collect());
        }
        Ok(layout)
    }

    /// Sorts the cells of a row by their places, and counts those of columns that are not read.
    pub(super) fn sort<'c>(&mut self, line: u32, found: impl Iterator<Item = (usize, Cell<'c>)>) -> SortedRow<'c> {
        let mut row = SortedRow {
            cells: Cells::default(),
            repeated: vec![Cell::Empty; self.repeated.len()],
            has_extra: false,
            is_unread: false,
            kind: RowKind::Data,
            source: Vec::new(),
        };
        let (mut repeats, mut begins) = (true, None);
        for (place, cell) in found {
            if self.keeps_source {
                row.source.push((place, cell.clone()));
            }
            if !cell.is_blank() {
                repeats = repeats && self.repeats_heading(place, &cell);
                begins.get_or_insert_with(|| begins_total(&cell));
            }
            if let Some((column, _)) = self.places.iter().find(|(_, known)| *known == place) {
                row.cells.set(*column, cell);
            } else if let Some(again) = self.repeated.iter().position(|again| again.place == place) {
                row.repeated[again] = cell;
            } else if !cell.is_blank() {
                row.has_extra |= place >= self.width;
                row.is_unread = true;
                if let Some(Some(unread)) = self.unread.get_mut(place) {
                    unread.filled = unread.filled.saturating_add(1);
                    unread
                        .first
                        .get_or_insert_with(|| (line, cell.shortened().into_owned()));
                }
            }
        }
        if begins == Some(true) && is_total(&row.cells) {
            row.kind = RowKind::Total;
        } else if repeats && begins.is_some() && !row.cells.are_blank() {
            row.kind = RowKind::Header;
        }
        row
    }

    /// Whether a cell holds the heading of its column.
    fn repeats_heading(&self, place: usize, cell: &Cell<'_>) -> bool {
        let Cell::Text(text) = cell else { return false };
        self.headings
            .get(place)
            .is_some_and(|heading| same_word(heading, bare(text)))
    }

    /// Checks a row. `refused` is a problem that keeps it from being read.
    pub(super) fn check(
        &self,
        line: u32,
        row: &SortedRow<'_>,
        refused: Option<Problem>,
        checker: &mut Checker<'_>,
    ) -> Result<(), InputError> {
        match row.kind {
            RowKind::Data => {}
            RowKind::Header => {
                checker.complain(ProblemKind::RepeatedHeader, line);
                return Ok(());
            }
            RowKind::Total => {
                checker.complain(ProblemKind::TotalRow, line);
                return Ok(());
            }
        }
        let cells = &row.cells;
        let extra = || row.has_extra.then(|| Problem::new(ProblemKind::ExtraCells, line));
        let mut repeated = self.repeated.iter().zip(&row.repeated);
        let mut contradiction = || repeated.find_map(|(again, own)| again.contradicts(line, cells, own));
        let before = checker.counts();
        let checked = match refused.or_else(extra).or_else(&mut contradiction) {
            Some(problem) => checker.refuse(problem, cells),
            None if row.is_unread && cells.are_blank() => {
                checker.complain(ProblemKind::UnreadRow, line);
                Ok(())
            }
            None => checker.row(line, cells),
        };
        if checker.keeps_source_since(before) {
            checker.source.add(line, &row.source, cells, &self.places);
        }
        checked
    }

    /// Reports the number of values in columns that are not read.
    pub(super) fn say_what_is_unread(&self, checker: &mut Checker<'_>) {
        let kind = ProblemKind::UnknownColumn;
        for (place, unread) in self.unread.iter().enumerate() {
            let Some(Unread {
                heading,
                filled,
                first: Some((first, text)),
            }) = unread
            else {
                continue;
            };
            let rows = if *filled == 1 { "row" } else { "rows" };
            let text = match text.as_str() {
                "" => String::new(),
                text => format!(" ({})", shown(text)),
            };
            let filled = format!("it is filled in {filled} {rows}, first in row {first}{text}");
            match heading {
                Some(heading) => checker.problems.amend(kind, self.line, heading, &filled),
                None => {
                    let what = format!("the column has no heading and was not read; {filled}");
                    let heading = format!("column {}", letters(place as u32));
                    let problem = Problem::new(kind, self.line).under(heading);
                    checker.problems.add(problem.saying(what));
                }
            }
        }
    }

    fn place(&self, column: Column) -> Option<usize> {
        self.places
            .iter()
            .find(|(known, _)| *known == column)
            .map(|(_, place)| *place)
    }
}

/// Notes the rows above the header: their numbers, and what the first of them holds.
pub(super) fn note_skipped(skipped: &[(u32, String)], header: u32, checker: &mut Checker<'_>) {
    let Some((_, first)) = skipped.first() else { return };
    let rows: Vec<String> = skipped.iter().map(|(row, _)| row.to_string()).collect();
    let (rows, were) = match rows.as_slice() {
        [row] => (format!("row {row}"), "was"),
        [others @ .., last] => (format!("rows {} and {last}", others.join(", ")), "were"),
        [] => return,
    };
    let what = format!(
        "the header is in row {header}; {rows} above it {were} skipped ({})",
        shown(first)
    );
    let problem = Problem::new(ProblemKind::SkippedRows, header);
    checker.problems.add(problem.saying(what));
}

/// Reports a column that is not read. `known`: the columns that are.
pub(super) fn unknown(checker: &mut Checker<'_>, line: u32, heading: &str, known: &[Column], options: &InputOptions) {
    let name = shown(heading.trim());
    let problem = Problem::new(ProblemKind::UnknownColumn, line).under(name.clone());
    let near = || near_heading(bare(heading)).filter(|column| !known.contains(column) && name == heading.trim());
    let problem = match Column::from_heading(bare(heading)) {
        Some(column) if options.columns.iter().any(|(named, _)| *named == column) => problem.saying(format!(
            "the column is ignored, because another heading was named for {column}"
        )),
        _ if is_site(heading) && options.locations.is_none() => problem.advising(Some(Cow::Borrowed(
            "To read it as the emergency location, name a file with the names of locations: --locations FILE \
             (Python: locations=\"FILE\", Node: locations: \"FILE\"); or ignore this",
        ))),
        _ => match near() {
            Some(column) => {
                let what = ProblemKind::UnknownColumn.what();
                problem.saying(format!("{what}; if it is the {column}: --column \"{column}={name}\""))
            }
            None => problem,
        },
    };
    checker.problems.add(problem);
}
