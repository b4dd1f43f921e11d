//! Steps that run the demo and look at what it printed.

use anyhow::Result;
use serde_json::{Value, json};

use super::tally::Tally;
use super::{Context, Outcome};
use crate::demo;

/// The number the demo assigns.
const NUMBER: &str = "+12061234567";

/// How it tells that a run was killed in the middle.
const KILLED: &str = "killed      with SIGKILL";

/// The demo as people see it.
pub(super) fn text(context: &Context<'_>) -> Result<Outcome> {
    Ok(match printed(context, false) {
        Ok(text) => {
            print!("{text}");
            outcome(check_text(&text))
        }
        Err(reason) => Outcome::Failed(Tally::default(), reason),
    })
}

/// The demo as programs see it.
pub(super) fn json(context: &Context<'_>) -> Result<Outcome> {
    Ok(match printed(context, true) {
        Ok(text) => outcome(check_json(&text)),
        Err(reason) => Outcome::Failed(Tally::default(), reason),
    })
}

fn outcome(checked: Result<(), String>) -> Outcome {
    match checked {
        Ok(()) => Outcome::Passed(Tally::default()),
        Err(reason) => Outcome::Failed(Tally::default(), reason),
    }
}

fn printed(context: &Context<'_>, json: bool) -> Result<String, String> {
    demo::printed(context.project, json).map_err(|error| format!("{error:#}"))
}

fn check_text(text: &str) -> Result<(), String> {
    if !text.contains(NUMBER) {
        return Err(format!("the demo does not show the number it assigned, {NUMBER}"));
    }
    if !text.contains(KILLED) {
        return Err("the demo does not show the run that was killed".to_owned());
    }
    Ok(())
}

/// The expected members of one JSON object, by JSON pointer: that the number was ordered, succeeded, and was read back;
/// that a whole file was killed, resumed and verified, and nothing was ordered twice.
fn promises() -> [(&'static str, Value); 8] {
    [
        ("/assignment/outcome/orders/0/verdicts/0/succeeded", json!(true)),
        ("/assignment/outcome/after/telephoneNumber", json!(NUMBER)),
        ("/assignment/outcome/after/assignmentStatus", json!("userAssigned")),
        ("/phoneMethod/change", json!("updated")),
        ("/bulk/rows", json!(200)),
        ("/bulk/resumed/unknown", json!(0)),
        ("/bulk/verified/drifted", json!(0)),
        ("/bulk/orders/twice", json!(0)),
    ]
}

/// Exactly one object, which says what was promised.
fn check_json(text: &str) -> Result<(), String> {
    let value: Value =
        serde_json::from_str(text).map_err(|error| format!("--json printed something else than JSON: {error}"))?;
    if !value.is_object() {
        return Err("--json printed something else than one object".to_owned());
    }
    for (pointer, expected) in promises() {
        let found = value.pointer(pointer).unwrap_or(&Value::Null);
        if *found != expected {
            return Err(format!("--json says {found} at {pointer}, not {expected}"));
        }
    }
    let phone = |when: &str| {
        value
            .pointer(&format!("/phoneMethod/{when}/phoneNumber"))
            .and_then(Value::as_str)
    };
    match (phone("before"), phone("after")) {
        (before, Some(after)) if before != Some(after) => Ok(()),
        _ => Err("--json does not show another number of the phone method than before".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demo() -> Value {
        json!({
            "assignment": { "outcome": {
                "orders": [{ "verdicts": [{ "succeeded": true }] }],
                "after": { "telephoneNumber": NUMBER, "assignmentStatus": "userAssigned" },
            } },
            "phoneMethod": {
                "change": "updated",
                "before": { "phoneNumber": "+1 2065550142" },
                "after": { "phoneNumber": "+1 2065550199" },
            },
            "bulk": {
                "rows": 200,
                "resumed": { "unknown": 0 },
                "verified": { "drifted": 0 },
                "orders": { "twice": 0 },
            },
        })
    }

    #[test]
    fn json_is_one_object_that_says_what_was_promised() {
        assert_eq!(check_json(&demo().to_string()), Ok(()));
        for (text, reason) in [
            ("[]", "something else than one object"),
            ("{} {}", "something else than JSON"),
            ("done", "something else than JSON"),
            (
                "{}",
                "null at /assignment/outcome/orders/0/verdicts/0/succeeded, not true",
            ),
        ] {
            let error = check_json(text).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn each_promise_can_be_broken() {
        let phone = "/phoneMethod/after/phoneNumber";
        for pointer in promises().map(|(pointer, _)| pointer).into_iter().chain([phone]) {
            let mut demo = demo();
            *demo.pointer_mut(pointer).unwrap() = json!("+1 2065550142");
            assert!(check_json(&demo.to_string()).is_err(), "{pointer}");
        }
    }

    #[test]
    fn the_text_shows_the_number_and_the_kill() {
        assert!(check_text("read back +12061234567\n  killed      with SIGKILL after 70 rows").is_ok());
        assert!(check_text("read back +12061234567").is_err());
        assert!(check_text("read back nothing").is_err());
    }
}
