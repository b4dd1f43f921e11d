//! The transport of a test: requests are answered by a function of Python's.

use std::sync::{Arc, Mutex, PoisonError};

use pyo3::exceptions::{PyConnectionError, PyConnectionRefusedError, PyTimeoutError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use tokio::sync::oneshot;
use trunkline::{HttpRequest, HttpResponse, Transport, TransportError};
use trunkline_binding::transport::{self, FunctionFault, FunctionRequest};
use trunkline_core::clock::BoxFuture;

use crate::bridge::LatestLoop;
use crate::errors::OwnException;
use crate::exit;
use crate::work::loop_of_task;

/// Asks `begin(method, url, headers, body, loops, reply)`, which has the function run on the loop of the call or on a thread of
/// Python's own, where no frame of Rust is below it.
pub(crate) struct FunctionTransport {
    begin: Py<PyAny>,
    latest: Arc<LatestLoop>,
}

impl FunctionTransport {
    pub(crate) fn new(begin: Py<PyAny>, latest: Arc<LatestLoop>) -> Self {
        Self { begin, latest }
    }

    /// Has the function called; what it answers comes later.
    fn ask(&self, request: &FunctionRequest) -> Result<oneshot::Receiver<Answer>, TransportError> {
        let event_loop = loop_of_task();
        let (sender, answer) = oneshot::channel();
        let begun = exit::attached(|py| {
            let own = event_loop.map(|queue| queue.event_loop(py));
            let loops: Vec<_> = own.into_iter().chain(self.latest.get(py)).collect();
            let begun = Py::new(py, NativeTransportReply(Mutex::new(Some(sender)))).and_then(|reply| {
                let FunctionRequest {
                    method,
                    url,
                    headers,
                    body,
                    ..
                } = request;
                let body = PyBytes::new(py, body);
                let arguments = (method.as_str(), url.as_str(), headers.clone(), body, loops, reply);
                self.begin.call1(py, arguments)
            });
            begun.map(drop).map_err(|raised| failed(py, raised))
        });
        begun.unwrap_or_else(|| Err(transport::ended()))?;
        Ok(answer)
    }
}

impl Transport for FunctionTransport {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Answer> {
        let request = FunctionRequest::new(&request);
        Box::pin(async move {
            let answer = async { self.ask(&request)?.await.unwrap_or_else(|_| Err(transport::ended())) };
            request.receive(answer).await
        })
    }
}

/// The end of a request.
type Answer = Result<HttpResponse, TransportError>;

/// Takes the answer of the function, once.
#[pyclass(frozen, name = "TransportReply", module = "trunkline._native")]
pub(crate) struct NativeTransportReply(Mutex<Option<oneshot::Sender<Answer>>>);

#[pymethods]
impl NativeTransportReply {
    /// The response of the function.
    fn response(&self, status: i64, headers: Vec<(String, String)>, body: Vec<u8>) {
        self.send(transport::response(
            u16::try_from(status).unwrap_or_default(),
            headers,
            body,
        ));
    }

    /// The exception that was raised instead.
    fn raised(&self, py: Python<'_>, raised: Bound<'_, PyAny>) {
        self.send(Err(failed(py, PyErr::from_value(raised))));
    }
}

impl NativeTransportReply {
    fn send(&self, answer: Answer) {
        let sender = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(sender) = sender {
            // Whoever asked may have given up.
            let _ = sender.send(answer);
        }
    }
}

/// The error of a function that raised: exceptions of connections are faults of the network, others are the program's.
fn failed(py: Python<'_>, raised: PyErr) -> TransportError {
    let fault = if raised.is_instance_of::<PyConnectionRefusedError>(py) {
        FunctionFault::Refused
    } else if raised.is_instance_of::<PyConnectionError>(py) {
        FunctionFault::Lost
    } else if raised.is_instance_of::<PyTimeoutError>(py) {
        FunctionFault::TimedOut
    } else {
        FunctionFault::Own
    };
    let name = raised
        .get_type(py)
        .name()
        .map_or_else(|_| "an exception".to_owned(), |name| name.to_string());
    let error = fault.error(&name);
    if fault == FunctionFault::Own {
        error.with_source(OwnException(raised))
    } else {
        error.with_source(raised)
    }
}
