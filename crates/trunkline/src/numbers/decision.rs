//! Decides the steps from the state of a number to the wanted one. Nothing is read or sent here.

use std::fmt;

use super::read_back::Shows;
use super::refusal::{ASSIGN, Refusal, RefusalReason, UNASSIGN, UPDATE};
use super::{HolderKind, LocationChange, is_free, is_held_by};
use crate::generated::teams_administration::{
    ActivationState, AssignmentCategory, CustomerAction, NumberAssignment, NumberCapability, NumberSource, NumberType,
};
use crate::ids::named;
use crate::intent::Masked;

/// The wanted state of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wanted {
    /// Somebody holds it.
    Assigned(Assignment),
    /// Nobody holds it.
    Unassigned,
    /// Its emergency location is this one, or there is none.
    Located(LocationChange),
}

/// Who is to hold a number, and how.
#[derive(Clone, PartialEq, Eq)]
pub struct Assignment {
    pub(super) to: String,
    pub(super) takes: bool,
    pub(super) category: Option<AssignmentCategory>,
    pub(super) location: Option<String>,
    pub(super) number_type: Option<NumberType>,
}

impl Assignment {
    /// An assignment to a user, resource account or policy instance, by object id. Unless it is
    /// [`taking`](Self::taking), a number that somebody else holds is left with its holder.
    #[must_use]
    pub fn to(object_id: impl Into<String>) -> Self {
        Self {
            to: object_id.into(),
            takes: false,
            category: None,
            location: None,
            number_type: None,
        }
    }

    /// Takes the number from whoever holds it.
    #[must_use]
    pub fn taking(mut self) -> Self {
        self.takes = true;
        self
    }

    /// The line of the holder that the number becomes. The service's default is the primary one.
    #[must_use]
    pub fn category(mut self, category: impl Into<AssignmentCategory>) -> Self {
        self.category = Some(category.into());
        self
    }

    /// Id of the emergency location.
    #[must_use]
    pub fn location(mut self, id: impl Into<String>) -> Self {
        self.location = Some(id.into());
        self
    }

    /// The expected type of the number; another is refused.
    #[must_use]
    pub fn number_type(mut self, number_type: impl Into<NumberType>) -> Self {
        self.number_type = Some(number_type.into());
        self
    }
}

impl fmt::Debug for Assignment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Assignment")
            .field("to", &Masked(&self.to))
            .field("takes", &self.takes)
            .field("category", &self.category)
            .field("location", &self.location.as_deref().map(Masked))
            .field("number_type", &self.number_type)
            .finish()
    }
}

/// The decision. Returned by [`decide`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Decision {
    /// The change to make.
    pub action: Action,
    /// Warnings for an administrator about a change that is possible.
    pub warnings: Vec<Warning>,
}

/// A warning for an administrator about a change that is possible.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// The holder has the number already, as another of their lines than was wanted.
    OtherCategory {
        /// Which of the holder's lines it is.
        own: AssignmentCategory,
        /// Which it was to be.
        wanted: AssignmentCategory,
    },
    /// It is a calling-plan number, and has no emergency location.
    NoLocation,
}

impl Warning {
    /// A word for it that does not change between versions, for programs that group or count.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::OtherCategory { .. } => "otherCategory",
            Self::NoLocation => "noLocation",
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherCategory { own, wanted } => write!(
                formatter,
                "its category is {own}, not {wanted}: unassign it first to change that"
            ),
            Self::NoLocation => formatter.write_str("it has no emergency location"),
        }
    }
}

/// The change to a number that a decision asks for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Action {
    /// Nothing: the state is already correct.
    Already,
    /// Nothing to send: the change is in progress. Wait for it, and decide again when it has ended.
    Wait,
    /// These changes, in this order, each when the one before is at its end.
    Send(Vec<Step>),
}

/// One change to a number: one request.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Step {
    /// It is taken from its holder.
    Unassign {
        /// From the inventory.
        number_type: NumberType,
    },
    /// It is given to somebody.
    Assign {
        /// Object id.
        to: String,
        /// From the inventory.
        number_type: NumberType,
        /// The line of the holder that the number becomes.
        category: Option<AssignmentCategory>,
        /// Id of the emergency location.
        location: Option<String>,
    },
    /// Its emergency location is changed.
    SetLocation(LocationChange),
}

impl Step {
    /// The operation's id, such as `numberAssignments.assignNumber`.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        match self {
            Self::Unassign { .. } => UNASSIGN,
            Self::Assign { .. } => ASSIGN,
            Self::SetLocation(_) => UPDATE,
        }
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unassign { number_type } => formatter
                .debug_struct("Unassign")
                .field("number_type", number_type)
                .finish(),
            Self::Assign {
                to,
                number_type,
                category,
                location,
            } => formatter
                .debug_struct("Assign")
                .field("to", &Masked(to))
                .field("number_type", number_type)
                .field("category", category)
                .field("location", &location.as_deref().map(Masked))
                .finish(),
            Self::SetLocation(change) => formatter
                .debug_tuple("SetLocation")
                .field(&Masked(change.as_sent()))
                .finish(),
        }
    }
}

