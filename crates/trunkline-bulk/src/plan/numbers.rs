//! Rows about telephone numbers: what follows from the inventory, and which row has to make room for which.

use std::collections::HashMap;

use trunkline::teams_administration::{NumberAssignment, NumberType};
use trunkline::{Change, Current, Refusal, RefusalReason, Warning, decide};

use super::draft::Draft;
use super::pick::is_canonical;
use super::{NumberState, PlanOptions, State, StepId};
use crate::snapshot::{PersonState, Snapshot};

/// Decides every row about a number.
pub(super) fn plan(drafts: &mut [Draft], snapshot: &Snapshot, options: &PlanOptions) {
    let mut releases = HashMap::new();
    for draft in drafts.iter_mut().filter(|draft| !draft.is_refused()) {
        if let Some(number) = draft.wanted.teams_number() {
            let number = number.to_owned();
            look_up(draft, &number, snapshot, options, &mut releases);
        }
    }
    for draft in drafts.iter_mut().filter(|draft| !draft.is_refused()) {
        make_room(draft, snapshot, options, &mut releases);
    }
}

/// Decides one row on the number's present state.
fn look_up(
    draft: &mut Draft,
    number: &str,
    snapshot: &Snapshot,
    options: &PlanOptions,
    releases: &mut HashMap<String, StepId>,
) {
    let Some(found) = snapshot.inventory.number(number) else {
        let what = format!("the tenant has no number {number}");
        return draft.refuse("unknownNumber", what, "Correct it, or acquire the number first");
    };
    let state = NumberState::named(found, snapshot);
    draft.before = Some(State::Number(state.clone()));
    let Some(change) = draft.wanted.change().cloned() else {
        return;
    };
    match decide(&change, &Current::from(found.clone())) {
        Err(refusal) => refuse(draft, &refusal, &state),
        Ok(decision) => {
            let steps = decision.steps();
            if draft.is_gone && !steps.is_empty() && matches!(change, Change::Assign { .. }) {
                return draft.refuse_gone();
            }
            if steps.iter().any(takes) && is_kept_base(number, snapshot, options) {
                return refuse(draft, &Refusal::has_extensions(number), &state);
            }
            // Nothing is sent while the change is in progress; applying waits until the number is at rest.
            plan_steps(draft, &state, steps, releases);
            for warning in decision.warnings {
                let next_step = match warning {
                    Warning::NoLocation => "Set an emergency location, or ignore this",
                    _ => "Correct this, or ignore it",
                };
                draft.warn(warning.code(), warning.to_string(), next_step);
            }
            warn_of_gone_holder(draft, &state);
            check_person(draft, found, snapshot);
        }
    }
}

/// Says that a number is held by nobody who is there: it works as little as it can be given back once it was taken.
fn warn_of_gone_holder(draft: &mut Draft, state: &NumberState) {
    if !state.is_holder_gone {
        return;
    }
    if draft.steps.iter().any(|step| takes(&step.change)) {
        draft.warn(
            "noWayBack",
            format!("{} is {}, so undo cannot restore it", state.number, state.holding()),
            "Keep an export from before the run, or leave the number where it is",
        );
    } else {
        draft.warn(
            "holderGone",
            format!("{} is {}", state.number, state.holding()),
            "Unassign the number, so that it can be assigned again",
        );
    }
}

/// Whether it is a main number, with others of an extension, that stays with its holder.
fn is_kept_base(number: &str, snapshot: &Snapshot, options: &PlanOptions) -> bool {
    !options.base && snapshot.inventory.has_extensions(number)
}

/// Whether a step takes a number from its holder.
fn takes(step: &Change) -> bool {
    matches!(step, Change::Unassign { .. })
}

/// A plan is its reader's own file: numbers and names stand in it in full.
fn refuse(draft: &mut Draft, refusal: &Refusal, state: &NumberState) {
    let (what, step) = match refusal.reason {
        RefusalReason::Held { .. } => (
            format!("{} is {}", state.number, state.holding()),
            "Use the action `move` to take it from its holder".into(),
        ),
        RefusalReason::HeldByOther { .. } => (
            format!(
                "{} is {}, not by {}",
                state.number,
                state.holding(),
                draft.wanted.user_label()
            ),
            "Check who holds it, then correct or remove the row".into(),
        ),
        _ => (
            refusal.in_full(&state.number, state.holder_name.as_deref().or(state.holder.as_deref())),
            refusal.next_step(),
        ),
    };
    draft.refuse(refusal.reason.code(), what, step);
}

/// The steps of a row in order; each of a row's steps needs the one before.
fn plan_steps(draft: &mut Draft, state: &NumberState, steps: &[Change], releases: &mut HashMap<String, StepId>) {
    let mut state = state.clone();
    let mut last: Option<StepId> = None;
    for step in steps {
        let expects = State::Number(state.clone());
        let id = draft.send(step.clone(), last.into_iter().collect(), expects);
        if takes(step) {
            releases.insert(state.number.clone(), id);
            state = released(state);
        }
        last = Some(id);
    }
}

