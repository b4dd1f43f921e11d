//! The client: what requests are sent with. Cheap to clone, safe to share.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;

use crate::answer::{RawAnswer, RawBody, Response};
use crate::authorization::Authorization;
use crate::batch::{Batch, Gathering};
use crate::builder::ClientBuilder;
use crate::clock::{BoxFuture, Clock};
use crate::cloud::Cloud;
use crate::codec::{Decode, Value};
use crate::descriptor::{OperationIndex, OperationTable};
use crate::error::{Error, ErrorKind, Result};
use crate::link::Root;
use crate::long_running::LongRunning;
use crate::operation::Operation;
use crate::pace::Pacer;
use crate::pages::{Continuation, ListRequest};
use crate::pipeline::{self, Options};
use crate::request::{Answer, Request};
use crate::retry::{RetryBudget, RetryPolicy};
use crate::sending::attempt::Load;
use crate::throttle::{Pauses, ThrottleState};
use crate::token_view::TokenView;
use crate::transport::Transport;

/// Everything a request needs to know of its client.
pub(crate) struct Inner {
    pub(crate) root: Root,
    pub(crate) cloud: Cloud,
    pub(crate) operations: OperationTable,
    pub(crate) index: OperationIndex,
    pub(crate) authorization: Authorization,
    pub(crate) retry: RetryPolicy,
    pub(crate) timeout: Duration,
    pub(crate) maximum_body: usize,
    pub(crate) headers: HeaderMap,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) transport: Arc<dyn Transport>,
    /// Each request takes one while it is under way.
    pub(crate) slots: tokio::sync::Semaphore,
    pub(crate) pauses: Arc<Pauses>,
    /// `None`: requests go as they come.
    pub(crate) pacer: Option<Arc<Pacer>>,
    pub(crate) budget: RetryBudget,
}

impl Inner {
    /// The headers that each item of a batch needs for itself.
    pub(crate) fn item_headers(&self) -> HeaderMap {
        self.headers
            .iter()
            .filter(|(name, _)| *name == "prefer")
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    /// Lets every request of `group` know about the load of the service.
    pub(crate) fn record_load(&self, group: Option<&'static str>, load: &Load) {
        if let Load::Throttled(Some(wait)) = load {
            self.pauses.pause(group, self.clock.now(), *wait);
        }
        match (load, &self.pacer) {
            (Load::Accepted, Some(pacer)) => pacer.speed_up(group),
            (Load::Throttled(wait), Some(pacer)) => pacer.slow_down(group, wait.unwrap_or_default()),
            _ => {}
        }
    }

    /// The operation with its descriptor, if the table has one for it.
    pub(crate) fn known(&self, operation: Operation) -> Operation {
        if operation.descriptor().is_some() {
            return operation;
        }
        match self.index.find(operation.method(), operation.path()) {
            Some((descriptor, _)) => operation.with_descriptor(descriptor),
            None => operation,
        }
    }
}

/// Sends operations to one root, with one source of tokens.
#[derive(Clone)]
pub struct Client {
    pub(crate) inner: Arc<Inner>,
    /// `None`: every request goes by itself.
    gathering: Option<Arc<Gathering>>,
    /// The moment on the clock's scale at which every request ends; `None`: each has only its own limits.
    end: Option<Duration>,
}

impl Client {
    pub(crate) fn new(inner: Inner) -> Self {
        Self {
            inner: Arc::new(inner),
            gathering: None,
            end: None,
        }
    }

    /// The same client, all of whose requests end by `end`, a moment on the scale of [`Clock::elapsed`]: for changes that
    /// take several requests within one deadline. A request that begins later is not sent and fails with
    /// [`ErrorKind::Timeout`]. Retry policy and timeouts of each request stay as they are within that time.
    #[must_use]
    pub fn ending_at(&self, end: Duration) -> Self {
        Self {
            inner: self.inner.clone(),
            gathering: self.gathering.clone(),
            end: Some(self.end.map_or(end, |earlier| earlier.min(end))),
        }
    }

    /// The moment at which every request ends, if there is one.
    pub(crate) fn end(&self) -> Option<Duration> {
        self.end
    }

    /// The same client, whose readings go together in batches of up to twenty when many are under way at once. For jobs of
    /// many requests: each reading has the answer, the errors and the repetitions that it has by itself.
    ///
    /// Readings with a deadline or a retry policy of their own go by themselves.
    #[must_use]
    pub fn gathering_reads(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            gathering: Some(Arc::default()),
            end: self.end,
        }
    }

