//! The record of requests.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::address::query_pairs;
use crate::mask::{cover_secrets, mask_text, mask_value};
use crate::message::{Reply, Request};

/// Maximum number of requests that are remembered.
const CAPACITY: usize = 10_000;

/// One request and its answer. Tokens and secrets are never in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoggedRequest {
    /// Counted from one since the start or the last clearing.
    pub sequence: u64,
    /// Time of the request, by the emulator's clock.
    pub at: String,
    /// The HTTP method.
    pub method: String,
    /// The decoded path.
    pub path: String,
    /// The decoded query.
    pub query: String,
    /// The headers a test may ask for; never `Authorization`.
    pub headers: BTreeMap<String, String>,
    /// The body, if there was one.
    pub body: Option<Value>,
    /// The status answered, 0 if the connection was dropped.
    pub status: u16,
    /// The status it was carried out with before any fault; 0 if a fault kept it from being carried out.
    #[serde(default)]
    pub carried_out: u16,
    /// `error.code` of the answer.
    pub error_code: Option<String>,
    /// The `request-id` answered.
    pub request_id: String,
    /// Whether a token came along.
    pub authorized: bool,
    /// The faults that struck.
    pub faults: Vec<String>,
    /// The id of the batch item, for requests inside a batch.
    pub batch_item: Option<String>,
}

/// Headers worth remembering.
const RECORDED_HEADERS: &[&str] = &[
    "accept",
    "accept-encoding",
    "client-request-id",
    "consistencylevel",
    "content-length",
    "content-type",
    "host",
    "if-match",
    "prefer",
    "retry-attempt",
    "sdkversion",
    "traceparent",
    "user-agent",
    "x-ms-throttle-priority",
];

/// The record.
#[derive(Debug, Default)]
pub(crate) struct Record {
    entries: VecDeque<LoggedRequest>,
    count: u64,
}

/// The facts recorded about one request.
pub(crate) struct Note<'a> {
    pub(crate) request: &'a Request,
    pub(crate) reply: &'a Reply,
    pub(crate) dropped: bool,
    pub(crate) carried_out: u16,
    pub(crate) at: jiff::Timestamp,
    pub(crate) request_id: &'a str,
    pub(crate) faults: Vec<String>,
    pub(crate) error_code: Option<String>,
}

impl Record {
    pub(crate) fn note(&mut self, note: Note<'_>) {
        self.count += 1;
        let request = note.request;
        let headers = RECORDED_HEADERS
            .iter()
            .filter_map(|name| request.header(name).map(|value| ((*name).to_owned(), value.to_owned())))
            .collect();
        if self.entries.len() == CAPACITY {
            self.entries.pop_front();
        }
        self.entries.push_back(LoggedRequest {
            sequence: self.count,
            at: note.at.to_string(),
            method: request.method.clone(),
            path: request.decoded_path(),
            query: query_pairs(&request.query)
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect::<Vec<_>>()
                .join("&"),
            headers,
            body: body_of(request),
            status: if note.dropped { 0 } else { note.reply.status },
            carried_out: note.carried_out,
            error_code: note.error_code,
            request_id: note.request_id.to_owned(),
            authorized: request.headers.contains_key("authorization"),
            faults: note.faults,
            batch_item: request.batch_item.clone(),
        });
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.count = 0;
    }

    /// The requests as they were.
    pub(crate) fn plain(&self) -> Vec<LoggedRequest> {
        self.entries.iter().cloned().collect()
    }

    /// The requests with personal data covered.
    pub(crate) fn masked(&self) -> Vec<LoggedRequest> {
        let mut entries = self.plain();
        for entry in &mut entries {
            entry.path = mask_text(&entry.path);
            entry.query = mask_text(&entry.query);
            if let Some(body) = &mut entry.body {
                mask_value(body);
            }
        }
        entries
    }
}

fn body_of(request: &Request) -> Option<Value> {
    if request.body.is_empty() {
        return None;
    }
    let form = request
        .header("content-type")
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let mut body = if form {
        let text = String::from_utf8_lossy(&request.body);
        Value::Object(
            query_pairs(&text)
                .into_iter()
                .map(|(name, value)| (name, Value::String(value)))
                .collect(),
        )
    } else {
        serde_json::from_slice(&request.body)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&request.body).into_owned()))
    };
    cover_secrets(&mut body);
    Some(body)
}
