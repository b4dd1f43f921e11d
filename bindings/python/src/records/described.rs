//! What the package's operations are.

use pyo3::prelude::*;

use crate::errors;

/// What the package's operations are, as JSON: for the runner of the contract cases.
#[pyfunction]
pub(crate) fn operations(py: Python<'_>) -> PyResult<String> {
    trunkline::dynamic::operations()
        .map(|told| told.to_string())
        .map_err(|error| errors::raised(py, &error))
}
