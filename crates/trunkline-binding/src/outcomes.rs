//! Outcomes and progress as JSON.

use serde::Serialize;
use serde_json::{Map, Value, json};
use trunkline::numbers::Progress;
use trunkline::phones::PhoneProgress;
use trunkline::policies::PolicyProgress;
use trunkline::{ChangeProgress, Operation, ResponseMeta};
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

    /// Progress of a change to records of a user, which stand in the field `name`.
    fn of_change(progress: &ChangeProgress<Vec<impl Encode>>, name: &str) -> Self {
        match progress {
            ChangeProgress::Found(records) => {
                let records: Vec<Value> = records.iter().map(record).collect();
                Self::new("found", name, json!(records))
            }
            ChangeProgress::Sending(operation) => Self::sending(operation),
            ChangeProgress::Answered(meta) => Self::answered(meta),
            ChangeProgress::InDoubt => Self::of_kind("inDoubt"),
            ChangeProgress::Settling => Self::of_kind("settling"),
            _ => Self::of_kind("other"),
        }
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
            Progress::InDoubt => Self::of_kind("inDoubt"),
            Progress::Settling => Self::of_kind("settling"),
            _ => Self::of_kind("other"),
        }
    }
}

impl From<&PhoneProgress> for ProgressRecord {
    fn from(progress: &PhoneProgress) -> Self {
        Self::of_change(progress, "methods")
    }
}

impl From<&PolicyProgress> for ProgressRecord {
    fn from(progress: &PolicyProgress) -> Self {
        Self::of_change(progress, "policies")
    }
}

fn record(record: &impl Encode) -> Value {
    serde_json::from_slice(&record.encode()).unwrap_or_default()
}
