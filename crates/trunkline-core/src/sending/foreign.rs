//! Answers that are not the service's: pages of proxies, of networks that want a sign-in, of gateways.
//!
//! Their status is no verdict. A `404` of a network's sign-in page does not mean that a user does not exist.

use http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderMap, StatusCode};

use crate::error::ServiceFailure;
use crate::mask;

/// The next step after one.
pub(crate) const NEXT_STEP: &str = "Check the proxy, the firewall and whether the network wants a sign-in (open a web page in a browser), then try again";

/// Headers that the service puts into each of its answers, and an authority into its.
const OWN_HEADERS: [&str; 3] = ["request-id", "client-request-id", "x-ms-request-id"];

/// Maximum length of a page's title in a message.
const TITLE: usize = 80;

/// Whether an answer that is no success comes from something else than the service: it is a web page, or it has no id of the
/// service's and its body is no error of the service's. An authority, and the endpoint of managed identities, write errors in more forms, but
/// always as an object.
pub(crate) fn is_failure(headers: &HeaderMap, body: &str, anonymous: bool) -> bool {
    let has_id = OWN_HEADERS.iter().any(|name| headers.contains_key(*name));
    let wants_token = || {
        let mut challenges = headers.get_all(WWW_AUTHENTICATE).iter();
        challenges.any(|value| {
            value
                .as_bytes()
                .get(..6)
                .is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"bearer"))
        })
    };
    let is_error = || {
        let failure = ServiceFailure::read(body);
        failure.is_error || anonymous && failure.is_object
    };
    is_page(headers, body.as_bytes()) || !has_id && !wants_token() && !is_error()
}

/// Whether a success can only be a page of something else: the service answers in JSON, or with nothing.
pub(crate) fn is_page(headers: &HeaderMap, body: &[u8]) -> bool {
    let kind = headers.get(CONTENT_TYPE).map(http::HeaderValue::as_bytes);
    let is_html = kind.is_some_and(|kind| {
        kind.get(..9)
            .is_some_and(|start| start.eq_ignore_ascii_case(b"text/html"))
    });
    let start = body.trim_ascii_start();
    let start = start
        .strip_prefix("\u{feff}".as_bytes())
        .unwrap_or(start)
        .trim_ascii_start();
    !start.is_empty() && (is_html || start[0] == b'<')
}

/// Describes an answer of something other than the service.
pub(crate) fn message(status: StatusCode, body: &str) -> String {
    let what = match title(body) {
        Some(title) => format!("with the page “{title}”"),
        None if is_page(&HeaderMap::new(), body.as_bytes()) => "with a web page".to_owned(),
        None if body.trim().is_empty() => "with an empty body".to_owned(),
        None => "in a form that the service does not use".to_owned(),
    };
    format!("something other than the service answered {}, {what}", status.as_u16())
}

/// The title of a web page.
fn title(body: &str) -> Option<String> {
    let lower = body.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let start = start + lower[start..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    let words: Vec<&str> = body[start..end].split_whitespace().collect();
    let title: String = words.join(" ").chars().take(TITLE).collect();
    (!title.is_empty()).then(|| mask::text(&title))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = pairs.iter().map(|(name, value)| {
            let name = http::HeaderName::from_static(name);
            (name, HeaderValue::from_static(value))
        });
        pairs.collect()
    }

    #[test]
    fn only_the_service_gives_a_verdict() {
        for (pairs, body, anonymous, foreign) in [
            (&[][..], r#"{"error":{"code":"x"}}"#, false, false),
            (
                &[][..],
                r#"{"error":"invalid_client","error_description":"x"}"#,
                false,
                false,
            ),
            (&[("request-id", "r")], "", false, false),
            (&[("client-request-id", "c")], "x", false, false),
            (&[("client-request-id", "c")], "<html>", false, true),
            (&[("www-authenticate", "Bearer realm=\"\"")], "", false, false),
            (&[("www-authenticate", "Basic realm=\"proxy\"")], "", false, true),
            (&[], "", false, true),
            (&[("content-type", "text/html")], "<html>", false, true),
            (
                &[("content-type", "application/json")],
                r#"{"message":"blocked"}"#,
                false,
                true,
            ),
            (
                &[("content-type", "application/json")],
                r#"{"message":"blocked"}"#,
                true,
                false,
            ),
            (&[], "Forbidden", true, true),
            (&[], r#""error""#, true, true),
        ] {
            assert_eq!(
                is_failure(&headers(pairs), body, anonymous),
                foreign,
                "{pairs:?} {body}"
            );
        }
    }

    #[test]
    fn a_page_is_known_by_its_kind_or_its_start() {
        for (pairs, body, page) in [
            (&[("content-type", "text/html; charset=utf-8")][..], "Welcome", true),
            (&[("content-type", "Text/HTML")], "x", true),
            (&[], "\u{feff} <!doctype html>", true),
            (&[("content-type", "text/html")], " ", false),
            (&[], "{}", false),
            (&[("content-type", "text/plain")], "12", false),
        ] {
            assert_eq!(is_page(&headers(pairs), body.as_bytes()), page, "{pairs:?} {body}");
        }
    }

    #[test]
    fn the_title_of_the_page_is_named() {
        let page = "<html><head><TITLE lang=en>\n Sign in to\tHotel </TITLE></head>";
        let shown = message(StatusCode::FORBIDDEN, page);
        assert_eq!(
            shown,
            "something other than the service answered 403, with the page “Sign in to Hotel”"
        );
        assert!(message(StatusCode::OK, "<html>").ends_with("with a web page"));
        assert!(message(StatusCode::NOT_FOUND, "").contains("404"));
        let long = format!("<title>{}</title>", "é".repeat(500));
        assert!(message(StatusCode::OK, &long).chars().count() < 200);
    }
}
