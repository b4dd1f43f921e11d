//! From an answer that is no success to an error that says what to do.

use http::header::LOCATION;
use http::{HeaderMap, StatusCode};

use crate::authorization::missing_permission;
use crate::client::Inner;
use crate::descriptor::Idempotency;
use crate::error::{Error, ErrorKind};
use crate::mask;
use crate::operation::Operation;
use crate::token::CachedToken;
use crate::token_view::TokenView;
use crate::transport::HttpResponse;

/// An answer that is no success.
pub(crate) struct Failure {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Failure {
    /// Reads the answer. Something between here and the service may mirror the request; if the token is in what came
    /// back, it is taken out.
    pub(crate) fn new(response: HttpResponse, token: Option<&CachedToken>) -> Self {
        let mut body = String::from_utf8_lossy(&response.body).into_owned();
        let mut headers = response.headers;
        if let Some(token) = token {
            let secret = token.secret.expose();
            if body.contains(secret) {
                body = body.replace(secret, "[token]");
            }
            let mirrored: Vec<_> = headers
                .iter()
                .filter(|(_, value)| contains(value.as_bytes(), secret.as_bytes()))
                .map(|(name, _)| name.clone())
                .collect();
            for name in mirrored {
                headers.remove(name);
            }
        }
        Self {
            status: response.status,
            headers,
            body,
        }
    }

    /// Adds what the answer says to `error`.
    pub(crate) fn describe(self, error: Error) -> Error {
        error.with_status(self.status, self.headers).with_body(&self.body)
    }

    pub(crate) fn into_error(
        self,
        operation: &Operation,
        inner: &Inner,
        view: Option<&TokenView>,
        uncertain: bool,
    ) -> Error {
        let status = self.status;
        let (kind, message) = match status.as_u16() {
            300..=399 => {
                let host = self.redirect_host();
                (
                    ErrorKind::Redirected,
                    format!("the service redirected to {host}, which is not followed").into(),
                )
            }
            401 => (ErrorKind::Authentication, "the service did not accept the token".into()),
            403 => (ErrorKind::PermissionDenied, "the service denied permission".into()),
            404 | 410 => (ErrorKind::NotFound, "there is no such thing".into()),
            409 | 412 => (ErrorKind::Conflict, "the current state does not allow it".into()),
            429 => (ErrorKind::Throttled, "the service asked to wait".into()),
            500..=599 => (ErrorKind::Service, "the service failed".into()),
            _ => (ErrorKind::Rejected, "the service rejected the request".into()),
        };
        let message: std::borrow::Cow<'static, str> = message;
        let mut error = Error::new(kind, message).with_may_have_reached_service(uncertain);
        if kind == ErrorKind::PermissionDenied
            && let Some(step) = missing_permission(operation.descriptor(), operation.path(), view)
        {
            error = error.with_next_step(step);
        }
        if kind == ErrorKind::Authentication && inner.authorization.tokens.is_none() {
            error = error.with_next_step("Give the client a source of tokens");
        }
        if kind == ErrorKind::NotFound && uncertain {
            error =
                error.with_next_step("An earlier attempt got no answer and may have done it; read the current state");
        }
        self.describe(error)
    }

    fn redirect_host(&self) -> String {
        let location = self
            .headers
            .get(LOCATION)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let rest = location.split_once("//").map_or("", |(_, rest)| rest);
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = host.rsplit('@').next().unwrap_or_default();
        if host.is_empty() {
            "an address of its own".to_owned()
        } else {
            mask::text(host)
        }
    }
}

/// The error of a write of which nobody knows whether it happened.
pub(crate) fn unknown_outcome(what: &str, idempotency: Idempotency) -> Error {
    Error::new(
        ErrorKind::UnknownOutcome,
        format!("{what}; it may or may not have happened"),
    )
    .with_next_step(how_to_settle(idempotency))
}

/// How to find out whether it happened.
pub(crate) fn how_to_settle(idempotency: Idempotency) -> &'static str {
    match idempotency {
        Idempotency::Confirm { how, .. } | Idempotency::Never { how } if !how.is_empty() => how,
        _ => "Read the current state before sending it again",
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    !part.is_empty() && text.windows(part.len()).any(|window| window == part)
}
