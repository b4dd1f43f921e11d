//! Collections, page by page.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

pub use crate::codec::page_body::PageBody;
use crate::codec::{self, DecodeError, Value};
use crate::error::{Error, ErrorKind, Result};
use crate::request::Answer;
pub use crate::request::continuation::Continuation;
use crate::request::continuation::Next;
pub use crate::request::cursor::Cursor;
use crate::request::cursor::ListStart;
pub use crate::request::list_end::{ListDoubt, ListPosition};
use crate::request::operation::Operation;
pub use crate::request::page::Page;
pub use crate::request::streams::{BlockingItems, BlockingPages, Items, Pages};
use crate::sending::answer::RawAnswer;
use crate::sending::answer::Response;
use crate::sending::context::Client;
use crate::sending::options::Options;
use crate::sending::retry::RetryPolicy;

/// A request for a collection. Nothing is sent until its items or pages are asked for.
pub struct ListRequest<T> {
    pub(crate) start: ListStart,
    item: PhantomData<fn() -> T>,
}

impl<T: Value> ListRequest<T> {
    pub(crate) fn new(client: Client, operation: Operation, invalid: Option<Error>) -> Self {
        let operation = client.context.known(operation);
        let start = ListStart {
            client,
            operation,
            options: Options::default(),
            invalid,
            resumed: None,
            keeps_repeated: false,
        };
        Self {
            start,
            item: PhantomData,
        }
    }

    /// Goes on from a continuation.
    pub(crate) fn resume(from: Continuation, client: &Client) -> Result<Self> {
        if from.base != client.base() {
            let message = "the continuation belongs to another root or version than the client's";
            return Err(Error::new(ErrorKind::UntrustedLink, message)
                .with_next_step("Use a client of the same cloud and version"));
        }
        let mut operation = Operation::get(from.path.clone());
        for (name, value) in &from.query {
            operation.set_query(name.clone(), value.clone());
        }
        for (name, value) in &from.headers {
            operation.set_header(name, value)?;
        }
        if let Next::Link(link) = &from.next {
            client.context.root.check(link)?;
        }
        let mut list = Self::new(client.clone(), operation, None);
        list.start.resumed = Some(from);
        Ok(list)
    }

    /// Only these properties (`$select`).
    pub fn select(self, properties: &[&str]) -> Self {
        self.with_query("$select", properties.join(","))
    }

    /// Only items for which this holds (`$filter`). Put text into it with [`literal`](crate::request::path::literal).
    pub fn filter(self, expression: impl Into<String>) -> Self {
        self.with_query("$filter", expression)
    }

    /// Sets the number of items per page (`$top`). All pages are still read.
    pub fn top(self, items: u32) -> Self {
        self.with_query("$top", items.to_string())
    }

    /// Sets the number of items to skip at the start (`$skip`).
    pub fn skip(self, items: u64) -> Self {
        self.with_query("$skip", items.to_string())
    }

    /// In this order (`$orderby`), for instance `displayName desc`.
    pub fn order_by(self, expression: impl Into<String>) -> Self {
        self.with_query("$orderby", expression)
    }

    /// With these related items in place (`$expand`).
    pub fn expand(self, expression: impl Into<String>) -> Self {
        self.with_query("$expand", expression)
    }

    /// Asks how many items there are in all (`$count=true`): see [`Page::count`].
    pub fn count(self) -> Self {
        self.with_query("$count", "true")
    }

    /// Only items that hold these words (`$search`).
    pub fn search(self, expression: impl Into<String>) -> Self {
        self.with_query("$search", expression)
    }

    /// Sets a query option; it is encoded when it is sent.
    pub fn with_query(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.start.operation.set_query(name, value);
        self
    }

