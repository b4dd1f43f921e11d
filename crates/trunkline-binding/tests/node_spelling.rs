//! Options as Node spells them. A process has one language, so this is a process of its own.

use trunkline::{Client, ErrorKind};
use trunkline_binding::Arguments;
use trunkline_binding::generated::client_options;
use trunkline_core::language::{Language, set};

#[test]
fn options_and_messages_are_in_camel_case() {
    set(Language::Node);
    let read = |json: &str| client_options(Arguments::parse(json).unwrap(), Client::builder());
    read(r#"{"attemptTimeout": 2, "allowEndpoint": true, "retry": {"firstWait": 1}}"#)
        .unwrap()
        .build()
        .unwrap();
    for (json, message) in [
        (
            r#"{"attemptTimeout": -1}"#,
            "attemptTimeout must be a number of seconds that is not negative",
        ),
        (
            r#"{"retry": {"firstWait": "x"}}"#,
            "retry.firstWait must be a number, not a string",
        ),
        (r#"{"attempt_timeout": 2}"#, "there is no option attempt_timeout"),
    ] {
        let error = trunkline::Error::from(read(json).unwrap_err());
        assert_eq!((error.message(), error.kind()), (message, ErrorKind::InvalidInput));
    }
    let error = read(r#"{"clientCertificate": "a.pem"}"#).unwrap().build().unwrap_err();
    assert!(error.message().starts_with("clientCertificate names a.pem"), "{error}");
}
