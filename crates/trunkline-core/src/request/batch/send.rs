//! Sends a batch in rounds of up to twenty requests, and judges the answer to each.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use uuid::Uuid;

use super::answers::BatchAnswers;
use super::requests::Batch;
use super::wire::{self, Entry, LARGEST};
use crate::blocking::block_on;
use crate::clock::until;
use crate::error::{Error, ErrorKind, Result, RetryAdvice};
use crate::request::operation::Operation;
use crate::sending::attempt::{Attempt, Attempts, Judgement, Next, Refusal};
use crate::sending::deadline::{NO_TOKEN, in_time};
use crate::sending::failure;
use crate::sending::limits::Charge;
use crate::sending::observer::CallEventKind;
use crate::sending::report::{self, Subject};
use crate::sending::transport::HttpResponse;
use crate::sending::wait_budget::{Wait, WaitBudget};
use crate::sending::{options::Options, pipeline};
use crate::signing::challenge::Claims;
use crate::signing::token::CachedToken;
use crate::table::operation::Idempotency;

/// The requests that are sent together, by their position in the batch.
struct Round {
    items: Vec<usize>,
    token: Option<Arc<CachedToken>>,
}

/// The answer to a round.
struct Exchange {
    /// The `client-request-id` of the last attempt.
    id: Uuid,
    /// The attempts for the round as a whole.
    attempts: Attempts,
    /// The time that the exchange took, waits and repetitions included.
    duration: Duration,
    answers: HashMap<usize, HttpResponse>,
}

impl Batch {
    /// Sends the batch. Each request has its own outcome, failures included.
    pub async fn send(mut self) -> BatchAnswers {
        let clock = self.client.clock().clone();
        let policy = self.options.retry.clone();
        let policy = policy.unwrap_or_else(|| self.client.context.retry.clone());
        let mut waits = WaitBudget::new(&policy, &*clock, self.options.timeout, self.client.end);
        let mut due = Wait::default();
        loop {
            self.settle_dependants();
            let items = self.next_round();
            if items.is_empty() {
                break;
            }
            if !due.time.is_zero() {
                clock.sleep(due.time).await;
                waits.spend(std::mem::take(&mut due));
            }
            let mut round = Round { items, token: None };
            if !self.check(&mut round, &waits).await {
                continue;
            }
            if let Some(pause) = self.pause_of(&round, &waits) {
                // The requests that were not refused wait with the one that has to wait longest; then all are checked
                // again.
                due = pause;
                continue;
            }
            let options = Options {
                timeout: waits.until_deadline(&*clock),
                retry: Some(policy.clone()),
                charges: self.charges(&round.items),
                failed: None,
            };
            let answers = self.exchange(&round.items, &options).await;
            due = self.judge(&round, answers, &waits).await;
        }
        BatchAnswers {
            client: self.client,
            number: self.number,
            items: self.items,
        }
    }

    /// Sends the batch and waits on the calling thread.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] inside an async runtime.
    pub fn send_blocking(self) -> Result<BatchAnswers> {
        block_on(self.send())
    }

    /// Fails the requests whose dependency failed finally.
    fn settle_dependants(&mut self) {
        for index in 0..self.items.len() {
            let item = &self.items[index];
            let failed = item
                .depends_on
                .iter()
                .any(|first| matches!(self.items[*first].outcome, Some(Err(_))));
            if item.outcome.is_none() && failed {
                let message = "the request was not executed because a request that it depends on failed";
                let error = Error::new(ErrorKind::Rejected, message)
                    .with_next_step("Check the outcome of the request that it depends on");
                self.items[index].outcome = Some(Err(item.operation.name_in(error)));
            }
        }
    }

