//! The end of the interpreter.
//!
//! Until Python 3.13, a thread that asks for the GIL of an interpreter that is finalizing is ended by `pthread_exit`, which
//! unwinds the thread's stack: with frames of Rust on it the process aborts. So no thread but the main one may be on its
//! way from native code to the GIL when finalization begins. What goes that way is counted, the interpreter's exit waits
//! for it, and whoever comes later stays where it is: the process ends without it.
//!
//! Functions of the user's are called where no frame of Rust is below them: see `credential.rs` and `progress.rs`.

use std::cell::Cell;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::ThreadId;
use std::time::{Duration, Instant};

use pyo3::prelude::*;
use pyo3::types::PyCFunction;

/// How many threads are between native code and the GIL, or run Python from native code.
static CROSSING: AtomicUsize = AtomicUsize::new(0);
static IS_ENDING: AtomicBool = AtomicBool::new(false);
/// When the interpreter began to exit, and on which thread.
static END: OnceLock<(Instant, ThreadId)> = OnceLock::new();

/// How long the exit waits for threads that are crossing. They run a few functions of this package at most.
const PATIENCE: Duration = Duration::from_secs(1);

/// For how long threads stay where they are although finalization has not begun. A function that was registered with
/// `atexit` before this package was imported runs after the package's, and may wait for one of them.
const GRACE: Duration = Duration::from_secs(2);

const PAUSE: Duration = Duration::from_millis(1);

thread_local! {
    /// How many crossings this thread is in: what is called within one is part of it.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// A thread that may cross to Python until this is dropped, on the same thread.
pub(crate) struct Crossing(());

impl Crossing {
    /// Waits for ever when the interpreter is being finalized. Not while the GIL is held: see [`crossing`].
    fn begin() -> Self {
        loop {
            if let Some(crossing) = Self::try_begin() {
                return crossing;
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// Nothing when the interpreter is ending.
    fn try_begin() -> Option<Self> {
        CROSSING.fetch_add(1, Ordering::SeqCst);
        let depth = DEPTH.replace(DEPTH.get() + 1);
        let crossing = Self(());
        if !IS_ENDING.load(Ordering::SeqCst) {
            return Some(crossing);
        }
        let may_go_on = END.get().is_none_or(|(begun, main)| {
            *main == std::thread::current().id() || ((depth > 0 || begun.elapsed() > GRACE) && !is_finalizing())
        });
        may_go_on.then_some(crossing)
    }
}

impl Drop for Crossing {
    fn drop(&mut self) {
        CROSSING.fetch_sub(1, Ordering::SeqCst);
        DEPTH.set(DEPTH.get().saturating_sub(1));
    }
}

/// For native code that is about to run Python code, and holds the GIL.
pub(crate) fn crossing(py: Python<'_>) -> Crossing {
    match Crossing::try_begin() {
        Some(crossing) => crossing,
        None => detached_crossing(py, || ()).1,
    }
}

/// Runs `work` without the GIL.
pub(crate) fn detached<T: Send>(py: Python<'_>, work: impl FnOnce() -> T + Send) -> T {
    detached_crossing(py, work).0
}

/// The same, for whoever runs Python code afterwards: while they hold the second value, the interpreter does not end.
pub(crate) fn detached_crossing<T: Send>(py: Python<'_>, work: impl FnOnce() -> T + Send) -> (T, Crossing) {
    py.detach(|| {
        let output = work();
        (output, Crossing::begin())
    })
}

/// Runs `work` with the GIL, on a thread that may be without it; not at all when the interpreter is ending.
pub(crate) fn attached<T>(work: impl for<'py> FnOnce(Python<'py>) -> T) -> Option<T> {
    let _crossing = Crossing::try_begin()?;
    Python::try_attach(work)
}

/// Has Python say when it exits. Functions that were registered later run before.
pub(crate) fn watch(py: Python<'_>) -> PyResult<()> {
    let ending = PyCFunction::new_closure(py, None, None, |arguments, _| {
        END.get_or_init(|| (Instant::now(), std::thread::current().id()));
        IS_ENDING.store(true, Ordering::SeqCst);
        arguments.py().detach(|| {
            let begun = Instant::now();
            while CROSSING.load(Ordering::SeqCst) > 0 && begun.elapsed() < PATIENCE {
                std::thread::sleep(PAUSE);
            }
        });
    })?;
    py.import("atexit")?.getattr("register")?.call1((ending,))?;
    Ok(())
}

/// Whether the interpreter is being finalized, as far as that can be found out without the GIL.
#[cfg(target_os = "linux")]
fn is_finalizing() -> bool {
    use std::ffi::{CStr, c_char, c_int, c_void};

    type CallResult = unsafe extern "C" fn() -> c_int;
    #[allow(unsafe_code, reason = "the linker's own function, as POSIX declares it")]
    unsafe extern "C" {
        fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
    }
    /// The name since Python 3.13, and the one before. The stable interface of 3.10 has neither.
    const NAMES: [&CStr; 2] = [c"Py_IsFinalizing", c"_Py_IsFinalizing"];
    static FOUND: OnceLock<Option<CallResult>> = OnceLock::new();
    let found = FOUND.get_or_init(|| {
        NAMES.iter().find_map(|name| {
            // SAFETY: a null handle searches what the process has loaded, and the name ends with a zero. Both functions
            // take nothing, give an `int` and may be called at any time by any thread.
            #[allow(unsafe_code, reason = "there is no other way to a function that may be missing")]
            unsafe {
                let symbol = dlsym(std::ptr::null_mut(), name.as_ptr());
                (!symbol.is_null()).then(|| std::mem::transmute::<*mut c_void, CallResult>(symbol))
            }
        })
    });
    match found {
        // SAFETY: see above.
        #[allow(unsafe_code, reason = "see above")]
        Some(asked) => unsafe { asked() != 0 },
        None => true,
    }
}

/// Elsewhere no stack is unwound.
#[cfg(not(target_os = "linux"))]
fn is_finalizing() -> bool {
    false
}
