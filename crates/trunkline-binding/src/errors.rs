//! An error as JSON, of which a binding makes the class of its kind: `{"kind": …, "text": …, "fields": {…}}`.

use std::error::Error as _;

use serde_json::{Map, Value};
use trunkline::dynamic::Misfit;
use trunkline::{Error, ErrorKind, RetryAdvice};
use trunkline_bulk::BulkError;
use trunkline_core::language::{self, Language};

use crate::generated;

/// The fields of an error, spelled as the caller's language spells them.
#[derive(Debug)]
pub struct Fields {
    is_node: bool,
    values: Map<String, Value>,
}

impl Default for Fields {
    fn default() -> Self {
        Self {
            is_node: language::current() == Language::Node,
            values: Map::new(),
        }
    }
}

impl Fields {
    /// Sets a field, unless there is nothing to say.
    pub(crate) fn set(&mut self, python: &str, node: &str, value: impl Into<Value>) {
        let value = value.into();
        if !value.is_null() {
            let name = if self.is_node { node } else { python };
            self.values.insert(name.to_owned(), value);
        }
    }
}

/// An error as JSON.
#[must_use]
pub fn error_json(error: &Error) -> String {
    let mut fields = Fields::default();
    generated::error_fields(error, &mut fields);
    json(error.kind().name(), &error.to_string(), fields)
}

/// An error of the library itself, such as a panic.
#[must_use]
pub fn internal() -> Error {
    Error::new(ErrorKind::InvalidInput, "an internal error of the library")
        .with_next_step("Report it with what was called")
}

/// An error of bulk work as JSON, without the error of the service that caused it.
#[must_use]
pub fn bulk_error_json(error: &BulkError) -> String {
    let mut fields = Fields::default();
    fields.set("kind", "kind", error.kind().name());
    fields.set("message", "summary", error.what());
    fields.set("next_step", "nextStep", error.next_step());
    if fields.is_node {
        // Node has no other way to hand an error over together with its cause.
        fields.set("", "cause", error.service().map(error_json));
    }
    json("bulk", &error.to_string(), fields)
}

/// `kind` comes first: by that JavaScript knows the text of a thrown error for one of ours.
fn json(kind: &str, text: &str, fields: Fields) -> String {
    let (kind, text) = (Value::from(kind), Value::from(text));
    format!(
        "{{\"kind\":{kind},\"text\":{text},\"fields\":{}}}",
        Value::Object(fields.values)
    )
}

/// The headers of the answer; one that is no text is left out.
pub(crate) fn headers(error: &Error) -> Option<Map<String, Value>> {
    let headers = error.headers()?.iter();
    let texts = headers.filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.into())));
    Some(texts.collect())
}

/// The JSON path in the answer that could not be read, or in the body that the caller gave.
pub(crate) fn path(error: &Error) -> Option<&str> {
    let misfit = error.source().and_then(|source| source.downcast_ref::<Misfit>());
    error.path().or(misfit.map(Misfit::path))
}

pub(crate) fn retry_after(error: &Error) -> Option<f64> {
    match error.retry_advice() {
        RetryAdvice::After(wait) => Some(wait.as_secs_f64()),
        _ => None,
    }
}

pub(crate) fn retry_at(error: &Error) -> Option<String> {
    match error.retry_advice() {
        RetryAdvice::Until(moment) => Some(moment.to_string()),
        _ => None,
    }
}
