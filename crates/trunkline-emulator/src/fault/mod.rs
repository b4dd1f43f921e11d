//! Faults on demand: the requests that they match, and their effect on the answer.

mod application;
mod book;
mod former;
mod shapes;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::login::SignInError;

pub(crate) use application::{Delivery, Outcome, apply};
pub(crate) use book::{Chosen, FaultBook};
pub(crate) use former::Former;
pub use shapes::documented_shapes;

/// A fault: which requests it strikes, how often, and with what effect.
///
/// In JSON the effect is an object with a `kind`, for example
/// `{"method":"POST","path":"assignNumber","nth":3,"commit":true,"effect":{"kind":"drop"}}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// A name for the log; the effect's kind if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The HTTP method; any if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// A part of the decoded path, or a pattern for all of it when it holds a `*`. Case does not matter. With a `?` in
    /// it, path and query are compared together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The first occurrence to strike, counted from one among the requests that match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nth: Option<u32>,
    /// Maximum number of strikes. Absent means once if `nth` is set, else every time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// Strike only with this probability, drawn from a generator that starts at `seed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// Seed of the generator for `probability`.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub seed: u64,
    /// Carry the request out before the effect, where the effect would otherwise replace it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub commit: bool,
    /// The effects, in order.
    pub effect: Effect,
}

// The signature is serde's.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(value: &u64) -> bool {
    *value == 0
}

/// One effect of a fault.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Effect {
    /// Answers with a status and a Graph error body.
    Status {
        /// The status code.
        status: u16,
        /// `error.code`; one fitting the status if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// `error.message`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        /// The text of `Retry-After`, sensible or not. A fault file may write a number.
        #[serde(
            default,
            skip_serializing_if = "Option::is_none",
            deserialize_with = "text_or_number"
        )]
        retry_after: Option<String>,
        /// `Retry-After` as an HTTP date this many seconds from now, or before now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_date: Option<i64>,
        /// More headers.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        headers: BTreeMap<String, String>,
        /// A body in place of the Graph error.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<Value>,
    },
    /// Closes the connection without a byte of an answer.
    Drop {},
    /// Announces the whole body, sends a part and closes the connection.
    Cut {
        /// Number of bytes to send; half of them if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<usize>,
    },
    /// Waits before answering: in real time, or in the emulator's where that is scaled.
    Delay {
        /// The delay.
        milliseconds: u64,
    },
    /// Sends the body in pieces with pauses: in real time, or in the emulator's where that is scaled.
    Slow {
        /// Bytes in a piece.
        chunk: usize,
        /// The pause after each piece.
        milliseconds: u64,
    },
    /// 401 with a claims challenge, until a request comes with another token.
    Claims {
        /// The claims asked for; the documented sample if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        claims: Option<Value>,
        /// The text to put into the header in place of encoded claims, to be malformed on purpose.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        raw: Option<String>,
    },
    /// The login authority refuses a sign-in, with this error. Other requests are not struck.
    SignInError {
        /// The error.
        error: SignInError,
    },
    /// An HTML page, as a gateway would answer: without an id of the service's.
    Html {
        /// The status code.
        status: u16,
    },
    /// Keeps status and headers, but the body is not JSON.
    NotJson {},
    /// Keeps status and headers, but the body is empty.
    Empty {},
    /// A redirect of something in between, without an id of the service's.
    Redirect {
        /// The status code, 302 or 307 for example.
        status: u16,
        /// The target of the redirect.
        location: String,
    },
    /// Replaces `Location`. `{url}`, `{location}` and `{id}` stand for the root, the former value and its last key.
    ReplaceLocation {
        /// The new value; the header goes away if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<String>,
    },
    /// Replaces `@odata.nextLink`, with the same placeholders.
    ReplaceNextLink {
        /// The new value; the member goes away if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<String>,
    },
    /// 403 for a user whose sign-in with a second factor is older than ten minutes, until a token comes with `ngcmfa` in its
    /// `amr`. Tokens of applications pass.
    StaleSignIn {
        /// Whether the answer has a claims challenge; without one it says nothing of the reason.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        challenge: bool,
    },
    /// The next link is the address of this very request.
    RepeatNextLink {},
    /// A page without items whose next link is the address of this very request.
    EmptyPage {},
    /// A list ends after so many items and has no next link, although there are more.
    ShortPage {
        /// Number of items that remain.
        items: usize,
    },
    /// Repeats the first item of a list.
    RepeatItem {},
    /// A reading answers as it did before the address last changed, when that is so many seconds ago or less: a replica that
    /// is behind. Only answers that were given while such a fault was in force are known.
    Stale {
        /// Maximum delay of the reading.
        seconds: u64,
    },
    /// Sets the member at a JSON pointer.
    Set {
        /// The pointer, `/value/0/numberType` for example. `*` stands for every item of a list.
        pointer: String,
        /// The value.
        value: Value,
    },
    /// Removes the member at a JSON pointer, in which `*` stands for every item of a list.
    Remove {
        /// The pointer.
        pointer: String,
    },
    /// Sets a header, or removes it.
    Header {
        /// Its name.
        name: String,
        /// Its value; absent removes it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<String>,
    },
    /// One entity inside `{"value": …}`, as many documented samples show it.
    WrapValue {},
    /// The list is an object, its first item.
    ObjectValue {},
    /// Booleans are the texts `"true"` and `"false"`.
    StringBooleans {},
    /// Every `@odata.type` is missing.
    WithoutType {},
    /// Several effects, in order.
    All {
        /// The effects.
        effects: Vec<Effect>,
    },
}