/// Decides how to bring a number from this state to the wanted one.
///
/// Intents, dry runs and bulk changes all ask here. The state is judged as it was read: an order that was accepted and has
/// not begun shows nothing yet.
///
/// # Errors
///
/// A [`Refusal`] when it cannot be, or must not be now: see [`RefusalReason`].
///
/// ```
/// use trunkline::codec::Decode;
/// use trunkline::numbers::{Action, Assignment, Step, Wanted, decide};
/// use trunkline::teams_administration::NumberAssignment;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let found = NumberAssignment::decode(
///     r#"{"telephoneNumber": "+12065550101", "numberType": "callingPlan", "assignmentStatus": "unassigned"}"#,
/// )?;
/// let ana = Assignment::to("a0000000-0000-4000-8000-000000000001");
/// let decision = decide(&found, &Wanted::Assigned(ana))?;
/// assert!(matches!(decision.action, Action::Send(steps) if matches!(steps[..], [Step::Assign { .. }])));
/// # Ok(()) }
/// ```
pub fn decide(found: &NumberAssignment, wanted: &Wanted) -> Result<Decision, Refusal> {
    match wanted {
        Wanted::Assigned(assignment) => assign(found, assignment),
        Wanted::Unassigned => unassign(found),
        Wanted::Located(change) => locate(found, change),
    }
}

impl Decision {
    fn new(action: Action, warnings: Vec<Warning>) -> Self {
        Self { action, warnings }
    }

    /// The changes to be sent, in order; none when there is nothing to do or only something to wait for.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        match &self.action {
            Action::Send(steps) => steps,
            Action::Already | Action::Wait => &[],
        }
    }
}

/// A number as it was read, compared with the wanted state. Returned by [`Numbers::verify`](super::Numbers::verify).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Verified {
    /// The number as it was read.
    pub found: NumberAssignment,
    /// The change that is missing, or the reason why it is impossible.
    pub decision: Result<Decision, Refusal>,
}

impl Verified {
    /// Whether the number is as wanted, with nothing under way and no warning.
    #[must_use]
    pub fn holds(&self) -> bool {
        matches!(&self.decision, Ok(decision) if decision.action == Action::Already && decision.warnings.is_empty())
    }
}

fn assign(found: &NumberAssignment, wanted: &Assignment) -> Result<Decision, Refusal> {
    let refuse = |reason| Err(Refusal::new(number(found), ASSIGN, reason));
    if wanted.location.as_deref().is_some_and(|id| named(Some(id)).is_none()) {
        return refuse(RefusalReason::LocationEmpty);
    }
    if is_held_by(found, &wanted.to) {
        return keep(found, wanted);
    }
    if found.number_source == Some(NumberSource::OnPremises) {
        return refuse(RefusalReason::OnPremises);
    }
    if let (Some(expected), Some(own)) = (&wanted.number_type, found.number_type.value())
        && expected != own
    {
        return refuse(RefusalReason::OtherType {
            own: own.clone(),
            expected: expected.clone(),
        });
    }
    if found.capabilities.is_value_and(|all| {
        !all.contains(&NumberCapability::UserAssignment) && !all.contains(&NumberCapability::VoiceApplicationAssignment)
    }) {
        return refuse(RefusalReason::NotAssignable);
    }
    check_holder(found, ASSIGN)?;
    let is_free = is_free(found);
    if !is_free && !wanted.takes {
        return refuse(RefusalReason::Held {
            holder: found.holder().map(str::to_owned),
            status: found.assignment_status.value().cloned(),
        });
    }
    at_rest(found, ASSIGN)?;
    let number_type = number_type(found);
    let give = Step::Assign {
        to: wanted.to.clone(),
        number_type: number_type.clone(),
        category: wanted.category.clone(),
        location: wanted.location.clone(),
    };
    let mut steps = Vec::with_capacity(2);
    if !is_free {
        steps.push(Step::Unassign { number_type });
    }
    steps.push(give);
    let lacks_location = wanted.location.is_none() && lacks_location(found);
    let warnings = lacks_location.then_some(Warning::NoLocation).into_iter().collect();
    Ok(Decision::new(Action::Send(steps), warnings))
}

/// A number that its wanted holder has already.
fn keep(found: &NumberAssignment, wanted: &Assignment) -> Result<Decision, Refusal> {
    let relocation = wanted
        .location
        .clone()
        .map(LocationChange::Set)
        .filter(|change| !change.is_shown_by(found));
    let decided = |action| Ok(Decision::new(action, warnings(found, wanted)));
    match (Shows::of(found, true), relocation) {
        (Shows::Pending, _) => decided(Action::Wait),
        (Shows::Failed(ActivationState::UpdateFailed) | Shows::Change | Shows::Nothing, Some(change)) => {
            let decision = locate(found, &change)?;
            Ok(Decision {
                warnings: warnings(found, wanted)
                    .into_iter()
                    .filter(|warning| *warning != Warning::NoLocation)
                    .collect(),
                ..decision
            })
        }
        (Shows::Change | Shows::Nothing, None) => decided(Action::Already),
        (Shows::Failed(state), _) => Err(Refusal::new(number(found), ASSIGN, RefusalReason::Failed { state })),
    }
}

