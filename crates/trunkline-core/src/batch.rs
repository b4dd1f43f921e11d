//! Several requests in one, each with an outcome of its own.

use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http::StatusCode;
use uuid::Uuid;

use crate::answer::{RawAnswer, Response, ResponseMeta};
pub use crate::batch_answers::{BatchAnswers, BatchHandle};
use crate::batch_wire::{self, Entry, EntryAnswer, LARGEST};
use crate::blocking::block_on;
use crate::challenge::{self, Claims};
use crate::client::Client;
use crate::clock::{later, until};
use crate::codec::{self, Value};
use crate::descriptor::Idempotency;
use crate::error::{Error, ErrorKind, Result, RetryAdvice};
use crate::failure::{self, Failure, how_to_settle, unknown_outcome};
use crate::limits::Charge;
use crate::operation::Operation;
use crate::pages::{ListRequest, Page};
use crate::pipeline::{self, Options};
use crate::request::{Answer, Request};
use crate::retry::RetryPolicy;
use crate::retry_after;
use crate::token::CachedToken;
use crate::token_view::TokenView;

/// Requests that are sent together, twenty at a time.
///
/// Each has its own outcome: one that fails does not fail the others, unless they depend on it. Items that the service
/// throttles are sent again by the same rules as single requests.
#[must_use = "nothing is sent until the batch is sent"]
pub struct Batch {
    client: Client,
    number: u64,
    items: Vec<Item>,
    options: Options,
}

pub(crate) struct Item {
    pub(crate) operation: Operation,
    depends_on: Vec<usize>,
    pub(crate) outcome: Option<Result<RawAnswer>>,
    attempts: u32,
    /// How many of them were answered 429, when these count by themselves.
    throttled: u32,
    uncertain: bool,
    /// Whether it has had its second token.
    renewed: bool,
}

/// What one round has to go by.
struct Round {
    items: Vec<usize>,
    token: Option<Arc<CachedToken>>,
    /// How long may still be waited.
    patience: Duration,
    /// The same for what is throttled.
    patience_throttled: Duration,
    /// How long there is until the caller's deadline, if there is one.
    remaining: Option<Duration>,
}

/// What is to be waited before the next round, and whether because something was throttled.
#[derive(Default)]
struct Wait {
    time: Duration,
    is_throttled: bool,
}

/// What happens to one request after its answer.
enum Verdict {
    Settled,
    Again(Duration),
    /// Because it was throttled.
    Later(Duration),
    /// Perhaps another token is all it takes.
    Refused(Failure, Claims),
}

