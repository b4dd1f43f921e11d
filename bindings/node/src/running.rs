//! Operations that the service carries out later.

use std::sync::Arc;

use futures_util::StreamExt;
use napi_derive::napi;
use serde_json::json;
use trunkline::{Finished, LongRunning, Progress, RawBody, Stage};
use trunkline_binding::error_json;
use trunkline_core::codec::Layout;

use crate::errors::{Result, duration};
use crate::events::{JsonText, Payload};
use crate::results;
use crate::sequence::NativeSequence;
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

/// The last stage of an operation at its end.
fn last(end: Finished<RawBody>) -> Stage<RawBody> {
    Stage {
        progress: if end.succeeded() {
            Progress::Succeeded
        } else {
            Progress::Failed
        },
        status: end.status,
        verdicts: end.verdicts,
        meta: end.meta,
        value: end.value,
    }
}

/// A stage for the program: the state as text, and its metadata.
fn ended(stage: Stage<RawBody>, running: &LongRunning<RawBody>, layout: &'static Layout) -> Ended {
    let end = stage.clone().into_finished();
    let text = results::record(stage.value, &stage.meta, running.operation(), layout)?;
    let verdicts = stage.verdicts.iter().map(|verdict| {
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
    let progress = match stage.progress {
        Progress::Running => "running",
        Progress::Succeeded => "succeeded",
        Progress::Failed => "failed",
    };
    let mut metadata = json!({
        "status": stage.status,
        "progress": progress,
        "verdicts": verdicts.collect::<Vec<_>>(),
        "meta": results::meta(&stage.meta),
    });
    if let Some(end) = end {
        metadata["succeeded"] = end.succeeded().into();
        if let Err(failure) = end.into_success() {
            metadata["failure"] = error_json(&failure).into();
        }
    }
    let text = Payload::Text(JsonText::new(text));
    Ok((text, Some(JsonText::new(metadata.to_string()))))
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
        self.queue
            .begin(id, async move { ended(running.poll().await?, &running, layout) })
    }

    /// Waits for the end.
    #[napi]
    pub fn wait(&self, id: u32, timeout: f64) -> Result<()> {
        let (running, layout) = (self.running.clone(), self.layout);
        let deadline = duration("timeout", timeout)?;
        self.queue.begin(id, async move {
            ended(last(running.wait_for(deadline).await?), &running, layout)
        })
    }

    /// Follows it.
    #[napi]
    pub fn stages(&self, timeout: f64) -> Result<NativeSequence> {
        let (running, layout) = (self.running.clone(), self.layout);
        let stages = self.running.stages_for(duration("timeout", timeout)?);
        let stages = stages.map(move |stage| ended(stage?, &running, layout));
        Ok(NativeSequence::new(stages, &self.queue))
    }
}