    /// Returns the next requests to send: in order, and none before the one that it depends on.
    fn next_round(&self) -> Vec<usize> {
        let mut round: Vec<usize> = Vec::new();
        for (index, item) in self.items.iter().enumerate() {
            let ready = |first: &usize| self.items[*first].outcome.is_some() || round.contains(first);
            if item.outcome.is_none() && item.depends_on.iter().all(ready) {
                round.push(index);
            }
            if round.len() == LARGEST {
                break;
            }
        }
        round
    }

    /// The charges of the round against the client's pace, if it has one.
    fn charges(&self, round: &[usize]) -> Option<Vec<Charge>> {
        self.client.context.pacer.as_ref()?;
        let operations = round.iter().map(|index| &self.items[*index].operation);
        Some(operations.map(Charge::of).collect())
    }

    async fn exchange(&self, round: &[usize], options: &Options) -> Result<Exchange> {
        let entries: Vec<Entry<'_>> = round
            .iter()
            .map(|index| {
                let item = &self.items[*index];
                // A request that succeeded in an earlier round is not part of this one.
                let depends_on = item
                    .depends_on
                    .iter()
                    .copied()
                    .filter(|first| round.contains(first))
                    .collect();
                Entry {
                    id: *index,
                    operation: &item.operation,
                    depends_on,
                }
            })
            .collect();
        let common = self.client.context.item_headers();
        let body = wire::write(&entries, &common);
        let idempotency = entries
            .iter()
            .map(|entry| entry.operation.idempotency())
            .fold(Idempotency::Safe, joined);
        let operation = self
            .client
            .context
            .known(Operation::post("/$batch"))
            .with_idempotency(idempotency)
            .body(body);
        let started = self.client.clock().elapsed();
        let (raw, attempts) = pipeline::run_counted(&self.client.context, &operation, options, self.client.end).await?;
        let answers = wire::read(&raw.body).map_err(|cause| {
            Error::new(
                ErrorKind::Decode,
                "the answer to the batch is not of the expected shape",
            )
            .with_path(cause.path())
            .with_body(&raw.body)
            .with_source(cause)
            .with_may_have_reached_service(idempotency != Idempotency::Safe)
        })?;
        Ok(Exchange {
            id: raw.meta.client_request_id,
            attempts,
            duration: self.client.clock().elapsed().saturating_sub(started),
            answers,
        })
    }

    /// Gets the token, and refuses requests that would be refused without a batch. `false` when the round has changed.
    async fn check(&mut self, round: &mut Round, waits: &WaitBudget<'_>) -> bool {
        let remaining = waits.remaining_real(&**self.client.clock());
        let authorization = &self.client.context.authorization;
        round.token = match in_time(remaining, NO_TOKEN, authorization.token()).await {
            Ok(token) => token,
            Err(error) => {
                for index in &round.items {
                    self.fail(*index, error.clone(), Uuid::nil());
                }
                return false;
            }
        };
        let Some(token) = round.token.clone() else { return true };
        let writes = |index: &usize| self.items[*index].operation.idempotency() != Idempotency::Safe;
        if round.items.iter().any(writes)
            && let Err(error) = self
                .client
                .context
                .authorization
                .tenant
                .find_for(&token, remaining)
                .await
        {
            for index in &round.items {
                self.fail(*index, error.clone(), Uuid::nil());
            }
            return false;
        }
        let mut sound = true;
        for index in &round.items {
            if let Err(error) = self
                .client
                .context
                .authorization
                .check(&token, &self.items[*index].operation)
            {
                self.fail(*index, error, Uuid::nil());
                sound = false;
            }
        }
        sound
    }

