//! Reads the address to follow a long-running operation: the `Location` of a 202, in every known spelling.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use url::Url;

use crate::error::{Error, ErrorKind, Result};
use crate::request::path;
use crate::sending::link::Root;
use crate::table::operation::OperationDescriptor;
use crate::table::template::{Step, same_name, steps};

/// The address of the operation's state, and the operation's id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Location {
    pub(crate) url: Url,
    pub(crate) id: String,
}

/// Reads `text`. `request_path` is that of the request which was accepted, `state` the operation that reads the state:
/// together they complete a `Location` that gives only the last part.
///
/// # Errors
///
/// [`ErrorKind::AcceptedUntracked`] when there is nothing to follow, [`ErrorKind::UntrustedLink`] when it leads
/// elsewhere. In both cases the service has accepted the request.
pub(crate) fn read(
    root: &Root,
    text: Option<&str>,
    request_path: &str,
    state: Option<&OperationDescriptor>,
) -> Result<Location> {
    let untracked = |what: &'static str| Error::new(ErrorKind::AcceptedUntracked, what);
    let text = text.map(str::trim).unwrap_or_default();
    if text.is_empty() {
        return Err(untracked(
            "the service accepted the operation, but gave no address to follow it",
        ));
    }
    let text = mend(text);
    let complete = match complete(root, &text, request_path, state) {
        Some(path) => Cow::Owned(format!("{}{path}", root.base())),
        None => text,
    };
    let url = root
        .check(&complete)
        .map_err(|error| error.with_may_have_reached_service(true))?;
    let id = root.below(&url).and_then(last_key).unwrap_or_default();
    if id.is_empty() || id == "." || id == ".." {
        return Err(untracked(
            "the service accepted the operation, but the address to follow it names none",
        ));
    }
    Ok(Location { url, id })
}

/// A documented sample writes `operations{'id'}` where `operations('id')` is meant.
fn mend(text: &str) -> Cow<'_, str> {
    if !text.contains("{'") && !text.contains("%7B'") && !text.contains("%7b'") {
        return Cow::Borrowed(text);
    }
    let mut mended = text.to_owned();
    for (wrong, right) in [
        ("{'", "('"),
        ("%7B'", "('"),
        ("%7b'", "('"),
        ("'}", "')"),
        ("'%7D", "')"),
        ("'%7d", "')"),
    ] {
        mended = mended.replace(wrong, right);
    }
    Cow::Owned(mended)
}

/// Completes a relative text to a path below the version, when it is one; `None`: take it as it is.
fn complete(root: &Root, text: &str, request_path: &str, state: Option<&OperationDescriptor>) -> Option<String> {
    let head = text.split(['/', '?', '(']).next().unwrap_or_default();
    if text.starts_with("//") || head.contains(':') || text.contains('\\') {
        return None;
    }
    let relative = text.trim_start_matches('/');
    let version = root.base().rsplit('/').next().unwrap_or_default();
    let versioned = relative
        .get(..version.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(version))
        && relative[version.len()..].starts_with('/');
    if versioned {
        return Some(relative[version.len()..].to_owned());
    }
    let (bare, query) = match relative.split_once('?') {
        Some((bare, query)) => (bare, Some(query)),
        None => (relative, None),
    };
    let state = state?;
    let whole = format!("/{bare}");
    let path = if state.matches(&whole) {
        whole
    } else if text.starts_with('/') {
        return None;
    } else {
        // Only the end was given: the beginning is that of the request.
        let id = last_key(&whole)?;
        state
            .paths
            .iter()
            .filter(|place| is_end_of(place.template, bare))
            .find_map(|place| fill(place.template, request_path, &id))?
    };
    Some(match query {
        Some(query) => format!("{path}?{query}"),
        None => path,
    })
}

/// Whether `relative` is the end of an instance of `template`: the key, and before it at least one of the template's
/// names. Dot segments are no names.
fn is_end_of(template: &str, relative: &str) -> bool {
    let wanted: Vec<Step<'_>> = steps(template).collect();
    let given: Vec<Step<'_>> = steps(relative).collect();
    let Some(start) = wanted.len().checked_sub(given.len()) else {
        return false;
    };
    given.len() > 1
        && wanted[start..]
            .iter()
            .zip(&given)
            .all(|(wanted, given)| match (wanted, given) {
                (Step::Placeholder(_), Step::Name(key) | Step::Key(key)) => !matches!(*key, "." | ".."),
                (Step::Name(name), Step::Name(other)) => same_name(name, other),
                _ => false,
            })
}

