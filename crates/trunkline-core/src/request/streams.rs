//! Pages and items as streams and iterators.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_util::StreamExt;

use crate::blocking::block_on;
use crate::codec::{self, Value};
use crate::error::Result;
use crate::request::cursor::Cursor;
use crate::request::list_end::ListDoubt;
use crate::request::page::Page;

type BoxStream<T> = Pin<Box<dyn Stream<Item = T> + Send>>;

/// The pages of a list. After an error the stream ends.
pub struct Pages<T>(BoxStream<Result<Page<T>>>);

impl<T: Value> Pages<T> {
    pub(crate) fn new(cursor: Cursor<codec::Page<T>>) -> Self {
        let pages = futures_util::stream::unfold(Some(cursor), |cursor| async move {
            let mut cursor = cursor?;
            match cursor.next_page().await {
                Ok(Some(page)) => Some((Ok(page), Some(cursor))),
                Ok(None) => None,
                Err(error) => Some((Err(error), None)),
            }
        });
        // A stream that is polled after its end ends again.
        Self(Box::pin(pages.fuse()))
    }
}

impl<T> Stream for Pages<T> {
    type Item = Result<Page<T>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Pages")
    }
}

/// The items of a list, across its pages. After an error the stream ends.
pub struct Items<T> {
    pages: Pages<T>,
    page: std::vec::IntoIter<T>,
    doubt: Option<ListDoubt>,
}

impl<T> Items<T> {
    /// Why the list may lack items, once it has ended.
    #[must_use]
    pub fn doubt(&self) -> Option<&ListDoubt> {
        self.doubt.as_ref()
    }
}

impl<T: Value> Items<T> {
    pub(crate) fn new(cursor: Cursor<codec::Page<T>>) -> Self {
        Self {
            pages: Pages::new(cursor),
            page: Vec::new().into_iter(),
            doubt: None,
        }
    }
}

impl<T: Unpin> Stream for Items<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.page.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match Pin::new(&mut self.pages).poll_next(context) {
                Poll::Ready(Some(Ok(page))) => {
                    self.doubt = page.doubt;
                    self.page = page.items.into_iter();
                }
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Items")
    }
}

/// The pages of a list, for a thread that waits. After an error it ends.
#[derive(Debug)]
pub struct BlockingPages<T>(Option<Cursor<codec::Page<T>>>);

impl<T> BlockingPages<T> {
    pub(crate) fn new(cursor: Cursor<codec::Page<T>>) -> Self {
        Self(Some(cursor))
    }
}

impl<T: Value> Iterator for BlockingPages<T> {
    type Item = Result<Page<T>>;

    fn next(&mut self) -> Option<Self::Item> {
        let cursor = self.0.as_mut()?;
        let page = block_on(cursor.next_page()).and_then(|page| page).transpose();
        if !matches!(page, Some(Ok(_))) {
            self.0 = None;
        }
        page
    }
}

/// The items of a list, for a thread that waits. After an error it ends.
#[derive(Debug)]
pub struct BlockingItems<T> {
    pages: BlockingPages<T>,
    page: std::vec::IntoIter<T>,
    doubt: Option<ListDoubt>,
}

impl<T> BlockingItems<T> {
    /// Why the list may lack items, once it has ended.
    #[must_use]
    pub fn doubt(&self) -> Option<&ListDoubt> {
        self.doubt.as_ref()
    }
}

impl<T> BlockingItems<T> {
    pub(crate) fn new(cursor: Cursor<codec::Page<T>>) -> Self {
        Self {
            pages: BlockingPages::new(cursor),
            page: Vec::new().into_iter(),
            doubt: None,
        }
    }
}

impl<T: Value> Iterator for BlockingItems<T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.page.next() {
                return Some(Ok(item));
            }
            match self.pages.next()? {
                Ok(page) => {
                    self.doubt = page.doubt;
                    self.page = page.items.into_iter();
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }
}
