//! Several calls in one request.

use std::sync::{Mutex, PoisonError};

use pyo3::prelude::*;
use trunkline::dynamic::Expected;
use trunkline::{Batch, BatchAnswers, BatchHandle, LongRunning, RawBody};
use trunkline_core::codec::{Json, Layout, OutlinedPage};
use trunkline_core::pages::Page as CorePage;

use crate::arguments::{self, duration};
use crate::calls::{self, Pairs, finish, operation, prepared};
use crate::forks::Process;
use crate::results::Page;
use crate::running::NativeLongRunning;
use crate::work::{Bridge, Finish, Work, execute};
use crate::{errors, records};

/// Takes the outcome of one call out of those of all.
type Take = Box<dyn FnOnce(&mut BatchAnswers) -> trunkline::Result<Finish> + Send>;

/// The handles of a batch's calls, by kind of answer.
#[derive(Clone, Copy)]
enum Handle {
    Body(BatchHandle<RawBody>),
    Running(BatchHandle<LongRunning<RawBody>>),
    List(BatchHandle<CorePage<Json>>),
}

struct Filling {
    batch: Batch,
    handles: Vec<Handle>,
    taking: Vec<Take>,
}

/// A batch, until it is sent.
#[pyclass(frozen, name = "Batch", module = "trunkline._native")]
pub(crate) struct NativeBatch {
    client: trunkline_core::Client,
    filling: Mutex<Option<Filling>>,
    process: Process,
}

impl NativeBatch {
    pub(crate) fn new(client: &trunkline_core::Client) -> Self {
        Self {
            client: client.clone(),
            filling: Mutex::new(Some(Filling {
                batch: client.batch(),
                handles: Vec::new(),
                taking: Vec::new(),
            })),
            process: Process::this(),
        }
    }

    fn with<T>(&self, py: Python<'_>, act: impl FnOnce(&mut Filling) -> PyResult<T>) -> PyResult<T> {
        match &mut *self.filling.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(filling) => act(filling),
            None => Err(sent(py)),
        }
    }
}

fn sent(py: Python<'_>) -> PyErr {
    errors::misuse(py, "the batch has been sent", "Make another batch")
}

