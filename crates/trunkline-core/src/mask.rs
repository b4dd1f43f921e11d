//! Masks telephone numbers, user principal names, ids that embed a number, and addresses.
//!
//! Everything that reaches a log, a `Debug` or the text of an error passes through here. When in doubt, more is masked.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use std::fmt::Write;

/// The last two digits of a telephone number, in whatever form it was written: `+***00`.
#[must_use]
pub fn number(text: &str) -> String {
    let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
    let tail: String = digits.iter().skip(digits.len().saturating_sub(2)).collect();
    let plus = if text.trim_start().starts_with('+') { "+" } else { "" };
    format!("{plus}***{tail}")
}

/// A text with the telephone numbers, addresses, tokens and embedded numbers in it masked, and control and direction
/// characters escaped, so that it stays one line wherever it is printed.
#[must_use]
pub fn text(input: &str) -> String {
    let mut output = String::with_capacity(input.len());
    let mut rest = input;
    while let Some(first) = rest.chars().next() {
        let length = if first == '+' || first.is_ascii_digit() || is_word(first) {
            word(rest, &mut output)
        } else {
            0
        };
        if length == 0 {
            push_printable(&mut output, first);
            rest = &rest[first.len_utf8()..];
        } else {
            rest = &rest[length..];
        }
    }
    output
}

/// A text in which only tokens are masked.
#[must_use]
pub fn tokens(input: &str) -> String {
    let mut output = String::with_capacity(input.len());
    for part in input.split_inclusive(|character: char| !is_word(character)) {
        let word = part.trim_end_matches(|character: char| !is_word(character));
        if is_token(word) {
            output.push_str("[token]");
            output.push_str(&part[word.len()..]);
        } else {
            output.push_str(part);
        }
    }
    output
}

/// The service's words as part of a sentence of ours: masked, not without end, and without a full stop.
#[must_use]
pub fn sentence(words: &str) -> String {
    // Masked before it is cut: of a number that the cut goes through nothing must be left.
    let masked = text(words.trim().trim_end_matches(['.', ' ']));
    match masked.char_indices().nth(300) {
        Some((end, _)) => masked[..end].to_owned(),
        None => masked,
    }
}

/// A path, with or without a query, or a whole URL: the host stays, keys are masked, and of the query only the options
/// that hold no data are shown.
#[must_use]
pub fn url(input: &str) -> String {
    let (path, query) = match input.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (input, None),
    };
    let mut output = String::with_capacity(input.len());
    let path = match path.split_once("://") {
        Some((scheme, rest)) => {
            let (host, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            // User information is never part of an address of ours, and may be a password.
            let host = host.rsplit('@').next().unwrap_or(host);
            let _ = write!(output, "{}://{}", printable(scheme), printable(host));
            rest
        }
        None => path,
    };
    for (index, segment) in path.split('/').enumerate() {
        if index > 0 {
            output.push('/');
        }
        let decoded = percent_decode_str(segment).decode_utf8_lossy();
        output.push_str(&text(&decoded));
    }
    if let Some(query) = query {
        output.push('?');
        for (index, pair) in query.split('&').enumerate() {
            if index > 0 {
                output.push('&');
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = percent_decode_str(name).decode_utf8_lossy();
            let value = percent_decode_str(value).decode_utf8_lossy();
            let shown = query_value(&name, &value);
            let _ = write!(output, "{}={shown}", printable(&name));
        }
    }
    output
}

/// A query option as it may be shown. An allow-list: options we do not know, such as skip tokens, hold anything.
#[must_use]
pub fn query_value(name: &str, value: &str) -> String {
    const SHOWN: [&str; 8] = [
        "$top", "$skip", "$count", "$select", "$expand", "$orderby", "$filter", "$format",
    ];
    if SHOWN.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        text(value)
    } else {
        "***".to_owned()
    }
}

/// A text with control and direction characters escaped and nothing masked.
#[must_use]
pub fn printable(input: &str) -> Cow<'_, str> {
    if !input.chars().any(is_unprintable) {
        return Cow::Borrowed(input);
    }
    let mut output = String::with_capacity(input.len() + 8);
    for character in input.chars() {
        push_printable(&mut output, character);
    }
    Cow::Owned(output)
}

fn push_printable(output: &mut String, character: char) {
    if is_unprintable(character) {
        output.extend(character.escape_unicode());
    } else {
        output.push(character);
    }
}

/// A text of JSON with control and direction characters escaped as JSON does. They stand inside of its strings: what lies
/// between these, such as line feeds, stays.
#[must_use]
pub fn json(text: &str) -> Cow<'_, str> {
    let is_escaped = |character: char| !character.is_ascii_whitespace() && is_unprintable(character);
    if !text.chars().any(is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut output = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_escaped(character) {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                let _ = write!(output, "\\u{unit:04x}");
            }
        } else {
            output.push(character);
        }
    }
    Cow::Owned(output)
}

