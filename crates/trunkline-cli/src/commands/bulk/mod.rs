//! `trunkline bulk`: a whole file of rows.

mod apply;
mod confirmation;
mod counts;
mod export;
pub(super) mod file;
mod gauge;
mod pages;
mod people;
mod plan;
mod plan_text;
mod problems;
mod report;
mod row_text;
mod rows;
mod status;
mod suggestions;
mod summary;
mod undo;
mod verify;

use super::{Report, block_on};
use crate::arguments::Bulk;
use crate::connection::Connection;
use crate::failure::Failure;
use crate::printer::Printer;
pub(super) use rows::{Needs, named, read};
pub(super) use summary::counted;
use summary::{code, sentence};

pub(super) fn run(command: &Bulk, connection: &Connection<'_>, printer: Printer) -> Result<Report, Failure> {
    match command {
        Bulk::Plan(plan) => block_on(plan::run(plan, connection, printer)),
        Bulk::Apply(apply) => block_on(apply::apply(apply, connection, printer)),
        Bulk::Resume(resume) => block_on(apply::resume(resume, connection, printer)),
        Bulk::Verify { journal, wait } => block_on(verify::run(journal, *wait, connection, printer)),
        Bulk::Undo(undo) => block_on(undo::run(undo, connection, printer)),
        Bulk::Export(export) => block_on(export::run(export, connection, printer)),
        Bulk::Status { journal } => status::run(journal, printer),
        Bulk::Report(report) => report::run(report, printer),
    }
}
