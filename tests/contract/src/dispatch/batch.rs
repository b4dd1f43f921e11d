//! Several calls in one.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};
use trunkline::Client;

use crate::call::Call;
use crate::case::{Case, Options};
use crate::ending::{Ending, Observed};

/// The id of the operation that sends a batch.
pub const SEND: &str = "batch.send";

/// One call of a batch.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    operation: String,
    place: BTreeMap<String, String>,
    #[serde(default)]
    arguments: Map<String, Value>,
    #[serde(default)]
    options: Options,
    #[serde(default)]
    headers: BTreeMap<String, String>,
}

/// Sends the calls of a case as one batch.
///
/// # Errors
///
/// When the case does not say which calls.
pub async fn send(client: &Client, case: &Case) -> Result<Observed, String> {
    let requests = case.arguments.get("requests").cloned().unwrap_or_default();
    let parts: Vec<Part> = serde_json::from_value(requests).map_err(|error| format!("the requests: {error}"))?;
    let mut batch = client.batch();
    let mut taking = Vec::new();
    for part in &parts {
        let call = Call::new(client, &part.place, &part.arguments, &part.options, &part.headers);
        taking.push((super::plan(&part.operation, &call)?.adding)(&mut batch));
    }
    let mut answers = batch.send().await;
    let observed: Vec<Observed> = taking.into_iter().map(|take| take(&mut answers)).collect();
    // A batch that is answered has the status 200, whatever its parts have; one that is refused, that of all parts.
    let answered = observed
        .iter()
        .any(|observed| !matches!(observed.ending, Ending::Failed(_)));
    let status = if answered {
        Some(200)
    } else {
        observed.first().and_then(|observed| observed.status)
    };
    Ok(Observed {
        ending: Ending::Answers(observed.into_iter().map(|observed| observed.ending).collect()),
        status,
    })
}
