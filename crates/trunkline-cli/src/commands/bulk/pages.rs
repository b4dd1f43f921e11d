//! The files that `trunkline bulk plan` writes for people: the plan as a page, and the rows that cannot be read.

use trunkline_bulk::input::Input;
use trunkline_bulk::pages::write_plan;
use trunkline_bulk::plan::Plan;
use trunkline_bulk::write_unreadable;

use super::counted;
use super::file::{check_page, check_plan, check_unreadable, write};
use crate::arguments::PlanFile;
use crate::failure::Failure;
use crate::printer::Printer;

/// Refuses files that cannot be written in their format, before anything is read.
pub(super) fn check(plan: &PlanFile) -> Result<(), Failure> {
    check_plan(plan.save.as_deref())?;
    check_page(plan.html.as_deref())?;
    check_unreadable(plan.unreadable.as_deref())
}

/// Writes the rows that cannot be read.
pub(super) fn unreadable(plan: &PlanFile, input: &Input, printer: Printer) -> Result<(), Failure> {
    let Some(path) = &plan.unreadable else {
        return Ok(());
    };
    let shown = path.display();
    match write_unreadable(input, path)? {
        0 => printer.note(&format!("every row can be read; {shown} was not written")),
        count => printer.note(&format!(
            "wrote {} to {shown}: correct them there, then plan that file: trunkline bulk plan {shown}",
            counted(count, "row")
        )),
    }
    Ok(())
}

/// Writes the plan as a page.
pub(super) fn page(plan: &PlanFile, made: &Plan, printer: Printer) -> Result<(), Failure> {
    match &plan.html {
        Some(path) => write(path, printer, |to| write_plan(made, to)),
        None => Ok(()),
    }
}