impl Effect {
    /// Whether the effect stands in for the request's own answer, so that nothing is carried out without `commit`.
    fn replaces(&self) -> bool {
        match self {
            Self::Status { .. }
            | Self::Drop {}
            | Self::Claims { .. }
            | Self::StaleSignIn { .. }
            | Self::SignInError { .. }
            | Self::Html { .. }
            | Self::Redirect { .. } => true,
            Self::All { effects } => effects.iter().any(Self::replaces),
            _ => false,
        }
    }

    /// Whether something between the service and its callers answers.
    pub(crate) fn is_foreign(&self) -> bool {
        match self {
            Self::Html { .. } | Self::Redirect { .. } => true,
            Self::All { effects } => effects.iter().any(Self::is_foreign),
            _ => false,
        }
    }

    /// Whether it is about signing in, and strikes the login authority alone.
    pub(crate) fn is_of_sign_in(&self) -> bool {
        match self {
            Self::SignInError { .. } => true,
            Self::All { effects } => effects.iter().any(Self::is_of_sign_in),
            _ => false,
        }
    }

    /// Maximum delay of a reading, in seconds.
    pub(crate) fn behind(&self) -> Option<u64> {
        match self {
            Self::Stale { seconds } => Some(*seconds),
            Self::All { effects } => effects.iter().find_map(Self::behind),
            _ => None,
        }
    }

    /// The name of the kind, as JSON spells it.
    fn kind(&self) -> String {
        let value = serde_json::to_value(self).unwrap_or_default();
        value["kind"].as_str().unwrap_or_default().to_owned()
    }

    /// A status with a Graph error body.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::Status {
            status,
            code: None,
            message: None,
            retry_after: None,
            retry_after_date: None,
            headers: BTreeMap::new(),
            body: None,
        }
    }

    /// 429, with `Retry-After` in seconds if given.
    #[must_use]
    pub fn throttled(seconds: Option<u64>) -> Self {
        Self::retry_after(429, seconds.map(|seconds| seconds.to_string()))
    }

    /// A status with any text as `Retry-After`.
    #[must_use]
    pub fn retry_after(status: u16, retry_after: Option<String>) -> Self {
        Self::Status {
            status,
            code: None,
            message: None,
            retry_after,
            retry_after_date: None,
            headers: BTreeMap::new(),
            body: None,
        }
    }

    /// 409 as it comes when a phone method was made although its number cannot be used to sign in. Goes with
    /// [`Fault::committed`].
    #[must_use]
    pub fn phone_number_not_unique() -> Self {
        let Self::Status {
            status,
            message,
            retry_after,
            retry_after_date,
            headers,
            body,
            ..
        } = Self::status(409)
        else {
            return Self::status(409);
        };
        let code = Some("phoneNumberNotUnique".to_owned());
        Self::Status {
            status,
            code,
            message,
            retry_after,
            retry_after_date,
            headers,
            body,
        }
    }
}

impl Fault {
    /// A fault that strikes every request.
    #[must_use]
    pub fn new(effect: Effect) -> Self {
        Self {
            name: None,
            method: None,
            path: None,
            nth: None,
            times: None,
            probability: None,
            seed: 0,
            commit: false,
            effect,
        }
    }

    /// A fault that strikes once.
    #[must_use]
    pub fn once(effect: Effect) -> Self {
        Self::new(effect).times(1)
    }

    /// Strikes this method alone.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        self.method = Some(method.to_owned());
        self
    }

    /// Strikes these paths alone.
    #[must_use]
    pub fn path(mut self, path: &str) -> Self {
        self.path = Some(path.to_owned());
        self
    }

    /// Strikes from the nth match on, counted from one.
    #[must_use]
    pub fn nth(mut self, nth: u32) -> Self {
        self.nth = Some(nth);
        self
    }

    /// Strikes this often.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Strikes with a probability, repeatably.
    #[must_use]
    pub fn probability(mut self, probability: f64, seed: u64) -> Self {
        self.probability = Some(probability);
        self.seed = seed;
        self
    }

    /// Carries the request out first.
    #[must_use]
    pub fn committed(mut self) -> Self {
        self.commit = true;
        self
    }

    /// A name for the log.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }

    /// Its name in the log.
    fn label(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.effect.kind())
    }
}

fn text_or_number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match <Value as serde::Deserialize>::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        Value::Number(number) => Ok(Some(number.to_string())),
        _ => Err(serde::de::Error::custom("'retryAfter' is a text or a number")),
    }
}
