//! Places in the graph: a client and a path, and the one call that everything handles offer comes down to.

use std::cell::Cell;

use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString, PyType};
use trunkline::dynamic::Expected;
use trunkline_core::path;

use crate::calls::{self, Pairs, operation, with_body};
use crate::client::{NativeClient, Wanted};
use crate::instances::instance;
use crate::running::{self, Wrap};
use crate::work::{self, Work};
use crate::{errors, exit};

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

/// The call of a handle.
struct Call<'c, 'py> {
    method: &'c str,
    segment: &'c str,
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
enum CallResult {
    Work(Work),
    Written(Py<PyAny>),
}

impl NativePlace {
    /// The path below the version, encoded.
    pub(crate) fn path<'p>(&'p self, py: Python<'p>) -> PyResult<&'p str> {
        self.path.to_str(py)
    }

    fn prepare(&self, py: Python<'_>, call: Call<'_, '_>, wrap: Wrap) -> PyResult<CallResult> {
        let native = self.client.bind(py).getattr(intern!(py, "_native"))?;
        let path = [self.path(py)?, call.segment].concat();
        let Ok(client) = native.cast::<NativeClient>() else {
            let written = written(&native, &path, call)?;
            return Ok(CallResult::Written(written));
        };
        let result = Expected::read(call.result).map_err(|error| errors::raised(py, &error))?;
        let body = calls::body(call.body, call.expected, call.names_type)?;
        let operation = with_body(operation(call.method, path, call.query)?, body);
        let wanted = Wanted::read(calls::headers(call.headers)?, call.timeout, call.retry)?;
        client
            .get()
            .work(py, operation, result, wanted, wrap)
            .map(CallResult::Work)
    }
}

thread_local! {
    /// The contents of a new handle, while Python makes the object: handing it over as arguments costs a seventh of a step.
    static ARRIVING: Cell<Option<(Py<PyAny>, Py<PyString>)>> = const { Cell::new(None) };
}

/// A handle of a client's, at a path.
fn handle_at<'py>(
    handle: &Bound<'py, PyType>,
    client: &Py<PyAny>,
    path: Bound<'py, PyString>,
) -> PyResult<Bound<'py, PyAny>> {
    ARRIVING.set(Some((client.clone_ref(handle.py()), path.unbind())));
    let made = instance(handle);
    // A class that is no handle leaves it there.
    drop(ARRIVING.take());
    made
}

/// The class for callers that await, of one for callers that block.
fn twin<'py>(handle: &Bound<'py, PyType>) -> PyResult<Bound<'py, PyType>> {
    /// Those that were made, by those they were made of.
    static TWINS: PyOnceLock<Py<PyDict>> = PyOnceLock::new();
    let py = handle.py();
    let twins = TWINS.get_or_try_init(py, || {
        let twins = py.import("trunkline._twins")?.getattr("TWINS")?;
        PyResult::Ok(twins.cast_into::<PyDict>()?.unbind())
    })?;
    let twin = match twins.bind(py).get_item(handle)? {
        Some(twin) => twin,
        None => {
            let _crossing = exit::crossing(py);
            py.import("trunkline._twins")?.call_method1("twin", (handle,))?
        }
    };
    Ok(twin.cast_into::<PyType>()?)
}

