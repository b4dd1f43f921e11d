//! Errors as JSON, of which `errors.ts` makes the class of their kind.

use std::error::Error as _;
use std::time::Duration;

use napi::JsError;
use napi_derive::napi;
use trunkline::{Error, ErrorKind};
use trunkline_binding::{ArgumentError, bulk_error_json, error_json};
use trunkline_bulk::BulkError;

use crate::events::Cause;

/// An error for the program.
#[derive(Debug)]
pub struct Failure {
    /// The error as JSON.
    pub(crate) text: String,
    /// The number under which the program keeps what its function threw.
    pub(crate) cause: Option<u32>,
}

/// A result for the program.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let mut source = error.source();
        let cause = std::iter::from_fn(|| {
            let current = source?;
            source = current.source();
            Some(current)
        })
        .find_map(|current| current.downcast_ref::<Cause>());
        Self {
            text: error_json(&error),
            cause: cause.map(|cause| cause.0),
        }
    }
}

impl From<BulkError> for Failure {
    fn from(error: BulkError) -> Self {
        Self {
            text: bulk_error_json(&error),
            cause: None,
        }
    }
}

impl From<ArgumentError> for Failure {
    fn from(error: ArgumentError) -> Self {
        Error::from(error).into()
    }
}

impl From<Failure> for JsError {
    fn from(failure: Failure) -> Self {
        napi::Error::from_reason(failure.text).into()
    }
}

/// An error about how the package is used.
pub(crate) fn misuse(message: impl Into<std::borrow::Cow<'static, str>>, next_step: &'static str) -> Error {
    Error::new(ErrorKind::InvalidInput, message).with_next_step(next_step)
}

/// The duration of an argument in seconds.
pub(crate) fn duration(name: &str, seconds: f64) -> Result<Duration> {
    let duration = Duration::try_from_secs_f64(seconds).map_err(|_| {
        misuse(
            format!("{name} must be a number of seconds that is not negative"),
            "Give seconds, for instance 2.5",
        )
    })?;
    Ok(duration)
}

/// Every kind of error there is, for the check that each has its class.
#[napi]
pub fn error_kinds() -> Vec<&'static str> {
    ErrorKind::ALL.iter().map(|kind| kind.name()).collect()
}

/// Reads JSON that the package wrote; an error names what is wrong.
pub(crate) fn read<'o, T: serde::Deserialize<'o>>(json: &'o str) -> Result<T> {
    let value = serde_json::from_str(json).map_err(|error| {
        let text = error.to_string();
        let reason = text.split(" at line ").next().unwrap_or_default();
        misuse(
            format!("the options cannot be used: {reason}"),
            "See the types of the options",
        )
    })?;
    Ok(value)
}