    /// Sends an operation, with others if that may be.
    ///
    /// On the heap, and so compiled in this crate: what an async function does is otherwise compiled by each crate that
    /// awaits it in something generic, as that crate is, and packages are built small.
    pub(crate) fn send<'s>(
        &'s self,
        operation: &'s Operation,
        options: &'s Options,
    ) -> BoxFuture<'s, Result<RawAnswer>> {
        if let Some(gathering) = &self.gathering
            && let Some(fitting) = Gathering::fitting(&self.inner, operation, options)
        {
            let read = gathering.read(self, operation, fitting);
            return match self.end {
                Some(end) => Box::pin(self.until(end, read)),
                None => Box::pin(read),
            };
        }
        Box::pin(pipeline::run(&self.inner, operation, options, self.end))
    }

    /// What comes of a reading that goes with others, unless `end` comes first: an exchange has no end of its own.
    async fn until<T>(&self, end: Duration, read: impl Future<Output = Result<T>>) -> Result<T> {
        let clock = self.clock();
        let left = clock.real(end.saturating_sub(clock.elapsed()));
        if tokio::runtime::Handle::try_current().is_err() {
            return read.await;
        }
        tokio::time::timeout(left, read).await.map_err(|_| {
            Error::new(ErrorKind::Timeout, "the deadline passed before the service answered")
                .with_may_have_reached_service(true)
        })?
    }

    /// Begins a client of the global cloud, version 1.0.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A request whose answer is a `T`: anything read from the body, or a
    /// [`LongRunning`].
    pub fn request<T: Answer>(&self, operation: Operation) -> Request<T> {
        Request::new(self.clone(), operation, None)
    }

    /// The same; `invalid` is what is wrong with the operation already, told when it is sent.
    pub fn request_or<T: Answer>(&self, operation: Operation, invalid: Option<Error>) -> Request<T> {
        Request::new(self.clone(), operation, invalid)
    }

    /// A request for a collection of `T`, in pages. `invalid` is what is wrong with the operation already.
    #[must_use]
    pub fn list<T: Value>(&self, operation: Operation, invalid: Option<Error>) -> ListRequest<T> {
        ListRequest::new(self.clone(), operation, invalid)
    }

    /// An empty batch.
    pub fn batch(&self) -> Batch {
        Batch::new(self.clone())
    }

    /// Sends an operation and hands back the body as text.
    ///
    /// # Errors
    ///
    /// Whatever the service or the way to it gives rise to; see [`ErrorKind`].
    pub async fn execute(&self, operation: &Operation) -> Result<Response<RawBody>> {
        let operation = self.inner.known(operation.clone());
        let answer = self.send(&operation, &Options::default()).await?;
        Ok(Response {
            value: RawBody::new(answer.body),
            meta: answer.meta,
        })
    }

    /// The blocking form of [`execute`](Self::execute).
    ///
    /// # Errors
    ///
    /// Those of `execute`, and [`ErrorKind::InvalidInput`] inside an async runtime.
    pub fn execute_blocking(&self, operation: &Operation) -> Result<Response<RawBody>> {
        crate::blocking::block_on(self.execute(operation))?
    }

    /// Goes on with a list from the text of a [`Continuation`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] when the text is no continuation,
    /// [`ErrorKind::UntrustedLink`] when it leads elsewhere.
    pub fn resume_pages<T: Value>(&self, continuation: &str) -> Result<ListRequest<T>> {
        Continuation::read(continuation)?.resume(self)
    }

    /// Takes up a long-running operation from the text of [`LongRunning::token`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] when the text is no such token or names an operation
    /// that is not in the table, [`ErrorKind::UntrustedLink`] when it is of another
    /// root.
    pub fn resume<T: Decode + Send + 'static>(&self, token: &str) -> Result<LongRunning<T>> {
        LongRunning::resume(self.clone(), token)
    }

    /// The operation as it would be sent, as JSON: like [`Operation::to_json`], with the whole address and every header
    /// but the authorization.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] when the path is not sound.
    pub fn preview(&self, operation: &Operation) -> Result<serde_json::Value> {
        let url = self.inner.root.url_of(operation)?;
        let mut complete = operation.clone();
        for (name, value) in &self.inner.headers {
            complete
                .headers_mut()
                .entry(name.clone())
                .or_insert_with(|| value.clone());
        }
        let mut json = complete.to_json();
        json["url"] = url.as_str().into();
        Ok(json)
    }

    /// The cloud it talks to, or whose profile its custom root has.
    #[must_use]
    pub fn cloud(&self) -> Cloud {
        self.inner.cloud
    }

    /// The tenant it was built for.
    #[must_use]
    pub fn tenant(&self) -> Option<&str> {
        self.inner.authorization.tenant.name()
    }

    /// Compares the token's tenant with the one the client was built for, as the first write does, and gives the id of the
    /// tenant that requests go to. `None` when the token does not say whose it is and the client was given no id.
    ///
    /// A tenant that was given by a domain is looked up at its authority, once for all clones of the client.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WrongTenant`] when the token is of another tenant, or there is no tenant of that name; what getting a token
    /// can fail with, and what asking the authority can fail with.
    pub async fn verify_tenant(&self) -> Result<Option<String>> {
        let authorization = &self.inner.authorization;
        let token = authorization.token().await?;
        let found = token.as_ref().and_then(|token| token.tenant());
        authorization.tenant.find(found).await?;
        authorization.tenant.check(found)?;
        Ok(found.or(authorization.tenant.id()).map(str::to_owned))
    }

    /// What the token that requests carry says about itself: whose it is, what it permits. `None` when there is no
    /// credential, or the token is of another format.
    ///
    /// # Errors
    ///
    /// What getting a token can fail with.
    pub async fn token_view(&self) -> Result<Option<TokenView>> {
        let token = self.inner.authorization.token().await?;
        Ok(token.and_then(|token| token.view.clone()))
    }

    /// The address below which every path lies, for instance `https://graph.microsoft.com/v1.0`.
    #[must_use]
    pub fn base(&self) -> &str {
        self.inner.root.base()
    }

    /// The operations it knows.
    #[must_use]
    pub fn operations(&self) -> OperationTable {
        self.inner.operations
    }

    /// How fast it may send at present, and what the service asked to wait for, by group of operations.
    #[must_use]
    pub fn throttle(&self) -> ThrottleState {
        ThrottleState::of(&self.inner)
    }

    /// Closes connections that nobody uses, those to the authority included. What is under way comes to its end, and later
    /// requests open new connections.
    pub fn close(&self) {
        self.inner.authorization.close();
        self.inner.transport.close();
    }

    /// Its clock.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.inner.clock
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("base", &self.base())
            .field("cloud", &self.cloud())
            .field("tenant", &self.tenant())
            .finish_non_exhaustive()
    }
}
