//! A whole file of rows: read, planned, applied, verified, undone. Values cross as JSON text.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use napi::bindgen_prelude::{Buffer, Either};
use napi_derive::napi;
use serde::Deserialize;
use trunkline_binding::{Arguments, generated};
use trunkline_bulk::dynamic::{self, BackgroundRun};
use trunkline_bulk::input::{self, Input, InputOptions};
use trunkline_bulk::plan::{Plan, PlanOptions};
use trunkline_bulk::report::{Privacy, ReportFiles};
use trunkline_bulk::{ApplyOptions, Bulk, BulkError, ExportOptions, Journal};

use crate::client::NativeClient;
use crate::errors::{self, Failure, Result, duration};
use crate::events::{JsonText, Payload};
use crate::work::{CALL, Ended, NativeBridge, Queue, held, runtime};
use trunkline_binding::internal;

fn text(text: String) -> Ended {
    Ok((Payload::Text(JsonText::new(text)), None))
}

/// Runs what reads or writes files on a thread where waiting for them stops nobody.
async fn blocking<T: Send + 'static>(run: impl FnOnce() -> Result<T, BulkError> + Send + 'static) -> Result<T> {
    let ended = tokio::task::spawn_blocking(run).await;
    ended
        .map_err(|error| Failure::from(internal().with_source(error)))?
        .map_err(Failure::from)
}

/// Where a report is written; `bulk.ts` says what each is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Reporting {
    html: Option<PathBuf>,
    csv: Option<PathBuf>,
    xlsx: Option<PathBuf>,
    jsonl: Option<PathBuf>,
    masked: Option<bool>,
}

/// A file that was read.
#[napi(js_name = "Rows")]
pub struct NativeRows {
    input: Arc<Input>,
}

#[napi]
impl NativeRows {
    /// The result of reading, as JSON.
    #[napi]
    pub fn describe(&self) -> String {
        dynamic::rows(&self.input)
    }
}

/// A plan.
#[napi(js_name = "Plan")]
pub struct NativePlan {
    plan: Arc<Plan>,
}

impl NativePlan {
    fn ended(plan: Plan) -> Ended {
        Ok((Payload::Instance(Box::new(Self { plan: Arc::new(plan) })), None))
    }
}

#[napi]
impl NativePlan {
    /// The plan without its rows, as JSON.
    #[napi]
    pub fn describe(&self) -> String {
        dynamic::plan(&self.plan)
    }

    /// SHA-256 of it.
    #[napi]
    pub fn digest(&self) -> String {
        self.plan.digest()
    }

    /// Rows of it, as JSON.
    #[napi]
    pub fn rows(&self, start: u32, end: u32) -> String {
        let end = (end as usize).min(self.plan.rows.len());
        dynamic::planned_rows(self.plan.rows.get(start as usize..end).unwrap_or_default())
    }
}

/// Writes a plan file.
#[napi]
pub fn write_plan(bridge: &NativeBridge, id: u32, plan: &NativePlan, path: String) -> Result<()> {
    let plan = plan.plan.clone();
    bridge.queue().begin(id, async move {
        blocking(move || plan.write(path.as_ref())).await?;
        Ok((Payload::Nothing, None))
    })
}

/// Reads a plan file.
#[napi]
pub fn read_plan(bridge: &NativeBridge, id: u32, path: String) -> Result<()> {
    bridge.queue().begin(id, async move {
        NativePlan::ended(blocking(move || Plan::read(path.as_ref())).await?)
    })
}

/// Reads a file of rows: its path, or its bytes.
#[napi]
pub fn read_rows(bridge: &NativeBridge, id: u32, source: Either<String, Buffer>, options: String) -> Result<()> {
    let options = generated::read_rows_options(Arguments::parse(&options)?, InputOptions::default())?;
    let source = match source {
        Either::A(path) => Either::A(path),
        Either::B(bytes) => Either::B(bytes.to_vec()),
    };
    bridge.queue().begin(id, async move {
        let read = blocking(move || {
            Ok(match source {
                Either::A(path) => input::read_file(path, &options)?,
                Either::B(bytes) => input::read(bytes.as_slice(), &options)?,
            })
        });
        let input = Arc::new(read.await?);
        Ok((Payload::Instance(Box::new(NativeRows { input })), None))
    })
}

/// Writes what a journal holds for others.
#[napi]
pub fn write_report(bridge: &NativeBridge, id: u32, journal: String, options: String) -> Result<()> {
    let Reporting {
        html,
        csv,
        xlsx,
        jsonl,
        masked,
    } = errors::read(&options)?;
    let privacy = if masked == Some(true) {
        Privacy::Masked
    } else {
        Privacy::Full
    };
    bridge.queue().begin(id, async move {
        let written = blocking(move || {
            let files = ReportFiles {
                html: html.as_deref(),
                csv: csv.as_deref(),
                xlsx: xlsx.as_deref(),
                json_lines: jsonl.as_deref(),
            };
            dynamic::report(journal.as_ref(), &files, privacy)
        });
        written.await?;
        Ok((Payload::Nothing, None))
    })
}

