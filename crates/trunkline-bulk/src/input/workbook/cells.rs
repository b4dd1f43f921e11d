//! The cells of a sheet, one after the other.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use quick_xml::events::{BytesStart, Event};

use super::markup::{Markup, attribute, broken, ended, is_true};
use super::measured::Pieces;
use super::merged::Merged;
use super::reference::{COLUMNS, ROWS, place_of, reference, row_of};
use super::styles::{Look, Styles};
use super::texts::{Texts, rich_text, unescaped};
use crate::input::InputError;
use crate::input::cell::Cell;

/// Maximum number of ranges of merged cells in a sheet.
const MERGED: usize = 1_000_000;

/// A cell and where it stands, counted from zero.
#[derive(Debug, PartialEq)]
pub(super) struct Found<'t> {
    pub(super) row: u32,
    pub(super) column: u32,
    pub(super) cell: Cell<'t>,
    /// Whether the value is what a formula came to when the workbook was saved.
    pub(super) is_calculated: bool,
    /// Whether its row is hidden, by hand or by a filter.
    pub(super) is_hidden: bool,
}

/// Reads the cells of a sheet.
pub(super) struct SheetCells<'t, R> {
    markup: Markup<R>,
    texts: &'t Texts,
    styles: &'t Styles,
    hidden_columns: Vec<RangeInclusive<u32>>,
    row: SheetPlace,
    /// The number of the next row, if the row does not state it.
    next_row: u32,
    /// The value of the cell that is being read.
    value: String,
    /// Its formula.
    formula: String,
}

/// The row that is being read.
#[derive(Debug, Default)]
struct SheetPlace {
    row: u32,
    /// Whether the row, or a cell of it, says which row it is.
    is_said: bool,
    is_hidden: bool,
    /// The column of the next cell, if the cell does not state it.
    column: u32,
}

/// The type of a cell.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// `n`, or nothing.
    Number {
        is_said: bool,
    },
    Shared,
    Inline,
    Calculated,
    Truth,
    /// A date, an error, or something newer.
    Other,
}

impl<'t, R: Pieces> SheetCells<'t, R> {
    /// Goes to where the cells begin.
    pub(super) fn new(mut markup: Markup<R>, texts: &'t Texts, styles: &'t Styles) -> Result<Self, InputError> {
        let mut hidden_columns = Vec::new();
        while let Some(start) = markup.next_start()? {
            match start.local_name().as_ref() {
                "sheetData" => {
                    return Ok(Self {
                        markup,
                        texts,
                        styles,
                        hidden_columns,
                        row: SheetPlace::default(),
                        next_row: 0,
                        value: String::new(),
                        formula: String::new(),
                    });
                }
                "col" => hidden_columns.extend(hidden_range(&start)?),
                _ => {}
            }
            if hidden_columns.len() > COLUMNS as usize {
                return Err(InputError::BrokenWorkbook("it describes a column twice".to_owned()));
            }
        }
        Err(InputError::BrokenWorkbook(
            "the sheet has no place for cells".to_owned(),
        ))
    }

    /// The columns that are hidden.
    pub(super) fn hidden_columns(&self) -> &[RangeInclusive<u32>] {
        &self.hidden_columns
    }

