//! How far an intent has come, told to a function of Python's.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use trunkline::numbers::Progress;
use trunkline::phones::PhoneProgress;
use trunkline::{Error, ErrorKind, Operation, ResponseMeta, Result};

use crate::intents::record;
use crate::results::Meta;
use crate::values;

/// Tells a function of Python's how far a change of a number has come. What it raises stops the change.
pub(crate) fn watcher(function: Py<PyAny>) -> impl Fn(&Progress) -> Result<()> + Send + Sync + 'static {
    move |progress| told(|py| tell(py, &function, progress))
}

/// The same for a change of a phone method.
pub(crate) fn phone_watcher(function: Py<PyAny>) -> impl Fn(&PhoneProgress) -> Result<()> + Send + Sync + 'static {
    move |progress| told(|py| tell_phone(py, &function, progress))
}

fn told(tell: impl for<'py> FnOnce(Python<'py>) -> PyResult<()>) -> Result<()> {
    let raised = Python::try_attach(|py| tell(py).err());
    match raised.flatten() {
        None => Ok(()),
        Some(raised) => Err(Error::new(
            ErrorKind::Cancelled,
            "the watcher raised an exception, which stopped it",
        )
        .with_next_step("See the cause of this exception")
        .with_source(raised)),
    }
}

/// What is about to be sent, as `Progress.request` shows it.
fn sending(details: &Bound<'_, PyDict>, operation: &Operation) -> PyResult<()> {
    let request = values::loads(details.py(), &operation.to_json().to_string())?;
    details.set_item("request", request)
}

fn answered(details: &Bound<'_, PyDict>, meta: &ResponseMeta) -> PyResult<()> {
    details.set_item("meta", Meta::new(details.py(), meta.clone())?)
}

fn tell(py: Python<'_>, function: &Py<PyAny>, progress: &Progress) -> PyResult<()> {
    let details = PyDict::new(py);
    let kind = match progress {
        Progress::Found(number) => {
            details.set_item("number", record(py, &**number)?)?;
            "found"
        }
        Progress::Sending(operation) => {
            sending(&details, operation)?;
            "sending"
        }
        Progress::Answered(meta) => {
            answered(&details, meta)?;
            "answered"
        }
        Progress::Accepted { id, token } => {
            details.set_item("id", id)?;
            details.set_item("token", token)?;
            "accepted"
        }
        Progress::Stage(status) => {
            details.set_item("status", status)?;
            "stage"
        }
        Progress::AnswerLost => "answer_lost",
        Progress::Settling => "settling",
        _ => "other",
    };
    function.call1(py, (kind, details))?;
    Ok(())
}

fn tell_phone(py: Python<'_>, function: &Py<PyAny>, progress: &PhoneProgress) -> PyResult<()> {
    let details = PyDict::new(py);
    let kind = match progress {
        PhoneProgress::Found(methods) => {
            let methods = methods.iter().map(|method| record(py, method));
            details.set_item("methods", methods.collect::<PyResult<Vec<_>>>()?)?;
            "found"
        }
        PhoneProgress::Sending(operation) => {
            sending(&details, operation)?;
            "sending"
        }
        PhoneProgress::Answered(meta) => {
            answered(&details, meta)?;
            "answered"
        }
        PhoneProgress::InDoubt => "in_doubt",
        PhoneProgress::Settling => "settling",
        _ => "other",
    };
    function.call1(py, (kind, details))?;
    Ok(())
}
