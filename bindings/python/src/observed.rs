//! Events on their way to the function that observes a client, and what it raises.

use std::cell::RefCell;
use std::sync::Arc;

use pyo3::exceptions::PyBaseException;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

/// The function that gets the events of a client, and the kinds of events that it wants.
pub(crate) struct Observer {
    pub(crate) function: Py<PyAny>,
    pub(crate) kinds: Vec<String>,
}

/// An event.
pub(crate) struct Observed {
    pub(crate) observer: Arc<Observer>,
    pub(crate) text: String,
    pub(crate) context: Option<Arc<Py<PyAny>>>,
}

impl Observed {
    /// Calls the function on this thread.
    pub(crate) fn call(self, py: Python<'_>) {
        let function = self.observer.function.bind(py);
        let called = match &self.context {
            Some(context) => context.bind(py).call_method1("run", (function, self.text)),
            None => function.call1((self.text,)),
        };
        if let Err(raised) = called {
            interrupt(py, raised);
        }
    }

    /// Has the loop call the function.
    pub(crate) fn schedule(self, event_loop: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = event_loop.py();
        let function = self.observer.function.bind(py);
        let keywords = PyDict::new(py);
        if let Some(context) = &self.context {
            keywords.set_item("context", context.bind(py))?;
        }
        event_loop.call_method("call_soon", (function, self.text), Some(&keywords))?;
        Ok(())
    }
}

thread_local! {
    /// The exception that ends the blocking call of this thread, if there is a call and an exception.
    static RAISED: RefCell<Option<Option<PyErr>>> = const { RefCell::new(None) };
}

/// Begins a blocking call on this thread.
pub(crate) fn begin_call() {
    RAISED.set(Some(None));
}

/// The exception of an observer that ends the call of this thread: `KeyboardInterrupt`, `SystemExit` and their like. The function
/// itself reports all others.
pub(crate) fn raised() -> Option<PyErr> {
    RAISED.with_borrow_mut(|raised| raised.as_mut().and_then(Option::take))
}

/// Ends a blocking call on this thread.
pub(crate) fn end_call() -> Option<PyErr> {
    RAISED.take().flatten()
}

fn interrupt(py: Python<'_>, error: PyErr) {
    let left = RAISED.with_borrow_mut(|raised| match raised {
        Some(slot @ None) => {
            *slot = Some(error);
            None
        }
        _ => Some(error),
    });
    if let Some(error) = left {
        error.write_unraisable(py, None);
    }
}

/// A copy of the context that the caller is in.
pub(crate) fn context(py: Python<'_>) -> PyResult<Arc<Py<PyAny>>> {
    static COPY: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let copy = COPY.get_or_try_init(py, || {
        PyResult::Ok(py.import("contextvars")?.getattr("copy_context")?.unbind())
    })?;
    Ok(Arc::new(copy.bind(py).call0()?.unbind()))
}

/// Reports an exception that changes nothing: by `sys.unraisablehook`.
#[pyfunction]
pub(crate) fn unraisable(py: Python<'_>, raised: Bound<'_, PyBaseException>, function: Bound<'_, PyAny>) {
    PyErr::from_value(raised.into_any()).write_unraisable(py, Some(&function));
}