fn unassign(found: &NumberAssignment) -> Result<Decision, Refusal> {
    let is_free = is_free(found);
    if !is_free && found.number_source == Some(NumberSource::OnPremises) {
        return Err(Refusal::new(number(found), UNASSIGN, RefusalReason::OnPremises));
    }
    check_holder(found, UNASSIGN)?;
    at_rest(found, UNASSIGN)?;
    let action = if is_free {
        Action::Already
    } else {
        Action::Send(vec![Step::Unassign {
            number_type: number_type(found),
        }])
    };
    Ok(Decision::new(action, Vec::new()))
}

fn locate(found: &NumberAssignment, change: &LocationChange) -> Result<Decision, Refusal> {
    let refuse = |reason| Err(Refusal::new(number(found), UPDATE, reason));
    if change.is_nameless() {
        return refuse(RefusalReason::LocationEmpty);
    }
    if change.is_shown_by(found) {
        let action = match pending(found) {
            Some(_) => Action::Wait,
            None => Action::Already,
        };
        return Ok(Decision::new(action, Vec::new()));
    }
    if found
        .supported_customer_actions
        .is_value_and(|actions| !actions.contains(&CustomerAction::LocationUpdate))
    {
        return refuse(RefusalReason::LocationFixed);
    }
    at_rest(found, UPDATE)?;
    Ok(Decision::new(
        Action::Send(vec![Step::SetLocation(change.clone())]),
        Vec::new(),
    ))
}

/// Refuses to take a number from what is no account: an assignment neither takes it nor can give it back.
fn check_holder(found: &NumberAssignment, operation: &'static str) -> Result<(), Refusal> {
    match HolderKind::of(found) {
        Some(kind) if !kind.is_account() => {
            let holder = found.holder().map(str::to_owned);
            let reason = RefusalReason::HeldByOtherKind { kind, holder };
            Err(Refusal::new(number(found), operation, reason))
        }
        _ => Ok(()),
    }
}

/// Refuses while something is under way that is not ours: an order on top of it could become a second order.
fn at_rest(found: &NumberAssignment, operation: &'static str) -> Result<(), Refusal> {
    match pending(found) {
        None => Ok(()),
        Some(state) => {
            let state = state.clone();
            Err(Refusal::new(
                number(found),
                operation,
                RefusalReason::UnderWay { state },
            ))
        }
    }
}

/// The state that says that something is under way. One that is not known here may say so, too.
pub(super) fn pending(found: &NumberAssignment) -> Option<&ActivationState> {
    found.activation_state.value().filter(|state| {
        !matches!(
            state,
            ActivationState::Activated | ActivationState::AssignmentFailed | ActivationState::UpdateFailed
        )
    })
}

impl Wanted {
    /// The progress of the change as a number shows it. `before` is the number before the change: a failure that is as old is not the change's.
    pub(super) fn shown_by(&self, found: &NumberAssignment, before: &NumberAssignment) -> Shows {
        match self {
            Self::Assigned(assignment) => Shows::of(found, is_held_by(found, &assignment.to)),
            Self::Unassigned => Shows::of(found, is_free(found)),
            Self::Located(change) => {
                let failed_before = before.activation_state == Some(ActivationState::UpdateFailed);
                match found.activation_state.value() {
                    Some(ActivationState::UpdateFailed) if !failed_before => {
                        Shows::Failed(ActivationState::UpdateFailed)
                    }
                    _ if pending(found).is_some() => Shows::Pending,
                    _ if change.is_shown_by(found) => Shows::Change,
                    _ => Shows::Nothing,
                }
            }
        }
    }

    /// Warnings for an administrator about a number in the wanted state.
    pub(super) fn warnings(&self, after: &NumberAssignment) -> Vec<Warning> {
        match self {
            Self::Assigned(assignment) => warnings(after, assignment),
            Self::Unassigned | Self::Located(_) => Vec::new(),
        }
    }
}

fn warnings(after: &NumberAssignment, wanted: &Assignment) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if let (Some(wanted), Some(own)) = (&wanted.category, after.assignment_category.value())
        && wanted != own
    {
        warnings.push(Warning::OtherCategory {
            own: own.clone(),
            wanted: wanted.clone(),
        });
    }
    if lacks_location(after) {
        warnings.push(Warning::NoLocation);
    }
    warnings
}

fn lacks_location(number: &NumberAssignment) -> bool {
    number.number_type == Some(NumberType::CallingPlan) && number.location().is_none()
}

fn number(found: &NumberAssignment) -> &str {
    found.telephone_number.as_deref().unwrap_or_default()
}

/// The type as it is sent.
fn number_type(found: &NumberAssignment) -> NumberType {
    found
        .number_type
        .value()
        .cloned()
        .unwrap_or(NumberType::UnknownFutureValue)
}
