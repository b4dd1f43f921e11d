//! Failures in the shape Graph reports them.

use serde_json::{Map, Value, json};

use crate::clock::zoneless_text;
use crate::message::Reply;
use crate::settings::ErrorStyle;

/// A failure on its way to becoming an answer.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) target: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
}

impl Failure {
    pub(crate) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            target: None,
            headers: Vec::new(),
        }
    }

    /// 400 for a body or an option that cannot be accepted.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequest", message)
    }

    /// 400 for one property of a body.
    pub(crate) fn invalid_property(property: &str, message: impl Into<String>) -> Self {
        let mut failure = Self::invalid(message);
        failure.target = Some(property.to_owned());
        failure
    }

    /// 404 for a directory object.
    pub(crate) fn no_such_resource(key: &str) -> Self {
        Self::new(
            404,
            "Request_ResourceNotFound",
            format!("No resource '{key}' exists, or one of the objects it refers to is missing."),
        )
    }

    /// 404 for an entity outside the directory.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(404, "ResourceNotFound", message)
    }

    /// 404 for a path of the documentation that this national cloud does not have.
    pub(crate) fn absent_here(segment: &str) -> Self {
        Self::not_found(format!("The resource '{segment}' is not available in this cloud."))
    }

    /// 400 for a path segment nobody knows. Graph answers 400 here, not 404.
    pub(crate) fn unknown_segment(segment: &str) -> Self {
        Self::new(
            400,
            "BadRequest",
            format!("The segment '{segment}' does not lead to a resource."),
        )
    }

    /// 403 that names nothing, as the service does.
    pub(crate) fn forbidden() -> Self {
        Self::new(
            403,
            "Authorization_RequestDenied",
            "The caller's privileges do not suffice for this operation.",
        )
    }

    /// 401 where no token was sent. The challenge names no error, as there was nothing that could be wrong.
    pub(crate) fn without_token(message: impl Into<String>, authority: &str) -> Self {
        let mut failure = Self::new(401, "InvalidAuthenticationToken", message);
        failure.headers.push((
            "WWW-Authenticate".to_owned(),
            format!("Bearer realm=\"\", authorization_uri=\"{authority}/common/oauth2/v2.0/authorize\""),
        ));
        failure
    }

    /// 401 for a token that is not accepted, with the challenge that belongs to it.
    pub(crate) fn unauthorized(message: impl Into<String>, authority: &str) -> Self {
        let mut failure = Self::without_token(message, authority);
        for (_, value) in &mut failure.headers {
            value.push_str(", error=\"invalid_token\"");
        }
        failure
    }

    pub(crate) fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(409, code, message)
    }

    /// The answer, with the ids of the request in its inner error.
    pub(crate) fn into_reply(self, style: ErrorStyle, ids: &Identity) -> Reply {
        let code = if style.empty_code { "" } else { self.code };
        let mut error = Map::new();
        error.insert("code".to_owned(), json!(code));
        error.insert("message".to_owned(), json!(self.message));
        if let Some(target) = self.target {
            error.insert("target".to_owned(), json!(target));
        }
        if !style.without_inner {
            let name = if style.lowercase_inner {
                "innererror"
            } else {
                "innerError"
            };
            error.insert(name.to_owned(), ids.inner_error());
        }
        Reply {
            headers: self.headers,
            ..Reply::json(self.status, json!({ "error": Value::Object(error) }))
        }
    }
}

/// The ids of one request, which its answer repeats.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub(crate) request_id: String,
    pub(crate) client_request_id: String,
    pub(crate) at: jiff::Timestamp,
}

impl Identity {
    /// The object that error bodies carry for the support desk.
    pub(crate) fn inner_error(&self) -> Value {
        json!({
            "date": zoneless_text(self.at),
            "request-id": self.request_id,
            "client-request-id": self.client_request_id,
        })
    }
}
