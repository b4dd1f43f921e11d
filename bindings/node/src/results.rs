//! What calls answer.

use serde_json::{Map, Value, json};
use trunkline::dynamic::{Expected, read_answer};
use trunkline::{Continuation, Operation, RawBody, Response, ResponseMeta, Result};
use trunkline_core::codec::{CheckedPage, CheckedRecord, DecodeError, Json, Layout, Reader, Writer};
use trunkline_core::http::{HeaderMap, HeaderValue};

use crate::events::{JsonText, Told};
use crate::work::Ended;

/// The kind of list that is read page by page.
pub(crate) type List = trunkline::ListRequest<Json>;

/// Headers by name; what is no text is left out.
pub(crate) fn headers(headers: &HeaderMap) -> Map<String, Value> {
    let text = |value: &HeaderValue| value.to_str().ok().map(Value::from);
    headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), text(value)?)))
        .collect()
}

/// What came beside a value, as JSON. Put together by hand: it is part of every call, and few look at it.
pub(crate) fn meta(meta: &ResponseMeta) -> String {
    let mut writer = Writer::new();
    writer.begin_object();
    writer.member("status");
    writer.integer(meta.status().as_u16().into());
    writer.member("attempts");
    writer.integer(meta.attempts().into());
    writer.member("clientRequestId");
    writer.string(&meta.client_request_id());
    if let Some(id) = meta.request_id() {
        writer.member("requestId");
        writer.string(id);
    }
    writer.member("headers");
    writer.begin_object();
    for (name, value) in meta.headers() {
        if let Ok(value) = value.to_str() {
            writer.member(name.as_str());
            writer.string(value);
        }
    }
    writer.end_object();
    writer.end_object();
    String::from_utf8(writer.into_bytes()).unwrap_or_default()
}

/// The end of a request.
pub(crate) fn finish(expected: Expected, response: Response<RawBody>, operation: &Operation) -> Ended {
    let beside = JsonText::new(meta(response.meta()));
    let text = value(expected, response, operation)?;
    Ok((
        text.map_or(Told::Nothing, |text| Told::Text(JsonText::new(text))),
        Some(beside),
    ))
}

/// The value of an answer as JSON text, or nothing. It was checked: what cannot be read is an error as in Rust.
pub(crate) fn value(expected: Expected, response: Response<RawBody>, operation: &Operation) -> Result<Option<String>> {
    let (raw, meta) = response.into_parts();
    let is_empty = raw.as_str().trim_ascii().is_empty();
    let place = match expected {
        Expected::Record(layout) => raw.read_as(&meta, operation, |text| checked(layout, text))?,
        Expected::Perhaps(layout) if !is_empty => raw.read_as(&meta, operation, |text| checked(layout, text))?,
        Expected::Value(content) => raw.read_as(&meta, operation, |text| read_answer(text, content))?,
        Expected::Json if !is_empty => {
            raw.read_as(&meta, operation, |text| {
                let mut reader = Reader::new(text);
                reader.raw()?;
                reader.finish()
            })?;
            0
        }
        _ => return Ok(None),
    };
    Ok(Some(text_at(raw.into_string(), place)))
}

/// Checks a record by the field table, and gives the place of its object: it may come in a wrapper.
pub(crate) fn checked(layout: &'static Layout, text: &str) -> std::result::Result<usize, DecodeError> {
    Ok(CheckedRecord::read(text, layout)?.place)
}

/// The JSON value that begins at a place of a text which was checked.
pub(crate) fn text_at(text: String, place: usize) -> String {
    if place == 0 {
        return text;
    }
    let raw = Reader::new(&text[place..]).raw().map(str::to_owned);
    raw.unwrap_or(text)
}

/// A page, and what belongs to it.
pub(crate) fn page(page: Response<CheckedPage>, continuation: Option<&Continuation>) -> (Told, Option<JsonText>) {
    let beside = JsonText::new(page_beside(&page, continuation).to_string());
    (Told::Text(JsonText::new(page.into_value().text)), Some(beside))
}

/// What belongs to a page beside its items.
pub(crate) fn page_beside(page: &Response<CheckedPage>, continuation: Option<&Continuation>) -> Value {
    let mut beside = json!({ "meta": meta(page.meta()) });
    if let Some(count) = page.value().count {
        beside["count"] = count.into();
    }
    if let Some(continuation) = continuation {
        beside["continuation"] = continuation.to_string().into();
    }
    beside
}
