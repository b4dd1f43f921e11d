//! The numbers and names that the person at the terminal knows.
//!
//! The crates below write errors and traces for logs, with numbers and names masked. A process has one command line, and
//! whoever typed it may read it: on a terminal, and with `--show-pii`, its numbers and names stand in full again.

use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use trunkline_bulk::report::RowNames;

static KNOWN: LazyLock<Mutex<RowNames>> = LazyLock::new(Mutex::default);

/// The names that are known so far.
pub(super) fn names() -> MutexGuard<'static, RowNames> {
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner)
}
