//! A whole file of telephone numbers and phone methods: read it, plan what it changes, apply that, verify, undo.

mod error;
mod event;
pub mod input;
mod outcome;
pub mod plan;

pub use error::{BulkError, BulkErrorKind};
pub use event::{Event, Progress};
pub use outcome::{Ending, Failure, RowOutcome, Summary};
