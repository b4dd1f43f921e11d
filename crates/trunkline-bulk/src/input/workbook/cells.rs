//! The cells of a sheet, one after the other.

use std::borrow::Cow;

use quick_xml::events::{BytesStart, Event};

use super::markup::{Markup, attribute, broken, ended};
use super::package::Pieces;
use super::styles::Styles;
use super::texts::{Texts, rich_text, unescaped};
use crate::input::InputError;
use crate::input::cell::Cell;

/// What a sheet can have at most (ECMA-376, 18.3.1.73 and 18.3.1.4).
const ROWS: u32 = 1_048_576;
const COLUMNS: u32 = 16_384;

/// A cell and where it stands, counted from zero.
#[derive(Debug, PartialEq)]
pub(super) struct Found<'t> {
    pub(super) row: u32,
    pub(super) column: u32,
    pub(super) cell: Cell<'t>,
    /// Whether the value is what a formula came to when the workbook was saved.
    pub(super) is_calculated: bool,
}

/// Reads the cells of a sheet.
pub(super) struct SheetCells<'t, R> {
    markup: Markup<R>,
    texts: &'t Texts,
    styles: &'t Styles,
    /// Where a cell stands that does not say so.
    row: u32,
    column: u32,
    /// The value of the cell that is being read.
    value: String,
}

/// What a cell says of its value.
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
        while let Some(start) = markup.next_start()? {
            if start.local_name().as_ref() == "sheetData" {
                return Ok(Self {
                    markup,
                    texts,
                    styles,
                    row: 0,
                    column: 0,
                    value: String::new(),
                });
            }
        }
        Err(InputError::BrokenWorkbook(
            "the sheet has no place for cells".to_owned(),
        ))
    }

    /// The next cell; `None` after the last.
    pub(super) fn next(&mut self) -> Result<Option<Found<'t>>, InputError> {
        loop {
            let head = match self.markup.next()? {
                Event::Start(start) => match start.local_name().as_ref() {
                    "c" => Head::of(&start)?,
                    "row" => {
                        if let Some(row) = attribute(&start, "r")? {
                            self.row = row_of(&row).ok_or_else(misplaced)?;
                        }
                        self.column = 0;
                        continue;
                    }
                    _ => continue,
                },
                Event::End(end) => match end.local_name().as_ref() {
                    "row" => {
                        self.row += 1;
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

    fn cell(&mut self, head: &Head) -> Result<Found<'t>, InputError> {
        if let Some((row, column)) = head.place {
            (self.row, self.column) = (row, column);
        }
        if self.row >= ROWS || self.column >= COLUMNS {
            return Err(misplaced());
        }
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
                    self.markup.skip()?;
                    is_calculated = true;
                }
                Part::Other => self.markup.skip()?,
            }
        }
        let found = Found {
            row: self.row,
            column: self.column,
            cell: self.meant(head)?,
            is_calculated,
        };
        self.column += 1;
        Ok(found)
    }

    /// What the value means, by what the cell says of it.
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
                Ok(_) if self.styles.shows_dates(head.style) => Cell::Other,
                Ok(number) => Cell::Number(number),
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

/// What can stand in a cell.
enum Part {
    Value,
    Text,
    Formula,
    Other,
}

/// What the start of a cell says.
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

/// `B12` is row 11 and column 1.
fn place_of(text: &str) -> Option<(u32, u32)> {
    let split = text.find(|letter: char| !letter.is_ascii_alphabetic())?;
    let (letters, digits) = text.split_at(split);
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let column = letters.bytes().fold(0, |column, letter| {
        column * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1
    });
    Some((row_of(digits)?, column - 1))
}

fn row_of(digits: &str) -> Option<u32> {
    let row: u32 = digits.parse().ok()?;
    row.checked_sub(1).filter(|row| *row < ROWS)
}

fn misplaced() -> InputError {
    InputError::BrokenWorkbook("where one of its cells stands cannot be told".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read() {
        for (text, expected) in [
            ("A1", Some((0, 0))),
            ("b12", Some((11, 1))),
            ("AA100", Some((99, 26))),
            ("XFD1048576", Some((1_048_575, 16_383))),
            ("A0", None),
            ("A1048577", None),
            ("A", None),
            ("12", None),
            ("AAAA1", None),
            ("A-1", None),
            ("É1", None),
            ("", None),
        ] {
            assert_eq!(place_of(text), expected, "{text}");
        }
    }

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
