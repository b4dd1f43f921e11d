//! Decides the steps from the phone methods of a user to the wanted ones. Nothing is read or sent here.

use std::fmt;

use super::PhoneRole;
use crate::generated::graph::{AuthenticationMethodSignInState as State, PhoneAuthenticationMethod};
use crate::telephone::PhoneMethodNumber;
use crate::{Error, ErrorKind};

/// The wanted phone methods of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PhoneWanted {
    /// The method of this role has this number.
    Number(PhoneRole, PhoneMethodNumber),
    /// There is no method of this role.
    Absent(PhoneRole),
    /// The user can, or cannot, sign in with the mobile number and a text message.
    SmsSignIn(bool),
}

impl PhoneWanted {
    /// The role it is about.
    #[must_use]
    pub fn role(&self) -> PhoneRole {
        match self {
            Self::Number(role, _) | Self::Absent(role) => *role,
            Self::SmsSignIn(_) => PhoneRole::Mobile,
        }
    }

    /// Whether it is about which number the method has.
    pub(super) fn is_number(&self) -> bool {
        matches!(self, Self::Number(..))
    }
}

/// The decision. Returned by [`decide`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PhoneDecision {
    /// The change to make.
    pub action: PhoneAction,
    /// Warnings for an administrator about a change that is possible.
    pub warnings: Vec<String>,
}

impl PhoneDecision {
    /// The change to be sent, if there is one.
    #[must_use]
    pub fn step(&self) -> Option<&PhoneStep> {
        match &self.action {
            PhoneAction::Send(step) => Some(step),
            PhoneAction::Already => None,
        }
    }
}

/// The change to the phone methods of a user that a decision asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PhoneAction {
    /// Nothing: the state is already correct.
    Already,
    /// This change.
    Send(PhoneStep),
}

/// One change to the phone methods of a user: one request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PhoneStep {
    /// A method is added.
    Create(PhoneRole, PhoneMethodNumber),
    /// The number of a method is changed.
    Update(PhoneRole, PhoneMethodNumber),
    /// A method is removed.
    Remove(PhoneRole),
    /// Signing in with a text message is switched on.
    EnableSmsSignIn,
    /// Signing in with a text message is switched off.
    DisableSmsSignIn,
}

impl PhoneStep {
    /// The operation's id, such as `phoneMethods.create`.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        match self {
            Self::Create(..) => "phoneMethods.create",
            Self::Update(..) => "phoneMethods.update",
            Self::Remove(_) => "phoneMethods.delete",
            Self::EnableSmsSignIn => "phoneMethods.enableSmsSignIn",
            Self::DisableSmsSignIn => "phoneMethods.disableSmsSignIn",
        }
    }
}

/// Why a change to a phone method is not sent. Becomes an [`Error`] with `into`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PhoneRefusal {
    /// An alternate mobile number requires a mobile one, and the user has none.
    MobileMissing,
    /// The mobile number cannot go while there is an alternate one.
    AlternateRemains,
    /// Signing in with a text message needs a mobile number, and the user has none.
    NoMobile,
}

impl PhoneRefusal {
    /// A word for it that does not change between versions, for programs that group or count.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::MobileMissing => "mobileMissing",
            Self::AlternateRemains => "alternateRemains",
            Self::NoMobile => "noMobile",
        }
    }

    /// The kind of the error.
    #[must_use]
    pub fn kind(self) -> ErrorKind {
        match self {
            Self::MobileMissing => ErrorKind::InvalidInput,
            Self::AlternateRemains => ErrorKind::Conflict,
            Self::NoMobile => ErrorKind::NotFound,
        }
    }

    /// The next step.
    #[must_use]
    pub fn next_step(self) -> &'static str {
        match self {
            Self::MobileMissing | Self::NoMobile => "Set the mobile number first",
            Self::AlternateRemains => {
                "Remove alternateMobile first; to keep its number, set it as mobile and then remove alternateMobile"
            }
        }
    }

    fn operation(self) -> &'static str {
        match self {
            Self::MobileMissing => "phoneMethods.create",
            Self::AlternateRemains => "phoneMethods.delete",
            Self::NoMobile => "phoneMethods.list",
        }
    }
}

impl fmt::Display for PhoneRefusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::MobileMissing => "the user has no mobile phone method, which an alternate one needs",
            Self::AlternateRemains => "the mobile number cannot be removed while there is an alternate one",
            Self::NoMobile => "the user has no mobile phone method",
        })
    }
}

impl std::error::Error for PhoneRefusal {}

