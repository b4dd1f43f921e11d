//! Rows about phone methods: those of one user are put into the order that the service wants.

use std::collections::BTreeMap;

use trunkline::graph::{AuthenticationMethodSignInState, AuthenticationPhoneType, PhoneAuthenticationMethod};
use trunkline::phones::PhoneRole;
use trunkline::{Change, Current, PhoneMethodNumber, Subject, decide};

use super::draft::Draft;
use super::{State, StepId};
use crate::snapshot::Snapshot;

/// Decides every row about a phone method.
pub(super) fn plan(drafts: &mut [Draft], snapshot: &Snapshot) {
    let mut users: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let is_open = |draft: &Draft| is_about_phones(draft) && !draft.is_refused();
    for (at, draft) in drafts.iter_mut().enumerate().filter(|(_, draft)| is_open(draft)) {
        match draft.person(snapshot).map(|person| person.id.clone()) {
            Some(user) if is_usable(draft) => users.entry(user).or_default().push(at),
            Some(_) => draft.refuse(
                "unusablePhone",
                "the number or the role of the phone method is not valid; it may have been read masked",
                "Write the number in full; reading it needs the role Privileged Authentication Administrator",
            ),
            None => {}
        }
    }
    for (user, mut rows) in users {
        match snapshot.phones.of(&user) {
            Some(Ok(methods)) => {
                let sets_mobile = rows
                    .iter()
                    .any(|at| drafts[*at].wanted.change().is_some_and(sets_mobile));
                let turn = |change: &Change| turn(change, sets_mobile);
                rows.sort_by_key(|at| (drafts[*at].wanted.change().map(turn), drafts[*at].row));
                plan_user(drafts, &rows, methods, snapshot);
            }
            unread => {
                let (what, step) = match unread {
                    Some(Err(error)) => (error.message().to_owned(), error.next_step().to_owned()),
                    _ => ("they were not read".to_owned(), "Plan again".to_owned()),
                };
                for at in rows {
                    drafts[at].refuse(
                        "unreadablePhones",
                        format!("the user's phone methods cannot be read: {what}"),
                        step.clone(),
                    );
                }
            }
        }
    }
}

fn is_about_phones(draft: &Draft) -> bool {
    draft.wanted.change().map(Change::subject) == Some(Subject::Phones)
}

/// Whether the number can be set: one that was read masked cannot.
fn is_usable(draft: &Draft) -> bool {
    match draft.wanted.change() {
        Some(Change::SetPhone { number, .. }) => PhoneMethodNumber::from_service(number).is_ok(),
        _ => true,
    }
}

fn sets_mobile(change: &Change) -> bool {
    let role = PhoneRole::Mobile;
    matches!(change, Change::SetPhone { role: own, .. } if *own == role)
}

/// When a change of one user has its turn: signing in is switched off before its number goes, the alternate number goes
/// before the mobile one and comes after it, signing in is switched on at the end. Whoever gets another mobile number is
/// registered for signing in with it, so it is switched off after that.
fn turn(change: &Change, sets_mobile: bool) -> u8 {
    match change {
        Change::SmsSignIn { enabled: false, .. } if !sets_mobile => 0,
        Change::RemovePhone {
            role: PhoneRole::Mobile,
            ..
        } => 2,
        Change::RemovePhone { .. } => 1,
        change if self::sets_mobile(change) => 3,
        Change::SetPhone { .. } => 4,
        _ => 5,
    }
}

/// Decides the rows of one user, each on what those before it leave.
fn plan_user(drafts: &mut [Draft], rows: &[usize], original: &[PhoneAuthenticationMethod], snapshot: &Snapshot) {
    let original = Current::Phones(original.to_vec());
    let mut current = original.clone();
    let mut last: Option<StepId> = None;
    let mut is_mobile_set = false;
    for at in rows {
        let draft = &mut drafts[*at];
        let Some(change) = draft.wanted.change().cloned() else {
            continue;
        };
        if let Change::SmsSignIn { user, enabled: false } = &change
            && is_mobile_set
        {
            // The effect in the service is not known yet; undo has to revert this.
            let user = user.clone();
            execute(&mut current, &Change::SmsSignIn { user, enabled: true });
        }
        draft.before = Some(State::of(&change, &original));
        let decision = match decide(&change, &current) {
            Ok(decision) => decision,
            Err(refusal) => {
                draft.refuse(refusal.reason.code(), refusal.to_string(), refusal.next_step());
                continue;
            }
        };
        for warning in &decision.warnings {
            draft.warn(warning.code(), warning.to_string(), "Correct this, or ignore it");
        }
        for step in decision.steps() {
            if matches!(step, Change::SmsSignIn { enabled: true, .. }) && refuse_by_policy(draft, snapshot) {
                break;
            }
            let expects = State::of(&change, &current);
            last = Some(draft.send(step.clone(), last.into_iter().collect(), expects));
            is_mobile_set |= sets_mobile(step);
            execute(&mut current, step);
        }
    }
}

fn refuse_by_policy(draft: &mut Draft, snapshot: &Snapshot) -> bool {
    let policy = snapshot.sms;
    let refused = policy.is_enabled == Some(false) || policy.is_for_sign_in == Some(false);
    if refused {
        draft.refuse(
            "smsPolicyOff",
            "the tenant's policy does not let users sign in with a text message",
            "Enable the SMS policy, and signing in with it, for the user's group",
        );
    }
    refused
}

/// Changes the user's methods as a step will.
fn execute(current: &mut Current, step: &Change) {
    let Current::Phones(methods) = current else { return };
    match step {
        Change::SetPhone { role, number, .. } => {
            let kind = AuthenticationPhoneType::from(role.name());
            let mut method = PhoneAuthenticationMethod::new(number.clone(), kind);
            method.id = role.id().into();
            methods.retain(|method| !role.is_of(method));
            methods.push(method);
        }
        Change::RemovePhone { role, .. } => methods.retain(|method| !role.is_of(method)),
        Change::SmsSignIn { enabled, .. } => {
            let state = if *enabled { "ready" } else { "notEnabled" };
            for method in methods.iter_mut().filter(|method| PhoneRole::Mobile.is_of(method)) {
                method.sms_sign_in_state = AuthenticationMethodSignInState::from(state).into();
            }
        }
        _ => {}
    }
}
