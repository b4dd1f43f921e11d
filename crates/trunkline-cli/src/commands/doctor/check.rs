//! The result of one check.

use serde_json::{Value, json};

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Ok,
    Warning,
    Failed,
}

impl Standing {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
        }
    }
}

/// One thing that was examined.
#[derive(Debug)]
pub(super) struct Check {
    pub(super) standing: Standing,
    pub(super) name: String,
    pub(super) what: String,
    pub(super) next_step: String,
    /// A command to copy that takes the next step.
    pub(super) command: Option<String>,
}

impl Check {
    pub(super) fn ok(name: impl Into<String>, what: impl Into<String>) -> Self {
        Self::new(Standing::Ok, name, what, "")
    }

    pub(super) fn warning(name: impl Into<String>, what: impl Into<String>, next_step: impl Into<String>) -> Self {
        Self::new(Standing::Warning, name, what, next_step)
    }

    pub(super) fn failed(name: impl Into<String>, what: impl Into<String>, next_step: impl Into<String>) -> Self {
        Self::new(Standing::Failed, name, what, next_step)
    }

    pub(super) fn new(
        standing: Standing,
        name: impl Into<String>,
        what: impl Into<String>,
        next_step: impl Into<String>,
    ) -> Self {
        Self {
            standing,
            name: name.into(),
            what: what.into(),
            next_step: next_step.into(),
            command: None,
        }
    }

    /// Sets the command that takes the next step.
    pub(super) fn with_command(mut self, command: impl Into<String>) -> Self {
        self.command = Some(command.into());
        self
    }

    /// The message of an error, and its next step.
    pub(super) fn of_error(name: impl Into<String>, error: &trunkline::Error) -> Self {
        let code = error.code().map(|code| format!(" ({code})")).unwrap_or_default();
        Self::failed(name, format!("{}{code}", error.message()), error.next_step())
    }

    pub(super) fn json(&self) -> Value {
        let next_step = Some(&self.next_step).filter(|step| !step.is_empty());
        json!({
            "standing": self.standing.name(),
            "name": self.name,
            "what": self.what,
            "nextStep": next_step,
            "command": self.command,
        })
    }
}