impl From<PhoneRefusal> for Error {
    fn from(refusal: PhoneRefusal) -> Self {
        Self::new(refusal.kind(), refusal.to_string())
            .with_operation(refusal.operation())
            .with_next_step(refusal.next_step())
    }
}

/// Decides how to bring the phone methods of a user from this state to the wanted one.
///
/// `present` is all of the user's phone methods. Intents, dry runs and bulk changes all ask here.
///
/// # Errors
///
/// A [`PhoneRefusal`] when the service would refuse it.
///
/// ```
/// use trunkline::PhoneMethodNumber;
/// use trunkline::phones::{PhoneAction, PhoneRole, PhoneStep, PhoneWanted, decide};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let number = PhoneMethodNumber::parse("+1 2065550100")?;
/// let decision = decide(&[], &PhoneWanted::Number(PhoneRole::Mobile, number))?;
/// assert!(matches!(decision.action, PhoneAction::Send(PhoneStep::Create(PhoneRole::Mobile, _))));
/// # Ok(()) }
/// ```
pub fn decide(present: &[PhoneAuthenticationMethod], wanted: &PhoneWanted) -> Result<PhoneDecision, PhoneRefusal> {
    let of = |role: PhoneRole| present.iter().find(|method| role.is_of(method));
    let decided = |action, warning: Option<String>| PhoneDecision {
        action,
        warnings: warning.into_iter().collect(),
    };
    let send = |step| decided(PhoneAction::Send(step), None);
    match wanted {
        PhoneWanted::Number(role, number) => match of(*role) {
            Some(method) if has(method, number) => Ok(decided(PhoneAction::Already, uniqueness(method))),
            Some(method) => Ok(decided(
                PhoneAction::Send(PhoneStep::Update(*role, number.clone())),
                is_masked(method).then(|| "the current number is masked, so it may already be this one".to_owned()),
            )),
            None if *role == PhoneRole::AlternateMobile && of(PhoneRole::Mobile).is_none() => {
                Err(PhoneRefusal::MobileMissing)
            }
            None => Ok(send(PhoneStep::Create(*role, number.clone()))),
        },
        PhoneWanted::Absent(role) => match of(*role) {
            None => Ok(decided(PhoneAction::Already, None)),
            Some(_) if *role == PhoneRole::Mobile && of(PhoneRole::AlternateMobile).is_some() => {
                Err(PhoneRefusal::AlternateRemains)
            }
            Some(_) => Ok(send(PhoneStep::Remove(*role))),
        },
        PhoneWanted::SmsSignIn(on) => {
            let mobile = of(PhoneRole::Mobile).ok_or(PhoneRefusal::NoMobile)?;
            let state = mobile.sms_sign_in_state.value();
            if is_on(mobile) == *on {
                return Ok(decided(PhoneAction::Already, None));
            }
            if !on {
                return Ok(send(PhoneStep::DisableSmsSignIn));
            }
            let warning = match state {
                Some(State::NotAllowedByPolicy) => {
                    Some("the tenant's SMS policy did not allow it when the user was read".to_owned())
                }
                Some(State::PhoneNumberNotUnique) => Some(NOT_UNIQUE.to_owned()),
                _ => None,
            };
            Ok(decided(PhoneAction::Send(PhoneStep::EnableSmsSignIn), warning))
        }
    }
}

const NOT_UNIQUE: &str = "another user signs in with this number by text message, so this one cannot";

/// The warning about a number that another user signs in with.
pub(super) fn uniqueness(method: &PhoneAuthenticationMethod) -> Option<String> {
    let is_taken = method.sms_sign_in_state == Some(State::PhoneNumberNotUnique);
    is_taken.then(|| NOT_UNIQUE.to_owned())
}

/// Whether the method has this number, however the service spells it.
pub(super) fn has(method: &PhoneAuthenticationMethod, number: &PhoneMethodNumber) -> bool {
    let own = method
        .phone_number
        .as_deref()
        .and_then(|own| PhoneMethodNumber::from_service(own).ok());
    own.as_ref() == Some(number)
}

/// Whether the number was masked: Authentication Administrators see no more than that.
pub(super) fn is_masked(method: &PhoneAuthenticationMethod) -> bool {
    method
        .phone_number
        .as_deref()
        .is_some_and(|number| PhoneMethodNumber::from_service(number).is_err())
}

