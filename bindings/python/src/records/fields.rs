//! Attributes of record classes.

use pyo3::prelude::*;
use pyo3::types::PyString;

use super::Record;

/// An attribute of a record class: the property with an index.
#[pyclass(frozen, module = "trunkline._native")]
pub(crate) struct Field {
    index: usize,
    name: Py<PyString>,
}

impl Field {
    pub(super) fn new(index: usize, name: Py<PyString>) -> Self {
        Self { index, name }
    }
}

#[pymethods]
impl Field {
    fn __get__(
        slf: &Bound<'_, Self>,
        instance: Option<&Bound<'_, PyAny>>,
        _owner: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Py<PyAny>> {
        match instance {
            None => Ok(slf.clone().into_any().unbind()),
            Some(instance) => instance.cast::<Record>()?.get().value(slf.py(), slf.get().index),
        }
    }

    fn __set__(&self, instance: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        instance.cast::<Record>()?.get().set(instance.py(), self.index, value)
    }

    fn __delete__(&self, instance: &Bound<'_, PyAny>) -> PyResult<()> {
        instance.cast::<Record>()?.get().unset(self.index)
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        format!("<property {}>", self.name.bind(py))
    }
}
