//! What follows from an answer, or from none: the end, another token, or sending again.

use std::time::Duration;

use http::StatusCode;
use uuid::Uuid;

use super::{Next, Run};
use crate::answer::RawAnswer;
use crate::challenge::Claims;
use crate::clock::later;
use crate::deadline::{NO_TOKEN, in_time};
use crate::descriptor::Idempotency;
use crate::error::{Error, ErrorKind, Result, RetryAdvice};
use crate::failure::{self, Failure};
use crate::foreign;
use crate::pace::Pacer;
use crate::recent_sign_in;
use crate::retry_after;
use crate::transport::{HttpResponse, TransportError, TransportFault};

/// What to do about a certificate that is not trusted.
const TRUST: &str = "Check the address and this computer's clock; where a proxy reads along, give its authority as a PEM file, \
    for instance by SSL_CERT_FILE";

impl Run<'_> {
    pub(super) fn judge(&mut self, outcome: Result<HttpResponse, TransportError>, id: Uuid) -> Next {
        let response = match outcome {
            Ok(response) => response,
            Err(error) => return self.judge_silence(error),
        };
        tracing::debug!(
            target: "trunkline",
            attempt = self.attempts,
            status = response.status.as_u16(),
            request_id = response.headers.get("request-id").and_then(|value| value.to_str().ok()),
            client_request_id = %id,
            "answered"
        );
        let status = response.status;
        // The answers inside a batch speak for themselves.
        if self.charges.is_none() && status != StatusCode::TOO_MANY_REQUESTS {
            self.tell_pacer(Pacer::speed_up);
        }
        if status.is_success() {
            return self.judge_success(response, id);
        }
        let failure = Failure::new(
            response,
            self.token.as_deref(),
            self.inner.authorization.tokens.is_none(),
        );
        // Throttling is waited out, whoever asks for it.
        if failure.foreign && status != StatusCode::TOO_MANY_REQUESTS {
            return self.judge_foreign(failure);
        }
        if status == StatusCode::UNAUTHORIZED || status == StatusCode::FORBIDDEN {
            return Next::Refused(failure);
        }
        if status == StatusCode::TOO_MANY_REQUESTS {
            return self.judge_throttling(failure);
        }
        if status.is_server_error() {
            return self.judge_server_error(failure);
        }
        Next::Fail(self.refused(failure))
    }

    fn judge_success(&mut self, response: HttpResponse, id: Uuid) -> Next {
        let HttpResponse {
            status,
            headers,
            body,
            cut,
        } = response;
        // The sign-in page of a network says 200 to everything.
        if foreign::is_page(&headers, &body) {
            let response = HttpResponse {
                status,
                headers,
                body,
                cut: None,
            };
            let anonymous = self.inner.authorization.tokens.is_none();
            let failure = Failure::new(response, self.token.as_deref(), anonymous);
            return self.judge_foreign(Failure {
                foreign: true,
                ..failure
            });
        }
        let is_cut = cut.is_some();
        let body = match cut {
            // The body of these says nothing that the headers do not.
            Some(_) if matches!(status, StatusCode::ACCEPTED | StatusCode::NO_CONTENT) => Vec::new(),
            Some(error) if error.fault == TransportFault::TooLarge => {
                return Next::Fail(
                    Error::new(ErrorKind::UnexpectedBody, error.message)
                        .with_status(status, headers)
                        .with_next_step("Ask for less, or raise the limit of the client")
                        .with_may_have_reached_service(self.idempotency != Idempotency::Safe),
                );
            }
            Some(error) if self.idempotency.may_repeat() => return self.judge_silence(error),
            Some(error) => {
                let message = "the service carried it out, but its answer was cut off";
                return Next::Fail(
                    Error::new(ErrorKind::UnknownOutcome, message)
                        .with_status(status, headers)
                        .with_next_step(failure::how_to_settle(self.idempotency))
                        .with_source(error),
                );
            }
            None => body,
        };
        match RawAnswer::new(status, headers, body, id, self.attempts) {
            Ok(answer) => Next::Done(answer.cut(is_cut)),
            Err(error) => {
                Next::Fail(error.with_may_have_reached_service(self.uncertain || self.idempotency != Idempotency::Safe))
            }
        }
    }

    /// Something other than the service answered, so that nobody knows what the service would say.
    #[cold]
    fn judge_foreign(&mut self, failure: Failure) -> Next {
        let asked = retry_after::read(&failure.headers, self.inner.clock.now());
        // A proxy that wants a password has forwarded nothing.
        let sent = failure.status != StatusCode::PROXY_AUTHENTICATION_REQUIRED;
        self.uncertain |= sent && self.idempotency != Idempotency::Safe;
        if (!sent || self.idempotency.may_repeat())
            && let Some(wait) = self.repetition(asked, false)
        {
            return Next::Wait(wait);
        }
        if sent && !self.idempotency.may_repeat() {
            return Next::Fail(failure::answered_elsewhere(failure, self.idempotency));
        }
        let error = self.refused(failure);
        Next::Fail(match asked {
            Some(asked) if !asked.is_zero() => error.with_retry_advice(RetryAdvice::After(asked)),
            _ => error,
        })
    }

    /// No answer, or not a whole one.
    fn judge_silence(&mut self, error: TransportError) -> Next {
        tracing::debug!(target: "trunkline", attempt = self.attempts, %error, "no answer");
        let sent = error.may_have_been_sent();
        self.uncertain |= sent;
        let kind = match error.fault {
            TransportFault::TimedOut => ErrorKind::Timeout,
            TransportFault::TooLarge => ErrorKind::UnexpectedBody,
            TransportFault::Unusable => ErrorKind::InvalidInput,
            _ => ErrorKind::Connection,
        };
        let final_fault = matches!(error.fault, TransportFault::Unusable | TransportFault::NotTrusted);
        let may_repeat = !final_fault && (!sent || self.idempotency.may_repeat());
        if may_repeat && let Some(wait) = self.repetition(None, false) {
            return Next::Wait(wait);
        }
        if sent && !self.idempotency.may_repeat() {
            return Next::Fail(failure::unknown_outcome(&error.message, self.idempotency).with_source(error));
        }
        let message = error.message.clone();
        let is_stranger = error.fault == TransportFault::NotTrusted;
        let error = Error::new(kind, message)
            .with_source(error)
            .with_may_have_reached_service(self.uncertain);
        Next::Fail(if is_stranger {
            error.with_next_step(TRUST)
        } else {
            error
        })
    }

    /// 401 and 403: perhaps another token is all it takes. An error when there is none.
    pub(super) async fn replace_token(&mut self, failure: Failure) -> Result<()> {
        let view = self.token.as_deref().and_then(|token| token.view.as_ref());
        let claims = recent_sign_in::claims_of(&failure, self.operation, view, self.inner.clock.now());
        let is_new = match &claims {
            Claims::Asked(_) | Claims::Supposed => !std::mem::replace(&mut self.challenged, true),
            Claims::None if failure.status == StatusCode::UNAUTHORIZED => !std::mem::replace(&mut self.refreshed, true),
            Claims::None | Claims::Malformed => false,
        };
        if is_new {
            let replacement = self.inner.authorization.replace(self.token.as_ref(), &claims);
            match in_time(self.remaining_real(), NO_TOKEN, replacement).await {
                Ok(Some(token)) => {
                    self.check(&token).await?;
                    self.token = Some(token);
                    return Ok(());
                }
                Ok(None) => {}
                Err(error) => return Err(failure.describe(error).with_claims_of(claims)),
            }
        }
        Err(recent_sign_in::challenged(self.refused(failure), claims))
    }

    /// 429: not carried out, so it may always be sent again; but not before the service says.
    fn judge_throttling(&mut self, failure: Failure) -> Next {
        let now = self.inner.clock.now();
        let asked = retry_after::read(&failure.headers, now).filter(|asked| !asked.is_zero());
        let group = self.operation.group();
        let patient = self.policy.throttle_budget.is_some();
        self.throttled += u32::from(patient);
        if let Some(asked) = asked {
            self.inner.pauses.pause(group, now, asked);
        }
        let wait = self.repetition(asked, patient);
        self.tell_pacer(|pacer, group| pacer.slow_down(group, asked.or(wait).unwrap_or_default()));
        if let Some(wait) = wait {
            if asked.is_none() {
                // The service did not say for how long; what this request waits is the best guess for the others.
                self.inner.pauses.pause(group, now, wait);
            }
            return Next::Wait(wait);
        }
        let error = self.refused(failure);
        Next::Fail(match asked {
            Some(asked) => failure::told_to_wait(error, now, later(now, asked)),
            None => error.with_retry_advice(RetryAdvice::Later),
        })
    }

    /// 5xx: a read may be repeated, a write may have been carried out.
    fn judge_server_error(&mut self, failure: Failure) -> Next {
        let status = failure.status;
        let asked = retry_after::read(&failure.headers, self.inner.clock.now());
        // An authority that fails is asked again: a token changes nothing.
        let is_authority = self.inner.authorization.tokens.is_none();
        let passing =
            matches!(status.as_u16(), 502..=504) || is_authority && status == StatusCode::INTERNAL_SERVER_ERROR;
        // These say that it was not carried out.
        let definite = failure::is_definite(status);
        self.uncertain |= !definite && self.idempotency != Idempotency::Safe;
        if passing
            && self.idempotency.may_repeat()
            && let Some(wait) = self.repetition(asked, false)
        {
            return Next::Wait(wait);
        }
        if !definite && !self.idempotency.may_repeat() {
            let message = format!("the service answered {} to a write", status.as_u16());
            return Next::Fail(failure.describe(failure::unknown_outcome(&message, self.idempotency)));
        }
        let advice = match asked {
            Some(asked) => RetryAdvice::After(asked),
            None if definite => RetryAdvice::Never,
            None => RetryAdvice::Later,
        };
        Next::Fail(self.refused(failure).with_retry_advice(advice))
    }

    /// The wait before the next attempt; `None`: there is none. `patient`: it was throttled, and that counts by itself.
    pub(super) fn repetition(&mut self, asked: Option<Duration>, patient: bool) -> Option<Duration> {
        let tried = self.attempts - self.throttled;
        if !patient && tried >= self.policy.attempts {
            return None;
        }
        let tried = if patient { self.throttled } else { tried };
        let wait = match asked {
            Some(asked) => self.policy.asked(asked, tried),
            None => self.policy.backoff(tried),
        };
        if wait > self.patience(patient) {
            return None;
        }
        // What the service asked for costs nothing: it knows what it can bear.
        let free = patient || asked.is_some_and(|asked| !asked.is_zero());
        let granted = free || self.inner.budget.take(self.inner.clock.elapsed());
        granted.then(|| {
            self.spend(wait, patient);
            wait
        })
    }

    fn refused(&self, failure: Failure) -> Error {
        let view = self.token.as_deref().and_then(|token| token.view.as_ref());
        failure.into_error(self.operation, self.inner, view, self.uncertain)
    }
}
