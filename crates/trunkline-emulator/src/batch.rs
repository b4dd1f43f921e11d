//! Splits a batch into requests and joins their answers.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Map, Value, json};

use crate::body;
use crate::error::Failure;
use crate::message::{Content, Reply, Request};

/// The largest number of items.
const MAXIMUM: usize = 20;

/// One item of a batch.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) id: String,
    /// An item whose address is not below the root fails by itself.
    pub(crate) request: Result<Request, Failure>,
    /// Positions of the items this one waits for.
    depends_on: Vec<usize>,
}

/// Reads a batch. Anything wrong with its shape refuses it as a whole.
pub(crate) fn read(request: &Request) -> Result<Vec<Item>, Failure> {
    let members = body::object(request, false)?;
    let wrong = |text: &str| Failure::invalid(format!("The batch is not well formed: {text}."));
    if let Some(other) = members.keys().find(|name| name.as_str() != "requests") {
        return Err(wrong(&format!("it has a member '{other}'")));
    }
    let list = members
        .get("requests")
        .and_then(Value::as_array)
        .ok_or_else(|| wrong("it has no list of requests"))?;
    if list.is_empty() || list.len() > MAXIMUM {
        return Err(wrong(&format!("it must hold between 1 and {MAXIMUM} requests")));
    }
    let mut items: Vec<Item> = Vec::new();
    for entry in list {
        let id = entry["id"]
            .as_str()
            .filter(|id| !id.is_empty())
            .ok_or_else(|| wrong("an item has no id"))?;
        if items.iter().any(|item| item.id.eq_ignore_ascii_case(id)) {
            return Err(wrong(&format!("the id '{id}' occurs twice")));
        }
        let depends_on = match &entry["dependsOn"] {
            Value::Null => Vec::new(),
            Value::Array(ids) => ids
                .iter()
                .map(|wanted| {
                    // An item can wait only for items before it.
                    let wanted = wanted.as_str().unwrap_or_default();
                    items
                        .iter()
                        .position(|item| item.id.eq_ignore_ascii_case(wanted))
                        .ok_or_else(|| wrong(&format!("'{id}' depends on '{wanted}', which does not come before it")))
                })
                .collect::<Result<_, _>>()?,
            _ => return Err(wrong("'dependsOn' is not a list")),
        };
        items.push(Item {
            id: id.to_owned(),
            request: if is_absolute(entry) {
                Err(Failure::invalid(format!(
                    "The batch item '{id}' has an absolute url; write it from the root, such as '/users'."
                )))
            } else {
                Ok(item_request(request, id, entry)?)
            },
            depends_on,
        });
    }
    Ok(items)
}

/// Whether an item's url names a server, with a scheme before its path.
fn is_absolute(entry: &Value) -> bool {
    let url = entry["url"].as_str().unwrap_or_default();
    let path = url.split(['?', '#']).next().unwrap_or_default();
    entry["method"].is_string() && path.contains("://")
}

fn item_request(outer: &Request, id: &str, entry: &Value) -> Result<Request, Failure> {
    let wrong = |text: &str| Failure::invalid(format!("The batch item '{id}' {text}."));
    let method = entry["method"]
        .as_str()
        .ok_or_else(|| wrong("has no method"))?
        .to_ascii_uppercase();
    let url = entry["url"].as_str().ok_or_else(|| wrong("has no url"))?;
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let mut headers = HeaderMap::new();
    for name in ["authorization", "client-request-id", "prefer"] {
        if let Some(value) = outer.headers.get(name) {
            headers.insert(HeaderName::from_static(name), value.clone());
        }
    }
    for (name, value) in entry["headers"].as_object().into_iter().flatten() {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong("has a header that cannot be read"))?;
        let value = value.as_str().and_then(|value| HeaderValue::from_str(value).ok());
        headers.insert(name, value.ok_or_else(|| wrong("has a header that cannot be read"))?);
    }
    let body = match &entry["body"] {
        Value::Null => Bytes::new(),
        _ if !headers.contains_key("content-type") => {
            return Err(wrong("has a body and no Content-Type header"));
        }
        // Of the two alphabets of base64 the page names the one for addresses, and shows neither.
        Value::String(text) => Bytes::from(
            STANDARD
                .decode(text)
                .or_else(|_| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')))
                .map_err(|_| wrong("has a body that is not base64"))?,
        ),
        value => Bytes::from(value.to_string()),
    };
    Ok(Request {
        method,
        path: format!("/v1.0/{}", path.trim_start_matches('/')),
        root: outer.root.clone(),
        host: outer.host.clone(),
        query: query.to_owned(),
        headers,
        body,
        batch_item: Some(id.to_owned()),
    })
}

/// Whether an item can run, given the statuses of those before it.
pub(crate) fn may_run(item: &Item, statuses: &[u16]) -> bool {
    item.depends_on
        .iter()
        .all(|at| statuses.get(*at).is_some_and(|status| (200..400).contains(status)))
}

/// The answer to an item whose dependency failed.
pub(crate) fn failed_dependency() -> Failure {
    Failure::new(
        424,
        "FailedDependency",
        "A request this one depends on did not succeed.",
    )
}

/// An item's answer inside the answer of the batch.
pub(crate) fn entry(id: &str, reply: &Reply) -> Value {
    let mut headers = Map::new();
    for (name, value) in &reply.headers {
        headers.insert(name.clone(), json!(value));
    }
    let mut entry = json!({ "id": id, "status": reply.status });
    match &reply.content {
        Content::Empty => {}
        Content::Json(body) => {
            headers
                .entry("Content-Type")
                .or_insert_with(|| json!("application/json"));
            entry["body"] = body.clone();
        }
        Content::Raw { content_type, bytes } => {
            headers.insert("Content-Type".to_owned(), json!(content_type));
            entry["body"] = json!(STANDARD.encode(bytes));
        }
    }
    entry["headers"] = Value::Object(headers);
    entry
}
