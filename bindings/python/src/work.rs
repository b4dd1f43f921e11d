//! How a piece of work is carried out: on the calling thread, or beside an asyncio loop.
//!
//! Work is a future of the core's that ends with a closure which makes the Python value. A synchronous caller drives it
//! with the GIL released. An asynchronous caller gets an asyncio future: a worker thread of ours drives the work, puts
//! its end into a queue and wakes the loop through a descriptor that the loop watches. The worker touches no Python
//! object, and one wake-up delivers all that has ended by then.

use std::collections::HashMap;
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
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use trunkline::{Error, ErrorKind, Result};

use crate::errors;

/// Makes the Python value of what has ended.
pub(crate) type Finish = Box<dyn for<'py> FnOnce(Python<'py>) -> PyResult<Py<PyAny>> + Send>;

/// A piece of work.
pub(crate) type Work = Pin<Box<dyn Future<Output = Result<Finish>> + Send>>;

/// How often a waiting thread looks for signals.
const SIGNALS: Duration = Duration::from_millis(50);

/// Carries out work here, or begins it beside a loop and gives the future of its end.
pub(crate) fn carry_out(py: Python<'_>, bridge: Option<&Bound<'_, Bridge>>, work: Work) -> PyResult<Py<PyAny>> {
    match bridge {
        Some(bridge) => Bridge::begin(bridge, work),
        None => wait(py, work),
    }
}

fn wait(py: Python<'_>, work: Work) -> PyResult<Py<PyAny>> {
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
fn runtime() -> Result<&'static tokio::runtime::Runtime> {
    static RUNTIME: Mutex<Option<(u32, &'static tokio::runtime::Runtime)>> = Mutex::new(None);
    let mut held = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    let process = std::process::id();
    if let Some((owner, runtime)) = *held
        && owner == process
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
    *held = Some((process, runtime));
    Ok(runtime)
}

/// What has ended and was not delivered yet.
struct Queue {
    ended: Mutex<Vec<(u64, Result<Finish>)>>,
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
    fn push(&self, id: u64, ended: Result<Finish>) {
        let mut queue = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        queue.push((id, ended));
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

    /// Delivers what has ended. Called by the loop.
    fn deliver(&self, py: Python<'_>) -> PyResult<()> {
        if let Some(read) = &self.read {
            // Nonblocking: what it holds says nothing beyond that it is readable.
            let _ = (&*read).read(&mut [0; 512]);
        }
        let ended = std::mem::take(&mut *self.queue.ended.lock().unwrap_or_else(PoisonError::into_inner));
        for (id, outcome) in ended {
            let future = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
            let Some(future) = future else { continue };
            let future = future.bind(py);
            if future.call_method0("done")?.is_truthy()? {
                continue;
            }
            let value = match outcome {
                Ok(finish) => finish(py),
                Err(error) => Err(errors::raised(py, &error)),
            };
            match value {
                Ok(value) => future.call_method1("set_result", (value,))?,
                Err(error) => future.call_method1("set_exception", (error.into_value(py),))?,
            };
        }
        Ok(())
    }
}

impl Bridge {
    fn begin(bridge: &Bound<'_, Self>, work: Work) -> PyResult<Py<PyAny>> {
        let py = bridge.py();
        let own = bridge.get();
        let runtime = runtime().map_err(|error| errors::raised(py, &error))?;
        static RUNNING_LOOP: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let running_loop = RUNNING_LOOP.get_or_try_init(py, || {
            PyResult::Ok(py.import("asyncio")?.getattr("get_running_loop")?.unbind())
        })?;
        let future = running_loop.bind(py).call0()?.call_method0("create_future")?;
        let id = own.next.fetch_add(1, Ordering::Relaxed);
        own.waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id, future.clone().unbind());
        let queue = own.queue.clone();
        let task = runtime.spawn(async move {
            let ended = AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|_| {
                Err(
                    Error::new(ErrorKind::InvalidInput, "the library failed; this is a mistake in it")
                        .with_next_step("Report it with what was called")
                        .with_may_have_reached_service(true),
                )
            });
            queue.push(id, ended);
        });
        let watcher = Canceller {
            task: task.abort_handle(),
            bridge: bridge.clone().unbind(),
            id,
        };
        future.call_method1("add_done_callback", (watcher,))?;
        Ok(future.unbind())
    }
}

/// Stops the work of a future that was cancelled.
#[pyclass(frozen, module = "trunkline._native")]
struct Canceller {
    task: tokio::task::AbortHandle,
    bridge: Py<Bridge>,
    id: u64,
}

#[pymethods]
impl Canceller {
    fn __call__(&self, future: &Bound<'_, PyAny>) -> PyResult<()> {
        if future.call_method0("cancelled")?.is_truthy()? {
            self.task.abort();
            self.bridge
                .get()
                .waiting
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .remove(&self.id);
        }
        Ok(())
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
