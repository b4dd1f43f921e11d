//! Operations that the service carries out later.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyType};
use tokio::sync::Mutex;
use trunkline::{Finished, LongRunning, Progress, RawBody, ResponseMeta, Result, Stage, Verdict};
use trunkline_core::codec::{Json, Layout};
use trunkline_core::long_running::Stages;

use crate::arguments::duration;
use crate::forks::Process;
use crate::meta::Meta;
use crate::work::{Caller, Finish, Work};
use crate::{errors, records, values};

/// An operation that the service has accepted.
#[pyclass(frozen, name = "LongRunning", module = "trunkline._native")]
pub(crate) struct NativeLongRunning {
    running: LongRunning<RawBody>,
    layout: &'static Layout,
    meta: Option<Py<Meta>>,
    caller: Caller,
    process: Process,
}

impl NativeLongRunning {
    /// The object that callers receive: the class of their kind around the native part.
    pub(crate) fn new_object(
        py: Python<'_>,
        running: LongRunning<RawBody>,
        layout: &'static Layout,
        meta: Option<ResponseMeta>,
        caller: Caller,
    ) -> PyResult<Py<PyAny>> {
        static BLOCKING: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        static AWAITING: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        let class = match caller.awaits() {
            false => BLOCKING.import(py, "trunkline.generated.running", "LongRunning"),
            true => AWAITING.import(py, "trunkline.generated.async_running", "AsyncLongRunning"),
        };
        let meta = meta.map(|meta| Meta::new(py, meta)).transpose()?;
        let native = Self {
            running,
            layout,
            meta,
            caller,
            process: Process::this(),
        };
        Ok(class?.call1((native,))?.unbind())
    }

    fn usable(&self, py: Python<'_>) -> PyResult<()> {
        self.process.check(
            py,
            "the operation was started",
            "Follow it by its token, with another client of this process",
        )
    }
}

/// The parts of a stage, or of the end.
struct StageParts {
    status: String,
    progress: Option<Progress>,
    verdicts: Vec<Verdict>,
    meta: ResponseMeta,
    value: RawBody,
    end: Option<Finished<RawBody>>,
}

impl StageParts {
    fn stage(stage: Stage<RawBody>) -> Self {
        let end = stage.clone().into_finished();
        Self {
            status: stage.status,
            progress: Some(stage.progress),
            verdicts: stage.verdicts,
            meta: stage.meta,
            value: stage.value,
            end,
        }
    }

    fn end(end: Finished<RawBody>) -> Self {
        Self {
            status: end.status.clone(),
            progress: None,
            verdicts: end.verdicts.clone(),
            meta: end.meta.clone(),
            value: end.value.clone(),
            end: Some(end),
        }
    }

    /// `(status, progress, value, verdicts, meta, succeeded, failure)`; the last two say how it ended, when it has.
    fn finish(self, running: &LongRunning<RawBody>, layout: &'static Layout) -> Result<Finish> {
        let outline = self
            .value
            .read_as(&self.meta, running.operation(), |text| layout.read(text))?;
        let succeeded = self.end.as_ref().map(Finished::succeeded);
        let failure = self.end.and_then(|end| end.into_success().err());
        let text: Arc<str> = self.value.into_string().into();
        Ok(Box::new(move |py| {
            let progress = match self.progress {
                Some(Progress::Running) => "running",
                Some(Progress::Failed) => "failed",
                Some(Progress::Succeeded) => "succeeded",
                None if succeeded == Some(true) => "succeeded",
                None => "failed",
            };
            let meta = Meta::new(py, self.meta)?;
            let value = records::record(py, &text, outline, Some(meta.clone_ref(py)))?;
            let verdicts = self.verdicts.iter().map(|verdict| {
                let parts = PyDict::new(py);
                parts.set_item("resource_location", &verdict.resource_location)?;
                parts.set_item("status", &verdict.status)?;
                parts.set_item("detail", &verdict.detail)?;
                parts.set_item("succeeded", verdict.succeeded)?;
                Ok(parts)
            });
            let verdicts = verdicts.collect::<PyResult<Vec<_>>>()?;
            let failure = failure.map(|failure| errors::raised(py, &failure).into_value(py));
            let parts = (self.status, progress, value, verdicts, meta, succeeded, failure);
            Ok(parts.into_pyobject(py)?.into_any().unbind())
        }))
    }
}

#[pymethods]
impl NativeLongRunning {
    #[getter]
    fn id(&self) -> &str {
        self.running.id()
    }

    #[getter]
    fn started_by(&self) -> Option<&str> {
        self.running.started_by()
    }

    #[getter]
    fn token(&self) -> String {
        self.running.token()
    }

    #[getter]
    fn meta(&self, py: Python<'_>) -> Option<Py<Meta>> {
        self.meta.as_ref().map(|meta| meta.clone_ref(py))
    }

    /// The body of the answer that started it; `None` when it had none, and when the operation was resumed.
    fn accepted(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        let accepted = self.running.accepted::<Json>();
        let accepted = accepted.map_err(|error| errors::raised(py, &error))?;
        accepted
            .map(|json| values::loads(py, json.as_str()).map(Bound::unbind))
            .transpose()
    }

    /// Looks once.
    fn poll(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.usable(py)?;
        let (running, layout) = (self.running.clone(), self.layout);
        let work: Work = Box::pin(async move { StageParts::stage(running.poll().await?).finish(&running, layout) });
        self.caller.execute(py, work)
    }

    /// Waits for the end.
    fn wait(&self, py: Python<'_>, timeout: f64) -> PyResult<Py<PyAny>> {
        self.usable(py)?;
        let (running, layout, deadline) = (self.running.clone(), self.layout, duration("timeout", timeout)?);
        let work: Work =
            Box::pin(async move { StageParts::end(running.wait_for(deadline).await?).finish(&running, layout) });
        self.caller.execute(py, work)
    }

    /// Every look until the end.
    fn stages(&self, py: Python<'_>, timeout: f64) -> PyResult<NativeStages> {
        self.usable(py)?;
        let deadline: Duration = duration("timeout", timeout)?;
        Ok(NativeStages {
            stages: Arc::new(Mutex::new(self.running.stages_for(deadline))),
            running: self.running.clone(),
            layout: self.layout,
            caller: self.caller.clone(),
        })
    }
}

/// The stages of an operation.
#[pyclass(frozen, name = "Stages", module = "trunkline._native")]
pub(crate) struct NativeStages {
    stages: Arc<Mutex<Stages<RawBody>>>,
    running: LongRunning<RawBody>,
    layout: &'static Layout,
    caller: Caller,
}

#[pymethods]
impl NativeStages {
    /// The next stage, or `None` after the last.
    fn next(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let (stages, running, layout) = (self.stages.clone(), self.running.clone(), self.layout);
        let work: Work = Box::pin(async move {
            match stages.lock().await.next().await {
                Some(stage) => StageParts::stage(stage?).finish(&running, layout),
                None => {
                    let finish: Finish = Box::new(|py| Ok(py.None()));
                    Ok(finish)
                }
            }
        });
        self.caller.execute(py, work)
    }
}