    /// Returns the longest pause of the groups in the round, if there is one. A request whose pause is too long
    /// fails.
    fn pause_of(&mut self, round: &Round, waits: &WaitBudget<'_>) -> Option<Wait> {
        let mut longest: Option<Wait> = None;
        let mut longest_index = 0;
        for index in &round.items {
            let inner = &self.client.context;
            let group = self.items[*index].operation.group();
            let now = inner.clock.now();
            let Some(end) = inner.pauses.pause_of(group, || now) else {
                continue;
            };
            let mut wait = Wait {
                time: waits.policy.at_least(until(now, end), 1),
                is_throttled: true,
            };
            if !waits.allows(wait, &*inner.clock) {
                wait.time = Duration::ZERO;
                self.fail(*index, failure::paused(now, end), Uuid::nil());
            }
            if longest.is_none_or(|longest| longest.time < wait.time) {
                longest_index = *index;
            }
            let time = longest.map_or(wait.time, |longest| longest.time.max(wait.time));
            longest = Some(Wait { time, ..wait });
        }
        if let Some(Wait { time: wait, .. }) = longest.filter(|longest| !longest.time.is_zero()) {
            let reason = "pause";
            self.report(longest_index, Uuid::nil(), || CallEventKind::Throttle { wait, reason });
        }
        longest
    }

    /// Gives each request of the round its outcome, or leaves it for the next round. Returns the wait before that round.
    async fn judge(&mut self, round: &Round, exchange: Result<Exchange>, waits: &WaitBudget<'_>) -> Wait {
        let mut exchange = match exchange {
            Ok(exchange) => exchange,
            Err(error) => {
                for index in &round.items {
                    self.fail_whole(*index, &error);
                }
                return Wait::default();
            }
        };
        let mut due = Wait::default();
        let mut refused = Vec::new();
        for index in &round.items {
            match self.judge_item(*index, &mut exchange, round, waits) {
                Next::Done(answer) => self.items[*index].outcome = Some(Ok(answer)),
                Next::Fail(error) => self.fail(*index, error, exchange.id),
                // All of them wait for the one that has to wait longest, so that none is sent too early.
                Next::Repeat(wait) => {
                    due.time = due.time.max(wait.time);
                    due.is_throttled |= wait.is_throttled;
                }
                Next::ReplaceToken(refusal) => refused.push((*index, refusal)),
            }
        }
        if !refused.is_empty() {
            self.replace_token(refused, round, exchange.id, waits).await;
        }
        due
    }

    fn judge_item(&mut self, index: usize, exchange: &mut Exchange, round: &Round, waits: &WaitBudget<'_>) -> Next {
        self.items[index].attempts.add(exchange.attempts);
        if self.items[index].call == 0 {
            self.items[index].call = self.client.context.call_number();
        }
        let item = &self.items[index];
        let mut attempts = item.attempts;
        let attempt = self.attempt(index, exchange.id, round, waits);
        let mut status = None;
        let next = match exchange.answers.remove(&index) {
            None => {
                self.report(index, exchange.id, || CallEventKind::Response {
                    status: None,
                    fault: Some("missing"),
                    request_id: None,
                    duration: exchange.duration,
                    waited: Duration::ZERO,
                    in_batch: true,
                    pace: None,
                });
                attempt.judge_missing(&mut attempts)
            }
            Some(answer) => {
                status = Some(answer.status.as_u16());
                let answer = Ok(answer);
                let context = &self.client.context;
                self.report(index, exchange.id, || {
                    context.response(Some(&item.operation), &answer, exchange.duration, None)
                });
                let is_open = |first: &usize| self.items[*first].outcome.is_none();
                if status == Some(StatusCode::FAILED_DEPENDENCY.as_u16()) && item.depends_on.iter().any(is_open) {
                    // The request that it depends on is sent again, and this one with it; that is no attempt of its own.
                    return Next::Repeat(Wait::default());
                }
                let Judgement { next, load } = attempt.judge(&mut attempts, answer);
                self.client.context.record_load(item.operation.group(), &load);
                next
            }
        };
        self.items[index].attempts = attempts;
        let retry = match &next {
            Next::Repeat(wait) => Some(wait.time),
            Next::ReplaceToken(_) => Some(Duration::ZERO),
            Next::Done(_) | Next::Fail(_) => None,
        };
        if let Some(wait) = retry {
            let reason = report::retry_reason(status);
            self.report(index, exchange.id, || CallEventKind::Retry { wait, reason });
        }
        next
    }

