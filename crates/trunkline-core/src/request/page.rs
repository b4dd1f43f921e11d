//! One page of a list.

use crate::codec;
use crate::request::continuation::Continuation;
use crate::request::list_end::{ListDoubt, ListPosition};
use crate::sending::answer::{Response, ResponseMeta};

/// One page.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The items; a page may be empty and yet not the last.
    pub items: Vec<T>,
    /// Total number of items, if the request asked for it and the service sent it.
    pub count: Option<i64>,
    /// Status, headers and ids of the answer.
    pub meta: ResponseMeta,
    pub(crate) continuation: Option<Continuation>,
    pub(crate) repeated: u64,
    pub(crate) doubt: Option<ListDoubt>,
}

impl<T> Page<T> {
    /// Where to go on after this page; `None` after the last. Its text can be kept and resumed later, with
    /// [`Client::resume_list`](crate::Client::resume_list).
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

    pub(crate) fn new(response: Response<codec::Page<T>>, position: ListPosition) -> Self {
        let (page, meta) = response.into_parts();
        let ListPosition {
            continuation,
            repeated,
            doubt,
        } = position;
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
