//! The client: one generic call, and lists.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use napi::bindgen_prelude::Either;
use napi_derive::napi;
use serde_json::{Value, json};
use trunkline::dynamic::{self, Expected};
use trunkline::{LongRunning, Operation, RawBody, Request, Result, RetryPolicy};
use trunkline_binding::{Arguments, generated};
use trunkline_core::codec::{CheckedPage, Json, Layout};
use trunkline_core::http::Method;
use trunkline_core::pages::Cursor;
use trunkline_core::path;

use crate::credential::Described;
use crate::errors::{self, duration, js_error, misuse};
use crate::events::{JsonText, Payload};
use crate::results::{self, List};
use crate::running::NativeLongRunning;
use crate::work::{Ended, NativeBridge, Queue, held};

/// A client from its options: a JSON object whose member `credential` is a [`Described`].
fn build(options: &str, queue: &Arc<Queue>) -> Result<trunkline::Client> {
    let mut arguments = Arguments::parse(options)?;
    let credential = arguments.value("credential");
    // Node itself obeys this variable.
    let builder = trunkline::Client::builder().certificate_authorities_of("NODE_EXTRA_CA_CERTS");
    let mut builder = generated::client_options(arguments, builder)?;
    if let Some(credential) = credential {
        let described: Described = errors::value(credential)?;
        builder = builder.credential(described.credential(queue)?);
    }
    builder.build()
}

/// The retry policy of one call: a JSON object with the member `retry`.
pub(crate) fn retry(options: Option<&str>) -> Result<Option<RetryPolicy>> {
    let Some(options) = options else { return Ok(None) };
    let policy = Arguments::parse(options)?.record("retry", "RetryPolicy", Some("attempts"))?;
    let policy = policy.map(|policy| generated::retry_policy(policy, RetryPolicy::default()));
    Ok(policy.transpose()?)
}

/// A client of the core.
#[napi(js_name = "Client")]
pub struct NativeClient {
    /// Nothing once it has been closed. Its connections close when whatever is under way has let go of it as well.
    client: Mutex<Option<trunkline::Client>>,
    cloud: &'static str,
    country: Option<&'static str>,
    base: String,
    queue: Arc<Queue>,
}

impl NativeClient {
    /// The client, if it can be used.
    pub(crate) fn usable(&self) -> Result<trunkline::Client> {
        let client = held(&self.client).clone();
        client.ok_or_else(|| misuse("the client has been closed", "Make another client"))
    }

    pub(crate) fn queue(&self) -> &Arc<Queue> {
        &self.queue
    }
}

/// A body as the TypeScript side passes it: JSON text; and what it is: the parameters of an action, or a record of a type.
type BodyKind = Option<Either<u32, String>>;

/// The body of a request, checked and written by the field table.
pub(crate) fn body(json: String, kind: Option<&Either<u32, String>>, names_type: bool) -> Result<Vec<u8>> {
    match kind {
        Some(Either::A(action)) => dynamic::parameters(index(*action)?, &json),
        Some(Either::B(name)) => dynamic::record(dynamic::layout(name)?, &json, names_type),
        None => dynamic::any(json),
    }
}

fn index(index: u32) -> Result<u16> {
    u16::try_from(index).map_err(|_| misuse("there is no such action or function", "Install the package again"))
}

pub(crate) fn operation(method: &str, path: String, query: Option<Vec<String>>) -> Result<Operation> {
    let no_method = |_| misuse("there is no such HTTP method", "Use GET, POST, PATCH, PUT or DELETE");
    let mut operation = Operation::new(Method::from_bytes(method.as_bytes()).map_err(no_method)?, path);
    for pair in query.unwrap_or_default().chunks_exact(2) {
        operation.set_query(pair[0].clone(), pair[1].clone());
    }
    Ok(operation)
}

