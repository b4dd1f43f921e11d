//! The intents of the crate below: begun by name, with their arguments and answers as JSON.

use std::sync::Arc;

use futures_util::stream::{self, TryReadyChunksError};
use futures_util::{FutureExt, StreamExt, TryStreamExt};
use napi_derive::napi;
use serde_json::Value;
use trunkline::numbers::NumberList;
use trunkline::{Error, ErrorKind};
use trunkline_binding::{Answer, Arguments, ProgressRecord, ToJson, Watch, generated};

use crate::client::NativeClient;
use crate::errors::Result;
use crate::events::{Cause, Event, JsonText, Payload, Reply};
use crate::results;
use crate::sequence::NativeSequence;
use crate::work::Queue;
use trunkline_binding::internal;

/// An answer of JSON.
fn payload(json: String) -> Payload {
    if json == "null" {
        Payload::Nothing
    } else {
        Payload::Text(JsonText::new(json))
    }
}

/// Calls the program's `onProgress`, and waits until it has ended. What it throws stops the change.
fn watch(queue: &Arc<Queue>, id: u32) -> Watch {
    let queue = queue.clone();
    Arc::new(move |ProgressRecord { mut fields, meta }| {
        let queue = queue.clone();
        if let Some(meta) = meta {
            let meta = serde_json::from_str(&results::meta(&meta)).unwrap_or_default();
            fields.insert("meta".to_owned(), meta);
        }
        let progress = JsonText::new(Value::Object(fields).to_string());
        Box::pin(async move {
            let question = |asked: u32| Event {
                id,
                payload: Payload::Progress(progress),
                metadata: Some(JsonText::new(asked.to_string())),
            };
            match queue.ask(question).await {
                Some(Reply::Failed { asked, reason }) => Err(Error::new(
                    ErrorKind::Cancelled,
                    format!("onProgress failed with {reason}, which stopped the change"),
                )
                .with_next_step("See the cause of this error")
                .with_source(Cause(asked))),
                // A program that has ended hears of nothing any more.
                _ => Ok(()),
            }
        })
    })
}

/// Begins an intent with its arguments as JSON.
fn start(client: &NativeClient, call: &str, arguments: &str, watch: Option<Watch>) -> Result<Answer> {
    let arguments = Arguments::parse(arguments)?;
    Ok(generated::start(&client.usable()?, call, arguments, watch)?)
}

#[napi]
impl NativeClient {
    /// Carries out an intent, by its name and with its arguments as JSON.
    #[napi]
    pub fn intent(&self, id: u32, call: String, arguments: String, progress: bool) -> Result<()> {
        let watch = progress.then(|| watch(self.queue(), id));
        let answer = start(self, &call, &arguments, watch)?;
        self.queue()
            .begin(id, async move { Ok((payload(answer.await?), None)) })
    }

    /// The answer of an intent that needs no service, as JSON.
    #[napi]
    pub fn answer(&self, call: String, arguments: String) -> Result<String> {
        let answer = start(self, &call, &arguments, None)?.now_or_never();
        Ok(answer.ok_or_else(internal)??)
    }

    /// A list of the inventory, described by JSON.
    #[napi]
    pub fn list(&self, conditions: String) -> Result<NativeNumberList> {
        let list = self.usable()?.numbers().list();
        Ok(NativeNumberList {
            list: generated::number_conditions(Arguments::parse(&conditions)?, list)?,
            queue: self.queue().clone(),
        })
    }
}

/// A list of the inventory of numbers.
#[napi(js_name = "NumberList")]
pub struct NativeNumberList {
    list: NumberList,
    queue: Arc<Queue>,
}

#[napi]
impl NativeNumberList {
    /// The one that comes first.
    #[napi]
    pub fn first(&self, id: u32) -> Result<()> {
        let list = self.list.clone();
        self.queue
            .begin(id, async move { Ok((payload(list.first().await?.to_json()), None)) })
    }

    /// Lists of them, as they arrive.
    #[napi]
    pub fn items(&self) -> NativeSequence {
        let arriving = self.list.clone().items().try_ready_chunks(1000);
        let lists = arriving.flat_map(|arrived| {
            stream::iter(match arrived {
                Ok(numbers) => vec![Ok(numbers)],
                Err(TryReadyChunksError(numbers, error)) => vec![Ok(numbers), Err(error)],
            })
        });
        NativeSequence::new(lists.map(|list| Ok((payload(list?.to_json()), None))), &self.queue)
    }
}
