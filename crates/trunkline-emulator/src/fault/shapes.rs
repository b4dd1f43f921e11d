//! The shapes of documented samples that contradict the schema.

use super::{Effect, Fault};

/// Faults that give answers the shape of the samples in the reference pages, where those contradict the schema: single
/// entities wrapped in `value`, a list of numbers whose `value` is an object, and a Boolean as text.
#[must_use]
pub fn documented_shapes() -> Vec<Fault> {
    const WRAPPED: [&str; 6] = [
        "*/telephoneNumberManagement/numberAssignments/*",
        "*/telephoneNumberManagement/operations*",
        "*/teams/userConfigurations/*",
        "*/authenticationMethods/userRegistrationDetails/*",
        "*/authenticationMethodConfigurations/sms",
        "*/authenticationMethodConfigurations/voice",
    ];
    let reading = |path: &str, effect| Fault::new(effect).method("GET").path(path).named("documentedShape");
    let mut faults = vec![
        reading("*/authenticationMethodConfigurations/voice", Effect::StringBooleans {}),
        reading("*/telephoneNumberManagement/numberAssignments", Effect::ObjectValue {}),
    ];
    faults.extend(WRAPPED.iter().map(|path| reading(path, Effect::WrapValue {})));
    faults
}
