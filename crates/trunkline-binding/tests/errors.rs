//! Errors as JSON, of which bindings make their classes.

use serde_json::Value;
use trunkline::{Error, ErrorKind, dynamic};
use trunkline_binding::{ArgumentError, Arguments, error_json};

fn read(error: &Error) -> Value {
    serde_json::from_str(&error_json(error)).unwrap()
}

#[test]
fn an_error_says_its_kind_first_and_leaves_out_what_is_missing() {
    let error = Error::new(ErrorKind::Conflict, "somebody else holds it").with_resume_token("t".to_owned());
    let text = error_json(&error);
    assert!(text.starts_with("{\"kind\":\"conflict\",\"text\":"), "{text}");
    let fields = read(&error)["fields"].clone();
    assert_eq!(fields["message"], "somebody else holds it");
    assert_eq!((&fields["resume_token"], &fields["attempts"]), (&"t".into(), &0.into()));
    assert_eq!(fields["retry_advice"], "never");
    assert!(fields.get("status").is_none() && fields.get("headers").is_none());
}

#[test]
fn a_body_that_cannot_be_sent_has_its_path() {
    let layout = dynamic::layout("microsoft.graph.phoneAuthenticationMethod").unwrap();
    let error = dynamic::record(layout, r#"{"phoneNumber": 5}"#, false).unwrap_err();
    assert_eq!(read(&error)["fields"]["path"], "$.phoneNumber");
}

#[test]
fn an_argument_that_cannot_be_used_is_invalid_input_with_a_next_step() {
    let refused: ArgumentError = Arguments::parse("5").unwrap_err();
    let error = Error::from(refused);
    assert_eq!(
        (error.kind(), error.next_step()),
        (ErrorKind::InvalidInput, "See the documentation of the options")
    );
    let role = Error::new(ErrorKind::InvalidInput, "there is no such role").with_next_step("Use mobile");
    let passed = Error::from(ArgumentError::from(role));
    assert_eq!(
        (passed.message(), passed.next_step()),
        ("there is no such role", "Use mobile")
    );
}