/// Whether the user signs in with it by text message.
pub(super) fn is_on(method: &PhoneAuthenticationMethod) -> bool {
    method.sms_sign_in_state == Some(State::Ready)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn method(role: PhoneRole, number: &str, state: &str) -> PhoneAuthenticationMethod {
        let mut method = PhoneAuthenticationMethod::new(number.to_owned(), role.phone_type());
        method.id = role.id().into();
        method.sms_sign_in_state = State::from(state).into();
        method
    }

    fn number(text: &str) -> PhoneMethodNumber {
        PhoneMethodNumber::parse(text).expect("is a number")
    }

    #[test]
    fn numbers_are_created_changed_and_left_alone() {
        use PhoneRole::{AlternateMobile, Mobile, Office};
        let mobile = method(Mobile, "+1 2065550100", "ready");
        let shadowed = method(Mobile, "+1 ******00", "ready");
        let office = method(Office, "+12065550102", "notSupported");
        let wanted = number("+1 2065550100");
        let set = |role| PhoneWanted::Number(role, wanted.clone());
        let send = |step| Ok(PhoneAction::Send(step));
        let create = |role| send(PhoneStep::Create(role, wanted.clone()));
        let update = |role| send(PhoneStep::Update(role, wanted.clone()));
        let cases = [
            (vec![], set(Mobile), create(Mobile)),
            (vec![], set(Office), create(Office)),
            (vec![], set(AlternateMobile), Err(PhoneRefusal::MobileMissing)),
            (
                vec![office.clone()],
                set(AlternateMobile),
                Err(PhoneRefusal::MobileMissing),
            ),
            (vec![mobile.clone()], set(AlternateMobile), create(AlternateMobile)),
            (vec![mobile.clone()], set(Mobile), Ok(PhoneAction::Already)),
            (vec![shadowed.clone()], set(Mobile), update(Mobile)),
            (vec![mobile.clone(), office.clone()], set(Office), update(Office)),
        ];
        for (present, wanted, expected) in cases {
            let decided = decide(&present, &wanted).map(|decision| decision.action);
            assert_eq!(decided, expected, "{present:?} {wanted:?}");
        }
        let masked = decide(&[shadowed], &set(Mobile)).expect("can be");
        assert_eq!(masked.warnings.len(), 1);
    }

    #[test]
    fn methods_are_removed_in_their_order() {
        use PhoneRole::{AlternateMobile, Mobile, Office};
        let mobile = method(Mobile, "+1 2065550100", "ready");
        let alternate = method(AlternateMobile, "+1 2065550101", "notSupported");
        let remove = |role| Ok(PhoneAction::Send(PhoneStep::Remove(role)));
        let cases = [
            (vec![], Mobile, Ok(PhoneAction::Already)),
            (vec![mobile.clone()], Office, Ok(PhoneAction::Already)),
            (vec![mobile.clone()], Mobile, remove(Mobile)),
            (
                vec![mobile.clone(), alternate.clone()],
                AlternateMobile,
                remove(AlternateMobile),
            ),
            (vec![mobile, alternate], Mobile, Err(PhoneRefusal::AlternateRemains)),
        ];
        for (present, role, expected) in cases {
            let decided = decide(&present, &PhoneWanted::Absent(role)).map(|decision| decision.action);
            assert_eq!(decided, expected, "{present:?} {role}");
        }
    }

    #[test]
    fn signing_in_by_text_message_is_switched_only_when_it_is_not_so() {
        let on = PhoneAction::Send(PhoneStep::EnableSmsSignIn);
        let off = PhoneAction::Send(PhoneStep::DisableSmsSignIn);
        let already = PhoneAction::Already;
        let cases = [
            ("ready", true, &already, 0),
            ("ready", false, &off, 0),
            ("notEnabled", true, &on, 0),
            ("notEnabled", false, &already, 0),
            ("notConfigured", true, &on, 0),
            ("notAllowedByPolicy", true, &on, 1),
            ("notAllowedByPolicy", false, &already, 0),
            ("phoneNumberNotUnique", true, &on, 1),
            ("somethingNewer", true, &on, 0),
        ];
        for (state, wanted, action, warnings) in cases {
            let present = [method(PhoneRole::Mobile, "+1 2065550100", state)];
            let decision = decide(&present, &PhoneWanted::SmsSignIn(wanted)).expect("has a mobile");
            assert_eq!(
                (&decision.action, decision.warnings.len()),
                (action, warnings),
                "{state} {wanted}"
            );
        }
        assert_eq!(decide(&[], &PhoneWanted::SmsSignIn(true)), Err(PhoneRefusal::NoMobile));
        assert_eq!(decide(&[], &PhoneWanted::SmsSignIn(false)), Err(PhoneRefusal::NoMobile));
    }
}
