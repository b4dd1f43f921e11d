//! Decides a change of a number on its state. Nothing is read or sent here.

use super::holder::HolderKind;
use super::read_back::Shows;
use super::record::{is_free, is_held_by, is_location};
use crate::change::{Change, Person};
use crate::decision::{Decision, DecisionAction, Warning};
use crate::generated::teams_administration::{
    ActivationState, AssignmentCategory, CustomerAction, NumberAssignment, NumberCapability, NumberSource, NumberType,
};
use crate::ids::named;
use crate::refusal::{ASSIGN, Refusal, RefusalReason, UNASSIGN, UPDATE};

/// Decides a change of this number. The state is judged as it was read: an order that was accepted and has not begun shows
/// nothing yet.
pub(crate) fn decide(change: &Change, found: &NumberAssignment) -> Result<Decision, Refusal> {
    match change {
        Change::Assign { to, .. } if is_held_by(found, to.target()) => keep(change, found),
        Change::Assign { .. } => assign(change, found),
        Change::Unassign { holder, .. } => unassign(change, holder.as_ref(), found),
        Change::SetLocation { location, .. } => locate(change, location.as_deref(), found),
        _ => Err(Refusal::new(RefusalReason::OtherSubject)),
    }
}

/// A number that its wanted holder does not have.
fn assign(change: &Change, found: &NumberAssignment) -> Result<Decision, Refusal> {
    let Change::Assign {
        number,
        location,
        number_type,
        takes,
        ..
    } = change
    else {
        return Err(Refusal::new(RefusalReason::OtherSubject));
    };
    let refuse = |reason| Err(Refusal::of_number(text(found), ASSIGN, reason));
    check_location(location.as_deref(), found, ASSIGN)?;
    if found.number_source == Some(NumberSource::OnPremises) {
        return refuse(RefusalReason::OnPremises);
    }
    if let (Some(expected), Some(own)) = (number_type, found.number_type.value())
        && *own != NumberType::from(expected.as_str())
    {
        return refuse(RefusalReason::OtherType {
            own: own.clone(),
            expected: expected.as_str().into(),
        });
    }
    if found.capabilities.is_value_and(|all| {
        !all.contains(&NumberCapability::UserAssignment) && !all.contains(&NumberCapability::VoiceApplicationAssignment)
    }) {
        return refuse(RefusalReason::NotAssignable);
    }
    check_holder(found, ASSIGN)?;
    let is_free = is_free(found);
    if !is_free && !takes {
        return refuse(RefusalReason::Held {
            holder: found.holder().map(str::to_owned),
            status: found.assignment_status.value().cloned(),
        });
    }
    at_rest(found, ASSIGN)?;
    let mut steps = Vec::with_capacity(2);
    if !is_free {
        steps.push(Change::unassign(number.as_str()));
    }
    steps.push(change.clone().as_one_request());
    let is_unlocated = location.is_none() && lacks_location(found);
    let warning = is_unlocated.then_some(Warning::NoLocation);
    Ok(Decision::new(DecisionAction::Send(steps), warning))
}

/// A number that its wanted holder has already.
fn keep(change: &Change, found: &NumberAssignment) -> Result<Decision, Refusal> {
    let Change::Assign { number, location, .. } = change else {
        return Err(Refusal::new(RefusalReason::OtherSubject));
    };
    check_location(location.as_deref(), found, ASSIGN)?;
    let relocation = location
        .as_deref()
        .filter(|location| !is_location(found, Some(location)));
    let decided = |action| Ok(Decision::new(action, warnings(change, found)));
    match (Shows::of(found, true), relocation) {
        (Shows::Pending, _) => decided(DecisionAction::Wait),
        (Shows::Failed(ActivationState::UpdateFailed) | Shows::Change | Shows::Nothing, Some(location)) => {
            let relocation = Change::SetLocation {
                number: number.clone(),
                location: Some(location.to_owned()),
            };
            let decision = locate(&relocation, Some(location), found)?;
            let mut warnings = warnings(change, found);
            warnings.retain(|warning| *warning != Warning::NoLocation);
            Ok(Decision { warnings, ..decision })
        }
        (Shows::Change | Shows::Nothing, None) => decided(DecisionAction::Already),
        (Shows::Failed(state), _) => Err(Refusal::of_number(text(found), ASSIGN, RefusalReason::Failed { state })),
    }
}

