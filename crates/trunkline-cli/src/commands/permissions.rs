//! `trunkline permissions`: the generated operation table, for people.

mod check;
mod likeness;
mod registration;
mod repetition;

use serde_json::{Value, json};
use trunkline::{ErrorKind, OPERATIONS};

use super::Report;
use crate::arguments::Permissions;
use crate::document::{Column, Document};
use crate::environment;
use crate::failure::Failure;
use crate::settings::Settings;

const LISTED: &[Column] = &[
    Column::shown("id", "/id"),
    Column::shown("title", "/title").below(),
    Column::shown("application", "/places/0/application/least").drops(1),
    Column::shown("delegated", "/places/0/delegated/least").drops(2),
    Column::further("method", "/method"),
    Column::further("path", "/places/0/path"),
    Column::further("clouds", "/places/0/clouds"),
    Column::further("roles", "/roles"),
    Column::further("reference", "/reference"),
];

/// Where the service's reference pages are.
const REFERENCE: &str = "https://learn.microsoft.com/graph/api/";

pub(super) fn run(permissions: &Permissions, settings: &Settings<'_>) -> Result<Report, Failure> {
    if !permissions.features.is_empty() {
        return Ok(registration::document(permissions, settings)?.into());
    }
    let table = table();
    let Some(id) = &permissions.operation else {
        return Ok(Document::new(Value::Array(table), LISTED).into());
    };
    let is_meant = |operation: &Value| {
        operation["id"]
            .as_str()
            .is_some_and(|known| known.eq_ignore_ascii_case(id))
    };
    let Some(mut json) = table.into_iter().find(is_meant) else {
        return Err(unknown(id));
    };
    let mut text = lines(&json);
    let mut code = 0;
    if permissions.check {
        let token = environment::TOKEN.value()?.ok_or_else(|| {
            let next_step = "Set it to the token in question";
            Failure::refused(
                ErrorKind::InvalidInput,
                format!("{} is not set", environment::TOKEN.name),
                next_step,
            )
        })?;
        let verdict = check::verdict(&json, token.trim())?;
        text.push_str(&verdict.sentence);
        code = u8::from(!verdict.sufficient);
        json["check"] = verdict.json;
    }
    Ok(Report {
        document: Some(Document::new(json, LISTED).with_text(text)),
        code,
    })
}

/// Everything that the table says, operation by operation.
fn table() -> Vec<Value> {
    let describe = OPERATIONS.0.iter().map(|operation| {
        let places = operation.paths.iter().map(|place| {
            json!({
                "path": place.template,
                "clouds": place.clouds.iter().map(trunkline::Cloud::name).collect::<Vec<_>>(),
                "delegated": place.delegated.map(|set| json!({"least": set.least, "higher": set.higher})),
                "application": place.application.map(|set| json!({"least": set.least, "higher": set.higher})),
            })
        });
        json!({
            "id": operation.id,
            "title": operation.title,
            "method": operation.method.as_str(),
            "places": places.collect::<Vec<_>>(),
            "roles": operation.roles,
            "idempotency": repetition::of(operation.idempotency),
            "longRunning": operation.long_running.is_some(),
            "throttling": operation.throttling,
            "reference": operation.reference.map(|page| format!("{REFERENCE}{page}")),
            "corrections": operation.corrections,
        })
    });
    describe.collect()
}

fn lines(json: &Value) -> String {
    use std::fmt::Write;

    let text_of = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list_of = |value: &Value| -> Vec<String> { value.as_array().into_iter().flatten().map(text_of).collect() };
    let mut text = format!("{}: {}\n", text_of(&json["id"]), text_of(&json["title"]));
    for place in json["places"].as_array().into_iter().flatten() {
        let _ = writeln!(text, "\n{} {}", text_of(&json["method"]), text_of(&place["path"]));
        let _ = writeln!(text, "  clouds       {}", list_of(&place["clouds"]).join(", "));
        for kind in ["application", "delegated"] {
            let least = match &place[kind] {
                Value::Null => "not offered".to_owned(),
                set => list_of(&set["least"]).join(" or "),
            };
            let _ = writeln!(text, "  {kind:<12} {least}");
            let higher = list_of(&place[kind]["higher"]);
            if !higher.is_empty() {
                let _ = writeln!(text, "    also       {}", higher.join(", "));
            }
        }
    }
    text.push('\n');
    let roles = list_of(&json["roles"]);
    if !roles.is_empty() {
        let _ = writeln!(
            text,
            "roles          {} (one of them, for a signed-in user)",
            roles.join(", ")
        );
    }
    let repetition = match json["idempotency"]["kind"].as_str() {
        Some("safe") => "it reads; any number of times".to_owned(),
        Some("idempotent") => "ends in the same state".to_owned(),
        Some("confirm") => format!(
            "only after {} has shown that it did not happen",
            text_of(&json["idempotency"]["by"])
        ),
        _ => "never".to_owned(),
    };
    let _ = writeln!(text, "sent again     {repetition}");
    if let Some(how) = json["idempotency"]["how"].as_str() {
        let _ = writeln!(text, "               {how}");
    }
    if json["longRunning"] == true {
        let _ = writeln!(text, "ends           later: the answer names an order to wait for");
    }
    if let Some(reference) = json["reference"].as_str() {
        let _ = writeln!(text, "reference      {reference}");
    }
    text
}

fn unknown(id: &str) -> Failure {
    let near = likeness::nearest(id, OPERATIONS.0.iter().map(|operation| operation.id));
    let next_step = if near.is_empty() {
        "Run `trunkline permissions` for all of them".to_owned()
    } else {
        format!("Did you mean {}?", near.join(", "))
    };
    let shown: String = id.chars().take(60).collect();
    Failure::refused(
        ErrorKind::NotFound,
        format!("there is no operation {shown:?}"),
        next_step,
    )
}
