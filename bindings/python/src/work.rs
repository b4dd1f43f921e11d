//! How a piece of work is carried out: on the calling thread, or beside an asyncio loop.
//!
//! Work is a future of the core's that ends with a closure which makes the Python value. A synchronous caller drives it
//! with the GIL released. An asynchronous caller gets something to await: a worker thread of ours drives the work, puts
//! its end aside and wakes the loop through a descriptor that the loop watches. The worker touches no Python object, and
//! one wake-up tells of all that has ended by then.

use std::fs::File;
use std::future::Future;
use std::io::{Read, Write};
use std::ops::ControlFlow;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use hashbrown::HashMap;
use pyo3::exceptions::{PyBaseException, PyRuntimeError, PyStopIteration};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyTuple, PyWeakrefMethods, PyWeakrefReference};
use trunkline::{Error, ErrorKind, Result};

use crate::errors;
use crate::forks::Process;

/// Makes the Python value of what has ended.
pub(crate) type Finish = Box<dyn for<'py> FnOnce(Python<'py>) -> PyResult<Py<PyAny>> + Send>;

/// A piece of work.
pub(crate) type Work = Pin<Box<dyn Future<Output = Result<Finish>> + Send>>;

/// How often a waiting thread looks for signals.
const SIGNALS: Duration = Duration::from_millis(50);

/// Carries out work here, or gives what a task awaits to have it carried out beside its loop.
pub(crate) fn carry_out(py: Python<'_>, bridge: Option<&Bound<'_, Bridge>>, work: Work) -> PyResult<Py<PyAny>> {
    match bridge {
        Some(bridge) => {
            let pending = Pending {
                beside: Beside::Bridge(bridge.clone().unbind()),
                state: Mutex::new(State::New(work)),
                ended: Arc::default(),
            };
            Ok(Py::new(py, pending)?.into_any())
        }
        None => wait(py, work),
    }
}

/// Gives what a task awaits to have work carried out beside its loop, which is the one that runs when it first waits.
pub(crate) fn awaited(py: Python<'_>, client: &Py<PyAny>, work: Work) -> PyResult<Py<PyAny>> {
    let pending = Pending {
        beside: Beside::Client(client.clone_ref(py)),
        state: Mutex::new(State::New(work)),
        ended: Arc::default(),
    };
    Ok(Py::new(py, pending)?.into_any())
}

