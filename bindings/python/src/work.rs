//! Execution of work: on the calling thread, or on the worker of an asyncio loop.
//!
//! Work is a future of the core's that ends with a closure which makes the Python value. A synchronous caller drives it
//! with the GIL released. An asynchronous caller gets something to await: a worker thread of ours drives the work, puts
//! its end aside and wakes the loop through a descriptor that the loop watches. The worker touches no Python object, and
//! one wake-up tells of all that has ended by then.

use std::future::Future;
use std::ops::ControlFlow;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use pyo3::exceptions::{PyBaseException, PyRuntimeError, PyStopIteration};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use tokio::task::JoinHandle;
use trunkline::{Error, ErrorKind, Result};

use crate::bridge::{Bridge, LatestLoop, Queue, bridge_of, running_loop};
use crate::forks::{Process, WORKER};
use crate::{errors, exit, observed};

/// Makes the Python value of what has ended.
pub(crate) type Finish = Box<dyn for<'py> FnOnce(Python<'py>) -> PyResult<Py<PyAny>> + Send>;

/// Work that ends with nothing.
type Background = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A piece of work.
pub(crate) type Work = Pin<Box<dyn Future<Output = Result<Finish>> + Send>>;

tokio::task_local! {
    /// The bridge of the loop that a task works for, on which a credential of asyncio runs.
    static LOOP: Arc<Queue>;
    /// The context of the caller whom a task works for, where somebody observes the client.
    static CONTEXT: Arc<Py<PyAny>>;
}

/// The bridge of the loop that this task works for, when there is one.
pub(crate) fn loop_of_task() -> Option<Arc<Queue>> {
    LOOP.try_with(Arc::clone).ok()
}

/// The context of the caller whom this task works for, when it is not the current one.
pub(crate) fn context_of_task() -> Option<Arc<Py<PyAny>>> {
    CONTEXT.try_with(Arc::clone).ok()
}

/// How often a waiting thread looks for signals.
const SIGNALS: Duration = Duration::from_millis(50);

/// How the callers of a client wait for its work.
#[derive(Clone)]
pub(crate) struct Caller {
    /// The loop of the latest call of those who await, on event loops of asyncio; `None`: they block.
    latest: Option<Arc<LatestLoop>>,
    is_observed: bool,
}

impl Caller {
    pub(crate) fn new(latest: Option<Arc<LatestLoop>>, is_observed: bool) -> Self {
        Self { latest, is_observed }
    }

    /// Whether they await.
    pub(crate) fn awaits(&self) -> bool {
        self.latest.is_some()
    }

    /// Begins work on the worker that no task waits for. It asks credentials on the loop that runs now.
    pub(crate) fn spawner(&self, py: Python<'_>) -> PyResult<impl FnOnce(Background) -> JoinHandle<()> + use<>> {
        let runtime = runtime().map_err(|error| errors::raised(py, &error))?;
        let queue = match self.awaits() {
            false => None,
            true => Some(bridge_of(&running_loop(py)?)?.get().queue()),
        };
        let context = context_if(py, self.is_observed)?;
        Ok(move |work: Background| {
            let work: Background = match context {
                Some(context) => Box::pin(CONTEXT.scope(context, work)),
                None => work,
            };
            match queue {
                Some(queue) => runtime.spawn(LOOP.scope(queue, work)),
                None => runtime.spawn(work),
            }
        })
    }

    /// Executes work here, or returns an awaitable that executes it on the worker, for the loop that runs when a task first
    /// waits.
    pub(crate) fn execute(&self, py: Python<'_>, work: Work) -> PyResult<Py<PyAny>> {
        match &self.latest {
            None if self.is_observed => {
                observed::begin_call();
                let value = wait(py, work);
                match observed::end_call() {
                    Some(raised) => Err(raised),
                    None => value,
                }
            }
            None => wait(py, work),
            Some(latest) => {
                let pending = Pending {
                    latest: latest.clone(),
                    is_observed: self.is_observed,
                    state: Mutex::new(State::New(work)),
                    ended: Arc::default(),
                };
                Ok(Py::new(py, pending)?.into_any())
            }
        }
    }
}

/// A copy of the context that the caller is in, where somebody observes the client.
fn context_if(py: Python<'_>, is_observed: bool) -> PyResult<Option<Arc<Py<PyAny>>>> {
    is_observed.then(|| observed::context(py)).transpose()
}

/// Executes work on this thread.
fn wait(py: Python<'_>, work: Work) -> PyResult<Py<PyAny>> {
    let mut signal = None;
    let signal_slot = &mut signal;
    let (ended, _crossing) = exit::detached_crossing(py, move || {
        trunkline::blocking::block_on_with_check(work, SIGNALS, move || {
            match exit::attached(|py| observed::raised().map_or_else(|| py.check_signals(), Err)) {
                Some(Ok(())) => ControlFlow::Continue(()),
                Some(Err(raised)) => {
                    *signal_slot = Some(raised);
                    ControlFlow::Break(())
                }
                // The interpreter is ending, and so does this thread when its call does.
                None => ControlFlow::Continue(()),
            }
        })
    });
    if let Some(signal) = signal {
        return Err(signal);
    }
    match ended.and_then(|ended| ended) {
        Ok(finish) => finish(py),
        Err(error) => Err(errors::raised(py, &error)),
    }
}

