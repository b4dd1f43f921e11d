//! Rows about phone methods: those of one user are put into the order that the service wants.

use std::collections::BTreeMap;

use trunkline::PhoneMethodNumber;
use trunkline::graph::{AuthenticationMethodSignInState, AuthenticationPhoneType, PhoneAuthenticationMethod};
use trunkline::phones::{self, PhoneAction, PhoneRole, PhoneStep, PhoneWanted};

use super::draft::Draft;
use super::{Action, PhoneState, State, StepId};
use crate::input::Change;
use crate::snapshot::Snapshot;

/// Decides every row about a phone method.
pub(super) fn decide(drafts: &mut [Draft], snapshot: &Snapshot) {
    let mut users: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, draft) in drafts.iter().enumerate().filter(|(_, draft)| !draft.is_refused()) {
        let is_phone = wanted_of(&draft.change).is_some();
        if let Some(person) = draft.person(snapshot).filter(|_| is_phone) {
            users.entry(person.id.clone()).or_default().push(at);
        }
    }
    for (user, mut rows) in users {
        match snapshot.phones.of(&user) {
            Some(Ok(methods)) => {
                rows.sort_by_key(|at| (turn(&drafts[*at].change), drafts[*at].line));
                decide_user(drafts, &rows, &user, methods.clone(), snapshot);
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

fn wanted_of(change: &Change) -> Option<PhoneWanted> {
    match change {
        Change::SetPhone { role, number, .. } => Some(PhoneWanted::Number(*role, number.clone())),
        Change::RemovePhone { role, .. } => Some(PhoneWanted::Absent(*role)),
        Change::SmsSignIn { enable, .. } => Some(PhoneWanted::SmsSignIn(*enable)),
        _ => None,
    }
}

/// When a change of one user has its turn: signing in is switched off before its number goes, the alternate number goes
/// before the mobile one and comes after it, signing in is switched on at the end.
fn turn(change: &Change) -> u8 {
    match change {
        Change::SmsSignIn { enable: false, .. } => 0,
        Change::RemovePhone { role, .. } if *role != PhoneRole::Mobile => 1,
        Change::RemovePhone { .. } => 2,
        Change::SetPhone { role, .. } if *role == PhoneRole::Mobile => 3,
        Change::SetPhone { .. } => 4,
        _ => 5,
    }
}

/// Decides the rows of one user, each on what those before it leave.
fn decide_user(
    drafts: &mut [Draft],
    rows: &[usize],
    user: &str,
    mut methods: Vec<PhoneAuthenticationMethod>,
    snapshot: &Snapshot,
) {
    let original = methods.clone();
    let mut last: Option<StepId> = None;
    for at in rows {
        let draft = &mut drafts[*at];
        let Some(wanted) = wanted_of(&draft.change) else {
            continue;
        };
        let state = |methods: &[PhoneAuthenticationMethod]| PhoneState::of(user, wanted.role(), methods);
        draft.before = Some(State::Phone(state(&original)));
        match phones::decide(&methods, &wanted) {
            Err(refusal) => draft.refuse(refusal.code(), refusal.to_string(), refusal.next_step()),
            Ok(decision) => {
                for warning in decision.warnings {
                    draft.warn("phoneWarning", warning, "See to it, or leave it so");
                }
                if let PhoneAction::Send(step) = decision.action {
                    if step == PhoneStep::EnableSmsSignIn && refuse_by_policy(draft, snapshot) {
                        continue;
                    }
                    let expects = State::Phone(state(&methods));
                    let id = draft.send(action(user, &step), last.into_iter().collect(), expects);
                    last = Some(id);
                    carry_out(&mut methods, &step);
                }
            }
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

fn action(user: &str, step: &PhoneStep) -> Action {
    let user = user.to_owned();
    match step {
        PhoneStep::Create(role, number) | PhoneStep::Update(role, number) => Action::SetPhone {
            user,
            role: role.name().to_owned(),
            number: number.to_string(),
        },
        PhoneStep::Remove(role) => Action::RemovePhone {
            user,
            role: role.name().to_owned(),
        },
        PhoneStep::DisableSmsSignIn => Action::SetSmsSignIn { user, enabled: false },
        // What is added to the core's steps gets its own line here when this crate knows it.
        _ => Action::SetSmsSignIn { user, enabled: true },
    }
}

/// What the user's methods are after a step.
fn carry_out(methods: &mut Vec<PhoneAuthenticationMethod>, step: &PhoneStep) {
    let is_of = |role: PhoneRole, method: &PhoneAuthenticationMethod| {
        method
            .id
            .as_deref()
            .is_some_and(|id| id.eq_ignore_ascii_case(role.id()))
            || method.phone_type.value().map(ToString::to_string).as_deref() == Some(role.name())
    };
    let mut put = |role: PhoneRole, number: &PhoneMethodNumber| {
        let kind = AuthenticationPhoneType::from(role.name());
        let mut method = PhoneAuthenticationMethod::new(number.to_string(), kind);
        method.id = role.id().into();
        methods.retain(|method| !is_of(role, method));
        methods.push(method);
    };
    match step {
        PhoneStep::Create(role, number) | PhoneStep::Update(role, number) => put(*role, number),
        PhoneStep::Remove(role) => methods.retain(|method| !is_of(*role, method)),
        PhoneStep::EnableSmsSignIn | PhoneStep::DisableSmsSignIn => {
            let state = match step {
                PhoneStep::EnableSmsSignIn => "ready",
                _ => "notEnabled",
            };
            for method in methods.iter_mut().filter(|method| is_of(PhoneRole::Mobile, method)) {
                method.sms_sign_in_state = AuthenticationMethodSignInState::from(state).into();
            }
        }
        _ => {}
    }
}
