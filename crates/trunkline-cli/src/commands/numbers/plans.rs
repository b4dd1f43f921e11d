//! The requests that changes of numbers would send.

use trunkline::{Client, PlanAction, PlanStep};

use super::{change, location, number_assignments, of_country, update};
use crate::arguments::{Assign, SetLocation, Unassign, Update};
use crate::commands::Report;
use crate::failure::Failure;
use crate::plan::Plan;

pub(super) fn assign(assign: &Assign, client: &Client) -> Result<Report, Failure> {
    Ok(shown(change::assignment(assign, client).plan()?.into(), assign.no_wait))
}

pub(super) fn unassign(unassign: &Unassign, client: &Client) -> Result<Report, Failure> {
    let plan = change::unassignment(unassign, client).plan()?;
    Ok(shown(plan.into(), unassign.no_wait))
}

fn shown(plan: Plan, no_wait: bool) -> Report {
    let plan = if no_wait { plan.without_the_end() } else { plan };
    plan.into_document().into()
}

pub(super) fn set_location(set: &SetLocation, client: &Client) -> Result<Report, Failure> {
    Ok(shown(location::intent(set, client).plan()?.into(), false))
}

pub(super) fn update(update: &Update, client: &Client) -> Result<Report, Failure> {
    let change = update::call(update, client)?.request().into_operation();
    let number = of_country(client, update.dialled).parse_number(&update.number)?;
    let read = |purpose: &'static str| {
        let list = number_assignments(client)
            .list()
            .filter(format!("telephoneNumber eq '{number}'"));
        PlanStep::new(PlanAction::Read, list.into_operation(), purpose)
    };
    let mut plan = Plan::default();
    plan.extend([
        read("look the number up; stop if the tenant does not have it"),
        PlanStep::new(PlanAction::Send, change, "change network site and lookup options"),
        read("read the number back"),
    ]);
    Ok(plan.into_document().into())
}
