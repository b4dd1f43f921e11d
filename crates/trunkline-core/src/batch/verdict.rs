//! What becomes of one request of a batch after its answer.

use std::time::Duration;

use http::StatusCode;
use uuid::Uuid;

use super::Batch;
use super::round::{Round, Verdict};
use super::wire::EntryAnswer;
use crate::answer::{RawAnswer, ResponseMeta};
use crate::challenge::Claims;
use crate::clock::later;
use crate::descriptor::Idempotency;
use crate::error::{Error, ErrorKind, RetryAdvice};
use crate::failure::{self, Failure, how_to_settle, unknown_outcome};
use crate::recent_sign_in;
use crate::retry::RetryPolicy;
use crate::retry_after;

impl Batch {
    pub(super) fn judge_item(
        &mut self,
        index: usize,
        answer: EntryAnswer,
        meta: &ResponseMeta,
        round: &Round,
        policy: &RetryPolicy,
    ) -> Verdict {
        let inner = &self.client.inner;
        let item = &self.items[index];
        let idempotency = item.operation.idempotency();
        let status = answer.status;
        if let Some(pacer) = &inner.pacer
            && status != StatusCode::TOO_MANY_REQUESTS
        {
            pacer.speed_up(item.operation.group());
        }
        if status.is_success() {
            let EntryAnswer { headers, body, .. } = answer;
            let meta = ResponseMeta {
                status,
                headers,
                client_request_id: meta.client_request_id,
                attempts: item.attempts.max(meta.attempts),
            };
            self.items[index].outcome = Some(Ok(RawAnswer {
                meta,
                body,
                is_cut: false,
            }));
            return Verdict::Settled;
        }
        let dependency_open = item.depends_on.iter().any(|first| self.items[*first].outcome.is_none());
        if status == StatusCode::FAILED_DEPENDENCY && dependency_open {
            // What it depends on is sent again, and so is this, at no cost of its own.
            return Verdict::Again(Duration::ZERO);
        }
        let failure = Failure::of_item(answer, round.token.as_deref());
        let claims = match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                recent_sign_in::claims_of(&failure, &item.operation, round.view(), inner.clock.now())
            }
            _ => Claims::None,
        };
        let plain = claims == Claims::None && status == StatusCode::UNAUTHORIZED;
        if (plain || matches!(claims, Claims::Asked(_) | Claims::Supposed)) && !item.renewed && !failure.foreign {
            return Verdict::Refused(failure, claims);
        }
        let now = inner.clock.now();
        let asked = retry_after::read(&failure.headers, now).filter(|asked| !asked.is_zero());
        let throttled = status == StatusCode::TOO_MANY_REQUESTS;
        let group = item.operation.group();
        let patient = throttled && policy.throttle_budget.is_some();
        self.items[index].throttled += u32::from(patient);
        let (inner, item) = (&self.client.inner, &self.items[index]);
        if throttled && let Some(asked) = asked {
            inner.pauses.pause(group, now, asked);
        }
        if throttled && let Some(pacer) = &inner.pacer {
            pacer.slow_down(group, asked.unwrap_or_default());
        }
        let foreign = failure.foreign && !throttled;
        let passing = foreign || matches!(status.as_u16(), 502..=504);
        let definite = failure::is_definite(status) && !foreign;
        let reached = (foreign || status.is_server_error()) && !definite && idempotency != Idempotency::Safe;
        if (throttled || passing && idempotency.may_repeat())
            && let Some(wait) = self.repetition(index, asked, policy, round, patient)
        {
            if throttled && asked.is_none() {
                inner.pauses.pause(group, now, wait);
            }
            self.items[index].uncertain |= reached;
            return if throttled {
                Verdict::Later(wait)
            } else {
                Verdict::Again(wait)
            };
        }
        let unknown = status.is_server_error() && !definite && !idempotency.may_repeat();
        let error = if foreign && !idempotency.may_repeat() {
            failure::answered_elsewhere(failure, idempotency)
        } else if unknown {
            failure.describe(unknown_outcome(
                &format!("the service answered {} to a write", status.as_u16()),
                idempotency,
            ))
        } else {
            let error = failure.into_error(&item.operation, inner, round.view(), item.uncertain || reached);
            recent_sign_in::challenged(error, claims)
        };
        let error = match asked {
            Some(asked) if throttled => failure::told_to_wait(error, now, later(now, asked)),
            Some(asked) if !unknown => error.with_retry_advice(RetryAdvice::After(asked)),
            _ => error,
        };
        self.fail(index, error, meta.client_request_id);
        Verdict::Settled
    }

    /// The service left a request out of its answer.
    pub(super) fn judge_missing(&mut self, index: usize, policy: &RetryPolicy, round: &Round) -> Verdict {
        let idempotency = self.items[index].operation.idempotency();
        if idempotency.may_repeat()
            && let Some(wait) = self.repetition(index, None, policy, round, false)
        {
            self.items[index].uncertain |= idempotency != Idempotency::Safe;
            return Verdict::Again(wait);
        }
        let error = if idempotency.may_repeat() {
            Error::new(
                ErrorKind::UnexpectedBody,
                "the answer to the batch does not tell of this request",
            )
            .with_may_have_reached_service(idempotency != Idempotency::Safe)
        } else {
            unknown_outcome("the answer to the batch does not tell of this request", idempotency)
        };
        self.fail(index, error, Uuid::nil());
        Verdict::Settled
    }

    pub(super) fn repetition(
        &self,
        index: usize,
        asked: Option<Duration>,
        policy: &RetryPolicy,
        round: &Round,
        patient: bool,
    ) -> Option<Duration> {
        let item = &self.items[index];
        let tried = item.attempts - item.throttled;
        if !patient && tried >= policy.attempts {
            return None;
        }
        let (attempts, patience) = if patient {
            (item.throttled, round.patience_throttled)
        } else {
            (tried, round.patience)
        };
        let wait = asked.map_or_else(|| policy.backoff(attempts), |asked| policy.asked(asked, attempts));
        if wait > patience {
            return None;
        }
        (patient || asked.is_some() || self.client.inner.budget.take(self.client.clock().elapsed())).then_some(wait)
    }

    /// The batch as a whole failed.
    pub(super) fn fail_whole(&mut self, index: usize, error: &Error) {
        let idempotency = self.items[index].operation.idempotency();
        let mut error = error.clone();
        if error.is_unknown_outcome() {
            error = match idempotency {
                // It shared the batch with a write; by itself, nothing is uncertain about a read.
                Idempotency::Safe => error
                    .with_kind(ErrorKind::Connection)
                    .with_next_step("Read it again")
                    .with_retry_advice(RetryAdvice::Later)
                    .with_may_have_reached_service(false),
                _ => error.with_next_step(how_to_settle(idempotency)),
            };
        }
        let error = self.items[index].operation.rename_in(error);
        self.items[index].outcome = Some(Err(error));
    }

    pub(super) fn fail(&mut self, index: usize, error: Error, client_request_id: Uuid) {
        let item = &mut self.items[index];
        let reached = item.uncertain || error.may_have_reached_service();
        let error = item
            .operation
            .name_in(error)
            .with_attempts(item.attempts)
            .with_may_have_reached_service(reached);
        let error = if client_request_id.is_nil() {
            error
        } else {
            error.with_client_request_id(&client_request_id.to_string())
        };
        item.outcome = Some(Err(error));
    }
}
