//! JSONL: one object a line, with the names of the columns as keys.

use std::borrow::Cow;
use std::fmt;
use std::io::Read;

use memchr::memchr;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::cell::{Cell, Cells};
use super::check::{Checker, Unnamed};
use super::header;
use super::problem::{Problem, ProblemKind, shown};
use super::source::Window;
use super::{Column, InputError, InputOptions};

/// Reads all lines into the checker, and says which columns there were.
pub(super) fn read<R: Read>(
    window: &mut Window<R>,
    options: &InputOptions,
    checker: &mut Checker<'_>,
) -> Result<Vec<Column>, InputError> {
    checker.set_unnamed(options.default_action.map_or(Unnamed::Reported, Unnamed::Is));
    checker.take_as_written();
    let mut keys = Keys {
        known: Vec::new(),
        limit: options.limits.columns,
        news: Vec::new(),
        too_many: false,
    };
    let mut number: u32 = 0;
    loop {
        let mut searched = 0;
        let end = loop {
            let bytes = window.bytes();
            if let Some(found) = memchr(b'\n', &bytes[searched..]) {
                break searched + found;
            }
            searched = bytes.len();
            if !window.more(number + 1)? {
                break searched;
            }
        };
        let whole = window.bytes();
        if whole.is_empty() {
            break;
        }
        number = number.saturating_add(1);
        let line = whole[..end].trim_ascii();
        let taken = (end + 1).min(whole.len());
        if !line.is_empty() {
            // Files that were put together have a mark before each of their parts.
            let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line).trim_ascii();
            if !line.is_empty() {
                one(line, number, &mut keys, checker)?;
            }
        }
        window.advance(taken);
    }
    if number == 0 {
        return Err(InputError::Empty);
    }
    let found: Vec<Column> = keys.known.iter().filter_map(|known| known.column).collect();
    Ok(Column::ALL
        .into_iter()
        .filter(|column| found.contains(column))
        .collect())
}

fn one(line: &[u8], number: u32, keys: &mut Keys, checker: &mut Checker<'_>) -> Result<(), InputError> {
    let mut object = Object {
        cells: Cells::default(),
        line: number,
        twice: None,
        has_unread: false,
        keys,
    };
    // Looked at as a whole once: faster than each text of it on its own, and what nobody reads is JSON too.
    let read = std::str::from_utf8(line).is_ok_and(|line| {
        let mut json = serde_json::Deserializer::from_str(line);
        json.deserialize_map(&mut object).and_then(|()| json.end()).is_ok()
    });
    let Object {
        cells,
        twice,
        has_unread,
        ..
    } = object;
    if keys.too_many {
        return Err(InputError::TooManyColumns { limit: keys.limit });
    }
    for key in keys.news.drain(..) {
        header::unknown(checker, number, &key);
    }
    if !read {
        return checker.refuse(ProblemKind::BadJson, number, &cells);
    }
    if let Some(twice) = twice {
        let problem = Problem::new(ProblemKind::DuplicateColumn, number);
        let problem = match twice {
            Twice::Key(key) => problem
                .under(shown(&keys.known[key].key))
                .saying("the line has the key twice"),
            Twice::Column(key, column) => problem
                .under(shown(&keys.known[key].key))
                .saying(format!("the line has another key for the column {column}")),
        };
        return checker.refuse_with(problem, &cells);
    }
    if has_unread && cells.are_blank() {
        checker.complain(ProblemKind::UnreadRow, number);
        return Ok(());
    }
    checker.row(number, &cells)
}

/// The keys that were met, in the order in which they came.
struct Keys {
    known: Vec<Known>,
    limit: usize,
    /// Keys that were met for the first time in this line and are no columns.
    news: Vec<String>,
    too_many: bool,
}

struct Known {
    key: String,
    column: Option<Column>,
    /// The last line that has it.
    line: u32,
}

/// A repeated part of a line: a key, or keys for one column. Both by the place of the second among the known keys.
#[derive(Clone, Copy)]
enum Twice {
    Key(usize),
    Column(usize, Column),
}

impl Keys {
    /// The place of a key among the known ones.
    fn place(&mut self, key: &str) -> Option<usize> {
        if let Some(place) = self.known.iter().position(|known| known.key == key) {
            return Some(place);
        }
        if self.known.len() >= self.limit {
            self.too_many = true;
            return None;
        }
        let column = Column::from_heading(key);
        if column.is_none() {
            self.news.push(key.to_owned());
        }
        self.known.push(Known {
            key: key.to_owned(),
            column,
            line: 0,
        });
        Some(self.known.len() - 1)
    }
}

/// An object that is being read.
struct Object<'k, 'c> {
    cells: Cells<'c>,
    line: u32,
    twice: Option<Twice>,
    /// Whether there is something under keys that are not read.
    has_unread: bool,
    keys: &'k mut Keys,
}

impl<'c> Visitor<'c> for &mut Object<'_, 'c> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'c>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(place) = map.next_key_seed(Key(self.keys))? {
            let known = place.map(|place| (place, &mut self.keys.known[place]));
            let Some((place, known)) = known else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if std::mem::replace(&mut known.line, self.line) == self.line {
                self.twice = self.twice.or(Some(Twice::Key(place)));
            }
            match known.column {
                None => {
                    map.next_value::<IgnoredAny>()?;
                    self.has_unread = true;
                }
                Some(column) => {
                    let value = map.next_value_seed(Value)?;
                    if *self.cells.get(column) != Cell::Empty {
                        self.twice = self.twice.or(Some(Twice::Column(place, column)));
                    }
                    self.cells.set(column, value);
                }
            }
        }
        Ok(())
    }
}

struct Key<'k>(&'k mut Keys);

impl<'c> DeserializeSeed<'c> for Key<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'c>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Option<usize>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.place(key))
    }
}

/// A value becomes a cell.
struct Value;

impl<'c> DeserializeSeed<'c> for Value {
    type Value = Cell<'c>;

    fn deserialize<D: Deserializer<'c>>(self, deserializer: D) -> Result<Cell<'c>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'c> Visitor<'c> for Value {
    type Value = Cell<'c>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_borrowed_str<E>(self, text: &'c str) -> Result<Cell<'c>, E> {
        Ok(Cell::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Cell<'c>, E> {
        Ok(Cell::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Cell<'c>, E> {
        Ok(Cell::Truth(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Cell<'c>, E> {
        Ok(Cell::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Cell<'c>, E> {
        Ok(Cell::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Cell<'c>, E> {
        Ok(Cell::Number(number))
    }

    fn visit_unit<E>(self) -> Result<Cell<'c>, E> {
        Ok(Cell::Null)
    }

    fn visit_seq<A: SeqAccess<'c>>(self, mut list: A) -> Result<Cell<'c>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Cell::Other)
    }

    fn visit_map<A: MapAccess<'c>>(self, mut map: A) -> Result<Cell<'c>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Cell::Other)
    }
}
