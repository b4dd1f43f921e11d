//! One round of a batch: what is sent together, and what its answer means for each request.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::Batch;
use super::wire::{self, Entry, EntryAnswer};
use crate::answer::ResponseMeta;
use crate::challenge::Claims;
use crate::client::Client;
use crate::clock::until;
use crate::deadline::{NO_TOKEN, in_time};
use crate::descriptor::Idempotency;
use crate::error::{Error, ErrorKind, Result};
use crate::failure::{self, Failure};
use crate::limits::Charge;
use crate::operation::Operation;
use crate::pipeline::{self, Options};
use crate::recent_sign_in;
use crate::retry::RetryPolicy;
use crate::tenant;
use crate::token::CachedToken;
use crate::token_view::TokenView;

/// What one round has to go by.
pub(super) struct Round {
    pub(super) items: Vec<usize>,
    pub(super) token: Option<Arc<CachedToken>>,
    /// How long may still be waited.
    pub(super) patience: Duration,
    /// The same for what is throttled.
    pub(super) patience_throttled: Duration,
    /// How long there is until the caller's deadline, if there is one.
    pub(super) remaining: Option<Duration>,
}

/// What is to be waited before the next round, and whether because something was throttled.
#[derive(Default)]
pub(super) struct Wait {
    pub(super) time: Duration,
    pub(super) is_throttled: bool,
}

/// What happens to one request after its answer.
pub(super) enum Verdict {
    Settled,
    Again(Duration),
    /// Because it was throttled.
    Later(Duration),
    /// Perhaps another token is all it takes.
    Refused(Failure, Claims),
}

impl Batch {
    /// What the round counts as for the client's pace, if it has one.
    pub(super) fn charges(&self, round: &[usize]) -> Option<Vec<Charge>> {
        self.client.inner.pacer.as_ref()?;
        let operations = round.iter().map(|index| &self.items[*index].operation);
        Some(operations.map(Charge::of).collect())
    }

    pub(super) async fn exchange(
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
        let common = self.client.inner.item_headers();
        let body = wire::write(&entries, &common);
        let idempotency = entries
            .iter()
            .map(|entry| entry.operation.idempotency())
            .fold(Idempotency::Safe, joined);
        let operation = self
            .client
            .inner
            .known(Operation::post("/$batch"))
            .with_idempotency(idempotency)
            .body(body);
        let raw = pipeline::run(&self.client.inner, &operation, options, self.client.end()).await?;
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
        Ok((raw.meta, answers))
    }

    /// Finds the token, and refuses what would be refused if it were sent by itself; `false`: the round is another now.
    pub(super) async fn check(&mut self, round: &mut Round) -> bool {
        let authorization = &self.client.inner.authorization;
        round.token = match in_time(round.remaining_real(&self.client), NO_TOKEN, authorization.token()).await {
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
            && let Err(error) = tenant::find(&self.client.inner, &token, round.remaining_real(&self.client)).await
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
                .inner
                .authorization
                .check(&token, &self.items[*index].operation)
            {
                self.fail(*index, error, Uuid::nil());
                sound = false;
            }
        }
        sound
    }

    /// The longest pause of those that concern the round; whose own is longer than can be waited is told so. `None`:
    /// there is none.
    pub(super) fn pause_of(&mut self, round: &Round, policy: &RetryPolicy) -> Option<Duration> {
        let mut longest = None;
        for index in &round.items {
            let inner = &self.client.inner;
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
    pub(super) async fn judge(
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
    pub(super) async fn renew(&mut self, refused: Vec<(usize, Failure, Claims)>, round: &Round, id: Uuid) {
        // What the service asks for goes before what it may want.
        let rank = |claims: &Claims| match claims {
            Claims::Asked(_) => 0,
            Claims::None | Claims::Malformed => 1,
            Claims::Supposed => 2,
        };
        let claims = refused
            .iter()
            .map(|(_, _, claims)| claims)
            .min_by_key(|claims| rank(claims));
        let inner = self.client.inner.clone();
        let claims = claims.cloned().unwrap_or(Claims::None);
        let replacement = inner.authorization.replace(round.token.as_ref(), &claims);
        let outcome = in_time(round.remaining_real(&self.client), NO_TOKEN, replacement).await;
        for (index, failure, claims) in refused {
            self.items[index].renewed = true;
            let error = match &outcome {
                Ok(Some(_)) => continue,
                Ok(None) => {
                    let item = &self.items[index];
                    let error = failure.into_error(&item.operation, &inner, round.view(), item.uncertain);
                    recent_sign_in::challenged(error, claims)
                }
                Err(error) => failure
                    .describe(error.clone())
                    .with_may_have_reached_service(self.items[index].uncertain)
                    .with_claims_of(claims),
            };
            self.fail(index, error, id);
        }
    }
}

impl Round {
    /// How long there is until the deadline, in the world's time.
    pub(super) fn remaining_real(&self, client: &Client) -> Option<Duration> {
        self.remaining.map(|remaining| client.clock().real(remaining))
    }

    pub(super) fn view(&self) -> Option<&TokenView> {
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
