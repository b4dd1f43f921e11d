//! A whole file of rows: read, planned, applied, verified, undone. Values cross as JSON text, of which `trunkline._bulk`
//! makes records.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use trunkline::ErrorKind;
use trunkline_binding::generated;
use trunkline_bulk::dynamic::{self, BackgroundRun};
use trunkline_bulk::input::{self, Input, InputOptions};
use trunkline_bulk::plan::{Plan, PlanOptions};
use trunkline_bulk::report::Privacy;
use trunkline_bulk::{ApplyOptions, Bulk, BulkError, ExportOptions, Journal};

use crate::arguments::{arguments, duration};
use crate::client::NativeClient;
use crate::forks::Process;
use crate::work::{Bridge, Finish, Work, execute, runtime};
use crate::{errors, exit};

/// The error of bulk work, as an exception.
fn raised(py: Python<'_>, error: &BulkError) -> PyErr {
    let _crossing = exit::crossing(py);
    let cause = error.service().map(|service| errors::raised(py, service));
    if let Some(cause) = &cause
        && errors::passes(py, cause)
    {
        return cause.clone_ref(py);
    }
    match errors::exception(py, &trunkline_binding::bulk_error_json(error)) {
        Ok(exception) => {
            let exception = PyErr::from_value(exception);
            exception.set_cause(py, cause);
            exception
        }
        Err(failure) => failure,
    }
}

fn at_once<T>(py: Python<'_>, run: impl FnOnce() -> Result<T, BulkError> + Send) -> PyResult<T>
where
    T: Send,
{
    exit::detached(py, run).map_err(|error| raised(py, &error))
}

/// The end of work: a value that Python makes, or why there is none.
fn ended<T: Send + 'static>(
    result: Result<T, BulkError>,
    make: impl for<'py> FnOnce(Python<'py>, T) -> PyResult<Py<PyAny>> + Send + 'static,
) -> Finish {
    match result {
        Ok(value) => Box::new(move |py| make(py, value)),
        Err(error) => Box::new(move |py| Err(raised(py, &error))),
    }
}

fn text(py: Python<'_>, text: String) -> PyResult<Py<PyAny>> {
    Ok(PyString::new(py, &text).into_any().unbind())
}

/// Files are read and written where waiting for them stops nobody.
async fn apart<T: Send + 'static>(
    run: impl FnOnce() -> Result<T, BulkError> + Send + 'static,
) -> trunkline::Result<Result<T, BulkError>> {
    tokio::task::spawn_blocking(run).await.map_err(|error| {
        trunkline::Error::new(ErrorKind::InvalidInput, "the library failed; this is a mistake in it")
            .with_next_step("Report it with what was called")
            .with_source(error)
    })
}

/// A file that was read.
#[pyclass(frozen, name = "Rows", module = "trunkline._native")]
pub(crate) struct NativeRows {
    input: Arc<Input>,
}

#[pymethods]
impl NativeRows {
    /// The result of reading, as JSON.
    fn describe(&self) -> String {
        dynamic::rows(&self.input)
    }

    fn __len__(&self) -> usize {
        self.input.len()
    }
}

/// Rows: a path, or the rows that were read from one.
#[derive(FromPyObject)]
pub(crate) enum Source {
    Bytes(Vec<u8>),
    Path(PathBuf),
}

/// Reads rows.
#[pyfunction]
pub(crate) fn bulk_read(
    py: Python<'_>,
    bridge: Option<&Bound<'_, Bridge>>,
    source: Source,
    options: &Bound<'_, PyDict>,
) -> PyResult<Py<PyAny>> {
    let options = generated::read_rows_options(arguments(options)?, InputOptions::default());
    let options = options.map_err(|error| errors::argument(py, error))?;
    let work: Work = Box::pin(async move {
        let read = apart(move || {
            let read = match source {
                Source::Bytes(bytes) => input::read(bytes.as_slice(), &options),
                Source::Path(path) => input::read_file(path, &options),
            };
            Ok(read?)
        });
        Ok(ended(read.await?, |py, input| {
            let input = Arc::new(input);
            Ok(Py::new(py, NativeRows { input })?.into_any())
        }))
    });
    execute(py, bridge, work)
}

/// A plan.
#[pyclass(frozen, name = "Plan", module = "trunkline._native")]
pub(crate) struct NativePlan {
    plan: Arc<Plan>,
}

impl NativePlan {
    fn new_object(py: Python<'_>, plan: Plan) -> PyResult<Py<PyAny>> {
        let plan = Arc::new(plan);
        Ok(Py::new(py, Self { plan })?.into_any())
    }
}

