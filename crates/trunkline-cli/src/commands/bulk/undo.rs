//! `trunkline bulk undo`: creates the plan that reverts a run.

use trunkline::Pace;
use trunkline_bulk::{Bulk, Journal};

use super::file::check_plan;
use super::{Report, plan};
use crate::arguments::Undo;
use crate::connection::Connection;
use crate::failure::Failure;
use crate::interrupt::unless_interrupted;
use crate::printer::Printer;
use crate::progress::Reporter;

pub(super) async fn run(undo: &Undo, connection: &Connection<'_>, printer: Printer) -> Result<Report, Failure> {
    check_plan(undo.save.as_deref())?;
    let journal = Journal::open(&undo.journal)?;
    let bulk = Bulk::new(&connection.client_for_jobs(Pace::documented())?);
    let made = unless_interrupted(&Reporter::silent(printer), bulk.undo(&journal)).await?;
    plan::show(&made, undo.save.as_deref(), printer)
}
