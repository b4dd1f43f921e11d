//! Comparing JSON, and saying where it differs.

use serde::Serialize;
use serde_json::Value;

/// A value as JSON.
#[must_use]
pub fn of<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or_else(|error| Value::String(format!("cannot be written: {error}")))
}

/// Takes away what an outcome leaves out: where the answer came from and where the next page is.
#[must_use]
pub fn without_links(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .filter(|(name, _)| name != "@odata.context" && name != "@odata.nextLink")
            .map(|(name, value)| (name, without_links(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(without_links).collect(),
        other => other,
    }
}

/// Where two values differ first, or `None`.
#[must_use]
pub fn difference(expected: &Value, found: &Value) -> Option<String> {
    differ("", expected, found)
}

fn differ(at: &str, expected: &Value, found: &Value) -> Option<String> {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            let missing = expected.keys().find(|name| !found.contains_key(*name));
            let extra = found.keys().find(|name| !expected.contains_key(*name));
            if let Some(name) = missing {
                return Some(format!("{at}/{name} is missing"));
            }
            if let Some(name) = extra {
                return Some(format!("{at}/{name} is {}, but should not be there", found[name]));
            }
            expected
                .iter()
                .find_map(|(name, value)| differ(&format!("{at}/{name}"), value, &found[name]))
        }
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => expected
            .iter()
            .zip(found)
            .enumerate()
            .find_map(|(index, (expected, found))| differ(&format!("{at}/{index}"), expected, found)),
        (expected, found) if expected == found => None,
        (expected, found) => {
            let at = if at.is_empty() { "it" } else { at };
            Some(format!("{at} is {found}, expected {expected}"))
        }
    }
}

/// Whether `found` has these members. Objects inside are compared the same way, everything else whole.
#[must_use]
pub fn contains(found: &Value, members: &serde_json::Map<String, Value>) -> bool {
    members
        .iter()
        .all(|(name, expected)| match (expected, found.get(name)) {
            (Value::Object(expected), Some(found)) => contains(found, expected),
            // A property that a service leaves out is null.
            (Value::Null, None) => true,
            (expected, Some(found)) => expected == found,
            (_, None) => false,
        })
}
