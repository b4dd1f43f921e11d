//! The base of handles: a client and a path, and the one request that all their methods send.

use std::cell::Cell;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyType};
use trunkline_core::path;

use crate::batch::NativeBatch;
use crate::calls::{self, CallOptions, Pairs, operation, with_body};
use crate::client::NativeClient;
use crate::errors;
use crate::instances::instance;
use crate::records;

/// Somewhere in the graph: a client, or the batch that records the calls of its handles, and a path.
#[pyclass(frozen, subclass, name = "Handle", module = "trunkline._native")]
pub(crate) struct NativeHandle {
    #[pyo3(get, name = "_client")]
    client: Py<PyAny>,
    #[pyo3(get, name = "_path")]
    path: Py<PyString>,
}

impl NativeHandle {
    /// The path below the version, encoded.
    pub(crate) fn path<'p>(&'p self, py: Python<'p>) -> PyResult<&'p str> {
        self.path.to_str(py)
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
    let object = instance(handle);
    // A class that is no handle leaves it there.
    drop(ARRIVING.take());
    object
}

#[pymethods]
impl NativeHandle {
    #[new]
    #[pyo3(signature = (client=None, path=None), text_signature = "(client, path)")]
    fn new(client: Option<Py<PyAny>>, path: Option<Py<PyString>>) -> PyResult<Self> {
        let contents = client.zip(path).or_else(|| ARRIVING.take());
        let (client, path) = contents.ok_or_else(|| PyTypeError::new_err("a handle needs a client and a path"))?;
        Ok(Self { client, path })
    }

    /// A handle of another class, one segment further.
    #[pyo3(name = "_step")]
    pub(crate) fn step<'py>(
        &self,
        handle: &Bound<'py, PyType>,
        segment: &Bound<'py, PyString>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let path = self.path.bind(handle.py()).add(segment)?.cast_into()?;
        handle_at(handle, &self.client, path)
    }

    /// A handle of another class, of the item with a key.
    fn _entry<'py>(&self, handle: &Bound<'py, PyType>, key: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = handle.py();
        let key = records::key(key, handle)?;
        let key: &str = key.extract()?;
        let here = self.path(py)?;
        let mut path = String::with_capacity(here.len() + key.len() + 16);
        path.push_str(here);
        path::push_key(&mut path, key).map_err(|error| errors::raised(py, &error))?;
        handle_at(handle, &self.client, PyString::new(py, &path))
    }

    /// Sends one request: returns its answer, or something to await when the client is for callers that await. A batch
    /// records the call instead.
    #[pyo3(signature = (method, segment, expected, headers=None, timeout=None, retry=None, body=None, body_type=None,
        names_type=false, query=Vec::new()))]
    #[allow(clippy::too_many_arguments, reason = "they are Python's arguments")]
    fn _request(
        &self,
        py: Python<'_>,
        method: &str,
        segment: &str,
        expected: u16,
        headers: Option<&Bound<'_, PyAny>>,
        timeout: Option<f64>,
        retry: Option<&Bound<'_, PyAny>>,
        body: Option<&Bound<'_, PyAny>>,
        body_type: Option<&str>,
        names_type: bool,
        query: Pairs,
    ) -> PyResult<Py<PyAny>> {
        let expected = calls::expected(py, expected)?;
        let body = calls::body(body, body_type, names_type)?;
        let operation = with_body(operation(method, [self.path(py)?, segment].concat(), query)?, body);
        let options = CallOptions::read(calls::headers(headers)?, timeout, retry)?;
        let target = self.client.bind(py);
        if let Ok(batch) = target.cast::<NativeBatch>() {
            return batch.get().record(py, operation, expected, options);
        }
        target
            .cast::<NativeClient>()?
            .get()
            .execute(py, operation, expected, options)
    }
}
