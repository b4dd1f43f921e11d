//! Writes the body of a batch and reads its answer.

use std::collections::HashMap;
use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use crate::codec::{DecodeError, Reader};
use crate::request::operation::Operation;
use crate::sending::transport::HttpResponse;

/// How many requests the service takes in one batch.
pub(crate) const LARGEST: usize = 20;

/// One request of a batch. Its id is its number.
pub(crate) struct Entry<'b> {
    pub(crate) id: usize,
    pub(crate) operation: &'b Operation,
    pub(crate) depends_on: Vec<usize>,
}

/// Writes the body of a batch. `common` are the headers that each request of the client has.
pub(crate) fn write(entries: &[Entry<'_>], common: &HeaderMap) -> String {
    let mut text = String::with_capacity(256 * entries.len());
    text.push_str("{\"requests\":[");
    for (index, entry) in entries.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        write_entry(&mut text, entry, common);
    }
    text.push_str("]}");
    text
}

fn write_entry(text: &mut String, entry: &Entry<'_>, common: &HeaderMap) {
    let operation = entry.operation;
    let _ = write!(
        text,
        "{{\"id\":\"{}\",\"method\":\"{}\",\"url\":",
        entry.id,
        operation.method()
    );
    text.push_str(&quoted(&operation.relative_url()));
    if !entry.depends_on.is_empty() {
        let ids: Vec<String> = entry.depends_on.iter().map(|id| format!("\"{id}\"")).collect();
        let _ = write!(text, ",\"dependsOn\":[{}]", ids.join(","));
    }
    let mut headers = common.clone();
    crate::sending::pipeline::merge(&mut headers, operation.headers());
    // An action without parameters still needs a body and its type inside a batch.
    let empty = *operation.method() == Method::POST && operation.body_bytes().is_none();
    if (operation.body_bytes().is_some() || empty) && !headers.contains_key(CONTENT_TYPE) {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    text.push_str(",\"headers\":{");
    let mut first = true;
    for (name, value) in &headers {
        let Ok(value) = value.to_str() else { continue };
        if !std::mem::take(&mut first) {
            text.push(',');
        }
        let _ = write!(text, "\"{name}\":{}", quoted(value));
    }
    text.push('}');
    if empty {
        text.push_str(",\"body\":{}");
    } else if let Some(body) = operation.body_bytes() {
        text.push_str(",\"body\":");
        match std::str::from_utf8(body).ok().filter(|body| is_json(body)) {
            Some(json) => text.push_str(json),
            None => text.push_str(&quoted(&STANDARD.encode(body))),
        }
    }
    text.push('}');
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// Reads the answer of a batch: answers by id, in whatever order they come. An answer without a usable id or
/// status is left out and counts as missing.
pub(crate) fn read(text: &str) -> Result<HashMap<usize, HttpResponse>, DecodeError> {
    let mut answers = HashMap::new();
    let mut reader = Reader::new(text);
    reader.object(|reader, name| {
        if name != "responses" {
            return reader.raw().map(|_| ());
        }
        reader.array(|reader| {
            if let Some((id, answer)) = read_entry(reader)? {
                answers.insert(id, answer);
            }
            Ok(())
        })
    })?;
    reader.finish()?;
    Ok(answers)
}

fn read_entry(reader: &mut Reader<'_>) -> Result<Option<(usize, HttpResponse)>, DecodeError> {
    let (mut id, mut status, mut headers, mut body) = (None, None, HeaderMap::new(), "");
    reader.object(|reader, name| {
        let raw = reader.raw()?.trim_ascii();
        let plain = raw.trim_matches('"');
        match name {
            "id" => id = plain.parse().ok(),
            "status" => status = plain.parse().ok().and_then(|code: u16| StatusCode::from_u16(code).ok()),
            "headers" => headers = read_headers(raw),
            "body" => body = raw,
            _ => {}
        }
        Ok(())
    })?;
    let (Some(id), Some(status)) = (id, status) else {
        return Ok(None);
    };
    let body = text_of(body, &headers).into_bytes();
    Ok(Some((
        id,
        HttpResponse {
            status,
            headers,
            body,
            cut: None,
        },
    )))
}

fn read_headers(raw: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    // A header that cannot be read is left out: an answer without it is an answer.
    let _ = Reader::new(raw).object(|reader, name| {
        if let (Ok(name), Some(value)) = (HeaderName::from_bytes(name.as_bytes()), header_value(reader.raw()?)) {
            headers.append(name, value);
        }
        Ok(())
    });
    headers
}

/// The value of a header: a text, or a number as it stands.
fn header_value(raw: &str) -> Option<HeaderValue> {
    let inner = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match inner {
        Some(plain) if !plain.contains('\\') => HeaderValue::from_str(plain).ok(),
        Some(_) => HeaderValue::try_from(serde_json::from_str::<String>(raw).ok()?).ok(),
        None if raw.starts_with(|first: char| first == '-' || first.is_ascii_digit()) => {
            HeaderValue::from_str(raw).ok()
        }
        None => None,
    }
}

/// A body is JSON as it stands, or base64 in a string when it is of another type.
fn text_of(raw: &str, headers: &HeaderMap) -> String {
    if raw.is_empty() || raw == "null" {
        return String::new();
    }
    let is_json = headers
        .get(CONTENT_TYPE)
        .is_none_or(|kind| String::from_utf8_lossy(kind.as_bytes()).contains("json"));
    if !raw.starts_with('"') || is_json {
        return raw.to_owned();
    }
    let text: String = serde_json::from_str(raw).unwrap_or_default();
    let decoded = STANDARD
        .decode(&text)
        .or_else(|_| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')));
    decoded
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn writes_what_the_service_documents() {
        let read = Operation::get("/users/ana@t").query("$select", "id");
        let act = Operation::post("/users/ana@t/enable");
        let mut write_it = Operation::new(Method::PATCH, "/users/o'h").body(r#"{"a":1}"#);
        write_it.set_header("Prefer", "return=minimal").unwrap();
        let mut common = HeaderMap::new();
        common.insert("prefer", HeaderValue::from_static("x"));
        let text = write(
            &[
                Entry {
                    id: 0,
                    operation: &read,
                    depends_on: vec![],
                },
                Entry {
                    id: 1,
                    operation: &act,
                    depends_on: vec![0],
                },
                Entry {
                    id: 2,
                    operation: &write_it,
                    depends_on: vec![],
                },
            ],
            &common,
        );
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            value,
            serde_json::json!({"requests": [
                {"id": "0", "method": "GET", "url": "/users/ana@t?$select=id", "headers": {"prefer": "x"}},
                {"id": "1", "method": "POST", "url": "/users/ana@t/enable", "dependsOn": ["0"],
                 "headers": {"prefer": "x", "content-type": "application/json"}, "body": {}},
                {"id": "2", "method": "PATCH", "url": "/users/o'h",
                 "headers": {"prefer": "x, return=minimal", "content-type": "application/json"}, "body": {"a": 1}},
            ]})
        );
    }

    #[test]
    fn reads_answers_in_any_order_and_form() {
        let text = r#"{"responses":[
            {"id":"2","status":204},
            {"id":"0","status":200,"headers":{"Content-Type":"application/json","Retry-After":3},"body":{"n":1.10}},
            {"id":"1","status":"404","headers":{"Note":"a \"b\"","None":null,"Of":[1],"é":"x"},"body":{"error":{}}},
            {"id":"3","status":200,"headers":{"Content-Type":"text/plain"},"body":"aGk"},
            {"id":"x","status":200},{"status":200},{}],"other":[1]}"#;
        let answers = read(text).unwrap();
        assert_eq!(answers.len(), 4);
        assert_eq!(answers[&0].body, br#"{"n":1.10}"#);
        assert_eq!(answers[&0].headers["retry-after"], "3");
        assert_eq!(answers[&1].status, StatusCode::NOT_FOUND);
        assert_eq!(answers[&1].headers["note"], "a \"b\"");
        assert_eq!(answers[&1].headers.len(), 1);
        assert_eq!(answers[&2].body, b"");
        assert_eq!(answers[&3].body, b"hi");
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,120}", json in "[\\[\\]{}\":,a-z0-9]{0,80}") {
            let _ = read(&text);
            let _ = read(&format!("{{\"responses\":[{json}]}}"));
        }
    }
}
