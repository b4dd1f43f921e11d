//! Outcomes and progress as JSON.

use serde::Serialize;
use serde_json::{Map, Value};
use trunkline::{ChangeProgress, Current, ResponseMeta};
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
}

impl From<&ChangeProgress> for ProgressRecord {
    fn from(progress: &ChangeProgress) -> Self {
        match progress {
            ChangeProgress::Found(Current::Number(number)) => Self::new("found", "number", record(&**number)),
            ChangeProgress::Found(Current::Phones(methods)) => Self::new("found", "methods", records(methods)),
            ChangeProgress::Found(Current::Policies(assignments)) => {
                Self::new("found", "policies", records(assignments))
            }
            ChangeProgress::Sending(operation) => Self::new("sending", "request", operation.to_json()),
            ChangeProgress::Answered(meta) => Self {
                meta: Some((**meta).clone()),
                ..Self::of_kind("answered")
            },
            ChangeProgress::Accepted { id, token } => {
                let mut accepted = Self::new("accepted", "id", id.as_str().into());
                accepted.fields.insert("token".to_owned(), token.as_str().into());
                accepted
            }
            ChangeProgress::Stage(status) => Self::new("stage", "status", status.as_str().into()),
            ChangeProgress::InDoubt => Self::of_kind("inDoubt"),
            ChangeProgress::Settling => Self::of_kind("settling"),
            _ => Self::of_kind("other"),
        }
    }
}

fn records(records: &[impl Encode]) -> Value {
    records.iter().map(record).collect()
}

fn record(record: &impl Encode) -> Value {
    serde_json::from_slice(&record.encode()).unwrap_or_default()
}
