//! The client: one generic call, lists, and what both faces stand on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use tokio::sync::Mutex;
use trunkline::{ListRequest, LongRunning, Operation, RawBody, Request, Response, RetryPolicy, TestClock};
use trunkline_core::codec::{Content, Json, Layout, OutlinedPage, Reader, Writer};
use trunkline_core::descriptors::{Callable, Item, Shape};
use trunkline_core::http::Method;
use trunkline_core::pages::Cursor;
use trunkline_core::path::{self, Literal};

use crate::records::{self, Record};
use crate::results::{Answer, Meta, Page};
use crate::running::NativeLongRunning;
use crate::values;
use crate::work::{Bridge, Finish, Work, carry_out};
use crate::{credential, errors};

/// A client of the core.
#[pyclass(frozen, subclass, weakref, name = "Client", module = "trunkline._native")]
pub(crate) struct NativeClient {
    client: trunkline::Client,
    process: u32,
    closed: AtomicBool,
}

impl NativeClient {
    /// The client, if it can be used.
    pub(crate) fn usable(&self, py: Python<'_>) -> PyResult<&trunkline::Client> {
        if self.closed.load(Ordering::Relaxed) {
            return Err(errors::misuse(py, "the client has been closed", "Make another client"));
        }
        if self.process != std::process::id() {
            return Err(errors::misuse(
                py,
                "the client was made before this process was forked, and its connections belong to the parent",
                "Make a client in the new process",
            ));
        }
        Ok(&self.client)
    }
}

/// Seconds that a caller gave.
pub(crate) fn duration(name: &str, seconds: f64) -> PyResult<Duration> {
    Duration::try_from_secs_f64(seconds)
        .map_err(|_| PyValueError::new_err(format!("{name} must be a number of seconds that is not negative")))
}

