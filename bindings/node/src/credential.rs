//! Credentials: those of the core, and whatever the program offers.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use trunkline::credential::ClientCertificate;
use trunkline::{AccessToken, Credential, Error, ErrorKind, OwnedTokenRequest, Result, Timestamp};

use crate::events::{Event, JsonText, Told};
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
                let queue = queue.clone();
                Credential::device_code(tenant, client, move |shown| {
                    let told = json!({
                        "userCode": shown.user_code,
                        "verificationAddress": shown.verification_address,
                        "message": shown.message,
                        "expiresOn": shown.expires_on.to_string(),
                    });
                    queue.tell(Event {
                        id: prompt,
                        told: Told::Prompt(JsonText::new(told.to_string())),
                        beside: None,
                    });
                })
            }
            Self::Source { source } => self::source(source, queue.clone()),
        })
    }
}

/// What the program gives when it is asked for a token.
pub(crate) enum Given {
    Token { token: String, expires: Option<f64> },
    Nothing { asked: u32, reason: String },
}

/// The number under which the program keeps what its credential threw.
#[derive(Debug)]
pub(crate) struct Cause(pub(crate) u32);

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("what the credential threw")
    }
}

impl std::error::Error for Cause {}

/// Asks the program.
fn source(source: u32, queue: Arc<Queue>) -> Credential {
    Credential::callback(move |request: OwnedTokenRequest| {
        let queue = queue.clone();
        async move {
            let question = || {
                let mut told = json!({ "credential": source, "scopes": request.scopes, "fresh": request.fresh });
                if let Some(claims) = &request.claims {
                    told["claims"] = claims.as_str().into();
                }
                if let Some(tenant) = &request.tenant {
                    told["tenant"] = tenant.as_str().into();
                }
                JsonText::new(told.to_string())
            };
            let ended = || Error::new(ErrorKind::Cancelled, "the program ended while its credential was asked");
            token(queue.ask(question).await.ok_or_else(ended)?)
        }
    })
}

fn token(given: Given) -> Result<AccessToken> {
    let wrong = |message: String| Error::new(ErrorKind::Authentication, message);
    match given {
        Given::Token { token, expires: None } => Ok(AccessToken::new(token, Timestamp::MAX)),
        Given::Token {
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
        Given::Nothing { asked, reason } => Err(wrong(format!("the credential failed with {reason}"))
            .with_next_step("See the cause of this error; sign in again, or check the credential")
            .with_source(Cause(asked))),
    }
}
