//! Native getters for navigation properties: no Python frame for each segment of a path.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyString, PyType};

use crate::exit;
use crate::handles::NativeHandle;

/// Where a step leads from any handle of a class: the next class, and the segment behind the path.
struct Destination {
    handle: Py<PyType>,
    segment: Py<PyString>,
}

// The getter of a property. Its function says where the step leads, and is called once; a program takes five steps for a
// call. This is no documentation of the class: a class that has some keeps its objects from having their own.
#[pyclass(frozen, module = "trunkline._native")]
pub(crate) struct Step {
    #[pyo3(get, name = "__wrapped__")]
    function: Py<PyAny>,
    destination: PyOnceLock<Destination>,
}

#[pymethods]
impl Step {
    fn __call__<'py>(&self, handle: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = handle.py();
        let here = handle.cast::<NativeHandle>()?.get();
        if let Some(destination) = self.destination.get(py) {
            return here.step(destination.handle.bind(py), destination.segment.bind(py));
        }
        let _crossing = exit::crossing(py);
        let next = self.function.bind(py).call1((handle,))?;
        let there = next.cast::<NativeHandle>()?.get();
        if let Some(segment) = there.path(py)?.strip_prefix(here.path(py)?) {
            let destination = Destination {
                handle: next.get_type().unbind(),
                segment: PyString::new(py, segment).unbind(),
            };
            // Another thread that was quicker found the same.
            let _ = self.destination.set(py, destination);
        }
        Ok(next)
    }

    // Properties, and what looks at them, ask for these two.
    #[getter]
    fn __doc__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.function.bind(py).getattr("__doc__")
    }

    #[getter]
    fn __name__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.function.bind(py).getattr("__name__")
    }
}

/// The native getter of a property. `function`: the getter in Python, which does nothing but one step.
#[pyfunction]
pub(crate) fn step(function: Py<PyAny>) -> Step {
    Step {
        function,
        destination: PyOnceLock::new(),
    }
}
