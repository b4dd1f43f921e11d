//! Several requests in one, each with an outcome of its own.

mod answers;
mod gathering;
mod round;
mod wire;

use std::fmt;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

pub use self::answers::{BatchAnswers, BatchHandle};
pub(crate) use self::gathering::Gathering;
use self::round::Round;
use self::wire::LARGEST;
use crate::answer::{RawAnswer, Response};
use crate::blocking::block_on;
use crate::client::Client;
use crate::codec::{self, Value};
use crate::error::{Error, ErrorKind, Result};
use crate::operation::Operation;
use crate::pages::{ListRequest, Page};
use crate::pipeline::{self, Options};
use crate::request::{Answer, Request};
use crate::retry::RetryPolicy;
use crate::sending::attempt::Attempts;
use crate::sending::wait_budget::{Wait, WaitBudget};

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
    attempts: Attempts,
}

impl Item {
    /// A request, with its outcome if it has one already.
    fn new(operation: Operation, outcome: Option<Result<RawAnswer>>) -> Self {
        Self {
            operation,
            depends_on: Vec::new(),
            outcome,
            attempts: Attempts::default(),
        }
    }
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
        self.items.push(Item::new(request.operation, outcome));
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
        pipeline::check_cloud(&self.client.inner, operation)?;
        self.client.inner.root.url_of(operation).map(|_| ())
    }

    /// Sends it. Each request has its own outcome, failures included.
    pub async fn send(mut self) -> BatchAnswers {
        let clock = self.client.clock().clone();
        let policy = self.options.retry.clone();
        let policy = policy.unwrap_or_else(|| self.client.inner.retry.clone());
        let mut waits = WaitBudget::new(&policy, &*clock, self.options.timeout, self.client.end());
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
                // The requests that were not refused for it wait with the one that has to wait longest; then all is looked
                // at again.
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
}

impl<T: Value> Answer for Page<T> {
    fn read(raw: RawAnswer, client: &Client, operation: &Operation) -> Result<Response<Self>> {
        let list = ListRequest::<T>::new(client.clone(), operation.clone(), None);
        let mut cursor = list.cursor::<codec::Page<T>>();
        let response = cursor.advance(raw)?;
        let page = Page::new(response, &cursor);
        let meta = page.meta.clone();
        Ok(Response { value: page, meta })
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.operations()).finish()
    }
}