    /// The next cell; `None` after the last.
    pub(super) fn next(&mut self) -> Result<Option<Found<'t>>, InputError> {
        loop {
            let head = match self.markup.next()? {
                Event::Start(start) => match start.local_name().as_ref() {
                    "c" => Head::of(&start)?,
                    "row" => {
                        let head = RowHead::of(&start)?;
                        self.begin_row(&head)?;
                        continue;
                    }
                    _ => continue,
                },
                Event::End(end) => match end.local_name().as_ref() {
                    "row" => {
                        self.next_row = self.row.row + 1;
                        continue;
                    }
                    "sheetData" => return Ok(None),
                    _ => continue,
                },
                Event::Eof => return Err(ended()),
                _ => continue,
            };
            return self.cell(&head).map(Some);
        }
    }

    /// A row stands behind the one before it: of two with one number, one would be lost.
    fn begin_row(&mut self, head: &RowHead) -> Result<(), InputError> {
        let row = head.row.unwrap_or(self.next_row);
        if row < self.next_row {
            return Err(twice(&format!("row {}", u64::from(row) + 1)));
        }
        self.row = SheetPlace {
            row,
            is_said: head.row.is_some(),
            is_hidden: head.is_hidden,
            column: 0,
        };
        Ok(())
    }

    /// Reads the rest of the part, and the ranges of merged cells in it. Only at its end is its checksum known.
    pub(super) fn rest(mut self) -> Result<Vec<Merged>, InputError> {
        let mut merged = Vec::new();
        loop {
            match self.markup.next()? {
                Event::Start(start) => match start.local_name().as_ref() {
                    "mergeCell" => {
                        let range = attribute(&start, "ref")?.unwrap_or_default();
                        merged.push(Merged::of(&range).ok_or_else(misplaced)?);
                    }
                    "sheetData" => {
                        return Err(InputError::BrokenWorkbook(
                            "the sheet has two places for cells".to_owned(),
                        ));
                    }
                    _ => {}
                },
                Event::Eof => return Ok(merged),
                _ => {}
            }
            if merged.len() > MERGED {
                return Err(InputError::BrokenWorkbook("it has too many merged cells".to_owned()));
            }
        }
    }

    fn cell(&mut self, head: &Head) -> Result<Found<'t>, InputError> {
        self.go_to(head)?;
        let mut is_calculated = false;
        self.value.clear();
        loop {
            let part = match self.markup.next()? {
                Event::Start(start) => match start.local_name().as_ref() {
                    "v" if head.kind != Kind::Inline => Part::Value,
                    "is" => Part::Text,
                    "f" => Part::Formula,
                    _ => Part::Other,
                },
                Event::End(_) => break,
                Event::Eof => return Err(ended()),
                _ => continue,
            };
            match part {
                // Of several values, which no spreadsheet writes, the last is it: together they would be another one.
                Part::Value => {
                    self.value.clear();
                    self.markup.text(&mut self.value)?;
                }
                Part::Text => {
                    self.value.clear();
                    rich_text(&mut self.markup, &mut self.value)?;
                }
                Part::Formula => {
                    self.formula.clear();
                    self.markup.text(&mut self.formula)?;
                    is_calculated = true;
                }
                Part::Other => self.markup.skip()?,
            }
        }
        let mut cell = self.meant(head)?;
        // A formula of nothing but the text that is its value is no other than in CSV, and read as there.
        if is_calculated
            && let Cell::Text(text) = &cell
            && within_quotes(&self.formula) == Some(text)
        {
            cell = Cell::Text(Cow::Owned(format!("={}", self.formula)));
            is_calculated = false;
        }
        let found = Found {
            row: self.row.row,
            column: self.row.column,
            cell,
            is_calculated,
            is_hidden: self.row.is_hidden,
        };
        self.row.column += 1;
        Ok(found)
    }

    /// Goes to where a cell stands: in its row, and behind the cell before it.
    fn go_to(&mut self, head: &Head) -> Result<(), InputError> {
        if let Some((row, column)) = head.place {
            let place = &mut self.row;
            let is_first = place.column == 0;
            if !place.is_said && is_first && row >= self.next_row {
                place.row = row;
            }
            if row != place.row {
                return Err(misplaced());
            }
            if column < place.column {
                return Err(twice(&format!("the cell {}", reference(row, column))));
            }
            place.is_said = true;
            place.column = column;
        }
        if self.row.row >= ROWS || self.row.column >= COLUMNS {
            return Err(misplaced());
        }
        Ok(())
    }

    /// The meaning of the value, by the type of its cell.
    fn meant(&self, head: &Head) -> Result<Cell<'t>, InputError> {
        let value = self.value.as_str();
        if value.is_empty() {
            return Ok(Cell::Empty);
        }
        Ok(match head.kind {
            Kind::Shared => {
                let text = value.trim().parse().ok().and_then(|index| self.texts.get(index));
                match text {
                    Some("") => Cell::Empty,
                    Some(text) => Cell::Text(Cow::Borrowed(text)),
                    None => {
                        let message = "a cell names a text that is not there";
                        return Err(InputError::BrokenWorkbook(message.to_owned()));
                    }
                }
            }
            Kind::Inline => Cell::Text(Cow::Owned(value.to_owned())),
            Kind::Calculated => Cell::Text(Cow::Owned(unescaped(value).into_owned())),
            Kind::Number { is_said } => match value.trim().parse() {
                Ok(number) => match self.styles.look(head.style) {
                    Look { is_date: true, .. } => Cell::Other,
                    Look { has_plus: true, .. } => Cell::NumberWithPlus(number),
                    Look { .. } => Cell::Number(number),
                },
                // Some programs forget to say that it is a text.
                Err(_) if !is_said => Cell::Text(Cow::Owned(value.to_owned())),
                Err(_) => Cell::Other,
            },
            Kind::Truth => match value.trim() {
                "1" | "true" => Cell::Truth(true),
                "0" | "false" => Cell::Truth(false),
                _ => Cell::Other,
            },
            Kind::Other => Cell::Other,
        })
    }
}

