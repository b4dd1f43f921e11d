//! Unassigning.

use std::fmt;
use std::time::Duration;

use super::order::{Manner, Verb, Watcher};
use super::{Change, NumberOutcome, Numbers, Order, Progress, is_free, masked, parse};
use crate::generated::teams_administration::{NumberAssignment, NumberSource, NumberType};
use crate::intent::MaskedNumber;
use crate::telephone::TelephoneNumber;
use crate::{Client, Error, ErrorKind, Result};

/// An unassignment to be carried out. Made by [`Numbers::unassign`]; await it, or
/// [`send_blocking`](Self::send_blocking).
#[derive(Clone)]
#[must_use = "nothing is sent until it is awaited or sent"]
pub struct Unassign {
    numbers: Numbers,
    number: String,
    manner: Manner,
}

crate::intent::intent!(Unassign => NumberOutcome);

impl fmt::Debug for Unassign {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Unassign")
            .field("number", &MaskedNumber(&self.number))
            .field("manner", &self.manner)
            .finish_non_exhaustive()
    }
}

impl Unassign {
    pub(super) fn new(client: &Client, number: String) -> Self {
        Self {
            numbers: Numbers::new(client),
            number,
            manner: Manner::default(),
        }
    }

    /// How long the order and reading the number back may take. Default: ten minutes.
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
        let before = self.numbers.need_as_written(&number, &self.number).await?;
        self.manner.watcher.tell(&Progress::Found(Box::new(before.clone())));
        if is_free(&before) {
            return Ok(NumberOutcome::already(number, before));
        }
        let (order, after) = self.numbers.release(&number, &before, &self.manner).await?;
        Ok(NumberOutcome {
            change: Change::Done,
            number,
            before,
            after,
            orders: vec![order],
            warnings: Vec::new(),
        })
    }
}

impl Numbers {
    /// Takes the number from its holder.
    pub(super) async fn release(
        &self,
        number: &TelephoneNumber,
        found: &NumberAssignment,
        manner: &Manner,
    ) -> Result<(Order, NumberAssignment)> {
        if found.number_source == Some(NumberSource::OnPremises) {
            let message = format!("{} is administered in the local directory", masked(number));
            return Err(Error::new(ErrorKind::Conflict, message)
                .with_operation("numberAssignments.unassignNumber")
                .with_next_step("Clear it there and wait for the synchronisation"));
        }
        let number_type = found
            .number_type
            .value()
            .cloned()
            .unwrap_or(NumberType::UnknownFutureValue);
        let place = || {
            let management = self.client.graph().admin().teams().telephone_number_management();
            management
                .number_assignments()
                .unassign_number(number.to_string(), number_type.clone())
        };
        self.carry_out(number, manner, Verb::Unassign, place, is_free).await
    }
}
