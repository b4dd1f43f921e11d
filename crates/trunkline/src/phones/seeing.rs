//! The progress of a change as phone methods show it.

use super::decision::{PhoneStep, PhoneWanted, has, is_masked, is_on, uniqueness};
pub(super) use crate::generated::graph::AuthenticationMethodSignInState as State;
use crate::generated::graph::PhoneAuthenticationMethod;
use crate::read_back::Shows;
use crate::telephone::PhoneMethodNumber;
use crate::user_change::lost_answer;
use crate::{Error, ErrorKind};

/// The progress of the change as all methods of a user show it. `before` is the method before it. `is_lost`: the service did not say that it
/// accepted the change, so only what cannot be from before it counts.
pub(super) fn shows(
    methods: &[PhoneAuthenticationMethod],
    wanted: &PhoneWanted,
    before: Option<&PhoneAuthenticationMethod>,
    is_lost: bool,
) -> Shows<State> {
    let own = methods.iter().find(|method| wanted.role().is_of(method));
    let done = match (wanted, own) {
        (PhoneWanted::Absent(_), own) => own.is_none(),
        (_, None) => false,
        (PhoneWanted::Number(_, number), Some(own)) if is_masked(own) => {
            let was_another = before.is_none_or(|before| before.phone_number != own.phone_number);
            may_be(own, number) && (!is_lost || was_another)
        }
        (PhoneWanted::Number(_, number), Some(own)) => has(own, number),
        (PhoneWanted::SmsSignIn(on), Some(own)) => is_on(own) == *on,
    };
    if done {
        return Shows::Change;
    }
    match refusal(methods, wanted) {
        // The same state as before may be the one of before.
        Some(state) if before.is_some_and(|before| before.sms_sign_in_state.value() != Some(&state)) => {
            Shows::Failed(state)
        }
        _ => Shows::Nothing,
    }
}

/// The state that says why signing in by text message stays off, when it was to be switched on.
pub(super) fn refusal(methods: &[PhoneAuthenticationMethod], wanted: &PhoneWanted) -> Option<State> {
    if *wanted != PhoneWanted::SmsSignIn(true) {
        return None;
    }
    let own = methods.iter().find(|method| wanted.role().is_of(method))?;
    match own.sms_sign_in_state.value() {
        Some(state @ (State::NotAllowedByPolicy | State::PhoneNumberNotUnique)) => Some(state.clone()),
        _ => None,
    }
}

/// The service answered 204, which it does whether or not switching had an effect, and the state says why it had none.
pub(super) fn refused(step: &PhoneStep, state: &State) -> Error {
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
    .with_operation(step.operation())
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

/// Warnings for an administrator about a change that shows.
pub(super) fn warnings(
    before: Option<&PhoneAuthenticationMethod>,
    after: Option<&PhoneAuthenticationMethod>,
    doubt: Option<&Error>,
    wanted: &PhoneWanted,
) -> Vec<String> {
    let mut warnings = Vec::new();
    if wanted.is_number() && before.is_some_and(|before| !is_on(before)) && after.is_some_and(is_on) {
        warnings.push("the service switched SMS sign-in on with the new number; it was off before".to_owned());
    }
    let not_unique = after.and_then(uniqueness).filter(|_| wanted.is_number());
    match (not_unique, doubt) {
        (Some(warning), _) => warnings.push(warning),
        (None, Some(doubt)) if doubt.kind() == ErrorKind::Conflict => warnings.push(format!(
            "the service reported a problem, but the number is set: {doubt}"
        )),
        (None, Some(doubt)) => warnings.push(lost_answer(doubt)),
        (None, None) => {}
    }
    if wanted.is_number() && after.is_some_and(is_masked) {
        warnings
            .push("the number was read back masked, so only the digits that are left of it are confirmed".to_owned());
    }
    warnings
}

/// The state that was read last, in words.
pub(super) fn shown(last: Option<&PhoneAuthenticationMethod>, wanted: &PhoneWanted) -> String {
    match (wanted, last) {
        (_, None) => "no such phone method".to_owned(),
        (PhoneWanted::SmsSignIn(_), Some(last)) => last.sms_sign_in_state.value().map_or_else(
            || "no state of SMS sign-in".to_owned(),
            |state| format!("SMS sign-in as {state}"),
        ),
        (_, Some(last)) => last
            .phone_number
            .clone()
            .into_option()
            .unwrap_or_else(|| "no number".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phones::PhoneRole;

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
            let method = PhoneAuthenticationMethod::new(shown.to_owned(), PhoneRole::Mobile.phone_type());
            assert_eq!(may_be(&method, &number), expected, "{shown}");
        }
    }
}
