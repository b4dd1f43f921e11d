//! The requests that read and change one number.

use super::list::NumberList;
use super::record::{masked, number_type};
use crate::change::Change;
use crate::country::NumberReader;
use crate::generated::teams_administration::{AssignmentCategory, NumberAssignment, NumberType};
use crate::telephone::TelephoneNumber;
use crate::{Client, Error, ErrorKind, Request, Result};

/// The query for one number.
pub(crate) fn query(client: &Client, number: &TelephoneNumber) -> NumberList {
    NumberList::new(client, NumberReader::default()).number(number)
}

/// The number, when the tenant has it.
pub(crate) async fn look_up(client: &Client, number: &TelephoneNumber) -> Result<Option<NumberAssignment>> {
    // On the heap: whoever waits for an order need not keep the room of a reading.
    Box::pin(query(client, number).only()).await
}

/// The number, which the tenant must have.
pub(crate) async fn read(client: &Client, number: &TelephoneNumber) -> Result<NumberAssignment> {
    look_up(client, number).await?.ok_or_else(|| {
        Error::new(
            ErrorKind::NotFound,
            format!("the tenant has no number {}", masked(number)),
        )
        .with_operation("numberAssignments.list")
        .with_next_step("Check the number, or acquire it first")
    })
}

/// The numbers among which those with an extension of this one are. The service documents no filter that finds only these.
pub(crate) fn possible_extensions(client: &Client, base: Option<&NumberAssignment>) -> NumberList {
    let list = NumberList::new(client, NumberReader::default());
    match base.map_or(Some(&NumberType::DirectRouting), |base| base.number_type.value()) {
        Some(number_type) => list.number_type(number_type),
        None => list,
    }
}

/// The request that carries out one step of a decision on this number.
pub(crate) fn change(client: &Client, step: &Change, found: &NumberAssignment) -> Request<()> {
    let management = client.graph().admin().teams().telephone_number_management();
    let numbers = management.number_assignments();
    let number = step.teams_number().unwrap_or_default();
    match step {
        Change::Assign {
            to, category, location, ..
        } => {
            let mut call = numbers.assign_number(number, to.target(), number_type(found));
            if let Some(category) = category {
                call = call.assignment_category(AssignmentCategory::from(category.as_str()));
            }
            if let Some(location) = location {
                call = call.location_id(location.as_str());
            }
            call.request().reading()
        }
        // A text sets the location, an empty text clears it.
        Change::SetLocation { location, .. } => numbers
            .update_number(number)
            .location_id(location.clone().unwrap_or_default())
            .request(),
        _ => numbers.unassign_number(number, number_type(found)).request().reading(),
    }
}
