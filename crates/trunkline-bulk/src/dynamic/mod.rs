//! Bulk work for the bindings: values as JSON text, and runs as background tasks.
//!
//! The bindings use it. The JSON is that of plan files, journals and reports.

mod document;
mod run;

pub use document::{export, journal, journal_rows, plan, planned_row, planned_rows, report, rows, verified};
pub use run::BackgroundRun;