fn unassign(change: &Change, holder: Option<&Person>, found: &NumberAssignment) -> Result<Decision, Refusal> {
    let refuse = |reason| Err(Refusal::of_number(text(found), UNASSIGN, reason));
    if let (Some(own), Some(named)) = (found.holder(), holder.and_then(|holder| holder.id.as_deref()))
        && !own.eq_ignore_ascii_case(named)
    {
        let holder = own.to_owned();
        return refuse(RefusalReason::HeldByOther { holder });
    }
    let is_free = is_free(found);
    if !is_free && found.number_source == Some(NumberSource::OnPremises) {
        return refuse(RefusalReason::OnPremises);
    }
    check_holder(found, UNASSIGN)?;
    at_rest(found, UNASSIGN)?;
    let action = if is_free {
        DecisionAction::Already
    } else {
        DecisionAction::Send(vec![Change::unassign(change.teams_number().unwrap_or_default())])
    };
    Ok(Decision::new(action, None))
}

fn locate(change: &Change, location: Option<&str>, found: &NumberAssignment) -> Result<Decision, Refusal> {
    check_location(location, found, UPDATE)?;
    if is_location(found, location) {
        let action = match pending(found) {
            Some(_) => DecisionAction::Wait,
            None => DecisionAction::Already,
        };
        return Ok(Decision::new(action, None));
    }
    if found
        .supported_customer_actions
        .is_value_and(|actions| !actions.contains(&CustomerAction::LocationUpdate))
    {
        return Err(Refusal::of_number(text(found), UPDATE, RefusalReason::LocationFixed));
    }
    at_rest(found, UPDATE)?;
    Ok(Decision::new(DecisionAction::Send(vec![change.clone()]), None))
}

/// Refuses a location that its id does not name.
fn check_location(location: Option<&str>, found: &NumberAssignment, operation: &'static str) -> Result<(), Refusal> {
    match location {
        Some(id) if named(Some(id)).is_none() => {
            Err(Refusal::of_number(text(found), operation, RefusalReason::LocationEmpty))
        }
        _ => Ok(()),
    }
}

/// Refuses to take a number from what is no account: an assignment neither takes it nor can give it back.
fn check_holder(found: &NumberAssignment, operation: &'static str) -> Result<(), Refusal> {
    match HolderKind::of(found) {
        Some(kind) if !kind.is_account() => {
            let holder = found.holder().map(str::to_owned);
            let reason = RefusalReason::HeldByOtherKind { kind, holder };
            Err(Refusal::of_number(text(found), operation, reason))
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
            let reason = RefusalReason::UnderWay { state };
            Err(Refusal::of_number(text(found), operation, reason))
        }
    }
}

/// The state that says that something is under way. One that is not known here may say so, too.
fn pending(found: &NumberAssignment) -> Option<&ActivationState> {
    found.activation_state.value().filter(|state| {
        !matches!(
            state,
            ActivationState::Activated | ActivationState::AssignmentFailed | ActivationState::UpdateFailed
        )
    })
}

/// The progress of a change as a number shows it. `before` is the number before the change: a failure that is as old is not
/// the change's.
pub(super) fn shows(change: &Change, found: &NumberAssignment, before: &NumberAssignment) -> Shows {
    match change {
        Change::Assign { to, .. } => Shows::of(found, is_held_by(found, to.target())),
        Change::SetLocation { location, .. } => {
            let failed_before = before.activation_state == Some(ActivationState::UpdateFailed);
            match found.activation_state.value() {
                Some(ActivationState::UpdateFailed) if !failed_before => Shows::Failed(ActivationState::UpdateFailed),
                _ if pending(found).is_some() => Shows::Pending,
                _ if is_location(found, location.as_deref()) => Shows::Change,
                _ => Shows::Nothing,
            }
        }
        _ => Shows::of(found, is_free(found)),
    }
}

/// Warnings for an administrator about a number that is as a change wants it.
pub(super) fn warnings(change: &Change, after: &NumberAssignment) -> Vec<Warning> {
    let Change::Assign { category, .. } = change else {
        return Vec::new();
    };
    let mut warnings = Vec::new();
    let wanted = category.as_deref().map(AssignmentCategory::from);
    if let (Some(wanted), Some(own)) = (wanted, after.assignment_category.value())
        && wanted != *own
    {
        warnings.push(Warning::OtherCategory {
            own: own.clone(),
            wanted,
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

fn text(found: &NumberAssignment) -> &str {
    found.telephone_number.as_deref().unwrap_or_default()
}
