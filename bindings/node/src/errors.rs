//! The core's one error as JSON, of which `errors.ts` makes the class of its kind.

use std::error::Error as _;
use std::time::Duration;

use napi_derive::napi;
use trunkline::{Error, ErrorKind};
use trunkline_binding::error_json;

use crate::events::{Cause, JsonText};

/// Under which number the program knows what its credential threw.
pub(crate) fn cause(error: &Error) -> Option<JsonText> {
    let cause = error.source()?.downcast_ref::<Cause>()?;
    Some(JsonText::new(cause.0.to_string()))
}

/// An error that is thrown at once.
pub(crate) fn js_error(error: &Error) -> napi::Error {
    napi::Error::from_reason(error_json(error))
}

/// An error about how the package is used.
pub(crate) fn misuse(message: impl Into<std::borrow::Cow<'static, str>>, next_step: &'static str) -> Error {
    Error::new(ErrorKind::InvalidInput, message).with_next_step(next_step)
}

/// Seconds that a caller gave.
pub(crate) fn duration(name: &str, seconds: f64) -> trunkline::Result<Duration> {
    Duration::try_from_secs_f64(seconds).map_err(|_| {
        misuse(
            format!("{name} must be a number of seconds that is not negative"),
            "Give seconds, for instance 2.5",
        )
    })
}

/// Every kind of error there is, for the check that each has its class.
#[napi]
pub fn error_kinds() -> Vec<&'static str> {
    ErrorKind::ALL.iter().map(|kind| kind.name()).collect()
}

/// Reads options that the package wrote; an error names what is wrong.
pub(crate) fn options<'o, T: serde::Deserialize<'o>>(json: &'o str) -> trunkline::Result<T> {
    serde_json::from_str(json).map_err(|error| unusable(&error))
}

/// The same for a part of them.
pub(crate) fn value<T: serde::de::DeserializeOwned>(value: serde_json::Value) -> trunkline::Result<T> {
    serde_json::from_value(value).map_err(|error| unusable(&error))
}

fn unusable(error: &serde_json::Error) -> Error {
    let text = error.to_string();
    let reason = text.split(" at line ").next().unwrap_or_default();
    misuse(
        format!("the options cannot be used: {reason}"),
        "See the types of the options",
    )
}
