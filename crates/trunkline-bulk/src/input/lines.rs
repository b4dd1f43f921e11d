//! JSON: one object a line, or one array of objects, with the names of the columns as keys.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::cell::{Cell, Cells};
use super::check::{Checker, Unnamed};
use super::header::{column_of, is_site, missing_heading, with_usual_columns};
use super::layout::unknown;
use super::problem::{Problem, shown};
use super::problem_kind::ProblemKind;
use super::source::is_ours;
use super::{Column, InputError, InputOptions};

/// Reads all lines into the checker, and says which columns there were.
pub(super) fn read(whole: &[u8], options: &InputOptions, checker: &mut Checker<'_>) -> Result<Vec<Column>, InputError> {
    if whole.is_empty() {
        return Err(InputError::Empty);
    }
    checker.set_unnamed(options.action.map_or(Unnamed::Reported, Unnamed::Is));
    checker.take_as_written();
    let mut keys = Keys {
        known: Vec::new(),
        options,
    };
    let text = whole.trim_ascii_start();
    if text.starts_with(b"[") {
        array(text, &mut keys, checker)?;
    } else {
        lines(whole, &mut keys, checker)?;
    }
    let headings: Vec<&str> = keys.known.iter().map(|known| known.key.as_str()).collect();
    if let Some(refusal) = missing_heading(&headings, options).filter(|_| !headings.is_empty()) {
        return Err(refusal);
    }
    let found: Vec<Column> = keys.known.iter().filter_map(|known| known.column).collect();
    Ok(Column::ALL
        .into_iter()
        .filter(|column| found.contains(column))
        .collect())
}

fn lines(text: &[u8], keys: &mut Keys<'_>, checker: &mut Checker<'_>) -> Result<(), InputError> {
    for (number, line) in (1_u32..).zip(text.split(|byte| *byte == b'\n')) {
        let limit = keys.options.limits.row_bytes;
        if line.len() > limit {
            return Err(InputError::TooLong { row: number, limit });
        }
        let line = line.trim_ascii();
        // Files that were put together have a mark before each of their parts.
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line).trim_ascii();
        if line.is_empty() {
            continue;
        }
        let mut pairs = Vec::new();
        // The parts that nobody reads are JSON too.
        let is_object = std::str::from_utf8(line).is_ok_and(|line| {
            let mut json = serde_json::Deserializer::from_str(line);
            let into = Pairs {
                pairs: &mut pairs,
                keys,
            };
            json.deserialize_map(into).and_then(|()| json.end()).is_ok()
        });
        let before = checker.counts();
        object(pairs, is_object, number, keys, checker)?;
        if checker.keeps_source_since(before) {
            checker.source.add_line(number, line);
        }
    }
    Ok(())
}

/// Reads the elements of an array, each as it comes; their places are their rows.
fn array(text: &[u8], keys: &mut Keys<'_>, checker: &mut Checker<'_>) -> Result<(), InputError> {
    let broken = |element, reason: String| InputError::BadArray { element, reason };
    let text = std::str::from_utf8(text).map_err(|_| broken(0, "it is not valid UTF-8".to_owned()))?;
    let mut json = serde_json::Deserializer::from_str(text);
    let mut elements = Elements {
        keys,
        checker,
        count: 0,
        failure: None,
    };
    let read = json.deserialize_seq(&mut elements).and_then(|()| json.end());
    let (count, failure) = (elements.count, elements.failure);
    match (failure, read) {
        (Some(failure), _) => Err(failure),
        (None, Err(error)) => Err(broken(count, error.to_string())),
        (None, Ok(())) => Ok(()),
    }
}

/// The elements of an array, while they are read.
struct Elements<'e, 'k, 'o> {
    keys: &'e mut Keys<'k>,
    checker: &'e mut Checker<'o>,
    count: u32,
    /// An error that is not one of JSON.
    failure: Option<InputError>,
}

