//! Values of properties: read from the text of an answer, and written into the body of a request.

use std::borrow::Cow;
use std::sync::Arc;

use pyo3::exceptions::{PyArithmeticError, PyRuntimeError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyBytes, PyDict, PyFloat, PyFrozenSet, PyInt, PyList, PySet, PyString, PyTuple};
use trunkline::dynamic::{Place, description};
use trunkline_core::codec::{Content, ContentItem, Reader, TextForm, Writer};

use crate::records::{self, Record, Text, enumeration};
use crate::{errors, exit};

/// Python's own reader of JSON; integers of more digits than Python takes from a text are `Decimal`s.
pub(crate) fn loads<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    static LOADS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let loads = LOADS.get_or_try_init(py, || PyResult::Ok(py.import("json")?.getattr("loads")?.unbind()))?;
    let _crossing = exit::crossing(py);
    match loads.bind(py).call1((text,)) {
        // Those of texts that are no JSON are of a class below it.
        Err(error) if error.get_type(py).is(py.get_type::<PyValueError>()) => {
            py.import("trunkline._forms")?.getattr("loads")?.call1((text,))
        }
        read => read,
    }
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
        return read_item(py, source, place, content, &mut reader);
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
            let made = read_item(py, source, at, content, &mut Reader::new(raw)).and_then(|item| list.append(item));
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
    content: Content,
    reader: &mut Reader<'_>,
) -> PyResult<Bound<'py, PyAny>> {
    let broken = |error: trunkline_core::codec::DecodeError| errors::decoding(py, &error);
    Ok(match content.item {
        ContentItem::Text => of_form(py, reader.string().map_err(broken)?, content.form)?,
        ContentItem::Boolean => PyBool::new(py, reader.boolean().map_err(broken)?).to_owned().into_any(),
        ContentItem::Integer => reader.integer().map_err(broken)?.into_pyobject(py)?.into_any(),
        ContentItem::Number => PyFloat::new(py, reader.number().map_err(broken)?).into_any(),
        ContentItem::Decimal => {
            let raw = reader.raw().map_err(broken)?.trim_matches('"');
            let decimal = py.import("decimal")?.getattr("Decimal")?.call1((raw,));
            decimal.map_err(|error| unreadable(py, error, "number"))?
        }
        ContentItem::Any => loads(py, reader.raw().map_err(broken)?)?,
        ContentItem::Enum(index) => member(py, index, reader.string().map_err(broken)?)?,
        ContentItem::Structured(index) => {
            let layout = description().layout_at(index);
            let text = source().ok_or_else(|| PyRuntimeError::new_err("a value without a text"))?;
            let outline = layout.read_at(text.as_str(), place).map_err(broken)?;
            records::part(py, &text, outline)?
        }
    })
}

fn member<'py>(py: Python<'py>, index: u16, name: &str) -> PyResult<Bound<'py, PyAny>> {
    let enumeration = enumeration(py, index)?;
    match enumeration.member(name) {
        Some(member) => Ok(member.bind(py).clone()),
        None => enumeration.class.bind(py).call1((name,)),
    }
}

/// The value that a text stands for.
fn of_form<'py>(py: Python<'py>, text: &str, form: TextForm) -> PyResult<Bound<'py, PyAny>> {
    let reader = match form {
        TextForm::Plain | TextForm::Duration | TextForm::Guid => return Ok(PyString::new(py, text).into_any()),
        TextForm::Flags(index) => return member(py, index, text),
        TextForm::DateTime => "date_time",
        TextForm::Date => "date",
        TextForm::TimeOfDay => "time",
        TextForm::Binary => "binary",
    };
    let _crossing = exit::crossing(py);
    let read = py.import("trunkline._forms")?.getattr(reader)?.call1((text,));
    read.map_err(|error| unreadable(py, error, &reader.replace('_', " ")))
}

/// The error of a value that is not what its type says.
fn unreadable(py: Python<'_>, error: PyErr, what: &str) -> PyErr {
    if !error.is_instance_of::<PyValueError>(py) && !error.is_instance_of::<PyArithmeticError>(py) {
        return error;
    }
    let message = format!("what the service gave cannot be read as a {what}");
    let described =
        trunkline::Error::new(trunkline::ErrorKind::Decode, message).with_next_step("`to_dict` gives it as text");
    errors::raised(py, &described)
}

/// Whether a text of a form can be made of a value.
fn is_of(value: &Bound<'_, PyAny>, form: TextForm) -> PyResult<bool> {
    if value.is_instance_of::<PyString>() {
        return Ok(true);
    }
    let py = value.py();
    let is = |module: &str, name: &str| value.is_instance(&py.import(module)?.getattr(name)?);
    match form {
        TextForm::Plain => Ok(false),
        TextForm::DateTime => is("datetime", "datetime"),
        // Every `datetime` is a `date` too, but stands for more than a day.
        TextForm::Date => Ok(is("datetime", "date")? && !is("datetime", "datetime")?),
        TextForm::TimeOfDay => is("datetime", "time"),
        TextForm::Duration => is("datetime", "timedelta"),
        TextForm::Guid => is("uuid", "UUID"),
        TextForm::Binary => Ok(value.is_instance_of::<PyBytes>()),
        TextForm::Flags(_) => {
            let several = value.is_instance_of::<PyList>()
                || value.is_instance_of::<PyTuple>()
                || value.is_instance_of::<PySet>()
                || value.is_instance_of::<PyFrozenSet>();
            if !several {
                return Ok(false);
            }
            for item in value.try_iter()? {
                if !item?.is_instance_of::<PyString>() {
                    return Ok(false);
                }
            }
            Ok(true)
        }
    }
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
        ContentItem::Text => match content.form {
            TextForm::Plain => "a string",
            TextForm::DateTime => "a datetime or a string",
            TextForm::Date => "a date or a string",
            TextForm::TimeOfDay => "a time or a string",
            TextForm::Duration => "a timedelta or a string",
            TextForm::Guid => "a UUID or a string",
            TextForm::Binary => "bytes or a string",
            TextForm::Flags(_) => "a string or several members of its enumeration",
        },
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
        ContentItem::Text => is_of(value, content.form)?,
        ContentItem::Enum(_) => value.is_instance_of::<PyString>(),
        ContentItem::Boolean => value.is_instance_of::<PyBool>(),
        ContentItem::Integer => value.is_instance_of::<PyInt>() && !value.is_instance_of::<PyBool>(),
        ContentItem::Number => {
            (value.is_instance_of::<PyInt>() || value.is_instance_of::<PyFloat>()) && !value.is_instance_of::<PyBool>()
        }
        ContentItem::Decimal => {
            !value.is_instance_of::<PyBool>() && value.str()?.to_string().parse::<f64>().is_ok_and(f64::is_finite)
        }
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

pub(crate) fn write_item(
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
                Record::write(record, writer, Some(base.name()), false, None, place)?;
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
pub(crate) fn write_member(writer: &mut Writer, name: &Bound<'_, PyString>) -> PyResult<()> {
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
pub(crate) fn check_range(value: &Bound<'_, PyAny>, range: Option<(i64, i64)>, place: &Place<'_>) -> PyResult<()> {
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
pub(crate) fn write_json(writer: &mut Writer, value: &Bound<'_, PyAny>, depth: u8, place: &Place<'_>) -> PyResult<()> {
    if depth > 64 {
        return Err(PyTypeError::new_err("the value nests deeper than 64 levels"));
    }
    if value.is_none() {
        writer.null();
    } else if let Ok(record) = value.cast::<Record>() {
        Record::write(record, writer, None, false, None, place)?;
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
