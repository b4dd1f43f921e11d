//! Several calls in one request.

use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;
use trunkline::dynamic::Expected;
use trunkline::{Batch, BatchAnswers, BatchHandle, LongRunning, Operation, RawBody};
use trunkline_core::codec::{Json, Layout, OutlinedPage};
use trunkline_core::pages::Page as CorePage;

use crate::calls::{self, CallOptions, Pairs, finish, operation, prepared};
use crate::client::NativeClient;
use crate::forks::Process;
use crate::results::Page;
use crate::running::NativeLongRunning;
use crate::work::{Caller, Finish, Work};
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

/// A call that a handle of the batch recorded.
struct Recorded {
    operation: Operation,
    expected: Expected,
    headers: Pairs,
}

/// Stands for the answer of a call that was recorded.
#[pyclass(frozen, name = "RecordedCall", module = "trunkline._native")]
pub(crate) struct NativeRecordedCall;

/// A batch, until it is sent. Handles take it in place of a client: their calls are recorded.
#[pyclass(frozen, name = "Batch", module = "trunkline._native")]
pub(crate) struct NativeBatch {
    client: trunkline_core::Client,
    caller: Caller,
    filling: Mutex<Option<Filling>>,
    /// The calls that the caller's function has made, with their answers.
    recorded: Mutex<Vec<(Py<NativeRecordedCall>, Recorded)>>,
    process: Process,
}

impl NativeBatch {
    /// Records the call of a handle.
    pub(crate) fn record(
        &self,
        py: Python<'_>,
        operation: Operation,
        expected: Expected,
        options: CallOptions,
    ) -> PyResult<Py<PyAny>> {
        let recorded = Recorded {
            operation,
            expected,
            headers: own_headers(py, options)?,
        };
        let call = Py::new(py, NativeRecordedCall)?;
        self.recorded().push((call.clone_ref(py), recorded));
        Ok(call.into_any())
    }

    fn recorded(&self) -> MutexGuard<'_, Vec<(Py<NativeRecordedCall>, Recorded)>> {
        self.recorded.lock().unwrap_or_else(PoisonError::into_inner)
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

/// The headers of a call. Its deadline is that of the batch, and so is the way in which it is sent again.
fn own_headers(py: Python<'_>, options: CallOptions) -> PyResult<Pairs> {
    for (is_set, what, next_step) in [
        (options.timeout.is_some(), "timeout", "Give `timeout` to `send`"),
        (options.retry.is_some(), "retry", "Give `retry` to `send`"),
    ] {
        if is_set {
            return Err(errors::misuse(
                py,
                format!("a call of a batch has no {what} of its own"),
                next_step,
            ));
        }
    }
    Ok(options.headers)
}

fn no_call(py: Python<'_>) -> PyErr {
    errors::misuse(
        py,
        "a call of a batch is a function of the graph that makes one call and returns it",
        "For instance: batch.add(lambda graph: graph.users.by_id(user).get())",
    )
}

#[pymethods]
impl NativeBatch {
    #[new]
    fn new(py: Python<'_>, client: &Bound<'_, NativeClient>) -> PyResult<Self> {
        let core = client.get().usable(py)?.core().clone();
        Ok(Self {
            filling: Mutex::new(Some(Filling {
                batch: core.batch(),
                handles: Vec::new(),
                taking: Vec::new(),
            })),
            client: core,
            caller: client.get().caller(),
            recorded: Mutex::default(),
            process: Process::this(),
        })
    }

    /// Forgets what was recorded.
    fn clear(&self) {
        let recorded = std::mem::take(&mut *self.recorded());
        drop(recorded);
    }

    /// Adds the call that was recorded, which `call` stands for; the result is its position.
    fn add(&self, py: Python<'_>, call: &Bound<'_, PyAny>) -> PyResult<usize> {
        let mut recorded = std::mem::take(&mut *self.recorded());
        let only = recorded
            .pop()
            .filter(|(answer, _)| recorded.is_empty() && call.is(answer));
        let Some((_, only)) = only else { return Err(no_call(py)) };
        let Recorded {
            operation,
            expected,
            headers,
        } = only;
        let options = CallOptions {
            headers,
            timeout: None,
            retry: None,
        };
        let caller = self.caller.clone();
        self.with(py, |filling| {
            let position = filling.handles.len();
            let (handle, take): (Handle, Take) = if let Expected::LongRunning(layout) = expected {
                let request = prepared(self.client.request::<LongRunning<RawBody>>(operation), options);
                let handle = filling.batch.add(request);
                (
                    Handle::Running(handle),
                    Box::new(move |answers| running(answers, handle, layout, caller)),
                )
            } else {
                let request = prepared(self.client.request::<RawBody>(operation), options);
                let operation = request.operation().clone();
                let handle = filling.batch.add(request);
                let take: Take = Box::new(move |answers| finish(expected, answers.take(handle)?, &operation));
                (Handle::Body(handle), take)
            };
            filling.handles.push(handle);
            filling.taking.push(take);
            Ok(position)
        })
    }

    /// Adds the first page of a list; the result is its position.
    #[allow(clippy::too_many_arguments, reason = "they are Python's arguments")]
    fn add_list(
        &self,
        py: Python<'_>,
        path: String,
        item: &str,
        query: Pairs,
        headers: Option<&Bound<'_, PyAny>>,
        timeout: Option<f64>,
        retry: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<usize> {
        if !self.recorded().is_empty() {
            return Err(no_call(py));
        }
        let layout = records::layout_named(item)?;
        let mut list = self.client.list::<Json>(operation("GET", path, query)?, None);
        for (name, value) in own_headers(py, CallOptions::read(calls::headers(headers)?, timeout, retry)?)? {
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
    fn send(&self, py: Python<'_>, timeout: Option<f64>, retry: Option<&Bound<'_, PyAny>>) -> PyResult<Py<PyAny>> {
        self.process.check(
            py,
            "the batch was filled",
            "Make it again, with another client of this process",
        )?;
        let CallOptions { timeout, retry, .. } = CallOptions::read(Vec::new(), timeout, retry)?;
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
        self.caller.execute(py, work)
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
    caller: Caller,
) -> trunkline::Result<Finish> {
    let (running, meta) = answers.take(handle)?.into_parts();
    Ok(Box::new(move |py| {
        NativeLongRunning::new_object(py, running, layout, Some(meta), caller)
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