    /// Reports an event of one request of the batch.
    fn report(&self, index: usize, id: Uuid, kind: impl FnOnce() -> CallEventKind) {
        let item = &self.items[index];
        let subject = || Subject {
            call: item.call,
            operation: Some(&item.operation),
            attempt: item.attempts.count,
            id,
        };
        self.client.context.report(subject, kind);
    }

    fn attempt<'a>(&'a self, index: usize, id: Uuid, round: &'a Round, waits: &'a WaitBudget<'_>) -> Attempt<'a> {
        let inner = &self.client.context;
        Attempt {
            operation: &self.items[index].operation,
            id,
            token: round.token.as_deref(),
            is_anonymous: inner.authorization.tokens.is_none(),
            is_in_batch: true,
            waits,
            retries: &inner.budget,
            clock: &*inner.clock,
        }
    }

    /// Gets another token for requests that were refused; without one, they fail.
    async fn replace_token(&mut self, refused: Vec<(usize, Refusal)>, round: &Round, id: Uuid, waits: &WaitBudget<'_>) {
        // Claims that the service asks for come before those that it may want.
        let rank = |claims: &Claims| match claims {
            Claims::Required(_) => 0,
            Claims::None | Claims::Malformed => 1,
            Claims::Likely => 2,
        };
        let claims = refused.iter().map(|(_, refusal)| &refusal.claims);
        let claims = claims
            .min_by_key(|claims| rank(claims))
            .cloned()
            .unwrap_or(Claims::None);
        let inner = self.client.context.clone();
        let replacement = inner.authorization.replace(round.token.as_ref(), &claims);
        let outcome = in_time(waits.remaining_real(&*inner.clock), NO_TOKEN, replacement).await;
        for (index, refusal) in refused {
            let error = match &outcome {
                Ok(Some(_)) => continue,
                Ok(None) => {
                    let attempts = &self.items[index].attempts;
                    self.attempt(index, id, round, waits)
                        .error_of_refusal(attempts, refusal)
                }
                Err(error) => refusal.without_token(error.clone()),
            };
            self.fail(index, error, id);
        }
    }

    /// Gives a request the error of its whole batch.
    fn fail_whole(&mut self, index: usize, error: &Error) {
        let operation = &self.items[index].operation;
        let mut error = error.clone();
        if error.is_unknown_outcome() {
            error = match operation.idempotency() {
                // The batch also had a write; the outcome of a read is never uncertain.
                Idempotency::Safe => error
                    .with_kind(ErrorKind::Connection)
                    .with_next_step("Read it again")
                    .with_retry_advice(RetryAdvice::Later)
                    .with_may_have_reached_service(false),
                idempotency => error.with_next_step(failure::how_to_settle(idempotency)),
            };
        }
        self.items[index].outcome = Some(Err(operation.rename_in(error)));
    }

    fn fail(&mut self, index: usize, error: Error, client_request_id: Uuid) {
        let item = &mut self.items[index];
        let uncertain = item.attempts.uncertain || error.may_have_reached_service();
        let error = item
            .operation
            .name_in(error)
            .with_attempts(item.attempts.count)
            .with_may_have_reached_service(uncertain);
        let error = if client_request_id.is_nil() {
            error
        } else {
            error.with_client_request_id(&client_request_id.to_string())
        };
        item.outcome = Some(Err(error));
    }
}

/// The idempotency of a batch that contains both.
fn joined(left: Idempotency, right: Idempotency) -> Idempotency {
    match (left, right) {
        (Idempotency::Safe, other) | (other, Idempotency::Safe) => other,
        (Idempotency::Idempotent, other) | (other, Idempotency::Idempotent) => other,
        (first, _) => first,
    }
}
