//! The emergency location.

use super::{Change, NumberOutcome, Numbers, masked, parse};
use crate::generated::teams_administration::{CustomerAction, NumberAssignment};
use crate::{Client, Error, ErrorKind, Result};

/// What is to become of the emergency location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LocationChange {
    /// This location, by its id.
    Set(String),
    /// None.
    Clear,
}

impl LocationChange {
    /// As the service reads it: a text sets, an empty text clears.
    fn as_sent(&self) -> &str {
        match self {
            Self::Set(id) => id,
            Self::Clear => "",
        }
    }
}

/// A change of the emergency location to be carried out. Made by [`Numbers::set_location`]; await it, or
/// [`send_blocking`](Self::send_blocking).
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until it is awaited or sent"]
pub struct SetLocation {
    numbers: Numbers,
    number: String,
    location: LocationChange,
}

crate::intent::intent!(SetLocation => NumberOutcome);

impl SetLocation {
    pub(super) fn new(client: &Client, number: String, location: LocationChange) -> Self {
        Self { numbers: Numbers::new(client), number, location }
    }

    async fn carry_out(self) -> Result<NumberOutcome> {
        let number = parse(&self.number)?;
        if matches!(&self.location, LocationChange::Set(id) if id.trim().is_empty()) {
            return Err(Error::new(ErrorKind::InvalidInput, "the id of the location is empty")
                .with_next_step("Give its id, or clear the location"));
        }
        let before = self.numbers.need(&number).await?;
        let wanted = self.location.as_sent();
        let has = |number: &NumberAssignment| number.location_id.as_deref().unwrap_or_default() == wanted;
        if has(&before) {
            let after = before.clone();
            return Ok(NumberOutcome { change: Change::Already, number, before, after, orders: Vec::new(), warnings: Vec::new() });
        }
        if before.supported_customer_actions.is_value_and(|actions| !actions.contains(&CustomerAction::LocationUpdate)) {
            let message = format!("the provider of {} does not let the tenant set its location", masked(&number));
            return Err(Error::new(ErrorKind::Conflict, message)
                .with_operation("numberAssignments.updateNumber")
                .with_next_step("Ask the operator to set it"));
        }
        let management = self.numbers.client.graph().admin().teams().telephone_number_management();
        management.number_assignments().update_number(number.to_string()).location_id(wanted).await?;
        let after = self.numbers.need(&number).await?;
        if !has(&after) {
            let message = format!("{} was read back with another location", masked(&number));
            return Err(Error::new(ErrorKind::OperationFailed, message)
                .with_operation("numberAssignments.updateNumber")
                .with_may_have_reached_service(true)
                .with_next_step("Read the number again in a minute; check that the location's id is of this tenant"));
        }
        Ok(NumberOutcome { change: Change::Done, number, before, after, orders: Vec::new(), warnings: Vec::new() })
    }
}