/// Whether [`printable`] escapes a character. Control characters break lines and terminals; direction marks make text read as
/// something else.
#[must_use]
pub fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '.' | '_' | '-' | '#' | '@' | '~' | '$' | '%' | '!' | '*')
}

/// Reads one word at the start of `rest`, writes what may be shown of it, and returns its length; 0: not a word.
fn word(rest: &str, output: &mut String) -> usize {
    let length = rest.find(|character: char| !is_word(character)).unwrap_or(rest.len());
    let candidate = &rest[..length];
    if candidate.len() >= 36 && candidate.is_char_boundary(36) && is_guid(&candidate[..36]) {
        // Part of a GUID can look like a number; GUIDs identify, but say nothing.
        output.push_str(&candidate[..36]);
        return 36;
    }
    if is_error_number(candidate) {
        output.push_str(candidate);
        return length;
    }
    if let Some((local, domain)) = candidate.rsplit_once('@')
        && !local.is_empty()
        && !domain.is_empty()
    {
        output.extend(local.chars().next());
        let _ = write!(output, "***@{domain}");
        return length;
    }
    if let Some(tail) = embedded(candidate) {
        let _ = write!(output, "***{tail}");
        return length;
    }
    if is_token(candidate) {
        output.push_str("[token]");
        return length;
    }
    if let Some(length) = number_length(rest) {
        output.push_str(&number(&rest[..length]));
        return length;
    }
    if length == 0 {
        return 0;
    }
    if is_hexadecimal(candidate) {
        output.push_str(candidate);
        return length;
    }
    // A number can also begin inside a word, after letters: `tel14255550100`.
    let end = match candidate.find(|character: char| character.is_ascii_digit()) {
        None => length,
        Some(start) if start > 0 && number_length(&rest[start..]).is_some() => start,
        Some(start) => {
            // This run of digits was too short; what follows it is looked at again.
            let run = candidate[start..].find(|character: char| !character.is_ascii_digit());
            run.map_or(length, |run| start + run)
        }
    };
    output.push_str(&candidate[..end]);
    end
}

fn is_token(word: &str) -> bool {
    word.starts_with("eyJ") && word.len() > 20
}

