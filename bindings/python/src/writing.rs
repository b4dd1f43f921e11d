//! Values and records as JSON: the bodies that are sent, and copies of what came.

use std::borrow::Cow;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use trunkline::dynamic::{Place, description};
use trunkline_core::codec::{BodyRules, Content, ContentItem, TextForm, Writer, is_sent};

use crate::records::Record;
use crate::values::{accepts, is_of, wrong_type};
use crate::{errors, exit};

/// Writes a record as JSON. `base`: the type that is expected in its place; its own type is named when it is another.
/// `names`: it is named in any case. Whether texts with a grammar are checked is the writer's affair: what came from the
/// service is copied as it is. `rules`: what a body holds; the rest is left out. `place`: where it is in the body.
pub(crate) fn write_record(
    record: &Bound<'_, Record>,
    writer: &mut Writer,
    base: Option<&str>,
    names: bool,
    rules: Option<&BodyRules>,
    place: &Place<'_>,
) -> PyResult<()> {
    let (py, record) = (record.py(), record.get());
    let layout = record.layout;
    let checks = writer.checks();
    let takes = |name: &str| rules.is_none_or(|rules| rules.takes(name));
    let additional = record.has_additional().then(|| record.additional(py)).transpose()?;
    let mut others = Vec::new();
    for (name, value) in additional.iter().flatten() {
        let name = name.cast_into::<PyString>()?;
        let text = name.to_string_lossy();
        if checks && !is_sent(&text) || !takes(&text) {
            continue;
        }
        let is_control = text.starts_with('@');
        drop(text);
        others.push((is_control, name, value));
    }
    writer.begin_object();
    let mut named = false;
    for (_, name, value) in others.iter().filter(|(is_control, ..)| *is_control) {
        named |= name.to_string_lossy() == "@odata.type";
        write_member(writer, name)?;
        write_json(writer, value, 0, &place.within(&name.to_string_lossy()))?;
    }
    if !named && (names || base.is_some_and(|base| base != layout.name())) {
        writer.member("@odata.type");
        writer.string(&format!("#{}", layout.name()));
    }
    for (index, described) in layout.fields().iter().enumerate() {
        let (field, content) = (described.field, described.content);
        if record.is_absent(py, index) || !takes(field.name) {
            continue;
        }
        let is_checked = checks && (field.grammar.is_some() || field.range.is_some());
        let raw = record.raw(py, index).filter(|_| !is_checked);
        // A value that nobody changed is sent as it was received: a value of Python's may hold less of it, such as digits of a second.
        let is_verbatim = matches!(
            content.form,
            TextForm::DateTime | TextForm::Date | TextForm::TimeOfDay | TextForm::Binary
        );
        if let Some(raw) = raw.filter(|_| is_verbatim) {
            writer.member(field.name);
            writer.raw(raw);
            continue;
        }
        let value = match (record.value(py, index), raw) {
            (Ok(value), _) => value.into_bound(py),
            // It cannot be read, and is copied all the same.
            (Err(_), Some(raw)) => {
                writer.member(field.name);
                writer.raw(raw);
                continue;
            }
            (Err(error), None) => return Err(error),
        };
        writer.member(field.name);
        let place = place.within(field.name);
        check_range(&value, field.range.filter(|_| checks), &place)?;
        write_value(writer, &value, content, field.grammar.filter(|_| checks), &place)?;
    }
    for (_, name, value) in others.iter().filter(|(is_control, ..)| !*is_control) {
        write_member(writer, name)?;
        write_json(writer, value, 0, &place.within(&name.to_string_lossy()))?;
    }
    writer.end_object();
    if let Some(rules) = rules {
        let has = |property: &str| match layout.find(property) {
            Some(index) => !record.is_absent(py, index),
            None => others.iter().any(|(_, name, _)| name.to_string_lossy() == property),
        };
        if let Some(missing) = rules.missing(has) {
            let refused = place.within(missing).refuse("must be given");
            return Err(errors::raised(py, &refused.with_next_step(rules.advice())));
        }
    }
    Ok(())
}

