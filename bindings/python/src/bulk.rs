//! A whole file of rows: read, planned, applied, verified, undone. Values cross as JSON text, of which `trunkline._bulk`
//! makes records.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use trunkline_binding::generated;
use trunkline_bulk::dynamic::{self, BackgroundRun};
use trunkline_bulk::input::{self, Input, InputOptions};
use trunkline_bulk::plan::{Plan, PlanOptions};
use trunkline_bulk::report::{Privacy, ReportFiles};
use trunkline_bulk::{Apply, ApplyOptions, Bulk, BulkError, ExportOptions, Journal};

use crate::arguments::arguments;
use crate::client::NativeClient;
use crate::forks::Process;
use crate::work::{Caller, Finish, Work};
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
    let ended = tokio::task::spawn_blocking(run).await;
    ended.map_err(|error| trunkline_binding::internal().with_source(error))
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

    /// The first rows after a row, as JSON.
    #[pyo3(signature = (after, count))]
    fn rows(&self, py: Python<'_>, after: Option<u32>, count: u32) -> PyResult<String> {
        self.with(py, |journal| dynamic::journal_rows(journal, after, count))
    }
}

/// A file of rows, its bytes, or the rows that were read from it.
#[derive(FromPyObject)]
enum Source<'py> {
    Rows(Bound<'py, NativeRows>),
    Bytes(Vec<u8>),
    Path(PathBuf),
}

/// A plan, or the path of its file.
#[derive(FromPyObject)]
enum PlanSource<'py> {
    Plan(Bound<'py, NativePlan>),
    Path(PathBuf),
}

/// Reads rows, unless they were read before.
async fn read(source: OwnedSource, options: InputOptions) -> trunkline::Result<Result<Arc<Input>, BulkError>> {
    apart(move || {
        let read = match source {
            OwnedSource::Rows(rows) => return Ok(rows),
            OwnedSource::Bytes(bytes) => input::read(bytes.as_slice(), &options),
            OwnedSource::Path(path) => input::read_file(path, &options),
        };
        Ok(Arc::new(read?))
    })
    .await
}

/// A source that can leave the thread of the interpreter.
enum OwnedSource {
    Rows(Arc<Input>),
    Bytes(Vec<u8>),
    Path(PathBuf),
}

impl From<Source<'_>> for OwnedSource {
    fn from(source: Source<'_>) -> Self {
        match source {
            Source::Rows(rows) => Self::Rows(rows.get().input.clone()),
            Source::Bytes(bytes) => Self::Bytes(bytes),
            Source::Path(path) => Self::Path(path),
        }
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

    fn execute(&self, py: Python<'_>, work: Work) -> PyResult<Py<PyAny>> {
        self.client.get().caller().execute(py, work)
    }

    /// The options of reading a file, with the country of the client.
    fn input_options(&self) -> InputOptions {
        InputOptions {
            country: self.client.get().default_country(),
            ..InputOptions::default()
        }
    }
}

#[pymethods]
impl NativeBulk {
    #[new]
    fn new(client: Py<NativeClient>) -> Self {
        Self { client }
    }

    /// Reads rows.
    fn read(&self, py: Python<'_>, source: Source<'_>, arguments: &Bound<'_, PyDict>) -> PyResult<Py<PyAny>> {
        let options = generated::read_rows_options(self::arguments(arguments)?, self.input_options());
        let options = options.map_err(|error| errors::argument(py, error))?;
        if matches!(source, Source::Rows(_)) {
            return Err(errors::misuse(
                py,
                "the rows have been read already",
                "Pass them to plan",
            ));
        }
        let source = source.into();
        let work: Work = Box::pin(async move {
            Ok(ended(read(source, options).await?, |py, input| {
                Ok(Py::new(py, NativeRows { input })?.into_any())
            }))
        });
        self.execute(py, work)
    }

    /// Plans rows.
    fn plan(&self, py: Python<'_>, rows: Source<'_>, arguments: &Bound<'_, PyDict>) -> PyResult<Py<PyAny>> {
        let bulk = self.usable(py)?;
        let options = generated::plan_options(self::arguments(arguments)?, PlanOptions::default());
        let options = options.map_err(|error| errors::argument(py, error))?;
        let mut reading = self.input_options();
        reading.pick = arguments.get_item("pool")?.is_some_and(|pool| !pool.is_none());
        let source = rows.into();
        let work: Work = Box::pin(async move {
            let planned = match read(source, reading).await? {
                Ok(input) => bulk.plan(&input, &options).await,
                Err(error) => Err(error),
            };
            Ok(ended(planned, NativePlan::new_object))
        });
        self.execute(py, work)
    }

    /// Applies a plan.
    fn apply(
        &self,
        py: Python<'_>,
        plan: PlanSource<'_>,
        journal: PathBuf,
        arguments: &Bound<'_, PyDict>,
    ) -> PyResult<NativeRun> {
        let plan = match plan {
            PlanSource::Plan(plan) => plan.get().plan.clone(),
            PlanSource::Path(path) => Arc::new(at_once(py, || Plan::read(&path))?),
        };
        let options = apply_options(arguments)?;
        let run = self.usable(py)?.apply(plan, journal, &options);
        Ok(NativeRun::new(run, self.client.get().caller()))
    }