/// Entra's error numbers, such as `AADSTS7000215`: a name for what to do, and of nobody.
fn is_error_number(word: &str) -> bool {
    word.strip_prefix("AADSTS")
        .is_some_and(|digits| (4..=7).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_hexadecimal(word: &str) -> bool {
    word.len() >= 16
        && word.bytes().all(|byte| byte.is_ascii_hexdigit())
        && word.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// Length of the telephone number at the start of `text`: a plus and at least five digits, or at least seven digits in
/// a row, or at least nine with separators.
fn number_length(text: &str) -> Option<usize> {
    let plus = text.starts_with('+');
    let (mut digits, mut run, mut longest, mut end) = (0, 0, 0, 0);
    let mut separators = 0;
    for (index, character) in text.char_indices() {
        match character {
            '+' if index == 0 => {}
            '0'..='9' => {
                digits += 1;
                run += 1;
                longest = longest.max(run);
                end = index + 1;
                separators = 0;
            }
            ' ' | '-' | '.' | '(' | ')' | '\u{a0}' if separators < 2 => {
                run = 0;
                separators += 1;
            }
            _ => break,
        }
    }
    let enough = if plus { digits >= 5 } else { longest >= 7 || digits >= 9 };
    enough.then_some(end)
}

/// The last two digits of a number embedded in an id: unpadded base64url of `{guid}|+{number}`.
fn embedded(word: &str) -> Option<String> {
    if word.len() < 12 || word.contains('.') {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(word.trim_end_matches('=')).ok()?;
    let decoded = std::str::from_utf8(&bytes).ok()?;
    let (_, tail) = decoded.split_once('|')?;
    let digits = tail.bytes().filter(u8::is_ascii_digit).count();
    // `Assignment|{guid}` holds digits too, but no number; its last part is a GUID.
    if digits < 5 || is_guid(tail) {
        return None;
    }
    Some(number(tail).trim_start_matches(['+', '*']).to_owned())
}

/// Whether `text` is a GUID in its usual form.
#[must_use]
pub fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn json_says_the_same_without_raw_control_and_direction_characters() {
        for text in [
            "a\u{1b}[2J",
            "\u{9b}31m",
            "\u{202e}txt",
            "\u{2028}\u{2029}",
            "\u{7}\u{0}\u{7f}",
            "\u{61c}\u{2066}\u{feff}",
            "\u{e0041}",
            "caf\u{e9} \u{1f600}\n\t\\u202e",
        ] {
            let value = serde_json::json!({ text: [text, 1] });
            for written in [value.to_string(), format!("{value:#}\n")] {
                let safe = json(&written);
                assert!(
                    !safe
                        .chars()
                        .any(|character| character != '\n' && is_unprintable(character)),
                    "{safe:?}"
                );
                assert_eq!(serde_json::from_str::<serde_json::Value>(&safe).unwrap(), value);
            }
        }
        let plain = "{\"city\": \"Z\u{fc}rich\"}\n";
        assert!(matches!(json(plain), Cow::Borrowed(text) if text == plain));
    }

    #[test]
    fn only_tokens_are_masked_where_people_want_to_see_the_rest() {
        let token = format!("eyJ{}.{}", "a".repeat(20), "b".repeat(20));
        let text = format!("'+12065550100' of 'ana@contoso.example' \u{e4} has ({token}), not eyJx");
        assert_eq!(
            tokens(&text),
            "'+12065550100' of 'ana@contoso.example' \u{e4} has ([token]), not eyJx"
        );
    }

    #[test]
    fn words_of_the_service_fit_into_a_sentence() {
        assert_eq!(sentence(" +12065550100 is taken. "), "+***00 is taken");
        assert_eq!(sentence("Why?"), "Why?");
        assert_eq!(sentence(&"x ".repeat(400)).len(), 300);
        let cut_through = sentence(&format!("{} +12065550100 is taken", "x ".repeat(147)));
        assert!(cut_through.ends_with(" +***0"), "{cut_through}");
    }

    #[test]
    fn masks_what_identifies_a_person_and_nothing_else() {
        let id = URL_SAFE_NO_PAD.encode("6ad9a6bc-6a1c-4f9b-8f3e-0d9ef5a3c111|+12055550123");
        let operation = URL_SAFE_NO_PAD.encode("Assignment|6ad9a6bc-6a1c-4f9b-8f3e-0d9ef5a3c111");
        for (input, expected) in [
            ("+12055550123", "+***23"),
            ("+1 2055550123x12", "+***23x12"),
            ("+44 20 7946 0958", "+***58"),
            ("call 425-555-0100 now", "call ***00 now"),
            ("tel:+12055550123", "tel:+***23"),
            ("tel12055550123", "tel***23"),
            ("ana@contoso.example", "a***@contoso.example"),
            ("b_fabrikam.com#EXT#@contoso.example", "b***@contoso.example"),
            (
                "3179e48a-750b-4051-897c-87b9720928f7",
                "3179e48a-750b-4051-897c-87b9720928f7",
            ),
            (
                "12345678-1234-1234-1234-123456789012",
                "12345678-1234-1234-1234-123456789012",
            ),
            ("status 429 after 3 attempts", "status 429 after 3 attempts"),
            ("abc-12-x4255550100", "abc-12-x***00"),
            ("phoneNumberNotUnique", "phoneNumberNotUnique"),
            (
                "AADSTS7000215: Invalid client secret, Trace ID: 3179e48a-750b-4051-897c-87b9720928f7",
                "AADSTS7000215: Invalid client secret, Trace ID: 3179e48a-750b-4051-897c-87b9720928f7",
            ),
            ("AADSTS12055550123", "AADSTS***23"),
            ("AADSTS50034-555-0123", "AADSTS***23"),
            ("xAADSTS7000215", "xAADSTS***15"),
            (id.as_str(), "***23"),
            (operation.as_str(), operation.as_str()),
            ("a\r\nb\u{202e}c", "a\\u{d}\\u{a}b\\u{202e}c"),
        ] {
            assert_eq!(text(input), expected, "{input}");
        }
    }

    #[test]
    fn masks_addresses() {
        assert_eq!(
            url(
                "https://user:pw@graph.microsoft.com/v1.0/users/ana%40contoso.example/x?$filter=telephoneNumber%20eq%20'%2B12055550123'&$skiptoken=abc"
            ),
            "https://graph.microsoft.com/v1.0/users/a***@contoso.example/x?$filter=telephoneNumber eq '+***23'&$skiptoken=***"
        );
        assert_eq!(url("/users('+12055550123')/phone"), "/users('+***23')/phone");
    }

    proptest! {
        #[test]
        fn never_panics_and_never_shows_a_number(prefix in ".{0,20}", digits in "[1-9][0-9]{8,14}", suffix in ".{0,20}") {
            let shown = text(&format!("{prefix} +{digits} {suffix}"));
            prop_assert!(!shown.contains(&digits));
            let _ = url(&format!("{prefix}/{digits}?{suffix}"));
        }
    }
}
