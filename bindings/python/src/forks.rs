//! Forks: a process that came of one is told apart from its parent without asking the system who it is, which each call
//! would do several times.

use std::sync::atomic::{AtomicU32, Ordering};

use pyo3::prelude::*;
#[cfg(unix)]
use pyo3::types::{IntoPyDict, PyCFunction};

/// How many forks lie between the process that imported the package and this one.
static FORKS: AtomicU32 = AtomicU32::new(0);

/// The process in which something was made. A copy of it that came with a fork is of another one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Process(u32);

impl Process {
    /// The one that is running.
    pub(crate) fn this() -> Self {
        Self(FORKS.load(Ordering::Relaxed))
    }

    /// Whether it is the one that is running.
    pub(crate) fn is_this(self) -> bool {
        self == Self::this()
    }
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
