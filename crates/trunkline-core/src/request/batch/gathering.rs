//! Gathers GET requests into batches.
//!
//! A GET is sent immediately unless two exchanges are in flight; else it waits for the next one, which is a batch if several wait.
//! An exchange is one attempt and passes on successes only: a read that failed in it is sent again by itself, through the
//! pipeline, with the errors, waits and repetitions of any request. So no read waits while another one is repeated.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::Method;
use tokio::sync::oneshot;

use super::requests::{Batch, Item};
use super::wire::LARGEST;
use crate::clock::BoxFuture;
use crate::error::{Error, ErrorKind, Result};
use crate::request::operation::Operation;
use crate::sending::answer::RawAnswer;
use crate::sending::context::{Client, Context, ReadGroup};
use crate::sending::retry::RetryPolicy;
use crate::sending::{options::Options, pipeline};
use crate::table::operation::Idempotency;

/// Maximum number of exchanges in flight: while one waits for its answer or its turn, another can be sent.
const AT_ONCE: usize = 2;

/// Maximum wait of a read for its turn. Then it is sent by itself, because exchanges may be stuck.
const PATIENCE: Duration = Duration::from_secs(5);

/// The reads of one client that are in flight or wait.
#[derive(Default)]
pub(crate) struct Gathering {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Waiting>,
    /// Number of exchanges in flight.
    exchanges: usize,
}

/// A read that waits.
struct Waiting {
    operation: Box<Operation>,
    turn: oneshot::Sender<Turn>,
}

/// The end of a read's wait. Without one, the leader was cancelled, and the read is sent by itself.
enum Turn {
    /// It was sent in the batch of another read.
    Answered(Result<Box<RawAnswer>>),
    /// It leads the next exchange, and gets its operation back.
    Lead(Lead, Box<Operation>),
}

/// The right to send an exchange. When dropped it passes to the read that waits longest.
struct Lead {
    gathering: Option<Arc<Gathering>>,
}

impl ReadGroup for Gathering {
    fn read<'s>(
        self: Arc<Self>,
        client: &'s Client,
        operation: &'s Operation,
        options: &Options,
    ) -> Option<BoxFuture<'s, Result<RawAnswer>>> {
        let fitting = Self::fitting(&client.context, operation, options)?;
        let Some(end) = client.end else {
            return Some(Box::pin(async move { self.join(client, operation, fitting).await }));
        };
        // An exchange has no deadline of its own.
        let clock = client.clock();
        let left = clock.real(end.saturating_sub(clock.elapsed()));
        Some(Box::pin(async move {
            let read = self.join(client, operation, fitting);
            if tokio::runtime::Handle::try_current().is_err() {
                return read.await;
            }
            tokio::time::timeout(left, read).await.map_err(|_| {
                Error::new(ErrorKind::Timeout, "the deadline passed before the service answered")
                    .with_may_have_reached_service(true)
            })?
        }))
    }
}

impl Gathering {
    /// The operation in its form inside a batch; `None` if it is sent by itself.
    fn fitting(context: &Context, operation: &Operation, options: &Options) -> Option<Box<Operation>> {
        let is_plain = options.timeout.is_none() && options.retry.is_none() && options.charges.is_none();
        let is_read = *operation.method() == Method::GET
            && operation.idempotency() == Idempotency::Safe
            && operation.body_bytes().is_none();
        if !is_plain || !is_read {
            return None;
        }
        match operation.link() {
            // The state of an order, or a further page.
            Some(link) => context
                .root
                .relative(link)
                .map(|path| Box::new(operation.unlinked(path))),
            // The pipeline refuses a request that must not be sent.
            None => {
                pipeline::check_cloud(context, operation).ok()?;
                context.root.url_of(operation).ok()?;
                Some(Box::new(operation.clone()))
            }
        }
    }

    /// Sends `operation` with the reads that wait. `fitting` is its form inside a batch.
    async fn join(
        self: &Arc<Self>,
        client: &Client,
        operation: &Operation,
        fitting: Box<Operation>,
    ) -> Result<RawAnswer> {
        let turn = match self.enter(fitting) {
            Ok(turn) => Some(turn),
            Err(turn) => wait_for_turn(client, turn).await,
        };
        let answer = match turn {
            Some(Turn::Lead(lead, fitting)) => Some(self.lead(lead, client, operation, fitting).await),
            Some(Turn::Answered(answer)) => Some(answer),
            None => None,
        };
        let failed = match answer {
            Some(Ok(answer)) => return Ok(*answer),
            Some(Err(error)) => Some(error),
            None => None,
        };
        let options = Options {
            failed,
            ..Options::default()
        };
        pipeline::run(&client.context, operation, &options, client.end).await
    }

