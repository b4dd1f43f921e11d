//! Records as mappings: wire names to values.

use pyo3::prelude::*;
use pyo3::types::{PyList, PyString};

use super::Record;

/// Makes Python know records as mappings. The module is there since Python started; its public name is another import.
pub(crate) fn register(py: Python<'_>) -> PyResult<()> {
    let mapping = py.import("_collections_abc")?.getattr("Mapping")?;
    mapping.call_method1("register", (py.get_type::<Record>(),))?;
    Ok(())
}

/// A view of a record: `KeysView`, `ItemsView` or `ValuesView`.
pub(super) fn view<'py>(record: &Bound<'py, Record>, class: &str) -> PyResult<Bound<'py, PyAny>> {
    record.py().import("_collections_abc")?.getattr(class)?.call1((record,))
}

/// The names of everything that was said: properties in the order of their type, then the members that it does not describe.
pub(super) fn names<'py>(record: &Bound<'py, Record>) -> PyResult<Bound<'py, PyList>> {
    let py = record.py();
    let names = PyList::empty(py);
    for (index, field) in record.get().layout.fields().iter().enumerate() {
        if !record.get().is_absent(py, index) {
            names.append(PyString::intern(py, field.field.name))?;
        }
    }
    if record.get().has_additional() {
        for name in record.get().additional(py)?.keys() {
            names.append(name)?;
        }
    }
    Ok(names)
}
