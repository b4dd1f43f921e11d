//! The main job on an embedded emulator: assign a telephone number, wait for the order, read the number back; change a
//! user's mobile phone method and read it back. `cargo xtask demo` runs it; `--json` prints one JSON object.

#![allow(clippy::print_stdout, reason = "an example talks to people")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use trunkline::OpenEnum as _;
use trunkline::phones::PhoneRole;
use trunkline::{ChangeProgress, Client, Credential, Current};
use trunkline_emulator::Emulator;

const NUMBER: &str = "+12061234567";
const USER: &str = "ana@contoso.example";
const MOBILE: &str = "+1 206-555-0199";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let as_json = std::env::args().any(|argument| argument == "--json");
    // Slow enough that every stage of the order is seen.
    let emulator = Emulator::builder()
        .stage_duration(Duration::from_millis(1_700))
        .start()
        .await?;
    let client = Client::builder()
        .endpoint(emulator.url())
        .credential(Credential::token(emulator.token()))
        .build()?;
    let say = |line: String| {
        if !as_json {
            println!("{line}");
        }
    };
    say(format!("emulator      {}", emulator.url()));

    // Assign, telling how far it has come.
    let seen: Arc<Mutex<Vec<Value>>> = Arc::default();
    let watch = {
        let seen = Arc::clone(&seen);
        move |progress: &ChangeProgress| {
            let (line, value) = describe(progress);
            if !as_json {
                println!("{line}");
            }
            if let Ok(mut seen) = seen.lock() {
                seen.push(value);
            }
        }
    };
    say(format!("assign        {NUMBER} to {USER}"));
    let outcome = client.numbers().assign(NUMBER, USER).with_progress(watch).await?;
    for order in &outcome.orders {
        for verdict in &order.verdicts {
            say(format!(
                "  verdict     {}: {}",
                NUMBER,
                verdict.status.as_deref().unwrap_or("no status")
            ));
        }
    }
    say(format!("  read back   {outcome}"));
    for warning in &outcome.warnings {
        say(format!("  note        {warning}"));
    }
    let again = client.numbers().assign(NUMBER, USER).await?;
    say(format!("  once more   {again}"));

    // Change the mobile phone method.
    say(format!("phone         mobile of {USER} becomes {MOBILE}"));
    let phone = client.phones(USER).set(PhoneRole::Mobile, MOBILE).await?;
    say(format!("  {:<12}{phone}", format!("{:?}", phone.change).to_lowercase()));

    if as_json {
        let progress = seen.lock().map(|seen| seen.clone()).unwrap_or_default();
        let report = json!({
            "emulator": emulator.url(),
            "assignment": { "progress": progress, "outcome": outcome, "again": again },
            "phoneMethod": phone,
        });
        println!("{report:#}");
    }
    Ok(())
}

fn describe(progress: &ChangeProgress) -> (String, Value) {
    match progress {
        ChangeProgress::Found(Current::Number(number)) => {
            let kind = number.number_type.value().map_or("unknown", |kind| kind.as_str());
            (
                format!("  found       a {kind} number, free"),
                json!({ "found": number }),
            )
        }
        ChangeProgress::Accepted { id, token } => (
            format!("  order       {id}"),
            json!({ "accepted": { "id": id, "token": token } }),
        ),
        ChangeProgress::Answered(meta) => (
            format!("  answered    {}", meta.status()),
            json!({ "answered": meta.status().as_u16() }),
        ),
        ChangeProgress::Stage(status) => (format!("  stage       {status}"), json!({ "stage": status })),
        ChangeProgress::InDoubt => ("  answer lost, reading the number".to_owned(), json!("inDoubt")),
        ChangeProgress::Settling => ("  waiting     not active yet".to_owned(), json!("settling")),
        ChangeProgress::Sending(operation) => (
            format!("  sending     {} {}", operation.method(), operation.masked_path()),
            json!({ "sending": operation.method().as_str() }),
        ),
        other => (format!("  {other:?}"), Value::Null),
    }
}
