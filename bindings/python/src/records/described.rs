//! The operations of the package.

use pyo3::prelude::*;

/// The operations of the package as JSON, for the runner of the contract cases.
#[pyfunction]
pub(crate) fn operations() -> String {
    trunkline::dynamic::operations().to_string()
}
