//! The outcomes of a batch, each found by its handle.

use std::fmt;

use super::requests::{BatchHandle, Item};
use crate::codec::{DecodeError, Value};
use crate::error::{Error, ErrorKind, Result};
use crate::request::Answer;
use crate::request::operation::Operation;
use crate::request::pages::{ListPosition, ListRequest, Page, PageBody};
use crate::sending::answer::{RawAnswer, Response};
use crate::sending::context::Client;

/// The outcomes of a batch.
pub struct BatchAnswers {
    pub(crate) client: Client,
    pub(crate) number: u64,
    pub(crate) items: Vec<Item>,
}

impl BatchAnswers {
    /// Takes the outcome of one request out of the batch.
    ///
    /// # Errors
    ///
    /// The error of the request; [`ErrorKind::InvalidInput`] when the handle is of another batch, or its outcome was already
    /// taken.
    pub fn take<T: Answer>(&mut self, handle: BatchHandle<T>) -> Result<Response<T>> {
        let (outcome, operation) = self.outcome(handle.batch, handle.index)?;
        T::read(outcome?, &self.client, &operation).map_err(|error| operation.name_in(error))
    }

    /// Takes the first page of a list, decoded by `read`, and its continuation: for callers that decode pages themselves.
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
                "the batch has no such outcome, or it was already taken",
            )
        })
    }

    /// Number of successful requests whose outcome has not been taken.
    #[must_use]
    pub fn succeeded(&self) -> usize {
        self.items
            .iter()
            .filter(|item| matches!(item.outcome, Some(Ok(_))))
            .count()
    }

    /// The errors that have not been taken, by the position of their request.
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
