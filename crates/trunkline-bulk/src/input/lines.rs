//! JSONL: one object a line, with the names of the columns as keys.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use super::cell::{Cell, Cells};
use super::check::{Checker, Unnamed};
use super::header;
use super::problem::{Problem, ProblemKind, shown};
use super::source::is_ours;
use super::{Column, InputError, InputOptions};

/// Reads all lines into the checker, and says which columns there were.
pub(super) fn read(text: &[u8], options: &InputOptions, checker: &mut Checker<'_>) -> Result<Vec<Column>, InputError> {
    if text.is_empty() {
        return Err(InputError::Empty);
    }
    checker.set_unnamed(options.action.map_or(Unnamed::Reported, Unnamed::Is));
    checker.take_as_written();
    let mut keys = Keys {
        known: Vec::new(),
        limit: options.limits.columns,
    };
    for (number, line) in (1_u32..).zip(text.split(|byte| *byte == b'\n')) {
        let limit = options.limits.row_bytes;
        if line.len() > limit {
            return Err(InputError::TooLong { row: number, limit });
        }
        let line = line.trim_ascii();
        // Files that were put together have a mark before each of their parts.
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line).trim_ascii();
        if !line.is_empty() {
            one(line, number, &mut keys, checker)?;
        }
    }
    let found: Vec<Column> = keys.known.iter().filter_map(|known| known.column).collect();
    Ok(Column::ALL
        .into_iter()
        .filter(|column| found.contains(column))
        .collect())
}

fn one(line: &[u8], number: u32, keys: &mut Keys, checker: &mut Checker<'_>) -> Result<(), InputError> {
    let mut pairs = Vec::new();
    // The parts that nobody reads are JSON too.
    let read = std::str::from_utf8(line).is_ok_and(|line| {
        let mut json = serde_json::Deserializer::from_str(line);
        let into = Pairs {
            pairs: &mut pairs,
            keys,
        };
        json.deserialize_map(into).and_then(|()| json.end()).is_ok()
    });
    let mut cells = Cells::default();
    let mut twice = None;
    let mut has_unread = false;
    for (key, value) in pairs {
        let known = keys.known(&key, number, checker)?;
        if std::mem::replace(&mut known.line, number) == number {
            twice.get_or_insert((key.clone(), "the line has the key twice".to_owned()));
        }
        match known.column {
            None => has_unread = true,
            Some(column) => {
                if *cells.get(column) != Cell::Empty {
                    let what = format!("the line has another key for the column {column}");
                    twice.get_or_insert((key, what));
                }
                cells.set(column, cell(value));
            }
        }
    }
    let before = checker.counts();
    let checked = check(number, read, twice, has_unread, &cells, checker);
    if checker.keeps_source_since(before) {
        checker.source.add_line(number, line);
    }
    checked
}

/// Checks the cells of a line. `twice` is a key that stands there twice, and what that means.
fn check(
    number: u32,
    read: bool,
    twice: Option<(String, String)>,
    has_unread: bool,
    cells: &Cells<'_>,
    checker: &mut Checker<'_>,
) -> Result<(), InputError> {
    if !read {
        return checker.refuse(Problem::new(ProblemKind::BadJson, number), cells);
    }
    if let Some((key, what)) = twice {
        let problem = Problem::new(ProblemKind::DuplicateColumn, number);
        return checker.refuse(problem.under(shown(&key)).saying(what), cells);
    }
    if has_unread && cells.are_blank() {
        checker.complain(ProblemKind::UnreadRow, number);
        return Ok(());
    }
    checker.row(number, cells)
}

/// The keys of all lines so far, in the order in which they came.
struct Keys {
    known: Vec<KnownKey>,
    limit: usize,
}

struct KnownKey {
    key: String,
    column: Option<Column>,
    /// The last line that has it.
    line: u32,
}

impl Keys {
    /// The column that a key means.
    fn column(&self, key: &str) -> Option<Column> {
        match self.known.iter().find(|known| known.key == key) {
            Some(known) => known.column,
            None => Column::from_heading(key),
        }
    }

    /// Finds a key among those of earlier lines, or adds it. A new one that means no column is reported.
    fn known(&mut self, key: &str, line: u32, checker: &mut Checker<'_>) -> Result<&mut KnownKey, InputError> {
        let place = match self.known.iter().position(|known| known.key == key) {
            Some(place) => place,
            None if self.known.len() >= self.limit => return Err(InputError::TooManyColumns { limit: self.limit }),
            None => {
                let column = Column::from_heading(key);
                if column.is_none() && !is_ours(key) {
                    header::unknown(checker, line, key);
                }
                self.known.push(KnownKey {
                    key: key.to_owned(),
                    column,
                    line: 0,
                });
                self.known.len() - 1
            }
        };
        Ok(&mut self.known[place])
    }
}

/// Takes the keys and values of an object as they stand, also keys that stand twice and what comes before a mistake. The value of
/// a key that means no column is not looked at.
struct Pairs<'p> {
    pairs: &'p mut Vec<(String, Value)>,
    keys: &'p Keys,
}

impl<'d> Visitor<'d> for Pairs<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'d>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let value = match self.keys.column(&key) {
                Some(_) => map.next_value()?,
                None => map.next_value::<IgnoredAny>().map(|_| Value::Null)?,
            };
            self.pairs.push((key, value));
        }
        Ok(())
    }
}

fn cell(value: Value) -> Cell<'static> {
    match value {
        Value::String(text) => Cell::Text(Cow::Owned(text)),
        Value::Bool(truth) => Cell::Truth(truth),
        Value::Number(number) => number.as_f64().map_or(Cell::Other, Cell::Number),
        Value::Null => Cell::Null,
        Value::Array(_) | Value::Object(_) => Cell::Other,
    }
}
