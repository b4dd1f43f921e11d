//! Credentials: those of the core, and whatever Python offers.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use tokio::sync::oneshot;
use trunkline::credential::{ClientCertificate, DeviceCodePrompt};
use trunkline::{AccessToken, Credential, Error, ErrorKind, OwnedTokenRequest, Result, Timestamp};
use trunkline_core::clock::BoxFuture;

use crate::bridge::LatestLoop;
use crate::work::loop_of_task;
use crate::{errors, exit};

/// A credential from its description, as `trunkline._credentials` writes it.
/// `latest`: the event loop of the client's latest call.
pub(crate) fn credential(description: &Bound<'_, PyTuple>, latest: &Arc<LatestLoop>) -> PyResult<Credential> {
    let py = description.py();
    let kind: String = description.get_item(0)?.extract()?;
    let text = |index: usize| -> PyResult<String> { description.get_item(index)?.extract() };
    Ok(match kind.as_str() {
        "token" => Credential::token(text(1)?),
        "secret" => Credential::client_secret(text(1)?, text(2)?, text(3)?),
        "certificate" => Credential::client_certificate(text(1)?, text(2)?, ClientCertificate::from_pem(text(3)?)),
        "managed_identity" => {
            Credential::managed_identity(description.get_item(1)?.extract::<Option<String>>()?.as_deref())
        }
        "workload_identity" => Credential::workload_identity(),
        "developer_tools" => Credential::developer_tools(),
        "environment" => Credential::from_environment().map_err(|error| errors::raised(py, &error))?,
        "device_code" => {
            let prompt = prompt(description.get_item(3)?.unbind(), latest.clone());
            Credential::device_code(text(1)?, text(2)?, prompt)
        }
        "source" => source(description.get_item(1)?.unbind(), latest.clone()),
        _ => return Err(PyValueError::new_err("unknown kind of credential")),
    })
}

/// Shows a user what to type in where: `function(user_code, verification_address, message, expires_on, loops, reply)`.
fn prompt(
    function: Py<PyAny>,
    latest: Arc<LatestLoop>,
) -> impl Fn(&DeviceCodePrompt) -> BoxFuture<'static, Result<()>> + Send + Sync + 'static {
    let function = Arc::new(function);
    move |prompt| {
        let (function, latest, prompt) = (function.clone(), latest.clone(), prompt.clone());
        Box::pin(async move {
            let answer = ask(&latest, |py, loops, reply| {
                let DeviceCodePrompt {
                    user_code,
                    verification_address,
                    message,
                    expires_on,
                    ..
                } = prompt;
                let end = expires_on.to_string();
                let arguments = (user_code, verification_address, message, end, loops, reply);
                function.call1(py, arguments).map(drop)
            });
            answer.await.map(drop)
        })
    }
}

/// Asks `function(scopes, claims, tenant, fresh, loops, reply)` for a token.
fn source(function: Py<PyAny>, latest: Arc<LatestLoop>) -> Credential {
    let function = Arc::new(function);
    Credential::callback(move |request: OwnedTokenRequest| {
        let (function, latest) = (function.clone(), latest.clone());
        async move {
            let answer = ask(&latest, |py, loops, reply| {
                let OwnedTokenRequest {
                    scopes,
                    claims,
                    tenant,
                    fresh,
                } = request;
                let arguments = (scopes, claims, tenant, fresh, loops, reply);
                function.call1(py, arguments).map(drop)
            });
            answer.await?.ok_or_else(|| {
                Error::new(ErrorKind::Authentication, "the credential gave no token")
                    .with_next_step("Give a credential that gives tokens")
            })
        }
    })
}

/// The result of the user's code: a token, or nothing because none was requested.
type Answer = Result<Option<AccessToken>>;

/// Has the user's code run on a thread of Python's own, which calls a reply at its end. `begin` begins the thread; it gets
/// weak references to the loops it may await on: that of the call, and that of the client's latest call. That thread may take as long as it likes, and has no frame of Rust
/// on its stack: Python ends it with the interpreter, wherever it is.
async fn ask(
    latest: &LatestLoop,
    begin: impl for<'py> FnOnce(Python<'py>, Vec<Py<PyAny>>, Py<NativeReply>) -> PyResult<()>,
) -> Answer {
    let event_loop = loop_of_task();
    let (sender, answer) = oneshot::channel();
    let begun = exit::attached(|py| {
        let own = event_loop.map(|queue| queue.event_loop(py));
        let loops = own.into_iter().chain(latest.get(py)).collect();
        let reply = Py::new(py, NativeReply(Mutex::new(Some(sender))));
        let begun = reply.and_then(|reply| begin(py, loops, reply));
        begun.map_err(|raised| failed(py, raised))
    });
    match begun {
        Some(Ok(())) => answer.await.unwrap_or_else(|_| Err(ended())),
        Some(Err(error)) => Err(error),
        None => Err(ended()),
    }
}

fn ended() -> Error {
    Error::new(
        ErrorKind::Cancelled,
        "the interpreter ended while the credential was asked",
    )
}

/// Takes the answer of a credential, once.
#[pyclass(frozen, name = "Reply", module = "trunkline._native")]
pub(crate) struct NativeReply(Mutex<Option<oneshot::Sender<Answer>>>);

#[pymethods]
impl NativeReply {
    /// A token and when it ends, in seconds since 1970.
    fn token(&self, token: String, expires_on: Option<f64>) {
        self.send(read(token, expires_on).map(Some));
    }

    /// It is done, and there is nothing to give.
    fn done(&self) {
        self.send(Ok(None));
    }

    /// The exception that was raised instead.
    fn raised(&self, py: Python<'_>, raised: Bound<'_, PyAny>) {
        self.send(Err(failed(py, PyErr::from_value(raised))));
    }
}

impl NativeReply {
    fn send(&self, answer: Answer) {
        let sender = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        // Whoever asked may have given up.
        drop(sender.map(|sender| sender.send(answer)));
    }
}

/// The error of a credential that raised. What is no `Exception` passes through the call as it is.
fn failed(py: Python<'_>, raised: PyErr) -> Error {
    if errors::passes(py, &raised) {
        return Error::new(ErrorKind::Cancelled, "the credential was interrupted").with_source(raised);
    }
    let name = raised
        .get_type(py)
        .name()
        .map_or_else(|_| "an exception".to_owned(), |name| name.to_string());
    // Its text may hold anything; it is kept as the cause, where Python shows it to the developer.
    Error::new(ErrorKind::Authentication, format!("the credential raised {name}"))
        .with_next_step("See the cause of this exception; sign in again, or check the credential")
        .with_source(raised)
}

fn read(token: String, expires_on: Option<f64>) -> Result<AccessToken> {
    let Some(seconds) = expires_on else {
        return Ok(AccessToken::new(token, Timestamp::MAX));
    };
    let end = Duration::try_from_secs_f64(seconds)
        .ok()
        .and_then(|end| Timestamp::UNIX_EPOCH.checked_add(end).ok());
    let end = end.ok_or_else(|| {
        Error::new(
            ErrorKind::Authentication,
            "the credential's token ends at a time that there is not",
        )
        .with_next_step("expires_on must be seconds since 1970")
    })?;
    Ok(AccessToken::new(token, end))
}
