//! The client: one generic call and lists, for callers that block or await.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use trunkline::dynamic::{self, Expected};
use trunkline::{Country, GroupThrottle, ListRequest, LongRunning, Operation, RawBody};
use trunkline_binding::generated;
use trunkline_core::codec::Json;

use crate::bridge::LatestLoop;
use crate::calls::{self, CallOptions, Pairs, finish, operation, prepared, with_body};
use crate::forks::{Process, look_at_descriptors};
use crate::lists::NativePages;
use crate::observer::observe;
use crate::running::NativeLongRunning;
use crate::transport::FunctionTransport;
use crate::work::{Caller, Finish, Work};
use crate::{arguments, credential, errors, exit, records};

/// A client of the core.
#[pyclass(frozen, subclass, weakref, name = "Client", module = "trunkline._native")]
pub(crate) struct NativeClient {
    /// Nothing once it has been closed. Its connections close when whatever is under way has let go of it as well.
    client: Mutex<Option<trunkline::Client>>,
    cloud: &'static str,
    base: String,
    country: Option<Country>,
    caller: Caller,
    process: Process,
}

impl NativeClient {
    /// The client, if it can be used.
    pub(crate) fn usable(&self, py: Python<'_>) -> PyResult<trunkline::Client> {
        let client = self.held().clone();
        let client = client.ok_or_else(|| errors::misuse(py, "the client has been closed", "Make another client"))?;
        look_at_descriptors();
        self.process
            .check(py, "the client was made", "Make another client in this process")?;
        Ok(client)
    }

    fn held(&self) -> MutexGuard<'_, Option<trunkline::Client>> {
        self.client.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for NativeClient {
    fn drop(&mut self) {
        look_at_descriptors();
        if !self.process.is_this() {
            leave(self.held().take());
        }
    }
}

/// Lets go of what belongs to another process, or whose descriptors somebody closed. To end its connections would wake what
/// waits for them, by a descriptor that may be anything by now.
fn leave(client: Option<trunkline::Client>) {
    std::mem::forget(client);
}

impl NativeClient {
    /// The country of numbers that are written without a plus.
    pub(crate) fn default_country(&self) -> Option<Country> {
        self.country
    }

    /// How its callers wait.
    pub(crate) fn caller(&self) -> Caller {
        self.caller.clone()
    }

    /// Sends one request.
    pub(crate) fn execute(
        &self,
        py: Python<'_>,
        operation: Operation,
        expected: Expected,
        options: CallOptions,
    ) -> PyResult<Py<PyAny>> {
        let client = self.usable(py)?;
        let core = client.core();
        if let Expected::LongRunning(layout) = expected {
            let request = prepared(core.request::<LongRunning<RawBody>>(operation), options);
            let caller = self.caller();
            let work: Work = Box::pin(async move {
                let (running, meta) = request.send().await?.into_parts();
                let finish: Finish =
                    Box::new(move |py| NativeLongRunning::new_object(py, running, layout, Some(meta), caller));
                Ok(finish)
            });
            return self.caller.execute(py, work);
        }
        let request = prepared(core.request::<RawBody>(operation), options);
        let work: Work = Box::pin(async move {
            let response = request.answered().await?;
            finish(expected, response, request.operation())
        });
        self.caller.execute(py, work)
    }

    /// A list, page by page.
    fn pages_of(&self, list: ListRequest<Json>, item: &str) -> PyResult<NativePages> {
        Ok(NativePages::new(list, records::layout_named(item)?, self.caller()))
    }
}

/// How fast a group of operations may be sent: group, per second now and at best, paused until, waiting, sent, throttled.
type Throttled = (
    Option<&'static str>,
    Option<f64>,
    Option<f64>,
    Option<String>,
    u64,
    u64,
    u64,
);

#[pymethods]
impl NativeClient {
    #[new]
    #[pyo3(signature = (options, credential, awaits, observer, transport=None))]
    fn new(
        py: Python<'_>,
        options: &Bound<'_, PyDict>,
        credential: Option<&Bound<'_, PyTuple>>,
        awaits: bool,
        observer: Option<(Py<PyAny>, Vec<String>)>,
        transport: Option<Py<PyAny>>,
    ) -> PyResult<Self> {
        // Python's HTTP libraries obey these variables, in this order.
        let variables = ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"];
        let builder = variables.into_iter().fold(
            trunkline::Client::builder(),
            trunkline::ClientBuilder::certificate_authorities_of,
        );
        let mut builder = arguments::arguments(options).and_then(|arguments| {
            generated::client_options(arguments, builder).map_err(|error| errors::argument(py, error))
        })?;
        let is_observed = observer.is_some();
        let latest = Arc::new(LatestLoop::default());
        if let Some(description) = credential {
            builder = builder.credential(credential::credential(description, &latest)?);
        }
        if let Some((function, kinds)) = observer {
            builder = observe(builder, function, kinds);
        }
        if let Some(begin) = transport {
            builder = builder.transport(Arc::new(FunctionTransport::new(begin, latest.clone())));
        }
        look_at_descriptors();
        let client = builder.build().map_err(|error| errors::raised(py, &error))?;
        Ok(Self {
            cloud: client.core().cloud().name(),
            base: client.core().base().to_owned(),
            country: client.country(),
            client: Mutex::new(Some(client)),
            caller: Caller::new(awaits.then_some(latest), is_observed),
            process: Process::this(),
        })
    }

