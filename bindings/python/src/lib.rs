//! `trunkline._native`: the core under the Python package `trunkline`.
//!
//! The public package is Python, generated or by hand; this module executes and decides nothing that the crates
//! below decide.

mod arguments;
mod batch;
mod bridge;
mod bulk;
mod calls;
mod client;
mod command;
mod credential;
mod emulator;
mod errors;
mod exit;
mod forks;
mod handles;
mod instances;
mod intents;
mod inventory;
mod lists;
mod meta;
mod observed;
mod observer;
mod progress;
mod records;
mod results;
mod running;
mod steps;
mod transport;
mod values;
mod work;
mod writing;

use pyo3::prelude::*;

/// Measured in docs/decisions/240-allocator.md. What Python allocates is Python's own affair.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The native part of `trunkline`; use the package instead.
///
/// It needs no GIL: classes are frozen, and what changes in them is atomic or behind a lock that is never held while
/// Python code runs, so that neither a finaliser nor another thread can find it held and wait for ever; what is made
/// once is in cells that settle who was first. The worker thread touches no Python object.
#[pymodule(gil_used = false)]
mod _native {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::batch::{NativeBatch, NativeRecordedCall};
    #[pymodule_export]
    use crate::bridge::Bridge;
    #[pymodule_export]
    use crate::bulk::{NativeBulk, NativeJournal, NativePlan, NativeRows, NativeRun};
    #[pymodule_export]
    use crate::calls::called;
    #[pymodule_export]
    use crate::client::NativeClient;
    #[pymodule_export]
    use crate::command::run_command;
    #[pymodule_export]
    use crate::credential::NativeReply;
    #[pymodule_export]
    use crate::emulator::NativeEmulator;
    #[pymodule_export]
    use crate::errors::error_kinds;
    #[pymodule_export]
    use crate::forks::process;
    #[pymodule_export]
    use crate::handles::NativeHandle;
    #[pymodule_export]
    use crate::intents::NativeIntents;
    #[pymodule_export]
    use crate::inventory::{NativeItems, NativeList};
    #[pymodule_export]
    use crate::lists::{NativePages, NativeRecords};
    #[pymodule_export]
    use crate::meta::Meta;
    #[pymodule_export]
    use crate::observed::unraisable;
    #[pymodule_export]
    use crate::progress::NativeChange;
    #[pymodule_export]
    use crate::records::{
        Field, Record, decode, identifier, operations, register_enumeration, register_record, set_repr,
    };
    #[pymodule_export]
    use crate::results::{Answer, Page, PageIterator, Passing};
    #[pymodule_export]
    use crate::running::{NativeLongRunning, NativeStages};
    #[pymodule_export]
    use crate::steps::step;
    #[pymodule_export]
    use crate::transport::NativeTransportReply;
    #[pymodule_export]
    use crate::work::Pending;

    /// The version of the package.
    #[pyfunction]
    fn version() -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    #[pymodule_init]
    fn init(py: Python<'_>) -> PyResult<()> {
        trunkline::language::set(trunkline::language::Language::Python);
        crate::records::register_mapping(py)?;
        crate::forks::watch(py)?;
        crate::forks::quiet_worker();
        crate::exit::watch(py)
    }
}
