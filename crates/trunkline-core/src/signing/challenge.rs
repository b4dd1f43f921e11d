//! Reads `WWW-Authenticate`: the token that the service requires instead.

use std::time::Duration;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;

/// One challenge: a scheme and its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Challenge {
    pub(crate) scheme: String,
    pub(crate) parameters: Vec<(String, String)>,
}

impl Challenge {
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// The claims that a challenge asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Claims {
    /// There is no claims challenge.
    None,
    /// There is one, but its claims cannot be read.
    Malformed,
    /// The claims as JSON text.
    Required(String),
    /// The service asks for nothing, but may want a recent multifactor sign-in: see `recent_sign_in`.
    Likely,
}

/// The claims of a token whose user has just signed in with a second factor.
pub(crate) const RECENT_SIGN_IN: &str = r#"{"access_token":{"amr":{"essential":true,"values":["ngcmfa"]}}}"#;

/// The authentication method that stands for a recent multifactor sign-in.
pub(crate) const METHOD: &str = "ngcmfa";

/// How old a sign-in may be.
pub(crate) const RECENT: Duration = Duration::from_secs(10 * 60);

/// Whether claims ask for a recent multifactor sign-in.
pub(crate) fn names_method(text: &str) -> bool {
    text.to_ascii_lowercase().contains(METHOD)
}

/// Finds the claims challenge in the headers of an answer.
pub(crate) fn claims(headers: &HeaderMap) -> Claims {
    let mut found = Claims::None;
    for value in headers.get_all(WWW_AUTHENTICATE) {
        let Ok(text) = value.to_str() else { continue };
        for challenge in parse(text) {
            let insufficient = challenge
                .parameter("error")
                .is_some_and(|error| error == "insufficient_claims");
            let claims = challenge.parameter("claims").filter(|claims| !claims.is_empty());
            if !challenge.scheme.eq_ignore_ascii_case("bearer") || (!insufficient && claims.is_none()) {
                continue;
            }
            match claims.and_then(decode) {
                Some(json) => return Claims::Required(json),
                None => found = Claims::Malformed,
            }
        }
    }
    found
}

/// Claims are base64 of JSON, of either alphabet, with or without padding; some gateways send the JSON itself.
fn decode(claims: &str) -> Option<String> {
    let lenient = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let engines = [
        GeneralPurpose::new(&alphabet::STANDARD, lenient),
        GeneralPurpose::new(&alphabet::URL_SAFE, lenient),
    ];
    let decoded = engines
        .iter()
        .filter_map(|engine| String::from_utf8(engine.decode(claims).ok()?).ok());
    decoded
        .chain([claims.to_owned()])
        .find(|text| serde_json::from_str::<serde_json::Value>(text).is_ok_and(|value| value.is_object()))
}

/// Takes a header value apart: several challenges, each with parameters, quoted or not. What cannot be read is skipped.
pub(crate) fn parse(text: &str) -> Vec<Challenge> {
    let mut challenges: Vec<Challenge> = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            return challenges;
        }
        let length = rest.find(|character: char| !is_token(character)).unwrap_or(rest.len());
        if length == 0 {
            // Not the start of anything: skip one character and go on.
            let skip = rest.chars().next().map_or(rest.len(), char::len_utf8);
            rest = &rest[skip..];
            continue;
        }
        let (name, after) = rest.split_at(length);
        let trimmed = after.trim_start_matches([' ', '\t']);
        match trimmed.strip_prefix('=') {
            // `name=value`; but `name==` is the padding of a token of another scheme.
            Some(value) if !value.starts_with('=') => {
                let (value, remaining) = read_value(value.trim_start_matches([' ', '\t']));
                if let Some(challenge) = challenges.last_mut() {
                    challenge.parameters.push((name.to_owned(), value));
                }
                rest = remaining;
            }
            Some(padding) => rest = padding.trim_start_matches('='),
            None => {
                challenges.push(Challenge {
                    scheme: name.to_owned(),
                    parameters: Vec::new(),
                });
                rest = after;
            }
        }
    }
}

/// A quoted text with its escapes undone, or a bare one up to a comma or blank; and what follows.
fn read_value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let length = text.find([',', ' ', '\t']).unwrap_or(text.len());
        return (text[..length].to_owned(), &text[length..]);
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((index, character)) = characters.next() {
        match character {
            '"' => return (value, &quoted[index + 1..]),
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            _ => value.push(character),
        }
    }
    (value, "")
}

fn is_token(character: char) -> bool {
    character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~/".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use http::HeaderValue;
    use proptest::prelude::*;

    const JSON: &str = r#"{"access_token":{"acrs":{"essential":true,"value":"cp1"}}}"#;

    fn read(text: &str) -> Claims {
        let mut headers = HeaderMap::new();
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_str(text).unwrap());
        claims(&headers)
    }

    #[test]
    fn finds_claims_among_several_challenges() {
        let standard = STANDARD.encode(JSON);
        let url_safe = URL_SAFE_NO_PAD.encode(JSON);
        let asked = Claims::Required(JSON.to_owned());
        for (text, expected) in [
            (
                format!(
                    r#"Bearer realm="", authorization_uri="https://l/o?a=b,c", error="insufficient_claims", claims="{standard}""#
                ),
                asked.clone(),
            ),
            (
                format!(r#"Basic realm="x, Bearer y", Bearer error="insufficient_claims" , claims={url_safe}"#),
                asked.clone(),
            ),
            (
                format!(
                    r#"PoP nonce="a\"b", bearer claims="{standard}", error="insufficient_claims", Negotiate abc=="#
                ),
                asked,
            ),
            (
                r#"Bearer error="insufficient_claims", claims="!!!""#.to_owned(),
                Claims::Malformed,
            ),
            (r#"Bearer error="insufficient_claims""#.to_owned(), Claims::Malformed),
            (r#"Bearer error="invalid_token""#.to_owned(), Claims::None),
            (format!(r#"Basic claims="{standard}""#), Claims::None),
            (String::new(), Claims::None),
        ] {
            assert_eq!(read(&text), expected, "{text}");
        }
    }

    #[test]
    fn takes_challenges_apart() {
        let challenges = parse(r#"Bearer a=1, b="2 \" 3" , Digest, Negotiate YWJj=="#);
        let schemes: Vec<_> = challenges.iter().map(|challenge| challenge.scheme.as_str()).collect();
        assert_eq!(schemes[..3], ["Bearer", "Digest", "Negotiate"]);
        assert_eq!(challenges[0].parameter("B"), Some("2 \" 3"));
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,200}", ascii in "[ -~]{0,200}") {
            let _ = parse(&text);
            let _ = read(&ascii);
        }
    }
}
