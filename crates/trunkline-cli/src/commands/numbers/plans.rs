//! What changes of numbers would read and send.

use trunkline::numbers::LocationChange;
use trunkline::teams_administration::{AssignmentCategory, NumberAssignment, NumberType};
use trunkline::{Client, Collection, ErrorKind, TelephoneNumber};

use super::update;
use crate::arguments::{Assign, Unassign, Update};
use crate::commands::{Report, people};
use crate::failure::Failure;
use crate::plan::{Plan, placeholder};

/// Where numbers are.
pub(super) fn place(client: &Client) -> Collection<NumberAssignment> {
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
    let number = number(&assign.number)?;
    let mut plan = Plan::default();
    let target = people::plan(&mut plan, client, &assign.user);
    read(
        &mut plan,
        client,
        &number,
        "look the number up; stop if the user holds it already, or if it cannot be assigned",
    );
    if assign.takes {
        release(&mut plan, client, &number, "if somebody else holds it: take it");
    }
    let mut call = place(client).assign_number(number.to_string(), target, number_type());
    if let Some(category) = &assign.category {
        call = call.assignment_category(AssignmentCategory::from(category.as_str()));
    }
    if let Some(location) = &assign.location {
        call = call.location_id(location.as_str());
    }
    plan.send(call.request().operation(), "place the order");
    if !assign.no_wait {
        end(&mut plan, client, &number);
    }
    Ok(plan.into_document().into())
}

pub(super) fn unassign(unassign: &Unassign, client: &Client) -> Result<Report, Failure> {
    let number = number(&unassign.number)?;
    let mut plan = Plan::default();
    read(
        &mut plan,
        client,
        &number,
        "look the number up; stop if nobody holds it",
    );
    if unassign.no_wait {
        let call = place(client).unassign_number(number.to_string(), number_type());
        plan.send(call.request().operation(), "place the order");
    } else {
        release(&mut plan, client, &number, "place the order");
    }
    Ok(plan.into_document().into())
}

pub(super) fn update(update: &Update, client: &Client) -> Result<Report, Failure> {
    let number = number(&update.number)?;
    let mut plan = Plan::default();
    if let Some(location) = update::location(update) {
        read(
            &mut plan,
            client,
            &number,
            "look the number up; stop if the location is so already, or cannot be changed",
        );
        let location = match location {
            LocationChange::Set(id) => id,
            LocationChange::Clear => String::new(),
        };
        let call = place(client).update_number(number.to_string()).location_id(location);
        plan.send(call.request().operation(), "change the emergency location");
        read(&mut plan, client, &number, "read the number back");
    }
    if let Some(call) = update::further(update, client)? {
        read(
            &mut plan,
            client,
            &number,
            "look the number up; stop if the tenant does not have it",
        );
        plan.send(call.request().operation(), "change network site and lookup options");
        read(&mut plan, client, &number, "read the number back");
    }
    Ok(plan.into_document().into())
}

/// What the inventory says of the number, which only reading it tells.
fn number_type() -> NumberType {
    NumberType::from(placeholder("type of the number").as_str())
}

fn read(plan: &mut Plan, client: &Client, number: &TelephoneNumber, purpose: &str) {
    let list = place(client).list().filter(format!("telephoneNumber eq '{number}'"));
    plan.read(list.operation(), purpose);
}

fn release(plan: &mut Plan, client: &Client, number: &TelephoneNumber, purpose: &str) {
    let call = place(client).unassign_number(number.to_string(), number_type());
    plan.send(call.request().operation(), purpose);
    end(plan, client, number);
}

fn end(plan: &mut Plan, client: &Client, number: &TelephoneNumber) {
    let operations = client
        .graph()
        .admin()
        .teams()
        .telephone_number_management()
        .operations();
    let request = operations.by_id(placeholder("id of the operation")).get();
    plan.wait(request.operation(), "wait for the end of the order");
    read(plan, client, number, "read the number back");
}
