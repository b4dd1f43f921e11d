//! The one error of all calls to the service.

mod kind;
pub mod language;
mod mismatch;
mod service;
mod shown;

use std::borrow::Cow;
use std::error::Error as StandardError;
use std::sync::Arc;

use http::{HeaderMap, Method, StatusCode};

use crate::signing::challenge::{self, Claims};

pub use kind::{ErrorKind, RetryAdvice};
pub(crate) use service::{LONGEST_BODY, ServiceFailure, start_of};

/// The result of a call to the service.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The error of a call to the service: what failed, on which object, and the next step.
///
/// `Display` is one line for people, with telephone numbers and names masked. [`kind`](Self::kind) and
/// [`code`](Self::code) are for programs; never decide by a message. It never contains a token.
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    next_step: Option<Cow<'static, str>>,
    retry: RetryAdvice,
    may_have_reached_service: bool,
    foreign: bool,
    operation: Option<Cow<'static, str>>,
    method: Option<Method>,
    target: Option<String>,
    status: Option<StatusCode>,
    failure: ServiceFailure,
    request_id: Option<String>,
    client_request_id: Option<String>,
    headers: Option<HeaderMap>,
    body: Option<String>,
    path: Option<String>,
    claims: Option<String>,
    resume_token: Option<String>,
    attempts: u32,
    source: Option<Arc<dyn StandardError + Send + Sync>>,
}

