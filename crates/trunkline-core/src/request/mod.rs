//! A request: an operation, a client, and how it is to behave.

pub mod batch;
mod continuation;
mod cursor;
pub mod handle;
mod list_end;
pub mod long_running;
pub mod operation;
mod page;
pub mod pages;
pub mod path;
mod saved_text;
mod streams;

use std::borrow::Cow;
use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::time::Duration;

use crate::blocking::block_on;
use crate::clock::BoxFuture;
use crate::codec::Decode;
use crate::error::{Error, Result};
use crate::request::operation::Operation;
use crate::sending::answer::RawAnswer;
pub use crate::sending::answer::{RawBody, Response, ResponseMeta};
use crate::sending::context::Client;
use crate::sending::options::Options;
use crate::sending::retry::RetryPolicy;
use crate::table::operation::Idempotency;

/// A type that an answer can be read as: anything decoded from its body, or a [`LongRunning`](crate::request::long_running::LongRunning).
pub trait Answer: Sized + Send + 'static {
    #[doc(hidden)]
    fn read(raw: RawAnswer, client: &Client, operation: &Operation) -> Result<Response<Self>>;
}

impl<T: Decode + Send + 'static> Answer for T {
    fn read(raw: RawAnswer, _client: &Client, operation: &Operation) -> Result<Response<Self>> {
        raw.decode(operation.idempotency() == Idempotency::Safe)
    }
}

/// A request whose answer is a `T`. Await it, or [`send_blocking`](Self::send_blocking).
#[must_use = "a request is not sent until it is awaited, or `send_blocking` is called"]
pub struct Request<T> {
    pub(crate) client: Client,
    pub(crate) operation: Operation,
    pub(crate) options: Options,
    /// The error of a key, a header or the body. It is returned when the request is sent, so that requests can be built in
    /// one chain.
    pub(crate) invalid: Option<Error>,
    answer: PhantomData<fn() -> T>,
}

impl<T: Answer> Request<T> {
    pub(crate) fn new(client: Client, operation: Operation, invalid: Option<Error>) -> Self {
        let operation = client.context.known(operation);
        Self {
            client,
            operation,
            options: Options::default(),
            invalid,
            answer: PhantomData,
        }
    }

    /// Sets a header. One that is not valid is reported when the request is sent.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        if let Err(error) = self.operation.set_header(name, value) {
            self.invalid.get_or_insert(error);
        }
        self
    }

    /// Sets a query option; it is encoded when it is sent.
    pub fn with_query(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.operation.set_query(name, value);
        self
    }

    /// Limits the time of the whole request, waits and repetitions included.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// Replaces the client's retry policy.
    pub fn with_retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = Some(policy);
        self
    }

    /// Whether it may be sent again when nobody knows whether it happened, instead of what the documentation says. For
    /// callers that know more than it does.
    pub fn with_idempotency(mut self, idempotency: Idempotency) -> Self {
        self.operation = self.operation.with_idempotency(idempotency);
        self
    }

    /// The operation as a value: to print, plan or keep. Nothing is sent.
    #[must_use]
    pub fn operation(&self) -> &Operation {
        &self.operation
    }

    /// The operation, without the client.
    #[must_use]
    pub fn into_operation(self) -> Operation {
        self.operation
    }

    /// The client it would be sent with.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The same request; its answer is decoded as another type.
    pub fn reading<U: Answer>(self) -> Request<U> {
        Request {
            client: self.client,
            operation: self.operation,
            options: self.options,
            invalid: self.invalid,
            answer: PhantomData,
        }
    }

    /// Sends the request.
    ///
    /// # Errors
    ///
    /// All errors of a request; see [`ErrorKind`](crate::ErrorKind).
    pub async fn send(self) -> Result<Response<T>> {
        self.answered().await
    }

    /// Sends it, for bindings, which read the answer by themselves and need the operation for that.
    #[doc(hidden)]
    pub async fn answered(&self) -> Result<Response<T>> {
        if let Some(error) = &self.invalid {
            return Err(error.clone());
        }
        let raw = self.client.send(&self.operation, &self.options).await?;
        T::read(raw, &self.client, &self.operation).map_err(|error| self.operation.name_in(error))
    }

    /// Sends the request and waits on the calling thread.
    ///
    /// # Errors
    ///
    /// The errors of [`send`](Self::send), and [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) inside an async
    /// runtime.
    pub fn send_blocking(self) -> Result<Response<T>> {
        block_on(self.send())?
    }
}

impl<T: Answer> IntoFuture for Request<T> {
    type Output = Result<Response<T>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl<T> Clone for Request<T> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            operation: self.operation.clone(),
            options: self.options.clone(),
            invalid: self.invalid.clone(),
            answer: PhantomData,
        }
    }
}

impl<T> fmt::Debug for Request<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Request")
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}