/// A journal that is read.
#[napi(js_name = "Journal")]
pub struct NativeJournal {
    journal: Mutex<Journal>,
}

#[napi]
impl NativeJournal {
    /// Opens it.
    #[napi(constructor)]
    pub fn new(path: String) -> Result<Self> {
        let journal = Mutex::new(Journal::open(path)?);
        Ok(Self { journal })
    }

    /// The journal without its rows at this moment, as JSON.
    #[napi]
    pub fn describe(&self) -> Result<String> {
        Ok(dynamic::journal(&held(&self.journal))?)
    }

    /// The first rows after a row, as JSON.
    #[napi]
    pub fn rows(&self, after: Option<u32>, count: u32) -> Result<String> {
        Ok(dynamic::journal_rows(&held(&self.journal), after, count)?)
    }
}

/// Bulk work of a client.
#[napi(js_name = "Bulk")]
pub struct NativeBulk {
    bulk: Bulk,
    queue: Arc<Queue>,
}

#[napi]
impl NativeBulk {
    /// Bulk work of this client.
    #[napi(constructor)]
    pub fn new(client: &NativeClient) -> Result<Self> {
        Ok(Self {
            bulk: Bulk::new(&client.usable()?),
            queue: client.queue().clone(),
        })
    }

    /// Plans rows.
    #[napi]
    pub fn plan(&self, id: u32, rows: &NativeRows, options: String) -> Result<()> {
        let (bulk, input) = (self.bulk.clone(), rows.input.clone());
        let options = generated::plan_options(Arguments::parse(&options)?, PlanOptions::default())?;
        self.queue
            .begin(id, async move { NativePlan::ended(bulk.plan(&input, &options).await?) })
    }

    /// Applies a plan, or goes on with what a journal holds.
    #[napi]
    pub fn apply(&self, plan: Option<&NativePlan>, journal: String, options: String) -> Result<NativeRun> {
        let options = generated::apply_options(Arguments::parse(&options)?, ApplyOptions::new())?;
        let run = match plan {
            Some(plan) => self.bulk.apply(plan.plan.clone(), journal, &options),
            None => self.bulk.resume(journal, &options),
        };
        Ok(NativeRun {
            run: BackgroundRun::new(run),
            call: Arc::default(),
            queue: self.queue.clone(),
        })
    }

    /// Compares a journal with the live state.
    #[napi]
    pub fn verify(&self, id: u32, journal: String, wait: f64) -> Result<()> {
        let bulk = self.bulk.clone();
        let wait = duration("wait", wait)?;
        self.queue.begin(id, async move {
            let verifying = blocking(move || Ok(bulk.verify_and_keep(&Journal::open(journal)?, wait))).await?;
            text(dynamic::verified(&verifying.await?.rows))
        })
    }

    /// The plan that brings back what a journal changed.
    #[napi]
    pub fn undo(&self, id: u32, journal: String) -> Result<()> {
        let bulk = self.bulk.clone();
        self.queue.begin(id, async move {
            let undoing = blocking(move || Ok(bulk.undo(&Journal::open(journal)?))).await?;
            NativePlan::ended(undoing.await?)
        })
    }

    /// Writes the present state as a file of rows.
    #[napi]
    pub fn export(&self, id: u32, path: String, phones: bool, policies: bool) -> Result<()> {
        let bulk = self.bulk.clone();
        let options = ExportOptions::default().with_phones(phones).with_policies(policies);
        self.queue.begin(id, async move {
            let export = bulk.export(&options).await?;
            text(blocking(move || dynamic::export(&export, path.as_ref())).await?)
        })
    }
}

/// A run. It continues while the program does other work, and the program receives its events.
#[napi(js_name = "Run")]
pub struct NativeRun {
    run: Arc<BackgroundRun>,
    /// The number of the call that waits for its events.
    call: Arc<AtomicU32>,
    queue: Arc<Queue>,
}

#[napi]
impl NativeRun {
    /// The events that have come, as an array; nothing after the end.
    #[napi]
    pub fn next(&self, id: u32) -> Result<()> {
        let run = self.run.clone();
        let runtime = runtime()?;
        self.call.store(id, Ordering::Relaxed);
        run.begin(|events| runtime.spawn(CALL.scope(self.call.clone(), events)));
        self.queue.begin(id, async move {
            match run.next().await? {
                Some(events) => text(events),
                None => Ok((Payload::Nothing, None)),
            }
        })
    }

    /// Whether it has begun and was not abandoned.
    #[napi(getter)]
    pub fn has_begun(&self) -> bool {
        self.run.has_begun()
    }

    /// Asks it to stop.
    #[napi]
    pub fn stop(&self) {
        self.run.stop();
    }

    /// Stops it as a kill would.
    #[napi]
    pub fn abandon(&self, id: u32) -> Result<()> {
        let run = self.run.clone();
        self.queue.begin(id, async move {
            run.abandon().await;
            Ok((Payload::Nothing, None))
        })
    }
}
