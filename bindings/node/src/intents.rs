//! The intents of the crate below, their options and outcomes as JSON.

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use napi_derive::napi;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;
use trunkline::numbers::{LocationChange, NumberQuery, Progress};
use trunkline::phones::PhoneRole;
use trunkline::teams_administration::{AssignmentCategory, NumberAssignment, NumberCapability, NumberType};
use trunkline::{Error, ErrorKind, Result, dynamic};
use trunkline_core::clock::BoxFuture;
use trunkline_core::codec::{Encode, Writer};

use crate::client::{NativeClient, duration};
use crate::credential::{Cause, Reply};
use crate::errors::{self, js_error};
use crate::events::{Event, JsonText, Payload};
use crate::work::{Ended, Queue};

/// An intent and what it is about; `intents.ts` says what each member is.
#[derive(Deserialize)]
#[serde(
    tag = "intent",
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
enum Intent {
    Assign {
        number: String,
        to: String,
        moves: bool,
        category: Option<String>,
        location: Option<String>,
        number_type: Option<String>,
        country: Option<String>,
        base: Option<bool>,
        timeout: Option<f64>,
    },
    Unassign {
        number: String,
        country: Option<String>,
        base: Option<bool>,
        timeout: Option<f64>,
    },
    SetLocation {
        number: String,
        location: Option<String>,
        country: Option<String>,
        timeout: Option<f64>,
    },
    Follow {
        token: String,
        timeout: Option<f64>,
    },
    Find {
        number: String,
        country: Option<String>,
    },
    PhonesList {
        user: String,
    },
    PhonesFind {
        user: String,
        role: String,
    },
    PhonesSet {
        user: String,
        role: String,
        number: String,
        timeout: Option<f64>,
        country: Option<String>,
    },
    PhonesRemove {
        user: String,
        role: String,
        timeout: Option<f64>,
    },
    PhonesSms {
        user: String,
        enable: bool,
        timeout: Option<f64>,
    },
}

/// Conditions for numbers.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Conditions {
    number: Option<String>,
    unassigned: Option<bool>,
    held_by: Option<String>,
    number_type: Option<String>,
    capability: Option<String>,
    country: Option<String>,
    city: Option<String>,
    prefix: Option<String>,
    filter: Option<String>,
}

/// A record as JSON, or nothing.
fn optional(found: Option<impl Encode>) -> Payload {
    found.map_or(Payload::Nothing, |found| Payload::Text(JsonText::new(text_of(&found))))
}

fn text_of(record: &impl Encode) -> String {
    String::from_utf8_lossy(&record.encode()).into_owned()
}

/// An outcome as JSON, with the same in a line.
fn outcome(outcome: &(impl serde::Serialize + ToString)) -> Ended {
    let mut payload = serde_json::to_value(outcome).unwrap_or_default();
    payload["text"] = Value::from(outcome.to_string());
    Ok((Payload::Text(JsonText::new(payload.to_string())), None))
}

/// Calls the program's `onProgress`, and waits until it has ended. What it throws stops the change.
fn watcher(
    queue: &Arc<Queue>,
    id: u32,
) -> impl Fn(&Progress) -> BoxFuture<'static, Result<()>> + Send + Sync + 'static {
    let queue = queue.clone();
    move |progress| {
        let queue = queue.clone();
        let progress = errors::json_of(&dynamic::progress(progress));
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
    }
}

/// An intent with the deadline it was given.
macro_rules! in_time {
    ($intent:expr, $timeout:expr) => {
        match $timeout {
            Some(seconds) => $intent.with_deadline(duration("timeout", seconds)?),
            None => $intent,
        }
    };
}

/// An intent with the deadline and the watcher it was given.
macro_rules! attended {
    ($intent:expr, $timeout:expr, $progress:expr, $client:expr, $id:expr) => {{
        let mut intent = in_time!($intent, $timeout);
        if $progress {
            intent = intent.with_progress(watcher($client.queue(), $id));
        }
        intent
    }};
}