#[pymethods]
impl NativePlan {
    /// Reads a plan file.
    #[staticmethod]
    fn read(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let plan = at_once(py, || Plan::read(&path))?;
        Ok(Self { plan: Arc::new(plan) })
    }

    fn write(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        at_once(py, || self.plan.write(&path))
    }

    /// The plan without its rows, as JSON.
    fn describe(&self) -> String {
        dynamic::plan(&self.plan)
    }

    fn digest(&self, py: Python<'_>) -> String {
        exit::detached(py, || self.plan.digest())
    }

    /// Rows of it, as JSON.
    fn rows(&self, py: Python<'_>, start: usize, end: usize) -> String {
        let rows = self.plan.rows.get(start..end.min(self.plan.rows.len()));
        exit::detached(py, || dynamic::planned_rows(rows.unwrap_or_default()))
    }

    fn __len__(&self) -> usize {
        self.plan.rows.len()
    }
}

/// A journal that is read.
#[pyclass(frozen, name = "Journal", module = "trunkline._native")]
pub(crate) struct NativeJournal {
    journal: Mutex<Journal>,
}

impl NativeJournal {
    fn with<T: Send>(&self, py: Python<'_>, read: impl FnOnce(&Journal) -> Result<T, BulkError> + Send) -> PyResult<T> {
        at_once(py, || {
            read(&self.journal.lock().unwrap_or_else(PoisonError::into_inner))
        })
    }
}

#[pymethods]
impl NativeJournal {
    #[new]
    fn new(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let journal = Mutex::new(at_once(py, || Journal::open(path))?);
        Ok(Self { journal })
    }

    /// The journal without its rows at this moment, as JSON.
    fn describe(&self, py: Python<'_>) -> PyResult<String> {
        self.with(py, dynamic::journal)
    }

    /// The first rows behind a line, as JSON.
    #[pyo3(signature = (after, count))]
    fn rows(&self, py: Python<'_>, after: Option<u32>, count: u32) -> PyResult<String> {
        self.with(py, |journal| dynamic::journal_rows(journal, after, count))
    }
}

/// Bulk work of a client.
#[pyclass(frozen, name = "Bulk", module = "trunkline._native")]
pub(crate) struct NativeBulk {
    client: Py<NativeClient>,
}

impl NativeBulk {
    fn usable(&self, py: Python<'_>) -> PyResult<Bulk> {
        Ok(Bulk::new(&self.client.get().usable(py)?))
    }
}

#[pymethods]
impl NativeBulk {
    #[new]
    fn new(client: Py<NativeClient>) -> Self {
        Self { client }
    }

    /// Plans rows.
    fn plan(
        &self,
        py: Python<'_>,
        bridge: Option<&Bound<'_, Bridge>>,
        rows: &Bound<'_, NativeRows>,
        options: &Bound<'_, PyDict>,
    ) -> PyResult<Py<PyAny>> {
        let bulk = self.usable(py)?;
        let options = generated::plan_options(arguments(options)?, PlanOptions::default());
        let options = options.map_err(|error| errors::argument(py, error))?;
        let input = rows.get().input.clone();
        let work: Work = Box::pin(async move { Ok(ended(bulk.plan(&input, &options).await, NativePlan::new_object)) });
        execute(py, bridge, work)
    }

    /// Applies a plan, or goes on with what a journal holds.
    fn apply(
        &self,
        py: Python<'_>,
        plan: Option<&Bound<'_, NativePlan>>,
        journal: PathBuf,
        options: &Bound<'_, PyDict>,
    ) -> PyResult<NativeRun> {
        let bulk = self.usable(py)?;
        let options = generated::apply_options(arguments(options)?, ApplyOptions::new());
        let options = options.map_err(|error| errors::argument(py, error))?;
        let run = match plan {
            Some(plan) => bulk.apply(plan.get().plan.clone(), journal, &options),
            None => bulk.resume(journal, &options),
        };
        Ok(NativeRun {
            run: Some(BackgroundRun::new(run)),
            process: Process::this(),
        })
    }

    /// Compares a journal with the live state; JSON.
    fn verify(
        &self,
        py: Python<'_>,
        bridge: Option<&Bound<'_, Bridge>>,
        journal: PathBuf,
        wait: f64,
    ) -> PyResult<Py<PyAny>> {
        let bulk = self.usable(py)?;
        let wait = duration("wait", wait)?;
        let work: Work = Box::pin(async move {
            let verifying = match apart(move || Ok(bulk.verify_within(&Journal::open(journal)?, wait))).await? {
                Ok(verifying) => verifying.await,
                Err(error) => Err(error),
            };
            Ok(ended(verifying, |py, rows| text(py, dynamic::verified(&rows))))
        });
        execute(py, bridge, work)
    }