/// The runtime of the worker, one per process: a copy of it that came with a fork is abandoned.
pub(crate) fn runtime() -> Result<&'static tokio::runtime::Runtime> {
    static RUNTIME: Mutex<Option<(Process, &'static tokio::runtime::Runtime)>> = Mutex::new(None);
    let mut held = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((process, runtime)) = *held
        && process.is_this()
    {
        return Ok(runtime);
    }
    let built = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name(WORKER)
        .enable_all()
        .build();
    let built = built.map_err(|error| {
        Error::new(ErrorKind::Connection, "the system has no resources for network calls").with_source(error)
    })?;
    // It serves until the process ends.
    let runtime: &'static tokio::runtime::Runtime = Box::leak(Box::new(built));
    *held = Some((Process::this(), runtime));
    Ok(runtime)
}

/// Work on the worker, to be awaited once. It begins when a task first waits for it, and stops when that task does.
///
/// The task waits for an asyncio future that carries no value: the value is made when the task goes on, in the task.
/// So one callback of the loop is all that a call costs, and a cancelled task is noticed without another.
#[pyclass(frozen, module = "trunkline._native")]
pub(crate) struct Pending {
    latest: Arc<LatestLoop>,
    is_observed: bool,
    state: Mutex<State>,
    ended: Arc<Mutex<Option<Result<Finish>>>>,
}

enum State {
    New(Work),
    Begun {
        task: tokio::task::AbortHandle,
        bridge: Py<Bridge>,
        id: u64,
    },
    Over,
}

#[pymethods]
impl Pending {
    fn __await__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let _crossing = exit::crossing(py);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match std::mem::replace(&mut *state, State::Over) {
            State::New(work) => {
                drop(state);
                self.begin(py, work)
            }
            State::Begun { task, bridge, id } => {
                let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner).take();
                let Some(ended) = ended else {
                    *state = State::Begun { task, bridge, id };
                    return Err(PyRuntimeError::new_err("the call goes on; await it once, in one task"));
                };
                drop(state);
                match ended {
                    Ok(finish) => Err(returned(finish(py)?.into_bound(py))),
                    Err(error) => Err(errors::raised(py, &error)),
                }
            }
            State::Over => Err(PyRuntimeError::new_err("the call has been awaited before")),
        }
    }

    /// As generators have it.
    fn send(&self, py: Python<'_>, _value: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        self.__next__(py)
    }

    /// The task was cancelled, or something else was raised where it waits: the work stops.
    #[pyo3(signature = (kind, value=None, traceback=None))]
    fn throw(
        &self,
        py: Python<'_>,
        kind: &Bound<'_, PyAny>,
        value: Option<&Bound<'_, PyAny>>,
        traceback: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Py<PyAny>> {
        self.stop();
        let raised = match value.filter(|value| !value.is_none()) {
            Some(value) if value.is_instance_of::<PyBaseException>() => value.clone(),
            Some(value) => kind.call1((value,))?,
            None if kind.is_instance_of::<PyBaseException>() => kind.clone(),
            None => kind.call0()?,
        };
        if let Some(traceback) = traceback.filter(|traceback| !traceback.is_none()) {
            raised.setattr(intern!(py, "__traceback__"), traceback)?;
        }
        Err(PyErr::from_value(raised))
    }

    /// Nobody waits any more: the work stops.
    fn close(&self) {
        self.stop();
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> std::result::Result<(), PyTraverseError> {
        match self.state.try_lock().as_deref() {
            Ok(State::Begun { bridge, .. }) => visit.call(bridge),
            // Held by another thread, it is in use; then what it keeps is as well.
            _ => Ok(()),
        }
    }
}

/// Ends a generator that returns a value.
fn returned(value: Bound<'_, PyAny>) -> PyErr {
    // A tuple or an exception as the value would be taken apart.
    if value.is_instance_of::<PyTuple>() || value.is_instance_of::<PyBaseException>() {
        return PyStopIteration::new_err((value.unbind(),));
    }
    PyStopIteration::new_err(value.unbind())
}

impl Pending {
    fn begin(&self, py: Python<'_>, work: Work) -> PyResult<Py<PyAny>> {
        let event_loop = running_loop(py)?;
        let held = bridge_of(&event_loop)?;
        let bridge = held.get();
        let queue = bridge.queue();
        self.latest.set(queue.event_loop(py));
        let runtime = runtime().map_err(|error| errors::raised(py, &error))?;
        let future = event_loop.call_method0(intern!(py, "create_future"))?;
        // As `Future.__await__` does before it hands itself to the task.
        future.setattr(intern!(py, "_asyncio_future_blocking"), true)?;
        let id = bridge.remember(future.clone().unbind());
        let slot = self.ended.clone();
        let work: Work = match context_if(py, self.is_observed)? {
            Some(context) => Box::pin(CONTEXT.scope(context, work)),
            None => work,
        };
        let task = runtime.spawn(LOOP.scope(queue.clone(), async move {
            let ended = AssertUnwindSafe(work)
                .catch_unwind()
                .await
                .unwrap_or_else(|_| Err(trunkline_binding::internal().with_may_have_reached_service(true)));
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(ended);
            queue.push(id);
        }));
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = State::Begun {
            task: task.abort_handle(),
            bridge: held,
            id,
        };
        Ok(future.unbind())
    }

    fn stop(&self) {
        let state = std::mem::replace(
            &mut *self.state.lock().unwrap_or_else(PoisonError::into_inner),
            State::Over,
        );
        if let State::Begun { task, bridge, id } = state {
            task.abort();
            drop(bridge.get().forget(id));
        }
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        // A coroutine that is thrown away is not always closed first.
        self.stop();
    }
}