#[pymethods]
impl NativeBatch {
    /// Adds a call; the result is its position.
    #[pyo3(signature = (method, path, result, *, body=None, expected=None, names_type=false, query=Vec::new(),
        headers=Vec::new()))]
    #[allow(clippy::too_many_arguments, reason = "they are Python's keyword arguments")]
    fn add(
        &self,
        py: Python<'_>,
        method: &str,
        path: String,
        result: &str,
        body: Option<&Bound<'_, PyAny>>,
        expected: Option<&str>,
        names_type: bool,
        query: Pairs,
        headers: Pairs,
    ) -> PyResult<usize> {
        let result = Expected::read(result).map_err(|error| errors::raised(py, &error))?;
        let mut operation = operation(method, path, query)?;
        if let Some(body) = calls::body(body, expected, names_type)? {
            operation = operation.body(body);
        }
        self.with(py, |filling| {
            let position = filling.handles.len();
            let (handle, take): (Handle, Take) = if let Expected::LongRunning(layout) = result {
                let request = prepared(
                    self.client.request::<LongRunning<RawBody>>(operation),
                    headers,
                    None,
                    None,
                );
                let handle = filling.batch.add(request);
                (
                    Handle::Running(handle),
                    Box::new(move |answers| running(answers, handle, layout)),
                )
            } else {
                let request = prepared(self.client.request::<RawBody>(operation), headers, None, None);
                let operation = request.operation().clone();
                let handle = filling.batch.add(request);
                let take: Take = Box::new(move |answers| finish(result, answers.take(handle)?, &operation));
                (Handle::Body(handle), take)
            };
            filling.handles.push(handle);
            filling.taking.push(take);
            Ok(position)
        })
    }

    /// Adds the first page of a list; the result is its position.
    #[pyo3(signature = (path, item, *, query=Vec::new(), headers=Vec::new()))]
    fn add_list(&self, py: Python<'_>, path: String, item: &str, query: Pairs, headers: Pairs) -> PyResult<usize> {
        let layout = records::layout_named(item)?;
        let mut list = self.client.list::<Json>(operation("GET", path, query)?, None);
        for (name, value) in headers {
            list = list.with_header(&name, &value);
        }
        self.with(py, |filling| {
            let position = filling.handles.len();
            let handle = filling.batch.add_list(list);
            filling.handles.push(Handle::List(handle));
            filling
                .taking
                .push(Box::new(move |answers| page(answers, handle, layout)));
            Ok(position)
        })
    }

    /// Has a call carried out only after another one succeeded.
    fn depends_on(&self, py: Python<'_>, position: usize, first: usize) -> PyResult<()> {
        self.with(py, |filling| {
            let (Some(handle), Some(first)) = (filling.handles.get(position), filling.handles.get(first)) else {
                return Err(errors::misuse(
                    py,
                    "there is no such call in the batch",
                    "Use what `add` gave",
                ));
            };
            let (handle, first) = (*handle, *first);
            let outcome = match first {
                Handle::Body(first) => depends(&mut filling.batch, handle, first),
                Handle::Running(first) => depends(&mut filling.batch, handle, first),
                Handle::List(first) => depends(&mut filling.batch, handle, first),
            };
            outcome.map_err(|error| errors::raised(py, &error))
        })
    }

    /// Sends it: `[(value, error)]`, one per call, in order.
    #[pyo3(signature = (bridge, *, timeout=None, retry=None))]
    fn send(
        &self,
        py: Python<'_>,
        bridge: Option<&Bound<'_, Bridge>>,
        timeout: Option<f64>,
        retry: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Py<PyAny>> {
        self.process.check(
            py,
            "the batch was filled",
            "Make it again, with another client of this process",
        )?;
        let timeout = timeout.map(|seconds| duration("timeout", seconds)).transpose()?;
        let retry = arguments::retry(retry)?;
        let filled = self.filling.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Filling { mut batch, taking, .. } = filled.ok_or_else(|| sent(py))?;
        if let Some(timeout) = timeout {
            batch = batch.with_timeout(timeout);
        }
        if let Some(retry) = retry {
            batch = batch.with_retry(retry);
        }
        let work: Work = Box::pin(async move {
            let mut answers = batch.send().await;
            let outcomes: Vec<_> = taking.into_iter().map(|take| take(&mut answers)).collect();
            let finish: Finish = Box::new(move |py| {
                let parts = outcomes.into_iter().map(|outcome| {
                    let value = match outcome {
                        Ok(finish) => finish(py),
                        Err(error) => Err(errors::raised(py, &error)),
                    };
                    match value {
                        Ok(value) => Ok((Some(value), None)),
                        Err(raised) if errors::passes(py, &raised) => Err(raised),
                        Err(raised) => Ok((None, Some(raised.into_value(py)))),
                    }
                });
                let parts = parts.collect::<PyResult<Vec<_>>>()?;
                Ok(parts.into_pyobject(py)?.into_any().unbind())
            });
            Ok(finish)
        });
        execute(py, bridge, work)
    }

    fn __len__(&self, py: Python<'_>) -> PyResult<usize> {
        self.with(py, |filling| Ok(filling.handles.len()))
    }
}

fn depends<T>(batch: &mut Batch, handle: Handle, first: BatchHandle<T>) -> trunkline::Result<()> {
    match handle {
        Handle::Body(handle) => batch.depends_on(handle, first),
        Handle::Running(handle) => batch.depends_on(handle, first),
        Handle::List(handle) => batch.depends_on(handle, first),
    }
}

fn running(
    answers: &mut BatchAnswers,
    handle: BatchHandle<LongRunning<RawBody>>,
    layout: &'static Layout,
) -> trunkline::Result<Finish> {
    let (running, meta) = answers.take(handle)?.into_parts();
    Ok(Box::new(move |py| {
        NativeLongRunning::new_object(py, running, layout, Some(meta))
    }))
}

fn page(
    answers: &mut BatchAnswers,
    handle: BatchHandle<CorePage<Json>>,
    layout: &'static Layout,
) -> trunkline::Result<Finish> {
    let (response, position) = answers.take_page_with(handle, move |text| OutlinedPage::read(text, layout))?;
    let (page, meta) = response.into_parts();
    Ok(Box::new(move |py| Page::new_object(py, page, position, meta)))
}
