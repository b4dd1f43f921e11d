//! Pages to look at: one file each, which loads nothing and sends nothing. Their templates are in `templates`.
//!
//! A content security policy forbids both; style and script are named by their digests.

mod cause;
mod map;
mod map_view;
mod plan;
mod rows;
mod shell;

pub(crate) use cause::{Cause, Causes};
pub use map::write_map;
pub(crate) use map_view::{Subject, map_html};
pub use plan::write_plan;
pub(crate) use rows::{Controls, data, write_rows};
pub(crate) use shell::{SCRIPT, Shell};

/// A fact about a run, a plan or an inventory: its name and its value.
pub(crate) type Fact = (&'static str, String);

/// Number of rows with a result.
pub(crate) struct Total {
    pub(crate) name: &'static str,
    pub(crate) count: u64,
    pub(crate) meaning: &'static str,
}
