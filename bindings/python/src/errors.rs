//! The core's one error as the tree of exceptions that `trunkline._errors` defines.

use std::borrow::Cow;

use pyo3::exceptions::{PyException, PyRuntimeError, PyTypeError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;
use trunkline::{Error, ErrorKind, RetryAdvice};
use trunkline_binding::ArgumentError;

use crate::exit;

/// An error as an exception. What the user's code raised is its cause, and what is no `Exception` passes as it is: Ctrl-C
/// in a credential stays Ctrl-C.
pub(crate) fn raised(py: Python<'_>, error: &Error) -> PyErr {
    let _crossing = exit::crossing(py);
    let cause = raised_by_user(error).map(|cause| cause.clone_ref(py));
    if let Some(cause) = &cause
        && passes(py, cause)
    {
        return cause.clone_ref(py);
    }
    match exception(py, error) {
        Ok(exception) => {
            let raised = PyErr::from_value(exception);
            raised.set_cause(py, cause);
            raised
        }
        Err(failure) => failure,
    }
}

/// The exception of the user's code, somewhere below the error.
pub(crate) fn raised_by_user(error: &Error) -> Option<&PyErr> {
    let mut source = std::error::Error::source(error);
    while let Some(below) = source {
        if let Some(raised) = below.downcast_ref::<PyErr>() {
            return Some(raised);
        }
        source = below.source();
    }
    None
}

/// Whether it is for the whole program, and no outcome of a call: `KeyboardInterrupt`, `SystemExit`, `CancelledError`.
pub(crate) fn passes(py: Python<'_>, raised: &PyErr) -> bool {
    !raised.is_instance_of::<PyException>(py)
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
    fields.set_item("claims", error.claims())?;
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
    let line = error.to_string();
    make.bind(py).call1((error.kind().name(), line, fields))
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

/// An error about how the package is used.
pub(crate) fn misuse(py: Python<'_>, message: impl Into<Cow<'static, str>>, next_step: &'static str) -> PyErr {
    raised(
        py,
        &Error::new(ErrorKind::InvalidInput, message).with_next_step(next_step),
    )
}

/// An argument that cannot be used: of the wrong type a `TypeError`, else an `InvalidInputError`, which is a `ValueError`.
pub(crate) fn argument(py: Python<'_>, error: ArgumentError) -> PyErr {
    if error.is_wrong_type() {
        PyTypeError::new_err(error.to_string())
    } else {
        raised(py, &error.into())
    }
}

/// An error of the operating system.
pub(crate) fn system(error: impl std::fmt::Display) -> PyErr {
    PyRuntimeError::new_err(error.to_string())
}
