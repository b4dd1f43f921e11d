//! The members of a seed: for editors as a JSON Schema, and for seeds themselves as a check.

use serde_json::{Map, Value, json};

use super::BLOCK_MEMBER;
use super::mails::MAILS;
use super::orders::{ORDERS, RESETS};
use crate::odata::Resource;
use crate::schema::{NUMBERS, USERS};

/// The part of a seed that holds further tenants, each a seed of its own.
pub(super) const TENANTS: &str = "tenants";

/// Members of a number that only a seed has, and what they are for.
const OF_NUMBERS: &[(&str, &str)] = &[
    (
        "@emulator.outcome",
        "How an order for the number ends: {\"status\": \"failed\", \"statusDetail\": \"…\"} or {\"activationState\": \"assignmentFailed\"}",
    ),
    (
        "@emulator.requiresLocation",
        "Whether the number can be assigned with an emergency location only",
    ),
    (
        BLOCK_MEMBER,
        "\"forever\", or the moment until which the number is kept from being assigned",
    ),
];

/// Members of a user that are no properties of the directory object, and what they are for.
const OF_USERS: &[(&str, &str)] = &[
    (
        "licenseDetails",
        "Licences with their service plans; without MCOEV nobody can be assigned a number",
    ),
    (
        "authentication",
        "Authentication methods by collection, such as phoneMethods. A method with \"@emulator.default\": true is never deleted",
    ),
    ("directoryRoles", "Roles by name, such as Global Administrator"),
    (
        "teams",
        "What userConfigurations shows: accountType, createdDateTime, effectivePolicyAssignments",
    ),
];

/// The parts of a seed that are lists, and what they hold.
const LISTS: &[(&str, &str)] = &[
    ("users", "Users of the tenant; they replace the sample's"),
    ("numbers", "Telephone numbers of the tenant; they replace the sample's"),
    ("locations", "Emergency locations: id, city, countryOrRegion"),
    ("networkSites", "Network sites: id, name"),
    (
        "teamsPolicies",
        "Policies that can be assigned: policyType, name (Tag:…), policyId",
    ),
    (
        "policyAssignments",
        "Assignments of policies: policyType and policyId, with userId, or with groupId and members, or with neither for the tenant",
    ),
    (
        "clients",
        "Applications: appId, secret, permissions, keyCredentials (key: a certificate in base64), federatedIdentityCredentials \
         (issuer, subject, audiences)",
    ),
    (
        TENANTS,
        "Further tenants of the same emulator, each a seed with an organization of its own",
    ),
    ("operations", "Written with the state of an emulator, and passed over"),
    (
        "passwordOperations",
        "Written with the state of an emulator, and passed over",
    ),
    (ORDERS, "Orders as an emulator writes them with its state"),
    (RESETS, "Password resets as an emulator writes them with its state"),
    (MAILS, "Mails as an emulator writes them with its state"),
];

/// The parts of a seed that are objects.
const OBJECTS: &[(&str, &str)] = &[
    (
        "organization",
        "The tenant: id, displayName, countryLetterCode, verifiedDomains",
    ),
    (
        "authenticationMethodsPolicy",
        "The policy on authentication methods, as Graph answers it",
    ),
    (
        "telephoneNumberConfiguration",
        "{\"assignmentBlockedForever\": true} or {\"assignmentBlockedDays\": 30}: what happens to numbers that are released; \
         assignmentEmailEnabled and unassignmentEmailEnabled: whether people get a mail",
    ),
];

/// The JSON Schema of a seed, from which editors complete and by which they check: name it as `$schema` in the file.
#[must_use]
pub fn seed_schema() -> Value {
    let mut parts = Map::new();
    for (name, description) in LISTS {
        let items = match *name {
            "users" => entity(&USERS, OF_USERS, &["id", "userPrincipalName"]),
            "numbers" => entity(&NUMBERS, OF_NUMBERS, &["telephoneNumber"]),
            _ => json!({ "type": "object" }),
        };
        let list = json!({ "description": description, "type": "array", "items": items });
        parts.insert((*name).to_owned(), list);
    }
    for (name, description) in OBJECTS {
        parts.insert(
            (*name).to_owned(),
            json!({ "description": description, "type": "object" }),
        );
    }
    for name in ["$schema", "clock"] {
        parts.insert(name.to_owned(), json!({ "type": "string" }));
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Seed of the Trunkline emulator",
        "description": "What the emulated tenant holds. Parts that a seed leaves out are those of the sample.",
        "type": "object",
        "properties": parts,
        "additionalProperties": false,
    })
}

fn entity(resource: &Resource, further: &[(&str, &str)], required: &[&str]) -> Value {
    let mut properties = Map::new();
    for name in resource.properties {
        properties.insert((*name).to_owned(), json!({}));
    }
    for (name, members) in resource.members {
        let one = json!({ "enum": members });
        let property = json!({ "anyOf": [one, { "type": "array", "items": one }, { "type": "null" }] });
        properties.insert((*name).to_owned(), property);
    }
    for (name, description) in further {
        properties.insert((*name).to_owned(), json!({ "description": description }));
    }
    json!({
        "type": "object",
        "properties": properties,
        "patternProperties": { "^(@odata\\.|.+@odata\\.)": {} },
        "required": required,
        "additionalProperties": false,
    })
}

/// The member of an entry that it cannot have, and why.
pub(super) fn wrong_member(list: &str, entry: &Value) -> Option<(String, String)> {
    let (resource, further) = match list {
        "users" => (&USERS, OF_USERS),
        _ => (&NUMBERS, OF_NUMBERS),
    };
    let members = entry.as_object()?;
    members.iter().find_map(|(name, value)| {
        let is_known = resource.properties.contains(&name.as_str())
            || further.iter().any(|(known, _)| known == name)
            || name.contains("@odata.");
        if !is_known {
            return Some((name.clone(), format!("'{name}' is no property of {list} here")));
        }
        let (_, known) = resource.members.iter().find(|(property, _)| property == name)?;
        let mut texts = match value {
            Value::Array(items) => items.iter().collect(),
            Value::Null => Vec::new(),
            one => vec![one],
        }
        .into_iter();
        // A member that is not known may be one that the service has tomorrow; a test can want it.
        let reason = texts.find_map(|one| {
            let Some(text) = one.as_str() else {
                return Some(format!("{one} is no text"));
            };
            let meant = known.iter().find(|member| member.eq_ignore_ascii_case(text))?;
            (*meant != text).then(|| format!("'{text}' is written '{meant}'"))
        })?;
        Some((name.clone(), reason))
    })
}
