//! What was read of the service, in the words of plans.

use trunkline::graph::PhoneAuthenticationMethod;
use trunkline::phones::PhoneRole;
use trunkline::teams_administration::NumberAssignment;

use super::{NumberState, PhoneState};

impl NumberState {
    /// How the number is.
    #[must_use]
    pub fn of(found: &NumberAssignment) -> Self {
        let word = |value: Option<String>| value.filter(|value| !value.is_empty());
        Self {
            number: found.telephone_number.value().cloned().unwrap_or_default(),
            number_type: word(found.number_type.value().map(ToString::to_string)),
            number_source: word(found.number_source.value().map(ToString::to_string)),
            status: word(found.assignment_status.value().map(ToString::to_string)),
            activation: word(found.activation_state.value().map(ToString::to_string)),
            holder: found.holder().map(str::to_owned),
            category: word(found.assignment_category.value().map(ToString::to_string)),
            location: found.location().map(str::to_owned),
        }
    }
}

impl PhoneState {
    /// How the phone method of a role is, among all methods of the user.
    #[must_use]
    pub fn of(user: impl Into<String>, role: PhoneRole, methods: &[PhoneAuthenticationMethod]) -> Self {
        let own = methods.iter().find(|method| role.is_of(method));
        Self {
            user: user.into(),
            role: role.name().to_owned(),
            number: own.and_then(|method| method.phone_number.value().cloned()),
            sms_sign_in: own.and_then(|method| method.sms_sign_in_state.value().map(ToString::to_string)),
        }
    }
}
