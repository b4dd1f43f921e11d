//! Attributes of record classes.

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple, PyType};

use super::Record;
use super::classes::{layout_named, set_class};

/// An attribute of a record class: the property with an index.
#[pyclass(frozen, module = "trunkline._native")]
pub(crate) struct Field {
    index: usize,
    name: Py<PyString>,
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

/// Makes a class the one of a type: gives it an attribute for each property.
#[pyfunction]
pub(crate) fn register_record(
    py: Python<'_>,
    class: &Bound<'_, PyType>,
    name: &str,
    names: &Bound<'_, PyTuple>,
) -> PyResult<()> {
    let layout = layout_named(name)?;
    if !class.is_subclass_of::<Record>()? {
        return Err(PyRuntimeError::new_err(format!("{name} is no class of records")));
    }
    if names.len() != layout.fields().len() {
        let message = format!("{name} has {} properties, not {}", layout.fields().len(), names.len());
        return Err(PyRuntimeError::new_err(message));
    }
    let mut attributes = Vec::with_capacity(names.len());
    for (index, attribute) in names.iter().enumerate() {
        let attribute = attribute.cast_into::<PyString>()?;
        class.setattr(
            &attribute,
            Field {
                index,
                name: attribute.clone().unbind(),
            },
        )?;
        attributes.push(attribute.unbind());
    }
    class.setattr("_type_name", name)?;
    set_class(py, layout, class.clone().unbind(), attributes);
    Ok(())
}
