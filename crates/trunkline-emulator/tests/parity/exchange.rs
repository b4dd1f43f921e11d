//! Sends the requests of an entry.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::Method;
use serde_json::Value;
use trunkline_emulator::{Clock, ClockMode, Emulator, Fault};

use crate::entries::{Entry, Request, Setup, Token};
use crate::http;

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
    pub(crate) body: Value,
}

/// A client without a memory: every entry starts with the tenant as it was.
pub(crate) struct Exchange {
    http: reqwest::Client,
    emulator: Emulator,
}

impl Exchange {
    pub(crate) fn new() -> Self {
        Self {
            http: http::client(),
            emulator: start(&Setup::default()),
        }
    }

    /// Answers to the requests of an entry, in order.
    pub(crate) async fn answers(&self, entry: &Entry) -> Vec<Answer> {
        let own = entry.emulator.as_ref().map(start);
        let emulator = own.as_ref().unwrap_or(&self.emulator);
        emulator.reset();
        if let Some(fault) = entry.emulator.as_ref().and_then(|setup| setup.fault.clone()) {
            emulator.fault(serde_json::from_value::<Fault>(fault).unwrap());
        }
        let mut names = BTreeMap::from([("root".to_owned(), emulator.url().to_owned())]);
        let mut answers = Vec::new();
        for step in entry.all_steps() {
            emulator.advance(Duration::from_secs(step.after));
            let answer = self.send(emulator, &step.request, &names).await;
            for (name, place) in &step.keep {
                let value = if place.starts_with('/') {
                    answer.body.pointer(place).and_then(Value::as_str)
                } else {
                    answer.headers.get(place).and_then(|value| value.to_str().ok())
                };
                names.insert(name.clone(), value.unwrap_or("(nothing)").to_owned());
            }
            answers.push(answer);
        }
        answers
    }

    async fn send(&self, emulator: &Emulator, request: &Request, names: &BTreeMap<String, String>) -> Answer {
        let path = fill(&request.path, names);
        let address = if path.starts_with("http") {
            path.clone()
        } else {
            format!("{}{path}", emulator.url())
        };
        let method = Method::from_bytes(request.method.as_bytes()).unwrap();
        let mut building = self.http.request(method, &address);
        match &request.token {
            Token::Text(text) if text.is_empty() => {}
            Token::Text(text) => building = building.bearer_auth(fill(text, names)),
            Token::Wish(wish) => building = building.bearer_auth(emulator.issue_token(wish.clone())),
        }
        let names_type = request
            .headers
            .keys()
            .any(|name| name.eq_ignore_ascii_case("content-type"));
        for (name, value) in &request.headers {
            building = building.header(name, fill(value, names));
        }
        if let Some(body) = &request.body {
            let text = match body {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            if !names_type {
                building = building.header("Content-Type", "application/json");
            }
            building = building.body(fill(&text, names));
        } else if !request.form.is_empty() {
            let filled: Vec<(&str, String)> = request
                .form
                .iter()
                .map(|(name, value)| (name.as_str(), fill(value, names)))
                .collect();
            building = building
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body(http::form(filled.iter().map(|(name, value)| (*name, value.as_str()))));
        }
        let response = building.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        Answer {
            path,
            status,
            headers,
            body: serde_json::from_str(&text).unwrap_or(Value::Null),
            // The port differs from run to run.
            text: text.replace(emulator.url(), "{root}"),
        }
        .with_root(emulator.url())
    }
}

impl Answer {
    /// The answer with `{root}` for the address of the emulator.
    fn with_root(mut self, root: &str) -> Self {
        fn replace(value: &mut Value, root: &str) {
            match value {
                Value::String(text) if text.contains(root) => *text = text.replace(root, "{root}"),
                Value::Array(items) => items.iter_mut().for_each(|item| replace(item, root)),
                Value::Object(members) => members.values_mut().for_each(|member| replace(member, root)),
                _ => {}
            }
        }
        replace(&mut self.body, root);
        for value in self.headers.values_mut() {
            let text = value.to_str().map(|text| text.replace(root, "{root}"));
            if let Some(text) = text.ok().and_then(|text| text.parse().ok()) {
                *value = text;
            }
        }
        self
    }
}

fn start(setup: &Setup) -> Emulator {
    let mut builder = Emulator::builder()
        .clock(ClockMode::Manual)
        .documented_limits(setup.documented_limits)
        .immediate_checks(setup.immediate_checks)
        .lenient(setup.lenient)
        .next_links(setup.next_links)
        .realistic(setup.realistic);
    if let Some(cloud) = setup.cloud {
        builder = builder.cloud(cloud);
    }
    if let Some(seed) = &setup.seed {
        builder = builder.seed(seed.clone());
    }
    let emulator = builder.start_blocking().unwrap();
    assert!(emulator.now().as_second() >= Clock::MANUAL_START);
    emulator
}

/// Replaces `{name}` by what an earlier answer held.
fn fill(text: &str, names: &BTreeMap<String, String>) -> String {
    let mut filled = text.to_owned();
    // The address of the emulator may be part of the other values, so it comes last.
    for (name, value) in names.iter().filter(|(name, _)| *name != "root") {
        filled = filled.replace(&format!("{{{name}}}"), value);
    }
    filled.replace("{root}", &names["root"])
}