fn prepared<T: trunkline_core::request::Answer>(
    request: Request<T>,
    headers: Option<Vec<String>>,
    timeout: Option<Duration>,
    retry: Option<RetryPolicy>,
) -> Request<T> {
    let headers = headers.unwrap_or_default();
    let request = headers
        .chunks_exact(2)
        .fold(request, |request, pair| request.with_header(&pair[0], &pair[1]));
    let request = match timeout {
        Some(timeout) => request.with_timeout(timeout),
        None => request,
    };
    match retry {
        Some(policy) => request.with_retry(policy),
        None => request,
    }
}

#[napi]
impl NativeClient {
    /// A client from JSON.
    #[napi(constructor)]
    pub fn new(bridge: &NativeBridge, options: String) -> napi::Result<Self> {
        let queue = bridge.queue().clone();
        let built = build(&options, &queue);
        let client = built.map_err(|error| js_error(&error))?;
        Ok(Self {
            cloud: client.core().cloud().name(),
            base: client.core().base().to_owned(),
            country: client.country().map(trunkline::Country::letters),
            client: Mutex::new(Some(client)),
            queue,
        })
    }

    /// No call works after this. What is under way comes to its end; connections that are idle close at once.
    #[napi]
    pub fn close(&self) {
        let client = held(&self.client).take();
        if let Some(client) = client {
            client.close();
        }
    }

    /// Whether it has been closed.
    #[napi(getter)]
    pub fn closed(&self) -> bool {
        held(&self.client).is_none()
    }

    /// The country of numbers that are written without a plus, by its two letters.
    #[napi(getter)]
    pub fn country(&self) -> Option<&'static str> {
        self.country
    }

    /// The name of the cloud.
    #[napi(getter)]
    pub fn cloud(&self) -> &'static str {
        self.cloud
    }

    /// The address below which every path lies.
    #[napi(getter)]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// How fast it may send at present, by group of operations, as JSON.
    #[napi]
    pub fn throttle(&self) -> String {
        let groups = held(&self.client)
            .as_ref()
            .map(|client| client.throttle().groups)
            .unwrap_or_default();
        let payload = groups.iter().map(|group| {
            json!({
                "group": group.group,
                "perSecond": group.per_second,
                "limitPerSecond": group.limit_per_second,
                "pausedUntil": group.paused_until.map(|moment| moment.to_string()),
                "waiting": group.waiting,
                "sent": group.sent,
                "throttled": group.throttled,
            })
        });
        Value::Array(payload.collect()).to_string()
    }

    /// Sends one request.
    #[napi]
    #[allow(
        clippy::too_many_arguments,
        reason = "they travel one by one, which is cheaper than as an object"
    )]
    pub fn request(
        &self,
        id: u32,
        method: String,
        path: String,
        result: String,
        body: Option<String>,
        kind: BodyKind,
        names_type: bool,
        query: Option<Vec<String>>,
        headers: Option<Vec<String>>,
        timeout: Option<f64>,
        retry: Option<String>,
    ) -> napi::Result<()> {
        let begin = || {
            let client = self.usable()?;
            let expected = Expected::read(&result)?;
            let mut operation = operation(&method, path, query)?;
            if let Some(json) = body {
                operation = operation.body(self::body(json, kind.as_ref(), names_type)?);
            }
            let timeout = timeout.map(|seconds| duration("timeout", seconds)).transpose()?;
            let retry = self::retry(retry.as_deref())?;
            if let Expected::LongRunning(layout) = expected {
                let request = client.core().request::<LongRunning<RawBody>>(operation);
                let request = prepared(request, headers, timeout, retry);
                let queue = self.queue.clone();
                return self.queue.begin(id, async move {
                    let (running, meta) = request.send().await?.into_parts();
                    let meta = results::meta(&meta);
                    let metadata = JsonText::new(meta.clone());
                    let running = NativeLongRunning::new(running, layout, Some(meta), queue);
                    Ok((Payload::Instance(Box::new(running)), Some(metadata)))
                });
            }
            let request = prepared(client.core().request::<RawBody>(operation), headers, timeout, retry);
            self.queue.begin(id, async move {
                let response = request.answered().await?;
                results::finish(expected, response, request.operation())
            })
        };
        begin().map_err(|error| js_error(&error))
    }

    /// The request, as JSON text.
    #[napi]
    pub fn preview(
        &self,
        method: String,
        path: String,
        body: Option<String>,
        kind: BodyKind,
        names_type: bool,
        query: Option<Vec<String>>,
    ) -> napi::Result<String> {
        let preview = || {
            let mut operation = operation(&method, path, query)?;
            if let Some(json) = body {
                operation = operation.body(self::body(json, kind.as_ref(), names_type)?);
            }
            self.usable()?.core().preview(&operation)
        };
        preview().map(|json| json.to_string()).map_err(|error| js_error(&error))
    }

    /// Begins a list of records.
    #[napi]
    pub fn pages(
        &self,
        path: String,
        item: String,
        query: Option<Vec<String>>,
        headers: Option<Vec<String>>,
        timeout: Option<f64>,
        retry: Option<String>,
    ) -> napi::Result<NativePages> {
        let begin = || {
            let mut list: List = self.usable()?.core().list(operation("GET", path, query)?, None);
            for pair in headers.unwrap_or_default().chunks_exact(2) {
                list = list.with_header(&pair[0], &pair[1]);
            }
            if let Some(seconds) = timeout {
                list = list.with_timeout(duration("timeout", seconds)?);
            }
            if let Some(policy) = self::retry(retry.as_deref())? {
                list = list.with_retry(policy);
            }
            Ok(NativePages::new(list, dynamic::layout(&item)?, &self.queue))
        };
        begin().map_err(|error| js_error(&error))
    }

    /// Goes on with a list.
    #[napi]
    pub fn resume_pages(&self, continuation: String, item: String) -> napi::Result<NativePages> {
        let begin = || {
            let list = self.usable()?.core().resume_pages::<Json>(&continuation)?;
            Ok(NativePages::new(list, dynamic::layout(&item)?, &self.queue))
        };
        begin().map_err(|error| js_error(&error))
    }

    /// Takes up a long-running operation.
    #[napi]
    pub fn resume(&self, token: String) -> napi::Result<NativeLongRunning> {
        let resume = || {
            let running = self.usable()?.resume::<RawBody>(&token)?;
            let layout = dynamic::state_of(running.started_by())?;
            Ok(NativeLongRunning::new(running, layout, None, self.queue.clone()))
        };
        resume().map_err(|error| js_error(&error))
    }
}

