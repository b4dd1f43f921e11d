//! Events of calls as JSON, for functions of the program.

use serde_json::{Map, Value, json};
use trunkline::{CallEvent, CallEventKind};

/// An event as `spec/trunkline/events.toml` describes it: a JSON object.
#[must_use]
pub fn event_json(event: &CallEvent<'_>) -> String {
    let own = match event.kind {
        CallEventKind::Request { waited } => json!({ "waited": waited.as_secs_f64() }),
        CallEventKind::Response {
            status,
            fault,
            request_id,
            duration,
            waited,
            in_batch,
            pace,
        } => json!({
            "status": status,
            "fault": fault,
            "requestId": request_id.map(|id| id.to_string()),
            "duration": duration.as_secs_f64(),
            "waited": waited.as_secs_f64(),
            "inBatch": in_batch,
            "pace": pace,
        }),
        CallEventKind::Retry { wait, reason } | CallEventKind::Throttle { wait, reason } => {
            json!({ "wait": wait.as_secs_f64(), "reason": reason })
        }
        CallEventKind::Order { progress, age } => json!({ "progress": progress, "age": age.as_secs_f64() }),
        CallEventKind::Row { ending } => json!({ "ending": ending }),
        _ => json!({}),
    };
    let mut members = Map::new();
    members.insert("kind".to_owned(), event.kind.name().into());
    let time = event.time.duration_since(trunkline::Timestamp::UNIX_EPOCH);
    members.insert("time".to_owned(), time.as_secs_f64().into());
    if !matches!(event.kind, CallEventKind::Row { .. }) {
        members.insert("call".to_owned(), event.call.into());
        members.insert("operation".to_owned(), event.operation.into());
        members.insert("template".to_owned(), event.template.into());
        members.insert("method".to_owned(), event.method.into());
        members.insert("host".to_owned(), event.host.into());
        members.insert("port".to_owned(), event.port.into());
        members.insert("group".to_owned(), event.group.into());
        members.insert("attempt".to_owned(), event.attempt.into());
        let id = event.client_request_id.map(|id| id.to_string());
        members.insert("clientRequestId".to_owned(), id.into());
    }
    if let Value::Object(own) = own {
        members.extend(own);
    }
    Value::Object(members).to_string()
}
