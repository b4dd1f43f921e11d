//! Passes a change to its subject: numbers, phone methods or policies read its state, decide it and send it.
//!
//! One function for each of these. An action of a subject that exists needs no line here but in `normalize`, if its values are
//! written by people.

use crate::change::{Change, Subject};
use crate::country::NumberReader;
use crate::decision::{Current, Decision};
use crate::generated::teams_administration::{NumberAssignment, NumberType};
use crate::ids::named;
use crate::numbers::{decision as number_decision, record, requests as number_requests};
use crate::people;
use crate::phones::{decision as phone_decision, requests as phone_requests};
use crate::plan::placeholder;
use crate::policies::assignment::bare_name;
use crate::policies::decision as policy_decision;
use crate::policies::policy_type::PolicyType;
use crate::policies::requests::{self as policy_requests, find_policy};
use crate::refusal::{Refusal, RefusalReason, UPDATE};
use crate::telephone::{PhoneMethodNumber, TelephoneNumber};
use crate::{Client, Error, ErrorKind, Operation, Request, Result};

/// Decides what follows from this state for a change. Nothing is read or sent.
///
/// Intents, dry runs and bulk work all ask here. People and policies are compared by their ids, so the change must have them.
///
/// # Errors
///
/// A [`Refusal`] when the service would refuse the change, or when it must not be made now: see [`RefusalReason`].
///
/// ```
/// use trunkline::codec::Decode;
/// use trunkline::teams_administration::NumberAssignment;
/// use trunkline::{Change, Current, Person, decide};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let found = NumberAssignment::decode(
///     r#"{"telephoneNumber": "+12065550101", "numberType": "callingPlan", "assignmentStatus": "unassigned"}"#,
/// )?;
/// let ana = Person::by_id("a0000000-0000-4000-8000-000000000001");
/// let decision = decide(&Change::assign("+12065550101", ana), &Current::from(found))?;
/// assert!(matches!(decision.steps(), [Change::Assign { .. }]));
/// # Ok(()) }
/// ```
pub fn decide(change: &Change, current: &Current) -> Result<Decision, Refusal> {
    let change = &as_the_service_writes(change);
    match current {
        Current::Number(found) => number_decision::decide(change, found),
        Current::Phones(methods) => phone_decision::decide(change, methods),
        Current::Policies(assignments) => policy_decision::decide(change, assignments),
    }
}

/// The change with its number or kind of policy in the service's spelling: the steps of a decision are sent as they are. A text
/// that cannot be read stays, and is refused where it is needed.
fn as_the_service_writes(change: &Change) -> Change {
    let mut change = change.clone();
    match &mut change {
        Change::Assign { number, .. } | Change::Unassign { number, .. } | Change::SetLocation { number, .. } => {
            if let Ok(read) = TelephoneNumber::from_service(number) {
                *number = read.to_string();
            }
        }
        Change::SetPhone { number, .. } => {
            if let Ok(read) = PhoneMethodNumber::from_service(number) {
                *number = read.to_string();
            }
        }
        Change::SetPolicy { policy_type, .. } | Change::ClearPolicy { policy_type, .. } => {
            if let Ok(kind) = PolicyType::named(policy_type) {
                *policy_type = kind.to_string();
            }
        }
        Change::RemovePhone { .. } | Change::SmsSignIn { .. } => {}
    }
    change
}

impl Current {
    /// Reads the state of what a change is about. Nothing is changed.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] for a number that the tenant does not have and for an unknown user;
    /// [`ErrorKind::InvalidInput`] for a text that is no number; otherwise what reading can fail with.
    ///
    /// ```no_run
    /// # async fn run(client: trunkline::Client, change: trunkline::Change) -> Result<(), trunkline::Error> {
    /// let current = trunkline::Current::read(&client, &change).await?;
    /// let decision = trunkline::decide(&change, &current)?;
    /// println!("{} requests to send", decision.steps().len());
    /// # Ok(()) }
    /// ```
    pub async fn read(client: &Client, change: &Change) -> Result<Self> {
        let user = change.user();
        match change.subject() {
            Subject::Number => number_requests::read(client, &number_of(change)?).await.map(Self::from),
            Subject::Phones => {
                let user = people::object_id(client, user).await?;
                phone_requests::read(client, &user).await.map(Self::from)
            }
            Subject::Policies => {
                let user = people::object_id(client, user).await?;
                policy_requests::read(client, &user).await.map(Self::from)
            }
        }
    }
}

impl Client {
    /// The request of one step of a [`Decision`] on this state, as it would be sent. To look at: intents send it.
    #[must_use]
    pub fn operation_of(&self, step: &Change, current: &Current) -> Operation {
        request(self, step, current).into_operation()
    }
}

