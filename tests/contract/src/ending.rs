//! How a call ended, and whether that is what its case expects.

use serde_json::{Value, json};
use trunkline::{Error, Response};

use crate::case::{Failure, Outcome};
use crate::json;

/// How a call ended.
#[derive(Debug)]
pub enum Ending {
    /// With one value.
    Value(Value),
    /// With these items, of all pages.
    Items(Vec<Value>),
    /// With nothing.
    Nothing,
    /// With an operation that goes on.
    LongRunning {
        /// Its id.
        id: String,
        /// The value of the accepting answer.
        value: Option<Value>,
    },
    /// With an error.
    Failed(Error),
    /// A batch: one ending for each call.
    Answers(Vec<Ending>),
}

/// How a call ended and the status it ended with.
#[derive(Debug)]
pub struct Observed {
    /// How.
    pub ending: Ending,
    /// The status, if the service answered.
    pub status: Option<u16>,
}

impl Observed {
    /// The result of one request; `tell` says what its value is.
    pub fn of<T>(result: trunkline::Result<Response<T>>, tell: impl FnOnce(T) -> Ending) -> Self {
        match result {
            Ok(response) => {
                let (value, meta) = response.into_parts();
                Self {
                    ending: tell(value),
                    status: Some(meta.status().as_u16()),
                }
            }
            Err(error) => Self::failed(error),
        }
    }

    /// A failure.
    #[must_use]
    pub fn failed(error: Error) -> Self {
        Self {
            status: error.status().map(|status| status.as_u16()),
            ending: Ending::Failed(error),
        }
    }
}

/// The difference between expected and actual result, or `None`.
#[must_use]
pub fn difference(expected: &Outcome, ending: &Ending) -> Option<String> {
    match (expected, ending) {
        (Outcome::Value(expected), Ending::Value(found)) => json::difference(
            &json::without_links(expected.clone()),
            &json::without_links(found.clone()),
        ),
        (Outcome::Items(expected), Ending::Items(found)) => {
            let found = json::without_links(Value::from(found.clone()));
            json::difference(&json::without_links(Value::from(expected.clone())), &found)
        }
        (Outcome::None(true), Ending::Nothing) => None,
        (Outcome::LongRunning(expected), Ending::LongRunning { id, value }) => {
            if expected.id != *id {
                return Some(format!("the operation's id is {id:?}, expected {:?}", expected.id));
            }
            match (&expected.value, value) {
                (None, None) => None,
                (Some(expected), Some(found)) => json::difference(
                    &json::without_links(expected.clone()),
                    &json::without_links(found.clone()),
                )
                .map(|what| format!("what the 202 carries: {what}")),
                (expected, found) => Some(format!("the 202 carries {found:?}, expected {expected:?}")),
            }
        }
        (Outcome::Error(expected), Ending::Failed(error)) => failure_difference(expected, error),
        // A batch that fails as a whole fails each of its calls.
        (Outcome::Error(_), Ending::Answers(endings)) if !endings.is_empty() => {
            endings.iter().find_map(|ending| difference(expected, ending))
        }
        (Outcome::Answers(expected), Ending::Answers(found)) if expected.len() == found.len() => expected
            .iter()
            .zip(found)
            .enumerate()
            .find_map(|(index, (expected, found))| {
                Some(format!("answer {}: {}", index + 1, difference(expected, found)?))
            }),
        (expected, found) => Some(format!("ended with {found:?}, expected {expected:?}")),
    }
}

fn failure_difference(expected: &Failure, error: &Error) -> Option<String> {
    let found = json!({
        "kind": error.kind().name(),
        "status": error.status().map(|status| status.as_u16()),
        "code": error.code(),
        "claims": error.claims(),
    });
    let checks = [
        ("kind", expected.kind.clone().map(Value::from)),
        ("status", expected.status.map(Value::from)),
        ("code", expected.code.clone().map(Value::from)),
        ("claims", expected.claims.clone().map(Value::from)),
    ];
    for (name, value) in checks {
        if let Some(value) = value
            && found[name] != value
        {
            return Some(format!(
                "the error's {name} is {}, expected {value}; {error}",
                found[name]
            ));
        }
    }
    unsound(error)
}

/// Mistakes in the texts of an error, whatever its kind.
#[must_use]
pub fn unsound(error: &Error) -> Option<String> {
    let line = error.to_string();
    if line.contains(['\n', '\r']) || line.trim().is_empty() {
        return Some(format!("the error is not one line: {line:?}"));
    }
    if error.next_step().is_empty() {
        return Some(format!("the error does not say what to do next: {line}"));
    }
    for shown in [
        line,
        format!("{error:?}"),
        format!("{error:#?}"),
        error.to_json().to_string(),
    ] {
        if shown.contains(crate::TOKEN) {
            return Some(format!("the error shows the token: {shown}"));
        }
    }
    None
}