impl Error {
    /// Creates an error of `kind`. `message` says what happened, in a few words, without a full stop.
    ///
    /// For code that extends the client: token sources, transports, the layers above.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        let retry = match kind {
            ErrorKind::Throttled | ErrorKind::Service | ErrorKind::Timeout | ErrorKind::Connection => {
                RetryAdvice::Later
            }
            ErrorKind::UnknownOutcome | ErrorKind::AcceptedUntracked => RetryAdvice::AfterReadBack,
            _ => RetryAdvice::Never,
        };
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            next_step: None,
            retry,
            may_have_reached_service: matches!(kind, ErrorKind::UnknownOutcome | ErrorKind::AcceptedUntracked),
            foreign: false,
            operation: None,
            method: None,
            target: None,
            status: None,
            failure: ServiceFailure::default(),
            request_id: None,
            client_request_id: None,
            headers: None,
            body: None,
            path: None,
            claims: None,
            resume_token: None,
            attempts: 0,
            source: None,
        }))
    }

    /// Replaces the message: for a caller that knows more than the error.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.0.message = message.into();
        self
    }

    /// Sets the next step.
    #[must_use]
    pub fn with_next_step(mut self, step: impl Into<Cow<'static, str>>) -> Self {
        self.0.next_step = Some(step.into());
        self
    }

    /// Sets whether and when to try again.
    #[must_use]
    pub fn with_retry_advice(mut self, advice: RetryAdvice) -> Self {
        self.0.retry = advice;
        self
    }

    /// Sets the cause. Only `Debug` shows its text, masked.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StandardError + Send + Sync>>) -> Self {
        self.0.source = Some(Arc::from(source.into()));
        self
    }

    /// Sets whether the service may have received, and executed, the request.
    #[must_use]
    pub fn with_may_have_reached_service(mut self, may: bool) -> Self {
        self.0.may_have_reached_service = may;
        self
    }

    /// Marks the answer as one of something other than the service.
    pub(crate) fn with_foreign_answer(mut self) -> Self {
        self.0.foreign = true;
        self
    }

    /// Changes the kind, and with it the next step unless that was set.
    #[must_use]
    pub fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.0.kind = kind;
        self
    }

    /// Sets the id of the operation, unless it is already known.
    #[must_use]
    pub fn with_operation(mut self, id: impl Into<Cow<'static, str>>) -> Self {
        self.0.operation.get_or_insert_with(|| id.into());
        self
    }

    pub(crate) fn with_target(mut self, method: Method, masked_path: String) -> Self {
        self.0.method.get_or_insert(method);
        self.0.target.get_or_insert(masked_path);
        self
    }

    pub(crate) fn without_target(mut self) -> Self {
        self.0.operation = None;
        self.0.method = None;
        self.0.target = None;
        self
    }

    pub(crate) fn with_status(mut self, status: StatusCode, headers: HeaderMap) -> Self {
        let id = |name: &str| {
            headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned)
        };
        self.0.status = Some(status);
        self.0.request_id = id("request-id").or(self.0.request_id.take());
        self.0.client_request_id = id("client-request-id").or(self.0.client_request_id.take());
        self.0.headers = Some(headers);
        self
    }

    pub(crate) fn with_body(mut self, body: &str) -> Self {
        self.0.failure = ServiceFailure::read(body);
        let failure = &mut self.0.failure;
        self.0.request_id = self.0.request_id.take().or(failure.request_id.take());
        self.0.client_request_id = self.0.client_request_id.take().or(failure.client_request_id.take());
        if !body.is_empty() {
            self.0.body = Some(start_of(body).to_owned());
        }
        self
    }

    /// Sets the service's message, when it does not come in the body of an error.
    pub(crate) fn with_service_message(mut self, words: Option<&str>) -> Self {
        self.0.failure.message = words.map(str::to_owned);
        self
    }

    pub(crate) fn with_client_request_id(mut self, id: &str) -> Self {
        self.0.client_request_id.get_or_insert_with(|| id.to_owned());
        self
    }

    pub(crate) fn with_path(mut self, path: String) -> Self {
        self.0.path = Some(path);
        self
    }

    pub(crate) fn with_claims_of(mut self, claims: Claims) -> Self {
        match claims {
            Claims::Required(json) => self.0.claims = Some(json),
            Claims::Likely => self.0.claims = Some(challenge::RECENT_SIGN_IN.to_owned()),
            Claims::None | Claims::Malformed => {}
        }
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = self.0.attempts.max(attempts);
        self
    }

    /// Sets the token that resumes a long-running operation.
    #[must_use]
    pub fn with_resume_token(mut self, token: String) -> Self {
        self.0.resume_token = Some(token);
        self
    }

    /// The kind of failure.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The fact, without path and next step. Contains nothing secret or personal.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The status of the answer, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The most specific code of the service, along the chain of inner errors.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.failure.code()
    }

    /// All codes of the service: the chain of inner errors from the outside in, then the details.
    #[must_use]
    pub fn codes(&self) -> &[String] {
        &self.0.failure.codes
    }

    /// Whether the answer has this code anywhere; upper and lower case are equal.
    #[must_use]
    pub fn has_code(&self, code: &str) -> bool {
        self.0
            .failure
            .codes
            .iter()
            .any(|known| known.eq_ignore_ascii_case(code))
    }

    /// The message of the service. It may contain telephone numbers and names: `Display` masks them, this does not.
    #[must_use]
    pub fn service_message(&self) -> Option<&str> {
        self.0.failure.message.as_deref()
    }

    /// The id under which Microsoft's support finds the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The id that this client gave the last attempt.
    #[must_use]
    pub fn client_request_id(&self) -> Option<&str> {
        self.0.client_request_id.as_deref()
    }

    /// Whether and when to send the same request again.
    #[must_use]
    pub fn retry_advice(&self) -> RetryAdvice {
        self.0.retry
    }

    /// Whether the service may have received, and executed, the request. A write certainly did not happen only if this is
    /// false.
    #[must_use]
    pub fn may_have_reached_service(&self) -> bool {
        self.0.may_have_reached_service
    }

    /// Whether the same request may succeed later without a change to it: the service throttles, fails or cannot be reached,
    /// or something else answered for it. [`retry_advice`](Self::retry_advice) says when to try.
    #[must_use]
    pub fn may_succeed_later(&self) -> bool {
        match self.0.kind {
            ErrorKind::Throttled | ErrorKind::Service | ErrorKind::Connection | ErrorKind::Timeout => {
                self.0.retry != RetryAdvice::Never
            }
            ErrorKind::UnexpectedBody | ErrorKind::Redirected => !self.is_key_mismatch(),
            ErrorKind::UnknownOutcome | ErrorKind::AcceptedUntracked => false,
            _ => self.0.foreign,
        }
    }

    /// The next step, as one sentence without a full stop.
    #[must_use]
    pub fn next_step(&self) -> &str {
        self.0.next_step.as_deref().unwrap_or(self.0.kind.next_step())
    }

    /// The id of the operation, for instance `numberAssignments.assignNumber`, when it is one of the table.
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        self.0.operation.as_deref()
    }

    /// The method of the request, if there was one.
    #[must_use]
    pub fn method(&self) -> Option<&Method> {
        self.0.method.as_ref()
    }

    /// The path of the request with personal data masked.
    #[must_use]
    pub fn target(&self) -> Option<&str> {
        self.0.target.as_deref()
    }

    /// The start of the error's body, at most 4 KiB, as the service wrote it.
    #[must_use]
    pub fn body(&self) -> Option<&str> {
        self.0.body.as_deref()
    }

    /// The headers of the answer, if there was one.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.headers.as_ref()
    }

    /// For [`ErrorKind::Decode`], the JSON path of the value that could not be read.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    /// Claims for the request of another token, as JSON text: those that the service asks for, or those of a recent
    /// multifactor sign-in when a missing one may be the reason.
    #[must_use]
    pub fn claims(&self) -> Option<&str> {
        self.0.claims.as_deref()
    }

    /// The token that resumes a long-running operation, when waiting for it failed.
    #[must_use]
    pub fn resume_token(&self) -> Option<&str> {
        self.0.resume_token.as_deref()
    }

    /// How many times the request was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether the service asked to wait. Wait as [`retry_advice`](Self::retry_advice) says; send less at once if it
    /// happens often.
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        self.0.kind == ErrorKind::Throttled
    }

    /// Whether the object does not exist. After a delete that was sent more than once, the delete may have succeeded.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.0.kind == ErrorKind::NotFound
    }

    /// Whether the current state does not allow the change. Read it and decide again.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.0.kind == ErrorKind::Conflict
    }

    /// Whether a permission or role is missing. [`next_step`](Self::next_step) names the ones that suffice.
    #[must_use]
    pub fn is_permission_denied(&self) -> bool {
        self.0.kind == ErrorKind::PermissionDenied
    }

    /// Whether the user or application has to sign in again. See [`claims`](Self::claims).
    #[must_use]
    pub fn is_authentication(&self) -> bool {
        self.0.kind == ErrorKind::Authentication
    }

    /// Whether the user's multifactor sign-in is too old for this operation, or may be: sign in again with the
    /// [`claims`](Self::claims).
    #[must_use]
    pub fn needs_recent_sign_in(&self) -> bool {
        self.claims().is_some_and(challenge::names_method)
    }

    /// Whether something other than the service answered: a proxy, the sign-in page of a network, a gateway. Such an answer
    /// says nothing about what was asked for, whatever its status is: neither that a thing does not exist nor that a
    /// permission is missing.
    #[must_use]
    pub fn is_foreign_answer(&self) -> bool {
        self.0.foreign
    }

    /// Whether the deadline passed.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind == ErrorKind::Timeout
    }

    /// Whether a write may or may not have happened. [`next_step`](Self::next_step) says what to read.
    #[must_use]
    pub fn is_unknown_outcome(&self) -> bool {
        self.0.kind == ErrorKind::UnknownOutcome
    }
}

impl StandardError for Error {
    fn source(&self) -> Option<&(dyn StandardError + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn StandardError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_one_pointer_wide() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
        assert_eq!(size_of::<Result<()>>(), size_of::<usize>());
    }
}
