//! Lists, page by page.

use std::sync::{Arc, PoisonError};

use pyo3::prelude::*;
use tokio::sync::Mutex;
use trunkline::ListRequest;
use trunkline_core::codec::{Json, Layout, OutlinedPage};
use trunkline_core::pages::Cursor;

use crate::forks::Process;
use crate::results::{Page, Passing};
use crate::work::{Caller, Finish, Work};

/// A list, page by page.
#[pyclass(frozen, name = "Pages", module = "trunkline._native")]
pub(crate) struct NativePages {
    cursor: Arc<Mutex<Cursor<OutlinedPage>>>,
    caller: Caller,
    process: Process,
}

impl NativePages {
    pub(crate) fn new(list: ListRequest<Json>, layout: &'static Layout, caller: Caller) -> Self {
        let cursor = list.cursor_with(move |text| OutlinedPage::read(text, layout));
        Self {
            cursor: Arc::new(Mutex::new(cursor)),
            caller,
            process: Process::this(),
        }
    }
}

#[pymethods]
impl NativePages {
    /// The next page, or `None` after the last. After an error the same page is asked for again.
    fn next(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.process.check(
            py,
            "the list was begun",
            "Begin it again, with another client of this process",
        )?;
        let cursor = self.cursor.clone();
        let work: Work = Box::pin(async move {
            let mut cursor = cursor.lock().await;
            let response = cursor.next().await?;
            let position = cursor.position();
            let finish: Finish = match response {
                None => Box::new(|py| Ok(py.None())),
                Some(response) => {
                    let (page, meta) = response.into_parts();
                    Box::new(move |py| Page::new_object(py, page, position, meta))
                }
            };
            Ok(finish)
        });
        self.caller.execute(py, work)
    }

    /// Every record of every page from here on, for callers that block.
    fn records(slf: &Bound<'_, Self>) -> NativeRecords {
        NativeRecords {
            pages: slf.clone().unbind(),
            passing: std::sync::Mutex::default(),
        }
    }
}

/// Goes through the records of a list.
#[pyclass(frozen, name = "Records", module = "trunkline._native")]
pub(crate) struct NativeRecords {
    pages: Py<NativePages>,
    /// The page that it is on.
    passing: std::sync::Mutex<Option<Arc<Passing>>>,
}

#[pymethods]
impl NativeRecords {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        loop {
            let passing = self.passing.lock().unwrap_or_else(PoisonError::into_inner).clone();
            if let Some(passing) = passing
                && let Some(record) = passing.next(py)?
            {
                return Ok(Some(record));
            }
            let page = self.pages.get().next(py)?.into_bound(py);
            let Ok(page) = page.cast::<Page>() else { return Ok(None) };
            *self.passing.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(page.get().passing()));
        }
    }
}
