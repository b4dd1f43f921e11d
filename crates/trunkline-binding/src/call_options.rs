//! The options that every call takes.

use std::time::Duration;

use trunkline::{Batch, ListRequest, Operation, Request, Result, RetryPolicy};
use trunkline_core::codec;
use trunkline_core::request::Answer;

use crate::{ArgumentError, Arguments, generated};

/// Query, headers, timeout and retry policy of a call.
#[derive(Debug, Default)]
pub struct CallOptions {
    query: Vec<String>,
    headers: Vec<String>,
    timeout: Option<Duration>,
    retry: Option<RetryPolicy>,
}

impl CallOptions {
    /// Reads `query` and `headers` (names and values, one after the other), `timeout` in seconds, and `retry`.
    ///
    /// # Errors
    ///
    /// When one of them has the wrong type or value, or there is another.
    pub fn read(mut arguments: Arguments) -> Result<Self, ArgumentError> {
        let retry = arguments.record("retry", "RetryPolicy", Some("attempts"))?;
        let options = Self {
            query: arguments.texts("query")?.unwrap_or_default(),
            headers: arguments.texts("headers")?.unwrap_or_default(),
            timeout: arguments.seconds("timeout")?,
            retry: retry
                .map(|policy| generated::retry_policy(policy, RetryPolicy::default()))
                .transpose()?,
        };
        arguments.finish()?;
        Ok(options)
    }

    /// Sets the query of an operation.
    #[must_use]
    pub fn operation(&self, mut operation: Operation) -> Operation {
        for (name, value) in pairs(&self.query) {
            operation.set_query(name.clone(), value.clone());
        }
        operation
    }

    /// Sets query and headers of an operation that is sent in a batch.
    ///
    /// # Errors
    ///
    /// When a header is not valid.
    pub fn operation_of_batch(&self, operation: Operation) -> Result<Operation> {
        let mut operation = self.operation(operation);
        for (name, value) in pairs(&self.headers) {
            operation.set_header(name, value)?;
        }
        Ok(operation)
    }

    /// Sets headers, timeout and retry policy of a request.
    pub fn request<T: Answer>(self, request: Request<T>) -> Request<T> {
        let headers = pairs(&self.headers);
        let request = headers.fold(request, |request, (name, value)| request.with_header(name, value));
        let request = self.timeout.into_iter().fold(request, Request::with_timeout);
        self.retry.into_iter().fold(request, Request::with_retry)
    }

    /// Sets headers, timeout and retry policy of a list.
    #[must_use]
    pub fn list<T: codec::Value>(self, list: ListRequest<T>) -> ListRequest<T> {
        let list = pairs(&self.headers).fold(list, |list, (name, value)| list.with_header(name, value));
        let list = self.timeout.into_iter().fold(list, ListRequest::with_timeout);
        self.retry.into_iter().fold(list, ListRequest::with_retry)
    }

    /// Sets timeout and retry policy of a batch.
    pub fn batch(self, batch: Batch) -> Batch {
        let batch = self.timeout.into_iter().fold(batch, Batch::with_timeout);
        self.retry.into_iter().fold(batch, Batch::with_retry)
    }
}

fn pairs(texts: &[String]) -> impl Iterator<Item = (&String, &String)> {
    texts.chunks_exact(2).map(|pair| (&pair[0], &pair[1]))
}
