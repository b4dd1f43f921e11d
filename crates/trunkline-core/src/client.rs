//! The client as its users see it: leads to requests, lists, batches and long-running operations, of which only this file knows
//! all. Cheap to clone, safe to share.

use std::sync::Arc;
use std::time::Duration;

use crate::builder::ClientBuilder;
use crate::codec::{Decode, Value};
use crate::error::{Error, Result};
use crate::request::batch::{Batch, Gathering};
use crate::request::long_running::LongRunning;
use crate::request::operation::Operation;
use crate::request::pages::{Continuation, ListRequest};
use crate::request::{Answer, Request};
use crate::sending::answer::{RawBody, Response};
use crate::sending::observer::CallEventKind;
use crate::sending::options::Options;
use crate::sending::report::Subject;
use crate::sending::throttle::ThrottleState;
use crate::signing::token_view::TokenView;

pub use crate::sending::context::Client;

impl Client {
    /// The same client, all of whose requests end by `end`, a moment on the scale of [`Clock::elapsed`](crate::clock::Clock::elapsed): for changes that
    /// take several requests within one deadline. A request that begins later is not sent and fails with
    /// [`ErrorKind::Timeout`](crate::error::ErrorKind::Timeout). Retry policy and timeouts of each request stay as they are within that time.
    #[must_use]
    pub fn ending_at(&self, end: Duration) -> Self {
        Self {
            context: self.context.clone(),
            reads: self.reads.clone(),
            end: Some(self.end.map_or(end, |earlier| earlier.min(end))),
        }
    }

    /// The same client, whose readings go together in batches of up to twenty when many are under way at once. For jobs of
    /// many requests: each reading has the answer, the errors and the repetitions that it has by itself.
    ///
    /// Readings with a deadline or a retry policy of their own go by themselves.
    #[must_use]
    pub fn gathering_reads(&self) -> Self {
        Self {
            context: self.context.clone(),
            reads: Some(Arc::new(Gathering::default())),
            end: self.end,
        }
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

    /// Creates a request from an operation that may be invalid: the error is returned when it is sent.
    pub fn request_or<T: Answer>(&self, operation: Operation, invalid: Option<Error>) -> Request<T> {
        Request::new(self.clone(), operation, invalid)
    }

    /// A request for a collection of `T`, in pages. `invalid` is an error of the operation, returned when it is sent.
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
    /// All errors of a request; see [`ErrorKind`](crate::error::ErrorKind).
    pub async fn execute(&self, operation: &Operation) -> Result<Response<RawBody>> {
        let operation = self.context.known(operation.clone());
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
    /// The errors of `execute`, and [`ErrorKind::InvalidInput`](crate::error::ErrorKind::InvalidInput) inside an async runtime.
    pub fn execute_blocking(&self, operation: &Operation) -> Result<Response<RawBody>> {
        crate::blocking::block_on(self.execute(operation))?
    }

    /// Goes on with a list from the text of a [`Continuation`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::error::ErrorKind::InvalidInput) when the text is no continuation,
    /// [`ErrorKind::UntrustedLink`](crate::error::ErrorKind::UntrustedLink) when it leads elsewhere.
    pub fn resume_list<T: Value>(&self, continuation: &str) -> Result<ListRequest<T>> {
        ListRequest::resume(Continuation::read(continuation)?, self)
    }

    /// Takes up a long-running operation from the text of [`LongRunning::token`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::error::ErrorKind::InvalidInput) when the text is no such token or names an operation
    /// that is not in the table, [`ErrorKind::UntrustedLink`](crate::error::ErrorKind::UntrustedLink) when it is of another
    /// root.
    pub fn follow<T: Decode + Send + 'static>(&self, token: &str) -> Result<LongRunning<T>> {
        LongRunning::resume(self.clone(), token)
    }

    /// The operation as it would be sent, as JSON: like [`Operation::to_json`], with the whole address and every header
    /// but the authorization.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::error::ErrorKind::InvalidInput) when the path is not sound.
    pub fn preview(&self, operation: &Operation) -> Result<serde_json::Value> {
        let url = self.context.root.url_of(operation)?;
        let mut complete = operation.clone();
        for (name, value) in &self.context.headers {
            complete
                .headers_mut()
                .entry(name.clone())
                .or_insert_with(|| value.clone());
        }
        let mut json = complete.to_json();
        json["url"] = url.as_str().into();
        Ok(json)
    }

    /// Compares the token's tenant with the one the client was built for, as the first write does, and gives the id of the
    /// tenant that requests go to. `None` when the token does not say whose it is and the client was given no id.
    ///
    /// A tenant that was given by a domain is looked up at its authority, once for all clones of the client.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WrongTenant`](crate::error::ErrorKind::WrongTenant) when the token is of another tenant, or there is no tenant of that name; what getting a token
    /// can fail with, and what asking the authority can fail with.
    pub async fn verify_tenant(&self) -> Result<Option<String>> {
        let authorization = &self.context.authorization;
        let token = authorization.token().await?;
        let found = token.as_ref().and_then(|token| token.tenant());
        authorization.tenant.find(found).await?;
        authorization.tenant.check(found)?;
        Ok(found.or(authorization.tenant.id()).map(str::to_owned))
    }

    /// The claims of the token that requests carry: whose it is and what it permits. `None` when there is no
    /// credential, or the token is of another format.
    ///
    /// # Errors
    ///
    /// The errors of the source of tokens.
    pub async fn token_view(&self) -> Result<Option<TokenView>> {
        let token = self.context.authorization.token().await?;
        Ok(token.and_then(|token| token.view.clone()))
    }

    /// The current speed and the pauses of the client, by group of operations.
    #[must_use]
    pub fn throttle(&self) -> ThrottleState {
        ThrottleState::new(
            &self.context.pauses,
            self.context.pacer.as_deref(),
            self.context.clock.now(),
        )
    }

    /// Reports how a row of a bulk run ended to whoever observes the client.
    #[doc(hidden)]
    pub fn report_row(&self, ending: &'static str) {
        let subject = || Subject {
            call: self.context.call_number(),
            operation: None,
            attempt: 1,
            id: uuid::Uuid::nil(),
        };
        self.context.report(subject, || CallEventKind::Row { ending });
    }

    /// Closes connections that nobody uses, those to the authority included. What is under way comes to its end, and later
    /// requests open new connections.
    pub fn close(&self) {
        self.context.authorization.close();
        self.context.transport.close();
    }
}
