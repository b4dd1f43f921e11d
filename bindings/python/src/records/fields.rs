//! Attributes of record classes.

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple, PyType};
use trunkline_core::codec::{ContentItem, Layout, TextForm};

use super::Record;
use super::classes::{class_of, layout_named, set_class};
use crate::exit;

// An attribute of a record class: the property with an index. Its documentation is what Python asks it for, see `__doc__`.
#[pyclass(frozen, module = "trunkline._native")]
pub(crate) struct Field {
    layout: &'static Layout,
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

    /// Its documentation, from the docstring of its class.
    #[getter]
    fn __doc__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let _crossing = exit::crossing(py);
        let class = class_of(py, self.layout)?.class.bind(py);
        let documented = py.import("trunkline._documentation")?.getattr("of_attribute")?;
        documented.call1((class, &self.name))
    }

    #[getter]
    fn __name__(&self, py: Python<'_>) -> Py<PyString> {
        self.name.clone_ref(py)
    }

    /// Its wire name.
    #[getter]
    fn wire_name(&self) -> Option<&'static str> {
        Some(self.layout.fields().get(self.index)?.field.name)
    }

    /// The form of its value, and whether there may be several.
    #[getter]
    fn form(&self) -> Option<(&'static str, bool)> {
        let content = self.layout.fields().get(self.index)?.content;
        let form = match (content.item, content.form) {
            (ContentItem::Text, TextForm::Binary) => "base64url",
            (ContentItem::Text, TextForm::DateTime) => "date-time",
            (ContentItem::Text, TextForm::Date) => "date",
            (ContentItem::Text, TextForm::Duration) => "duration",
            (ContentItem::Text, TextForm::Guid) => "uuid",
            (ContentItem::Text | ContentItem::Enum(_), _) => "string",
            (ContentItem::Boolean, _) => "boolean",
            (ContentItem::Integer, _) => "integer",
            (ContentItem::Number | ContentItem::Decimal, _) => "number",
            (ContentItem::Structured(_), _) => "object",
            (ContentItem::Any, _) => "any",
        };
        Some((form, content.collection))
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
                layout,
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
