//! Whoever observes the calls of a client: a function of Python's that gets each event as JSON.
//!
//! For a blocking call it runs on the thread that makes the call; for an awaited one the loop calls it, before the task goes on. Both
//! times it runs in the context of the caller. docs/decisions/275-one-event-for-everything-that-is-seen.md says why.

use std::cell::RefCell;
use std::sync::Arc;

use pyo3::exceptions::PyBaseException;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use trunkline::{CallEvent, ClientBuilder};
use trunkline_binding::event_json;

use crate::exit;
use crate::work::{context_of_task, loop_of_task};

/// The function that gets the events of a client, and the kinds of events that it wants.
pub(crate) struct Observer {
    function: Py<PyAny>,
    kinds: Vec<String>,
}

/// An event on its way to a loop.
pub(crate) struct Observed {
    observer: Arc<Observer>,
    text: String,
    context: Option<Arc<Py<PyAny>>>,
}

/// Has a function observe a client.
pub(crate) fn observe(builder: ClientBuilder, function: Py<PyAny>, kinds: Vec<String>) -> ClientBuilder {
    let observer = Arc::new(Observer { function, kinds });
    builder.observer(move |event| tell(&observer, event))
}

fn tell(observer: &Arc<Observer>, event: &CallEvent<'_>) {
    let kind = event.kind.name();
    if !observer.kinds.iter().any(|wanted| wanted == kind) {
        return;
    }
    let observed = Observed {
        observer: observer.clone(),
        text: event_json(event),
        context: context_of_task(),
    };
    match loop_of_task() {
        Some(queue) => queue.push_observed(observed),
        None => drop(exit::attached(|py| observed.call(py))),
    }
}

impl Observed {
    /// Calls the function on this thread.
    fn call(self, py: Python<'_>) {
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
        let keywords = pyo3::types::PyDict::new(py);
        if let Some(context) = &self.context {
            keywords.set_item("context", context.bind(py))?;
        }
        event_loop.call_method("call_soon", (function, self.text), Some(&keywords))?;
        Ok(())
    }
}

thread_local! {
    /// What passes through a blocking call of this thread; none outside of one.
    static RAISED: RefCell<Option<Option<PyErr>>> = const { RefCell::new(None) };
}

/// Begins a blocking call on this thread.
pub(crate) fn begin_call() {
    RAISED.set(Some(None));
}

/// What an observer raised that ends the call of this thread: `KeyboardInterrupt`, `SystemExit` and their like. The function itself
/// reports all else.
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
