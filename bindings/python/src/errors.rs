//! The core's one error as the tree of exceptions that `trunkline.generated.errors` defines.

use std::borrow::Cow;
use std::fmt;

use pyo3::exceptions::{PyException, PyRuntimeError, PyTypeError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use trunkline::{Error, ErrorKind};
use trunkline_binding::ArgumentError;

use crate::exit;

/// An error as an exception. What the user's code raised is its cause, and what is no `Exception` passes as it is: Ctrl-C
/// in a credential stays Ctrl-C. So does what a transport of a test raises: an assertion in it is the test's.
pub(crate) fn raised(py: Python<'_>, error: &Error) -> PyErr {
    let _crossing = exit::crossing(py);
    if let Some(OwnException(own)) = below(error) {
        return own.clone_ref(py);
    }
    let cause = raised_by_user(error).map(|cause| cause.clone_ref(py));
    if let Some(cause) = &cause
        && passes(py, cause)
    {
        return cause.clone_ref(py);
    }
    match exception(py, &trunkline_binding::error_json(error)) {
        Ok(exception) => {
            let raised = PyErr::from_value(exception);
            raised.set_cause(py, cause);
            raised
        }
        Err(failure) => failure,
    }
}

/// An exception of a test's transport, with which the call ends, as it is.
#[derive(Debug)]
pub(crate) struct OwnException(pub(crate) PyErr);

impl fmt::Display for OwnException {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("what the transport raised")
    }
}

impl std::error::Error for OwnException {}

/// The exception of the user's code, somewhere below the error.
pub(crate) fn raised_by_user(error: &Error) -> Option<&PyErr> {
    below(error)
}

/// A cause of this type, somewhere below the error.
fn below<T: std::error::Error + 'static>(error: &Error) -> Option<&T> {
    let mut source = std::error::Error::source(error);
    while let Some(below) = source {
        if let Some(found) = below.downcast_ref::<T>() {
            return Some(found);
        }
        source = below.source();
    }
    None
}

/// Whether it is for the whole program, and no outcome of a call: `KeyboardInterrupt`, `SystemExit`, `CancelledError`.
pub(crate) fn passes(py: Python<'_>, raised: &PyErr) -> bool {
    !raised.is_instance_of::<PyException>(py)
}

/// The exception that JSON of `trunkline-binding` describes.
pub(crate) fn exception<'py>(py: Python<'py>, json: &str) -> PyResult<Bound<'py, PyAny>> {
    static MAKE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let make = MAKE.get_or_try_init(py, || {
        PyResult::Ok(py.import("trunkline._errors")?.getattr("make")?.unbind())
    })?;
    make.bind(py).call1((json,))
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
