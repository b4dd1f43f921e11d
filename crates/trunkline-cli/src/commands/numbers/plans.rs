//! What changes of numbers would read and send.

use trunkline::{Client, Collection, ErrorKind, PlanAction, PlanStep, TelephoneNumber};

use super::{change, update};
use crate::arguments::{Assign, Unassign, Update};
use crate::commands::Report;
use crate::failure::Failure;
use crate::plan::Plan;

/// Where numbers are.
pub(super) fn place(client: &Client) -> Collection<trunkline::teams_administration::NumberAssignment> {
    client
        .graph()
        .admin()
        .teams()
        .telephone_number_management()
        .number_assignments()
}

/// The number as it is sent.
pub(super) fn number(text: &str) -> Result<TelephoneNumber, Failure> {
    TelephoneNumber::parse(text)
        .map_err(|error| Failure::refused(ErrorKind::InvalidInput, error.to_string(), error.advice()))
}

pub(super) fn assign(assign: &Assign, client: &Client) -> Result<Report, Failure> {
    Ok(shown(change::assignment(assign, client).plan()?.into(), assign.no_wait))
}

pub(super) fn unassign(unassign: &Unassign, client: &Client) -> Result<Report, Failure> {
    let plan = client.numbers().unassign(&unassign.number).plan()?;
    Ok(shown(plan.into(), unassign.no_wait))
}

fn shown(plan: Plan, no_wait: bool) -> Report {
    let plan = if no_wait { plan.without_the_end() } else { plan };
    plan.into_document().into()
}

pub(super) fn update(update: &Update, client: &Client) -> Result<Report, Failure> {
    let mut plan = Plan::default();
    if let Some(location) = update::location(update) {
        plan.extend(client.numbers().set_location(&update.number, location).plan()?.steps);
    }
    if let Some(call) = update::further(update, client)? {
        let number = number(&update.number)?;
        let read = |purpose: &'static str| {
            let list = place(client).list().filter(format!("telephoneNumber eq '{number}'"));
            PlanStep::new(PlanAction::Read, list.into_operation(), purpose)
        };
        let change = call.request().into_operation();
        plan.extend([
            read("look the number up; stop if the tenant does not have it"),
            PlanStep::new(PlanAction::Send, change, "change network site and lookup options"),
            read("read the number back"),
        ]);
    }
    Ok(plan.into_document().into())
}
