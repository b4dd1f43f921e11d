//! The question before a plan is applied.

use trunkline::{Client, ErrorKind};
use trunkline_bulk::Narrowed;
use trunkline_bulk::plan::Plan;

use super::counts::Counts;
use super::plan_text;
use super::summary::left_out;
use crate::failure::Failure;
use crate::printer::Printer;

/// Refuses to apply where nobody can be asked.
pub(super) fn is_possible(printer: Printer) -> Result<(), Failure> {
    if printer.can_ask() {
        return Ok(());
    }
    Err(Failure::refused(
        ErrorKind::InvalidInput,
        "applying a plan is confirmed on a terminal, and there is none; nothing was sent",
        "Look at the plan, then add --yes to apply it without a question",
    ))
}

/// Shows the summary of the rows that would be sent, and asks once.
pub(super) async fn ask((wave, narrowed): &(Plan, Narrowed), client: &Client, printer: Printer) -> Result<(), Failure> {
    if wave.summary().change == 0 {
        return Ok(());
    }
    let tenant = &wave.header.tenant;
    // The run refuses a plan of another tenant before it sends anything: there is nothing to ask.
    let id = client.verify_tenant().await?;
    if id.is_some_and(|id| !id.eq_ignore_ascii_case(tenant)) {
        return Ok(());
    }
    printer.prompt(&plan_text::summary(wave, &Counts::of(None, wave)));
    if let Some(name) = wave.header.source.as_ref().and_then(|source| source.name.as_deref()) {
        printer.prompt(&format!("The file: {name}"));
    }
    if narrowed.total() > 0 {
        printer.prompt(&format!("{}; they stay open", left_out(narrowed)));
    }
    let tenant = match client.core().tenant() {
        Some(name) if !name.eq_ignore_ascii_case(tenant) => format!("{name} ({tenant})"),
        _ => tenant.to_owned(),
    };
    if printer.ask(&format!("Apply these changes to {tenant}?")) {
        return Ok(());
    }
    Err(Failure::refused(
        ErrorKind::Cancelled,
        "the plan was not applied; nothing was sent",
        "Apply it again when it is right, or correct the file and make a new plan",
    ))
}