impl<'d> Visitor<'d> for &mut Elements<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array of objects")
    }

    fn visit_seq<A: SeqAccess<'d>>(self, mut elements: A) -> Result<(), A::Error> {
        loop {
            let mut pairs = Vec::new();
            let element = Element(Pairs {
                pairs: &mut pairs,
                keys: self.keys,
            });
            let Some(is_object) = elements.next_element_seed(element)? else {
                return Ok(());
            };
            self.count = self.count.saturating_add(1);
            let before = self.checker.counts();
            let kept = self.checker.source.is_kept().then(|| pairs.iter().cloned().collect());
            if let Err(failure) = object(pairs, is_object, self.count, self.keys, self.checker) {
                self.failure = Some(failure);
                return Err(A::Error::custom("a row was refused"));
            }
            if let Some(values) = kept.filter(|_| self.checker.keeps_source_since(before)) {
                self.checker.source.add_object(self.count, values);
            }
        }
    }
}

/// One element: its pairs, and whether it is an object at all.
struct Element<'p>(Pairs<'p>);

impl<'d> DeserializeSeed<'d> for Element<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'d>>(self, element: D) -> Result<bool, D::Error> {
        element.deserialize_any(self)
    }
}

impl<'d> Visitor<'d> for Element<'_> {
    type Value = bool;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'d>>(self, map: A) -> Result<bool, A::Error> {
        self.0.visit_map(map).map(|()| true)
    }

    fn visit_seq<A: SeqAccess<'d>>(self, mut elements: A) -> Result<bool, A::Error> {
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(false)
    }

    fn visit_str<E>(self, _: &str) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_bool<E>(self, _: bool) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_i64<E>(self, _: i64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_u64<E>(self, _: u64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_f64<E>(self, _: f64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }
}

/// Reads an object, by its keys and values.
fn object(
    pairs: Vec<(String, Value)>,
    is_object: bool,
    number: u32,
    keys: &mut Keys<'_>,
    checker: &mut Checker<'_>,
) -> Result<(), InputError> {
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
    if !is_object {
        return checker.refuse(Problem::new(ProblemKind::BadJson, number), &cells);
    }
    if let Some((key, what)) = twice {
        let problem = Problem::new(ProblemKind::DuplicateColumn, number);
        return checker.refuse(problem.under(shown(&key)).saying(what), &cells);
    }
    if has_unread && cells.are_blank() {
        checker.complain(ProblemKind::UnreadRow, number);
        return Ok(());
    }
    checker.row(number, &cells)
}

/// The keys of all lines so far, in the order in which they came.
struct Keys<'o> {
    known: Vec<KnownKey>,
    options: &'o InputOptions,
}

struct KnownKey {
    key: String,
    column: Option<Column>,
    /// The last line that has it.
    line: u32,
}

impl Keys<'_> {
    /// The column that a key means.
    fn column(&self, key: &str) -> Option<Column> {
        match self.known.iter().find(|known| known.key == key) {
            Some(known) => known.column,
            None => self.meaning(key),
        }
    }

    /// The column that a new key means. A line names the role of a phone.
    fn meaning(&self, key: &str) -> Option<Column> {
        // Which keys follow is not known yet, so that a usual one is one of several.
        let options = with_usual_columns(&[key], self.options);
        let known = column_of(key, &options).filter(|column| column.role().is_none());
        let is_named = || {
            self.options
                .columns
                .iter()
                .any(|(column, _)| *column == Column::Location)
        };
        known.or_else(|| (self.options.locations.is_some() && is_site(key) && !is_named()).then_some(Column::Location))
    }

    /// Finds a key among those of earlier lines, or adds it. A new one that means no column is reported.
    fn known(&mut self, key: &str, line: u32, checker: &mut Checker<'_>) -> Result<&mut KnownKey, InputError> {
        let place = match self.known.iter().position(|known| known.key == key) {
            Some(place) => place,
            None if self.known.len() >= self.options.limits.columns => {
                return Err(InputError::TooManyColumns {
                    limit: self.options.limits.columns,
                });
            }
            None => {
                let column = self.meaning(key);
                if column.is_none() && !is_ours(key) {
                    let known: Vec<Column> = self.known.iter().filter_map(|known| known.column).collect();
                    unknown(checker, line, key, &known, self.options);
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
    keys: &'p Keys<'p>,
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
