//! The properties of a record that the caller needs: each is there, or its absence is an error that names it.

use pyo3::exceptions::PyAttributeError;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::classes::class_of;
use super::display::masked;
use super::{Record, unset};

/// The properties of a record, none of which is `None` or `UNSET`.
#[pyclass(frozen, subclass, module = "trunkline._native")]
pub(crate) struct Required {
    record: Py<Record>,
}

impl Required {
    pub(super) fn of(record: &Bound<'_, Record>) -> Self {
        Self {
            record: record.clone().unbind(),
        }
    }
}

#[pymethods]
impl Required {
    fn __getattr__(&self, py: Python<'_>, name: &str) -> PyResult<Py<PyAny>> {
        let record = self.record.bind(py);
        let names = &class_of(py, record.get().layout)?.names;
        let is = |known: &Py<PyString>| known.bind(py).to_str().is_ok_and(|known| known == name);
        let Some(index) = names.iter().position(is) else {
            let message = format!("{} has no property {name:?}", record.get_type().name()?);
            return Err(PyAttributeError::new_err(message));
        };
        let value = record.get().value(py, index)?;
        let why = if value.is_none(py) {
            "it is null"
        } else if !value.bind(py).is(unset(py)?) {
            return Ok(value);
        } else if record.get().is_received() {
            "the response did not include it"
        } else {
            "it was not set"
        };
        Err(PyAttributeError::new_err(format!(
            "{} has no {name}: {why}",
            shown(record)?
        )))
    }

    fn __dir__(&self, py: Python<'_>) -> PyResult<Vec<Py<PyString>>> {
        let names = &class_of(py, self.record.get().layout)?.names;
        Ok(names.iter().map(|name| name.clone_ref(py)).collect())
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("{}.required", self.record.bind(py).repr()?))
    }
}

/// A record in a message: its class and its key.
fn shown(record: &Bound<'_, Record>) -> PyResult<String> {
    let py = record.py();
    let class = record.get_type().name()?.to_string();
    let key = record
        .get()
        .layout
        .key()
        .map(|key| record.get().value(py, key))
        .transpose()?;
    let key = key.filter(|key| key.bind(py).is_instance_of::<PyString>());
    match key {
        Some(key) => Ok(format!("the {class} with id {}", masked(&key.to_string()))),
        None => Ok(format!("the {class}")),
    }
}
