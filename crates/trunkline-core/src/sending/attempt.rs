//! Decides what follows from one attempt: the answer, another attempt after a wait, another token, or an error.
//!
//! The pipeline asks about requests that are sent by themselves, the batch about each request in it. Nothing here waits or
//! sends: an [`Attempt`] comes in with what the transport returned, and a [`Judgement`] goes out.

use std::time::Duration;

use http::StatusCode;
use uuid::Uuid;

use crate::clock::{Clock, later};
use crate::error::{Error, ErrorKind, RetryAdvice};
use crate::request::operation::Operation;
use crate::sending::answer::RawAnswer;
use crate::sending::failure::{self, Failure};
use crate::sending::foreign;
use crate::sending::retry::RetryBudget;
use crate::sending::retry_after;
use crate::sending::transport::{HttpResponse, TransportError, TransportFault};
use crate::sending::wait_budget::{Wait, WaitBudget};
use crate::signing::challenge::Claims;
use crate::signing::recent_sign_in;
use crate::signing::token::CachedToken;
use crate::signing::token_view::TokenView;
use crate::table::operation::Idempotency;

/// The next step for a server whose certificate is not trusted.
const TRUST: &str = "Check the address and this computer's clock. If a proxy inspects TLS, trust its certificate authority: name its PEM file \
    in SSL_CERT_FILE";

/// The attempts to send one request.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Attempts {
    /// Number of attempts.
    pub(crate) count: u32,
    /// Number of attempts that were answered 429, when the policy has a separate budget for them.
    pub(crate) throttled: u32,
    /// Whether the service may have executed one of them.
    pub(crate) uncertain: bool,
    /// Whether the token was replaced because the service did not accept it.
    refreshed: bool,
    /// Whether the token was replaced because the service asked for claims.
    challenged: bool,
}

impl Attempts {
    /// Adds the attempts of a batch that contained the request.
    pub(crate) fn add(&mut self, batch: Self) {
        self.count += batch.count;
        self.throttled += batch.throttled;
        self.uncertain |= batch.uncertain;
    }
}

/// One attempt: what was sent, and the limits for sending it again.
pub(crate) struct Attempt<'a> {
    pub(crate) operation: &'a Operation,
    /// The `client-request-id`.
    pub(crate) id: Uuid,
    pub(crate) token: Option<&'a CachedToken>,
    /// Whether the client has no source of tokens, such as the client that requests tokens from an authority.
    pub(crate) is_anonymous: bool,
    pub(crate) is_in_batch: bool,
    pub(crate) waits: &'a WaitBudget<'a>,
    pub(crate) retries: &'a RetryBudget,
    pub(crate) clock: &'a dyn Clock,
}

/// The consequence of an attempt.
pub(crate) struct Judgement {
    pub(crate) next: Next,
    pub(crate) load: Load,
}

/// The next action for the request.
pub(crate) enum Next {
    Done(RawAnswer),
    /// Send it again after a wait.
    Repeat(Wait),
    /// Send it again if there is another token.
    ReplaceToken(Refusal),
    Fail(Error),
}

/// The load of the service as the attempt shows it. It concerns every operation of the same group.
pub(crate) enum Load {
    Unknown,
    Accepted,
    /// The group pauses for this long. `None` when the service named no time and this request is not sent again.
    Throttled(Option<Duration>),
}

/// A 401 or 403 that another token may turn into a success.
pub(crate) struct Refusal {
    failure: Failure,
    pub(crate) claims: Claims,
}

impl Refusal {
    /// The error when the source of tokens failed.
    pub(crate) fn without_token(self, error: Error) -> Error {
        self.failure.describe(error).with_claims_of(self.claims)
    }
}

