//! Values of properties: read from the text of an answer, and written into the body of a request.

use std::sync::Arc;

use pyo3::exceptions::{PyRuntimeError, PyTypeError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyBytes, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use trunkline_core::codec::{Content, ContentItem, Reader, Writer};

use crate::errors;
use crate::records::{self, Record, Text, enumeration, layouts};

/// Python's own reader of JSON.
pub(crate) fn loads<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    static LOADS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let loads = LOADS.get_or_try_init(py, || PyResult::Ok(py.import("json")?.getattr("loads")?.unbind()))?;
    loads.bind(py).call1((text,))
}

pub(crate) fn read_any<'py>(py: Python<'py>, text: &str, place: usize) -> PyResult<Bound<'py, PyAny>> {
    let raw = Reader::new(&text[place..])
        .raw()
        .map_err(|error| errors::decoding(py, &error))?;
    loads(py, raw)
}

/// The value at a place. It was checked when its record was outlined.
/// `source` gives the text to records inside it, which keep it.
pub(crate) fn read_value<'py>(
    py: Python<'py>,
    text: &str,
    source: &dyn Fn() -> Option<Text>,
    place: usize,
    content: Content,
) -> PyResult<Bound<'py, PyAny>> {
    let mut reader = Reader::new(&text[place..]);
    let broken = |error: trunkline_core::codec::DecodeError| errors::decoding(py, &error);
    if reader.null().map_err(broken)? {
        return Ok(py.None().into_bound(py));
    }
    if !content.collection {
        return read_item(py, source, place, content.item, &mut reader);
    }
    let list = PyList::empty(py);
    let mut failure = None;
    let rest = &text[place..];
    reader
        .array(|reader| {
            if reader.null()? {
                return Ok(());
            }
            // The raw text of an item is a part of the body: where it lies says its place.
            let raw = reader.raw()?;
            let at = place + (raw.as_ptr().addr() - rest.as_ptr().addr());
            let made =
                read_item(py, source, at, content.item, &mut Reader::new(raw)).and_then(|item| list.append(item));
            if let Err(error) = made {
                failure.get_or_insert(error);
            }
            Ok(())
        })
        .map_err(broken)?;
    failure.map_or_else(|| Ok(list.into_any()), Err)
}

fn read_item<'py>(
    py: Python<'py>,
    source: &dyn Fn() -> Option<Text>,
    place: usize,
    item: ContentItem,
    reader: &mut Reader<'_>,
) -> PyResult<Bound<'py, PyAny>> {
    let broken = |error: trunkline_core::codec::DecodeError| errors::decoding(py, &error);
    Ok(match item {
        ContentItem::Text => PyString::new(py, reader.string().map_err(broken)?).into_any(),
        ContentItem::Boolean => PyBool::new(py, reader.boolean().map_err(broken)?).to_owned().into_any(),
        ContentItem::Integer => reader.integer().map_err(broken)?.into_pyobject(py)?.into_any(),
        ContentItem::Number => PyFloat::new(py, reader.number().map_err(broken)?).into_any(),
        ContentItem::Decimal => {
            let raw = reader.raw().map_err(broken)?.trim_matches('"');
            py.import("decimal")?.getattr("Decimal")?.call1((raw,))?
        }
        ContentItem::Any => loads(py, reader.raw().map_err(broken)?)?,
        ContentItem::Enum(index) => {
            let enumeration = enumeration(py, index)?;
            let name = reader.string().map_err(broken)?;
            match enumeration.members.get(name) {
                Some(member) => member.bind(py).clone(),
                None => enumeration.class.bind(py).call1((name,))?,
            }
        }
        ContentItem::Structured(index) => {
            let layout = layouts()?
                .at(index)
                .map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
            let text = source().ok_or_else(|| PyRuntimeError::new_err("a value without a text"))?;
            let outline = layout.read_at(text.as_str(), place).map_err(broken)?;
            records::part(py, &text, outline)?
        }
    })
}

