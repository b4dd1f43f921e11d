//! Whether what was sent is what a case expects.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::case::WireRequest;
use crate::json;
use crate::recorder::Seen;

/// Differences between the expected requests and those the server saw.
#[must_use]
pub fn differences(expected: &[&WireRequest], seen: &[Seen], root: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (index, (expected, seen)) in expected.iter().zip(seen).enumerate() {
        let differences = request_differences(expected, seen, root);
        found.extend(differences.into_iter().map(|what| match index {
            0 => what,
            _ => format!("request {}: {what}", index + 1),
        }));
    }
    if seen.len() != expected.len() {
        let sent: Vec<String> = seen
            .iter()
            .map(|seen| format!("{} {}", seen.method, seen.target))
            .collect();
        found.push(format!(
            "{} requests were sent, expected {}: {sent:?}",
            seen.len(),
            expected.len()
        ));
    }
    found
}

fn request_differences(expected: &WireRequest, seen: &Seen, root: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut compare = |what: &str, expected: &str, seen: &str| {
        if expected != seen {
            found.push(format!("{what} is {seen}, expected {expected}"));
        }
    };
    compare("the method", &expected.method, &seen.method);
    compare("the path", &expected.path, seen.path());
    if let Some(raw) = &expected.raw_query {
        compare("the query", raw, seen.query().unwrap_or_default());
    }
    let query: Vec<String> = expected
        .query
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    compare(
        "the decoded query",
        &query.join(" & "),
        &decoded_query(seen.query()).join(" & "),
    );
    for (name, value) in &expected.headers {
        compare(
            &format!("the header {name}"),
            value,
            seen.header(name).unwrap_or("(none)"),
        );
    }
    compare(
        "the authorization",
        &format!("Bearer {}", crate::TOKEN),
        seen.header("authorization").unwrap_or("(none)"),
    );
    compare(
        "the host",
        root.trim_start_matches("http://"),
        seen.header("host").unwrap_or("(none)"),
    );
    found.extend(body_difference(&expected.body, &seen.body));
    found
}

/// Names and values, decoded. A plus is a plus: OData has no other.
fn decoded_query(raw: Option<&str>) -> Vec<String> {
    let options = raw.unwrap_or_default().split('&').filter(|option| !option.is_empty());
    options
        .map(|option| percent_decode_str(option).decode_utf8_lossy().into_owned())
        .collect()
}

fn body_difference(expected: &Value, seen: &[u8]) -> Option<String> {
    match (expected, seen) {
        (Value::Null, []) => None,
        (Value::Null, body) => Some(format!(
            "a body was sent, expected none: {}",
            String::from_utf8_lossy(body)
        )),
        (expected, []) => Some(format!("no body was sent, expected {expected}")),
        (expected, body) => match serde_json::from_slice::<Value>(body) {
            Ok(body) => json::difference(expected, &body).map(|what| format!("the body: {what}")),
            Err(error) => Some(format!("the body is no JSON: {error}")),
        },
    }
}
