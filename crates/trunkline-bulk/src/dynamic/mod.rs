//! The same for programs that know none of these types: values as JSON text, runs beside whoever watches them.
//!
//! The faces for other languages stand on it. The JSON is that of plan files, journals and reports.

mod document;
mod run;

pub use document::{export, journal, journal_rows, plan, planned_row, planned_rows, report, rows, verified};
pub use run::BackgroundRun;