/// A value that a function answered: `{"value": …}`, or the bare value.
pub(crate) fn read_answer(text: &str, content: Content) -> Result<usize, trunkline_core::codec::DecodeError> {
    let mut reader = Reader::new(text);
    let mut place = text.len() - text.trim_start().len();
    if text[place..].starts_with('{') && !matches!(content.item, ContentItem::Structured(_)) {
        reader.object(|reader, name| {
            let raw = reader.raw()?;
            if name == "value" {
                place = raw.as_ptr().addr() - text.as_ptr().addr();
            }
            Ok(())
        })?;
        if place == 0 {
            // No member `value`: what is there is checked as the value, and refused with its path.
            Reader::new(text).string()?;
        }
    } else {
        reader.raw()?;
    }
    reader.finish()?;
    let mut value = Reader::new(&text[place..]);
    match content.item {
        ContentItem::Text | ContentItem::Enum(_) if !content.collection => value.string().map(drop)?,
        ContentItem::Boolean if !content.collection => value.boolean().map(drop)?,
        ContentItem::Integer if !content.collection => value.integer().map(drop)?,
        ContentItem::Number if !content.collection => value.number().map(drop)?,
        _ => value.raw().map(drop)?,
    }
    Ok(place)
}

/// The value at a place of an answer.
pub(crate) fn answer_value<'py>(
    py: Python<'py>,
    text: &Arc<str>,
    place: usize,
    content: Content,
) -> PyResult<Bound<'py, PyAny>> {
    read_value(py, text, &|| Some(Text::Alone(text.clone())), place, content)
}

pub(crate) fn wrong_type(place: &str, content: Content, value: &Bound<'_, PyAny>) -> PyErr {
    let what = match content.item {
        ContentItem::Text => "a string",
        ContentItem::Enum(_) => "a string or a member of its enumeration",
        ContentItem::Boolean => "a bool",
        ContentItem::Integer => "an int",
        ContentItem::Number => "a number",
        ContentItem::Decimal => "a Decimal, an int or a string",
        ContentItem::Any => "a JSON value",
        ContentItem::Structured(_) => "a record",
    };
    let list = if content.collection {
        "a list, each item of it "
    } else {
        ""
    };
    let found = value
        .get_type()
        .name()
        .map_or_else(|_| "something else".to_owned(), |name| name.to_string());
    PyTypeError::new_err(format!("{place} must be {list}{what}, not {found}"))
}

pub(crate) fn accepts(value: &Bound<'_, PyAny>, content: Content) -> PyResult<bool> {
    if content.collection {
        if value.is_instance_of::<PyString>() || value.is_instance_of::<PyDict>() {
            return Ok(false);
        }
        return Ok(value.try_iter().is_ok());
    }
    Ok(match content.item {
        ContentItem::Text => {
            value.is_instance_of::<PyString>()
                || value.is_instance_of::<PyBytes>()
                || value.hasattr("isoformat")?
                || value.get_type().name()? == "UUID"
        }
        ContentItem::Enum(_) => value.is_instance_of::<PyString>(),
        ContentItem::Boolean => value.is_instance_of::<PyBool>(),
        ContentItem::Integer => value.is_instance_of::<PyInt>() && !value.is_instance_of::<PyBool>(),
        ContentItem::Number => {
            (value.is_instance_of::<PyInt>() || value.is_instance_of::<PyFloat>()) && !value.is_instance_of::<PyBool>()
        }
        ContentItem::Decimal => !value.is_instance_of::<PyBool>() && value.str()?.to_string().parse::<f64>().is_ok(),
        ContentItem::Any => true,
        ContentItem::Structured(_) => value.is_instance_of::<Record>() || value.is_instance_of::<PyDict>(),
    })
}

/// Writes a value that the caller gave.
pub(crate) fn write_value(
    writer: &mut Writer,
    value: &Bound<'_, PyAny>,
    content: Content,
    grammar: Option<trunkline_core::telephone::Grammar>,
    place: &dyn Fn() -> String,
) -> PyResult<()> {
    if value.is_none() {
        writer.null();
        return Ok(());
    }
    if !accepts(value, content)? {
        return Err(wrong_type(&place(), content, value));
    }
    if !content.collection {
        return write_item(writer, value, content.item, grammar, place);
    }
    writer.begin_array();
    for item in value.try_iter()? {
        let item = item?;
        let single = Content {
            collection: false,
            ..content
        };
        if item.is_none() || !accepts(&item, single)? {
            return Err(wrong_type(&place(), single, &item));
        }
        writer.separate();
        write_item(writer, &item, content.item, grammar, place)?;
    }
    writer.end_array();
    Ok(())
}

