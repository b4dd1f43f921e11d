//! What a command would read and send: the same operation values, printed instead of sent.

use serde_json::{Value, json};
use trunkline::Operation;

use crate::document::{Column, Document};

const COLUMNS: &[Column] = &[
    Column::shown("step", "/step"),
    Column::shown("action", "/action"),
    Column::shown("operation", "/operation/operation"),
    Column::shown("method", "/operation/method"),
    Column::shown("url", "/operation/url"),
    Column::shown("body", "/operation/body"),
    Column::shown("purpose", "/purpose"),
];

/// What stands in a plan for what only the service knows.
pub(crate) fn placeholder(what: &str) -> String {
    format!("<{what}>")
}

/// Steps in the order in which they would be taken.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    steps: Vec<Value>,
}

impl Plan {
    /// Something that would be read.
    pub(crate) fn read(&mut self, operation: &Operation, purpose: &str) {
        self.step("read", Some(operation), purpose);
    }

    /// Something that would be sent, and changes something.
    pub(crate) fn send(&mut self, operation: &Operation, purpose: &str) {
        self.step("send", Some(operation), purpose);
    }

    /// The state of an order that would be read until it ends.
    pub(crate) fn wait(&mut self, operation: &Operation, purpose: &str) {
        self.step("wait", Some(operation), purpose);
    }

    fn step(&mut self, action: &str, operation: Option<&Operation>, purpose: &str) {
        let step = self.steps.len() + 1;
        let operation = operation.map(Operation::to_json);
        self.steps
            .push(json!({"step": step, "action": action, "purpose": purpose, "operation": operation}));
    }

    /// The plan as a result.
    pub(crate) fn into_document(self) -> Document {
        let mut text = String::from("nothing was sent; this is what would be done:\n");
        for step in &self.steps {
            let of = |pointer: &str| step.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
            let (number, action, purpose) = (&step["step"], of("/action"), of("/purpose"));
            let (method, url) = (of("/operation/method"), readable(of("/operation/url")));
            text.push_str(&format!("{number}. {action} {method} {url}\n"));
            if let Some(body) = step.pointer("/operation/body").filter(|body| !body.is_null()) {
                text.push_str(&format!("   {body}\n"));
            }
            text.push_str(&format!("   {purpose}\n"));
        }
        let text: Vec<_> = text.lines().map(crate::document::printable).collect();
        Document::new(Value::Array(self.steps), COLUMNS).with_text(text.join("\n"))
    }
}

/// An address without the encoding, as far as that is sound.
fn readable(url: &str) -> String {
    let mut bytes = Vec::with_capacity(url.len());
    let mut rest = url.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let decoded = (first == b'%')
            .then(|| tail.get(..2))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match decoded {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_readable() {
        assert_eq!(
            readable("/a?$filter=x%20eq%20'%2B1'&b=100%"),
            "/a?$filter=x eq '+1'&b=100%"
        );
        assert_eq!(readable("/a%ff"), "/a%ff");
    }
}
