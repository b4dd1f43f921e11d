//! Reads the progress of a change from the answer to its request and from the phone methods.

use std::time::Duration;

use super::decision::{has, is_masked, is_on, method_of, read, uniqueness};
use super::role::PhoneRole;
use crate::change::Change;
pub(super) use crate::generated::graph::AuthenticationMethodSignInState as State;
use crate::generated::graph::PhoneAuthenticationMethod;
use crate::read_back::Shows;
use crate::telephone::PhoneMethodNumber;
use crate::{Error, ErrorKind, Result};

/// How long a refusal has to be read as one: the method may have been created all the same, and a state that forbids signing in
/// may be that of before.
const REFUSAL: Duration = Duration::from_secs(10);

/// The methods of a user, one of which a change is about.
type Methods = [PhoneAuthenticationMethod];

/// The method that a change is about.
pub(super) fn own<'m>(methods: &'m Methods, change: &Change) -> Option<&'m PhoneAuthenticationMethod> {
    method_of(methods, role_of(change))
}

/// The role of the method that a change is about.
pub(super) fn role_of(change: &Change) -> PhoneRole {
    change.role().unwrap_or(PhoneRole::Mobile)
}

/// Whether the state has to show what the error leaves open; nothing when the error says that the change is done.
pub(crate) fn doubt(change: &Change, error: Error) -> Result<Option<Error>> {
    match (change, error.kind()) {
        // An earlier attempt whose answer was lost may have removed it.
        (Change::RemovePhone { .. }, ErrorKind::NotFound) => Ok(None),
        _ if is_half_refusal(change, &error) => Ok(Some(error)),
        _ if error.may_have_reached_service() => Ok(Some(error)),
        _ => Err(error),
    }
}

/// Whether the number may be set although the service reports a problem: 409 says that SMS sign-in could not be registered, and is
/// also answered when the method was created.
pub(crate) fn is_half_refusal(change: &Change, error: &Error) -> bool {
    matches!(change, Change::SetPhone { .. }) && error.kind() == ErrorKind::Conflict
}

/// How long to read at most, where that need not be as long as for other changes.
pub(crate) fn patience(change: &Change, before: &Methods, doubt: Option<&Error>) -> Option<Duration> {
    let was_refused = refusal(before, change).is_some();
    let is_refused = doubt.is_some_and(|error| error.kind() == ErrorKind::Conflict);
    (is_refused || was_refused).then_some(REFUSAL)
}

/// The progress of a change as all methods of a user show it. `is_lost`: the service did not say that it accepted the change, so
/// only what cannot be from before it counts.
pub(crate) fn shows(change: &Change, methods: &Methods, before: &Methods, is_lost: bool) -> Shows<Error> {
    let before = own(before, change);
    let done = match (change, own(methods, change)) {
        (Change::RemovePhone { .. }, own) => own.is_none(),
        (Change::SmsSignIn { enabled, .. }, Some(own)) => is_on(own) == *enabled,
        (Change::SetPhone { number, .. }, Some(own)) => read(number).is_some_and(|number| {
            if is_masked(own) {
                let was_another = before.is_none_or(|before| before.phone_number != own.phone_number);
                may_be(own, &number) && (!is_lost || was_another)
            } else {
                has(own, &number)
            }
        }),
        _ => false,
    };
    if done {
        return Shows::Change;
    }
    match refusal(methods, change) {
        // The same state as before may be the one of before.
        Some(state) if before.is_some_and(|before| before.sms_sign_in_state.value() != Some(&state)) => {
            Shows::Failed(refused(&state))
        }
        _ => Shows::Nothing,
    }
}

/// The state that says why signing in by text message stays off, when it was to be switched on.
fn refusal(methods: &Methods, change: &Change) -> Option<State> {
    if !matches!(change, Change::SmsSignIn { enabled: true, .. }) {
        return None;
    }
    match own(methods, change)?.sms_sign_in_state.value() {
        Some(state @ (State::NotAllowedByPolicy | State::PhoneNumberNotUnique)) => Some(state.clone()),
        _ => None,
    }
}

/// The service answered 204, which it does whether or not switching had an effect, and the state says why it had none.
fn refused(state: &State) -> Error {
    let next_step = match state {
        State::NotAllowedByPolicy => {
            "Allow it in the tenant's SMS policy (isUsableForSignIn of a target the user is in)"
        }
        State::PhoneNumberNotUnique => "Another user signs in with this number: disable it there first",
        _ => "Read the phone methods again in a minute",
    };
    Error::new(
        ErrorKind::OperationFailed,
        format!("SMS sign-in was read back as {state}"),
    )
    .with_operation("phoneMethods.enableSmsSignIn")
    .with_may_have_reached_service(true)
    .with_next_step(next_step)
}

