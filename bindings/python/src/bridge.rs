//! The bridge between an asyncio loop and the worker: each loop has a bridge of its own, for as long as it lives.

use std::fs::File;
use std::io::{Read, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use hashbrown::HashMap;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyWeakrefMethods, PyWeakrefReference};

use crate::forks::Process;
use crate::observed::Observed;
use crate::{errors, exit};

/// Calls that have ended and were not delivered yet.
pub(crate) struct Queue {
    ended: Mutex<Vec<u64>>,
    /// Events of calls, for whoever observes them.
    observed: Mutex<Vec<Observed>>,
    wake: Wake,
    /// A weak reference to the loop.
    event_loop: Py<PyAny>,
    process: Process,
}

/// The way to wake the loop.
enum Wake {
    /// A descriptor that it watches.
    Descriptor(Held),
    /// A function of Python's, for loops that watch no descriptors.
    Function(Py<PyAny>),
}

impl Queue {
    /// A weak reference to the loop, as Python has them.
    pub(crate) fn event_loop(&self, py: Python<'_>) -> Py<PyAny> {
        self.event_loop.clone_ref(py)
    }

    pub(crate) fn push(&self, id: u64) {
        let mut queue = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        queue.push(id);
        let first = queue.len() == 1;
        drop(queue);
        if first {
            self.wake();
        }
    }

    /// Has the loop call whoever observes a call, before the task that waits for it goes on.
    pub(crate) fn push_observed(&self, observed: Observed) {
        let mut queue = self.observed.lock().unwrap_or_else(PoisonError::into_inner);
        queue.push(observed);
        let first = queue.len() == 1;
        drop(queue);
        if first {
            self.wake();
        }
    }

    fn wake(&self) {
        match &self.wake {
            // Eight bytes are what an eventfd wants. A full pipe or a closed loop needs no telling.
            Wake::Descriptor(held) => drop(held.file().map(|mut file| file.write(&1u64.to_ne_bytes()))),
            Wake::Function(function) => {
                exit::attached(|py| drop(function.call0(py)));
            }
        }
    }
}

/// The event loop of a client's latest call, for work that no call waits for. It does not keep the loop alive.
#[derive(Default)]
pub(crate) struct LatestLoop(Mutex<Option<Py<PyAny>>>);

impl LatestLoop {
    pub(crate) fn set(&self, event_loop: Py<PyAny>) {
        let mut latest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = latest.replace(event_loop);
        // Nothing of Python's runs while the lock is held.
        drop(latest);
        drop(before);
    }

    /// A weak reference to it.
    pub(crate) fn get(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        let latest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        latest.as_ref().map(|latest| latest.clone_ref(py))
    }
}

/// The bridge between one asyncio loop and the worker.
#[pyclass(frozen, weakref, module = "trunkline._native")]
pub(crate) struct Bridge {
    queue: Arc<Queue>,
    read: Option<Held>,
    /// Futures of the loop that only say that something has ended.
    waiting: Mutex<HashMap<u64, Py<PyAny>>>,
    next: AtomicU64,
}

#[pymethods]
impl Bridge {
    /// A bridge to a loop, which it does not hold: `event_loop` is a weak reference. `read` and `write` are descriptors that
    /// it takes over: what is written to one makes the other readable. Without them `notify` is called instead, on another
    /// thread.
    #[new]
    #[pyo3(signature = (event_loop, *, read=None, write=None, notify=None))]
    fn new(event_loop: Py<PyAny>, read: Option<i32>, write: Option<i32>, notify: Option<Py<PyAny>>) -> PyResult<Self> {
        let wake = match (write, notify) {
            (Some(write), _) => Wake::Descriptor(take_over(write)?),
            (None, Some(notify)) => Wake::Function(notify),
            (None, None) => return Err(errors::system("a bridge needs a way to wake its loop")),
        };
        Ok(Self {
            queue: Arc::new(Queue {
                ended: Mutex::default(),
                observed: Mutex::default(),
                wake,
                event_loop,
                process: Process::this(),
            }),
            read: read.map(take_over).transpose()?,
            waiting: Mutex::default(),
            next: AtomicU64::new(0),
        })
    }