/// Writes a value that the caller gave.
pub(crate) fn write_value(
    writer: &mut Writer,
    value: &Bound<'_, PyAny>,
    content: Content,
    grammar: Option<trunkline_core::telephone::Grammar>,
    place: &Place<'_>,
) -> PyResult<()> {
    if value.is_none() {
        writer.null();
        return Ok(());
    }
    if !accepts(value, content)? {
        return Err(wrong_type(&place.path(), content, value));
    }
    if !content.collection {
        return write_item(writer, value, content, grammar, place);
    }
    writer.begin_array();
    for (index, item) in value.try_iter()?.enumerate() {
        let item = item?;
        let place = place.at(index);
        let single = Content {
            collection: false,
            ..content
        };
        if item.is_none() || !accepts(&item, single)? {
            return Err(wrong_type(&place.path(), single, &item));
        }
        writer.separate();
        write_item(writer, &item, single, grammar, &place)?;
    }
    writer.end_array();
    Ok(())
}

fn write_item(
    writer: &mut Writer,
    value: &Bound<'_, PyAny>,
    content: Content,
    grammar: Option<trunkline_core::telephone::Grammar>,
    place: &Place<'_>,
) -> PyResult<()> {
    match content.item {
        ContentItem::Text | ContentItem::Enum(_) => {
            let Some(grammar) = grammar else {
                return write_text(writer, value, place);
            };
            let text = text_of(value, place)?;
            let written = grammar.write(&text).map_err(|error| {
                let refused = place.refuse(&format!("is wrong: {error}"));
                errors::raised(value.py(), &refused.with_next_step(error.advice()))
            })?;
            writer.string(&written);
        }
        ContentItem::Boolean => writer.boolean(value.extract()?),
        ContentItem::Integer => writer.integer(value.extract()?),
        ContentItem::Number => writer.number(value.extract()?),
        ContentItem::Decimal => writer.raw(&value.str()?.to_string()),
        ContentItem::Any => write_json(writer, value, 0, place)?,
        ContentItem::Structured(index) => match value.cast::<Record>() {
            Ok(record) => {
                let base = description().layout_at(index);
                write_record(record, writer, Some(base.name()), false, None, place)?;
            }
            Err(_) => write_json(writer, value, 0, place)?,
        },
    }
    Ok(())
}

/// Writes the text of a value. Half of a surrogate pair, which Python's texts may hold, is written as JSON escapes it.
fn write_text(writer: &mut Writer, value: &Bound<'_, PyAny>, place: &Place<'_>) -> PyResult<()> {
    if let Ok(text) = value.cast::<PyString>()
        && text.to_cow().is_err()
    {
        writer.raw(&escaped(text)?);
    } else {
        writer.string(&text_of(value, place)?);
    }
    Ok(())
}

/// Writes the name of a member, whatever it holds.
fn write_member(writer: &mut Writer, name: &Bound<'_, PyString>) -> PyResult<()> {
    if let Ok(name) = name.to_cow() {
        writer.member(&name);
    } else {
        writer.separate();
        writer.raw(&escaped(name)?);
        writer.raw(":");
    }
    Ok(())
}

/// A text as JSON that is ASCII.
fn escaped(text: &Bound<'_, PyString>) -> PyResult<String> {
    text.py().import("json")?.getattr("dumps")?.call1((text,))?.extract()
}

/// The text of a value that is sent as text.
fn text_of<'v>(value: &'v Bound<'_, PyAny>, place: &Place<'_>) -> PyResult<Cow<'v, str>> {
    if let Ok(text) = value.cast::<PyString>() {
        return text.to_cow();
    }
    let py = value.py();
    let _crossing = exit::crossing(py);
    let text = py.import("trunkline._forms")?.getattr("text")?.call1((value,));
    text.and_then(|text| text.extract().map(Cow::Owned)).map_err(|error| {
        if error.is_instance_of::<PyValueError>(py) {
            let refused = place.refuse(&format!("is wrong: {}", error.value(py)));
            errors::raised(py, &refused.with_next_step("Give a value that says what is meant"))
        } else {
            error
        }
    })
}

