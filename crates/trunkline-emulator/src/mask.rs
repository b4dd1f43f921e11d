//! Masks personal and secret data in the record of requests.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// The placeholder for a masked value.
pub(crate) const COVER: &str = "***";

/// Members that hold secrets. They are covered even in the unmasked record.
const SECRETS: &[&str] = &[
    "client_secret",
    "client_assertion",
    "refresh_token",
    "device_code",
    "password",
    "newPassword",
    "temporaryAccessPass",
    "access_token",
    "secretKey",
];

/// Covers secrets in a body, in place.
pub(crate) fn cover_secrets(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                let secret = SECRETS.iter().any(|known| known.eq_ignore_ascii_case(name));
                if secret && !member.is_null() {
                    *member = Value::String(COVER.to_owned());
                } else {
                    cover_secrets(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(cover_secrets),
        _ => {}
    }
}

/// Covers phone numbers, user names and ids that embed a number, wherever they stand in a body.
pub(crate) fn mask_value(value: &mut Value) {
    match value {
        Value::String(text) => *text = mask_text(text),
        Value::Object(members) => members.values_mut().for_each(mask_value),
        Value::Array(items) => items.iter_mut().for_each(mask_value),
        _ => {}
    }
}

/// Covers a text. A number keeps its last two digits, a user name its first letter.
pub(crate) fn mask_text(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut word = String::new();
    for character in text.chars() {
        if character.is_alphanumeric() || "+@._-#!$&*~^%".contains(character) {
            word.push(character);
        } else {
            masked.push_str(&mask_word(&word));
            word.clear();
            masked.push(character);
        }
    }
    masked.push_str(&mask_word(&word));
    cover_spaced_numbers(&masked)
}

fn mask_word(word: &str) -> String {
    if word.len() == 36 && uuid::Uuid::try_parse(word).is_ok() {
        return word.to_owned();
    }
    if word.contains('@') && !word.starts_with('@') {
        let first = word.chars().next().unwrap_or('*');
        return format!("{first}{COVER}@{COVER}");
    }
    if embeds_a_secret(word) {
        return COVER.to_owned();
    }
    cover_digits(word, 7)
}

/// Whether a word is the encoded id of a number or of an order.
fn embeds_a_secret(word: &str) -> bool {
    word.len() >= 24
        && URL_SAFE_NO_PAD
            .decode(word)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .is_some_and(|text| text.contains('|') && text.is_ascii())
}

fn cover_digits(text: &str, least: usize) -> String {
    let mut result = String::with_capacity(text.len());
    let mut run = String::new();
    let close = |run: &mut String, result: &mut String| {
        if run.len() >= least {
            result.push_str(COVER);
            result.push_str(&run[run.len() - 2..]);
        } else {
            result.push_str(run);
        }
        run.clear();
    };
    for character in text.chars() {
        if character.is_ascii_digit() {
            run.push(character);
        } else {
            close(&mut run, &mut result);
            result.push(character);
        }
    }
    close(&mut run, &mut result);
    result
}

/// A phone number of the authentication methods has a space after its country code.
fn cover_spaced_numbers(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('+') {
        masked.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let end = after
            .find(|c: char| !c.is_ascii_digit() && c != ' ')
            .unwrap_or(after.len());
        let (number, following) = after.split_at(end);
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        masked.push('+');
        if digits.len() >= 7 {
            masked.push_str(COVER);
            masked.push_str(&digits[digits.len() - 2..]);
        } else {
            masked.push_str(number);
        }
        rest = following;
    }
    masked.push_str(rest);
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_data_is_covered() {
        for (text, masked) in [
            ("+12065550142", "+***42"),
            ("+1 2065550142", "+1 ***42"),
            ("+1 555123", "+***23"),
            ("telephoneNumber eq '+12065550142'", "telephoneNumber eq '+***42'"),
            (
                "/users/ana@contoso.example/authentication",
                "/users/a***@***/authentication",
            ),
            (
                "a0000000-0000-4000-8000-000000000001",
                "a0000000-0000-4000-8000-000000000001",
            ),
            (
                "operations('QXNzaWdubWVudHw2Y2E4Yjc0Ni00YzgxLTRhY2EtOTUyNi1jZmNjNGRiYWYyMmI')",
                "operations('***')",
            ),
            ("numberAssignments", "numberAssignments"),
        ] {
            assert_eq!(mask_text(text), masked);
        }
    }
}
