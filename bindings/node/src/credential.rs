//! Credentials: those of the core, and whatever the program offers.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use trunkline::credential::ClientCertificate;
use trunkline::{AccessToken, Credential, DeviceCodePrompt, Error, ErrorKind, OwnedTokenRequest, Result, Timestamp};
use trunkline_core::clock::BoxFuture;

use crate::events::{Cause, Event, JsonText, Payload, Reply};
use crate::function::Function;
use crate::work::Queue;

/// A credential as `credential.ts` describes it.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Described {
    Token {
        token: String,
    },
    Secret {
        tenant: String,
        client: String,
        secret: String,
    },
    Certificate {
        tenant: String,
        client: String,
        pem: String,
    },
    ManagedIdentity {
        client: Option<String>,
    },
    WorkloadIdentity,
    DeveloperTools,
    Environment,
    DeviceCode {
        tenant: String,
        client: String,
        prompt: u32,
    },
    Source {
        source: u32,
    },
}

impl Described {
    pub(crate) fn credential(self, queue: &Arc<Queue>) -> Result<Credential> {
        Ok(match self {
            Self::Token { token } => Credential::token(token),
            Self::Secret { tenant, client, secret } => Credential::client_secret(tenant, client, secret),
            Self::Certificate { tenant, client, pem } => {
                Credential::client_certificate(tenant, client, ClientCertificate::from_pem(pem))
            }
            Self::ManagedIdentity { client } => Credential::managed_identity(client.as_deref()),
            Self::WorkloadIdentity => Credential::workload_identity(),
            Self::DeveloperTools => Credential::developer_tools(),
            Self::Environment => Credential::from_environment()?,
            Self::DeviceCode { tenant, client, prompt } => {
                let prompt = Arc::new(Function::new(prompt, queue));
                Credential::device_code(tenant, client, move |shown| show(prompt.clone(), shown))
            }
            Self::Source { source } => self::source(Function::new(source, queue)),
        })
    }
}

fn ended() -> Error {
    Error::new(ErrorKind::Cancelled, "the program ended while its credential was asked")
}

/// Asks the program for tokens.
fn source(function: Function) -> Credential {
    let function = Arc::new(function);
    Credential::callback(move |request: OwnedTokenRequest| {
        let function = function.clone();
        async move {
            let question = |id| {
                let mut payload =
                    json!({ "credential": function.number, "scopes": request.scopes, "fresh": request.fresh });
                if let Some(claims) = &request.claims {
                    payload["claims"] = claims.as_str().into();
                }
                if let Some(tenant) = &request.tenant {
                    payload["tenant"] = tenant.as_str().into();
                }
                Event {
                    id,
                    payload: Payload::Token(JsonText::new(payload.to_string())),
                    metadata: None,
                }
            };
            token(function.queue.ask(question).await.ok_or_else(ended)?)
        }
    })
}

/// Shows a user how to sign in. The sign-in goes on once the program's function has ended.
fn show(prompt: Arc<Function>, shown: &DeviceCodePrompt) -> BoxFuture<'static, Result<()>> {
    let payload = json!({
        "userCode": shown.user_code,
        "verificationAddress": shown.verification_address,
        "message": shown.message,
        "expiresOn": shown.expires_on.to_string(),
    });
    Box::pin(async move {
        let question = |asked: u32| Event {
            id: prompt.number,
            payload: Payload::Prompt(JsonText::new(payload.to_string())),
            metadata: Some(JsonText::new(asked.to_string())),
        };
        match prompt.queue.ask(question).await.ok_or_else(ended)? {
            Reply::Failed { asked, reason } => Err(Error::new(
                ErrorKind::Authentication,
                format!("the prompt of the device code failed with {reason}"),
            )
            .with_next_step("See the cause of this error")
            .with_source(Cause(asked))),
            _ => Ok(()),
        }
    })
}

fn token(given: Reply) -> Result<AccessToken> {
    let wrong = |message: String| Error::new(ErrorKind::Authentication, message);
    match given {
        Reply::Token { token, expires: None } => Ok(AccessToken::new(token, Timestamp::MAX)),
        Reply::Token {
            token,
            expires: Some(milliseconds),
        } => {
            let end = Duration::try_from_secs_f64(milliseconds / 1000.0).ok();
            let end = end.and_then(|end| Timestamp::UNIX_EPOCH.checked_add(end).ok());
            let end = end.ok_or_else(|| {
                wrong("the credential's token ends at a time that there is not".to_owned())
                    .with_next_step("expiresOnTimestamp must be milliseconds since 1970")
            })?;
            Ok(AccessToken::new(token, end))
        }
        // Its text may hold anything; it is kept as the cause, where the developer sees it.
        Reply::Failed { asked, reason } => Err(wrong(format!("the credential failed with {reason}"))
            .with_next_step("See the cause of this error; sign in again, or check the credential")
            .with_source(Cause(asked))),
        Reply::GoOn | Reply::Response { .. } | Reply::Fault { .. } => {
            Err(wrong("the credential gave no token".to_owned()))
        }
    }
}
