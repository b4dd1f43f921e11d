//! Writes JSON text.

use std::borrow::Cow;

/// A value that may not be sent.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) property: &'static str,
    pub(super) reason: String,
    pub(super) advice: Cow<'static, str>,
}

/// Puts JSON text together; commas are its business.
#[derive(Debug, Default)]
pub struct Writer {
    text: Vec<u8>,
    /// Whether texts with a grammar are checked: in bodies that are sent, not in copies of what came.
    checks: bool,
    /// The first value that was refused.
    refused: Option<Refusal>,
}

impl Writer {
    /// An empty text.
    #[must_use]
    pub fn new() -> Self {
        Self {
            text: Vec::with_capacity(256),
            ..Self::default()
        }
    }

    /// An empty text in which texts with a grammar are checked.
    #[must_use]
    pub fn checked() -> Self {
        Self {
            checks: true,
            ..Self::new()
        }
    }

    /// Whether texts with a grammar are checked.
    #[must_use]
    pub fn checks(&self) -> bool {
        self.checks
    }

    /// Notes that a value may not be sent.
    pub(super) fn refuse(&mut self, property: &'static str, reason: String, advice: impl Into<Cow<'static, str>>) {
        self.refused.get_or_insert(Refusal {
            property,
            reason,
            advice: advice.into(),
        });
        self.null();
    }

    /// The text, if nothing was refused; otherwise the first value that was.
    pub(super) fn finish(self) -> Result<Vec<u8>, Refusal> {
        match self.refused {
            None => Ok(self.text),
            Some(refused) => Err(refused),
        }
    }

    /// The text.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.text
    }

    /// Writes `null`.
    pub fn null(&mut self) {
        self.text.extend_from_slice(b"null");
    }

    /// Writes a boolean.
    pub fn boolean(&mut self, value: bool) {
        self.text.extend_from_slice(if value { b"true" } else { b"false" });
    }

    /// Writes a whole number.
    pub fn integer(&mut self, value: i64) {
        self.json(&value);
    }

    /// Writes a number; what JSON cannot write becomes OData's `"NaN"`, `"INF"`, `"-INF"`.
    pub fn number(&mut self, value: f64) {
        if value.is_finite() {
            self.json(&value);
        } else if value.is_nan() {
            self.string("NaN");
        } else {
            self.string(if value > 0.0 { "INF" } else { "-INF" });
        }
    }

    /// Writes a string, escaped.
    pub fn string(&mut self, value: &str) {
        self.json(value);
    }

    /// Writes text that is JSON already.
    pub fn raw(&mut self, json: &str) {
        self.text.extend_from_slice(json.as_bytes());
    }

    /// Begins an object.
    pub fn begin_object(&mut self) {
        self.text.push(b'{');
    }

    /// Writes the name of a member, after a comma if one is needed.
    pub fn member(&mut self, name: &str) {
        self.separate();
        self.json(name);
        self.text.push(b':');
    }

    /// Ends an object.
    pub fn end_object(&mut self) {
        self.text.push(b'}');
    }

    /// Begins a list.
    pub fn begin_array(&mut self) {
        self.text.push(b'[');
    }

    /// Comes before each element of a list.
    pub fn separate(&mut self) {
        if !matches!(self.text.last(), Some(b'{' | b'[') | None) {
            self.text.push(b',');
        }
    }

    /// Ends a list.
    pub fn end_array(&mut self) {
        self.text.push(b']');
    }

    fn json<T: serde::Serialize + ?Sized>(&mut self, value: &T) {
        // Writing a string or a number into memory cannot fail.
        let written = serde_json::to_writer(&mut self.text, value);
        debug_assert!(written.is_ok());
    }
}