pub(crate) fn write_item(
    writer: &mut Writer,
    value: &Bound<'_, PyAny>,
    item: ContentItem,
    grammar: Option<trunkline_core::telephone::Grammar>,
    place: &dyn Fn() -> String,
) -> PyResult<()> {
    match item {
        ContentItem::Text | ContentItem::Enum(_) => {
            let text = text_of(value)?;
            match grammar {
                None => writer.string(&text),
                Some(grammar) => {
                    let written = grammar.write(&text).map_err(|error| {
                        let message = format!("{}: {error}", place());
                        let advice = error.advice();
                        errors::raised(
                            value.py(),
                            &trunkline::Error::new(trunkline::ErrorKind::InvalidInput, message).with_next_step(advice),
                        )
                    })?;
                    writer.string(&written);
                }
            }
        }
        ContentItem::Boolean => writer.boolean(value.extract()?),
        ContentItem::Integer => writer.integer(value.extract()?),
        ContentItem::Number => writer.number(value.extract()?),
        ContentItem::Decimal => writer.raw(&value.str()?.to_string()),
        ContentItem::Any => write_any(writer, value, 0)?,
        ContentItem::Structured(index) => match value.cast::<Record>() {
            Ok(record) => {
                let base = layouts()?
                    .at(index)
                    .map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
                Record::write(record, writer, Some(base), false, true)?;
            }
            Err(_) => write_any(writer, value, 0)?,
        },
    }
    Ok(())
}

/// The text of a value that is sent as text.
pub(crate) fn text_of(value: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(text.to_cow()?.into_owned());
    }
    if value.is_instance_of::<PyBytes>() {
        return value
            .py()
            .import("base64")?
            .call_method1("urlsafe_b64encode", (value,))?
            .call_method1("decode", ("ascii",))?
            .extract();
    }
    if value.hasattr("isoformat")? {
        return value.call_method0("isoformat")?.extract();
    }
    Ok(value.str()?.to_string())
}

/// Writes any JSON value, of bounded depth.
pub(crate) fn write_any(writer: &mut Writer, value: &Bound<'_, PyAny>, depth: u8) -> PyResult<()> {
    if depth > 64 {
        return Err(PyTypeError::new_err("the value nests deeper than 64 levels"));
    }
    if value.is_none() {
        writer.null();
    } else if let Ok(record) = value.cast::<Record>() {
        Record::write(record, writer, None, false, true)?;
    } else if value.is_instance_of::<PyBool>() {
        writer.boolean(value.extract()?);
    } else if value.is_instance_of::<PyInt>() {
        writer.raw(&value.str()?.to_string());
    } else if value.is_instance_of::<PyFloat>() {
        writer.number(value.extract()?);
    } else if let Ok(dictionary) = value.cast::<PyDict>() {
        writer.begin_object();
        for (name, item) in dictionary.iter() {
            let Ok(name) = name.cast_into::<PyString>() else {
                return Err(PyTypeError::new_err("the names of a JSON object must be strings"));
            };
            writer.member(&name.to_cow()?);
            write_any(writer, &item, depth + 1)?;
        }
        writer.end_object();
    } else if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
        writer.begin_array();
        for item in value.try_iter()? {
            writer.separate();
            write_any(writer, &item?, depth + 1)?;
        }
        writer.end_array();
    } else if accepts(
        value,
        Content {
            item: ContentItem::Text,
            collection: false,
        },
    )? {
        writer.string(&text_of(value)?);
    } else {
        return Err(wrong_type(
            "the value",
            Content {
                item: ContentItem::Any,
                collection: false,
            },
            value,
        ));
    }
    Ok(())
}
