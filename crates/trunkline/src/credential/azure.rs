//! The credentials of `azure_identity`, over the core's transport.
//!
//! Every request for a token creates a credential, because credentials of `azure_identity` cache tokens, and only the client's own
//! cache knows when a token has to be replaced. [`SessionTransport`] adds the parts that `azure_identity` does not support: claims,
//! and an authority on this computer without TLS.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use azure_core::cloud::{CloudConfiguration, CustomConfiguration};
use azure_core::credentials::TokenCredential;
use azure_core::http::headers::Headers;
use azure_core::http::{
    AsyncRawResponse, Body, ClientMethodOptions, ClientOptions, HttpClient, Request, RetryOptions, StatusCode,
    Transport,
};
use azure_identity::{
    AzureCliCredential, AzureCliCredentialOptions, AzureDeveloperCliCredential, AzureDeveloperCliCredentialOptions,
    ClientAssertion, ClientAssertionCredential, ClientAssertionCredentialOptions, ClientSecretCredential,
    ClientSecretCredentialOptions, Executor, ManagedIdentityCredential, ManagedIdentityCredentialOptions,
    UserAssignedId, WorkloadIdentityCredential, WorkloadIdentityCredentialOptions,
};
use http::Method;
use serde_json::Value;
use trunkline_core::error::{Error, ErrorKind, Result};
use trunkline_core::secret::{AccessToken, Secret};
use trunkline_core::token::TokenRequest;
use url::{Url, form_urlencoded};

use super::application::{Application, Federation, invalid};
use super::refusal;
use super::session::{Ask, Session};

/// Number of attempts to get a token of a managed identity: its endpoint answers 404 while it is updated.
const METADATA_ATTEMPTS: u32 = 3;

/// Maximum lifetime of a token, in seconds: ten years.
const LONGEST: i64 = 315_360_000;

pub(super) async fn client_secret(
    session: &Arc<Session>,
    application: &Application,
    secret: &Secret,
    request: TokenRequest<'_>,
) -> Result<AccessToken> {
    let transport = SessionTransport::new(session, refusal::request_claims(request.claims)?, false);
    let options = ClientSecretCredentialOptions {
        client_options: transport.options()?,
    };
    let secret = azure_core::credentials::Secret::new(secret.expose().to_owned());
    let credential =
        ClientSecretCredential::new(&application.tenant, application.client.clone(), secret, Some(options));
    transport.token(checked(credential)?.as_ref(), request.scopes).await
}

pub(super) async fn client_assertion(
    session: &Arc<Session>,
    application: &Application,
    assertion: Secret,
    request: TokenRequest<'_>,
) -> Result<AccessToken> {
    let transport = SessionTransport::new(session, refusal::request_claims(request.claims)?, false);
    let options = ClientAssertionCredentialOptions {
        client_options: transport.options()?,
    };
    let Application { tenant, client } = application.clone();
    let credential = ClientAssertionCredential::new(tenant, client, Assertion(assertion), Some(options));
    transport.token(checked(credential)?.as_ref(), request.scopes).await
}

pub(super) async fn workload_identity(
    session: &Arc<Session>,
    federation: Option<&Federation>,
    request: TokenRequest<'_>,
) -> Result<AccessToken> {
    let transport = SessionTransport::new(session, refusal::request_claims(request.claims)?, false);
    let options = WorkloadIdentityCredentialOptions {
        credential_options: ClientAssertionCredentialOptions {
            client_options: transport.options()?,
        },
        client_id: federation.map(|federation| federation.application.client.clone()),
        tenant_id: federation.map(|federation| federation.application.tenant.clone()),
        token_file_path: federation.map(|federation| federation.token_file.clone()),
    };
    let credential = WorkloadIdentityCredential::new(Some(options)).map_err(|error| {
        Error::new(ErrorKind::Authentication, "workload identity is not set up here")
            .with_next_step("Check AZURE_TENANT_ID, AZURE_CLIENT_ID and the file that AZURE_FEDERATED_TOKEN_FILE names")
            .with_source(error.to_string())
    })?;
    transport.token(credential.as_ref(), request.scopes).await
}

pub(super) async fn managed_identity(
    session: &Arc<Session>,
    client: Option<&str>,
    request: TokenRequest<'_>,
) -> Result<AccessToken> {
    if request.claims.is_some() {
        return Err(refusal::claims_unsupported(
            "a managed identity",
            "Use another credential, or change the policy",
        ));
    }
    let mut attempt = 1;
    loop {
        let transport = SessionTransport::new(session, String::new(), true);
        let options = ManagedIdentityCredentialOptions {
            user_assigned_id: client.map(|client| UserAssignedId::ClientId(client.to_owned())),
            client_options: transport.options()?,
        };
        let credential = ManagedIdentityCredential::new(Some(options)).map_err(|error| {
            Error::new(
                ErrorKind::Authentication,
                "this kind of Azure resource is not supported",
            )
            .with_next_step("Use a virtual machine, App Service, Functions or Container Apps, or another credential")
            .with_source(error.to_string())
        })?;
        match transport.token(credential.as_ref(), request.scopes).await {
            Err(error) if error.is_not_found() && attempt < METADATA_ATTEMPTS => {
                session
                    .clock()
                    .sleep(std::time::Duration::from_secs(1 << attempt))
                    .await;
                attempt += 1;
            }
            Err(error) => return Err(no_identity(error)),
            token => return token,
        }
    }
}