impl Batch {
    pub(crate) fn new(client: Client) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        Self {
            client,
            number,
            items: Vec::new(),
            options: Options::default(),
        }
    }

    /// Adds a request; its deadline and retry policy are the batch's. The handle finds its outcome.
    pub fn add<T: Answer>(&mut self, request: Request<T>) -> BatchHandle<T> {
        let invalid = request.invalid.or_else(|| self.refuse(&request.operation).err());
        let outcome = invalid.map(|error| Err(request.operation.name_in(error)));
        let operation = request.operation;
        self.items.push(Item {
            operation,
            depends_on: Vec::new(),
            outcome,
            attempts: 0,
            throttled: 0,
            uncertain: false,
            renewed: false,
        });
        BatchHandle {
            batch: self.number,
            index: self.items.len() - 1,
            answer: PhantomData,
        }
    }

    /// Adds the request for a list; its answer is one page, whose continuation leads to the rest. A list that goes on from
    /// a continuation cannot be part of a batch.
    pub fn add_list<T: Value>(&mut self, list: ListRequest<T>) -> BatchHandle<Page<T>> {
        let resumed = list.resumed.is_some().then(|| {
            let message = "a list that goes on from a continuation cannot be part of a batch";
            Error::new(ErrorKind::InvalidInput, message).with_next_step("Read its pages by themselves")
        });
        let invalid = list.invalid.or(resumed);
        self.add(Request::new(self.client.clone(), list.operation, invalid))
    }

    /// Sends `handle` only after `first` succeeded. The service wants either none of a batch's requests to depend on
    /// others, or each on the one before.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] when a handle is of another batch, or `first` was added after `handle`.
    pub fn depends_on<T, U>(&mut self, handle: BatchHandle<T>, first: BatchHandle<U>) -> Result<()> {
        if handle.batch != self.number || first.batch != self.number || first.index >= handle.index {
            let message = "a request of a batch can only depend on one that was added to it before";
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        if let Some(item) = self.items.get_mut(handle.index) {
            item.depends_on.push(first.index);
        }
        Ok(())
    }

    /// How long all of it may take, waits and repetitions included.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// How requests are sent again, instead of the client's way.
    pub fn with_retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = Some(policy);
        self
    }

    /// How many requests it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The operations, in the order they were added.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.items.iter().map(|item| &item.operation)
    }

    /// Refuses what would be refused if it were sent by itself, as far as that can be told without a token.
    fn refuse(&self, operation: &Operation) -> Result<()> {
        if operation.link().is_some() {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "a link of the service's cannot be part of a batch",
            ));
        }
        pipeline::check_cloud(&self.client.0, operation)?;
        self.client.0.root.url_of(operation).map(|_| ())
    }

    /// Sends it. Whatever fails is told by the outcome of each request.
    pub async fn send(mut self) -> BatchAnswers {
        let clock = self.client.clock().clone();
        let deadline = self
            .options
            .timeout
            .map(|timeout| clock.elapsed().saturating_add(timeout));
        let policy = self
            .options
            .retry
            .clone()
            .unwrap_or_else(|| self.client.0.retry.clone());
        let mut waited = Duration::ZERO;
        let mut waited_throttled = Duration::ZERO;
        let mut due = Wait::default();
        loop {
            self.settle_dependants();
            let items = self.next_round();
            if items.is_empty() {
                break;
            }
            if !due.time.is_zero() {
                clock.sleep(due.time).await;
                let counted = if due.is_throttled && policy.throttle_budget.is_some() {
                    &mut waited_throttled
                } else {
                    &mut waited
                };
                *counted = counted.saturating_add(due.time);
                due = Wait::default();
            }
            let remaining = deadline.map(|deadline| deadline.saturating_sub(clock.elapsed()));
            let patience = remaining.unwrap_or_else(|| policy.budget.saturating_sub(waited));
            let patience_throttled = match (remaining, policy.throttle_budget) {
                (None, Some(budget)) => budget.saturating_sub(waited_throttled),
                _ => patience,
            };
            let mut round = Round {
                items,
                token: None,
                patience,
                patience_throttled,
                remaining,
            };
            if !self.check(&mut round).await {
                continue;
            }
            if let Some(pause) = self.pause_of(&round, &policy) {
                // What is not refused for it waits with the one that has to wait longest; then all is looked at again.
                due = Wait {
                    time: pause,
                    is_throttled: true,
                };
                continue;
            }
            let options = Options {
                timeout: remaining,
                retry: Some(policy.clone()),
                charges: self.charges(&round.items),
            };
            let answers = self.exchange(&round.items, &options).await;
            due = self.judge(&round, answers, &policy).await;
        }
        BatchAnswers {
            client: self.client,
            number: self.number,
            items: self.items,
        }
    }

    /// Sends it and waits on the calling thread.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] inside an async runtime.
    pub fn send_blocking(self) -> Result<BatchAnswers> {
        block_on(self.send())
    }

    /// Gives requests whose dependency failed for good their outcome.
    fn settle_dependants(&mut self) {
        for index in 0..self.items.len() {
            let item = &self.items[index];
            let failed = item
                .depends_on
                .iter()
                .any(|first| matches!(self.items[*first].outcome, Some(Err(_))));
            if item.outcome.is_none() && failed {
                let message = "it was not carried out because a request it depends on failed";
                let error = Error::new(ErrorKind::Rejected, message)
                    .with_next_step("See the outcome of the request it depends on");
                self.items[index].outcome = Some(Err(item.operation.name_in(error)));
            }
        }
    }

    /// The next requests to send: in order, and none before what it depends on.
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

    /// What the round counts as for the client's pace, if it has one.
    fn charges(&self, round: &[usize]) -> Option<Vec<Charge>> {
        self.client.0.pacer.as_ref()?;
        let operations = round.iter().map(|index| &self.items[*index].operation);
        Some(operations.map(Charge::of).collect())
    }

    async fn exchange(
        &self,
        round: &[usize],
        options: &Options,
    ) -> Result<(ResponseMeta, HashMap<usize, EntryAnswer>)> {
        let entries: Vec<Entry<'_>> = round
            .iter()
            .map(|index| {
                let item = &self.items[*index];
                // What succeeded in an earlier round is not part of this one.
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
        let common = self.client.0.item_headers();
        let body = batch_wire::write(&entries, &common);
        let idempotency = entries
            .iter()
            .map(|entry| entry.operation.idempotency())
            .fold(Idempotency::Safe, joined);
        let operation = self
            .client
            .0
            .known(Operation::post("/$batch"))
            .with_idempotency(idempotency)
            .body(body);
        let raw = pipeline::run(&self.client.0, &operation, options).await?;
        let answers = batch_wire::read(&raw.body).map_err(|cause| {
            Error::new(
                ErrorKind::Decode,
                "the answer to the batch is not of the expected shape",
            )
            .with_path(cause.path())
            .with_body(&raw.body)
            .with_source(cause)
            .with_may_have_reached_service(idempotency != Idempotency::Safe)
        })?;
        Ok((raw.meta, answers))
    }

    /// Finds the token, and refuses what would be refused if it were sent by itself; `false`: the round is another now.
    async fn check(&mut self, round: &mut Round) -> bool {
        let authorization = &self.client.0.authorization;
        round.token = match pipeline::in_time(round.remaining_real(&self.client), authorization.token()).await {
            Ok(token) => token,
            Err(error) => {
                for index in &round.items {
                    self.fail(*index, error.clone(), Uuid::nil());
                }
                return false;
            }
        };
        let Some(token) = &round.token else { return true };
        let mut sound = true;
        for index in &round.items {
            if let Err(error) = self.client.0.authorization.check(token, &self.items[*index].operation) {
                self.fail(*index, error, Uuid::nil());
                sound = false;
            }
        }
        sound
    }

    /// The longest pause of those that concern the round; whose own is longer than can be waited is told so. `None`:
    /// there is none.
    fn pause_of(&mut self, round: &Round, policy: &RetryPolicy) -> Option<Duration> {
        let mut longest = None;
        for index in &round.items {
            let inner = &self.client.0;
            let group = self.items[*index].operation.group();
            let Some(end) = inner.pauses.pause_of(group, || inner.clock.now()) else {
                continue;
            };
            let mut wait = policy.asked(until(inner.clock.now(), end), 1);
            if wait > round.patience_throttled {
                wait = Duration::ZERO;
                let error = failure::paused(inner, end);
                self.fail(*index, error, Uuid::nil());
            }
            longest = longest.max(Some(wait));
        }
        longest
    }

    /// Gives each request of the round its outcome, or leaves it for the next round; the wait before that round.
    async fn judge(
        &mut self,
        round: &Round,
        answers: Result<(ResponseMeta, HashMap<usize, EntryAnswer>)>,
        policy: &RetryPolicy,
    ) -> Wait {
        let (meta, mut answers) = match answers {
            Ok(answers) => answers,
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
            self.items[*index].attempts += 1;
            let verdict = match answers.remove(index) {
                Some(answer) => self.judge_item(*index, answer, &meta, round, policy),
                None => self.judge_missing(*index, policy, round),
            };
            match verdict {
                Verdict::Settled => {}
                // All of them wait for the one that has to wait longest: nobody is asked too early.
                Verdict::Again(wait) => due.time = due.time.max(wait),
                Verdict::Later(wait) => {
                    due.time = due.time.max(wait);
                    due.is_throttled = true;
                }
                Verdict::Refused(failure, claims) => refused.push((*index, failure, claims)),
            }
        }
        if !refused.is_empty() {
            self.renew(refused, round, meta.client_request_id).await;
        }
        due
    }

    /// Gets another token for requests that were refused, once for each of them; without one, they have failed.
    async fn renew(&mut self, refused: Vec<(usize, Failure, Claims)>, round: &Round, id: Uuid) {
        let asked = refused.iter().find_map(|(_, _, claims)| match claims {
            Claims::Asked(json) => Some(json.as_str()),
            _ => None,
        });
        let inner = self.client.0.clone();
        let replacement = inner.authorization.replace(round.token.as_ref(), asked);
        let outcome = pipeline::in_time(round.remaining_real(&self.client), replacement).await;
        for (index, failure, claims) in refused {
            self.items[index].renewed = true;
            let error = match &outcome {
                Ok(Some(_)) => continue,
                Ok(None) => {
                    let item = &self.items[index];
                    let error = failure.into_error(&item.operation, &inner, round.view(), item.uncertain);
                    failure::challenged(error, claims)
                }
                Err(error) => failure
                    .describe(error.clone())
                    .with_may_have_reached_service(self.items[index].uncertain)
                    .with_claims_of(claims),
            };
            self.fail(index, error, id);
        }
    }

    fn judge_item(
        &mut self,
        index: usize,
        answer: EntryAnswer,
        meta: &ResponseMeta,
        round: &Round,
        policy: &RetryPolicy,
    ) -> Verdict {
        let inner = &self.client.0;
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
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => challenge::claims(&failure.headers),
            _ => Claims::None,
        };
        let plain = claims == Claims::None && status == StatusCode::UNAUTHORIZED;
        if (plain || matches!(claims, Claims::Asked(_))) && !item.renewed {
            return Verdict::Refused(failure, claims);
        }
        let now = inner.clock.now();
        let asked = retry_after::read(&failure.headers, now).filter(|asked| !asked.is_zero());
        let throttled = status == StatusCode::TOO_MANY_REQUESTS;
        let group = item.operation.group();
        let patient = throttled && policy.throttle_budget.is_some();
        self.items[index].throttled += u32::from(patient);
        let (inner, item) = (&self.client.0, &self.items[index]);
        if throttled && let Some(asked) = asked {
            inner.pauses.pause(group, now, asked);
        }
        if throttled && let Some(pacer) = &inner.pacer {
            pacer.slow_down(group, asked.unwrap_or_default());
        }
        let passing = matches!(status.as_u16(), 502..=504);
        let definite = failure::is_definite(status);
        let reached = status.is_server_error() && !definite && idempotency != Idempotency::Safe;
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
        let error = if unknown {
            failure.describe(unknown_outcome(
                &format!("the service answered {} to a write", status.as_u16()),
                idempotency,
            ))
        } else {
            let error = failure.into_error(&item.operation, inner, round.view(), item.uncertain || reached);
            failure::challenged(error, claims)
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
    fn judge_missing(&mut self, index: usize, policy: &RetryPolicy, round: &Round) -> Verdict {
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

    fn repetition(
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
        (patient || asked.is_some() || self.client.0.budget.take(self.client.clock().elapsed())).then_some(wait)
    }

    /// The batch as a whole failed.
    fn fail_whole(&mut self, index: usize, error: &Error) {
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

    fn fail(&mut self, index: usize, error: Error, client_request_id: Uuid) {
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

impl<T: Value> Answer for Page<T> {
    fn read(raw: RawAnswer, client: &Client, operation: &Operation) -> Result<Response<Self>> {
        let list = ListRequest::<T>::new(client.clone(), operation.clone(), None);
        let mut cursor = list.cursor::<codec::Page<T>>();
        let response = cursor.advance(raw)?;
        let page = Page::new(response, cursor.continuation());
        let meta = page.meta.clone();
        Ok(Response { value: page, meta })
    }
}

impl Round {
    /// How long there is until the deadline, in the world's time.
    fn remaining_real(&self, client: &Client) -> Option<Duration> {
        self.remaining.map(|remaining| client.clock().real(remaining))
    }

    fn view(&self) -> Option<&TokenView> {
        self.token.as_deref().and_then(|token| token.view.as_ref())
    }
}

/// What may be done with all of them together.
fn joined(left: Idempotency, right: Idempotency) -> Idempotency {
    match (left, right) {
        (Idempotency::Safe, other) | (other, Idempotency::Safe) => other,
        (Idempotency::Idempotent, other) | (other, Idempotency::Idempotent) => other,
        (first, _) => first,
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.operations()).finish()
    }
}
