//! A whole file of rows: read, planned, applied, verified, undone. Values cross as JSON text.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use napi::bindgen_prelude::{Buffer, Either};
use napi_derive::napi;
use serde::Deserialize;
use trunkline::{ErrorKind, Result};
use trunkline_binding::{Arguments, bulk_error_json, generated};
use trunkline_bulk::dynamic::{self, BackgroundRun};
use trunkline_bulk::input::{self, Input, InputOptions};
use trunkline_bulk::plan::{Plan, PlanOptions};
use trunkline_bulk::report::Privacy;
use trunkline_bulk::{ApplyOptions, Bulk, BulkError, ExportOptions, Journal};

use crate::client::NativeClient;
use crate::errors::{self, duration, js_error};
use crate::events::{JsonText, Payload};
use crate::work::{Ended, NativeBridge, Queue, runtime};

fn ended<T>(result: std::result::Result<T, BulkError>, tell: impl FnOnce(T) -> Payload) -> Ended {
    let payload = match result {
        Ok(value) => tell(value),
        Err(error) => Payload::Failed(JsonText::new(bulk_error_json(&error))),
    };
    Ok((payload, None))
}

fn at_once<T>(result: std::result::Result<T, BulkError>) -> napi::Result<T> {
    result.map_err(|error| napi::Error::from_reason(bulk_error_json(&error)))
}

fn text(text: String) -> Payload {
    Payload::Text(JsonText::new(text))
}

/// Files are read and written where waiting for them stops nobody.
async fn apart<T: Send + 'static>(
    run: impl FnOnce() -> std::result::Result<T, BulkError> + Send + 'static,
) -> Result<std::result::Result<T, BulkError>> {
    tokio::task::spawn_blocking(run).await.map_err(|error| {
        trunkline::Error::new(ErrorKind::InvalidInput, "the library failed; this is a mistake in it")
            .with_next_step("Report it with what was called")
            .with_source(error)
    })
}