fn no_identity(error: Error) -> Error {
    const ELSEWHERE: &str = "Run this on an Azure resource with a managed identity, or use another credential";
    let (message, step) = match error.status().map(|status| status.as_u16()) {
        None if matches!(error.kind(), ErrorKind::Connection | ErrorKind::Timeout) => (
            "there is no managed identity here: its endpoint does not answer",
            ELSEWHERE,
        ),
        Some(403) => (
            "there is no managed identity here: its endpoint is forbidden",
            ELSEWHERE,
        ),
        Some(400 | 404) => (
            "this Azure resource has no such managed identity",
            "Assign the identity to this Azure resource, and check its client id",
        ),
        _ => return error,
    };
    let error = error.with_message(message).with_next_step(step);
    if error.status().is_some() {
        error.with_kind(ErrorKind::Authentication)
    } else {
        error
    }
}

pub(super) async fn developer_tools(
    session: &Arc<Session>,
    executor: Arc<dyn Executor>,
    request: TokenRequest<'_>,
) -> Result<AccessToken> {
    if request.claims.is_some() {
        let step = "Sign in again with `az login --claims-challenge`, or use another credential";
        return Err(refusal::claims_unsupported("a developer tool", step));
    }
    let tenant = request.tenant.map(str::to_owned);
    let scopes: Vec<&str> = request.scopes.iter().map(String::as_str).collect();
    let options = AzureCliCredentialOptions {
        tenant_id: tenant.clone(),
        executor: Some(executor.clone()),
        ..AzureCliCredentialOptions::default()
    };
    let first = checked(AzureCliCredential::new(Some(options)))?
        .get_token(&scopes, None)
        .await;
    let first = match first {
        Ok(token) => return Ok(convert(session, &token)),
        Err(error) => error.to_string(),
    };
    let options = AzureDeveloperCliCredentialOptions {
        tenant_id: tenant,
        executor: Some(executor),
    };
    match checked(AzureDeveloperCliCredential::new(Some(options)))?
        .get_token(&scopes, None)
        .await
    {
        Ok(token) => Ok(convert(session, &token)),
        Err(second) => {
            let second = second.to_string();
            let absent = |text: &str| text.contains("not found on PATH");
            let (what, step) = match (absent(&first), absent(&second)) {
                (true, true) => (
                    "no developer tool is installed",
                    "Install the Azure CLI and run `az login`",
                ),
                (true, false) => ("the Azure Developer CLI gave no token", "Run `azd auth login`"),
                _ => ("the Azure CLI gave no token", "Run `az login`"),
            };
            Err(Error::new(ErrorKind::Authentication, what)
                .with_next_step(step)
                .with_source(format!("az: {first}; azd: {second}")))
        }
    }
}

/// Checks the creation of a credential, which fails if its tenant, client id or secret is not valid.
fn checked<T>(outcome: azure_core::Result<T>) -> Result<T> {
    outcome.map_err(|_| invalid("the credential's tenant, client id or secret cannot be used"))
}

/// Converts a token. Its lifetime is measured from now, so that a client with another clock sees the same lifetime.
fn convert(session: &Session, token: &azure_core::credentials::AccessToken) -> AccessToken {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |now| now.as_secs());
    let now = i64::try_from(now).unwrap_or(i64::MAX);
    let left = token.expires_on.unix_timestamp().saturating_sub(now).min(LONGEST);
    AccessToken::new(token.token.secret(), session.after(left))
}

struct Assertion(Secret);

impl fmt::Debug for Assertion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Assertion")
    }
}

#[async_trait]
impl ClientAssertion for Assertion {
    async fn secret(&self, _: Option<ClientMethodOptions<'_>>) -> azure_core::Result<String> {
        Ok(self.0.expose().to_owned())
    }
}

/// Sends the requests of `azure_identity` through the client's session, and keeps the error of a request that failed.
#[derive(Clone)]
struct SessionTransport(Arc<TransportState>);

struct TransportState {
    session: Arc<Session>,
    claims: String,
    metadata: bool,
    failure: Mutex<Option<Error>>,
}

impl SessionTransport {
    fn new(session: &Arc<Session>, claims: String, metadata: bool) -> Self {
        Self(Arc::new(TransportState {
            session: session.clone(),
            claims,
            metadata,
            failure: Mutex::default(),
        }))
    }