/// What a call answers, as the generated handles write it.
enum Expected {
    /// Nothing, or what nobody reads.
    Nothing,
    /// A record.
    Record(&'static Layout),
    /// A record that may be missing.
    Perhaps(&'static Layout),
    /// Another value.
    Value(Content),
    /// The whole body as JSON.
    Json,
    /// An operation that goes on; its state is such a record.
    LongRunning(&'static Layout),
}

impl Expected {
    /// ``: nothing; `=`: JSON; `a.b`: a record; `?a.b`: perhaps one; `!a.b`: an operation that goes on; `=a.b` and `=[a.b]`: another
    /// value.
    fn read(text: &str) -> PyResult<Self> {
        Ok(match text.split_at_checked(1) {
            None => Self::Nothing,
            Some(("?", name)) => Self::Perhaps(records::layout_named(name)?),
            Some(("!", name)) => Self::LongRunning(records::layout_named(name)?),
            Some(("=", "")) => Self::Json,
            Some(("=", name)) => Self::Value(content_named(name)?),
            Some(_) => Self::Record(records::layout_named(text)?),
        })
    }
}

/// The content of a type's name, in brackets when there are many.
fn content_named(name: &str) -> PyResult<Content> {
    const PRIMITIVES: [&str; 9] = [
        "Boolean", "Byte", "SByte", "Int16", "Int32", "Int64", "Double", "Single", "Decimal",
    ];
    let (name, collection) = match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        Some(name) => (name, true),
        None => (name, false),
    };
    let descriptors = records::layouts()?.descriptors();
    let broken = |error: trunkline_core::descriptors::DescriptorError| errors::system(error);
    let item = if let Some(primitive) = name.strip_prefix("Edm.") {
        match PRIMITIVES.iter().find(|known| **known == primitive) {
            Some(known) => Item::Primitive(known),
            None if matches!(primitive, "Untyped" | "Stream") => Item::Primitive("Untyped"),
            None => Item::Primitive("String"),
        }
    } else if let Some(found) = descriptors.enum_named(name).map_err(broken)? {
        Item::Enum(found)
    } else {
        let found = descriptors.type_named(name).map_err(broken)?;
        Item::Structured(found.ok_or_else(|| errors::system(format!("there is no type {name}")))?)
    };
    Ok(Content::of(Shape { item, collection }))
}

/// The body of a call: `None`, a record with the type that is expected, `(action, {parameter: value})`, or JSON.
fn body(body: Option<&Bound<'_, PyAny>>, expected: Option<&str>, names_type: bool) -> PyResult<Option<Vec<u8>>> {
    let Some(body) = body else { return Ok(None) };
    let mut writer = Writer::new();
    if let Some(expected) = expected {
        let layout = records::layout_named(expected)?;
        let record = body.cast::<Record>().map_err(|_| {
            let found = body
                .get_type()
                .name()
                .map_or_else(|_| String::new(), |name| name.to_string());
            PyTypeError::new_err(format!("the body must be a record of {expected}, not {found}"))
        })?;
        Record::write(record, &mut writer, Some(layout), names_type, true)?;
    } else if let Ok((action, parameters)) = body.extract::<(u16, Bound<'_, PyDict>)>() {
        write_parameters(&mut writer, action, &parameters)?;
    } else {
        values::write_any(&mut writer, body, 0)?;
    }
    Ok(Some(writer.into_bytes()))
}

fn callable(index: u16) -> PyResult<Callable<'static>> {
    records::layouts()?
        .descriptors()
        .callable_at(index)
        .map_err(errors::system)
}

fn write_parameters(writer: &mut Writer, action: u16, parameters: &Bound<'_, PyDict>) -> PyResult<()> {
    let described = callable(action)?;
    let unset = records::unset(parameters.py())?;
    writer.begin_object();
    for parameter in described.parameters() {
        let parameter = parameter.map_err(errors::system)?;
        let name = parameter.name().map_err(errors::system)?;
        let Some(value) = parameters.get_item(name)?.filter(|value| !value.is(unset)) else {
            continue;
        };
        let content = Content::of(parameter.shape().map_err(errors::system)?);
        let grammar = parameter
            .grammar()
            .map_err(errors::system)?
            .and_then(trunkline_core::codec::grammar_named);
        if value.is_none() && parameter.is_required() && !parameter.is_nullable() {
            return Err(PyTypeError::new_err(format!("{name} must not be None")));
        }
        writer.member(name);
        values::write_value(writer, &value, content, grammar, &|| name.to_owned())?;
    }
    writer.end_object();
    Ok(())
}

/// Options that every call has.
type Pairs = Vec<(String, String)>;

fn operation(method: &str, path: String, query: Pairs) -> PyResult<Operation> {
    let method = Method::from_bytes(method.as_bytes()).map_err(|_| PyValueError::new_err("no such HTTP method"))?;
    let mut operation = Operation::new(method, path);
    for (name, value) in query {
        operation.set_query(name, value);
    }
    Ok(operation)
}

/// The value of an answer whose body is text.
fn finish(result: Expected, response: Response<RawBody>, operation: &Operation) -> trunkline::Result<Finish> {
    let (raw, meta) = response.into_parts();
    let layout = match result {
        Expected::Record(layout) => layout,
        Expected::Perhaps(layout) if !raw.as_str().trim().is_empty() => layout,
        Expected::Value(content) => {
            let place = raw.read_as(&meta, operation, |text| values::read_answer(text, content))?;
            let text: Arc<str> = raw.into_string().into();
            return Ok(Box::new(move |py| {
                let value = values::answer_value(py, &text, place, content)?.unbind();
                Answer::made(py, value, meta)
            }));
        }
        Expected::Json if !raw.as_str().trim().is_empty() => {
            raw.read_as(&meta, operation, |text| {
                let mut reader = Reader::new(text);
                reader.raw()?;
                reader.finish()
            })?;
            let text = raw.into_string();
            return Ok(Box::new(move |py| {
                Answer::made(py, values::loads(py, &text)?.unbind(), meta)
            }));
        }
        _ => return Ok(Box::new(move |py| Answer::made(py, py.None(), meta))),
    };
    let outline = raw.read_as(&meta, operation, |text| layout.read(text))?;
    let text: Arc<str> = raw.into_string().into();
    let bare = matches!(result, Expected::Record(_));
    Ok(Box::new(move |py| {
        let kept = Meta::new(py, meta.clone())?;
        let record = records::record(py, &text, outline, Some(kept))?.unbind();
        if bare {
            Ok(record)
        } else {
            Answer::made(py, record, meta)
        }
    }))
}

#[pymethods]
impl NativeClient {
    #[new]
    #[pyo3(signature = (*, cloud=None, tenant=None, endpoint=None, root=None, authority=None, allow_endpoint=false,
        version=None, scopes=None, credential=None, timeout=None, connect_timeout=None, proxy=true,
        certificate_authorities=None, user_agent=None, retry=None, unknown_enum_members=true, test_time=false))]
    #[allow(clippy::too_many_arguments, reason = "they are Python's keyword arguments")]
    fn new(
        py: Python<'_>,
        cloud: Option<&str>,
        tenant: Option<&str>,
        endpoint: Option<&str>,
        root: Option<&str>,
        authority: Option<&str>,
        allow_endpoint: bool,
        version: Option<&str>,
        scopes: Option<Vec<String>>,
        credential: Option<&Bound<'_, PyTuple>>,
        timeout: Option<f64>,
        connect_timeout: Option<f64>,
        proxy: bool,
        certificate_authorities: Option<Vec<u8>>,
        user_agent: Option<&str>,
        retry: Option<u32>,
        unknown_enum_members: bool,
        test_time: bool,
    ) -> PyResult<Self> {
        let mut builder = trunkline::Client::builder().unknown_enum_members(unknown_enum_members);
        if let Some(cloud) = cloud {
            builder = builder.cloud(cloud);
        }
        if let Some(tenant) = tenant {
            builder = builder.tenant(tenant);
        }
        if let Some(endpoint) = endpoint {
            builder = builder.endpoint(endpoint);
        }
        if let Some(root) = root {
            builder = builder.root(root);
        }
        if let Some(authority) = authority {
            builder = builder.authority(authority);
        }
        if allow_endpoint {
            builder = builder.allow_endpoint();
        }
        if let Some(version) = version {
            builder = builder.version(version);
        }
        if let Some(scopes) = scopes {
            builder = builder.scopes(scopes);
        }
        if let Some(description) = credential {
            builder = builder.credential(credential::credential(description)?);
        }
        if let Some(timeout) = timeout {
            builder = builder.timeout(duration("timeout", timeout)?);
        }
        if let Some(timeout) = connect_timeout {
            builder = builder.connect_timeout(duration("connect_timeout", timeout)?);
        }
        if !proxy {
            builder = builder.no_proxy();
        }
        if let Some(pem) = certificate_authorities {
            builder = builder.certificate_authorities(pem);
        }
        if let Some(product) = user_agent {
            builder = builder.user_agent(product);
        }
        if let Some(attempts) = retry {
            builder = builder.retry(RetryPolicy::default().with_attempts(attempts));
        }
        if test_time {
            builder = builder.clock(Arc::new(TestClock::default()));
        }
        let client = builder.build().map_err(|error| errors::raised(py, &error))?;
        Ok(Self {
            client,
            process: std::process::id(),
            closed: AtomicBool::new(false),
        })
    }

    /// No call works after this.
    fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
    }

    #[getter]
    fn closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    #[getter]
    fn cloud(&self) -> &'static str {
        self.client.core().cloud().name()
    }

    #[getter]
    fn base(&self) -> &str {
        self.client.core().base()
    }

    /// Sends one request.
    #[pyo3(signature = (bridge, method, path, result, *, body=None, expected=None, names_type=false, query=Vec::new(),
        headers=Vec::new(), timeout=None))]
    #[allow(clippy::too_many_arguments, reason = "they are Python's keyword arguments")]
    fn request(
        &self,
        py: Python<'_>,
        bridge: Option<&Bound<'_, Bridge>>,
        method: &str,
        path: String,
        result: &str,
        body: Option<&Bound<'_, PyAny>>,
        expected: Option<&str>,
        names_type: bool,
        query: Pairs,
        headers: Pairs,
        timeout: Option<f64>,
    ) -> PyResult<Py<PyAny>> {
        let client = self.usable(py)?;
        let result = Expected::read(result)?;
        let mut operation = operation(method, path, query)?;
        if let Some(body) = self::body(body, expected, names_type)? {
            operation = operation.body(body);
        }
        let timeout = timeout.map(|seconds| duration("timeout", seconds)).transpose()?;
        let work: Work = if let Expected::LongRunning(layout) = result {
            let request = prepared(
                client.core().request::<LongRunning<RawBody>>(operation),
                headers,
                timeout,
            );
            Box::pin(async move {
                let (running, meta) = request.send().await?.into_parts();
                let finish: Finish = Box::new(move |py| NativeLongRunning::made(py, running, layout, Some(meta)));
                Ok(finish)
            })
        } else {
            let request = prepared(client.core().request::<RawBody>(operation), headers, timeout);
            Box::pin(async move {
                let operation = request.operation().clone();
                finish(result, request.send().await?, &operation)
            })
        };
        carry_out(py, bridge, work)
    }

    /// What would be sent, as JSON text.
    #[pyo3(signature = (method, path, *, body=None, expected=None, names_type=false, query=Vec::new()))]
    #[allow(clippy::too_many_arguments, reason = "they are Python's keyword arguments")]
    fn preview(
        &self,
        py: Python<'_>,
        method: &str,
        path: String,
        body: Option<&Bound<'_, PyAny>>,
        expected: Option<&str>,
        names_type: bool,
        query: Pairs,
    ) -> PyResult<String> {
        let mut operation = operation(method, path, query)?;
        if let Some(body) = self::body(body, expected, names_type)? {
            operation = operation.body(body);
        }
        let preview = self.usable(py)?.core().preview(&operation);
        preview
            .map(|json| json.to_string())
            .map_err(|error| errors::raised(py, &error))
    }

    /// Begins a list of records.
    #[pyo3(signature = (path, item, *, query=Vec::new(), headers=Vec::new(), timeout=None))]
    fn pages(
        &self,
        py: Python<'_>,
        path: String,
        item: &str,
        query: Pairs,
        headers: Pairs,
        timeout: Option<f64>,
    ) -> PyResult<NativePages> {
        let mut list: ListRequest<Json> = self.usable(py)?.core().list(operation("GET", path, query)?, None);
        for (name, value) in headers {
            list = list.with_header(&name, &value);
        }
        if let Some(seconds) = timeout {
            list = list.with_timeout(duration("timeout", seconds)?);
        }
        NativePages::new(list, records::layout_named(item)?)
    }

    /// Goes on with a list.
    fn resume_pages(&self, py: Python<'_>, continuation: &str, item: &str) -> PyResult<NativePages> {
        let list = self.usable(py)?.core().resume_pages::<Json>(continuation);
        NativePages::new(
            list.map_err(|error| errors::raised(py, &error))?,
            records::layout_named(item)?,
        )
    }

    /// Takes up a long-running operation.
    fn resume(&self, py: Python<'_>, token: &str) -> PyResult<Py<PyAny>> {
        let running = self
            .usable(py)?
            .resume::<RawBody>(token)
            .map_err(|error| errors::raised(py, &error))?;
        let descriptors = records::layouts()?.descriptors();
        let started_by = running
            .started_by()
            .map(|id| descriptors.operation(id))
            .transpose()
            .map_err(errors::system)?;
        let state = match started_by.flatten() {
            Some(operation) => operation.long_running().map_err(errors::system)?,
            None => None,
        };
        let name = state
            .map(|state| state.state.qualified_name())
            .transpose()
            .map_err(errors::system)?;
        let Some(name) = name else {
            return Err(errors::misuse(
                py,
                "the token does not say what was started",
                "Use the token of an operation",
            ));
        };
        NativeLongRunning::made(py, running, records::layout_named(&name)?, None)
    }

    fn __repr__(&self) -> String {
        format!("Client(base={:?}, cloud={:?})", self.client.core().base(), self.cloud())
    }
}

