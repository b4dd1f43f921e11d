//! Operations that the service carries out later.

use std::sync::Arc;

use futures_util::StreamExt;
use napi_derive::napi;
use serde_json::json;
use tokio::sync::Mutex;
use trunkline::{Finished, LongRunning, Progress, RawBody, ResponseMeta, Stage, Verdict};
use trunkline_binding::error_json;
use trunkline_core::codec::Layout;
use trunkline_core::long_running::Stages;

use crate::errors::{Result, duration};
use crate::events::{JsonText, Payload};
use crate::results;
use crate::work::{Ended, Queue};

/// An operation that the service has accepted.
#[napi(js_name = "LongRunning")]
pub struct NativeLongRunning {
    running: LongRunning<RawBody>,
    layout: &'static Layout,
    meta: Option<String>,
    queue: Arc<Queue>,
}

impl NativeLongRunning {
    pub(crate) fn new(
        running: LongRunning<RawBody>,
        layout: &'static Layout,
        meta: Option<String>,
        queue: Arc<Queue>,
    ) -> Self {
        Self {
            running,
            layout,
            meta,
            queue,
        }
    }
}

/// One stage, or the end.
struct Look {
    status: String,
    progress: &'static str,
    verdicts: Vec<Verdict>,
    meta: ResponseMeta,
    value: RawBody,
    end: Option<Finished<RawBody>>,
}

impl Look {
    fn stage(stage: Stage<RawBody>) -> Self {
        let end = stage.clone().into_finished();
        let progress = match stage.progress {
            Progress::Running => "running",
            Progress::Succeeded => "succeeded",
            Progress::Failed => "failed",
        };
        Self {
            status: stage.status,
            progress,
            verdicts: stage.verdicts,
            meta: stage.meta,
            value: stage.value,
            end,
        }
    }

    fn end(end: Finished<RawBody>) -> Self {
        Self {
            status: end.status.clone(),
            progress: if end.succeeded() { "succeeded" } else { "failed" },
            verdicts: end.verdicts.clone(),
            meta: end.meta.clone(),
            value: end.value.clone(),
            end: Some(end),
        }
    }

    /// The state as text, and its metadata.
    fn into_ended(self, running: &LongRunning<RawBody>, layout: &'static Layout) -> Ended {
        let text = results::record(self.value, &self.meta, running.operation(), layout)?;
        let verdicts = self.verdicts.iter().map(|verdict| {
            let mut payload = json!({ "succeeded": verdict.succeeded });
            for (name, text) in [
                ("resourceLocation", &verdict.resource_location),
                ("status", &verdict.status),
                ("detail", &verdict.detail),
            ] {
                if let Some(text) = text {
                    payload[name] = text.as_str().into();
                }
            }
            payload
        });
        let mut metadata = json!({
            "status": self.status,
            "progress": self.progress,
            "verdicts": verdicts.collect::<Vec<_>>(),
            "meta": results::meta(&self.meta),
        });
        if let Some(end) = self.end {
            metadata["succeeded"] = end.succeeded().into();
            if let Err(failure) = end.into_success() {
                metadata["failure"] = error_json(&failure).into();
            }
        }
        let text = Payload::Text(JsonText::new(text));
        Ok((text, Some(JsonText::new(metadata.to_string()))))
    }
}

#[napi]
impl NativeLongRunning {
    /// The id of the operation, as the service wrote it.
    #[napi(getter)]
    pub fn id(&self) -> &str {
        self.running.id()
    }

    /// The operation that started it.
    #[napi(getter)]
    pub fn started_by(&self) -> Option<&str> {
        self.running.started_by()
    }

    /// From this text it can be taken up again.
    #[napi(getter)]
    pub fn token(&self) -> String {
        self.running.token()
    }

    /// The metadata of the answer that started it, as JSON.
    #[napi(getter)]
    pub fn meta(&self) -> Option<&str> {
        self.meta.as_deref()
    }

    /// The body of the answer that started it, as JSON.
    #[napi(getter)]
    pub fn accepted(&self) -> Result<Option<String>> {
        let accepted = self.running.accepted::<serde_json::Value>()?;
        Ok(accepted.map(|accepted| accepted.to_string()))
    }

    /// Looks once.
    #[napi]
    pub fn poll(&self, id: u32) -> Result<()> {
        let (running, layout) = (self.running.clone(), self.layout);
        self.queue.begin(id, async move {
            Look::stage(running.poll().await?).into_ended(&running, layout)
        })
    }

    /// Waits for the end.
    #[napi]
    pub fn wait(&self, id: u32, timeout: f64) -> Result<()> {
        let (running, layout) = (self.running.clone(), self.layout);
        let deadline = duration("timeout", timeout)?;
        self.queue.begin(id, async move {
            Look::end(running.wait_for(deadline).await?).into_ended(&running, layout)
        })
    }

    /// Follows it.
    #[napi]
    pub fn stages(&self, timeout: f64) -> Result<NativeStages> {
        Ok(NativeStages {
            stages: Arc::new(Mutex::new(self.running.stages_for(duration("timeout", timeout)?))),
            running: self.running.clone(),
            layout: self.layout,
            queue: self.queue.clone(),
        })
    }
}

/// The stages of an operation.
#[napi(js_name = "Stages")]
pub struct NativeStages {
    stages: Arc<Mutex<Stages<RawBody>>>,
    running: LongRunning<RawBody>,
    layout: &'static Layout,
    queue: Arc<Queue>,
}

#[napi]
impl NativeStages {
    /// The next stage, or nothing after the last.
    #[napi]
    pub fn next(&self, id: u32) -> Result<()> {
        let (stages, running, layout) = (self.stages.clone(), self.running.clone(), self.layout);
        self.queue.begin(id, async move {
            match stages.lock().await.next().await {
                Some(stage) => Look::stage(stage?).into_ended(&running, layout),
                None => Ok((Payload::Nothing, None)),
            }
        })
    }
}
