//! Every credential against a scripted transport: what it sends, and what it makes of the answers.

mod applications;
mod devices;
#[cfg(unix)]
mod local;
mod secrecy;
mod stores;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use trunkline_core::clock::{BoxFuture, TestClock};
use trunkline_core::error::{Error, Result};
use trunkline_core::operation::Operation;
use trunkline_core::request::{RawBody, Response};
use trunkline_core::transport::{HttpRequest, HttpResponse, Transport, TransportError};

use crate::{Client, ClientBuilder, Credential};

const CLIENT: &str = "11111111-2222-3333-4444-555555555555";
const TENANT: &str = "contoso.example";
/// Secrets that may appear nowhere.
const CANARY: &str = "canary~7f3a+/=&secret";

type Outcome = Result<HttpResponse, TransportError>;

/// Answers requests in order, and keeps them.
#[derive(Clone, Default)]
struct Script(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    answers: VecDeque<Outcome>,
    requests: Vec<HttpRequest>,
}

impl Script {
    fn new(answers: impl IntoIterator<Item = HttpResponse>) -> Self {
        let script = Self::default();
        script.0.lock().unwrap().answers.extend(answers.into_iter().map(Ok));
        script
    }

    fn then(&self, answer: Outcome) -> &Self {
        self.0.lock().unwrap().answers.push_back(answer);
        self
    }

    /// Method and address of every request so far.
    fn addresses(&self) -> Vec<String> {
        let state = self.0.lock().unwrap();
        state
            .requests
            .iter()
            .map(|request| format!("{} {}", request.method, request.url))
            .collect()
    }

    fn header(&self, index: usize, name: &str) -> Option<String> {
        let state = self.0.lock().unwrap();
        Some(state.requests[index].headers.get(name)?.to_str().unwrap().to_owned())
    }

    /// The fields of the form that request `index` carried.
    fn form(&self, index: usize) -> HashMap<String, String> {
        let state = self.0.lock().unwrap();
        let request = &state.requests[index];
        assert_eq!(request.headers["content-type"], "application/x-www-form-urlencoded");
        url::form_urlencoded::parse(request.body.as_deref().unwrap())
            .into_owned()
            .collect()
    }

    fn claims(&self, index: usize) -> Value {
        serde_json::from_str(&self.form(index)["claims"]).unwrap()
    }

    fn assert_played(&self) {
        assert!(
            self.0.lock().unwrap().answers.is_empty(),
            "fewer requests than expected: {:?}",
            self.addresses()
        );
    }
}

impl Transport for Script {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Outcome> {
        let mut state = self.0.lock().unwrap();
        state.requests.push(request);
        let answer = state.answers.pop_front();
        let answer = answer.unwrap_or_else(|| panic!("unexpected {:?}", state.requests.last()));
        Box::pin(std::future::ready(answer))
    }
}

fn answer(status: u16, body: &Value) -> HttpResponse {
    let mut headers = HeaderMap::new();
    headers.insert("content-type", "application/json; charset=utf-8".parse().unwrap());
    HttpResponse {
        status: StatusCode::from_u16(status).unwrap(),
        headers,
        body: body.to_string().into_bytes(),
        cut: None,
    }
}

fn with_header(mut response: HttpResponse, name: &'static str, value: &str) -> HttpResponse {
    response.headers.insert(name, value.parse().unwrap());
    response
}

fn token(name: &str) -> HttpResponse {
    answer(
        200,
        &json!({"token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599, "access_token": name}),
    )
}

fn done() -> HttpResponse {
    answer(200, &json!({"value": []}))
}

/// An answer of Entra's to a token request it refuses.
fn refusal(status: u16, code: &str, number: u32, words: &str) -> HttpResponse {
    let body = json!({
        "error": code,
        "error_description": format!("AADSTS{number}: {words} Trace ID: 0c6a Correlation ID: 1d7b"),
        "error_codes": [number],
        "trace_id": "0c6a",
        "correlation_id": "1d7b",
    });
    answer(status, &body)
}

/// The service's wish for a token with other claims.
fn challenge() -> HttpResponse {
    use base64::Engine;
    let claims =
        base64::engine::general_purpose::STANDARD.encode(r#"{"access_token":{"nbf":{"essential":true,"value":"7"}}}"#);
    let value = format!(r#"Bearer realm="", error="insufficient_claims", claims="{claims}""#);
    with_header(
        answer(401, &json!({"error": {"code": "InvalidAuthenticationToken"}})),
        "www-authenticate",
        &value,
    )
}

fn builder(script: &Script, clock: &TestClock) -> ClientBuilder {
    Client::builder()
        .transport(Arc::new(script.clone()))
        .clock(Arc::new(clock.clone()))
}

fn client(script: &Script, credential: Credential) -> Client {
    builder(script, &TestClock::default())
        .credential(credential)
        .build()
        .unwrap()
}

fn secret() -> Credential {
    Credential::client_secret(TENANT, CLIENT, CANARY)
}

async fn send(client: &Client) -> Result<Response<RawBody>> {
    client.core().execute(&Operation::get("/users")).await
}

/// Everything that can be seen of an error.
fn shown(error: &Error) -> String {
    format!(
        "{error} | {error:?} | {} | {:?} | {:?}",
        error.to_json(),
        error.body(),
        error.headers()
    )
}
