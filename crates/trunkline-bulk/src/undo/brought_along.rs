//! Side effects of a change that undo has to revert: the location that came with an assignment, and SMS
//! sign-in, which the service switches by itself when a mobile phone is set.

use trunkline::{Change, Person};

use crate::plan::{NumberState, PhoneState, PlannedRow, State, Step, StepId, Verdict};

/// The service's word for SMS sign-in that is on; it has several for off.
const ON: &str = "ready";
const OFF: &str = "notEnabled";

/// Adds the step that the way back of `original` needs besides its own.
pub(super) fn take_back(back: &mut PlannedRow, original: &PlannedRow) {
    if back.verdict == Verdict::Refused {
        return;
    }
    let found = match (&original.before, &back.before) {
        (Some(State::Number(before)), Some(State::Number(live))) => location(back, original, before, live),
        (Some(State::Phone(before)), Some(State::Phone(live))) => sms_sign_in(back, before, live),
        _ => None,
    };
    let Some((change, expects)) = found else { return };
    let last = u16::try_from(back.steps.len()).unwrap_or(u16::MAX);
    let needs = last.checked_sub(1).map(|last| StepId(back.row, last));
    back.verdict = Verdict::Change;
    back.steps.push(Step {
        change,
        needs: needs.into_iter().collect(),
        expects,
    });
}

/// The location that the row gave the number is not the one it had.
fn location(
    back: &PlannedRow,
    original: &PlannedRow,
    before: &NumberState,
    live: &NumberState,
) -> Option<(Change, State)> {
    let Some(Change::Assign {
        location: Some(given), ..
    }) = original.wanted.change()
    else {
        return None;
    };
    let comes_with_the_holder = match back.wanted.change() {
        Some(Change::Assign { location, .. }) => location.is_some(),
        Some(Change::Unassign { .. }) => false,
        _ => return None,
    };
    let is_as_given = live
        .location
        .as_ref()
        .is_some_and(|live| live.eq_ignore_ascii_case(given));
    if comes_with_the_holder || !is_as_given || live.location == before.location {
        return None;
    }
    let change = Change::SetLocation {
        number: live.number.clone(),
        location: before.location.clone(),
    };
    Some((change, State::Number(live.clone())))
}

/// Whether somebody can sign in by text message was their own before. What setting the phone makes of it shows only then: a
/// step that finds it as it was sends nothing.
fn sms_sign_in(back: &PlannedRow, before: &PhoneState, live: &PhoneState) -> Option<(Change, State)> {
    if before.role != "mobile" || before.number.is_none() {
        return None;
    }
    if !matches!(back.wanted.change(), Some(Change::SetPhone { .. })) {
        return None;
    }
    let is_on = |state: &PhoneState| state.sms_sign_in.as_deref() == Some(ON);
    let enabled = is_on(before);
    if back.verdict == Verdict::Already && is_on(live) == enabled {
        return None;
    }
    let change = Change::SmsSignIn {
        user: Person::by_id(before.user.clone()),
        enabled,
    };
    let other = if enabled { OFF } else { ON };
    let expects = PhoneState {
        number: before.number.clone(),
        sms_sign_in: Some(other.to_owned()),
        ..live.clone()
    };
    Some((change, State::Phone(expects)))
}
