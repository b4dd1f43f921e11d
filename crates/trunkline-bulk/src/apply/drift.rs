//! The difference between the state that a plan expects and the one that is read.

use trunkline::{Change, PhoneMethodNumber};

use crate::plan::{PhoneState, PolicyState, State};

/// The difference between the state now and the planned one, in words; `None` when it does not matter to this step.
pub(super) fn drift(change: &Change, planned: &State, now: &State) -> Option<String> {
    let or = |value: &Option<String>, none: &str| value.clone().unwrap_or_else(|| none.to_owned());
    let (thing, planned, found) = match (planned, now) {
        (State::Number(planned), State::Number(found)) => match change {
            Change::SetLocation { .. } => (
                "its location",
                or(&planned.location, "none"),
                or(&found.location, "none"),
            ),
            _ => ("its holder", or(&planned.holder, "nobody"), or(&found.holder, "nobody")),
        },
        (State::Phone(planned), State::Phone(found)) => match change {
            Change::SmsSignIn { .. } => ("its SMS sign-in", on(planned).to_owned(), on(found).to_owned()),
            _ => ("its number", phone(&planned.number), phone(&found.number)),
        },
        (State::Policy(planned), State::Policy(found)) => ("its policy", own(planned), own(found)),
        _ => return Some("the plan describes another thing".to_owned()),
    };
    (!planned.eq_ignore_ascii_case(&found))
        .then(|| format!("since it was planned, {thing} changed from {planned} to {found}"))
}

/// Whether the user can sign in: the service has many words for off, and one for on.
fn on(state: &PhoneState) -> &'static str {
    match state.sms_sign_in.as_deref() {
        Some("ready") => "on",
        _ => "off",
    }
}

/// The number, however the service spells it.
fn phone(number: &Option<String>) -> String {
    match number {
        None => "absent".to_owned(),
        Some(text) => PhoneMethodNumber::from_service(text).map_or_else(|_| text.clone(), |number| number.to_string()),
    }
}

/// The policy that is assigned directly.
fn own(state: &PolicyState) -> String {
    let policy = state.policy.as_ref().filter(|_| state.is_direct);
    policy.cloned().unwrap_or_else(|| "none of their own".to_owned())
}