    fn options(&self) -> Result<ClientOptions> {
        let mut cloud = CustomConfiguration::default();
        cloud.authority_host = with_https(self.0.session.authority());
        Ok(ClientOptions {
            // The core sends again, by the client's policy and clock.
            retry: RetryOptions::none(),
            transport: Some(Transport::new(Arc::new(self.clone()))),
            cloud: Some(Arc::new(CloudConfiguration::Custom(cloud))),
            ..ClientOptions::default()
        })
    }

    async fn token(&self, credential: &dyn TokenCredential, scopes: &[String]) -> Result<AccessToken> {
        let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
        let outcome = credential.get_token(&scopes, None).await;
        outcome.map(|token| convert(&self.0.session, &token)).map_err(|_| {
            let failure = self.0.failure.lock().unwrap_or_else(PoisonError::into_inner).take();
            // Errors of `azure_identity` may quote the answer, which contains the token.
            failure.unwrap_or_else(|| Error::new(ErrorKind::Authentication, "the authority's answer is not a token"))
        })
    }

    async fn pass(&self, request: &Request) -> Result<String> {
        let state = &self.0;
        let mut url = request.url().clone();
        if state.session.authority().scheme() == "http"
            && url.as_str().starts_with(&with_https(state.session.authority()))
        {
            // Reverts `with_https`. It cannot fail: both schemes have hosts.
            let _ = url.set_scheme("http");
        }
        let mut body = match request.body() {
            Body::Bytes(bytes) => bytes.to_vec(),
            Body::SeekableStream(_) => return Err(invalid("sign-in requests are no streams")),
        };
        let method = if request.method().as_str() == "POST" {
            Method::POST
        } else {
            Method::GET
        };
        if !state.metadata && method == Method::POST {
            body.extend_from_slice(b"&claims=");
            body.extend(form_urlencoded::byte_serialize(state.claims.as_bytes()).flat_map(str::bytes));
        }
        let passed = |name: &str| matches!(name, "content-type" | "metadata" | "x-identity-header");
        let headers = request.headers().iter();
        let headers = headers
            .filter(|(name, _)| passed(name.as_str()))
            .map(|(name, value)| (name.as_str().to_owned(), value.as_str().to_owned()))
            .collect();
        let ask = Ask {
            method,
            url,
            headers,
            body,
            metadata: state.metadata,
        };
        let text = state.session.exchange(ask).await?;
        checked_answer(&state.session, &text)
    }
}

/// The authority with `https`, which `azure_identity` requires, and an explicit port.
fn with_https(authority: &Url) -> String {
    match (
        authority.scheme(),
        authority.host_str(),
        authority.port_or_known_default(),
    ) {
        ("http", Some(host), Some(port)) => format!("https://{host}:{port}"),
        _ => authority.origin().ascii_serialization(),
    }
}

/// Returns the answer if it holds a token with a valid lifetime. `azure_identity` accepts a list as an answer, overflows on a long
/// lifetime, and takes a token without a stated lifetime for an expired one; such a lifetime is read from the token itself.
fn checked_answer(session: &Session, text: &str) -> Result<String> {
    let wrong = |what: &'static str| Err(Error::new(ErrorKind::Authentication, what));
    let Ok(Value::Object(mut answer)) = serde_json::from_str(text) else {
        return wrong("the authority's answer is not a token");
    };
    let token = answer.get("access_token").and_then(Value::as_str).unwrap_or_default();
    if token.is_empty() {
        return wrong("the authority's answer is not a token");
    }
    let stated = ["expires_in", "expires_on"].map(|name| answer.get(name).and_then(seconds_of));
    if stated.iter().all(Option::is_none) {
        let left = session.unstated_lifetime(token);
        let end = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |now| now.as_secs() as i64)
            + left;
        answer.insert("expires_in".to_owned(), left.into());
        answer.insert("expires_on".to_owned(), end.to_string().into());
        return Ok(Value::Object(answer).to_string());
    }
    match stated[0] {
        Some(seconds) if !(0.0..=LONGEST as f64).contains(&seconds) => {
            wrong("the lifetime of the authority's token is not valid")
        }
        // Some authorities write the lifetime as a string.
        Some(seconds) if answer["expires_in"].is_string() && !answer.contains_key("expires_on") => {
            answer.insert("expires_in".to_owned(), (seconds as i64).into());
            Ok(Value::Object(answer).to_string())
        }
        _ => Ok(text.to_owned()),
    }
}

fn seconds_of(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())
}

#[async_trait]
impl HttpClient for SessionTransport {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        match self.pass(request).await {
            Ok(text) => Ok(AsyncRawResponse::from_bytes(
                StatusCode::Ok,
                Headers::new(),
                text.into_bytes(),
            )),
            Err(error) => {
                let error = if self.0.metadata {
                    error
                } else {
                    refusal::explain(error)
                };
                *self.0.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                // `azure_identity` does not retry an error of this kind.
                Err(azure_core::Error::with_message(
                    azure_core::error::ErrorKind::Other,
                    "no token",
                ))
            }
        }
    }
}

impl fmt::Debug for SessionTransport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SessionTransport")
    }
}