/// The state of a number after it was taken from its holder.
fn released(mut state: NumberState) -> NumberState {
    state.status = Some("unassigned".to_owned());
    state.holder = None;
    state.holder_name = None;
    state.is_holder_gone = false;
    state.category = None;
    state
}

/// The properties of a person that make the service refuse the number, or accept it and fail later.
fn check_person(draft: &mut Draft, found: &NumberAssignment, snapshot: &Snapshot) {
    let gives = draft
        .steps
        .iter()
        .any(|step| matches!(step.change, Change::Assign { .. }));
    let Some(person) = draft.person(snapshot).filter(|_| gives) else {
        return;
    };
    let PersonState {
        usage_location,
        is_enabled,
        has_phone_plan,
        ..
    } = person.clone();
    if has_phone_plan == Some(false) {
        return draft.refuse(
            "noPhoneLicence",
            "the user has no active Teams Phone licence",
            "Assign a licence with the service plan MCOEV (MCOEV_VIRTUALUSER for a resource account)",
        );
    }
    if is_enabled == Some(false) {
        return draft.refuse(
            "accountDisabled",
            "the user's account is disabled",
            "Enable it, or remove the row",
        );
    }
    let country = found.iso_country_code.as_deref().unwrap_or_default();
    let is_calling_plan = found.number_type == Some(NumberType::CallingPlan);
    match usage_location.as_deref() {
        None if is_calling_plan => draft.refuse(
            "noUsageLocation",
            "the user has no usage location, which a calling-plan number needs",
            "Set the user's usage location to the number's country",
        ),
        Some(own) if is_calling_plan && !country.is_empty() && !own.eq_ignore_ascii_case(country) => {
            let what = format!("the user's usage location is {own}, the number is of {country}");
            draft.refuse(
                "otherUsageLocation",
                what,
                "Choose a number of the user's country, or correct the usage location",
            );
        }
        _ => {}
    }
}

/// Whoever gets a number has to have given up the one of the same category.
fn make_room(draft: &mut Draft, snapshot: &Snapshot, options: &PlanOptions, releases: &mut HashMap<String, StepId>) {
    let Some(Change::Assign {
        number, to, category, ..
    }) = draft.wanted.change()
    else {
        return;
    };
    let Some(position) = draft
        .steps
        .iter()
        .position(|step| matches!(step.change, Change::Assign { .. }))
    else {
        return;
    };
    let (number, id) = (number.clone(), to.id.clone().unwrap_or_default());
    let category = category.clone().unwrap_or_else(|| "primary".to_owned());
    let others: Vec<(&NumberAssignment, NumberState)> = snapshot
        .inventory
        .held_by(&id)
        .map(|held| (held, NumberState::of(held)))
        .filter(|(_, held)| held.number != number && held.category.as_deref().unwrap_or("primary") == category)
        .collect();
    for (found, mut other) in others {
        // Whoever has the number is the person of the row.
        other.holder_name = draft.person(snapshot).and_then(|person| person.principal_name.clone());
        if let Some(release) = releases.get(&other.number) {
            draft.steps[position].needs.push(*release);
            continue;
        }
        let holds = format!("the user already has {} as {category} number", other.number);
        if !options.replace {
            return draft.refuse(
                "targetHoldsOther",
                holds,
                "Add a row that unassigns or moves that number, or plan with --replace (Python: replace=True, Node: replace: true)",
            );
        }
        if is_kept_base(&other.number, snapshot, options) {
            return refuse(draft, &Refusal::has_extensions(&other.number), &other);
        }
        let release = Change::unassign(other.number.as_str());
        match decide(&release, &Current::from(found.clone())) {
            _ if !is_canonical(&other.number) => {
                return draft.refuse(
                    "targetHoldsOther",
                    format!("{holds}, which is not a valid telephone number"),
                    "Unassign that number in the Teams admin center",
                );
            }
            Err(refusal) => {
                let why = refusal.in_full(&other.number, other.holder_name.as_deref().or(other.holder.as_deref()));
                return draft.refuse(
                    "targetHoldsOther",
                    format!("{holds}, which cannot be released: {why}"),
                    refusal.next_step(),
                );
            }
            Ok(_) => {
                draft.warn(
                    "replaces",
                    format!("{holds} and loses it"),
                    "Plan without --replace (Python, Node: replace) if the user should keep it",
                );
                let release = draft.send(release, Vec::new(), State::Number(other.clone()));
                releases.insert(other.number, release);
                draft.steps[position].needs.push(release);
            }
        }
    }
}