fn prepared<T: trunkline_core::request::Answer>(
    request: Request<T>,
    headers: Pairs,
    timeout: Option<Duration>,
) -> Request<T> {
    let request = headers
        .iter()
        .fold(request, |request, (name, value)| request.with_header(name, value));
    match timeout {
        Some(timeout) => request.with_timeout(timeout),
        None => request,
    }
}

/// A path with a key put behind it.
#[pyfunction]
pub(crate) fn keyed(py: Python<'_>, path: &str, key: &str) -> PyResult<String> {
    let mut keyed = path.to_owned();
    path::push_key(&mut keyed, key).map_err(|error| errors::raised(py, &error))?;
    Ok(keyed)
}

/// A path with the call of a function put behind it.
#[pyfunction]
pub(crate) fn called(py: Python<'_>, path: &str, function: u16, arguments: &Bound<'_, PyDict>) -> PyResult<String> {
    let described = callable(function)?;
    let name = described.name().map_err(errors::system)?;
    let unset = records::unset(py)?;
    let mut literals = Vec::new();
    for parameter in described.parameters() {
        let parameter = parameter.map_err(errors::system)?;
        let wire = parameter.name().map_err(errors::system)?;
        let Some(value) = arguments.get_item(wire)?.filter(|value| !value.is(unset)) else {
            continue;
        };
        let shape = parameter.shape().map_err(errors::system)?;
        let mut writer = Writer::new();
        values::write_value(&mut writer, &value, Content::of(shape), None, &|| wire.to_owned())?;
        let json = String::from_utf8(writer.into_bytes()).map_err(errors::system)?;
        let quoted = !shape.collection && matches!(shape.item, Item::Primitive("String") | Item::Enum(_));
        let literal = match serde_json::from_str::<serde_json::Value>(&json) {
            Ok(serde_json::Value::String(text)) if quoted => Literal::from(text),
            Ok(serde_json::Value::String(text)) if !shape.collection => Literal::Bare(text.into()),
            _ => Literal::Bare(json.into()),
        };
        literals.push((wire, literal));
    }
    let mut called = path.to_owned();
    if literals.is_empty() {
        called.push('/');
        called.push_str(name);
    } else {
        path::push_call(&mut called, name, &literals).map_err(|error| errors::raised(py, &error))?;
    }
    Ok(called)
}

