//! Values of properties: read from the text of an answer, and checked before they are set or sent.

use std::sync::Arc;

use pyo3::exceptions::{PyArithmeticError, PyRuntimeError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyBytes, PyDict, PyFloat, PyFrozenSet, PyInt, PyList, PySet, PyString, PyTuple};
use trunkline::dynamic::description;
use trunkline_core::codec::{Content, ContentItem, Reader, TextForm};

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
pub(crate) fn is_of(value: &Bound<'_, PyAny>, form: TextForm) -> PyResult<bool> {
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