/// The elements of a cell.
enum Part {
    Value,
    Text,
    Formula,
    Other,
}

/// The attributes of a cell.
struct Head {
    place: Option<(u32, u32)>,
    kind: Kind,
    style: usize,
}

impl Head {
    fn of(start: &BytesStart<'_>) -> Result<Self, InputError> {
        let mut head = Self {
            place: None,
            kind: Kind::Number { is_said: false },
            style: 0,
        };
        for attribute in start.attributes().with_checks(false) {
            let attribute = attribute.map_err(broken)?;
            // None of these has anything that could be written in another way.
            let value = attribute.value.as_ref();
            match attribute.key.as_ref() {
                "r" => head.place = Some(place_of(value).ok_or_else(misplaced)?),
                "s" => head.style = value.parse().unwrap_or(0),
                "t" => {
                    head.kind = match value {
                        "n" => Kind::Number { is_said: true },
                        "s" => Kind::Shared,
                        "inlineStr" => Kind::Inline,
                        "str" => Kind::Calculated,
                        "b" => Kind::Truth,
                        _ => Kind::Other,
                    };
                }
                _ => {}
            }
        }
        Ok(head)
    }
}

/// The text of a formula that holds nothing else.
fn within_quotes(formula: &str) -> Option<&str> {
    let inner = formula.strip_prefix('"')?.strip_suffix('"')?;
    (!inner.contains('"')).then_some(inner)
}

/// The attributes of a row.
struct RowHead {
    row: Option<u32>,
    is_hidden: bool,
}

impl RowHead {
    fn of(start: &BytesStart<'_>) -> Result<Self, InputError> {
        let mut head = Self {
            row: None,
            is_hidden: false,
        };
        for attribute in start.attributes().with_checks(false) {
            let attribute = attribute.map_err(broken)?;
            let value = attribute.value.as_ref();
            match attribute.key.as_ref() {
                "r" => head.row = Some(row_of(value).ok_or_else(misplaced)?),
                "hidden" => head.is_hidden |= is_true(value),
                // A row without height is as hidden as any.
                "ht" => head.is_hidden |= value.parse::<f64>() == Ok(0.0),
                _ => {}
            }
        }
        Ok(head)
    }
}

/// The columns that an element describes, if they are hidden.
fn hidden_range(start: &BytesStart<'_>) -> Result<Option<RangeInclusive<u32>>, InputError> {
    let is_hidden = attribute(start, "hidden")?.is_some_and(|value| is_true(&value))
        || attribute(start, "width")?.is_some_and(|width| width.parse::<f64>() == Ok(0.0));
    if !is_hidden {
        return Ok(None);
    }
    let column = |name| -> Result<u32, InputError> {
        let text = attribute(start, name)?.unwrap_or_default();
        let column: u32 = text.parse().map_err(|_| misplaced())?;
        column.checked_sub(1).ok_or_else(misplaced)
    };
    Ok(Some(column("min")?..=column("max")?))
}

fn twice(what: &str) -> InputError {
    InputError::BrokenWorkbook(format!("{what} stands in it twice, or behind a later one"))
}

fn misplaced() -> InputError {
    InputError::BrokenWorkbook("the position of a cell cannot be read".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_without_a_place_follow_the_one_before() {
        let part = "<worksheet><sheetData><row><c><v>1</v></c></row><row r='5'><c r='C5'><v>2</v></c><c><v>3</v></c></row>\
                    <row><c/><c t='x'><v>4</v></c><c><v>5</v><v>6</v></c></row></sheetData><row><c><v>9</v></c></row></worksheet>";
        let (texts, styles) = (Texts::default(), Styles::default());
        let mut cells = SheetCells::new(Markup::new(part.as_bytes()), &texts, &styles).unwrap();
        let mut found = Vec::new();
        while let Some(cell) = cells.next().unwrap() {
            found.push((cell.row, cell.column, cell.cell));
        }
        assert_eq!(
            found,
            [
                (0, 0, Cell::Number(1.0)),
                (4, 2, Cell::Number(2.0)),
                (4, 3, Cell::Number(3.0)),
                (5, 0, Cell::Empty),
                (5, 1, Cell::Other),
                (5, 2, Cell::Number(6.0)),
            ]
        );
    }
}
