//! The journal: one SQLite file with the plan, the intention of every request before it is sent, and every result.
//!
//! Whoever is killed at any moment leaves a journal from which the work goes on. It is an ordinary database in WAL mode
//! that any SQLite tool reads; while a process works on it, or after one was killed, the files `-wal` and `-shm` next to
//! it belong to it. `-lock` is held by the process that writes. Why it writes ahead, and how a copy without its `-wal` file
//! is known, is in docs/decisions/060-copies-of-journals.md.

mod claim;
mod column;
mod creation;
mod entry;
mod fault;
mod guard;
mod left_out;
mod place;
mod reader;
mod runner;
mod schema;
mod standing;
#[cfg(test)]
mod tests;
mod verification;
mod wholeness;
mod writer;

pub(crate) use creation::{Opened, Opening, Owner};
pub use entry::Tick;
pub(crate) use entry::{Entry, StepEnd, StepState};
pub use reader::{HeldNumber, Journal, JournalHeader, JournalRow, Run};
pub use runner::Runner;
#[cfg(test)]
pub(crate) use standing::NumberKey;
pub(crate) use standing::{BegunStep, LoadedStep, RowSketch, StepKind, StepSketch};
pub use verification::{NotInPlace, Verification};
pub(crate) use writer::{Writer, WriterHandle, run_ended};