    /// Wakes the tasks whose work has ended. Called by the loop.
    fn deliver(&self, py: Python<'_>) -> PyResult<()> {
        let _crossing = exit::crossing(py);
        if let Some(mut read) = self.read.as_ref().and_then(Held::file) {
            // Nonblocking: what it holds says nothing beyond that it is readable.
            let _ = read.read(&mut [0; 512]);
        }
        // Taken first: an event that comes before an end is delivered before it.
        let ended = std::mem::take(&mut *self.queue.ended.lock().unwrap_or_else(PoisonError::into_inner));
        let observed = std::mem::take(&mut *self.queue.observed.lock().unwrap_or_else(PoisonError::into_inner));
        if !observed.is_empty()
            && let Some(event_loop) = Some(self.queue.event_loop.bind(py).call0()?).filter(|found| !found.is_none())
        {
            for observed in observed {
                observed.schedule(&event_loop)?;
            }
        }
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
    /// Wakes the loop.
    pub(crate) fn queue(&self) -> Arc<Queue> {
        self.queue.clone()
    }

    /// Keeps a future of the loop until its work has ended; the result finds it.
    pub(crate) fn remember(&self, future: Py<PyAny>) -> u64 {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.insert(id, future);
        id
    }

    pub(crate) fn forget(&self, id: u64) -> Option<Py<PyAny>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&id)
    }
}

/// The loop that is running.
pub(crate) fn running_loop(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    static RUNNING_LOOP: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let running_loop = RUNNING_LOOP.get_or_try_init(py, || {
        PyResult::Ok(py.import("asyncio")?.getattr("get_running_loop")?.unbind())
    })?;
    // Where there is none, the package says what to do.
    match running_loop.bind(py).call0() {
        Ok(running) => Ok(running),
        Err(_) => py.import("trunkline._bridge")?.call_method0("running_loop"),
    }
}

/// The bridge of the loop that is running.
pub(crate) fn bridge_of(event_loop: &Bound<'_, PyAny>) -> PyResult<Py<Bridge>> {
    /// A weak reference to a loop, and its bridge: of the one that asked last, which mostly asks again.
    static LATEST: Mutex<Option<(Py<PyWeakrefReference>, Py<Bridge>)>> = Mutex::new(None);
    let py = event_loop.py();
    // Nothing of Python's runs while it is held.
    let latest = {
        let latest = LATEST.lock().unwrap_or_else(PoisonError::into_inner);
        latest
            .as_ref()
            .map(|(known, bridge)| (known.clone_ref(py), bridge.clone_ref(py)))
    };
    if let Some((latest, bridge)) = latest
        && latest.bind(py).upgrade().is_some_and(|latest| latest.is(event_loop))
        && bridge.get().queue.process.is_this()
    {
        return Ok(bridge);
    }
    let connection = py.import("trunkline._bridge")?.call_method0("connection")?;
    let (known, bridge): (Bound<'_, PyWeakrefReference>, Bound<'_, Bridge>) = connection.extract()?;
    let before = LATEST
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .replace((known.unbind(), bridge.clone().unbind()));
    // Its loop may end with it, and run what it likes.
    drop(before);
    Ok(bridge.unbind())
}

/// A descriptor of ours. After a fork, or when somebody else closed it, its number may be another's: then it is left alone.
struct Held {
    /// Nothing only while it is dropped.
    file: Option<File>,
    process: Process,
}

impl Held {
    fn file(&self) -> Option<&File> {
        self.file.as_ref().filter(|_| self.process.is_this())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if !self.process.is_this() {
            std::mem::forget(self.file.take());
        }
    }
}

#[cfg(unix)]
fn take_over(descriptor: i32) -> PyResult<Held> {
    use std::os::fd::FromRawFd;
    if descriptor < 0 {
        return Err(errors::system("a descriptor cannot be negative"));
    }
    // SAFETY: `trunkline._bridge` duplicates the descriptor for us and never uses or closes the copy itself.
    #[allow(unsafe_code, reason = "the standard library takes over descriptors in no other way")]
    let file = unsafe { File::from_raw_fd(descriptor) };
    Ok(Held {
        file: Some(file),
        process: Process::this(),
    })
}

#[cfg(not(unix))]
fn take_over(_descriptor: i32) -> PyResult<Held> {
    Err(errors::system("descriptors are of use on Unix alone"))
}
