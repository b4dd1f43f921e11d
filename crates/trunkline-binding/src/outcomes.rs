//! Outcomes and progress as JSON.

use serde::Serialize;
use serde_json::{Map, Value, json};
use trunkline::numbers::Progress;
use trunkline::phones::PhoneProgress;
use trunkline::{Operation, ResponseMeta};
use trunkline_core::codec::Encode;

/// An outcome as JSON, with the same in a line.
pub fn outcome_json(outcome: &(impl Serialize + ToString)) -> String {
    let mut value = serde_json::to_value(outcome).unwrap_or_default();
    value["text"] = outcome.to_string().into();
    value.to_string()
}

/// Progress of a change: a record of `spec/trunkline/outcomes.toml`, and the metadata that belongs into its field `meta`.
#[derive(Debug)]
pub struct ProgressRecord {
    /// The record.
    pub fields: Map<String, Value>,
    /// Its metadata, which each binding writes in its own way.
    pub meta: Option<ResponseMeta>,
}

impl ProgressRecord {
    fn new(kind: &str, name: &str, value: Value) -> Self {
        let mut fields = Map::new();
        fields.insert("kind".to_owned(), kind.into());
        if !value.is_null() {
            fields.insert(name.to_owned(), value);
        }
        Self { fields, meta: None }
    }

    fn of_kind(kind: &str) -> Self {
        Self::new(kind, "", Value::Null)
    }

    fn sending(operation: &Operation) -> Self {
        Self::new("sending", "request", operation.to_json())
    }

    fn answered(meta: &ResponseMeta) -> Self {
        Self {
            meta: Some(meta.clone()),
            ..Self::of_kind("answered")
        }
    }
}

impl From<&Progress> for ProgressRecord {
    fn from(progress: &Progress) -> Self {
        match progress {
            Progress::Found(number) => Self::new("found", "number", record(&**number)),
            Progress::Sending(operation) => Self::sending(operation),
            Progress::Answered(meta) => Self::answered(meta),
            Progress::Accepted { id, token } => {
                let mut accepted = Self::new("accepted", "id", id.as_str().into());
                accepted.fields.insert("token".to_owned(), token.as_str().into());
                accepted
            }
            Progress::Stage(status) => Self::new("stage", "status", status.as_str().into()),
            Progress::AnswerLost => Self::of_kind("answer_lost"),
            Progress::Settling => Self::of_kind("settling"),
            _ => Self::of_kind("other"),
        }
    }
}

impl From<&PhoneProgress> for ProgressRecord {
    fn from(progress: &PhoneProgress) -> Self {
        match progress {
            PhoneProgress::Found(methods) => {
                let methods: Vec<Value> = methods.iter().map(record).collect();
                Self::new("found", "methods", json!(methods))
            }
            PhoneProgress::Sending(operation) => Self::sending(operation),
            PhoneProgress::Answered(meta) => Self::answered(meta),
            PhoneProgress::InDoubt => Self::of_kind("in_doubt"),
            PhoneProgress::Settling => Self::of_kind("settling"),
            _ => Self::of_kind("other"),
        }
    }
}

fn record(record: &impl Encode) -> Value {
    serde_json::from_slice(&record.encode()).unwrap_or_default()
}
