//! The emergency location.

use std::fmt;
use std::time::Duration;

use super::order::{Manner, Progress, Watcher};
use super::settling::Shows;
use super::{Change, NumberOutcome, Numbers, masked, parse};
use crate::generated::teams_administration::{ActivationState, CustomerAction, NumberAssignment};
use crate::intent::{Masked, MaskedNumber};
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
#[derive(Clone)]
#[must_use = "nothing is sent until it is awaited or sent"]
pub struct SetLocation {
    numbers: Numbers,
    number: String,
    location: LocationChange,
    manner: Manner,
}

crate::intent::intent!(SetLocation => NumberOutcome);

impl fmt::Debug for SetLocation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SetLocation")
            .field("number", &MaskedNumber(&self.number))
            .field("location", &Masked(self.location.as_sent()))
            .field("manner", &self.manner)
            .finish_non_exhaustive()
    }
}

impl SetLocation {
    pub(super) fn new(client: &Client, number: String, location: LocationChange) -> Self {
        Self {
            numbers: Numbers::new(client),
            number,
            location,
            manner: Manner::default(),
        }
    }

    /// How long the number may take to show the location. Default: ten minutes.
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.manner.deadline = deadline;
        self
    }

    /// Is told how far it has come.
    pub fn with_progress(mut self, watch: impl Fn(&Progress) + Send + Sync + 'static) -> Self {
        self.manner.watcher = Watcher::new(watch);
        self
    }

    async fn carry_out(self) -> Result<NumberOutcome> {
        let number = parse(&self.number)?;
        if matches!(&self.location, LocationChange::Set(id) if id.trim().is_empty()) {
            return Err(Error::new(ErrorKind::InvalidInput, "the id of the location is empty")
                .with_next_step("Give its id, or clear the location"));
        }
        let before = self.numbers.need_as_written(&number, &self.number).await?;
        self.manner.watcher.tell(&Progress::Found(Box::new(before.clone())));
        let wanted = self.location.as_sent();
        let has = |number: &NumberAssignment| number.location_id.as_deref().unwrap_or_default() == wanted;
        if has(&before) {
            return Ok(NumberOutcome::already(number, before));
        }
        if before
            .supported_customer_actions
            .is_value_and(|actions| !actions.contains(&CustomerAction::LocationUpdate))
        {
            let message = format!(
                "the provider of {} does not let the tenant set its location",
                masked(&number)
            );
            return Err(Error::new(ErrorKind::Conflict, message)
                .with_operation("numberAssignments.updateNumber")
                .with_next_step("Ask the operator to set it"));
        }
        let management = self
            .numbers
            .client
            .graph()
            .admin()
            .teams()
            .telephone_number_management();
        let until = self
            .numbers
            .client
            .core()
            .clock()
            .elapsed()
            .saturating_add(self.manner.deadline);
        let sent = management
            .number_assignments()
            .update_number(number.to_string())
            .location_id(wanted)
            .await;
        let doubt = match sent {
            Ok(_) => None,
            Err(error) if error.kind() == ErrorKind::UnknownOutcome => {
                self.manner.watcher.tell(&Progress::AnswerLost);
                Some(error)
            }
            Err(error) => return Err(error),
        };
        let failed_before = before.activation_state == Some(ActivationState::UpdateFailed);
        let shows = |found: &NumberAssignment| match found.activation_state.value() {
            Some(ActivationState::UpdateFailed) if !failed_before => Shows::Failed(ActivationState::UpdateFailed),
            Some(ActivationState::UpdatePending) => Shows::Pending,
            _ if has(found) => Shows::Change,
            _ => Shows::Nothing,
        };
        let read = || self.numbers.need(&number);
        let after = match (
            self.numbers.settle(&self.manner.watcher, until, read, shows).await,
            doubt,
        ) {
            (Ok(after), _) => after,
            (Err(unsettled), Some(error)) => return Err(unsettled.in_doubt(error, &masked(&number))),
            (Err(unsettled), None) => {
                let error = unsettled.explained("the service accepted the location", &masked(&number));
                let step = format!("{}; check that the location's id is of this tenant", error.next_step());
                return Err(error.with_next_step(step));
            }
        };
        Ok(NumberOutcome {
            change: Change::Done,
            number,
            before,
            after,
            orders: Vec::new(),
            warnings: Vec::new(),
        })
    }
}
