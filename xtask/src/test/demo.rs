//! Steps that run the demo and look at what it printed.

use std::process::Stdio;

use anyhow::{Context as _, Result};

use super::tally::Tally;
use super::{Context, Outcome};
use crate::demo;

/// The number the demo assigns.
const NUMBER: &str = "+12061234567";

/// The demo as people see it.
pub(super) fn text(context: &Context<'_>) -> Result<Outcome> {
    Ok(match printed(context, false)? {
        Ok(text) => {
            print!("{text}");
            outcome(check_text(&text))
        }
        Err(reason) => Outcome::Failed(Tally::default(), reason),
    })
}

/// The demo as programs see it.
pub(super) fn json(context: &Context<'_>) -> Result<Outcome> {
    Ok(match printed(context, true)? {
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

fn printed(context: &Context<'_>, json: bool) -> Result<Result<String, String>> {
    let output = demo::command(context.project, json)
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start cargo")?;
    if !output.status.success() {
        return Ok(Err(format!("the demo ended with {}", output.status)));
    }
    Ok(String::from_utf8(output.stdout).map_err(|_| "the demo printed something that is no text".to_owned()))
}

fn check_text(text: &str) -> Result<(), String> {
    if text.contains(NUMBER) {
        Ok(())
    } else {
        Err(format!("the demo does not show the number it assigned, {NUMBER}"))
    }
}

/// Exactly one object, which holds the number somewhere.
fn check_json(text: &str) -> Result<(), String> {
    let value: serde_json::Value =
        serde_json::from_str(text).map_err(|error| format!("--json printed something else than JSON: {error}"))?;
    match value {
        serde_json::Value::Object(_) => check_text(text),
        _ => Err("--json printed something else than one object".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::check_json;

    #[test]
    fn json_is_one_object_with_the_number() {
        assert_eq!(check_json("{ \"number\": \"+12061234567\" }\n"), Ok(()));
        for (text, reason) in [
            ("[]", "something else than one object"),
            ("{} {}", "something else than JSON"),
            ("done", "something else than JSON"),
            ("{}", "does not show the number"),
        ] {
            let error = check_json(text).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