fn begin(client: &NativeClient, id: u32, options: &str, progress: bool) -> Result<()> {
    let queue = client.queue();
    let usable = client.usable()?;
    let numbers = |country: Option<String>| match country {
        Some(country) => usable.numbers().country(country),
        None => usable.numbers(),
    };
    let phones = |user: String| usable.phones(user);
    match errors::options(options)? {
        Intent::Assign {
            number,
            to,
            moves,
            category,
            location,
            number_type,
            country,
            base,
            timeout,
        } => {
            let numbers = numbers(country);
            let mut intent = if moves {
                numbers.move_to(number, to)
            } else {
                numbers.assign(number, to)
            };
            intent = intent.base(base.unwrap_or_default());
            if let Some(category) = category {
                intent = intent.category(AssignmentCategory::from(category.as_str()));
            }
            if let Some(location) = location {
                intent = intent.location(location);
            }
            if let Some(number_type) = number_type {
                intent = intent.number_type(NumberType::from(number_type.as_str()));
            }
            let intent = attended!(intent, timeout, progress, client, id);
            queue.begin(id, async move { outcome(&intent.send().await?) })
        }
        Intent::Unassign {
            number,
            country,
            base,
            timeout,
        } => {
            let intent = numbers(country).unassign(number).base(base.unwrap_or_default());
            let intent = attended!(intent, timeout, progress, client, id);
            queue.begin(id, async move { outcome(&intent.send().await?) })
        }
        Intent::SetLocation {
            number,
            location,
            country,
            timeout,
        } => {
            let location = location.map_or(LocationChange::Clear, LocationChange::Set);
            let intent = numbers(country).set_location(number, location);
            let intent = attended!(intent, timeout, progress, client, id);
            queue.begin(id, async move { outcome(&intent.send().await?) })
        }
        Intent::Follow { token, timeout } => {
            let intent = attended!(usable.numbers().follow(token), timeout, progress, client, id);
            queue.begin(id, async move { outcome(&intent.send().await?) })
        }
        Intent::Find { number, country } => {
            let numbers = numbers(country);
            queue.begin(id, async move { Ok((optional(numbers.find(&number).await?), None)) })
        }
        Intent::PhonesList { user } => {
            let phones = phones(user);
            queue.begin(id, async move { Ok((list(phones.list().await?.iter()), None)) })
        }
        Intent::PhonesFind { user, role } => {
            let (phones, role) = (phones(user), self::role(&role)?);
            queue.begin(id, async move { Ok((optional(phones.find(role).await?), None)) })
        }
        Intent::PhonesSet {
            user,
            role,
            number,
            country,
            timeout,
        } => {
            let mut intent = in_time!(phones(user).set(self::role(&role)?, number), timeout);
            if let Some(country) = country {
                intent = intent.country(country);
            }
            queue.begin(id, async move { outcome(&intent.send().await?) })
        }
        Intent::PhonesRemove { user, role, timeout } => {
            let intent = in_time!(phones(user).remove(self::role(&role)?), timeout);
            queue.begin(id, async move { outcome(&intent.send().await?) })
        }
        Intent::PhonesSms { user, enable, timeout } => {
            let phones = phones(user);
            let intent = if enable {
                phones.enable_sms_sign_in()
            } else {
                phones.disable_sms_sign_in()
            };
            let intent = in_time!(intent, timeout);
            queue.begin(id, async move { outcome(&intent.send().await?) })
        }
    }
}

fn role(name: &str) -> Result<PhoneRole> {
    name.parse()
}

/// Records as a JSON list.
fn list<'r, T: Encode + 'r>(records: impl Iterator<Item = &'r T>) -> Payload {
    let mut writer = Writer::new();
    writer.begin_array();
    for record in records {
        writer.separate();
        writer.raw(&text_of(record));
    }
    writer.end_array();
    Payload::Text(JsonText::new(
        String::from_utf8_lossy(&writer.into_bytes()).into_owned(),
    ))
}