impl Attempt<'_> {
    /// Judges an answer, or the failure to get one.
    pub(crate) fn judge(&self, attempts: &mut Attempts, outcome: Result<HttpResponse, TransportError>) -> Judgement {
        match outcome {
            Ok(response) if response.status == StatusCode::TOO_MANY_REQUESTS => {
                self.judge_throttling(attempts, response)
            }
            Ok(response) => Judgement {
                next: self.judge_answer(attempts, response),
                load: Load::Accepted,
            },
            Err(error) => Judgement {
                next: self.judge_silence(attempts, kind_of(error.fault), error),
                load: Load::Unknown,
            },
        }
    }

    /// Judges a request that the answer to its batch leaves out.
    pub(crate) fn judge_missing(&self, attempts: &mut Attempts) -> Next {
        let message = "the answer to the batch does not mention this request";
        let error = TransportError::new(TransportFault::Lost, message);
        self.judge_silence(attempts, ErrorKind::UnexpectedBody, error)
    }

    fn judge_answer(&self, attempts: &mut Attempts, response: HttpResponse) -> Next {
        let status = response.status;
        if status.is_success() {
            return self.judge_success(attempts, response);
        }
        let failure = self.failure(response);
        match status {
            _ if failure.foreign => self.judge_foreign(attempts, failure),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => self.judge_refusal(attempts, failure),
            _ if status.is_server_error() => self.judge_server_error(attempts, failure),
            _ => Next::Fail(self.error_of(attempts, failure)),
        }
    }

    fn judge_success(&self, attempts: &mut Attempts, response: HttpResponse) -> Next {
        // The sign-in page of a network answers every request with 200.
        if foreign::is_page(&response.headers, &response.body) {
            let mut failure = Failure::new(response, self.token);
            failure.foreign = true;
            return self.judge_foreign(attempts, failure);
        }
        let HttpResponse {
            status,
            headers,
            body,
            cut,
        } = response;
        let is_cut = cut.is_some();
        let body = match cut {
            // These answers are complete without a body.
            Some(_) if matches!(status, StatusCode::ACCEPTED | StatusCode::NO_CONTENT) => Vec::new(),
            Some(error) if error.fault == TransportFault::TooLarge => {
                return Next::Fail(
                    Error::new(ErrorKind::UnexpectedBody, error.message)
                        .with_status(status, headers)
                        .with_next_step("Request less data, or raise the client's maximum size of a body")
                        .with_may_have_reached_service(!self.is_read()),
                );
            }
            Some(error) if self.may_repeat() => {
                return self.judge_silence(attempts, kind_of(error.fault), error);
            }
            Some(error) => {
                let message = "the service executed the request, but its answer was cut off";
                return Next::Fail(
                    Error::new(ErrorKind::UnknownOutcome, message)
                        .with_status(status, headers)
                        .with_next_step(failure::how_to_settle(self.operation.idempotency()))
                        .with_source(error),
                );
            }
            None => body,
        };
        match RawAnswer::new(status, headers, body, self.id, attempts.count) {
            Ok(answer) => Next::Done(answer.cut(is_cut)),
            Err(error) => Next::Fail(error.with_may_have_reached_service(attempts.uncertain || !self.is_read())),
        }
    }

    /// Judges an answer of something other than the service: its status says nothing about the request.
    #[cold]
    fn judge_foreign(&self, attempts: &mut Attempts, failure: Failure) -> Next {
        // A proxy that asks for a password did not forward the request.
        let was_sent = failure.status != StatusCode::PROXY_AUTHENTICATION_REQUIRED;
        attempts.uncertain |= was_sent && !self.is_read();
        if (!was_sent || self.may_repeat())
            && let Some(wait) = self.repetition(attempts, self.requested_wait(&failure), false)
        {
            return Next::Repeat(wait);
        }
        Next::Fail(if was_sent && !self.may_repeat() {
            failure::answered_elsewhere(failure, self.operation.idempotency())
        } else {
            self.error_of(attempts, failure)
        })
    }

    /// Judges a missing or incomplete answer.
    fn judge_silence(&self, attempts: &mut Attempts, kind: ErrorKind, error: TransportError) -> Next {
        tracing::debug!(target: "trunkline", attempt = attempts.count, %error, "no answer");
        let was_sent = error.may_have_been_sent();
        attempts.uncertain |= was_sent;
        let is_final = matches!(error.fault, TransportFault::Unusable | TransportFault::NotTrusted);
        if !is_final
            && (!was_sent || self.may_repeat())
            && let Some(wait) = self.repetition(attempts, None, false)
        {
            return Next::Repeat(wait);
        }
        if was_sent && !self.may_repeat() {
            let outcome = failure::unknown_outcome(&error.message, self.operation.idempotency());
            return Next::Fail(outcome.with_source(error));
        }
        let next_step = match error.fault {
            TransportFault::NotTrusted => Some(TRUST),
            _ => error.next_step,
        };
        let error = Error::new(kind, error.message.clone())
            .with_source(error)
            .with_may_have_reached_service(attempts.uncertain);
        Next::Fail(match next_step {
            Some(next_step) => error.with_next_step(next_step),
            None => error,
        })
    }

    /// Judges a 401 or 403. Each reason to replace the token counts once.
    fn judge_refusal(&self, attempts: &mut Attempts, failure: Failure) -> Next {
        let claims = recent_sign_in::claims_of(&failure, self.operation, self.view(), self.clock.now());
        let is_first = match &claims {
            Claims::Required(_) | Claims::Likely => !std::mem::replace(&mut attempts.challenged, true),
            Claims::None if failure.status == StatusCode::UNAUTHORIZED => {
                !std::mem::replace(&mut attempts.refreshed, true)
            }
            Claims::None | Claims::Malformed => false,
        };
        let refusal = Refusal { failure, claims };
        if is_first {
            Next::ReplaceToken(refusal)
        } else {
            Next::Fail(self.error_of_refusal(attempts, refusal))
        }
    }

    /// Judges a 429: the request was not executed, so it may always be sent again, after the time that the service names.
    fn judge_throttling(&self, attempts: &mut Attempts, response: HttpResponse) -> Judgement {
        let failure = self.failure(response);
        let requested = self.requested_wait(&failure);
        attempts.throttled += u32::from(self.waits.policy.throttle_budget.is_some());
        let wait = self.repetition(attempts, requested, true);
        // Without a `Retry-After`, the wait of this request is the best guess for the others.
        let load = Load::Throttled(requested.or(wait.map(|wait| wait.time)));
        let next = match wait {
            Some(wait) => Next::Repeat(wait),
            None => {
                let error = self.error_of(attempts, failure);
                let now = self.clock.now();
                Next::Fail(match requested {
                    Some(requested) => failure::wait_requested(error, now, later(now, requested)),
                    None => error,
                })
            }
        };
        Judgement { next, load }
    }

    /// Judges a 5xx: a read may be repeated, a write may have been executed.
    fn judge_server_error(&self, attempts: &mut Attempts, failure: Failure) -> Next {
        let status = failure.status;
        // A failed request for a token is repeated: it changes nothing.
        let may_pass =
            matches!(status.as_u16(), 502..=504) || self.is_anonymous && status == StatusCode::INTERNAL_SERVER_ERROR;
        let is_definite = failure::is_definite(status);
        attempts.uncertain |= !is_definite && !self.is_read();
        if may_pass
            && self.may_repeat()
            && let Some(wait) = self.repetition(attempts, self.requested_wait(&failure), false)
        {
            return Next::Repeat(wait);
        }
        Next::Fail(if !is_definite && !self.may_repeat() {
            let message = format!("the service answered {} to a write", status.as_u16());
            failure.describe(failure::unknown_outcome(&message, self.operation.idempotency()))
        } else {
            self.error_of(attempts, failure)
        })
    }

    /// Returns the wait before the next attempt, or `None` if there is none.
    pub(crate) fn repetition(
        &self,
        attempts: &Attempts,
        requested: Option<Duration>,
        is_throttled: bool,
    ) -> Option<Wait> {
        let policy = self.waits.policy;
        let is_counted_apart = is_throttled && policy.throttle_budget.is_some();
        let tried = if is_counted_apart {
            attempts.throttled
        } else {
            attempts.count - attempts.throttled
        };
        if !is_counted_apart && tried >= policy.attempts {
            return None;
        }
        let time = requested.map_or_else(|| policy.backoff(tried), |requested| policy.at_least(requested, tried));
        let wait = Wait { time, is_throttled };
        if !self.waits.allows(wait, self.clock) {
            return None;
        }
        // A wait that the service asked for does not count against the budget of retries: the service knows its load.
        let is_free = is_counted_apart || requested.is_some();
        (is_free || self.retries.take(self.clock.elapsed())).then_some(wait)
    }

    /// The error of a refusal for which there is no other token.
    pub(crate) fn error_of_refusal(&self, attempts: &Attempts, refusal: Refusal) -> Error {
        recent_sign_in::with_challenge(self.error_of(attempts, refusal.failure), refusal.claims)
    }

    fn failure(&self, response: HttpResponse) -> Failure {
        let mut failure = Failure::new(response, self.token);
        failure.foreign = match self.is_in_batch {
            // The service wrote the batch itself; an HTML page in it comes from a gateway behind the service.
            true => foreign::is_page(&failure.headers, failure.body.as_bytes()),
            false => foreign::is_failure(&failure.headers, &failure.body, self.is_anonymous),
        };
        failure
    }

    fn error_of(&self, attempts: &Attempts, failure: Failure) -> Error {
        let requested = self.requested_wait(&failure);
        let error = failure.into_error(self.operation, self.is_anonymous, self.view(), attempts.uncertain);
        match requested {
            Some(requested) => error.with_retry_advice(RetryAdvice::After(requested)),
            None => error,
        }
    }

    fn requested_wait(&self, failure: &Failure) -> Option<Duration> {
        retry_after::read(&failure.headers, self.clock.now()).filter(|wait| !wait.is_zero())
    }

    fn view(&self) -> Option<&TokenView> {
        self.token.and_then(|token| token.view.as_ref())
    }

    fn may_repeat(&self) -> bool {
        self.operation.idempotency().may_repeat()
    }

    fn is_read(&self) -> bool {
        self.operation.idempotency() == Idempotency::Safe
    }
}

fn kind_of(fault: TransportFault) -> ErrorKind {
    match fault {
        TransportFault::TimedOut => ErrorKind::Timeout,
        TransportFault::TooLarge => ErrorKind::UnexpectedBody,
        TransportFault::Unusable => ErrorKind::InvalidInput,
        _ => ErrorKind::Connection,
    }
}
