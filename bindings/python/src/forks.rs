//! Forks, and descriptors that others close: what was made before is of no use after it, and says so. A process that came
//! of a fork is distinguished from its parent without asking the system who it is, which each call would do several times.

use std::sync::atomic::{AtomicU32, Ordering};

use pyo3::prelude::*;
#[cfg(unix)]
use pyo3::types::{IntoPyDict, PyCFunction};

use crate::errors;

/// The name of the thread that drives what asyncio waits for.
pub(crate) const WORKER: &str = "trunkline";

/// How many forks lie between the process that imported the package and this one.
static FORKS: AtomicU32 = AtomicU32::new(0);
/// How often somebody was seen to have closed this package's descriptors.
static CLOSURES: AtomicU32 = AtomicU32::new(0);

/// The process in which something was made, while its descriptors are open. A copy of it that came with a fork is of
/// another one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Process {
    forks: u32,
    closures: u32,
}

impl Process {
    /// The one that is running.
    pub(crate) fn this() -> Self {
        Self {
            forks: FORKS.load(Ordering::Relaxed),
            closures: CLOSURES.load(Ordering::Relaxed),
        }
    }

    /// Whether it is the one that is running.
    pub(crate) fn is_this(self) -> bool {
        self == Self::this()
    }

    /// Refuses what was made in another one: `made` says what was, for instance "the list was begun".
    pub(crate) fn check(self, py: Python<'_>, made: &str, next_step: &'static str) -> PyResult<()> {
        let this = Self::this();
        if self == this {
            return Ok(());
        }
        let what = if self.forks == this.forks {
            "something in this process closed its connections, as daemons close all descriptors"
        } else {
            "this process was forked, and its connections belong to the parent"
        };
        Err(errors::misuse(py, format!("{made} before {what}"), next_step))
    }
}

/// The counts of forks and closures. Objects made before a change of them are of no use any more.
#[pyfunction]
pub(crate) fn process() -> (u32, u32) {
    let Process { forks, closures } = Process::this();
    (forks, closures)
}

/// Has Python tell of forks, where there are any.
pub(crate) fn watch(py: Python<'_>) -> PyResult<()> {
    // Not `os`, which takes it from there: a program may run without, and a first call imports next to nothing.
    #[cfg(unix)]
    if let Some(register) = py.import("posix")?.getattr_opt("register_at_fork")? {
        let count = PyCFunction::new_closure(py, None, None, |_, _| {
            FORKS.fetch_add(1, Ordering::Relaxed);
        })?;
        register.call((), Some(&[("after_in_child", count)].into_py_dict(py)?))?;
    }
    #[cfg(not(unix))]
    let _ = py;
    Ok(())
}

/// Looks whether the descriptors of this package are still its own. A program that becomes a daemon closes all it can find,
/// and what it opens then gets their numbers.
pub(crate) fn look_at_descriptors() {
    #[cfg(unix)]
    sentinel::look(|| {
        CLOSURES.fetch_add(1, Ordering::Relaxed);
        trunkline_core::blocking::abandon();
    });
}

/// Keeps the worker quiet when it fails because its descriptors were closed: the next caller gets an error
/// and another worker. Other failures are reported as usual; Python's other modules have hooks of their own.
pub(crate) fn quiet_worker() {
    #[cfg(unix)]
    {
        let report = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let were_closed = CLOSURES.load(Ordering::Relaxed) > 0 || sentinel::is_lost();
            if std::thread::current().name() != Some(WORKER) || !were_closed {
                report(panic);
            }
        }));
    }
}

#[cfg(unix)]
mod sentinel {
    use std::fs::File;
    use std::mem::ManuallyDrop;
    use std::os::fd::OwnedFd;
    use std::os::unix::fs::MetadataExt;
    use std::os::unix::net::UnixDatagram;
    use std::sync::{Mutex, MutexGuard, PoisonError};

    /// A descriptor of ours for all of them, with what it was when it was opened: a socket, of which each has a number of
    /// its own. Nobody may close it: by then it may be somebody else's.
    struct Sentinel {
        file: ManuallyDrop<File>,
        identity: (u64, u64),
    }

    static SENTINEL: Mutex<Option<Sentinel>> = Mutex::new(None);

    impl Sentinel {
        fn open() -> Option<Self> {
            let file = File::from(OwnedFd::from(UnixDatagram::unbound().ok()?));
            let identity = identity(&file)?;
            Some(Self {
                file: ManuallyDrop::new(file),
                identity,
            })
        }

        fn is_lost(&self) -> bool {
            identity(&self.file) != Some(self.identity)
        }
    }

    fn identity(file: &File) -> Option<(u64, u64)> {
        file.metadata().ok().map(|of| (of.dev(), of.ino()))
    }

    fn held() -> MutexGuard<'static, Option<Sentinel>> {
        SENTINEL.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens one if there is none, and another one when it was closed: then `lost` is called.
    pub(super) fn look(lost: impl FnOnce()) {
        let mut sentinel = held();
        match &*sentinel {
            Some(known) if !known.is_lost() => return,
            Some(_) => lost(),
            None => {}
        }
        *sentinel = Sentinel::open();
    }

    pub(super) fn is_lost() -> bool {
        held().as_ref().is_some_and(Sentinel::is_lost)
    }
}
