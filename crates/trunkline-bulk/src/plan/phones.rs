//! Rows about phone methods: those of one user are put into the order that the service wants.

use std::collections::BTreeMap;

use trunkline::graph::{AuthenticationMethodSignInState, AuthenticationPhoneType, PhoneAuthenticationMethod};
use trunkline::phones::{self, PhoneAction, PhoneRole, PhoneStep, PhoneWanted};
use trunkline::{Change, Person, PhoneMethodNumber};

use super::draft::Draft;
use super::{PhoneState, State, StepId, Wanted};
use crate::snapshot::Snapshot;

/// Decides every row about a phone method.
pub(super) fn decide(drafts: &mut [Draft], snapshot: &Snapshot) {
    let mut users: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let is_open = |draft: &Draft| is_about_phones(draft) && !draft.is_refused();
    for (at, draft) in drafts.iter_mut().enumerate().filter(|(_, draft)| is_open(draft)) {
        match draft.person(snapshot).map(|person| person.id.clone()) {
            Some(user) if wanted_of(&draft.wanted).is_some() => users.entry(user).or_default().push(at),
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
                let sets_mobile = rows.iter().any(|at| {
                    matches!(
                        wanted_of(&drafts[*at].wanted),
                        Some(PhoneWanted::Number(PhoneRole::Mobile, _))
                    )
                });
                let turn = |wanted: &PhoneWanted| turn(wanted, sets_mobile);
                rows.sort_by_key(|at| (wanted_of(&drafts[*at].wanted).as_ref().map(turn), drafts[*at].line));
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

fn is_about_phones(draft: &Draft) -> bool {
    let change = draft.wanted.change();
    matches!(
        change,
        Some(Change::SetPhone { .. } | Change::RemovePhone { .. } | Change::SmsSignIn { .. })
    )
}

fn wanted_of(wanted: &Wanted) -> Option<PhoneWanted> {
    match wanted.change()? {
        Change::SetPhone { role, number, .. } => {
            let number = PhoneMethodNumber::from_service(number).ok()?;
            Some(PhoneWanted::Number(*role, number))
        }
        Change::RemovePhone { role, .. } => Some(PhoneWanted::Absent(*role)),
        Change::SmsSignIn { enabled, .. } => Some(PhoneWanted::SmsSignIn(*enabled)),
        _ => None,
    }
}

/// When a change of one user has its turn: signing in is switched off before its number goes, the alternate number goes
/// before the mobile one and comes after it, signing in is switched on at the end. Whoever gets another mobile number is
/// registered for signing in with it, so it is switched off after that.
fn turn(wanted: &PhoneWanted, sets_mobile: bool) -> u8 {
    match wanted {
        PhoneWanted::SmsSignIn(false) if !sets_mobile => 0,
        PhoneWanted::Absent(PhoneRole::Mobile) => 2,
        PhoneWanted::Absent(_) => 1,
        PhoneWanted::Number(PhoneRole::Mobile, _) => 3,
        PhoneWanted::Number(..) => 4,
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
    let mut is_mobile_set = false;
    for at in rows {
        let draft = &mut drafts[*at];
        let Some(wanted) = wanted_of(&draft.wanted) else {
            continue;
        };
        if is_mobile_set && wanted == PhoneWanted::SmsSignIn(false) {
            // The effect in the service is not known yet; undo has to revert this.
            execute(&mut methods, &PhoneStep::EnableSmsSignIn);
        }
        let state = |methods: &[PhoneAuthenticationMethod]| PhoneState::of(user, wanted.role(), methods);
        draft.before = Some(State::Phone(state(&original)));
        match phones::decide(&methods, &wanted) {
            Err(refusal) => draft.refuse(refusal.code(), refusal.to_string(), refusal.next_step()),
            Ok(decision) => {
                for warning in decision.warnings {
                    draft.warn("phoneWarning", warning, "Correct this, or ignore it");
                }
                if let PhoneAction::Send(step) = decision.action {
                    if step == PhoneStep::EnableSmsSignIn && refuse_by_policy(draft, snapshot) {
                        continue;
                    }
                    let expects = State::Phone(state(&methods));
                    let person = draft.wanted.person().cloned().unwrap_or_default();
                    let id = draft.send(change(person, &step), last.into_iter().collect(), expects);
                    last = Some(id);
                    is_mobile_set |= matches!(wanted, PhoneWanted::Number(PhoneRole::Mobile, _));
                    execute(&mut methods, &step);
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

fn change(user: Person, step: &PhoneStep) -> Change {
    match step {
        PhoneStep::Create(role, number) | PhoneStep::Update(role, number) => Change::SetPhone {
            user,
            role: *role,
            number: number.to_string(),
        },
        PhoneStep::Remove(role) => Change::RemovePhone { user, role: *role },
        PhoneStep::DisableSmsSignIn => Change::SmsSignIn { user, enabled: false },
        // A step that the core adds later needs a line here.
        _ => Change::SmsSignIn { user, enabled: true },
    }
}

/// Changes the user's methods as a step will.
fn execute(methods: &mut Vec<PhoneAuthenticationMethod>, step: &PhoneStep) {
    let mut put = |role: PhoneRole, number: &PhoneMethodNumber| {
        let kind = AuthenticationPhoneType::from(role.name());
        let mut method = PhoneAuthenticationMethod::new(number.to_string(), kind);
        method.id = role.id().into();
        methods.retain(|method| !role.is_of(method));
        methods.push(method);
    };
    match step {
        PhoneStep::Create(role, number) | PhoneStep::Update(role, number) => put(*role, number),
        PhoneStep::Remove(role) => methods.retain(|method| !role.is_of(method)),
        PhoneStep::EnableSmsSignIn | PhoneStep::DisableSmsSignIn => {
            let state = match step {
                PhoneStep::EnableSmsSignIn => "ready",
                _ => "notEnabled",
            };
            for method in methods.iter_mut().filter(|method| PhoneRole::Mobile.is_of(method)) {
                method.sms_sign_in_state = AuthenticationMethodSignInState::from(state).into();
            }
        }
        _ => {}
    }
}
