//! Options arrive at the client, and mistakes name the option as the caller spells it.
//!
//! The language of a process is global: everything about Node's spelling is one test, in a process of its own
//! (`tests/node_spelling.rs`).

use trunkline::{Client, ErrorKind, RetryPolicy};
use trunkline_binding::generated::{client_options, retry_policy};
use trunkline_binding::{ArgumentError, Arguments};

fn read(json: &str) -> Result<trunkline::ClientBuilder, ArgumentError> {
    client_options(Arguments::parse(json)?, Client::builder())
}

fn problem(json: &str) -> (String, bool) {
    match read(json) {
        Ok(_) => panic!("{json} was accepted"),
        Err(error) => (error.to_string(), error.is_wrong_type()),
    }
}

#[test]
fn every_option_is_accepted() {
    let options = r#"{
        "cloud": "us-gov-l4", "tenant": "contoso.example", "country": "US", "root": null, "authority": null,
        "allow_endpoint": true, "version": "beta", "scopes": ["https://graph.microsoft.com/User.Read"],
        "attempt_timeout": 2.5, "http2_keep_alive": 5, "connect_timeout": 1, "maximum_body": 4096, "maximum_connections": 8, "http_version": "1.1",
        "throttle_scope": "client", "pace": "documented", "proxy": false, "user_agent": "helpdesk/2.1",
        "retry": {"attempts": 2, "first_wait": 0.1, "longest_wait": 1, "budget": 5},
        "unknown_enum_members": false, "test_time": false
    }"#;
    let client = read(options).unwrap().build().unwrap();
    assert_eq!(client.core().cloud().name(), "us-gov-l4");
    assert_eq!(client.country().map(trunkline::Country::letters), Some("US"));
    for other in [
        r#"{"pace": 20, "proxy": "http://proxy.example:8080", "retry": 3}"#,
        r#"{"endpoint": "http://127.0.0.1:1", "test_time": true, "proxy": true}"#,
    ] {
        read(other).unwrap().build().unwrap();
    }
}

#[test]
fn a_wrong_value_names_its_option() {
    for (json, message) in [
        (
            r#"{"attempt_timeout": -1}"#,
            "attempt_timeout must be a number of seconds that is not negative",
        ),
        (
            r#"{"attempt_timeout": "NaN"}"#,
            "attempt_timeout must be a finite number",
        ),
        (
            r#"{"maximum_body": -1}"#,
            "maximum_body must be a whole number of at least 0, not -1",
        ),
        (
            r#"{"retry": 0}"#,
            "retry.attempts must be a whole number of at least 1, not 0",
        ),
        (
            r#"{"http_version": "3"}"#,
            r#"http_version must be "automatic" or "1.1" or "2""#,
        ),
        (r#"{"pace": "fast"}"#, r#"pace must be "documented" or a number"#),
    ] {
        assert_eq!(problem(json), (message.to_owned(), false));
    }
}

#[test]
fn a_wrong_type_names_its_option() {
    for (json, message) in [
        ("[]", "the options must be an object"),
        (r#"{"tenant": 7}"#, "tenant must be a string, not a number"),
        (r#"{"scopes": "all"}"#, "scopes must be a list of strings, not a string"),
        (
            r#"{"allow_endpoint": 1}"#,
            "allow_endpoint must be true or false, not a number",
        ),
        (
            r#"{"attempt_timeout": "soon"}"#,
            "attempt_timeout must be a number, not a string",
        ),
        (
            r#"{"maximum_body": 1.5}"#,
            "maximum_body must be a whole number, not a fraction",
        ),
        (
            r#"{"retry": "often"}"#,
            "retry must be a RetryPolicy or a number, not a string",
        ),
        (
            r#"{"retry": {"attempts": true}}"#,
            "retry.attempts must be a whole number, not true or false",
        ),
        (r#"{"retry": {"patience": 1}}"#, "there is no option retry.patience"),
        (r#"{"timeout": 1}"#, "there is no option timeout"),
        (
            r#"{"client_certificate": 7}"#,
            "client_certificate must be PEM text or the path of a file, not a number",
        ),
        (
            r#"{"certificate_authorities": {"text": "a", "path": "b"}}"#,
            "certificate_authorities must be PEM text or the path of a file, not an object",
        ),
    ] {
        assert_eq!(problem(json), (message.to_owned(), true));
    }
    let error = trunkline::Error::from(read(r#"{"tenant": 7}"#).unwrap_err());
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[test]
fn pem_is_text_or_a_file_and_says_which() {
    for (json, words) in [
        (
            r#"{"client_certificate": "a.pem"}"#,
            "client_certificate names a.pem, which cannot be read",
        ),
        (
            r#"{"client_certificate": {"path": "a.pem"}}"#,
            "client_certificate names a.pem, which cannot be read",
        ),
        (
            r#"{"client_certificate": {"text": "a.pem"}}"#,
            "client_certificate is not PEM",
        ),
        (
            r#"{"certificate_authorities": "A\nB"}"#,
            "certificate_authorities is not PEM",
        ),
    ] {
        let error = read(json).unwrap().build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.message().starts_with(words), "{json}: {error}");
    }
}

#[test]
fn a_retry_policy_keeps_the_defaults_of_what_it_does_not_name() {
    let read = |json: &str| retry_policy(Arguments::parse(json).unwrap(), RetryPolicy::default()).unwrap();
    assert_eq!(read("{}"), RetryPolicy::default());
    assert_eq!(read(r#"{"attempts": 1}"#), RetryPolicy::never());
}