    /// Goes on with the run of a journal.
    fn resume(&self, py: Python<'_>, journal: PathBuf, arguments: &Bound<'_, PyDict>) -> PyResult<NativeRun> {
        let run = self.usable(py)?.resume(journal, &apply_options(arguments)?);
        Ok(NativeRun::new(run, self.client.get().caller()))
    }

    /// Compares a journal with the live state; JSON.
    fn verify(&self, py: Python<'_>, journal: PathBuf, arguments: &Bound<'_, PyDict>) -> PyResult<Py<PyAny>> {
        let bulk = self.usable(py)?;
        let mut arguments = self::arguments(arguments)?;
        let wait = arguments.seconds("wait");
        let wait = wait.and_then(|wait| arguments.finish().map(|()| wait));
        let wait = wait.map_err(|error| errors::argument(py, error))?;
        let verify = move || {
            let journal = Journal::open(journal)?;
            Ok(bulk.verify_and_keep(&journal, wait.unwrap_or(Bulk::VERIFY_WITHIN)))
        };
        let work: Work = Box::pin(async move {
            let verifying = match apart(verify).await? {
                Ok(verifying) => verifying.await,
                Err(error) => Err(error),
            };
            Ok(ended(verifying, |py, verified| {
                text(py, dynamic::verified(&verified.rows))
            }))
        });
        self.execute(py, work)
    }

    /// The plan that brings back what a journal changed.
    fn undo(&self, py: Python<'_>, journal: PathBuf) -> PyResult<Py<PyAny>> {
        let bulk = self.usable(py)?;
        let work: Work = Box::pin(async move {
            let undoing = match apart(move || Ok(bulk.undo(&Journal::open(journal)?))).await? {
                Ok(undoing) => undoing.await,
                Err(error) => Err(error),
            };
            Ok(ended(undoing, NativePlan::new_object))
        });
        self.execute(py, work)
    }

    /// Writes the present state as a file of rows; JSON about it.
    fn export(&self, py: Python<'_>, path: PathBuf, arguments: &Bound<'_, PyDict>) -> PyResult<Py<PyAny>> {
        let bulk = self.usable(py)?;
        let options = generated::export_options(self::arguments(arguments)?, ExportOptions::default());
        let options = options.map_err(|error| errors::argument(py, error))?;
        let work: Work = Box::pin(async move {
            let written = match bulk.export(&options).await {
                Ok(export) => apart(move || dynamic::export(&export, &path)).await?,
                Err(error) => Err(error),
            };
            Ok(ended(written, text))
        });
        self.execute(py, work)
    }

    /// Writes what a journal holds for others.
    fn report(&self, py: Python<'_>, journal: PathBuf, arguments: &Bound<'_, PyDict>) -> PyResult<Py<PyAny>> {
        let mut arguments = self::arguments(arguments)?;
        let mut path = |name| match arguments.text(name) {
            Ok(path) => Ok(path.map(PathBuf::from)),
            Err(error) => Err(errors::argument(py, error)),
        };
        let (html, csv, xlsx, jsonl) = (path("html")?, path("csv")?, path("xlsx")?, path("jsonl")?);
        let privacy = match arguments.boolean("masked") {
            Ok(Some(true)) => Privacy::Masked,
            Ok(_) => Privacy::Full,
            Err(error) => return Err(errors::argument(py, error)),
        };
        arguments.finish().map_err(|error| errors::argument(py, error))?;
        let write = move || {
            let files = ReportFiles {
                html: html.as_deref(),
                csv: csv.as_deref(),
                xlsx: xlsx.as_deref(),
                json_lines: jsonl.as_deref(),
            };
            dynamic::report(&journal, &files, privacy)
        };
        let work: Work = Box::pin(async move { Ok(ended(apart(write).await?, |py, ()| Ok(py.None()))) });
        self.execute(py, work)
    }
}

fn apply_options(arguments: &Bound<'_, PyDict>) -> PyResult<ApplyOptions> {
    let options = generated::apply_options(self::arguments(arguments)?, ApplyOptions::new());
    options.map_err(|error| errors::argument(arguments.py(), error))
}

/// A run. It continues while Python does other work, and Python receives its events.
#[pyclass(frozen, name = "Run", module = "trunkline._native")]
pub(crate) struct NativeRun {
    /// Nothing only while it is dropped.
    run: Option<Arc<BackgroundRun>>,
    caller: Caller,
    process: Process,
}

impl NativeRun {
    fn new(run: Apply, caller: Caller) -> Self {
        Self {
            run: Some(BackgroundRun::new(run)),
            caller,
            process: Process::this(),
        }
    }

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
    fn next(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let run = self.usable(py)?.clone();
        let spawn = self.caller.spawner(py)?;
        run.begin(spawn);
        let work: Work = Box::pin(async move {
            Ok(ended(run.next().await, |py, parts| match parts {
                Some(events) => text(py, events),
                None => Ok(py.None()),
            }))
        });
        self.caller.execute(py, work)
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
    fn abandon(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let run = self.usable(py)?.clone();
        let work: Work = Box::pin(async move {
            run.abandon().await;
            Ok(ended(Ok(()), |py, ()| Ok(py.None())))
        });
        self.caller.execute(py, work)
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
