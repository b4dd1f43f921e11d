//! One case, run once.

use std::sync::Arc;

use trunkline::{Client, Credential, TestClock};
use trunkline_emulator::{ClockMode, Emulator, TokenRequest};

use crate::call::Call;
use crate::case::{Case, EmulatorRun, Outcome, WireRequest, WireResponse};
use crate::dispatch;
use crate::ending::{self, Ending, Observed};
use crate::json;
use crate::recorder::{Recorder, Reply};
use crate::wire;

/// Differences from the expectations of a case; empty when they are met.
pub type Differences = Vec<String>;

/// Runs a case against a server that records.
///
/// # Errors
///
/// When the case cannot be run at all.
pub async fn recorded(operation: &str, case: &Case) -> Result<Differences, String> {
    let exchanges: Vec<(&WireRequest, &WireResponse)> = case
        .request
        .iter()
        .zip(&case.response)
        .chain(case.then.iter().map(|exchange| (&exchange.request, &exchange.response)))
        .collect();
    let script = |root: &str| exchanges.iter().map(|(_, response)| reply(response, root)).collect();
    let recorder = Recorder::start(script).await.map_err(|error| error.to_string())?;
    let root = recorder.root();
    let client = client(&root, crate::TOKEN.to_owned(), TestClock::default())?;
    let observed = call(&client, operation, case).await?;
    let expected: Vec<&WireRequest> = exchanges.iter().map(|(request, _)| *request).collect();
    let mut differences = wire::differences(&expected, &recorder.seen(), &root);
    differences.extend(ending::difference(&rooted(&case.outcome, &root)?, &observed.ending));
    Ok(differences)
}

fn reply(response: &WireResponse, root: &str) -> Reply {
    let mut reply = Reply::status(response.status);
    for (name, value) in &response.headers {
        reply = reply.header(name, value.replace("{root}", root));
    }
    match &response.body {
        serde_json::Value::Null => reply,
        body => reply.body(body.to_string().replace("{root}", root)),
    }
}

/// The outcome with the server's root filled in.
fn rooted(outcome: &Outcome, root: &str) -> Result<Outcome, String> {
    let text = json::of(outcome).to_string().replace("{root}", root);
    serde_json::from_str(&text).map_err(|error| error.to_string())
}

/// Runs a case through an emulator of its own.
///
/// # Errors
///
/// When the case cannot be run at all.
pub async fn emulated(operation: &str, case: &Case, expected: &EmulatorRun) -> Result<Differences, String> {
    let mut builder = Emulator::builder().clock(ClockMode::Manual);
    if let Some(seed) = &expected.seed {
        builder = builder.seed(seed.clone());
    }
    let emulator = builder.start().await.map_err(|error| error.to_string())?;
    let clock = TestClock::new(emulator.now());
    let service_clock = emulator.clock();
    clock.on_advance(move |by| service_clock.advance(by));
    let own = case.place.get("root").is_some_and(|root| root == "me");
    let user = expected.delegated.then_some(if own {
        "ana@contoso.example"
    } else {
        "gina@contoso.example"
    });
    let token = emulator.issue_token(TokenRequest {
        user: user.map(str::to_owned),
        ..TokenRequest::default()
    });
    let client = client(emulator.url(), token, clock)?;
    let observed = call(&client, operation, case).await?;
    Ok(emulator_differences(expected, &observed))
}

fn emulator_differences(expected: &EmulatorRun, observed: &Observed) -> Differences {
    let mut differences = Vec::new();
    if observed.status != Some(expected.status) {
        differences.push(format!(
            "the status is {:?}, expected {}: {:?}",
            observed.status, expected.status, observed.ending
        ));
    }
    let met = expected.contains.is_empty()
        || match &observed.ending {
            Ending::Value(value) | Ending::LongRunning { value: Some(value), .. } => {
                json::contains(value, &expected.contains)
            }
            Ending::Items(items) => items.iter().any(|item| json::contains(item, &expected.contains)),
            _ => false,
        };
    if !met {
        differences.push(format!(
            "{:?} does not contain {:?}",
            observed.ending, expected.contains
        ));
    }
    if let Ending::Failed(error) = &observed.ending {
        differences.extend(ending::unsound(error));
    }
    differences
}

/// A client that asks for nothing by itself: every header and option of a case is the case's own.
fn client(root: &str, token: String, clock: TestClock) -> Result<Client, String> {
    Client::builder()
        .endpoint(root)
        .credential(Credential::token(token))
        .clock(Arc::new(clock))
        .no_proxy()
        .unknown_enum_members(false)
        .build()
        .map_err(|error| error.to_string())
}

async fn call(client: &Client, operation: &str, case: &Case) -> Result<Observed, String> {
    if operation == dispatch::SEND {
        return dispatch::send(client, case).await;
    }
    let call = Call::new(client, &case.place, &case.arguments, &case.options, &case.headers);
    let planned = dispatch::plan(operation, &call)?;
    Ok(planned.sending.await)
}
