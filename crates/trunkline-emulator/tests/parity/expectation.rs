//! Compares an answer with what an entry expects.

use serde_json::Value;

use crate::entries::Expected;
use crate::exchange::Answer;

/// The differences between an answer and what was expected; empty if there are none.
pub(crate) fn differences(expected: &Expected, answer: &Answer) -> Vec<String> {
    let mut found = Vec::new();
    let mut note = |text: String| found.push(text);
    if expected.status != answer.status {
        note(format!("status {}, expected {}", answer.status, expected.status));
    }
    for (name, pattern) in &expected.headers {
        match answer.headers.get(name).and_then(|value| value.to_str().ok()) {
            Some(value) if fits(pattern, value) => {}
            Some(value) => note(format!("header {name} is '{value}', expected '{pattern}'")),
            None => note(format!("there is no header {name}, expected '{pattern}'")),
        }
    }
    for name in &expected.without_headers {
        if answer.headers.contains_key(name) {
            note(format!("there is a header {name}"));
        }
    }
    for (pointer, value) in &expected.values {
        match answer.body.pointer(pointer) {
            Some(actual) if actual == value => {}
            Some(actual) => note(format!("{pointer} is {actual}, expected {value}")),
            None => note(format!("{pointer} is absent, expected {value}")),
        }
    }
    for (pointer, pattern) in &expected.matches {
        match answer.body.pointer(pointer).and_then(Value::as_str) {
            Some(text) if fits(pattern, text) => {}
            Some(text) => note(format!("{pointer} is '{text}', expected '{pattern}'")),
            None => note(format!("{pointer} is no text, expected '{pattern}'")),
        }
    }
    for (pointer, length) in &expected.lengths {
        let actual = match answer.body.pointer(pointer) {
            Some(Value::Array(items)) => Some(items.len()),
            Some(Value::Object(members)) => Some(members.len()),
            _ => None,
        };
        if actual != Some(*length) {
            note(format!("{pointer} has {actual:?} members, expected {length}"));
        }
    }
    for pointer in &expected.nulls {
        if answer.body.pointer(pointer) != Some(&Value::Null) {
            note(format!(
                "{pointer} is {:?}, expected null",
                answer.body.pointer(pointer)
            ));
        }
    }
    for pointer in &expected.absent {
        if let Some(value) = answer.body.pointer(pointer) {
            note(format!("{pointer} is {value}, expected nothing"));
        }
    }
    if let Some(text) = &expected.text
        && *text != answer.text
    {
        note(format!("the body is '{}', expected '{text}'", answer.text));
    }
    if !found.is_empty() {
        let shown: String = answer.text.chars().take(400).collect();
        found.push(format!("{} answered: {shown}", answer.path));
    }
    found
}

/// Whether a text fits a pattern, in which a star stands for any text.
pub(crate) fn fits(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(text) = text.strip_prefix(first) else {
        return false;
    };
    let mut starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    starts.any(|at| fits(rest, &text[at..]))
}

#[test]
fn a_star_stands_for_any_text() {
    for (pattern, text, result) in [
        ("a", "a", true),
        ("a", "ab", false),
        ("*", "", true),
        ("a*c", "abbc", true),
        ("*b*", "abc", true),
        ("a*b", "abc", false),
    ] {
        assert_eq!(fits(pattern, text), result, "{pattern} {text}");
    }
}
