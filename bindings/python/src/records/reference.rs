//! Records in place of texts: a user where an id is meant, a number where its digits are.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyType};

use super::Record;
use super::classes::{class_of, layout_named};
use crate::errors;

/// The text that an argument is, or that the record in its place stands for. `reference`: the name under which
/// `trunkline.generated` lists these records. What is no record is left to whoever reads the argument.
#[pyfunction]
pub(crate) fn identifier<'py>(name: &str, value: &Bound<'py, PyAny>, reference: &str) -> PyResult<Bound<'py, PyAny>> {
    let Ok(record) = value.cast::<Record>() else {
        return Ok(value.clone());
    };
    let references = value.py().import("trunkline.generated")?.getattr("REFERENCES")?;
    let records: Vec<(String, String)> = references.get_item(reference)?.extract()?;
    let records = records
        .iter()
        .map(|(of, property)| (of.as_str(), Some(property.as_str())));
    property_of(name, record, records)
}

/// The key of an entity, or that of its record. `handle`: the class of its handle, which says what type it has.
pub(crate) fn key<'py>(key: &Bound<'py, PyAny>, handle: &Bound<'py, PyType>) -> PyResult<Bound<'py, PyAny>> {
    let Ok(record) = key.cast::<Record>() else {
        return Ok(key.clone());
    };
    let types: Vec<String> = handle.getattr("_types")?.extract()?;
    property_of("key", record, types.iter().take(1).map(|of| (of.as_str(), None)))
}

/// The property that a record of one of these types stands for: the one that is named, or its key.
fn property_of<'py, 'r>(
    name: &str,
    record: &Bound<'py, Record>,
    records: impl Iterator<Item = (&'r str, Option<&'r str>)>,
) -> PyResult<Bound<'py, PyAny>> {
    let (py, layout) = (record.py(), record.get().layout);
    let mut classes = Vec::new();
    for (of, property) in records {
        let described = layout_named(of)?;
        if !layout.is_a(described) {
            classes.push(class_of(py, described)?.class.bind(py).name()?.to_string());
            continue;
        }
        let index = property.map_or_else(|| layout.key(), |property| layout.find(property));
        let Some(index) = index else { break };
        let value = record.get().value(py, index)?.into_bound(py);
        if value.is_instance_of::<PyString>() {
            return Ok(value);
        }
        let property = class_of(py, layout)?.names[index].bind(py);
        let message = format!("{name} is a {} without {property}", record.get_type().name()?);
        let next_step = "Read the record with this property, or give the text itself";
        return Err(errors::misuse(py, message, next_step));
    }
    let found = record.get_type().name()?;
    let message = format!(
        "{name} must be a string or a record of {}, not {found}",
        classes.join(" or ")
    );
    Err(PyTypeError::new_err(message))
}
