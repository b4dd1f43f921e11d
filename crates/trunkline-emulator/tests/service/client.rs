//! A bare HTTP client for the tests, which knows nothing of Graph but its envelope.

use reqwest::{Method, Response};
use serde_json::Value;
use trunkline_emulator::{Emulator, TokenRequest};

use crate::http;

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub(crate) fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or("(no code)")
    }

    pub(crate) fn items(&self) -> &Vec<Value> {
        self.body["value"]
            .as_array()
            .unwrap_or_else(|| panic!("not a list: {}", self.text))
    }
}

/// A client with one token.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) http: reqwest::Client,
    pub(crate) root: String,
    pub(crate) token: Option<String>,
}

impl Client {
    pub(crate) fn new(emulator: &Emulator) -> Self {
        Self::with_token(emulator, emulator.token())
    }

    pub(crate) fn with_token(emulator: &Emulator, token: String) -> Self {
        Self {
            http: http::client(),
            root: emulator.url().to_owned(),
            token: Some(token),
        }
    }

    /// A client of a signed-in user.
    pub(crate) fn delegated(emulator: &Emulator, user: &str) -> Self {
        let wish = TokenRequest {
            user: Some(user.to_owned()),
            ..TokenRequest::default()
        };
        Self::with_token(emulator, emulator.issue_token(wish))
    }

    pub(crate) async fn try_send(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> reqwest::Result<Response> {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self.http.request(method, url);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            if !headers
                .iter()
                .any(|(name, _)| name.eq_ignore_ascii_case("content-type"))
            {
                request = request.header("Content-Type", "application/json");
            }
            request = request.body(body);
        }
        request.send().await
    }

    pub(crate) async fn send(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Answer {
        let response = self.try_send(method, url, headers, body).await.unwrap();
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer {
            status,
            headers,
            text,
            body,
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}/v1.0{path}", self.root)
    }

    pub(crate) async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        self.send(
            method,
            &self.url(path),
            &[],
            body.map(|body| body.to_string().into_bytes()),
        )
        .await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, None).await
    }

    pub(crate) async fn get_absolute(&self, url: &str) -> Answer {
        self.send("GET", url, &[], None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call("POST", path, Some(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.call("PATCH", path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.call("DELETE", path, None).await
    }

    pub(crate) async fn form(&self, url: &str, form: &[(&str, &str)]) -> Answer {
        let client = Self {
            token: None,
            ..self.clone()
        };
        let headers = [("Content-Type", "application/x-www-form-urlencoded")];
        client
            .send(
                "POST",
                url,
                &headers,
                Some(http::form(form.iter().copied()).into_bytes()),
            )
            .await
    }
}
