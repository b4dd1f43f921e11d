//! Why a step failed, in the words of the journal.

use trunkline::{Change, Error, mask};

use crate::outcome::Failure;
use crate::plan::{Finding, Severity, State, Step, StepId};

impl Failure {
    /// The message of the service or of an intent.
    pub(super) fn of(error: &Error) -> Self {
        Self {
            kind: error.kind().name().to_owned(),
            status: error.status().map(|status| status.as_u16()),
            code: error.code().map(str::to_owned),
            service_message: error.service_message().map(str::to_owned),
            what: error.message().to_owned(),
            next_step: error.next_step().to_owned(),
        }
    }

    /// One of ours.
    pub(crate) fn ours(kind: &str, what: impl Into<String>, next_step: impl Into<String>) -> Self {
        Self {
            kind: kind.to_owned(),
            status: None,
            code: None,
            service_message: None,
            what: what.into(),
            next_step: next_step.into(),
        }
    }

    /// Somebody changed it since it was planned.
    pub(super) fn stale(drift: &str) -> Self {
        let what = mask::text(drift);
        Self::ours(
            "stale",
            what,
            "Check whether the change is still wanted, then create a new plan",
        )
    }

    /// A step that this one needs failed.
    pub(super) fn needed(step: StepId, by: StepId) -> Self {
        let what = if step.0 == by.0 {
            "an earlier step of the row failed".to_owned()
        } else {
            format!("it depends on row {}, which did not succeed", by.0)
        };
        Self::ours(
            "neededStep",
            what,
            format!("Correct row {}, then create a new plan", by.0),
        )
    }

    /// A step takes a number for another one, which cannot be given.
    pub(super) fn pointless(step: StepId, by: StepId) -> Self {
        let what = if step.0 == by.0 {
            "the number was not taken from its holder, because it could not be assigned".to_owned()
        } else {
            format!("the number was not taken from its holder, because row {} failed", by.0)
        };
        Self::ours(
            "neededStep",
            what,
            format!("Correct row {}, then create a new plan", by.0),
        )
    }

    /// Numbers were taken before: says so first.
    pub(super) fn after_taking(&mut self, line: u32, taken: &[Step], before: Option<&State>) {
        let own = match before {
            Some(State::Number(before)) => Some(before.number.as_str()),
            _ => None,
        };
        let mut said = Vec::new();
        for step in taken {
            let Change::Unassign { number, .. } = &step.change else {
                continue;
            };
            if own == Some(number) {
                said.insert(0, "taken from its holder, not assigned".to_owned());
            } else {
                said.push(format!(
                    "{number} was released for row {line}, which did not get its number"
                ));
            }
        }
        if !said.is_empty() {
            self.what = format!("{}: {}", said.join("; "), self.what);
        }
    }

    /// A step that this one needs is not at its end.
    pub(super) fn awaited(step: StepId, by: StepId) -> Self {
        let what = if step.0 == by.0 {
            "an earlier step of the row has not ended".to_owned()
        } else {
            format!("it depends on row {}, which has not ended", by.0)
        };
        Self::ours("neededStep", what, "Run it again: it continues where it stopped")
    }

    /// Why planning refused the row.
    pub(super) fn refused(findings: &[Finding]) -> Self {
        match findings.iter().find(|finding| finding.severity == Severity::Error) {
            Some(finding) => Self::ours(&finding.code, finding.what.clone(), finding.next_step.clone()),
            None => Self::ours("refused", "planning refused the row", "Make a new plan"),
        }
    }
}
