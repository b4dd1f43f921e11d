//! The same for programs that know none of these types: values as JSON text, and runs on a task of their own.
//!
//! The bindings use it. The JSON is that of plan files, journals and reports.

mod document;
mod run;

pub use document::{export, journal, journal_rows, plan, planned_row, planned_rows, report, rows, verified};
pub use run::BackgroundRun;