    /// Sets a header of every page's request. One that is not valid is reported when the first is sent.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        if let Err(error) = self.start.operation.set_header(name, value) {
            self.start.invalid.get_or_insert(error);
        }
        self
    }

    /// Keeps items that come twice, for callers that compare the two: they may differ. They are counted all the same.
    pub fn keeping_repeated(mut self) -> Self {
        self.start.keeps_repeated = true;
        self
    }

    /// Limits the time of each page, waits and repetitions included.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.start.options.timeout = Some(timeout);
        self
    }

    /// Replaces the client's retry policy for each page.
    pub fn with_retry(mut self, policy: RetryPolicy) -> Self {
        self.start.options.retry = Some(policy);
        self
    }

    /// The operation of the first page, as a value.
    #[must_use]
    pub fn operation(&self) -> &Operation {
        &self.start.operation
    }

    /// The operation of the first page, without the client.
    #[must_use]
    pub fn into_operation(self) -> Operation {
        self.start.operation
    }

    /// A cursor that reads each page as `P`: for callers that decode pages themselves.
    #[must_use]
    pub fn cursor<P: PageBody + codec::Decode>(self) -> Cursor<P> {
        Cursor::new(self.start, std::sync::Arc::new(|text: String| P::decode(&text)))
    }

    /// The same, for pages that are not read from their text alone.
    #[must_use]
    pub fn cursor_with<P: PageBody>(
        self,
        read: impl Fn(String) -> Result<P, DecodeError> + Send + Sync + 'static,
    ) -> Cursor<P> {
        Cursor::new(self.start, std::sync::Arc::new(read))
    }

    /// The pages, one after the other.
    #[must_use]
    pub fn pages(self) -> Pages<T> {
        Pages::new(self.cursor())
    }

    /// The items of all pages, one after the other.
    #[must_use]
    pub fn items(self) -> Items<T> {
        Items::new(self.cursor())
    }

    /// The first page.
    ///
    /// # Errors
    ///
    /// All errors of a request; see [`ErrorKind`].
    pub async fn first_page(self) -> Result<Page<T>> {
        let mut cursor = self.cursor();
        let page = cursor.next_page().await?;
        page.ok_or_else(|| Error::new(ErrorKind::InvalidInput, "there is no further page"))
    }

    /// Every item of every page.
    ///
    /// # Errors
    ///
    /// As [`first_page`](Self::first_page), and [`ErrorKind::UnexpectedBody`] when
    /// pages repeat. Items of earlier pages are lost then; use [`items`](Self::items) to keep them.
    pub async fn all(self) -> Result<Vec<T>> {
        let mut cursor: Cursor<codec::Page<T>> = self.cursor();
        let mut items = Vec::new();
        while let Some(page) = cursor.next().await? {
            let mut page = page.into_value();
            if items.is_empty() {
                items = page.items;
            } else {
                items.append(&mut page.items);
            }
        }
        Ok(items)
    }

    /// The blocking form of [`pages`](Self::pages).
    #[must_use]
    pub fn pages_blocking(self) -> BlockingPages<T> {
        BlockingPages::new(self.cursor())
    }

    /// The blocking form of [`items`](Self::items).
    #[must_use]
    pub fn items_blocking(self) -> BlockingItems<T> {
        BlockingItems::new(self.cursor())
    }

    /// The blocking form of [`first_page`](Self::first_page).
    ///
    /// # Errors
    ///
    /// The errors of `first_page`, and [`ErrorKind::InvalidInput`] inside an async runtime.
    pub fn first_page_blocking(self) -> Result<Page<T>> {
        crate::blocking::block_on(self.first_page())?
    }

    /// The blocking form of [`all`](Self::all).
    ///
    /// # Errors
    ///
    /// The errors of `all`, and [`ErrorKind::InvalidInput`] inside an async runtime.
    pub fn all_blocking(self) -> Result<Vec<T>> {
        crate::blocking::block_on(self.all())?
    }
}

impl<T> Clone for ListRequest<T> {
    fn clone(&self) -> Self {
        Self {
            start: self.start.clone(),
            item: PhantomData,
        }
    }
}

impl<T> fmt::Debug for ListRequest<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ListRequest")
            .field("operation", &self.start.operation)
            .finish_non_exhaustive()
    }
}

impl<T: Value> Answer for Page<T> {
    fn read(raw: RawAnswer, client: &Client, operation: &Operation) -> Result<Response<Self>> {
        let list = ListRequest::<T>::new(client.clone(), operation.clone(), None);
        let mut cursor = list.cursor::<codec::Page<T>>();
        let response = cursor.advance(raw)?;
        let page = Page::new(response, cursor.position());
        let meta = page.meta.clone();
        Ok(Response { value: page, meta })
    }
}
