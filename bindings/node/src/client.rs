//! The client: one generic call, and lists.

use std::sync::{Arc, Mutex};

use napi::bindgen_prelude::Either;
use napi_derive::napi;
use serde_json::{Value, json};
use trunkline::dynamic::{self, Expected};
use trunkline::{LongRunning, Operation, RawBody};
use trunkline_binding::{Arguments, CallOptions, generated};
use trunkline_core::codec::{CheckedPage, Json, Layout};
use trunkline_core::http::Method;
use trunkline_core::pages::Cursor;
use trunkline_core::path;

use crate::credential::Described;
use crate::errors::{self, Result, misuse};
use crate::events::{JsonText, Payload};
use crate::observer;
use crate::results::{self, List};
use crate::running::NativeLongRunning;
use crate::transport::FunctionTransport;
use crate::work::{NativeBridge, Queue, held};

/// A client from its options: a JSON object whose member `credential` is a [`Described`], and `observer` an
/// [`observer::Described`].
fn build(options: &str, queue: &Arc<Queue>) -> Result<trunkline::Client> {
    let mut arguments = Arguments::parse(options)?;
    let credential = arguments.value("credential");
    let observer = arguments.value("observer");
    let transport = arguments
        .value("transport")
        .and_then(|number| u32::try_from(number.as_u64()?).ok());
    // Node itself obeys this variable.
    let builder = trunkline::Client::builder().certificate_authorities_of("NODE_EXTRA_CA_CERTS");
    let mut builder = generated::client_options(arguments, builder)?;
    if let Some(credential) = credential {
        let described: Described = errors::read(&credential.to_string())?;
        builder = builder.credential(described.credential(queue)?);
    }
    if let Some(observer) = observer {
        let described: observer::Described = errors::read(&observer.to_string())?;
        builder = described.observe(builder, queue);
    }
    if let Some(number) = transport {
        builder = builder.transport(Arc::new(FunctionTransport::new(number, queue)));
    }
    Ok(builder.build()?)
}

/// The options of one call: a JSON object.
pub(crate) fn options(json: Option<&str>) -> Result<CallOptions> {
    match json {
        Some(json) => Ok(CallOptions::read(Arguments::parse(json)?)?),
        None => Ok(CallOptions::default()),
    }
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
        Ok(client.ok_or_else(|| misuse("the client has been closed", "Make another client"))?)
    }

    pub(crate) fn queue(&self) -> &Arc<Queue> {
        &self.queue
    }
}

/// The expected answer with an index; any JSON when there is none.
pub(crate) fn expected(answer: Option<u32>) -> Result<Expected> {
    match answer {
        Some(answer) => Ok(dynamic::answer(index(answer)?)?),
        None => Ok(Expected::Json),
    }
}

/// A request as the TypeScript side passes it. A body is JSON text; its kind is the parameters of an action, or a record of a type.
pub(crate) fn operation(
    method: &str,
    path: String,
    body: Option<String>,
    kind: Option<&Either<u32, String>>,
    names_type: bool,
) -> Result<Operation> {
    let no_method = |_| misuse("there is no such HTTP method", "Use GET, POST, PATCH, PUT or DELETE");
    let operation = Operation::new(Method::from_bytes(method.as_bytes()).map_err(no_method)?, path);
    let Some(json) = body else { return Ok(operation) };
    Ok(operation.body(match kind {
        Some(Either::A(action)) => dynamic::parameters(index(*action)?, &json)?,
        Some(Either::B(name)) => dynamic::record(dynamic::layout(name)?, &json, names_type)?,
        None => dynamic::any(json)?,
    }))
}

fn index(index: u32) -> Result<u16> {
    let index = u16::try_from(index);
    Ok(index.map_err(|_| {
        misuse(
            "there is no such action, function or answer",
            "Install the package again",
        )
    })?)
}

#[napi]
impl NativeClient {
    /// A client from JSON.
    #[napi(constructor)]
    pub fn new(bridge: &NativeBridge, options: String) -> Result<Self> {
        let queue = bridge.queue().clone();
        let client = build(&options, &queue)?;
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
        answer: Option<u32>,
        body: Option<String>,
        kind: Option<Either<u32, String>>,
        names_type: bool,
        options: Option<String>,
    ) -> Result<()> {
        let client = self.usable()?;
        let expected = expected(answer)?;
        let options = self::options(options.as_deref())?;
        let operation = options.operation(operation(&method, path, body, kind.as_ref(), names_type)?);
        if let Expected::LongRunning(layout) = expected {
            let request = options.request(client.core().request::<LongRunning<RawBody>>(operation));
            let queue = self.queue.clone();
            return self.queue.begin(id, async move {
                let (running, meta) = request.send().await?.into_parts();
                let meta = results::meta(&meta);
                let metadata = JsonText::new(meta.clone());
                let running = NativeLongRunning::new(running, layout, Some(meta), queue);
                Ok((Payload::Instance(Box::new(running)), Some(metadata)))
            });
        }
        let request = options.request(client.core().request::<RawBody>(operation));
        self.queue.begin(id, async move {
            let response = request.answered().await?;
            results::finish(expected, response, request.operation())
        })
    }

    /// The request, as JSON text.
    #[napi]
    pub fn preview(
        &self,
        method: String,
        path: String,
        body: Option<String>,
        options: Option<String>,
    ) -> Result<String> {
        let options = self::options(options.as_deref())?;
        let operation = options.operation(operation(&method, path, body, None, false)?);
        Ok(self.usable()?.core().preview(&operation)?.to_string())
    }

    /// Begins a list of records.
    #[napi]
    pub fn pages(&self, path: String, item: String, options: Option<String>) -> Result<NativePages> {
        let options = self::options(options.as_deref())?;
        let operation = options.operation(Operation::get(path));
        let list = options.list(self.usable()?.core().list(operation, None));
        Ok(NativePages::new(list, dynamic::layout(&item)?, &self.queue))
    }

    /// Goes on with a list.
    #[napi]
    pub fn resume_list(&self, continuation: String, item: String) -> Result<NativePages> {
        let list = self.usable()?.core().resume_list::<Json>(&continuation)?;
        Ok(NativePages::new(list, dynamic::layout(&item)?, &self.queue))
    }

    /// Takes up a long-running operation.
    #[napi]
    pub fn follow(&self, token: String) -> Result<NativeLongRunning> {
        let running = self.usable()?.follow::<RawBody>(&token)?;
        let layout = dynamic::state_of(running.started_by())?;
        Ok(NativeLongRunning::new(running, layout, None, self.queue.clone()))
    }
}

/// A path with a key put behind it.
#[napi]
pub fn with_key(path: String, key: String) -> Result<String> {
    let mut extended = path;
    path::push_key(&mut extended, &key)?;
    Ok(extended)
}

/// A path with the call of a function put behind it; the arguments are JSON.
#[napi]
pub fn called(path: String, function: u32, arguments: String) -> Result<String> {
    Ok(dynamic::called(&path, index(function)?, &arguments)?)
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
    pub fn next(&self, id: u32) -> Result<()> {
        let cursor = self.cursor.clone();
        self.queue.begin(id, async move {
            let mut cursor = cursor.lock().await;
            Ok(match cursor.next().await? {
                None => (Payload::Nothing, None),
                Some(page) => results::page(page, &cursor.position()),
            })
        })
    }
}