/// A list, page by page.
#[pyclass(frozen, name = "Pages", module = "trunkline._native")]
pub(crate) struct NativePages {
    cursor: Arc<Mutex<Cursor<OutlinedPage>>>,
    process: u32,
}

impl NativePages {
    fn new(list: ListRequest<Json>, layout: &'static Layout) -> PyResult<Self> {
        let cursor = list.cursor_with(move |text| OutlinedPage::read(text, layout));
        Ok(Self {
            cursor: Arc::new(Mutex::new(cursor)),
            process: std::process::id(),
        })
    }
}

#[pymethods]
impl NativePages {
    /// The next page, or `None` after the last. After an error the same page is asked for again.
    fn next(&self, py: Python<'_>, bridge: Option<&Bound<'_, Bridge>>) -> PyResult<Py<PyAny>> {
        if self.process != std::process::id() {
            return Err(errors::misuse(
                py,
                "the list was begun before this process was forked",
                "Begin it again",
            ));
        }
        let cursor = self.cursor.clone();
        let work: Work = Box::pin(async move {
            let mut cursor = cursor.lock().await;
            let response = cursor.next().await?;
            let continuation = cursor.continuation();
            let finish: Finish = match response {
                None => Box::new(|py| Ok(py.None())),
                Some(response) => {
                    let (page, meta) = response.into_parts();
                    Box::new(move |py| Page::made(py, page, continuation, meta))
                }
            };
            Ok(finish)
        });
        carry_out(py, bridge, work)
    }
}
