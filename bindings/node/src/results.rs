//! Results of calls.

use serde_json::{Value, json};
use trunkline::dynamic::{self, Expected, read_answer};
use trunkline::{Operation, RawBody, Response, ResponseMeta, Result};
use trunkline_core::codec::{CheckedPage, CheckedRecord, DecodeError, Json, Layout, Reader, Writer};
use trunkline_core::pages::ListPosition;

use crate::events::{JsonText, Payload};
use crate::table::Table;
use crate::work::Ended;

/// The kind of list that is read page by page.
pub(crate) type List = trunkline::ListRequest<Json>;

/// The metadata of a value, as JSON. Put together by hand: it is part of every call, and few look at it.
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
    let metadata = JsonText::new(meta(response.meta()));
    let text = value(expected, response, operation)?;
    Ok((
        text.map_or(Payload::Nothing, |text| Payload::Text(JsonText::new(text))),
        Some(metadata),
    ))
}

/// The value of an answer as JSON text, or nothing. It was checked: what cannot be read is an error as in Rust.
pub(crate) fn value(expected: Expected, response: Response<RawBody>, operation: &Operation) -> Result<Option<String>> {
    let (raw, meta) = response.into_parts();
    let is_empty = raw.as_str().trim_ascii().is_empty();
    match expected {
        Expected::Optional(_) | Expected::Json if is_empty => Ok(None),
        Expected::Record(layout) | Expected::Optional(layout) => record(raw, &meta, operation, layout).map(Some),
        Expected::Value(content) => {
            let place = raw.read_as(&meta, operation, |text| read_answer(text, content))?;
            Ok(Some(dynamic::corrected_value(
                &text_at(raw.into_string(), place),
                content,
            )))
        }
        Expected::Json => {
            raw.read_as(&meta, operation, |text| {
                let mut reader = Reader::new(text);
                reader.raw()?;
                reader.finish()
            })?;
            Ok(Some(raw.into_string()))
        }
        Expected::Nothing | Expected::LongRunning(_) => Ok(None),
    }
}

/// A record as JSON text. It was checked, and what is forgiven in it is put right.
pub(crate) fn record(
    raw: RawBody,
    meta: &ResponseMeta,
    operation: &Operation,
    layout: &'static Layout,
) -> Result<String> {
    let checked = raw.read_as(meta, operation, |text| CheckedRecord::read(text, layout))?;
    let text = text_at(raw.into_string(), checked.place);
    Ok(if checked.forgiven {
        dynamic::corrected_record(&text, layout)
    } else {
        text
    })
}

/// The JSON value that begins at a place of a text which was checked.
fn text_at(text: String, place: usize) -> String {
    if place == 0 {
        return text;
    }
    let raw = Reader::new(&text[place..]).raw().map(str::to_owned);
    raw.unwrap_or(text)
}

/// Reads a page. It was checked, and what is forgiven in it is put right.
pub(crate) fn read_page(text: String, layout: &'static Layout) -> std::result::Result<CheckedPage, DecodeError> {
    let mut page = CheckedPage::read(text, layout)?;
    if page.forgiven {
        page = CheckedPage::read(dynamic::corrected_page(&page.text, layout), layout)?;
    }
    Ok(page)
}

/// A page, and what belongs to it.
pub(crate) fn page(page: Response<CheckedPage>, position: &ListPosition) -> (Payload, Option<JsonText>) {
    let metadata = JsonText::new(page_metadata(&page, position).to_string());
    let page = page.into_value();
    let payload = match Table::of(&page.text[page.place..], page.length) {
        Some(table) => Payload::Table(Box::new(table)),
        None => Payload::Text(JsonText::new(page.text)),
    };
    (payload, Some(metadata))
}

/// The metadata of a page.
pub(crate) fn page_metadata(page: &Response<CheckedPage>, position: &ListPosition) -> Value {
    let mut metadata = json!({ "meta": meta(page.meta()) });
    if let Some(count) = page.value().count {
        metadata["count"] = count.into();
    }
    if let Some(continuation) = &position.continuation {
        metadata["continuation"] = continuation.to_string().into();
    }
    if position.repeated > 0 {
        metadata["repeated"] = position.repeated.into();
    }
    if let Some(doubt) = &position.doubt {
        metadata["doubt"] = doubt.to_string().into();
    }
    metadata
}
