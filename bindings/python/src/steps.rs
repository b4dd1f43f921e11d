//! Steps from a place to the next one: properties of handles that take no frame of Python's.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyString, PyType};

use crate::exit;
use crate::places::{NativeAsyncPlace, NativePlace};

/// Where a step leads from any place: the handle, and what is put behind the path.
struct Destination {
    handle: Py<PyType>,
    segment: Py<PyString>,
}

// A property of handles. Its function says where the step leads, and is asked once for callers that
// block and once for those that await; a program takes five steps for a call. This is no documentation of the class: a
// class that has some keeps its objects from having their own.
#[pyclass(frozen, module = "trunkline._native")]
pub(crate) struct Step {
    #[pyo3(get, name = "__wrapped__")]
    function: Py<PyAny>,
    blocking: PyOnceLock<Destination>,
    awaiting: PyOnceLock<Destination>,
}

#[pymethods]
impl Step {
    fn __call__<'py>(&self, place: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = place.py();
        let here = place.cast::<NativePlace>()?.get();
        let known = if place.is_instance_of::<NativeAsyncPlace>() {
            &self.awaiting
        } else {
            &self.blocking
        };
        if let Some(destination) = known.get(py) {
            return here.step(destination.handle.bind(py), destination.segment.bind(py));
        }
        let _crossing = exit::crossing(py);
        let made = self.function.bind(py).call1((place,))?;
        let there = made.cast::<NativePlace>()?.get();
        if let Some(segment) = there.path(py)?.strip_prefix(here.path(py)?) {
            // Another thread that was quicker found the same.
            let _ = known.set(
                py,
                Destination {
                    handle: made.get_type().unbind(),
                    segment: PyString::new(py, segment).unbind(),
                },
            );
        }
        Ok(made)
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

/// Has the getter of a property taken natively. `function`: the getter, which does nothing but one step.
#[pyfunction]
pub(crate) fn step(function: Py<PyAny>) -> Step {
    Step {
        function,
        blocking: PyOnceLock::new(),
        awaiting: PyOnceLock::new(),
    }
}
