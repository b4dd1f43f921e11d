//! The plan of an intent: the operations it would send.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::Operation;
use crate::decision::Decision;

/// The steps of an intent, in order. Returned by the `plan` of an intent, which reads and sends nothing.
///
/// Without a state that is `known`, steps that depend on what is read are all there, their purposes say when they are
/// taken, and what only reading tells stands in angle brackets, such as `<object id of the user>`.
///
/// ```no_run
/// # fn run(client: trunkline::Client) -> trunkline::Result<()> {
/// for step in client.numbers().unassign("+12065550100").plan()?.steps {
///     println!("{:?} {}: {}", step.action, step.operation.relative_url(), step.purpose);
/// }
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Plan {
    /// The requests and waits.
    pub steps: Vec<PlanStep>,
    /// The decision for the known state; absent when none is, or when it is not known who is meant.
    pub decision: Option<Decision>,
}

/// One request of a [`Plan`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PlanStep {
    /// The purpose of the request.
    pub action: PlanAction,
    /// The request.
    pub operation: Operation,
    /// Why it is sent, and what depends on it, in a few words.
    pub purpose: Cow<'static, str>,
}

/// The purpose of a request of a [`Plan`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlanAction {
    /// It reads.
    Read,
    /// It changes something.
    Send,
    /// It is repeated until an order is at its end.
    Wait,
}

impl PlanAction {
    /// `read`, `send` or `wait`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Send => "send",
            Self::Wait => "wait",
        }
    }
}

impl PlanStep {
    /// A step of a plan, for programs that add requests of their own.
    #[must_use]
    pub fn new(action: PlanAction, operation: Operation, purpose: impl Into<Cow<'static, str>>) -> Self {
        Self {
            action,
            operation,
            purpose: purpose.into(),
        }
    }
}

impl Serialize for PlanStep {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut structure = serializer.serialize_struct("PlanStep", 3)?;
        structure.serialize_field("action", self.action.as_str())?;
        structure.serialize_field("purpose", &self.purpose)?;
        structure.serialize_field("operation", &self.operation)?;
        structure.end()
    }
}

impl Plan {
    pub(crate) fn push(&mut self, action: PlanAction, operation: Operation, purpose: impl Into<Cow<'static, str>>) {
        self.steps.push(PlanStep::new(action, operation, purpose));
    }
}

/// The placeholder in a plan for a value that only the service knows.
pub(crate) fn placeholder(what: &str) -> String {
    format!("<{what}>")
}
