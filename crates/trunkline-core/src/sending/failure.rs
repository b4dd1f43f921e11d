//! Turns a refused answer into an error with a next step.

use std::borrow::Cow;

use http::header::LOCATION;
use http::{HeaderMap, StatusCode};
use percent_encoding::percent_decode_str;

use crate::clock::{Timestamp, until};
use crate::error::{Error, ErrorKind, RetryAdvice, ServiceFailure};
use crate::mask;
use crate::request::operation::Operation;
use crate::sending::foreign;
use crate::sending::transport::HttpResponse;
use crate::signing::authorization::missing_permission;
use crate::signing::token::CachedToken;
use crate::signing::token_view::TokenView;
use crate::table::operation::Idempotency;
use crate::table::template::{Step, steps};

/// An answer that is no success.
pub(crate) struct Failure {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    /// Whether something between here and the service answered, so that the status says nothing about what was asked for.
    pub(crate) foreign: bool,
}

impl Failure {
    /// Reads the answer. Something between here and the service may mirror the request: a token in it is taken out.
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
            foreign: false,
        }
    }

    /// Adds what the answer says to `error`.
    pub(crate) fn describe(self, error: Error) -> Error {
        error.with_status(self.status, self.headers).with_body(&self.body)
    }

    pub(crate) fn into_error(
        self,
        operation: &Operation,
        anonymous: bool,
        view: Option<&TokenView>,
        uncertain: bool,
    ) -> Error {
        let status = self.status;
        let (kind, message) = match status.as_u16() {
            407 if self.foreign => (
                ErrorKind::Connection,
                "the proxy requires a user name and a password".into(),
            ),
            code @ (200..=299 | 400..=428 | 430..=599) if self.foreign => {
                let kind = if code < 500 {
                    ErrorKind::UnexpectedBody
                } else {
                    ErrorKind::Service
                };
                (kind, foreign::message(status, &self.body).into())
            }
            300..=399 => {
                let host = self.redirect_host();
                (
                    ErrorKind::Redirected,
                    format!("the service redirected to {host}; redirects are not followed").into(),
                )
            }
            400 | 401 if anonymous && is_sign_in(&self.body) => (ErrorKind::Authentication, "sign-in failed".into()),
            401 if anonymous => (
                ErrorKind::Authentication,
                "the service requires a token, but the client has no credential".into(),
            ),
            401 => (ErrorKind::Authentication, "the service did not accept the token".into()),
            403 => (ErrorKind::PermissionDenied, "the service denied permission".into()),
            404 | 410 => (ErrorKind::NotFound, missing(operation)),
            409 | 412 => (ErrorKind::Conflict, "the current state does not allow it".into()),
            429 => (ErrorKind::Throttled, "the service asked to wait".into()),
            500..=599 => (ErrorKind::Service, "the service failed".into()),
            _ => (ErrorKind::Rejected, "the service rejected the request".into()),
        };
        let message: Cow<'static, str> = message;
        let mut error = Error::new(kind, message).with_may_have_reached_service(uncertain);
        if kind == ErrorKind::PermissionDenied
            && let Some(step) = missing_permission(operation.descriptor(), operation.path(), view)
        {
            error = error.with_next_step(step);
        }
        if kind == ErrorKind::Authentication && anonymous && !is_sign_in(&self.body) {
            error = error.with_next_step("Create the client with a credential");
        }
        if self.foreign {
            error = error.with_foreign_answer().with_retry_advice(RetryAdvice::Later);
            error = match status.as_u16() {
                407 => error.with_next_step("Add them to the address of the proxy: http://user:password@host:port"),
                300..=399 => error,
                _ => error.with_next_step(foreign::NEXT_STEP),
            };
        } else if is_definite(status) {
            error = error.with_retry_advice(RetryAdvice::Never).with_next_step(
                "Do not send it again, the service does not support it; report the request id to Microsoft",
            );
        }
        if kind == ErrorKind::NotFound && uncertain {
            error =
                error.with_next_step("Read the current state: an earlier attempt got no answer and may have succeeded");
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

/// Whether a server error says that nothing was carried out, and will not be.
pub(crate) fn is_definite(status: StatusCode) -> bool {
    matches!(status.as_u16(), 501 | 505 | 507)
}

/// Whether it is the answer of an authority.
fn is_sign_in(body: &str) -> bool {
    body.contains("\"error_description\"") && ServiceFailure::read(body).code().is_some()
}

/// Names what is not there by the last key in the path: `/users/{user-id}` is a user.
fn missing(operation: &Operation) -> Cow<'static, str> {
    named(operation).map_or("the requested object does not exist".into(), |named| {
        format!("there is no {named}").into()
    })
}

fn named(operation: &Operation) -> Option<String> {
    let template = operation.descriptor()?.path_of(operation.path())?.template;
    let (mut template, mut path) = (steps(template), steps(operation.path()));
    let mut last = None;
    loop {
        match (template.next(), path.next()) {
            (Some(Step::Placeholder(name)), Some(Step::Name(key) | Step::Key(key))) => last = Some((name, key)),
            (Some(_), Some(_)) => {}
            (None, None) => break,
            // A link of the service's, which has a path of its own.
            _ => return None,
        }
    }
    let (name, key) = last?;
    let mut words = String::new();
    for character in name.strip_suffix("-id")?.chars() {
        if character.is_ascii_uppercase() {
            words.push(' ');
        }
        words.push(character.to_ascii_lowercase());
    }
    let key = percent_decode_str(key).decode_utf8_lossy();
    Some(format!("{words} {}", mask::text(&key)))
}

/// A moment to the second, not before it.
fn shown(moment: Timestamp) -> String {
    let second = moment.as_second() + i64::from(moment.subsec_nanosecond() > 0);
    Timestamp::from_second(second).unwrap_or(moment).to_string()
}

/// Adds the moment until which the service wants no request.
pub(crate) fn wait_requested(error: Error, now: Timestamp, end: Timestamp) -> Error {
    let seconds = until(now, end).as_millis().div_ceil(1000);
    error
        .with_message(format!("the service asked to wait {seconds} s, until {}", shown(end)))
        .with_retry_advice(RetryAdvice::Until(end))
}

/// The error of a request that was not sent because of another one's 429.
pub(crate) fn paused(now: Timestamp, end: Timestamp) -> Error {
    let seconds = until(now, end).as_millis().div_ceil(1000);
    let message = format!(
        "the service asked all clients of this tenant to wait longer than the caller allows: {seconds} s, until {}",
        shown(end)
    );
    Error::new(ErrorKind::Throttled, message).with_retry_advice(RetryAdvice::Until(end))
}

/// The error of a request that was not sent because its turn comes too late.
#[cold]
pub(crate) fn paced(now: Timestamp, end: Timestamp) -> Error {
    let seconds = until(now, end).as_millis().div_ceil(1000);
    let message = format!("the client's pace delays the request by {seconds} s, beyond the caller's deadline");
    Error::new(ErrorKind::Throttled, message)
        .with_retry_advice(RetryAdvice::Until(end))
        .with_next_step("Set a longer timeout, or a faster pace")
}

/// The error of a write that something else than the service answered.
pub(crate) fn answered_elsewhere(failure: Failure, idempotency: Idempotency) -> Error {
    let what = match failure.status.as_u16() {
        300..=399 => format!(
            "the write was redirected to {}; redirects are not followed",
            failure.redirect_host()
        ),
        _ => foreign::message(failure.status, &failure.body),
    };
    failure.describe(unknown_outcome(&what, idempotency).with_foreign_answer())
}

/// The error of a write of which nobody knows whether it happened.
pub(crate) fn unknown_outcome(what: &str, idempotency: Idempotency) -> Error {
    Error::new(
        ErrorKind::UnknownOutcome,
        format!("{what}; the change may or may not have been made"),
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
