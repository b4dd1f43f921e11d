//! What calls answer: the record itself, or an answer around another value; pages; and what came beside them.

use std::sync::Arc;

use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use trunkline::{Continuation, ResponseMeta};
use trunkline_core::codec::{Outline, OutlinedPage};
use trunkline_core::http::HeaderMap;

use crate::records;

/// Headers as names and values; what is no text is left out.
pub(crate) fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &trunkline_core::http::HeaderValue| value.to_str().ok().map(str::to_owned);
    headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), text(value)?)))
        .collect()
}

/// What an answer carries beside its value.
#[pyclass(frozen, module = "trunkline")]
pub(crate) struct Meta(ResponseMeta);

impl Meta {
    pub(crate) fn new(py: Python<'_>, meta: ResponseMeta) -> PyResult<Py<Self>> {
        Py::new(py, Self(meta))
    }
}

#[pymethods]
impl Meta {
    /// The HTTP status.
    #[getter]
    fn status(&self) -> u16 {
        self.0.status().as_u16()
    }

    /// The headers, names in lower case.
    #[getter]
    fn headers(&self) -> std::collections::HashMap<String, String> {
        headers(self.0.headers()).into_iter().collect()
    }

    /// The id under which Microsoft's support finds the request.
    #[getter]
    fn request_id(&self) -> Option<&str> {
        self.0.request_id()
    }

    /// The id that this library gave the request.
    #[getter]
    fn client_request_id(&self) -> String {
        self.0.client_request_id()
    }

    /// How often it was sent.
    #[getter]
    fn attempts(&self) -> u32 {
        self.0.attempts()
    }

    fn __repr__(&self) -> String {
        format!(
            "Meta(status={}, request_id={:?}, attempts={})",
            self.status(),
            self.request_id(),
            self.attempts()
        )
    }
}

/// The answer to a call whose value is no record, or may be missing.
#[pyclass(frozen, generic, module = "trunkline")]
pub(crate) struct Answer {
    value: Py<PyAny>,
    meta: Py<Meta>,
}

impl Answer {
    pub(crate) fn made(py: Python<'_>, value: Py<PyAny>, meta: ResponseMeta) -> PyResult<Py<PyAny>> {
        Ok(Py::new(
            py,
            Self {
                value,
                meta: Meta::new(py, meta)?,
            },
        )?
        .into_any())
    }
}

#[pymethods]
impl Answer {
    /// The value; `None` when there is none.
    #[getter]
    fn value(&self, py: Python<'_>) -> Py<PyAny> {
        self.value.clone_ref(py)
    }

    /// Status, headers and request id.
    #[getter]
    fn meta(&self, py: Python<'_>) -> Py<Meta> {
        self.meta.clone_ref(py)
    }

    /// The HTTP status.
    #[getter]
    fn status(&self) -> u16 {
        self.meta.get().status()
    }

    /// The headers, names in lower case.
    #[getter]
    fn headers(&self) -> std::collections::HashMap<String, String> {
        self.meta.get().headers()
    }

    /// The id under which Microsoft's support finds the request.
    #[getter]
    fn request_id(&self) -> Option<&str> {
        self.meta.get().request_id()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!(
            "Answer(status={}, value={})",
            self.status(),
            self.value.bind(py).repr()?
        ))
    }
}

/// A record of a page, made or not yet.
enum Item {
    Outlined(Outline),
    Made(Py<PyAny>),
    /// While it is being made.
    Taken,
}

/// One page of a list: a sequence of records.
#[pyclass(generic, sequence, module = "trunkline")]
pub(crate) struct Page {
    text: Arc<str>,
    items: Vec<Item>,
    count: Option<i64>,
    continuation: Option<Continuation>,
    meta: Py<Meta>,
}

impl Page {
    pub(crate) fn made(
        py: Python<'_>,
        page: OutlinedPage,
        continuation: Option<Continuation>,
        meta: ResponseMeta,
    ) -> PyResult<Py<PyAny>> {
        let items = page.items.into_iter().map(Item::Outlined).collect();
        let page = Self {
            text: page.text,
            items,
            count: page.count,
            continuation,
            meta: Meta::new(py, meta)?,
        };
        Ok(Py::new(py, page)?.into_any())
    }

    fn item(&mut self, py: Python<'_>, index: usize) -> PyResult<Option<Py<PyAny>>> {
        let Some(item) = self.items.get_mut(index) else {
            return Ok(None);
        };
        let made = match std::mem::replace(item, Item::Taken) {
            Item::Made(made) => made,
            Item::Outlined(outline) => records::record(py, &self.text, outline, None)?.unbind(),
            Item::Taken => return Ok(None),
        };
        *item = Item::Made(made.clone_ref(py));
        Ok(Some(made))
    }
}

#[pymethods]
impl Page {
    /// How many items there are in all, when `count=True` was asked for and the service said.
    #[getter]
    fn count(&self) -> Option<i64> {
        self.count
    }

    /// A text from which `Client.resume_list` goes on after this page; `None` after the last.
    #[getter]
    fn continuation(&self) -> Option<String> {
        self.continuation.as_ref().map(ToString::to_string)
    }

    /// Status, headers and request id.
    #[getter]
    fn meta(&self, py: Python<'_>) -> Py<Meta> {
        self.meta.clone_ref(py)
    }

    fn __len__(&self) -> usize {
        self.items.len()
    }

    fn __getitem__(&mut self, py: Python<'_>, index: isize) -> PyResult<Py<PyAny>> {
        let index = if index < 0 {
            index.checked_add_unsigned(self.items.len())
        } else {
            Some(index)
        };
        let item = match index.and_then(|index| usize::try_from(index).ok()) {
            Some(index) => self.item(py, index)?,
            None => None,
        };
        item.ok_or_else(|| PyIndexError::new_err("there is no such item on the page"))
    }

    fn __iter__(slf: &Bound<'_, Self>) -> PageIterator {
        PageIterator {
            page: slf.clone().unbind(),
            next: 0,
        }
    }

    fn __repr__(&self) -> String {
        format!(
            "Page({} items{})",
            self.items.len(),
            if self.continuation.is_some() {
                ", more to come"
            } else {
                ""
            }
        )
    }
}

/// Goes through the records of a page.
#[pyclass(module = "trunkline._native")]
pub(crate) struct PageIterator {
    page: Py<Page>,
    next: usize,
}

#[pymethods]
impl PageIterator {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&mut self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        let item = self.page.bind(py).try_borrow_mut()?.item(py, self.next)?;
        self.next += usize::from(item.is_some());
        Ok(item)
    }
}
