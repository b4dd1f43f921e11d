//! Collections, page by page.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use crate::answer::{Response, ResponseMeta};
use crate::client::Client;
use crate::codec::{self, DecodeError, Value};
pub use crate::cursor::{Continuation, Cursor};
use crate::error::{Error, Result};
pub use crate::list_end::{ListDoubt, ListPosition};
use crate::operation::Operation;
use crate::pipeline::Options;
use crate::retry::RetryPolicy;
pub use crate::streams::{BlockingItems, BlockingPages, Items, Pages};

/// What the cursor needs to know of a page.
pub trait PageBody: Sized + Send {
    /// Where the next page is, as the service wrote it.
    fn next_link(&self) -> Option<&str>;

    /// How many items it holds.
    fn length(&self) -> usize;

    /// How many items there are in all, when the request asked and the service said.
    fn count(&self) -> Option<i64>;

    /// Calls `found` with the position and the key of each item that has one.
    fn keys(&self, found: &mut dyn FnMut(usize, &str));

    /// Leaves out the items at these positions, which ascend.
    fn leave_out(&mut self, positions: &[usize]);
}

/// One page.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The items; a page may be empty and yet not the last.
    pub items: Vec<T>,
    /// How many items there are in all, when the request asked and the service said.
    pub count: Option<i64>,
    /// What the answer carries beside the items.
    pub meta: ResponseMeta,
    pub(crate) continuation: Option<Continuation>,
    pub(crate) repeated: u64,
    pub(crate) doubt: Option<ListDoubt>,
}

impl<T> Page<T> {
    /// Where to go on after this page; `None` after the last. Its text can be kept and resumed later, with
    /// [`Client::resume_pages`].
    #[must_use]
    pub fn continuation(&self) -> Option<&Continuation> {
        self.continuation.as_ref()
    }

    /// How many items of this page came before, in this page or an earlier one of the same reading. They are left out unless
    /// the request keeps them.
    #[must_use]
    pub fn repeated(&self) -> u64 {
        self.repeated
    }

    /// Why the list may lack items although this is its last page; `None` when nothing speaks against it, and on pages
    /// before the last.
    #[must_use]
    pub fn doubt(&self) -> Option<&ListDoubt> {
        self.doubt.as_ref()
    }

    pub(crate) fn new(response: Response<codec::Page<T>>, cursor: &Cursor<codec::Page<T>>) -> Self
    where
        T: Value,
    {
        let (page, meta) = response.into_parts();
        let ListPosition {
            continuation,
            repeated,
            doubt,
        } = cursor.position();
        Self {
            items: page.items,
            count: page.count,
            meta,
            continuation,
            repeated,
            doubt,
        }
    }
}

/// A request for a collection. Nothing is sent until its items or pages are asked for.
pub struct ListRequest<T> {
    pub(crate) client: Client,
    pub(crate) operation: Operation,
    pub(crate) options: Options,
    pub(crate) invalid: Option<Error>,
    pub(crate) resumed: Option<Continuation>,
    pub(crate) keeps_repeated: bool,
    item: PhantomData<fn() -> T>,
}

impl<T: Value> ListRequest<T> {
    pub(crate) fn new(client: Client, operation: Operation, invalid: Option<Error>) -> Self {
        let operation = client.inner.known(operation);
        Self {
            client,
            operation,
            options: Options::default(),
            invalid,
            resumed: None,
            keeps_repeated: false,
            item: PhantomData,
        }
    }

    /// Only these properties (`$select`).
    pub fn select(self, properties: &[&str]) -> Self {
        self.with_query("$select", properties.join(","))
    }

    /// Only items for which this holds (`$filter`). Put text into it with [`literal`](crate::path::literal).
    pub fn filter(self, expression: impl Into<String>) -> Self {
        self.with_query("$filter", expression)
    }

    /// How many items to a page (`$top`). All pages are still gone through.
    pub fn top(self, items: u32) -> Self {
        self.with_query("$top", items.to_string())
    }

    /// How many items to leave out at the start (`$skip`).
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
        self.operation.set_query(name, value);
        self
    }

    /// Sets a header of every page's request. One that is not valid is reported when the first is sent.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        if let Err(error) = self.operation.set_header(name, value) {
            self.invalid.get_or_insert(error);
        }
        self
    }

    /// Keeps items that come twice, for callers that compare the two: they may differ. They are counted all the same.
    pub fn keeping_repeated(mut self) -> Self {
        self.keeps_repeated = true;
        self
    }

    /// How long each page may take, waits and repetitions included.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// How each page is asked for again, instead of the client's way.
    pub fn with_retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = Some(policy);
        self
    }

    /// The operation of the first page, as a value.
    #[must_use]
    pub fn operation(&self) -> &Operation {
        &self.operation
    }

    /// The operation of the first page, without the client.
    #[must_use]
    pub fn into_operation(self) -> Operation {
        self.operation
    }

    /// A cursor that reads each page as `P`: for callers that decode pages themselves.
    #[must_use]
    pub fn cursor<P: PageBody + codec::Decode>(self) -> Cursor<P> {
        Cursor::new(self, std::sync::Arc::new(|text: String| P::decode(&text)))
    }

    /// The same, for pages that are not read from their text alone.
    #[must_use]
    pub fn cursor_with<P: PageBody>(
        self,
        read: impl Fn(String) -> Result<P, DecodeError> + Send + Sync + 'static,
    ) -> Cursor<P> {
        Cursor::new(self, std::sync::Arc::new(read))
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
    /// Whatever the service or the way to it gives rise to; see [`ErrorKind`](crate::ErrorKind).
    pub async fn first_page(self) -> Result<Page<T>> {
        let mut cursor = self.cursor();
        let page = cursor.next_page().await?;
        page.ok_or_else(|| Error::new(crate::ErrorKind::InvalidInput, "there is no further page"))
    }

    /// Every item of every page.
    ///
    /// # Errors
    ///
    /// As [`first_page`](Self::first_page), and [`ErrorKind::UnexpectedBody`](crate::ErrorKind::UnexpectedBody) when
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
    /// Those of `first_page`, and [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) inside an async runtime.
    pub fn first_page_blocking(self) -> Result<Page<T>> {
        crate::blocking::block_on(self.first_page())?
    }

    /// The blocking form of [`all`](Self::all).
    ///
    /// # Errors
    ///
    /// Those of `all`, and [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) inside an async runtime.
    pub fn all_blocking(self) -> Result<Vec<T>> {
        crate::blocking::block_on(self.all())?
    }
}

impl<T> Clone for ListRequest<T> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            operation: self.operation.clone(),
            options: self.options.clone(),
            invalid: self.invalid.clone(),
            resumed: self.resumed.clone(),
            keeps_repeated: self.keeps_repeated,
            item: PhantomData,
        }
    }
}

impl<T> fmt::Debug for ListRequest<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ListRequest")
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}
