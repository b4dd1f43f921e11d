//! A whole file of telephone numbers and phone methods: read it, plan what it changes, apply that, verify, undo.

pub mod access;
mod action;
mod apply;
mod claim;
pub mod dynamic;
mod error;
mod event;
mod export;
mod file;
pub mod input;
pub mod journal;
pub mod map;
mod outcome;
pub mod pages;
pub mod plan;
pub mod report;
mod row_ranges;
mod sheet;
mod snapshot;
mod undo;
mod unreadable;
mod verified_row;
mod verify;

/// The examples of the README compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

pub use apply::{Apply, ApplyOptions, Bulk, Narrowed, StopHandle};
pub use error::{BulkError, BulkErrorKind};
pub use event::{Event, Progress};
pub use export::{Export, ExportFormat, ExportOptions, LeftOut, UnreadableNumber};
pub use file::{check_ending, unwritten, write_whole};
pub use journal::Journal;
pub use outcome::{Ending, Failure, RowOutcome, Summary};
pub use row_ranges::RowRanges;
pub use unreadable::{check_unreadable_file, write_unreadable};
pub use verified_row::VerifiedRow;
pub use verify::Verified;
