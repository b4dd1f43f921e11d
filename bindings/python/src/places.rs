//! Places in the graph: a client and a path, and the one call that everything handles offer comes down to.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use trunkline::dynamic::Expected;

use crate::calls::{self, Pairs, operation, with_body};
use crate::client::{NativeClient, Wanted};
use crate::errors;
use crate::running::{self, Face};
use crate::work::{self, Work};

/// Somewhere in the graph, for callers that block.
///
/// It holds whatever handles were given as their client: a batch gives them something that writes calls down.
#[pyclass(frozen, subclass, name = "Place", module = "trunkline._native")]
pub(crate) struct NativePlace {
    #[pyo3(get, name = "_client")]
    client: Py<PyAny>,
    #[pyo3(get, name = "_path")]
    path: Py<PyString>,
}

/// What a handle asks for.
struct Call<'c, 'py> {
    method: &'c str,
    path: &'c Bound<'py, PyString>,
    result: &'c str,
    headers: Option<&'c Bound<'py, PyAny>>,
    timeout: Option<f64>,
    retry: Option<&'c Bound<'py, PyAny>>,
    body: Option<&'c Bound<'py, PyAny>>,
    expected: Option<&'c str>,
    names_type: bool,
    query: Pairs,
}

/// A call that can be carried out, or was written down.
enum Asked {
    Work(Work),
    Written(Py<PyAny>),
}

impl NativePlace {
    fn asked(&self, py: Python<'_>, call: Call<'_, '_>, face: Face) -> PyResult<Asked> {
        let native = self.client.bind(py).getattr(intern!(py, "_native"))?;
        let Ok(client) = native.cast::<NativeClient>() else {
            let written = written(&native, call)?;
            return Ok(Asked::Written(written));
        };
        let result = Expected::read(call.result).map_err(|error| errors::raised(py, &error))?;
        let body = calls::body(call.body, call.expected, call.names_type)?;
        let operation = with_body(
            operation(call.method, call.path.to_cow()?.into_owned(), call.query)?,
            body,
        );
        let wanted = Wanted::read(calls::headers(call.headers)?, call.timeout, call.retry)?;
        client.get().work(py, operation, result, wanted, face).map(Asked::Work)
    }
}

/// Gives a call to what writes it down.
fn written(writer: &Bound<'_, PyAny>, call: Call<'_, '_>) -> PyResult<Py<PyAny>> {
    let py = writer.py();
    let options = PyDict::new(py);
    options.set_item("body", call.body)?;
    options.set_item("expected", call.expected)?;
    options.set_item("names_type", call.names_type)?;
    options.set_item("query", call.query)?;
    options.set_item("headers", calls::headers(call.headers)?)?;
    options.set_item("timeout", call.timeout)?;
    options.set_item("retry", call.retry)?;
    let written = writer.call_method("request", (call.method, call.path, call.result), Some(&options))?;
    let written = written.unbind();
    if call.result.starts_with('!') {
        running::blocking(py, written)
    } else {
        Ok(written)
    }
}

#[pymethods]
impl NativePlace {
    #[new]
    fn new(client: Py<PyAny>, path: Py<PyString>) -> Self {
        Self { client, path }
    }

    /// Sends one request and waits for its answer.
    #[pyo3(signature = (method, path, result, headers=None, timeout=None, retry=None, body=None, expected=None,
        names_type=false, query=Vec::new()))]
    #[allow(clippy::too_many_arguments, reason = "they are Python's arguments")]
    fn _request(
        &self,
        py: Python<'_>,
        method: &str,
        path: &Bound<'_, PyString>,
        result: &str,
        headers: Option<&Bound<'_, PyAny>>,
        timeout: Option<f64>,
        retry: Option<&Bound<'_, PyAny>>,
        body: Option<&Bound<'_, PyAny>>,
        expected: Option<&str>,
        names_type: bool,
        query: Pairs,
    ) -> PyResult<Py<PyAny>> {
        let call = Call {
            method,
            path,
            result,
            headers,
            timeout,
            retry,
            body,
            expected,
            names_type,
            query,
        };
        match self.asked(py, call, running::blocking)? {
            Asked::Work(work) => work::wait(py, work),
            Asked::Written(written) => Ok(written),
        }
    }
}

/// Somewhere in the graph, for callers that await.
#[pyclass(frozen, subclass, extends = NativePlace, name = "AsyncPlace", module = "trunkline._native")]
pub(crate) struct NativeAsyncPlace;

#[pymethods]
impl NativeAsyncPlace {
    #[new]
    fn new(client: Py<PyAny>, path: Py<PyString>) -> PyClassInitializer<Self> {
        PyClassInitializer::from(NativePlace { client, path }).add_subclass(Self)
    }

    /// Gives what sends one request once it is awaited.
    #[pyo3(signature = (method, path, result, headers=None, timeout=None, retry=None, body=None, expected=None,
        names_type=false, query=Vec::new()))]
    #[allow(clippy::too_many_arguments, reason = "they are Python's arguments")]
    fn _request(
        slf: &Bound<'_, Self>,
        method: &str,
        path: &Bound<'_, PyString>,
        result: &str,
        headers: Option<&Bound<'_, PyAny>>,
        timeout: Option<f64>,
        retry: Option<&Bound<'_, PyAny>>,
        body: Option<&Bound<'_, PyAny>>,
        expected: Option<&str>,
        names_type: bool,
        query: Pairs,
    ) -> PyResult<Py<PyAny>> {
        let call = Call {
            method,
            path,
            result,
            headers,
            timeout,
            retry,
            body,
            expected,
            names_type,
            query,
        };
        let (py, place) = (slf.py(), slf.as_super().get());
        match place.asked(py, call, running::awaited)? {
            Asked::Work(work) => work::awaited(py, &place.client, work),
            Asked::Written(written) => Ok(written),
        }
    }
}