fn query(client: &NativeClient, conditions: &str) -> Result<NativeQuery> {
    let conditions: Conditions = errors::options(conditions)?;
    let mut query = client.usable()?.numbers().query();
    if let Some(country) = conditions.country {
        query = query.country(&country);
    }
    if let Some(number) = conditions.number {
        query = query.number_as_written(&number)?;
    }
    if conditions.unassigned == Some(true) {
        query = query.unassigned();
    }
    if let Some(target) = conditions.held_by {
        query = query.held_by(&target);
    }
    if let Some(number_type) = conditions.number_type {
        query = query.number_type(&NumberType::from(number_type.as_str()));
    }
    if let Some(capability) = conditions.capability {
        query = query.capability(&NumberCapability::from(capability.as_str()));
    }
    if let Some(city) = conditions.city {
        query = query.city(city);
    }
    if let Some(prefix) = conditions.prefix {
        query = query.prefix(prefix);
    }
    if let Some(filter) = conditions.filter {
        query = query.filter(filter);
    }
    Ok(NativeQuery {
        query,
        queue: client.queue().clone(),
    })
}

#[napi]
impl NativeClient {
    /// Carries out an intent, described by JSON.
    #[napi]
    pub fn intent(&self, id: u32, options: String, progress: bool) -> napi::Result<()> {
        begin(self, id, &options, progress).map_err(|error| js_error(&error))
    }

    /// A query on the inventory, described by JSON.
    #[napi]
    pub fn query(&self, conditions: String) -> napi::Result<NativeQuery> {
        query(self, &conditions).map_err(|error| js_error(&error))
    }
}

/// A query on the inventory of numbers.
#[napi(js_name = "Query")]
pub struct NativeQuery {
    query: NumberQuery,
    queue: Arc<Queue>,
}

#[napi]
impl NativeQuery {
    /// The one that comes first.
    #[napi]
    pub fn first(&self, id: u32) -> napi::Result<()> {
        let query = self.query.clone();
        let work = async move { Ok((optional(query.first().await?), None)) };
        self.queue.begin(id, work).map_err(|error| js_error(&error))
    }

    /// All of them, as they arrive.
    #[napi]
    pub fn items(&self) -> NativeItems {
        let items = self.query.clone().items().ready_chunks(1000).boxed();
        NativeItems {
            items: Arc::new(Mutex::new(Arriving { items, failure: None })),
            queue: self.queue.clone(),
        }
    }
}

/// The rest of the list.
struct Arriving {
    items: BoxStream<'static, Vec<Result<NumberAssignment>>>,
    /// The items after those that were handed over last.
    failure: Option<trunkline::Error>,
}

/// The items of a query, as many at a time as have arrived.
#[napi(js_name = "Items")]
pub struct NativeItems {
    items: Arc<Mutex<Arriving>>,
    queue: Arc<Queue>,
}

#[napi]
impl NativeItems {
    /// A list of them, or nothing at the end.
    #[napi]
    pub fn next(&self, id: u32) -> napi::Result<()> {
        let items = self.items.clone();
        let work = async move {
            let mut arriving = items.lock().await;
            if let Some(failure) = arriving.failure.take() {
                return Err(failure);
            }
            let Some(chunk) = arriving.items.next().await else {
                return Ok((Payload::Nothing, None));
            };
            let mut numbers = Vec::with_capacity(chunk.len());
            for item in chunk {
                match item {
                    Ok(number) => numbers.push(number),
                    Err(error) if numbers.is_empty() => return Err(error),
                    Err(error) => {
                        arriving.failure = Some(error);
                        break;
                    }
                }
            }
            Ok((list(numbers.iter()), None))
        };
        self.queue.begin(id, work).map_err(|error| js_error(&error))
    }
}
