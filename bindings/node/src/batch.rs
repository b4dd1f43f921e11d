//! Several requests in one.

use napi::bindgen_prelude::Either;
use napi_derive::napi;
use serde::Deserialize;
use serde_json::{Value, json};
use trunkline::dynamic::{self, Expected};
use trunkline::{BatchAnswers, BatchHandle, LongRunning, Operation, RawBody};
use trunkline_core::codec::{Json, Layout};
use trunkline_core::pages::Page;

use crate::client::{NativeClient, expected, operation, options};
use crate::errors::{self, Result, misuse};
use crate::events::{JsonText, Payload};
use crate::results::{self, List};

/// A request of a batch: of a list, whose items are of a type, or with an expected answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Call {
    method: String,
    path: String,
    item: Option<String>,
    answer: Option<u32>,
    body: Option<String>,
    action: Option<u32>,
    expected: Option<String>,
    #[serde(default)]
    names_type: bool,
    options: Option<String>,
    #[serde(default)]
    after: Vec<usize>,
}

/// Finds the outcome of a request.
#[derive(Clone, Copy)]
enum Handle {
    Value(BatchHandle<RawBody>, Expected),
    LongRunning(BatchHandle<LongRunning<RawBody>>),
    List(BatchHandle<Page<Json>>, &'static Layout),
}

impl Call {
    fn operation(&mut self) -> Result<Operation> {
        let kind = self.action.map(Either::A).or(self.expected.take().map(Either::B));
        let (path, body) = (std::mem::take(&mut self.path), self.body.take());
        let operation = operation(&self.method, path, body, kind.as_ref(), self.names_type)?;
        Ok(options(self.options.as_deref())?.operation_of_batch(operation)?)
    }
}

fn begin(client: &NativeClient, id: u32, calls: &str, options: Option<&str>) -> Result<()> {
    let usable = client.usable()?;
    let mut batch = usable.batch();
    let mut added: Vec<(Handle, Operation)> = Vec::new();
    for mut call in errors::read::<Vec<Call>>(calls)? {
        let operation = call.operation()?;
        let payload = operation.clone();
        let handle = if let Some(item) = &call.item {
            let list: List = usable.core().list(operation, None);
            Handle::List(batch.add_list(list), dynamic::layout(item)?)
        } else {
            match expected(call.answer)? {
                Expected::LongRunning(_) => Handle::LongRunning(batch.add(usable.core().request(operation))),
                expected => Handle::Value(batch.add(usable.core().request(operation)), expected),
            }
        };
        for index in call.after {
            let missing = || {
                misuse(
                    "a request can only come after one that was added before",
                    "Add them in order",
                )
            };
            let (first, _) = added.get(index).ok_or_else(missing)?;
            depends_on(&mut batch, handle, *first)?;
        }
        added.push((handle, payload));
    }
    batch = self::options(options)?.batch(batch);
    client.queue().begin(id, async move {
        let mut answers = batch.send().await;
        let mut text = String::from("[");
        for (handle, operation) in added {
            if text.len() > 1 {
                text.push(',');
            }
            match outcome(&mut answers, handle, &operation) {
                Ok((value, metadata)) => {
                    let value = value.as_deref().unwrap_or("null");
                    text.push_str(&format!("{{\"value\":{value},\"metadata\":{metadata}}}"));
                }
                Err(failure) => text.push_str(&format!("{{\"failure\":{}}}", Value::from(failure.text))),
            }
        }
        text.push(']');
        Ok((Payload::Text(JsonText::new(text)), None))
    })
}

fn depends_on(batch: &mut trunkline::Batch, later: Handle, first: Handle) -> trunkline::Result<()> {
    // Handles are of different types; what matters is where they stand.
    macro_rules! on {
        ($later:expr) => {
            match first {
                Handle::Value(first, _) => batch.depends_on($later, first),
                Handle::LongRunning(first) => batch.depends_on($later, first),
                Handle::List(first, _) => batch.depends_on($later, first),
            }
        };
    }
    match later {
        Handle::Value(later, _) => on!(later),
        Handle::LongRunning(later) => on!(later),
        Handle::List(later, _) => on!(later),
    }
}

/// The value of a request as JSON, and its metadata.
fn outcome(answers: &mut BatchAnswers, handle: Handle, operation: &Operation) -> Result<(Option<String>, Value)> {
    match handle {
        Handle::Value(handle, expected) => {
            let response = answers.take(handle)?;
            let meta = Value::from(results::meta(response.meta()));
            let value = results::value(expected, response, operation)?;
            Ok((value, json!({ "meta": meta })))
        }
        Handle::LongRunning(handle) => {
            let response = answers.take(handle)?;
            let meta = Value::from(results::meta(response.meta()));
            Ok((None, json!({ "meta": meta, "token": response.value().token() })))
        }
        Handle::List(handle, layout) => {
            let (page, position) = answers.take_page_with(handle, move |text| results::read_page(text, layout))?;
            let metadata = results::page_metadata(&page, &position);
            Ok((Some(page.into_value().text), json!({ "page": metadata })))
        }
    }
}

#[napi]
impl NativeClient {
    /// Sends requests together, described by a JSON list; a JSON list of their outcomes is sent under `id`.
    #[napi]
    pub fn batch(&self, id: u32, calls: String, options: Option<String>) -> Result<()> {
        begin(self, id, &calls, options.as_deref())
    }
}
