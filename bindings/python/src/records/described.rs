//! The operations of the package.

use pyo3::prelude::*;

use crate::errors;

/// The operations of the package as JSON, for the runner of the contract cases.
#[pyfunction]
pub(crate) fn operations(py: Python<'_>) -> PyResult<String> {
    trunkline::dynamic::operations()
        .map(|parts| parts.to_string())
        .map_err(|error| errors::raised(py, &error))
}
