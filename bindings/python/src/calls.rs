//! The request and answer of a call, as the generated handles describe it.

use std::sync::Arc;
use std::time::Duration;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMapping};
use trunkline::dynamic::{self, Expected, Place};
use trunkline::{Operation, RawBody, Request, Response, RetryPolicy};
use trunkline_core::codec::{Reader, Writer};
use trunkline_core::http::Method;
use trunkline_core::path;

use crate::meta::Meta;
use crate::records::{self, Record};
use crate::results::Answer;
use crate::work::Finish;
use crate::{arguments, errors, exit, values, writing};

/// The expected answer of a handle's method.
pub(crate) fn expected(py: Python<'_>, index: u16) -> PyResult<Expected> {
    dynamic::answer(index).map_err(|error| errors::raised(py, &error))
}

/// The body of a call: `None`, a record with its type, `(action, {parameter: value})`, or JSON.
pub(crate) fn body(
    body: Option<&Bound<'_, PyAny>>,
    body_type: Option<&str>,
    names_type: bool,
) -> PyResult<Option<Vec<u8>>> {
    let Some(body) = body else { return Ok(None) };
    let mut writer = Writer::checked();
    if let Some(expected) = body_type {
        let record = body.cast::<Record>().map_err(|_| {
            let found = body
                .get_type()
                .name()
                .map_or_else(|_| String::new(), |name| name.to_string());
            PyTypeError::new_err(format!("the body must be a record of {expected}, not {found}"))
        })?;
        let rules = dynamic::body_rules(expected);
        writing::write_record(record, &mut writer, Some(expected), names_type, rules, &Place::root())?;
    } else if let Ok((action, parameters)) = body.extract::<(u16, Bound<'_, PyDict>)>() {
        write_parameters(&mut writer, action, &parameters)?;
    } else {
        writing::write_any(&mut writer, body)?;
    }
    Ok(Some(writer.into_bytes()))
}

fn write_parameters(writer: &mut Writer, action: u16, parameters: &Bound<'_, PyDict>) -> PyResult<()> {
    let py = parameters.py();
    let described = dynamic::callable(action).map_err(|error| errors::raised(py, &error))?;
    let unset = records::unset(py)?;
    let root = Place::root();
    writer.begin_object();
    for parameter in described.parameters {
        let name = parameter.field.name;
        let Some(value) = parameters.get_item(name)?.filter(|value| !value.is(unset)) else {
            continue;
        };
        if value.is_none() && parameter.is_required && !parameter.is_nullable {
            return Err(PyTypeError::new_err(format!("{name} must not be None")));
        }
        writer.member(name);
        writing::write_value(
            writer,
            &value,
            parameter.content,
            parameter.field.grammar,
            &root.within(name),
        )?;
    }
    writer.end_object();
    Ok(())
}

/// An operation with its body, when it has one.
pub(crate) fn with_body(operation: Operation, body: Option<Vec<u8>>) -> Operation {
    match body {
        Some(body) => operation.body(body),
        None => operation,
    }
}

/// Names and values of query options or headers.
pub(crate) type Pairs = Vec<(String, String)>;

/// The operation of a call.
pub(crate) fn operation(method: &str, path: String, query: Pairs) -> PyResult<Operation> {
    let method = Method::from_bytes(method.as_bytes()).map_err(|_| PyValueError::new_err("no such HTTP method"))?;
    let mut operation = Operation::new(method, path);
    for (name, value) in query {
        operation.set_query(name, value);
    }
    Ok(operation)
}

/// The value of an answer whose body is text.
pub(crate) fn finish(
    result: Expected,
    response: Response<RawBody>,
    operation: &Operation,
) -> trunkline::Result<Finish> {
    let (raw, meta) = response.into_parts();
    let layout = match result {
        Expected::Record(layout) => layout,
        Expected::Optional(layout) if !raw.as_str().trim().is_empty() => layout,
        Expected::Value(content) => {
            let place = raw.read_as(&meta, operation, |text| dynamic::read_answer(text, content))?;
            let text: Arc<str> = raw.into_string().into();
            return Ok(Box::new(move |py| {
                let value = values::answer_value(py, &text, place, content)?.unbind();
                Answer::new_object(py, value, meta)
            }));
        }
        Expected::Json if !raw.as_str().trim().is_empty() => {
            raw.read_as(&meta, operation, |text| {
                let mut reader = Reader::new(text);
                reader.raw()?;
                reader.finish()
            })?;
            let text = raw.into_string();
            return Ok(Box::new(move |py| {
                Answer::new_object(py, values::loads(py, &text)?.unbind(), meta)
            }));
        }
        _ => return Ok(Box::new(move |py| Answer::new_object(py, py.None(), meta))),
    };
    let outline = raw.read_as(&meta, operation, |text| layout.read(text))?;
    let text: Arc<str> = raw.into_string().into();
    let bare = matches!(result, Expected::Record(_));
    Ok(Box::new(move |py| {
        let kept = Meta::new(py, meta.clone())?;
        let record = records::record(py, &text, outline, Some(kept))?.unbind();
        if bare {
            Ok(record)
        } else {
            Answer::new_object(py, record, meta)
        }
    }))
}

/// The options that every call takes.
pub(crate) struct CallOptions {
    pub(crate) headers: Pairs,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
}

impl CallOptions {
    pub(crate) fn read(headers: Pairs, timeout: Option<f64>, retry: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let timeout = timeout.map(|seconds| arguments::duration("timeout", seconds));
        Ok(Self {
            headers,
            timeout: timeout.transpose()?,
            retry: arguments::retry(retry)?,
        })
    }
}

/// A request with the options of its call.
pub(crate) fn prepared<T: trunkline_core::request::Answer>(request: Request<T>, options: CallOptions) -> Request<T> {
    let CallOptions {
        headers,
        timeout,
        retry,
    } = options;
    let request = headers
        .iter()
        .fold(request, |request, (name, value)| request.with_header(name, value));
    let request = match timeout {
        Some(timeout) => request.with_timeout(timeout),
        None => request,
    };
    match retry {
        Some(policy) => request.with_retry(policy),
        None => request,
    }
}

/// The headers of a call, which are mostly absent: a mapping of names to values.
pub(crate) fn headers(headers: Option<&Bound<'_, PyAny>>) -> PyResult<Pairs> {
    let Some(headers) = headers else { return Ok(Vec::new()) };
    let _crossing = exit::crossing(headers.py());
    let Ok(headers) = headers.cast::<PyMapping>() else {
        let name = headers.get_type().name()?;
        let message = format!("headers must be a mapping of names to values, not {name}");
        return Err(PyTypeError::new_err(message));
    };
    headers.items()?.extract()
}

/// The segment that the call of a function adds to a path.
#[pyfunction]
pub(crate) fn called(py: Python<'_>, function: u16, arguments: &Bound<'_, PyDict>) -> PyResult<String> {
    let described = dynamic::callable(function).map_err(|error| errors::raised(py, &error))?;
    let unset = records::unset(py)?;
    let root = Place::root();
    let mut literals = Vec::new();
    for parameter in described.parameters {
        let wire = parameter.field.name;
        let Some(value) = arguments.get_item(wire)?.filter(|value| !value.is(unset)) else {
            continue;
        };
        let mut writer = Writer::new();
        writing::write_value(&mut writer, &value, parameter.content, None, &root.within(wire))?;
        literals.push(dynamic::literal(parameter, writer));
    }
    let mut called = String::new();
    path::push_call(&mut called, described.short_name(), &literals).map_err(|error| errors::raised(py, &error))?;
    Ok(called)
}