    /// The plan that brings back what a journal changed.
    fn undo(&self, py: Python<'_>, bridge: Option<&Bound<'_, Bridge>>, journal: PathBuf) -> PyResult<Py<PyAny>> {
        let bulk = self.usable(py)?;
        let work: Work = Box::pin(async move {
            let undoing = match apart(move || Ok(bulk.undo(&Journal::open(journal)?))).await? {
                Ok(undoing) => undoing.await,
                Err(error) => Err(error),
            };
            Ok(ended(undoing, NativePlan::new_object))
        });
        execute(py, bridge, work)
    }

    /// Writes the present state as a file of rows; JSON about it.
    fn export(
        &self,
        py: Python<'_>,
        bridge: Option<&Bound<'_, Bridge>>,
        path: PathBuf,
        phones: bool,
        policies: bool,
    ) -> PyResult<Py<PyAny>> {
        let bulk = self.usable(py)?;
        let options = ExportOptions::default().with_phones(phones).with_policies(policies);
        let work: Work = Box::pin(async move {
            let written = match bulk.export(&options).await {
                Ok(export) => apart(move || dynamic::export(&export, &path)).await?,
                Err(error) => Err(error),
            };
            Ok(ended(written, text))
        });
        execute(py, bridge, work)
    }
}

/// Writes what a journal holds for others.
#[pyfunction]
#[pyo3(signature = (bridge, journal, *, html=None, csv=None, jsonl=None, masked=false))]
pub(crate) fn bulk_report(
    py: Python<'_>,
    bridge: Option<&Bound<'_, Bridge>>,
    journal: PathBuf,
    html: Option<PathBuf>,
    csv: Option<PathBuf>,
    jsonl: Option<PathBuf>,
    masked: bool,
) -> PyResult<Py<PyAny>> {
    let privacy = if masked { Privacy::Masked } else { Privacy::Full };
    let work: Work = Box::pin(async move {
        let written =
            apart(move || dynamic::report(&journal, html.as_deref(), csv.as_deref(), jsonl.as_deref(), privacy));
        Ok(ended(written.await?, |py, ()| Ok(py.None())))
    });
    execute(py, bridge, work)
}

/// A run. It continues while Python does other work, and Python receives its events.
#[pyclass(frozen, name = "Run", module = "trunkline._native")]
pub(crate) struct NativeRun {
    /// Nothing only while it is dropped.
    run: Option<Arc<BackgroundRun>>,
    process: Process,
}

impl NativeRun {
    fn usable(&self, py: Python<'_>) -> PyResult<&Arc<BackgroundRun>> {
        self.process.check(
            py,
            "the run was begun",
            "Make another client in this process, and resume the journal when the run has ended",
        )?;
        self.run
            .as_ref()
            .ok_or_else(|| errors::system("the run is being dropped"))
    }
}

#[pymethods]
impl NativeRun {
    /// The events that have come, as an array of JSON; `None` after the end.
    fn next(&self, py: Python<'_>, bridge: Option<&Bound<'_, Bridge>>) -> PyResult<Py<PyAny>> {
        let run = self.usable(py)?.clone();
        let runtime = runtime().map_err(|error| errors::raised(py, &error))?;
        run.begin(runtime.handle());
        let work: Work = Box::pin(async move {
            Ok(ended(run.next().await, |py, parts| match parts {
                Some(events) => text(py, events),
                None => Ok(py.None()),
            }))
        });
        execute(py, bridge, work)
    }

    #[getter]
    fn has_begun(&self, py: Python<'_>) -> PyResult<bool> {
        Ok(self.usable(py)?.has_begun())
    }

    /// Asks it to stop.
    fn stop(&self, py: Python<'_>) -> PyResult<()> {
        self.usable(py)?.stop();
        Ok(())
    }

    /// Stops it as a kill would.
    fn abandon(&self, py: Python<'_>, bridge: Option<&Bound<'_, Bridge>>) -> PyResult<Py<PyAny>> {
        let run = self.usable(py)?.clone();
        let work: Work = Box::pin(async move {
            run.abandon().await;
            Ok(ended(Ok(()), |py, ()| Ok(py.None())))
        });
        execute(py, bridge, work)
    }
}

impl Drop for NativeRun {
    fn drop(&mut self) {
        let run = self.run.take();
        if !self.process.is_this() {
            // The threads that it waits for are the parent's.
            std::mem::forget(run);
            return;
        }
        // The rest of the run may need the interpreter.
        exit::attached(|py| exit::detached(py, move || drop(run)));
    }
}