/// Fills a template: its last placeholder with `id`, those before with what stands there in `request_path`.
fn fill(template: &str, request_path: &str, id: &str) -> Option<String> {
    let wanted: Vec<Step<'_>> = steps(template).collect();
    let mut given = steps(request_path);
    let mut path = String::new();
    for (index, step) in wanted.iter().enumerate() {
        let same = given.next();
        match step {
            Step::Placeholder(_) if index + 1 == wanted.len() => path::push_key(&mut path, id).ok()?,
            Step::Placeholder(_) => {
                let (Step::Name(key) | Step::Key(key)) = same? else {
                    return None;
                };
                path.push('/');
                path.push_str(key);
            }
            Step::Name(name) | Step::Key(name) => {
                path.push('/');
                path.push_str(name);
            }
        }
    }
    Some(path)
}

/// The key at the end of a path: in parentheses, or the last segment.
fn last_key(path: &str) -> Option<String> {
    let path = path.split('?').next().unwrap_or_default().trim_end_matches('/');
    let (before, last) = path.rsplit_once('/').unwrap_or(("", path));
    let key = match last.split_once('(') {
        Some((_, inner)) => {
            let inner = inner.trim_end_matches(')').trim_matches('\'');
            if inner.contains('\'') {
                Cow::Owned(inner.replace("''", "'"))
            } else {
                Cow::Borrowed(inner)
            }
        }
        // One segment is a collection or an operation's name, not a key.
        None if before.trim_start_matches('/').is_empty() => return None,
        None => Cow::Borrowed(last),
    };
    let decoded = percent_decode_str(&key).decode_utf8().ok()?;
    let decoded = decoded.trim_matches('\'');
    (!decoded.is_empty()).then(|| decoded.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::CloudSet;
    use crate::table::operation::PathDescriptor;
    use proptest::prelude::*;

    const STATE: OperationDescriptor = OperationDescriptor {
        id: "operations.get",
        paths: &[PathDescriptor {
            template: "/admin/teams/telephoneNumberManagement/operations/{operation-id}",
            clouds: CloudSet::ALL,
            delegated: None,
            application: None,
        }],
        ..OperationDescriptor::UNKNOWN
    };

    fn root() -> Root {
        Root::new(&Url::parse("https://graph.microsoft.com").unwrap(), "v1.0").unwrap()
    }

    const REQUEST: &str = "/admin/teams/telephoneNumberManagement/numberAssignments/assignNumber";
    const BELOW: &str = "admin/teams/telephoneNumberManagement";

    #[test]
    fn every_spelling_is_followed() {
        let base = "https://graph.microsoft.com/v1.0";
        let quoted = format!("{base}/{BELOW}/operations('QXNz')");
        let plain = format!("{base}/{BELOW}/operations/QXNz");
        for (text, expected) in [
            (quoted.clone(), quoted.as_str()),
            (plain.clone(), plain.as_str()),
            (format!("{base}/{BELOW}/operations{{'QXNz'}}"), &quoted),
            (format!("{base}/{BELOW}/operations%7B'QXNz'%7D"), &quoted),
            (format!("  {plain}  "), &plain),
            (format!("/v1.0/{BELOW}/operations('QXNz')"), &quoted),
            (format!("v1.0/{BELOW}/operations/QXNz"), &plain),
            (format!("/{BELOW}/operations/QXNz"), &plain),
            (format!("{BELOW}/operations('QXNz')"), &quoted),
            ("operations('QXNz')".to_owned(), &plain),
            ("operations/QXNz".to_owned(), &plain),
            (
                format!("{base}/{BELOW}/operations/QXNz?aadgdc=1&aadgsu=2"),
                &format!("{plain}?aadgdc=1&aadgsu=2"),
            ),
            (
                format!("{base}/{}/Operations('QXNz')", BELOW.to_uppercase()),
                &format!("{base}/{}/Operations('QXNz')", BELOW.to_uppercase()),
            ),
            (
                format!("{base}/{BELOW}/microsoft.graph.operations('QXNz')"),
                &format!("{base}/{BELOW}/microsoft.graph.operations('QXNz')"),
            ),
        ] {
            let found =
                read(&root(), Some(&text), REQUEST, Some(&STATE)).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(found.url.as_str(), expected, "{text}");
            assert_eq!(found.id, "QXNz", "{text}");
        }
    }

    #[test]
    fn a_missing_location_is_an_error_and_another_root_is_refused() {
        for (text, kind) in [
            (None, ErrorKind::AcceptedUntracked),
            (Some(""), ErrorKind::AcceptedUntracked),
            (Some("   "), ErrorKind::AcceptedUntracked),
            (
                Some("https://graph.microsoft.com/v1.0/operations('')"),
                ErrorKind::AcceptedUntracked,
            ),
            (
                Some("https://graph.microsoft.com.evil.example/v1.0/operations('x')"),
                ErrorKind::UntrustedLink,
            ),
            (
                Some("https://graph.microsoft.com@evil/v1.0/operations('x')"),
                ErrorKind::UntrustedLink,
            ),
            (
                Some("http://graph.microsoft.com/v1.0/operations('x')"),
                ErrorKind::UntrustedLink,
            ),
            (
                Some("https://graph.microsoft.com/beta/operations('x')"),
                ErrorKind::UntrustedLink,
            ),
            (Some("/beta/admin/operations('x')"), ErrorKind::UntrustedLink),
            (Some("//evil.example/v1.0/operations('x')"), ErrorKind::UntrustedLink),
            (Some("../beta/x"), ErrorKind::UntrustedLink),
            (Some("./operations('x')"), ErrorKind::UntrustedLink),
            (Some("../operations/x"), ErrorKind::UntrustedLink),
            (Some("operations/../x"), ErrorKind::UntrustedLink),
            (Some("operations/%2e%2E/x"), ErrorKind::UntrustedLink),
            (Some("operations('..')"), ErrorKind::AcceptedUntracked),
            (Some("v1.0/../beta/operations('x')"), ErrorKind::UntrustedLink),
            (Some("https://[::1]/v1.0/operations('x')"), ErrorKind::UntrustedLink),
        ] {
            let error = read(&root(), text, REQUEST, Some(&STATE)).unwrap_err();
            assert_eq!(error.kind(), kind, "{text:?}");
            assert!(error.may_have_reached_service(), "{text:?}");
        }
    }

    #[test]
    fn a_short_form_must_be_an_end_of_the_template() {
        let version = "https://graph.microsoft.com/v1.0";
        for (text, expected) in [
            (
                "telephoneNumberManagement/operations/x",
                format!("{version}/{BELOW}/operations/x"),
            ),
            ("Operations('x')", format!("{version}/{BELOW}/operations/x")),
            // Another place below the version: it is taken as it is, and never bent to the operation's.
            ("users/x", format!("{version}/users/x")),
            ("other/operations/x", format!("{version}/other/operations/x")),
        ] {
            let found = read(&root(), Some(text), REQUEST, Some(&STATE)).unwrap();
            assert_eq!((found.url.as_str(), found.id.as_str()), (&*expected, "x"), "{text}");
        }
    }

    #[test]
    fn a_short_form_takes_its_beginning_from_the_request() {
        assert_eq!(
            fill(
                "/users/{user-id}/authentication/operations/{id}",
                "/users/ana@t/authentication/methods/m/resetPassword",
                "o"
            )
            .unwrap(),
            "/users/ana@t/authentication/operations/o"
        );
    }

    proptest! {
        #[test]
        fn whatever_is_followed_is_ours(text in "[ -~]{0,80}") {
            if let Ok(found) = read(&root(), Some(&text), REQUEST, Some(&STATE)) {
                prop_assert!(root().is_origin_of(&found.url));
                prop_assert!(root().below(&found.url).is_some());
                prop_assert!(!found.id.is_empty());
            }
        }
    }
}
