//! Paths, keys and query options: text of the caller's becomes part of an address here, and nowhere else.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

use crate::error::{Error, ErrorKind, Result};

/// Characters that a key does not encode: unreserved characters and `@`, which the service's own examples show bare.
const KEY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'@');

/// Characters that a query option does not encode: also those that are common in expressions and never separate options.
const QUERY: &AsciiSet = &KEY
    .remove(b'$')
    .remove(b'(')
    .remove(b')')
    .remove(b',')
    .remove(b':')
    .remove(b'/')
    .remove(b'*');

/// Which bytes a path may hold: a table, for each request looks at each of its path's.
const PATH: [bool; 256] = {
    let mut fit = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        let separates = matches!(byte, b'?' | b'#' | b'\\' | b'"');
        fit[byte as usize] = byte.is_ascii_graphic() && !separates;
        byte += 1;
    }
    fit
};

/// A value between the parentheses of a function call or a key.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal<'a> {
    /// Text: quoted, quotes inside doubled.
    Text(Cow<'a, str>),
    /// Anything OData writes without quotes: numbers, `true`, `null`, GUIDs, dates.
    Bare(Cow<'a, str>),
}

impl<'a> From<&'a str> for Literal<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<Cow<'a, str>> for Literal<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        Self::Text(text)
    }
}

impl From<String> for Literal<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<bool> for Literal<'_> {
    fn from(value: bool) -> Self {
        Self::Bare(Cow::Borrowed(if value { "true" } else { "false" }))
    }
}

impl From<i64> for Literal<'_> {
    fn from(value: i64) -> Self {
        Self::Bare(Cow::Owned(value.to_string()))
    }
}

/// Text as a literal for `$filter`: in quotes, quotes inside doubled. It is percent-encoded when it is sent.
#[must_use]
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Appends `key` to `path`: as a segment (`/users/ana`), or in parentheses (`/users('$ana')`) when it begins with `$`,
/// which the service would take for a segment of its own.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`] when the key is empty, `.`, `..`, or holds a control character.
pub fn push_key(path: &mut String, key: &str) -> Result<()> {
    check_key(key)?;
    if key.starts_with('$') {
        path.push_str("('");
        push_encoded(path, &key.replace('\'', "''"), KEY);
        path.push_str("')");
    } else {
        path.push('/');
        push_encoded(path, key, KEY);
    }
    Ok(())
}

/// Appends a function call: `/name(first='x',second=1)`, or `/name` without parameters.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`] when a text holds a control character.
pub fn push_call(path: &mut String, name: &str, parameters: &[(&str, Literal<'_>)]) -> Result<()> {
    path.push('/');
    path.push_str(name);
    if parameters.is_empty() {
        return Ok(());
    }
    path.push('(');
    for (index, (parameter, value)) in parameters.iter().enumerate() {
        if index > 0 {
            path.push(',');
        }
        path.push_str(parameter);
        path.push('=');
        match value {
            Literal::Text(text) => {
                check_text(parameter, text)?;
                path.push('\'');
                push_encoded(path, &text.replace('\'', "''"), KEY);
                path.push('\'');
            }
            Literal::Bare(text) => {
                check_text(parameter, text)?;
                push_encoded(path, text, KEY);
            }
        }
    }
    path.push(')');
    Ok(())
}

/// Appends query options: `?$top=5&$filter=…`; a space becomes `%20` and a plus `%2B`, never each other.
pub(crate) fn push_query<'q>(url: &mut String, query: impl Iterator<Item = (&'q str, &'q str)>) {
    let mut separator = if url.contains('?') { '&' } else { '?' };
    for (name, value) in query {
        url.push(separator);
        separator = '&';
        push_encoded(url, name, QUERY);
        url.push('=');
        push_encoded(url, value, QUERY);
    }
}

/// Checks a path that was built elsewhere: it begins with a slash, is percent-encoded, and stays below the root.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`], naming what is wrong with it.
pub(crate) fn check_path(path: &str) -> Result<()> {
    if !path.starts_with('/') {
        return Err(invalid("a path must begin with a slash"));
    }
    if path.starts_with("//") {
        return Err(invalid("a path must begin with one slash only"));
    }
    if let Some(byte) = path.bytes().find(|byte| !PATH[usize::from(*byte)]) {
        return Err(invalid(format!(
            "a path must be percent-encoded, but holds {:?}",
            char::from(byte)
        )));
    }
    // `%2e` is a dot to every reader of URLs; a dot segment would leave the version, or the tenant's tree.
    if path.contains("/.") || path.contains("/%2") {
        for segment in path.split('/') {
            let dots = segment.replace("%2e", ".").replace("%2E", ".");
            if dots == "." || dots == ".." {
                return Err(invalid("a path must not hold a dot segment"));
            }
        }
    }
    Ok(())
}

fn check_key(key: &str) -> Result<()> {
    if key.is_empty() {
        return Err(invalid("a key must not be empty").with_next_step("Give the id, or use the collection itself"));
    }
    if key == "." || key == ".." {
        return Err(invalid("a key must not be a dot segment"));
    }
    check_text("key", key)
}

fn check_text(name: &str, text: &str) -> Result<()> {
    match text.chars().find(|character| character.is_control()) {
        Some(found) => Err(invalid(format!(
            "{name} must not hold the control character U+{:04X}",
            u32::from(found)
        ))),
        None => Ok(()),
    }
}

fn invalid(message: impl Into<Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidInput, message)
}