/// Where a report is written; `bulk.ts` says what each is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Reporting {
    html: Option<PathBuf>,
    csv: Option<PathBuf>,
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
    fn payload_of(plan: Plan) -> Payload {
        Payload::Instance(Box::new(Self { plan: Arc::new(plan) }))
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
pub fn write_plan(bridge: &NativeBridge, id: u32, plan: &NativePlan, path: String) -> napi::Result<()> {
    let plan = plan.plan.clone();
    let work = async move {
        let written = apart(move || plan.write(path.as_ref())).await?;
        ended(written, |()| Payload::Nothing)
    };
    bridge.queue().begin(id, work).map_err(|error| js_error(&error))
}

/// Reads a plan file.
#[napi]
pub fn read_plan(bridge: &NativeBridge, id: u32, path: String) -> napi::Result<()> {
    let work = async move { ended(apart(move || Plan::read(path.as_ref())).await?, NativePlan::payload_of) };
    bridge.queue().begin(id, work).map_err(|error| js_error(&error))
}

/// Reads a file of rows: its path, or its bytes.
#[napi]
pub fn read_rows(bridge: &NativeBridge, id: u32, source: Either<String, Buffer>, options: String) -> napi::Result<()> {
    let begin = || {
        let options = generated::read_rows_options(Arguments::parse(&options)?, InputOptions::default())?;
        let source = match source {
            Either::A(path) => Either::A(path),
            Either::B(bytes) => Either::B(bytes.to_vec()),
        };
        bridge.queue().begin(id, async move {
            let read = apart(move || {
                let read = match source {
                    Either::A(path) => input::read_file(path, &options),
                    Either::B(bytes) => input::read(bytes.as_slice(), &options),
                };
                Ok(read?)
            });
            ended(read.await?, |input| {
                let input = Arc::new(input);
                Payload::Instance(Box::new(NativeRows { input }))
            })
        })
    };
    begin().map_err(|error| js_error(&error))
}

/// Writes what a journal holds for others.
#[napi]
pub fn write_report(bridge: &NativeBridge, id: u32, journal: String, options: String) -> napi::Result<()> {
    let begin = || {
        let wanted = errors::options::<Reporting>(&options)?;
        let privacy = match wanted.masked {
            Some(true) => Privacy::Masked,
            _ => Privacy::Full,
        };
        bridge.queue().begin(id, async move {
            let written = apart(move || {
                let (html, csv, jsonl) = (wanted.html.as_deref(), wanted.csv.as_deref(), wanted.jsonl.as_deref());
                dynamic::report(journal.as_ref(), html, csv, jsonl, privacy)
            });
            ended(written.await?, |()| Payload::Nothing)
        })
    };
    begin().map_err(|error| js_error(&error))
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
    pub fn new(path: String) -> napi::Result<Self> {
        let journal = Mutex::new(at_once(Journal::open(path))?);
        Ok(Self { journal })
    }

    /// The journal without its rows at this moment, as JSON.
    #[napi]
    pub fn describe(&self) -> napi::Result<String> {
        at_once(dynamic::journal(
            &self.journal.lock().unwrap_or_else(PoisonError::into_inner),
        ))
    }

    /// The first rows behind a line, as JSON.
    #[napi]
    pub fn rows(&self, after: Option<u32>, count: u32) -> napi::Result<String> {
        let journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        at_once(dynamic::journal_rows(&journal, after, count))
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
    pub fn new(client: &NativeClient) -> napi::Result<Self> {
        Ok(Self {
            bulk: Bulk::new(&client.usable().map_err(|error| js_error(&error))?),
            queue: client.queue().clone(),
        })
    }

    /// Plans rows.
    #[napi]
    pub fn plan(&self, id: u32, rows: &NativeRows, options: String) -> napi::Result<()> {
        let (bulk, input) = (self.bulk.clone(), rows.input.clone());
        let begin = || {
            let options = generated::plan_options(Arguments::parse(&options)?, PlanOptions::default())?;
            self.queue.begin(id, async move {
                ended(bulk.plan(&input, &options).await, NativePlan::payload_of)
            })
        };
        begin().map_err(|error| js_error(&error))
    }

    /// Applies a plan, or goes on with what a journal holds.
    #[napi]
    pub fn apply(&self, plan: Option<&NativePlan>, journal: String, options: String) -> napi::Result<NativeRun> {
        let options = Arguments::parse(&options);
        let options = options.and_then(|arguments| generated::apply_options(arguments, ApplyOptions::new()));
        let options = options.map_err(|error| js_error(&error.into()))?;
        let run = match plan {
            Some(plan) => self.bulk.apply(plan.plan.clone(), journal, &options),
            None => self.bulk.resume(journal, &options),
        };
        Ok(NativeRun {
            run: BackgroundRun::new(run),
            queue: self.queue.clone(),
        })
    }

    /// Compares a journal with the live state.
    #[napi]
    pub fn verify(&self, id: u32, journal: String, wait: f64) -> napi::Result<()> {
        let bulk = self.bulk.clone();
        let wait = duration("wait", wait).map_err(|error| js_error(&error))?;
        let work = async move {
            let verified = match apart(move || Ok(bulk.verify_within(&Journal::open(journal)?, wait))).await? {
                Ok(verifying) => verifying.await,
                Err(error) => Err(error),
            };
            ended(verified, |rows| text(dynamic::verified(&rows)))
        };
        self.queue.begin(id, work).map_err(|error| js_error(&error))
    }

    /// The plan that brings back what a journal changed.
    #[napi]
    pub fn undo(&self, id: u32, journal: String) -> napi::Result<()> {
        let bulk = self.bulk.clone();
        let work = async move {
            let undone = match apart(move || Ok(bulk.undo(&Journal::open(journal)?))).await? {
                Ok(undoing) => undoing.await,
                Err(error) => Err(error),
            };
            ended(undone, NativePlan::payload_of)
        };
        self.queue.begin(id, work).map_err(|error| js_error(&error))
    }

    /// Writes the present state as a file of rows.
    #[napi]
    pub fn export(&self, id: u32, path: String, phones: bool, policies: bool) -> napi::Result<()> {
        let bulk = self.bulk.clone();
        let options = ExportOptions::default().with_phones(phones).with_policies(policies);
        let work = async move {
            let written = match bulk.export(&options).await {
                Ok(export) => apart(move || dynamic::export(&export, path.as_ref())).await?,
                Err(error) => Err(error),
            };
            ended(written, text)
        };
        self.queue.begin(id, work).map_err(|error| js_error(&error))
    }
}

/// A run. It continues while the program does other work, and the program receives its events.
#[napi(js_name = "Run")]
pub struct NativeRun {
    run: Arc<BackgroundRun>,
    queue: Arc<Queue>,
}

#[napi]
impl NativeRun {
    /// The events that have come, as an array; nothing after the end.
    #[napi]
    pub fn next(&self, id: u32) -> napi::Result<()> {
        let run = self.run.clone();
        let begin = || {
            run.begin(runtime()?);
            self.queue.begin(id, async move {
                ended(run.next().await, |payload| payload.map_or(Payload::Nothing, text))
            })
        };
        begin().map_err(|error| js_error(&error))
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
    pub fn abandon(&self, id: u32) -> napi::Result<()> {
        let run = self.run.clone();
        let work = async move {
            run.abandon().await;
            Ok((Payload::Nothing, None))
        };
        self.queue.begin(id, work).map_err(|error| js_error(&error))
    }
}