/// Gives a call to what writes it down.
fn written(writer: &Bound<'_, PyAny>, path: &str, call: Call<'_, '_>) -> PyResult<Py<PyAny>> {
    let py = writer.py();
    let _crossing = exit::crossing(py);
    let options = PyDict::new(py);
    options.set_item("body", call.body)?;
    options.set_item("expected", call.expected)?;
    options.set_item("names_type", call.names_type)?;
    options.set_item("query", call.query)?;
    options.set_item("headers", calls::headers(call.headers)?)?;
    options.set_item("timeout", call.timeout)?;
    options.set_item("retry", call.retry)?;
    let written = writer.call_method("request", (call.method, path, call.result), Some(&options))?;
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
    #[pyo3(signature = (client=None, path=None), text_signature = "(client, path)")]
    fn new(client: Option<Py<PyAny>>, path: Option<Py<PyString>>) -> PyResult<Self> {
        let given = client.zip(path).or_else(|| ARRIVING.take());
        let (client, path) = given.ok_or_else(|| PyTypeError::new_err("a handle needs a client and a path"))?;
        Ok(Self { client, path })
    }

    /// A place one segment further, with the handle that it has.
    #[pyo3(name = "_step")]
    pub(crate) fn step<'py>(
        &self,
        handle: &Bound<'py, PyType>,
        segment: &Bound<'py, PyString>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let path = self.path.bind(handle.py()).add(segment)?.cast_into()?;
        handle_at(handle, &self.client, path)
    }

    /// The place of the one with a key, with the handle that it has.
    #[pyo3(name = "_entry")]
    fn entry<'py>(&self, handle: &Bound<'py, PyType>, key: &str) -> PyResult<Bound<'py, PyAny>> {
        let py = handle.py();
        let here = self.path(py)?;
        let mut path = String::with_capacity(here.len() + key.len() + 16);
        path.push_str(here);
        path::push_key(&mut path, key).map_err(|error| errors::raised(py, &error))?;
        handle_at(handle, &self.client, PyString::new(py, &path))
    }

    /// Sends one request and waits for its answer.
    #[pyo3(signature = (method, segment, result, headers=None, timeout=None, retry=None, body=None, expected=None,
        names_type=false, query=Vec::new()))]
    #[allow(clippy::too_many_arguments, reason = "they are Python's arguments")]
    fn _request(
        &self,
        py: Python<'_>,
        method: &str,
        segment: &str,
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
            segment,
            result,
            headers,
            timeout,
            retry,
            body,
            expected,
            names_type,
            query,
        };
        match self.prepare(py, call, running::blocking)? {
            CallResult::Work(work) => work::wait(py, work),
            CallResult::Written(written) => Ok(written),
        }
    }
}

/// Somewhere in the graph, for callers that await.
#[pyclass(frozen, subclass, extends = NativePlace, name = "AsyncPlace", module = "trunkline._native")]
pub(crate) struct NativeAsyncPlace;

#[pymethods]
impl NativeAsyncPlace {
    #[new]
    #[pyo3(signature = (client=None, path=None), text_signature = "(client, path)")]
    fn new(client: Option<Py<PyAny>>, path: Option<Py<PyString>>) -> PyResult<PyClassInitializer<Self>> {
        Ok(PyClassInitializer::from(NativePlace::new(client, path)?).add_subclass(Self))
    }

    /// A place one segment further, with the twin of the handle that callers who block have there.
    fn _step<'py>(
        slf: &Bound<'py, Self>,
        handle: &Bound<'py, PyType>,
        segment: &Bound<'py, PyString>,
    ) -> PyResult<Bound<'py, PyAny>> {
        slf.as_super().get().step(&twin(handle)?, segment)
    }

    /// The place of the one with a key, with the twin of the handle that callers who block have there.
    fn _entry<'py>(slf: &Bound<'py, Self>, handle: &Bound<'py, PyType>, key: &str) -> PyResult<Bound<'py, PyAny>> {
        slf.as_super().get().entry(&twin(handle)?, key)
    }

    /// Gives what sends one request once it is awaited.
    #[pyo3(signature = (method, segment, result, headers=None, timeout=None, retry=None, body=None, expected=None,
        names_type=false, query=Vec::new()))]
    #[allow(clippy::too_many_arguments, reason = "they are Python's arguments")]
    fn _request(
        slf: &Bound<'_, Self>,
        method: &str,
        segment: &str,
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
            segment,
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
        match place.prepare(py, call, running::awaited)? {
            CallResult::Work(work) => work::awaited(py, &place.client, work),
            CallResult::Written(written) => Ok(written),
        }
    }
}