    /// Sends one exchange with the reads that wait.
    async fn lead(
        &self,
        lead: Lead,
        client: &Client,
        operation: &Operation,
        fitting: Box<Operation>,
    ) -> Result<Box<RawAnswer>> {
        // Other tasks that are ready to read join first.
        tokio::task::yield_now().await;
        let others = self.take();
        let answer = if others.is_empty() {
            let options = Options {
                retry: Some(once()),
                ..Options::default()
            };
            pipeline::run(&client.context, operation, &options, client.end)
                .await
                .map(Box::new)
        } else {
            together(client, fitting, others).await
        };
        drop(lead);
        answer
    }

    /// Returns the turn, or a channel that delivers it later.
    fn enter(self: &Arc<Self>, operation: Box<Operation>) -> std::result::Result<Turn, oneshot::Receiver<Turn>> {
        let mut state = self.lock();
        if state.exchanges < AT_ONCE {
            state.exchanges += 1;
            let gathering = Some(self.clone());
            return Ok(Turn::Lead(Lead { gathering }, operation));
        }
        let (turn, waiting) = oneshot::channel();
        state.waiting.push_back(Waiting { operation, turn });
        Err(waiting)
    }

    /// The reads that the leader sends with its own.
    fn take(&self) -> Vec<Waiting> {
        let mut state = self.lock();
        let mut others = Vec::new();
        while others.len() < LARGEST - 1
            && let Some(other) = state.waiting.pop_front()
        {
            // A read whose caller is gone needs no answer.
            if !other.turn.is_closed() {
                others.push(other);
            }
        }
        others
    }

    /// Passes the turn to the read that waits longest; without one, one exchange fewer is in flight.
    fn next(&self) -> Option<Waiting> {
        let mut state = self.lock();
        let next = state.waiting.pop_front();
        if next.is_none() {
            state.exchanges -= 1;
        }
        next
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Lead {
    fn drop(&mut self) {
        let mut held = self.gathering.take();
        while let Some(gathering) = held.take() {
            let Some(next) = gathering.next() else { return };
            let lead = Self {
                gathering: Some(gathering),
            };
            // The caller of that read is gone: the next one leads.
            if let Err(Turn::Lead(mut lead, _)) = next.turn.send(Turn::Lead(lead, next.operation)) {
                held = lead.gathering.take();
            }
        }
    }
}

impl fmt::Debug for Gathering {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Gathering")
            .field("waiting", &self.lock().waiting.len())
            .finish_non_exhaustive()
    }
}

/// Waits for the turn, if it comes in time.
async fn wait_for_turn(client: &Client, turn: oneshot::Receiver<Turn>) -> Option<Turn> {
    let patience = client.clock().real(PATIENCE);
    match tokio::runtime::Handle::try_current() {
        Ok(_) => tokio::time::timeout(patience, turn).await.ok()?.ok(),
        Err(_) => turn.await.ok(),
    }
}

/// Sends one attempt, without waiting for a pause.
fn once() -> RetryPolicy {
    RetryPolicy::never().with_budget(Duration::ZERO)
}

/// Sends a batch, gives the other reads their outcome and returns the leader's own.
async fn together(client: &Client, first: Box<Operation>, others: Vec<Waiting>) -> Result<Box<RawAnswer>> {
    let mut batch = Batch::new(client.clone()).with_retry(once());
    batch.items.push(Item::new(*first, None));
    let mut turns = Vec::with_capacity(others.len());
    for Waiting { operation, turn } in others {
        batch.items.push(Item::new(*operation, None));
        turns.push(turn);
    }
    let items = batch.send().await.items.into_iter();
    let mut outcomes = items.map(|item| {
        let what = match item.outcome {
            // A read is answered by an object. A string is the base64 of a body that is not JSON.
            Some(Ok(answer)) if answer.body.starts_with('"') => "the batch holds something other than its answer",
            Some(outcome) => return outcome.map(Box::new),
            None => "the batch does not mention it",
        };
        Err(item.operation.name_in(Error::new(ErrorKind::UnexpectedBody, what)))
    });
    let own = outcomes.next();
    for (turn, outcome) in turns.into_iter().zip(outcomes) {
        // A read whose caller is gone needs no answer.
        drop(turn.send(Turn::Answered(outcome)));
    }
    own.unwrap_or_else(|| Err(Error::new(ErrorKind::UnexpectedBody, "the batch was empty")))
}
