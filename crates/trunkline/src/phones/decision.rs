//! Decides a change of phone methods on those that the user has. Nothing is read or sent here.

use super::role::PhoneRole;
use crate::change::Change;
use crate::decision::{Decision, DecisionAction, Warning};
use crate::generated::graph::{AuthenticationMethodSignInState as State, PhoneAuthenticationMethod};
use crate::refusal::{Refusal, RefusalReason};
use crate::telephone::PhoneMethodNumber;

/// Decides a change of these methods, which are all of the user's.
pub(crate) fn decide(change: &Change, present: &[PhoneAuthenticationMethod]) -> Result<Decision, Refusal> {
    let of = |role: PhoneRole| method_of(present, role);
    let refuse = |reason| Err(Refusal::new(reason));
    let already = |warning| Ok(Decision::new(DecisionAction::Already, warning));
    let send = |warning| Ok(Decision::new(DecisionAction::Send(vec![change.clone()]), warning));
    match change {
        Change::SetPhone { role, number, .. } => {
            let Some(number) = read(number) else {
                return refuse(RefusalReason::UnreadableNumber);
            };
            match of(*role) {
                Some(method) if has(method, &number) => already(uniqueness(method)),
                Some(method) => send(is_masked(method).then_some(Warning::MaskedNumber)),
                None if *role == PhoneRole::AlternateMobile && of(PhoneRole::Mobile).is_none() => {
                    refuse(RefusalReason::MobileMissing)
                }
                None => send(None),
            }
        }
        Change::RemovePhone { role, .. } => match of(*role) {
            None => already(None),
            Some(_) if *role == PhoneRole::Mobile && of(PhoneRole::AlternateMobile).is_some() => {
                refuse(RefusalReason::AlternateRemains)
            }
            Some(_) => send(None),
        },
        Change::SmsSignIn { enabled, .. } => match of(PhoneRole::Mobile) {
            None => refuse(RefusalReason::NoMobile),
            Some(mobile) if is_on(mobile) == *enabled => already(None),
            Some(mobile) => send(
                match mobile.sms_sign_in_state.value() {
                    Some(State::NotAllowedByPolicy) => Some(Warning::SmsPolicy),
                    _ => uniqueness(mobile),
                }
                .filter(|_| *enabled),
            ),
        },
        _ => refuse(RefusalReason::OtherSubject),
    }
}

/// The method of a role.
pub(super) fn method_of(methods: &[PhoneAuthenticationMethod], role: PhoneRole) -> Option<&PhoneAuthenticationMethod> {
    methods.iter().find(|method| role.is_of(method))
}

/// The number of a change, as the service writes it.
pub(super) fn read(number: &str) -> Option<PhoneMethodNumber> {
    PhoneMethodNumber::from_service(number).ok()
}

/// The warning about a number that another user signs in with.
pub(super) fn uniqueness(method: &PhoneAuthenticationMethod) -> Option<Warning> {
    (method.sms_sign_in_state == Some(State::PhoneNumberNotUnique)).then_some(Warning::NotUnique)
}

/// Whether the method has this number, however the service spells it.
pub(super) fn has(method: &PhoneAuthenticationMethod, number: &PhoneMethodNumber) -> bool {
    let own = method.phone_number.as_deref().and_then(read);
    own.as_ref() == Some(number)
}

/// Whether the number was masked: Authentication Administrators see no more than that.
pub(super) fn is_masked(method: &PhoneAuthenticationMethod) -> bool {
    method
        .phone_number
        .as_deref()
        .is_some_and(|number| read(number).is_none())
}

