//! The core's one error as JSON, of which `errors.ts` makes the class of its kind.

use std::error::Error as _;

use napi_derive::napi;
use serde_json::{Map, Value, json};
use trunkline::dynamic::Misfit;
use trunkline::{Error, ErrorKind, RetryAdvice};

use crate::credential::Cause;
use crate::events::JsonText;

/// An error as JSON.
pub(crate) fn json(error: &Error) -> String {
    let mut fields = Map::new();
    let mut set = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            fields.insert(name.to_owned(), value);
        }
    };
    let misfit = error.source().and_then(|source| source.downcast_ref::<Misfit>());
    let path = error.path().or(misfit.map(Misfit::path));
    set("summary", Some(error.message().into()));
    set("status", error.status().map(|status| status.as_u16().into()));
    set("code", error.code().map(Into::into));
    set("codes", Some(error.codes().into()));
    set("serviceMessage", error.service_message().map(Into::into));
    set("requestId", error.request_id().map(Into::into));
    set("clientRequestId", error.client_request_id().map(Into::into));
    set("nextStep", Some(error.next_step().into()));
    set("operation", error.operation().map(Into::into));
    set("method", error.method().map(|method| method.as_str().into()));
    set("target", error.target().map(Into::into));
    set("body", error.body().map(Into::into));
    set(
        "headers",
        error.headers().map(|headers| crate::results::headers(headers).into()),
    );
    set("path", path.map(Into::into));
    set("claims", error.claims().map(Into::into));
    set("resumeToken", error.resume_token().map(Into::into));
    set("attempts", Some(error.attempts().into()));
    set("mayHaveReachedService", Some(error.may_have_reached_service().into()));
    let advice = match error.retry_advice() {
        RetryAdvice::Never => "never",
        RetryAdvice::After(wait) => {
            set("retryAfter", Some(wait.as_secs_f64().into()));
            "after"
        }
        RetryAdvice::Until(end) => {
            set("retryAt", Some(end.to_string().into()));
            "until"
        }
        RetryAdvice::AfterReadBack => "after_read_back",
        _ => "later",
    };
    set("retryAdvice", Some(advice.into()));
    // `kind` comes first: that is how JavaScript knows the text of a thrown error for one of ours.
    let kind = Value::from(error.kind().name());
    let text = Value::from(error.to_string());
    format!(
        "{{\"kind\":{kind},\"text\":{text},\"fields\":{}}}",
        Value::Object(fields)
    )
}

/// Under which number the program knows what its credential threw.
pub(crate) fn cause(error: &Error) -> Option<JsonText> {
    let cause = error.source()?.downcast_ref::<Cause>()?;
    Some(JsonText::new(cause.0.to_string()))
}

/// An error that is thrown at once.
pub(crate) fn js_error(error: &Error) -> napi::Error {
    napi::Error::from_reason(json(error))
}

/// An error about how the package is used.
pub(crate) fn misuse(message: impl Into<std::borrow::Cow<'static, str>>, next_step: &'static str) -> Error {
    Error::new(ErrorKind::InvalidInput, message).with_next_step(next_step)
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

/// For texts that are JSON.
pub(crate) fn json_of(value: &impl serde::Serialize) -> JsonText {
    JsonText::new(serde_json::to_string(value).unwrap_or_else(|_| json!(null).to_string()))
}
