//! The outcomes of a batch, each found by its handle.

use std::fmt;
use std::marker::PhantomData;

use crate::answer::{RawAnswer, Response};
use crate::batch::Item;
use crate::client::Client;
use crate::codec::{DecodeError, Value};
use crate::error::{Error, ErrorKind, Result};
use crate::operation::Operation;
use crate::pages::{ListPosition, ListRequest, Page, PageBody};
use crate::request::Answer;

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

/// The outcomes of a batch.
pub struct BatchAnswers {
    pub(crate) client: Client,
    pub(crate) number: u64,
    pub(crate) items: Vec<Item>,
}

impl BatchAnswers {
    /// The outcome of one request; it can be taken once.
    ///
    /// # Errors
    ///
    /// Whatever the request failed with; [`ErrorKind::InvalidInput`] when the handle is of another batch, or its
    /// outcome has been taken already.
    pub fn take<T: Answer>(&mut self, handle: BatchHandle<T>) -> Result<Response<T>> {
        let (outcome, operation) = self.outcome(handle.batch, handle.index)?;
        T::read(outcome?, &self.client, &operation).map_err(|error| operation.name_in(error))
    }

    /// The first page of a list, read by `read`, and where the list goes on: for callers that decode pages themselves.
    ///
    /// # Errors
    ///
    /// As [`take`](Self::take).
    pub fn take_page_with<T: Value, P: PageBody>(
        &mut self,
        handle: BatchHandle<Page<T>>,
        read: impl Fn(String) -> std::result::Result<P, DecodeError> + Send + Sync + 'static,
    ) -> Result<(Response<P>, ListPosition)> {
        let (outcome, operation) = self.outcome(handle.batch, handle.index)?;
        let list = ListRequest::<T>::new(self.client.clone(), operation.clone(), None);
        let mut cursor = list.cursor_with(read);
        let page = cursor.advance(outcome?).map_err(|error| operation.name_in(error))?;
        Ok((page, cursor.position()))
    }

    fn outcome(&mut self, batch: u64, index: usize) -> Result<(Result<RawAnswer>, Operation)> {
        let item = self.items.get_mut(index).filter(|_| batch == self.number);
        let outcome = item.and_then(|item| Some((item.outcome.take()?, item.operation.clone())));
        outcome.ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidInput,
                "the batch holds no such outcome, or it was taken already",
            )
        })
    }

    /// How many requests succeeded, of those whose outcome has not been taken.
    #[must_use]
    pub fn succeeded(&self) -> usize {
        self.items
            .iter()
            .filter(|item| matches!(item.outcome, Some(Ok(_))))
            .count()
    }

    /// What requests failed with, by their position, of those whose outcome has not been taken.
    pub fn errors(&self) -> impl Iterator<Item = (usize, &Error)> {
        let outcomes = self.items.iter().enumerate();
        outcomes.filter_map(|(index, item)| Some((index, item.outcome.as_ref()?.as_ref().err()?)))
    }
}

impl fmt::Debug for BatchAnswers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("BatchAnswers")
            .field("succeeded", &self.succeeded())
            .finish_non_exhaustive()
    }
}
