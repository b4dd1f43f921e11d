//! Creates number entities, one or very many.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// The operator every seeded number of one type belongs to.
fn operator_id(number_type: &str) -> &'static str {
    match number_type {
        "directRouting" => "0d000000-0000-4000-8000-00000000d001",
        "operatorConnect" => "0d000000-0000-4000-8000-00000000d003",
        _ => "0d000000-0000-4000-8000-00000000d002",
    }
}

/// The opaque id of a number: unpadded base64url of a GUID, a bar and the number.
pub(crate) fn number_id(operator: &str, number: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{operator}|{number}"))
}

/// A complete, unassigned number.
pub(crate) fn number_entity(number: &str, number_type: &str, city: Option<&str>) -> Value {
    let operator = operator_id(number_type);
    let direct = number_type == "directRouting";
    json!({
        "@odata.type": "#microsoft.graph.teamsAdministration.numberAssignment",
        "id": number_id(operator, number),
        "telephoneNumber": number,
        "operatorId": operator,
        "numberType": number_type,
        "activationState": "activated",
        "capabilities": ["conferenceAssignment", "voiceApplicationAssignment", "userAssignment"],
        "locationId": null,
        "civicAddressId": null,
        "networkSiteId": null,
        "assignmentTargetId": null,
        "assignmentCategory": null,
        "portInStatus": null,
        "assignmentStatus": "unassigned",
        "isoCountryCode": if direct { Value::Null } else { json!("US") },
        "city": city,
        "numberSource": "online",
        "supportedCustomerActions": if direct { json!(["locationUpdate"]) } else { json!(["locationUpdate", "release"]) },
        "reverseNumberLookupOptions": [],
    })
}

/// A seed of `count` distinct unassigned numbers, for lists of any length. Every third is of another type.
#[must_use]
pub fn bulk_numbers(count: usize) -> Value {
    const TYPES: [&str; 3] = ["callingPlan", "directRouting", "operatorConnect"];
    const CITIES: [&str; 4] = ["Seattle", "Redmond", "Tacoma", "Spokane"];
    let numbers: Vec<Value> = (0..count)
        .map(|index| {
            // Ten thousand numbers to each area code, beginning with +1 206 555.
            let number = format!("+1{}555{:04}", 206 + index / 10_000, index % 10_000);
            number_entity(&number, TYPES[index % 3], Some(CITIES[index % 4]))
        })
        .collect();
    json!({ "numbers": numbers })
}
