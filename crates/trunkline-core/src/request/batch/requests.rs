//! The requests of a batch.

use std::fmt;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::codec::Value;
use crate::error::{Error, ErrorKind, Result};
use crate::request::operation::Operation;
use crate::request::pages::{ListRequest, Page};
use crate::request::{Answer, Request};
use crate::sending::answer::RawAnswer;
use crate::sending::attempt::Attempts;
use crate::sending::context::Client;
use crate::sending::retry::RetryPolicy;
use crate::sending::{options::Options, pipeline};

/// Requests that are sent together, twenty at a time.
///
/// Each has its own outcome: one that fails does not fail the others, unless they depend on it. Items that the service
/// throttles are sent again by the same rules as single requests.
#[must_use = "nothing is sent until the batch is sent"]
pub struct Batch {
    pub(super) client: Client,
    pub(super) number: u64,
    pub(super) items: Vec<Item>,
    pub(super) options: Options,
}

/// One request of a batch.
pub(crate) struct Item {
    pub(crate) operation: Operation,
    pub(super) depends_on: Vec<usize>,
    pub(crate) outcome: Option<Result<RawAnswer>>,
    pub(super) attempts: Attempts,
    /// Number of the call for whoever observes it; 0 before its first event.
    pub(super) call: u64,
}

impl Item {
    /// A request, with its outcome if it already has one.
    pub(super) fn new(operation: Operation, outcome: Option<Result<RawAnswer>>) -> Self {
        Self {
            operation,
            depends_on: Vec::new(),
            outcome,
            attempts: Attempts::default(),
            call: 0,
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

    /// Adds the request for a list; its answer is one page, whose continuation leads to the rest. A list that continues
    /// from a saved position cannot be part of a batch.
    pub fn add_list<T: Value>(&mut self, list: ListRequest<T>) -> BatchHandle<Page<T>> {
        let resumed = list.start.resumed.is_some().then(|| {
            let message = "a list that continues from a saved position cannot be part of a batch";
            Error::new(ErrorKind::InvalidInput, message).with_next_step("Read its pages without a batch")
        });
        let invalid = list.start.invalid.or(resumed);
        self.add(Request::new(self.client.clone(), list.start.operation, invalid))
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

    /// Limits the time of the whole batch, waits and repetitions included.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// Replaces the client's retry policy.
    pub fn with_retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = Some(policy);
        self
    }

    /// Number of requests.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is no request.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The operations, in the order they were added.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.items.iter().map(|item| &item.operation)
    }

    /// Refuses a request that would be refused without a batch, as far as that is known without a token.
    fn refuse(&self, operation: &Operation) -> Result<()> {
        if operation.link().is_some() {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "a link of the service cannot be part of a batch",
            ));
        }
        pipeline::check_cloud(&self.client.context, operation)?;
        self.client.context.root.url_of(operation).map(|_| ())
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.operations()).finish()
    }
}

/// Finds the outcome of one request of a batch.
pub struct BatchHandle<T> {
    pub(crate) batch: u64,
    pub(crate) index: usize,
    pub(crate) answer: PhantomData<fn() -> T>,
}

impl<T> BatchHandle<T> {
    /// The position of the request in its batch.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }
}

impl<T> Clone for BatchHandle<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for BatchHandle<T> {}

impl<T> fmt::Debug for BatchHandle<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("BatchHandle").field(&self.index).finish()
    }
}