/// The request of one step of a decision on this state.
pub(crate) fn request(client: &Client, step: &Change, current: &Current) -> Request<()> {
    match current {
        Current::Number(found) => number_requests::change(client, step, found),
        Current::Phones(methods) => phone_requests::change(client, step, methods),
        Current::Policies(_) => policy_requests::change(client, step),
    }
}

/// The request that reads the state for a change whose person has an id, or what stands for it.
pub(crate) fn reading(client: &Client, change: &Change) -> Result<Operation> {
    let user = change.user();
    Ok(match change.subject() {
        Subject::Number => number_requests::query(client, &number_of(change)?)
            .request()
            .into_operation(),
        Subject::Phones => phone_requests::list(client, user).into_operation(),
        Subject::Policies => policy_requests::configuration(client, user).into_operation(),
    })
}

/// The number that a change is about.
pub(crate) fn number_of(change: &Change) -> Result<TelephoneNumber> {
    TelephoneNumber::from_service(change.teams_number().unwrap_or_default())
        .map_err(|error| Error::new(ErrorKind::InvalidInput, error.to_string()).with_source(error))
}

/// Writes the numbers and names of a change as the service does, and refuses what is wrong whatever the state is.
pub(crate) fn normalize(change: &mut Change, reader: &NumberReader) -> Result<()> {
    match change {
        Change::Assign { number, .. } | Change::Unassign { number, .. } => {
            *number = reader.telephone_number(number)?.to_string();
        }
        Change::SetLocation { number, location } => {
            *number = reader.telephone_number(number)?.to_string();
            if location.is_some() && named(location.as_deref()).is_none() {
                return Err(Refusal::of_number(number, UPDATE, RefusalReason::LocationEmpty).into());
            }
        }
        Change::SetPhone { number, .. } => *number = reader.phone_method_number(number)?.to_string(),
        Change::RemovePhone { .. } | Change::SmsSignIn { .. } => {}
        Change::SetPolicy {
            policy_type, policy, ..
        } => {
            *policy_type = PolicyType::named(policy_type)?.to_string();
            *policy = bare_name(policy).to_owned();
            if policy.is_empty() {
                return Err(Refusal::new(RefusalReason::PolicyNameMissing).into());
            }
        }
        Change::ClearPolicy { policy_type, .. } => *policy_type = PolicyType::named(policy_type)?.to_string(),
    }
    Ok(())
}

/// Looks up the ids of the person and the policy that a change names.
pub(crate) async fn resolve(client: &Client, change: &mut Change) -> Result<()> {
    if let Some(person) = change.person_mut() {
        person.id = Some(people::object_id(client, person.target()).await?);
    }
    if let Change::SetPolicy {
        policy_type,
        policy,
        policy_id: policy_id @ None,
        ..
    } = change
    {
        let found = find_policy(client, &PolicyType::from(policy_type.as_str()), policy).await?;
        let found = found.ok_or_else(|| Refusal::unknown_policy(policy_type.as_str(), policy.as_str()))?;
        (*policy, *policy_id) = (found.name, Some(found.id));
    }
    Ok(())
}

/// Refuses a state that is another number's.
pub(crate) fn check_known(change: &Change, known: &Current) -> Result<()> {
    match known {
        Current::Number(known) => record::check_known(&number_of(change)?, known),
        Current::Phones(_) | Current::Policies(_) => Ok(()),
    }
}

/// A step that a change may take when its state is not known.
pub(crate) struct PossibleStep {
    /// When it is taken; absent when always.
    pub(crate) condition: Option<&'static str>,
    pub(crate) step: Change,
    /// A state in which it is taken.
    pub(crate) current: Current,
}

/// Every step that a change may take when its state is not known.
pub(crate) fn possible_steps(change: &Change) -> Vec<PossibleStep> {
    let possible = |condition, step: &Change, current| PossibleStep {
        condition,
        step: step.clone(),
        current,
    };
    match change {
        Change::SetPhone { role, .. } => vec![
            possible(
                Some("if the user has none of that role: "),
                change,
                Current::Phones(Vec::new()),
            ),
            possible(
                Some("if the user has one of that role: "),
                change,
                Current::Phones(vec![phone_requests::method(*role, "")]),
            ),
        ],
        Change::Assign {
            number, takes: true, ..
        } => {
            let release = Change::unassign(number.as_str());
            let give = change.clone().as_one_request();
            vec![
                possible(Some("if somebody else holds it: "), &release, number_of_some_type()),
                possible(None, &give, number_of_some_type()),
            ]
        }
        _ => {
            let current = match change.subject() {
                Subject::Number => number_of_some_type(),
                Subject::Phones => Current::Phones(Vec::new()),
                Subject::Policies => Current::Policies(Vec::new()),
            };
            vec![possible(None, change, current)]
        }
    }
}

/// A number whose type stands in angle brackets.
fn number_of_some_type() -> Current {
    Current::from(NumberAssignment {
        number_type: NumberType::from(placeholder("type of the number").as_str()).into(),
        ..NumberAssignment::default()
    })
}