/// Carries out work on this thread.
pub(crate) fn wait(py: Python<'_>, work: Work) -> PyResult<Py<PyAny>> {
    let mut signal = None;
    let signal_slot = &mut signal;
    let ended = py.detach(move || {
        trunkline::blocking::block_on_with_check(work, SIGNALS, move || {
            match Python::try_attach(|py| py.check_signals()) {
                Some(Ok(())) => ControlFlow::Continue(()),
                Some(Err(raised)) => {
                    *signal_slot = Some(raised);
                    ControlFlow::Break(())
                }
                // The interpreter is ending.
                None => ControlFlow::Break(()),
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

/// The runtime beside the loops, one per process: a copy of it that came with a fork is abandoned.
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
        .thread_name("trunkline")
        .enable_all()
        .build();
    let built = built.map_err(|error| {
        Error::new(ErrorKind::Connection, "the system gives no resources for network calls").with_source(error)
    })?;
    // It serves until the process ends.
    let runtime: &'static tokio::runtime::Runtime = Box::leak(Box::new(built));
    *held = Some((Process::this(), runtime));
    Ok(runtime)
}

/// What has ended and was not delivered yet.
struct Queue {
    ended: Mutex<Vec<u64>>,
    wake: Wake,
}

/// How the loop is told.
enum Wake {
    /// A descriptor that it watches.
    Descriptor(File),
    /// A function of Python's, for loops that watch no descriptors.
    Function(Py<PyAny>),
}

impl Queue {
    fn push(&self, id: u64) {
        let mut queue = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        queue.push(id);
        let first = queue.len() == 1;
        drop(queue);
        if !first {
            return;
        }
        match &self.wake {
            // Eight bytes are what an eventfd wants. A full pipe or a closed loop needs no telling.
            Wake::Descriptor(file) => drop((&*file).write(&1u64.to_ne_bytes())),
            Wake::Function(function) => {
                Python::try_attach(|py| drop(function.call0(py)));
            }
        }
    }
}

/// What connects one asyncio loop with the worker.
#[pyclass(frozen, weakref, module = "trunkline._native")]
pub(crate) struct Bridge {
    queue: Arc<Queue>,
    read: Option<File>,
    /// Futures of the loop that only say that something has ended.
    waiting: Mutex<HashMap<u64, Py<PyAny>>>,
    next: AtomicU64,
}

#[pymethods]
impl Bridge {
    /// A bridge to a loop, which it does not hold: it lives no longer than the loop. `read` and `write` are descriptors that it takes over: what is written to one makes the other
    /// readable. Without them `notify` is called instead, on another thread.
    #[new]
    #[pyo3(signature = (*, read=None, write=None, notify=None))]
    fn new(read: Option<i32>, write: Option<i32>, notify: Option<Py<PyAny>>) -> PyResult<Self> {
        let wake = match (write, notify) {
            (Some(write), _) => Wake::Descriptor(taken(write)?),
            (None, Some(notify)) => Wake::Function(notify),
            (None, None) => return Err(errors::system("a bridge needs a way to wake its loop")),
        };
        Ok(Self {
            queue: Arc::new(Queue {
                ended: Mutex::default(),
                wake,
            }),
            read: read.map(taken).transpose()?,
            waiting: Mutex::default(),
            next: AtomicU64::new(0),
        })
    }

    /// Wakes the tasks whose work has ended. Called by the loop.
    fn deliver(&self, py: Python<'_>) -> PyResult<()> {
        if let Some(read) = &self.read {
            // Nonblocking: what it holds says nothing beyond that it is readable.
            let _ = (&*read).read(&mut [0; 512]);
        }
        let ended = std::mem::take(&mut *self.queue.ended.lock().unwrap_or_else(PoisonError::into_inner));
        for id in ended {
            let Some(future) = self.forget(id) else { continue };
            let set = future.bind(py).call_method1(intern!(py, "set_result"), (py.None(),));
            if let Err(error) = set {
                // A future that was cancelled meanwhile takes no result, and its task needs none.
                if !future.bind(py).call_method0(intern!(py, "done"))?.is_truthy()? {
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> std::result::Result<(), PyTraverseError> {
        if let Wake::Function(function) = &self.queue.wake {
            visit.call(function)?;
        }
        // Held by another thread, it is in use; then what it keeps is as well.
        let Ok(waiting) = self.waiting.try_lock() else {
            return Ok(());
        };
        waiting.values().try_for_each(|future| visit.call(future))
    }
}

impl Bridge {
    fn forget(&self, id: u64) -> Option<Py<PyAny>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&id)
    }
}

/// Work beside a loop, to be awaited once. It begins when a task first waits for it, and stops when that task does.
///
/// The task waits for an asyncio future that carries no value: the value is made when the task goes on, in the task.
/// So one callback of the loop is all that a call costs, and a cancelled task is noticed without another.
#[pyclass(frozen, module = "trunkline._native")]
pub(crate) struct Pending {
    beside: Beside,
    state: Mutex<State>,
    ended: Arc<Mutex<Option<Result<Finish>>>>,
}

/// What leads to the loop that waits.
enum Beside {
    Bridge(Py<Bridge>),
    /// A client, which knows the bridge of the loop that is running.
    Client(Py<PyAny>),
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
        match &self.beside {
            Beside::Bridge(bridge) => visit.call(bridge),
            Beside::Client(client) => visit.call(client),
        }
    }
}

/// What ends a generator that returns a value.
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
        let held = match &self.beside {
            Beside::Bridge(bridge) => bridge.clone_ref(py),
            Beside::Client(client) => bridge_of(client.bind(py), &event_loop)?,
        };
        let bridge = held.get();
        let runtime = runtime().map_err(|error| errors::raised(py, &error))?;
        let future = event_loop.call_method0(intern!(py, "create_future"))?;
        // What `Future.__await__` does before it hands itself to the task.
        future.setattr(intern!(py, "_asyncio_future_blocking"), true)?;
        let id = bridge.next.fetch_add(1, Ordering::Relaxed);
        let mut waiting = bridge.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.insert(id, future.clone().unbind());
        drop(waiting);
        let (queue, slot) = (bridge.queue.clone(), self.ended.clone());
        let task = runtime.spawn(async move {
            let ended = AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|_| {
                Err(
                    Error::new(ErrorKind::InvalidInput, "the library failed; this is a mistake in it")
                        .with_next_step("Report it with what was called")
                        .with_may_have_reached_service(true),
                )
            });
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(ended);
            queue.push(id);
        });
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

fn running_loop(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    static RUNNING_LOOP: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let running_loop = RUNNING_LOOP.get_or_try_init(py, || {
        PyResult::Ok(py.import("asyncio")?.getattr("get_running_loop")?.unbind())
    })?;
    running_loop.bind(py).call0()
}

/// The bridge of the loop that is running, which the client keeps in mind for its credential.
fn bridge_of(client: &Bound<'_, PyAny>, event_loop: &Bound<'_, PyAny>) -> PyResult<Py<Bridge>> {
    /// A weak reference to a loop, and its bridge: of the one that asked last, which mostly asks again.
    static LATEST: Mutex<Option<(Py<PyWeakrefReference>, Py<Bridge>)>> = Mutex::new(None);
    let py = client.py();
    let known = client.getattr(intern!(py, "_loop"))?;
    // Nothing of Python's runs while it is held.
    let latest = {
        let latest = LATEST.lock().unwrap_or_else(PoisonError::into_inner);
        latest
            .as_ref()
            .map(|(known, bridge)| (known.clone_ref(py), bridge.clone_ref(py)))
    };
    if let Some((latest, bridge)) = latest
        && latest.is(&known)
        && latest.bind(py).upgrade().is_some_and(|latest| latest.is(event_loop))
    {
        return Ok(bridge);
    }
    let bridge = client
        .call_method0(intern!(py, "_connected"))?
        .cast_into::<Bridge>()?
        .unbind();
    let known = client
        .getattr(intern!(py, "_loop"))?
        .cast_into::<PyWeakrefReference>()?
        .unbind();
    let before = LATEST
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .replace((known, bridge.clone_ref(py)));
    // Its loop may end with it, and run what it likes.
    drop(before);
    Ok(bridge)
}

impl Drop for Pending {
    fn drop(&mut self) {
        // A coroutine that is thrown away is not always closed first.
        self.stop();
    }
}

#[cfg(unix)]
fn taken(descriptor: i32) -> PyResult<File> {
    use std::os::fd::FromRawFd;
    if descriptor < 0 {
        return Err(errors::system("a descriptor cannot be negative"));
    }
    // SAFETY: `trunkline._bridge` duplicates the descriptor for us and never uses or closes the copy itself.
    #[allow(unsafe_code, reason = "the standard library takes over descriptors in no other way")]
    Ok(unsafe { File::from_raw_fd(descriptor) })
}

#[cfg(not(unix))]
fn taken(_descriptor: i32) -> PyResult<File> {
    Err(errors::system("descriptors are of use on Unix alone"))
}
