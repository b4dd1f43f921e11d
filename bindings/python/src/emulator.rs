//! The emulator, in this process.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use trunkline_binding::RunningEmulator;

use crate::arguments::arguments;
use crate::{errors, exit};

/// A running emulator. JSON goes in and out as text; `trunkline.Emulator` makes values of it.
#[pyclass(frozen, name = "Emulator", module = "trunkline._native")]
pub(crate) struct NativeEmulator(RunningEmulator);

#[pymethods]
impl NativeEmulator {
    #[new]
    fn new(py: Python<'_>, options: &Bound<'_, PyDict>) -> PyResult<Self> {
        let options = arguments(options)?;
        let emulator = exit::detached(py, || RunningEmulator::start(options));
        emulator.map(Self).map_err(|error| errors::raised(py, &error))
    }

    #[getter]
    fn url(&self) -> &str {
        self.0.url()
    }

    /// Calls a method by its name, with an argument of JSON; returns the answer as JSON.
    fn call(&self, py: Python<'_>, method: &str, argument: &str) -> PyResult<String> {
        let answer = exit::detached(py, || self.0.call(method, argument));
        answer.map_err(|error| errors::raised(py, &error))
    }

    fn close(&self, py: Python<'_>) {
        exit::detached(py, || self.0.close());
    }
}
