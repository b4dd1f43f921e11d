//! Assigning and moving.

use std::time::Duration;

use super::order::{Manner, Watcher};
use super::{Change, NumberOutcome, Numbers, Order, Progress, is_free, is_held_by, masked, parse};
use crate::generated::teams_administration::{
    AssignmentCategory, AssignmentStatus, NumberAssignment, NumberCapability, NumberSource, NumberType,
};
use crate::telephone::TelephoneNumber;
use crate::{Client, Error, ErrorKind, Result, people};

/// An assignment to be carried out. Made by [`Numbers::assign`] and [`Numbers::move_to`]; await it, or
/// [`send_blocking`](Self::send_blocking).
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until it is awaited or sent"]
pub struct Assign {
    numbers: Numbers,
    number: String,
    to: String,
    takes: bool,
    category: Option<AssignmentCategory>,
    location: Option<String>,
    number_type: Option<NumberType>,
    manner: Manner,
}

crate::intent::intent!(Assign => NumberOutcome);

impl Assign {
    pub(super) fn new(client: &Client, number: String, to: String, takes: bool) -> Self {
        Self {
            numbers: Numbers::new(client),
            number,
            to,
            takes,
            category: None,
            location: None,
            number_type: None,
            manner: Manner::default(),
        }
    }

    /// Which of the holder's lines it is to be. The service's default is the primary one.
    pub fn category(mut self, category: impl Into<AssignmentCategory>) -> Self {
        self.category = Some(category.into());
        self
    }

    /// Id of the emergency location. Calling-plan numbers need one before they can be used.
    pub fn location(mut self, id: impl Into<String>) -> Self {
        self.location = Some(id.into());
        self
    }

    /// What the number is expected to be. It is taken from the inventory anyway; this refuses when it is another.
    pub fn number_type(mut self, number_type: impl Into<NumberType>) -> Self {
        self.number_type = Some(number_type.into());
        self
    }

    /// How long each order may take. Default: ten minutes.
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
        let target = people::object_id(&self.numbers.client, &self.to).await?;
        let before = self.numbers.need(&number).await?;
        self.manner.watcher.tell(&Progress::Found(Box::new(before.clone())));
        if is_held_by(&before, &target) {
            return Ok(NumberOutcome {
                change: Change::Already,
                number,
                after: before.clone(),
                warnings: warnings(&before, self.category.as_ref()),
                before,
                orders: Vec::new(),
            });
        }
        self.check(&number, &before)?;
        let mut orders = Vec::new();
        if !is_free(&before) {
            let (order, _) = self.numbers.release(&number, &before, &self.manner).await?;
            orders.push(order);
        }
        let (order, after) = match self.give(&number, &before, &target).await {
            Ok(given) => given,
            Err(error) if orders.is_empty() => return Err(error),
            Err(error) => {
                let step = format!("{} is free now; assign it again. {}", masked(&number), error.next_step());
                return Err(error.with_next_step(step));
            }
        };
        orders.push(order);
        let warnings = warnings(&after, self.category.as_ref());
        Ok(NumberOutcome { change: Change::Done, number, before, after, orders, warnings })
    }

    async fn give(&self, number: &TelephoneNumber, found: &NumberAssignment, target: &str) -> Result<(Order, NumberAssignment)> {
        let number_type = found.number_type.value().cloned().unwrap_or(NumberType::UnknownFutureValue);
        let place = || {
            let management = self.numbers.client.graph().admin().teams().telephone_number_management();
            let mut call = management.number_assignments().assign_number(number.to_string(), target, number_type.clone());
            if let Some(category) = &self.category {
                call = call.assignment_category(category.clone());
            }
            if let Some(location) = &self.location {
                call = call.location_id(location.as_str());
            }
            call
        };
        self.numbers.carry_out(number, &self.manner, place, |number| is_held_by(number, target)).await
    }

    /// Refuses what the service would refuse, or worse, accept and fail later.
    fn check(&self, number: &TelephoneNumber, found: &NumberAssignment) -> Result<()> {
        let refuse = |kind, message: String, step: &'static str| {
            Err(Error::new(kind, message).with_operation("numberAssignments.assignNumber").with_next_step(step))
        };
        let number = masked(number);
        if found.number_source == Some(NumberSource::OnPremises) {
            return refuse(
                ErrorKind::Conflict,
                format!("{number} is administered in the local directory"),
                "Assign it there, or clear it there and wait for the synchronisation",
            );
        }
        if let (Some(expected), Some(own)) = (&self.number_type, found.number_type.value())
            && expected != own
        {
            return refuse(
                ErrorKind::InvalidInput,
                format!("{number} is a {own} number, not {expected}"),
                "Leave the number type away; it is taken from the inventory",
            );
        }
        if found.capabilities.is_value_and(|all| {
            !all.contains(&NumberCapability::UserAssignment) && !all.contains(&NumberCapability::VoiceApplicationAssignment)
        }) {
            return refuse(
                ErrorKind::Conflict,
                format!("{number} can be assigned neither to a user nor to a voice application"),
                "Choose a number with the capability userAssignment",
            );
        }
        if is_free(found) || self.takes {
            return Ok(());
        }
        let holder = found.assignment_target_id.as_deref().unwrap_or("someone");
        let status = found.assignment_status.value().unwrap_or(&AssignmentStatus::InternalError);
        refuse(
            ErrorKind::Conflict,
            format!("{number} is held by {holder} ({status})"),
            "Use move_to to take it from the holder",
        )
    }
}

fn warnings(after: &NumberAssignment, wanted: Option<&AssignmentCategory>) -> Vec<String> {
    let mut warnings = Vec::new();
    if let (Some(wanted), Some(own)) = (wanted, after.assignment_category.value())
        && wanted != own
    {
        warnings.push(format!("its category is {own}, not {wanted}: unassign it first to change that"));
    }
    let is_calling_plan = after.number_type == Some(NumberType::CallingPlan);
    if is_calling_plan && after.location_id.as_deref().unwrap_or_default().is_empty() {
        warnings.push("it has no emergency location".to_owned());
    }
    warnings
}