/// Refuses a number that is not within its range.
fn check_range(value: &Bound<'_, PyAny>, range: Option<(i64, i64)>, place: &Place<'_>) -> PyResult<()> {
    let Some((least, largest)) = range.filter(|_| !value.is_none()) else {
        return Ok(());
    };
    let number: i128 = value.extract().unwrap_or(i128::MAX);
    if (i128::from(least)..=i128::from(largest)).contains(&number) {
        return Ok(());
    }
    let refused = place.refuse(&format!(
        "is wrong: {} is not between {least} and {largest}",
        value.str()?
    ));
    Err(errors::raised(
        value.py(),
        &refused.with_next_step("Give a number within the range"),
    ))
}

/// Writes any JSON value.
pub(crate) fn write_any(writer: &mut Writer, value: &Bound<'_, PyAny>) -> PyResult<()> {
    write_json(writer, value, 0, &Place::root())
}

/// Writes any JSON value, of bounded depth.
fn write_json(writer: &mut Writer, value: &Bound<'_, PyAny>, depth: u8, place: &Place<'_>) -> PyResult<()> {
    if depth > 64 {
        return Err(PyTypeError::new_err("the value nests deeper than 64 levels"));
    }
    if value.is_none() {
        writer.null();
    } else if let Ok(record) = value.cast::<Record>() {
        write_record(record, writer, None, false, None, place)?;
    } else if value.is_instance_of::<PyBool>() {
        writer.boolean(value.extract()?);
    } else if value.is_instance_of::<PyInt>() {
        writer.raw(&value.str()?.to_string());
    } else if value.is_instance_of::<PyFloat>() {
        let number: f64 = value.extract()?;
        if number.is_infinite() && !writer.checks() {
            // A number of the service's that is beyond any float; in bodies it is OData's word for it.
            writer.raw(if number > 0.0 { "1e999" } else { "-1e999" });
        } else {
            writer.number(number);
        }
    } else if let Ok(dictionary) = value.cast::<PyDict>() {
        writer.begin_object();
        for (name, item) in dictionary.iter() {
            let Ok(name) = name.cast_into::<PyString>() else {
                return Err(PyTypeError::new_err("the names of a JSON object must be strings"));
            };
            write_member(writer, &name)?;
            write_json(writer, &item, depth + 1, &place.within(&name.to_string_lossy()))?;
        }
        writer.end_object();
    } else if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
        writer.begin_array();
        for (index, item) in value.try_iter()?.enumerate() {
            writer.separate();
            write_json(writer, &item?, depth + 1, &place.at(index))?;
        }
        writer.end_array();
    } else if value.is_instance_of::<PyString>() || is_known_form(value)? {
        write_text(writer, value, place)?;
    } else if let Some(number) = finite_decimal(value)? {
        writer.raw(&number);
    } else {
        return Err(wrong_type(
            "the value",
            Content {
                item: ContentItem::Any,
                form: TextForm::Plain,
                collection: false,
            },
            value,
        ));
    }
    Ok(())
}

/// The digits of a `Decimal`, which stands for numbers that are longer than Python's others.
fn finite_decimal(value: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    let is_decimal = value.is_instance(&value.py().import("decimal")?.getattr("Decimal")?)?;
    if !is_decimal || !value.call_method0("is_finite")?.is_truthy()? {
        return Ok(None);
    }
    Ok(Some(value.str()?.to_string()))
}

/// Whether it is one of the values that stand for a text wherever JSON is expected.
fn is_known_form(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    for form in [
        TextForm::DateTime,
        TextForm::Date,
        TextForm::TimeOfDay,
        TextForm::Duration,
        TextForm::Guid,
        TextForm::Binary,
    ] {
        if is_of(value, form)? {
            return Ok(true);
        }
    }
    Ok(false)
}
