//! Results of calls: the record itself, or an answer around another value; and pages.

use std::ffi::CString;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::exceptions::{PyIndexError, PyRuntimeWarning};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use trunkline::ResponseMeta;
use trunkline_core::codec::OutlinedPage;
use trunkline_core::pages::{ListPosition, PageBody};

use crate::meta::Meta;
use crate::{exit, records};

/// The answer to a call whose value is no record, or may be missing.
#[pyclass(frozen, generic, module = "trunkline")]
pub(crate) struct Answer {
    value: Py<PyAny>,
    meta: Py<Meta>,
}

impl Answer {
    pub(crate) fn new_object(py: Python<'_>, value: Py<PyAny>, meta: ResponseMeta) -> PyResult<Py<PyAny>> {
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
        let _crossing = exit::crossing(py);
        Ok(format!(
            "Answer(status={}, value={})",
            self.status(),
            self.value.bind(py).repr()?
        ))
    }
}

/// One page of a list: a sequence of records.
#[pyclass(frozen, generic, sequence, module = "trunkline")]
pub(crate) struct Page {
    page: Arc<OutlinedPage>,
    /// Records that were looked at by their place: what is changed in one is found there again. None at all while
    /// nobody looked.
    made: Mutex<Vec<Option<Py<PyAny>>>>,
    position: ListPosition,
    meta: Py<Meta>,
}

impl Page {
    pub(crate) fn new_object(
        py: Python<'_>,
        page: OutlinedPage,
        position: ListPosition,
        meta: ResponseMeta,
    ) -> PyResult<Py<PyAny>> {
        if let Some(doubt) = &position.doubt {
            let text = CString::new(format!("this list may be incomplete: {doubt}")).unwrap_or_default();
            PyErr::warn(py, &py.get_type::<PyRuntimeWarning>(), &text, 1)?;
        }
        let page = Self {
            page: Arc::new(page),
            made: Mutex::default(),
            position,
            meta: Meta::new(py, meta)?,
        };
        Ok(Py::new(py, page)?.into_any())
    }

    /// Goes through its records without keeping them.
    pub(crate) fn passing(&self) -> Passing {
        Passing {
            page: self.page.clone(),
            next: AtomicUsize::new(0),
        }
    }

    /// The record at a place, always the same one. Nothing of Python's runs while the lock is held.
    fn item(&self, py: Python<'_>, index: usize) -> PyResult<Option<Py<PyAny>>> {
        let known = |made: &Vec<Option<Py<PyAny>>>| made.get(index)?.as_ref().map(|made| made.clone_ref(py));
        let lock = || self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = known(&lock()) {
            return Ok(Some(made));
        }
        let Some(new) = records::item(py, &self.page, index)? else {
            return Ok(None);
        };
        let mut made = lock();
        if let Some(first) = known(&made) {
            drop(made);
            return Ok(Some(first));
        }
        if made.is_empty() {
            made.resize_with(self.page.length(), || None);
        }
        if let Some(place) = made.get_mut(index) {
            *place = Some(new.clone().unbind());
        }
        Ok(Some(new.unbind()))
    }
}

#[pymethods]
impl Page {
    /// How many items there are in all, when `count=True` was asked for and the service said.
    #[getter]
    fn count(&self) -> Option<i64> {
        self.page.count()
    }

    /// A text from which `Client.resume_list` goes on after this page; `None` after the last.
    #[getter]
    fn continuation(&self) -> Option<String> {
        self.position.continuation.as_ref().map(ToString::to_string)
    }

    /// How many items of this page were left out, because this page or an earlier one has them.
    #[getter]
    fn repeated(&self) -> u64 {
        self.position.repeated
    }

    /// On the last page: why the list may lack items; `None` when nothing speaks against it.
    #[getter]
    fn doubt(&self) -> Option<String> {
        self.position.doubt.as_ref().map(ToString::to_string)
    }

    /// Status, headers and request id.
    #[getter]
    fn meta(&self, py: Python<'_>) -> Py<Meta> {
        self.meta.clone_ref(py)
    }

    fn __len__(&self) -> usize {
        self.page.length()
    }

    fn __getitem__(&self, py: Python<'_>, index: isize) -> PyResult<Py<PyAny>> {
        let index = if index < 0 {
            index.checked_add_unsigned(self.page.length())
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
            next: AtomicUsize::new(0),
        }
    }

    /// Goes through the records without keeping them: for lists, whose pages nobody else has.
    fn _pass(&self) -> Passing {
        self.passing()
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.meta)?;
        // Held by another thread, it is in use; then what it keeps is as well.
        let Ok(made) = self.made.try_lock() else { return Ok(()) };
        made.iter().try_for_each(|made| visit.call(made))
    }

    fn __clear__(&self) {
        // Dropped when the lock is no longer held: destructors run Python code.
        let _made = std::mem::take(&mut *self.made.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn __repr__(&self) -> String {
        format!(
            "Page({} items{})",
            self.page.length(),
            if self.position.continuation.is_some() {
                ", more to come"
            } else {
                ""
            }
        )
    }
}

/// Goes through the records of a page.
#[pyclass(frozen, module = "trunkline._native")]
pub(crate) struct PageIterator {
    page: Py<Page>,
    next: AtomicUsize,
}

#[pymethods]
impl PageIterator {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        let page = self.page.get();
        // At the end it stays where it is.
        let next = self.next.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |next| {
            (next < page.page.length()).then_some(next + 1)
        });
        match next {
            Ok(index) => page.item(py, index),
            Err(_) => Ok(None),
        }
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.page)
    }
}

/// Goes through the records of a page that nobody else has; each is the caller's alone.
#[pyclass(frozen, module = "trunkline._native")]
pub(crate) struct Passing {
    page: Arc<OutlinedPage>,
    next: AtomicUsize,
}

impl Passing {
    /// The next record; `None` after the last.
    pub(crate) fn next<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        records::item(py, &self.page, self.next.fetch_add(1, Ordering::Relaxed))
    }
}

#[pymethods]
impl Passing {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.next(py)
    }
}
