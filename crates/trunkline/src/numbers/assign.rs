//! Assigning and moving.

use std::fmt;
use std::time::Duration;

use super::order::{Manner, Verb, Watcher};
use super::settling::{AFTER_FAILURE, Shows, Unsettled};
use super::{Change, NumberOutcome, Numbers, Order, Progress, is_free, is_held_by, masked, parse};
use crate::generated::teams_administration::{
    AssignmentCategory, AssignmentStatus, NumberAssignment, NumberCapability, NumberSource, NumberType,
};
use crate::intent::{Masked, MaskedNumber};
use crate::telephone::TelephoneNumber;
use crate::{Client, Error, ErrorKind, Result, people};

/// An assignment to be carried out. Made by [`Numbers::assign`] and [`Numbers::move_to`]; await it, or
/// [`send_blocking`](Self::send_blocking).
#[derive(Clone)]
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

impl fmt::Debug for Assign {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Assign")
            .field("number", &MaskedNumber(&self.number))
            .field("to", &Masked(&self.to))
            .field("takes", &self.takes)
            .field("category", &self.category)
            .field("location", &self.location.as_deref().map(Masked))
            .field("number_type", &self.number_type)
            .field("manner", &self.manner)
            .finish_non_exhaustive()
    }
}

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

    /// How long each order and reading the number back may take. Default: ten minutes.
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.manner.deadline = deadline;
        self
    }

    /// Is told how far it has come.
    pub fn with_progress(mut self, watch: impl Fn(&Progress) + Send + Sync + 'static) -> Self {
        self.manner.watcher = Watcher::new(watch);
        self
    }

    /// Whether an assignment whose answer was lost may be ordered once more. Default: no.
    ///
    /// It is, once, when the number was read for all of the deadline (a minute at least) and was free, in service and
    /// without anything pending to the end. The risk is yours: an order can stay unseen for longer than that, and then
    /// there are two of the same. The order that takes a number from its holder is never repeated.
    pub fn with_repeat_after_read_back(mut self, repeat: bool) -> Self {
        self.manner.repeats = repeat;
        self
    }

    async fn carry_out(self) -> Result<NumberOutcome> {
        let number = parse(&self.number)?;
        let target = people::object_id(&self.numbers.client, &self.to).await?;
        let before = self.numbers.need_as_written(&number, &self.number).await?;
        self.manner.watcher.tell(&Progress::Found(Box::new(before.clone())));
        if is_held_by(&before, &target) {
            let after = self.at_rest(&number, &before, &target).await?;
            return Ok(NumberOutcome {
                change: Change::Already,
                number,
                warnings: warnings(&after, self.category.as_ref()),
                before,
                after,
                orders: Vec::new(),
            });
        }
        self.check(&number, &before)?;
        let mut orders = Vec::new();
        if !is_free(&before) {
            let manner = Manner {
                repeats: false,
                ..self.manner.clone()
            };
            let (order, _) = self.numbers.release(&number, &before, &manner).await?;
            orders.push(order);
        }
        let (order, after) = match self.give(&number, &before, &target).await {
            Ok(given) => given,
            Err(error) if orders.is_empty() => return Err(error),
            Err(error) => return Err(self.taken_but_not_given(&number, error).await),
        };
        orders.push(order);
        let warnings = warnings(&after, self.category.as_ref());
        Ok(NumberOutcome {
            change: Change::Done,
            number,
            before,
            after,
            orders,
            warnings,
        })
    }

    /// A number that is the target's already, when it is in service. What is under way is waited for.
    async fn at_rest(
        &self,
        number: &TelephoneNumber,
        before: &NumberAssignment,
        target: &str,
    ) -> Result<NumberAssignment> {
        let shows = |found: &NumberAssignment| Shows::of(found, is_held_by(found, target));
        let settled = match shows(before) {
            Shows::Change => return Ok(before.clone()),
            Shows::Failed(state) => Err(Unsettled::Failed(state)),
            Shows::Pending | Shows::Nothing => {
                self.manner.watcher.tell(&Progress::Settling);
                let until = self
                    .numbers
                    .client
                    .core()
                    .clock()
                    .elapsed()
                    .saturating_add(self.manner.deadline);
                self.numbers
                    .settle(&self.manner.watcher, until, || self.numbers.need(number), shows)
                    .await
            }
        };
        settled.map_err(|unsettled| {
            let failed = matches!(unsettled, Unsettled::Failed(_));
            let done = "the number is assigned to this holder already and nothing was sent";
            let error = unsettled
                .explained(done, &masked(number))
                .with_may_have_reached_service(false);
            if failed {
                error.with_next_step(AFTER_FAILURE)
            } else {
                error
            }
        })
    }

    /// The first half of a move is done, the second is not: says what is certain of the number.
    async fn taken_but_not_given(&self, number: &TelephoneNumber, error: Error) -> Error {
        let shown = masked(number);
        let is_certainly_free = match error.kind() {
            // The order has ended, so what the number shows now is final.
            ErrorKind::OperationFailed => {
                matches!(self.numbers.look_up(number).await, Ok(Some(found)) if is_free(&found))
            }
            ErrorKind::Timeout | ErrorKind::UnknownOutcome | ErrorKind::AcceptedUntracked | ErrorKind::Cancelled => {
                false
            }
            _ => !error.may_have_reached_service(),
        };
        let state = match error.kind() {
            _ if is_certainly_free => format!("{shown} was taken from its holder and is free now; assign it again"),
            ErrorKind::Timeout | ErrorKind::AcceptedUntracked => {
                format!("{shown} was taken from its holder; its assignment is under way: read the number")
            }
            _ => {
                format!("{shown} was taken from its holder; what became of its assignment is unknown: read the number")
            }
        };
        let step = format!("{state}. {}", error.next_step());
        error.with_next_step(step)
    }

    async fn give(
        &self,
        number: &TelephoneNumber,
        found: &NumberAssignment,
        target: &str,
    ) -> Result<(Order, NumberAssignment)> {
        let number_type = found
            .number_type
            .value()
            .cloned()
            .unwrap_or(NumberType::UnknownFutureValue);
        let place = || {
            let management = self
                .numbers
                .client
                .graph()
                .admin()
                .teams()
                .telephone_number_management();
            let mut call =
                management
                    .number_assignments()
                    .assign_number(number.to_string(), target, number_type.clone());
            if let Some(category) = &self.category {
                call = call.assignment_category(category.clone());
            }
            if let Some(location) = &self.location {
                call = call.location_id(location.as_str());
            }
            call
        };
        self.numbers
            .carry_out(number, &self.manner, Verb::Assign, place, |number| {
                is_held_by(number, target)
            })
            .await
    }

    /// Refuses what the service would refuse, or worse, accept and fail later.
    fn check(&self, number: &TelephoneNumber, found: &NumberAssignment) -> Result<()> {
        let refuse = |kind, message: String, step: &'static str| {
            Err(Error::new(kind, message)
                .with_operation("numberAssignments.assignNumber")
                .with_next_step(step))
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
            !all.contains(&NumberCapability::UserAssignment)
                && !all.contains(&NumberCapability::VoiceApplicationAssignment)
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
        let status = found
            .assignment_status
            .value()
            .unwrap_or(&AssignmentStatus::InternalError);
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
        warnings.push(format!(
            "its category is {own}, not {wanted}: unassign it first to change that"
        ));
    }
    let is_calling_plan = after.number_type == Some(NumberType::CallingPlan);
    if is_calling_plan && after.location_id.as_deref().unwrap_or_default().is_empty() {
        warnings.push("it has no emergency location".to_owned());
    }
    warnings
}
