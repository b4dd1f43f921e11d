//! Credentials: those of the core, and whatever Python offers.

use std::time::Duration;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use trunkline::credential::{ClientCertificate, DeviceCodePrompt};
use trunkline::{AccessToken, Credential, Error, ErrorKind, OwnedTokenRequest, Result, Timestamp};

/// A credential from its description, as `trunkline._credentials` writes it.
pub(crate) fn credential(description: &Bound<'_, PyTuple>) -> PyResult<Credential> {
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
        "environment" => Credential::from_environment().map_err(|error| crate::errors::raised(py, &error))?,
        "device_code" => Credential::device_code(text(1)?, text(2)?, prompt(description.get_item(3)?.unbind())),
        "source" => source(description.get_item(1)?.unbind()),
        _ => return Err(PyValueError::new_err("unknown kind of credential")),
    })
}

/// Shows a user what to type in where: `function(user_code, verification_address, message, expires_on)`.
fn prompt(function: Py<PyAny>) -> impl Fn(&DeviceCodePrompt) + Send + Sync + 'static {
    move |prompt| {
        Python::try_attach(|py| {
            let end = prompt.expires_on.to_string();
            let told = (&prompt.user_code, &prompt.verification_address, &prompt.message, end);
            if let Err(raised) = function.call1(py, told) {
                raised.write_unraisable(py, Some(function.bind(py)));
            }
        });
    }
}

/// Asks `function(scopes, claims, tenant, fresh)` for `(token, seconds)`, on a thread that may wait for Python.
fn source(function: Py<PyAny>) -> Credential {
    let function = std::sync::Arc::new(function);
    Credential::callback(move |request: OwnedTokenRequest| {
        let function = function.clone();
        async move {
            let asked = tokio::task::spawn_blocking(move || Python::try_attach(|py| ask(py, &function, request))).await;
            match asked {
                Ok(Some(answer)) => answer,
                _ => Err(Error::new(
                    ErrorKind::Cancelled,
                    "the interpreter ended while the credential was asked",
                )),
            }
        }
    })
}

fn ask(py: Python<'_>, function: &Py<PyAny>, request: OwnedTokenRequest) -> Result<AccessToken> {
    let answer = function
        .call1(py, (request.scopes, request.claims, request.tenant, request.fresh))
        .and_then(|answer| answer.extract::<(String, Option<f64>)>(py));
    let (secret, expires_on) = answer.map_err(|raised| {
        let name = raised
            .get_type(py)
            .name()
            .map_or_else(|_| "an exception".to_owned(), |name| name.to_string());
        // Its text may hold anything; it is kept as the cause, where Python shows it to the developer.
        Error::new(ErrorKind::Authentication, format!("the credential raised {name}"))
            .with_next_step("See the cause of this exception; sign in again, or check the credential")
            .with_source(raised)
    })?;
    let Some(seconds) = expires_on else {
        return Ok(AccessToken::new(secret, Timestamp::MAX));
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
    Ok(AccessToken::new(secret, end))
}