/// Whether what is left of a masked number is of this one.
fn may_be(method: &PhoneAuthenticationMethod, number: &PhoneMethodNumber) -> bool {
    let shown = method.phone_number.as_deref().unwrap_or_default();
    let wanted: String = number.to_string().chars().filter(char::is_ascii_digit).collect();
    let is_cover = |character: char| !character.is_ascii_digit();
    let end = shown.rsplit(is_cover).next().unwrap_or_default();
    let start = shown.trim_start_matches('+').split(is_cover).next().unwrap_or_default();
    wanted.ends_with(end) && wanted.starts_with(start)
}

/// Warnings for an administrator about a change that shows; those of its decision said that it may not come to that. `doubt` is the
/// error of its request.
pub(crate) fn warnings(change: &Change, before: &Methods, after: &Methods, doubt: Option<&Error>) -> Vec<String> {
    let mut warnings = Vec::new();
    let (before, after) = (own(before, change), own(after, change));
    if !matches!(change, Change::SetPhone { .. }) {
        return warnings;
    }
    if before.is_some_and(|before| !is_on(before)) && after.is_some_and(is_on) {
        warnings.push("the service switched SMS sign-in on with the new number; it was off before".to_owned());
    }
    if let Some(warning) = after.and_then(uniqueness) {
        warnings.push(warning.to_string());
    } else if let Some(conflict) = doubt.filter(|doubt| is_half_refusal(change, doubt)) {
        warnings.push(format!(
            "the service reported a problem, but the number is set: {conflict}"
        ));
    }
    if after.is_some_and(is_masked) {
        warnings
            .push("the number was read back masked, so only the digits that are left of it are confirmed".to_owned());
    }
    warnings
}

/// The state that was read last of a change that does not show, in words.
///
/// # Errors
///
/// When the state says that the service refused the change.
pub(crate) fn not_shown(change: &Change, last: &Methods) -> Result<String> {
    if let Some(state) = refusal(last, change) {
        return Err(refused(&state));
    }
    Ok(match (change, own(last, change)) {
        (_, None) => "no such phone method".to_owned(),
        (Change::SmsSignIn { .. }, Some(last)) => last.sms_sign_in_state.value().map_or_else(
            || "no state of SMS sign-in".to_owned(),
            |state| format!("SMS sign-in as {state}"),
        ),
        (_, Some(last)) => last
            .phone_number
            .clone()
            .into_option()
            .unwrap_or_else(|| "no number".to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::Person;
    use crate::phones::requests::method;

    #[test]
    fn a_change_that_shows_has_no_warning_that_it_may_not() {
        let mobile = |state: &str| {
            let mut method = method(PhoneRole::Mobile, "+1 2065550198");
            method.sms_sign_in_state = State::from(state).into();
            method.id = PhoneRole::Mobile.id().into();
            [method]
        };
        let user = || Person::named("ana@contoso.example");
        let on = Change::SmsSignIn {
            user: user(),
            enabled: true,
        };
        assert_eq!(
            warnings(&on, &mobile("phoneNumberNotUnique"), &mobile("ready"), None),
            Vec::<String>::new()
        );
        let set = Change::SetPhone {
            user: user(),
            role: PhoneRole::Mobile,
            number: "+1 2065550198".to_owned(),
        };
        let conflict = Error::new(ErrorKind::Conflict, "not registered");
        let ready = mobile("ready");
        assert_eq!(warnings(&set, &ready, &ready, Some(&conflict)).len(), 1);
        assert_eq!(warnings(&on, &ready, &ready, Some(&conflict)), Vec::<String>::new());
        assert!(is_half_refusal(&set, &conflict) && !is_half_refusal(&on, &conflict));
    }

    #[test]
    fn what_is_left_of_a_masked_number_is_compared() {
        let number = PhoneMethodNumber::parse("+1 2065550198").expect("is a number");
        for (shown, expected) in [
            ("+1 XXXXXXXX98", true),
            ("+1 ******98", true),
            ("******", true),
            ("+1 XXXXXXXX00", false),
            ("+44 XXXXXXXX98", false),
        ] {
            let method = method(PhoneRole::Mobile, shown);
            assert_eq!(may_be(&method, &number), expected, "{shown}");
        }
    }
}
