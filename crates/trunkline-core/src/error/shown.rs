//! Text of an error: one line for people, a structure for developers, JSON for programs.

use std::fmt;

use serde_json::{Value, json};

use super::{Error, RetryAdvice};
use crate::excerpt;
use crate::mask;

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&mask::printable(self.message()))?;
        if let (Some(method), Some(target)) = (self.method(), self.target()) {
            write!(formatter, " ({method} {target})")?;
        }
        if let Some(message) = self.service_message() {
            let message = mask::text(message.trim().trim_end_matches('.'));
            // The message of a failed order has the words already.
            if !self.message().contains(message.as_str()) {
                write!(formatter, ": {}", shortened(&message))?;
            }
        }
        write!(formatter, ". {}", mask::printable(self.next_step()))?;
        let mut open = " [";
        let mut detail = |formatter: &mut fmt::Formatter<'_>, name: &str, value: &str| {
            let result = write!(formatter, "{open}{name} {}", mask::text(value));
            open = ", ";
            result
        };
        detail(formatter, "kind", self.kind().name())?;
        if let Some(operation) = self.operation() {
            detail(formatter, "operation", operation)?;
        }
        if let Some(status) = self.status() {
            detail(formatter, "status", status.as_str())?;
        }
        if let Some(code) = self.code() {
            detail(formatter, "code", code)?;
        }
        if let Some(path) = self.path() {
            detail(formatter, "at", path)?;
        }
        if let Some(id) = self.request_id() {
            detail(formatter, "request id", id)?;
        } else if let Some(id) = self.client_request_id() {
            detail(formatter, "client request id", id)?;
        }
        formatter.write_str("]")
    }
}

/// A message that fits a line; some services send pages.
fn shortened(message: &str) -> &str {
    excerpt::start(message, 400)
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = self.0.source.as_ref().map(|source| {
            let mut chain = source.to_string();
            let mut next = source.source();
            while let Some(cause) = next {
                chain.push_str(": ");
                chain.push_str(&cause.to_string());
                next = cause.source();
            }
            mask::text(&chain)
        });
        formatter
            .debug_struct("Error")
            .field("kind", &self.kind())
            .field("message", &mask::printable(self.message()))
            .field("next_step", &mask::printable(self.next_step()))
            .field("operation", &self.operation())
            .field("method", &self.method())
            .field("target", &self.target())
            .field("status", &self.status())
            .field(
                "codes",
                &self.codes().iter().map(|code| mask::text(code)).collect::<Vec<_>>(),
            )
            .field("service_message", &self.service_message().map(mask::text))
            .field("request_id", &self.request_id())
            .field("client_request_id", &self.client_request_id())
            .field("retry_advice", &self.retry_advice())
            .field("may_have_reached_service", &self.may_have_reached_service())
            .field("path", &self.path())
            .field("attempts", &self.attempts())
            // It may be an answer that could not be read, and hold a password.
            .field("body_length", &self.body().map(str::len))
            .field("source", &source)
            .finish_non_exhaustive()
    }
}

impl Error {
    /// The error as JSON, for logs and other languages: the same fields as the accessors, personal data masked. The
    /// body is not in it; ask [`body`](Self::body).
    #[must_use]
    pub fn to_json(&self) -> Value {
        let (after, until) = match self.retry_advice() {
            RetryAdvice::After(wait) => (Some(wait.as_secs_f64()), None),
            RetryAdvice::Until(moment) => (None, Some(moment.to_string())),
            _ => (None, None),
        };
        let mut object = json!({
            "kind": self.kind().name(),
            "message": mask::printable(self.message()),
            "nextStep": mask::printable(self.next_step()),
            "retryAdvice": self.retry_advice().name(),
            "mayHaveReachedService": self.may_have_reached_service(),
            "attempts": self.attempts(),
        });
        let optional = [
            ("retryAfter", after.map(Value::from)),
            ("retryAt", until.map(Value::from)),
            ("operation", self.operation().map(Value::from)),
            ("method", self.method().map(|method| Value::from(method.as_str()))),
            ("target", self.target().map(Value::from)),
            ("status", self.status().map(|status| Value::from(status.as_u16()))),
            ("code", self.code().map(|code| Value::from(mask::text(code)))),
            (
                "serviceMessage",
                self.service_message().map(|message| Value::from(mask::text(message))),
            ),
            ("requestId", self.request_id().map(Value::from)),
            ("clientRequestId", self.client_request_id().map(Value::from)),
            ("path", self.path().map(|path| Value::from(mask::text(path)))),
            ("claims", self.claims().map(Value::from)),
            ("resumeToken", self.resume_token().map(Value::from)),
        ];
        if let Value::Object(members) = &mut object {
            members.extend(
                optional
                    .into_iter()
                    .filter_map(|(name, value)| Some((name.to_owned(), value?))),
            );
            if !self.codes().is_empty() {
                let codes = self.codes().iter().map(|code| Value::from(mask::text(code))).collect();
                members.insert("codes".to_owned(), Value::Array(codes));
            }
        }
        object
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Error, ErrorKind};
    use http::{HeaderMap, Method, StatusCode};

    fn sample() -> Error {
        let mut headers = HeaderMap::new();
        headers.insert("request-id", "0c6a".parse().unwrap());
        Error::new(ErrorKind::Conflict, "the service refused the change")
            .with_operation("numberAssignments.assignNumber")
            .with_target(Method::POST, "/admin/assign".to_owned())
            .with_status(StatusCode::CONFLICT, headers)
            .with_body(r#"{"error":{"code":"Conflict","message":"+12055550123 is taken\r\nby ana@contoso.example."}}"#)
    }

    #[test]
    fn display_is_one_masked_line() {
        assert_eq!(
            sample().to_string(),
            "the service refused the change (POST /admin/assign): +***23 is taken\\u{d}\\u{a}by a***@contoso.example. \
             Read the current state and decide again [kind conflict, operation numberAssignments.assignNumber, \
             status 409, code Conflict, request id 0c6a]"
        );
    }

    #[test]
    fn json_and_debug_are_masked_but_the_accessors_are_not() {
        let error = sample();
        for shown in [error.to_json().to_string(), format!("{error:?}")] {
            assert!(!shown.contains("2055550123") && !shown.contains("ana@"), "{shown}");
        }
        assert!(error.service_message().unwrap().contains("+12055550123"));
        assert_eq!(error.to_json()["status"], 409);
    }
}