/// Whether the user signs in with it by text message.
pub(super) fn is_on(method: &PhoneAuthenticationMethod) -> bool {
    method.sms_sign_in_state == Some(State::Ready)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::Person;

    fn method(role: PhoneRole, number: &str, state: &str) -> PhoneAuthenticationMethod {
        let mut method = PhoneAuthenticationMethod::new(number.to_owned(), role.phone_type());
        method.id = role.id().into();
        method.sms_sign_in_state = State::from(state).into();
        method
    }

    fn set(role: PhoneRole) -> Change {
        Change::SetPhone {
            user: Person::named("ana@contoso.example"),
            role,
            number: "+1 2065550100".to_owned(),
        }
    }

    fn remove(role: PhoneRole) -> Change {
        let user = Person::named("ana@contoso.example");
        Change::RemovePhone { user, role }
    }

    fn sms_sign_in(enabled: bool) -> Change {
        let user = Person::named("ana@contoso.example");
        Change::SmsSignIn { user, enabled }
    }

    /// The decision in a word, and the number of its warnings.
    fn word(present: &[PhoneAuthenticationMethod], change: &Change) -> (&'static str, usize) {
        match decide(change, present) {
            Err(refusal) => (refusal.reason.code(), 0),
            Ok(decision) => {
                let word = match decision.steps() {
                    [] => "already",
                    [step] if step == change => "send",
                    steps => panic!("other steps: {steps:?}"),
                };
                (word, decision.warnings.len())
            }
        }
    }

    #[test]
    fn numbers_are_created_changed_and_left_alone() {
        use PhoneRole::{AlternateMobile, Mobile, Office};
        let mobile = method(Mobile, "+1 2065550100", "ready");
        let shadowed = method(Mobile, "+1 ******00", "ready");
        let office = method(Office, "+12065550102", "notSupported");
        let cases = [
            (vec![], set(Mobile), ("send", 0)),
            (vec![], set(Office), ("send", 0)),
            (vec![], set(AlternateMobile), ("mobileMissing", 0)),
            (vec![office.clone()], set(AlternateMobile), ("mobileMissing", 0)),
            (vec![mobile.clone()], set(AlternateMobile), ("send", 0)),
            (vec![mobile.clone()], set(Mobile), ("already", 0)),
            (vec![shadowed], set(Mobile), ("send", 1)),
            (vec![mobile, office], set(Office), ("send", 0)),
        ];
        for (present, change, expected) in cases {
            assert_eq!(word(&present, &change), expected, "{present:?} {change:?}");
        }
    }

    #[test]
    fn methods_are_removed_in_their_order() {
        use PhoneRole::{AlternateMobile, Mobile, Office};
        let mobile = method(Mobile, "+1 2065550100", "ready");
        let alternate = method(AlternateMobile, "+1 2065550101", "notSupported");
        let cases = [
            (vec![], Mobile, "already"),
            (vec![mobile.clone()], Office, "already"),
            (vec![mobile.clone()], Mobile, "send"),
            (vec![mobile.clone(), alternate.clone()], AlternateMobile, "send"),
            (vec![mobile, alternate], Mobile, "alternateRemains"),
        ];
        for (present, role, expected) in cases {
            assert_eq!(word(&present, &remove(role)), (expected, 0), "{present:?} {role}");
        }
    }

    #[test]
    fn signing_in_by_text_message_is_switched_only_when_it_is_not_so() {
        let cases = [
            ("ready", true, ("already", 0)),
            ("ready", false, ("send", 0)),
            ("notEnabled", true, ("send", 0)),
            ("notEnabled", false, ("already", 0)),
            ("notConfigured", true, ("send", 0)),
            ("notAllowedByPolicy", true, ("send", 1)),
            ("notAllowedByPolicy", false, ("already", 0)),
            ("phoneNumberNotUnique", true, ("send", 1)),
            ("somethingNewer", true, ("send", 0)),
        ];
        for (state, enabled, expected) in cases {
            let present = [method(PhoneRole::Mobile, "+1 2065550100", state)];
            assert_eq!(word(&present, &sms_sign_in(enabled)), expected, "{state} {enabled}");
        }
        for enabled in [true, false] {
            assert_eq!(word(&[], &sms_sign_in(enabled)), ("noMobile", 0));
        }
    }
}
