//! The requests that a command would send: the same operation values, printed instead of sent.

use serde_json::{Value, json};
use trunkline::{PlanAction, PlanStep};

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

/// Steps in the order in which they would be taken.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    steps: Vec<PlanStep>,
}

impl From<trunkline::Plan> for Plan {
    fn from(plan: trunkline::Plan) -> Self {
        Self { steps: plan.steps }
    }
}

impl Plan {
    /// Goes on with these steps.
    pub(crate) fn extend(&mut self, steps: impl IntoIterator<Item = PlanStep>) {
        self.steps.extend(steps);
    }

    /// The reads before anything is changed.
    pub(crate) fn up_to_the_change(mut self) -> Self {
        let first = self.steps.iter().position(|step| step.action == PlanAction::Send);
        self.steps.truncate(first.unwrap_or(self.steps.len()));
        self
    }

    /// Without what comes after the last request that changes something, when nobody waits for its end.
    pub(crate) fn without_the_end(mut self) -> Self {
        let last = self.steps.iter().rposition(|step| step.action == PlanAction::Send);
        self.steps.truncate(last.map_or(0, |last| last + 1));
        self
    }

    /// The plan as a result.
    pub(crate) fn into_document(self) -> Document {
        let numbered = (1..).zip(&self.steps);
        let steps: Vec<Value> = numbered
            .map(|(number, step)| {
                json!({
                    "step": number,
                    "action": step.action.as_str(),
                    "purpose": step.purpose,
                    "operation": step.operation,
                })
            })
            .collect();
        let mut text = String::from("nothing was sent; this is what would be done:\n");
        for step in &steps {
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
        Document::new(Value::Array(steps), COLUMNS).with_text(text.join("\n"))
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