/// A path with a key put behind it.
#[napi]
pub fn with_key(path: String, key: String) -> napi::Result<String> {
    let mut extended = path;
    path::push_key(&mut extended, &key).map_err(|error| js_error(&error))?;
    Ok(extended)
}

/// A path with the call of a function put behind it; the arguments are JSON.
#[napi]
pub fn called(path: String, function: u32, arguments: String) -> napi::Result<String> {
    let called = index(function).and_then(|function| dynamic::called(&path, function, &arguments));
    called.map_err(|error| js_error(&error))
}

/// The operations of the package as JSON, for the contract cases.
#[napi]
pub fn operations() -> String {
    dynamic::operations().to_string()
}

/// A list, page by page.
#[napi(js_name = "Pages")]
pub struct NativePages {
    cursor: Arc<tokio::sync::Mutex<Cursor<CheckedPage>>>,
    queue: Arc<Queue>,
}

impl NativePages {
    fn new(list: List, layout: &'static Layout, queue: &Arc<Queue>) -> Self {
        let cursor = list.cursor_with(move |text| results::read_page(text, layout));
        Self {
            cursor: Arc::new(tokio::sync::Mutex::new(cursor)),
            queue: queue.clone(),
        }
    }
}

#[napi]
impl NativePages {
    /// The next page, or nothing after the last. After an error the same page is asked for again.
    #[napi]
    pub fn next(&self, id: u32) -> napi::Result<()> {
        let cursor = self.cursor.clone();
        let work = async move {
            let mut cursor = cursor.lock().await;
            let page = cursor.next().await?;
            let ended: Ended = Ok(match page {
                None => (Payload::Nothing, None),
                Some(page) => results::page(page, &cursor.position()),
            });
            ended
        };
        self.queue.begin(id, work).map_err(|error| js_error(&error))
    }
}