    /// No call works after this. What is under way comes to its end; connections that are idle close at once, those that
    /// calls of other threads made close when these threads next make a call, or end.
    fn close(&self, py: Python<'_>) {
        let Some(client) = self.held().take() else { return };
        look_at_descriptors();
        if !self.process.is_this() {
            return leave(Some(client));
        }
        exit::detached(py, move || {
            client.close();
            drop(client);
        });
    }

    #[getter]
    fn closed(&self) -> bool {
        self.held().is_none()
    }

    #[getter]
    fn country(&self) -> Option<&'static str> {
        self.country.map(Country::letters)
    }

    #[getter]
    fn cloud(&self) -> &'static str {
        self.cloud
    }

    #[getter]
    fn base(&self) -> &str {
        &self.base
    }

    /// How fast it may send at present, by group of operations.
    fn throttle(&self) -> Vec<Throttled> {
        let throttle = self.held().as_ref().map(trunkline::Client::throttle);
        let groups = throttle.into_iter().flat_map(|throttle| throttle.groups);
        let parts = groups.map(|group| {
            let until = group.paused_until.map(|moment| moment.to_string());
            let GroupThrottle {
                group,
                per_second,
                limit_per_second,
                waiting,
                sent,
                throttled,
                ..
            } = group;
            (group, per_second, limit_per_second, until, waiting, sent, throttled)
        });
        parts.collect()
    }

    /// Sends one request whose answer is JSON.
    #[pyo3(signature = (method, path, *, body=None, query=Vec::new(), headers=None, timeout=None, retry=None))]
    #[allow(clippy::too_many_arguments, reason = "they are Python's keyword arguments")]
    fn request(
        &self,
        py: Python<'_>,
        method: &str,
        path: String,
        body: Option<&Bound<'_, PyAny>>,
        query: Pairs,
        headers: Option<&Bound<'_, PyAny>>,
        timeout: Option<f64>,
        retry: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Py<PyAny>> {
        let operation = with_body(operation(method, path, query)?, calls::body(body, None, false)?);
        let options = CallOptions::read(calls::headers(headers)?, timeout, retry)?;
        self.execute(py, operation, Expected::Json, options)
    }

    /// The request, as JSON text.
    #[pyo3(signature = (method, path, *, body=None, query=Vec::new()))]
    fn preview(
        &self,
        py: Python<'_>,
        method: &str,
        path: String,
        body: Option<&Bound<'_, PyAny>>,
        query: Pairs,
    ) -> PyResult<String> {
        let operation = with_body(operation(method, path, query)?, calls::body(body, None, false)?);
        let preview = self.usable(py)?.core().preview(&operation);
        preview
            .map(|json| json.to_string())
            .map_err(|error| errors::raised(py, &error))
    }

    /// Begins a list of records.
    #[pyo3(signature = (path, item, query, headers, timeout, retry))]
    #[allow(clippy::too_many_arguments, reason = "they are Python's arguments")]
    fn pages(
        &self,
        py: Python<'_>,
        path: String,
        item: &str,
        query: Pairs,
        headers: Option<&Bound<'_, PyAny>>,
        timeout: Option<f64>,
        retry: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<NativePages> {
        let CallOptions {
            headers,
            timeout,
            retry,
        } = CallOptions::read(calls::headers(headers)?, timeout, retry)?;
        let mut list: ListRequest<Json> = self.usable(py)?.core().list(operation("GET", path, query)?, None);
        for (name, value) in headers {
            list = list.with_header(&name, &value);
        }
        if let Some(timeout) = timeout {
            list = list.with_timeout(timeout);
        }
        if let Some(policy) = retry {
            list = list.with_retry(policy);
        }
        self.pages_of(list, item)
    }

    /// Goes on with a list.
    fn resume_list(&self, py: Python<'_>, continuation: &str, item: &str) -> PyResult<NativePages> {
        let list = self.usable(py)?.core().resume_list::<Json>(continuation);
        self.pages_of(list.map_err(|error| errors::raised(py, &error))?, item)
    }

    /// Follows a long-running operation.
    fn follow(&self, py: Python<'_>, token: &str) -> PyResult<Py<PyAny>> {
        let running = self
            .usable(py)?
            .follow::<RawBody>(token)
            .map_err(|error| errors::raised(py, &error))?;
        let layout = dynamic::state_of(running.started_by()).map_err(|error| errors::raised(py, &error))?;
        NativeLongRunning::new_object(py, running, layout, None, self.caller())
    }

    fn __repr__(&self) -> String {
        format!("Client(base={:?}, cloud={:?})", self.base, self.cloud)
    }
}
