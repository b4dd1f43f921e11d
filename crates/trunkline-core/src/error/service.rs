//! The body of an error, in all the forms that Graph and authorities write.

use serde_json::Value;

use crate::excerpt;

/// How much of an error's body is kept.
pub(crate) const LONGEST_BODY: usize = 4096;

/// The parts of an error's body that could be read. Any of them may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ServiceFailure {
    /// Codes along the chain of inner errors, outermost first, then those of the details; none is empty.
    pub(crate) codes: Vec<String>,
    /// How many of the codes are of the chain.
    pub(crate) chain: usize,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) client_request_id: Option<String>,
    /// Whether the body is an object.
    pub(crate) is_object: bool,
    /// Whether it has the member that every error of the service's has.
    pub(crate) is_error: bool,
}

impl ServiceFailure {
    /// Reads `body`; whatever it is, this succeeds with what was found.
    pub(crate) fn read(body: &str) -> Self {
        let mut failure = Self::default();
        if let Ok(value) = serde_json::from_str::<Value>(body) {
            failure.read_value(&value);
        }
        failure
    }

    fn read_value(&mut self, value: &Value) {
        let error = member(value, "error");
        self.is_object = value.is_object();
        self.is_error = error.is_some_and(|error| error.is_object() || error.is_string());
        let error = error.unwrap_or(value);
        match error {
            // OAuth's form, also met from gateways.
            Value::String(code) => {
                self.push_code(code);
                self.message = text(value, "error_description").or_else(|| text(value, "message"));
            }
            Value::Object(_) => {
                let mut level = Some(error);
                // The chain is short in practice; the limit keeps a hostile one from costing anything.
                for _ in 0..16 {
                    let Some(current) = level else { break };
                    if let Some(code) = text(current, "code") {
                        self.push_code(&code);
                    }
                    self.message = self.message.take().or_else(|| text(current, "message"));
                    self.request_id = text(current, "request-id").or(self.request_id.take());
                    self.client_request_id = text(current, "client-request-id").or(self.client_request_id.take());
                    level = member(current, "innerError");
                }
                self.chain = self.codes.len();
                if let Some(Value::Array(details)) = member(error, "details") {
                    for detail in details.iter().take(32) {
                        if let Some(code) = text(detail, "code") {
                            self.push_code(&code);
                        }
                    }
                }
                return;
            }
            _ => {}
        }
        self.chain = self.codes.len();
    }

    fn push_code(&mut self, code: &str) {
        let code = code.trim();
        if !code.is_empty() && !self.codes.iter().any(|known| known == code) {
            self.codes.push(code.chars().take(256).collect());
        }
    }

    /// The most specific code: the innermost that is a name. Some services put the status there, as digits.
    pub(crate) fn code(&self) -> Option<&str> {
        let chain = &self.codes[..self.chain.min(self.codes.len())];
        let named = chain
            .iter()
            .rev()
            .find(|code| !code.bytes().all(|byte| byte.is_ascii_digit()));
        named.or(chain.last()).or(self.codes.first()).map(String::as_str)
    }
}

/// A member in any case: `innerError` and `innererror` both occur.
fn member<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    let object = value.as_object()?;
    object.get(name).or_else(|| {
        object
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    })
}

fn text(value: &Value, name: &str) -> Option<String> {
    match member(value, name)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The first [`LONGEST_BODY`] bytes of `body`, at a character boundary.
pub(crate) fn start_of(body: &str) -> &str {
    excerpt::start(body, LONGEST_BODY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_every_form_that_occurs() {
        for (body, code, message) in [
            (
                r#"{"error":{"code":"accessDenied","message":"No."}}"#,
                Some("accessDenied"),
                Some("No."),
            ),
            (
                r#"{"error":{"code":"BadRequest","message":"Outer","innererror":{"code":"phoneNumberNotUnique","message":"Inner","request-id":"r"}}}"#,
                Some("phoneNumberNotUnique"),
                Some("Outer"),
            ),
            (
                r#"{"error":{"code":"TooManyRequests","innerError":{"code":"429"}}}"#,
                Some("TooManyRequests"),
                None,
            ),
            (r#"{"error":{"code":"","message":"Text"}}"#, None, Some("Text")),
            (
                r#"{"error":"invalid_client","error_description":"Wrong secret"}"#,
                Some("invalid_client"),
                Some("Wrong secret"),
            ),
            (r#"{"error":{"details":[{"code":"target"}]}}"#, Some("target"), None),
            (r#"{"Message":"Gateway"}"#, None, Some("Gateway")),
            ("<html>", None, None),
            ("[1]", None, None),
            ("", None, None),
        ] {
            let failure = ServiceFailure::read(body);
            assert_eq!(failure.code(), code, "{body}");
            assert_eq!(failure.message.as_deref(), message, "{body}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(body in ".{0,200}", code in ".{0,40}") {
            let _ = ServiceFailure::read(&body);
            let body = serde_json::json!({"error": {"code": code, "innerError": {"innerError": body}}}).to_string();
            let _ = ServiceFailure::read(&body);
            prop_assert!(start_of(&body.repeat(50)).len() <= LONGEST_BODY);
        }
    }
}