fn push_encoded(output: &mut String, text: &str, set: &'static AsciiSet) {
    let encoded: PercentEncode<'_> = utf8_percent_encode(text, set);
    output.extend(encoded);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use url::Url;

    fn key(text: &str) -> Result<String> {
        let mut path = String::from("/users");
        push_key(&mut path, text).map(|()| path)
    }

    #[test]
    fn keys_are_encoded_or_refused() {
        for (input, expected) in [
            ("ana@contoso.example", Some("/users/ana@contoso.example")),
            ("a_b.com#EXT#@t", Some("/users/a_b.com%23EXT%23@t")),
            ("$ana@t", Some("/users('%24ana@t')")),
            ("$o'h", Some("/users('%24o%27%27h')")),
            ("a/../b?c d%2f", Some("/users/a%2F..%2Fb%3Fc%20d%252f")),
            ("%2e%2e", Some("/users/%252e%252e")),
            ("...", Some("/users/...")),
            ("👩\u{202e}", Some("/users/%F0%9F%91%A9%E2%80%AE")),
            ("", None),
            (".", None),
            ("..", None),
            ("a\0", None),
            ("a\r\nHost: evil", None),
            ("a\u{85}", None),
        ] {
            assert_eq!(key(input).ok().as_deref(), expected, "{input:?}");
        }
    }

    #[test]
    fn calls_and_options_are_encoded() {
        let mut path = String::from("/x");
        push_call(
            &mut path,
            "getPolicyId",
            &[("type", "Teams'Meeting".into()), ("n", 5.into()), ("b", true.into())],
        )
        .unwrap();
        assert_eq!(path, "/x/getPolicyId(type='Teams%27%27Meeting',n=5,b=true)");
        let mut path = String::from("/x");
        push_call(&mut path, "delta", &[]).unwrap();
        assert_eq!(path, "/x/delta");
        let filter = format!("telephoneNumber eq {}", literal("+1'2"));
        let mut url = String::from("https://h/v1.0/x");
        push_query(&mut url, [("$filter", filter.as_str()), ("$top", "5&#")].into_iter());
        assert_eq!(
            url,
            "https://h/v1.0/x?$filter=telephoneNumber%20eq%20%27%2B1%27%272%27&$top=5%26%23"
        );
    }

    #[test]
    fn unsound_paths_are_refused() {
        for path in [
            "",
            "x",
            "//evil",
            "/a/../b",
            "/a/%2e%2E/b",
            "/a/.%2e",
            "/a/%2E/b",
            "/a/.",
            "/.",
            "/a?b",
            "/a#b",
            "/a b",
            "/a\\b",
            "/é",
            "/a\n",
        ] {
            assert!(check_path(path).is_err(), "{path:?}");
        }
        for path in [
            "/",
            "/users/a.b",
            "/users/.b",
            "/users/%2Eb/x..",
            "/x/getPolicyId(type='a')",
            "/users('%24a')",
        ] {
            assert!(check_path(path).is_ok(), "{path:?}");
        }
    }

    proptest! {
        #[test]
        fn a_key_is_one_segment_and_comes_back(text in "\\PC{1,30}") {
            prop_assume!(text != "." && text != ".." && !text.starts_with('$'));
            let path = key(&text)?;
            check_path(&path)?;
            let url = Url::parse(&format!("https://graph.microsoft.com/v1.0{path}/phone")).unwrap();
            let segments: Vec<_> = url.path_segments().unwrap().collect();
            prop_assert_eq!(segments.len(), 4);
            let decoded = percent_encoding::percent_decode_str(segments[2]).decode_utf8().unwrap();
            prop_assert_eq!(decoded.as_ref(), text.as_str());
        }

        #[test]
        fn an_option_comes_back(name in "[$a-z]{1,8}", value in "\\PC{0,40}") {
            let mut text = String::from("https://graph.microsoft.com/v1.0/x");
            push_query(&mut text, [(name.as_str(), value.as_str())].into_iter());
            let url = Url::parse(&text).unwrap();
            let pairs: Vec<_> = url.query_pairs().collect();
            prop_assert_eq!(pairs.len(), 1);
            prop_assert_eq!((&*pairs[0].0, &*pairs[0].1), (name.as_str(), value.as_str()));
        }
    }
}
