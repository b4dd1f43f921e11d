//! The core's one error as the tree of exceptions that `trunkline._errors` defines.

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;
use trunkline::{Error, ErrorKind, RetryAdvice};

/// An error as an exception.
pub(crate) fn raised(py: Python<'_>, error: &Error) -> PyErr {
    match exception(py, error) {
        Ok(exception) => {
            let raised = PyErr::from_value(exception);
            let source = std::error::Error::source(error).and_then(|source| source.downcast_ref::<PyErr>());
            raised.set_cause(py, source.map(|source| source.clone_ref(py)));
            raised
        }
        Err(failure) => failure,
    }
}

fn exception<'py>(py: Python<'py>, error: &Error) -> PyResult<Bound<'py, PyAny>> {
    static MAKE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let make = MAKE.get_or_try_init(py, || {
        PyResult::Ok(py.import("trunkline._errors")?.getattr("_make")?.unbind())
    })?;
    let fields = PyDict::new(py);
    fields.set_item("message", error.message())?;
    fields.set_item("status", error.status().map(|status| status.as_u16()))?;
    fields.set_item("code", error.code())?;
    fields.set_item("codes", error.codes())?;
    fields.set_item("service_message", error.service_message())?;
    fields.set_item("request_id", error.request_id())?;
    fields.set_item("client_request_id", error.client_request_id())?;
    fields.set_item("next_step", error.next_step())?;
    fields.set_item("operation", error.operation())?;
    fields.set_item("method", error.method().map(|method| method.as_str()))?;
    fields.set_item("target", error.target())?;
    fields.set_item("body", error.body())?;
    fields.set_item("headers", error.headers().map(crate::results::headers))?;
    fields.set_item("path", error.path())?;
    fields.set_item("resume_token", error.resume_token())?;
    fields.set_item("attempts", error.attempts())?;
    fields.set_item("may_have_reached_service", error.may_have_reached_service())?;
    let (advice, seconds, until) = match error.retry_advice() {
        RetryAdvice::Never => ("never", None, None),
        RetryAdvice::After(wait) => ("after", Some(wait.as_secs_f64()), None),
        RetryAdvice::Until(end) => ("until", None, Some(end.to_string())),
        RetryAdvice::AfterReadBack => ("after_read_back", None, None),
        _ => ("later", None, None),
    };
    fields.set_item("retry_advice", advice)?;
    fields.set_item("retry_after", seconds)?;
    fields.set_item("retry_at", until)?;
    make.bind(py).call1((error.kind().name(), error.to_string(), fields))
}

/// A text that the caller wants to read as a record, and that is none.
pub(crate) fn decoding(py: Python<'_>, error: &trunkline_core::codec::DecodeError) -> PyErr {
    let message = format!("the text is not of the expected shape at {}", error.path());
    raised(py, &Error::new(ErrorKind::Decode, message).with_source(error.clone()))
}

/// Every kind of error there is, for the check that each has its class.
#[pyfunction]
pub(crate) fn error_kinds() -> Vec<&'static str> {
    ErrorKind::ALL.iter().map(|kind| kind.name()).collect()
}

/// An error about how the face is used.
pub(crate) fn misuse(py: Python<'_>, message: &'static str, next_step: &'static str) -> PyErr {
    raised(
        py,
        &Error::new(ErrorKind::InvalidInput, message).with_next_step(next_step),
    )
}

/// What the system could not do.
pub(crate) fn system(error: impl std::fmt::Display) -> PyErr {
    PyRuntimeError::new_err(error.to_string())
}
