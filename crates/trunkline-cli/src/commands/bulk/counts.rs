//! The summary of a plan: how many rows will what, and what is wrong with the file.

use serde_json::{Value, json};
use trunkline_bulk::input::{Input, Severity};
use trunkline_bulk::plan::{Plan, PlanSummary};

use super::counted;

/// How many rows will what, and what is wrong with the file.
pub(super) struct Counts {
    pub(super) plan: PlanSummary,
    /// Of the refused rows, those that cannot be read.
    unreadable: u64,
    errors: u64,
    warnings: u64,
}

impl Counts {
    pub(super) fn of(input: Option<&Input>, plan: &Plan) -> Self {
        let problems = |severity| input.map_or(0, |input| input.problems().count(severity));
        Self {
            plan: plan.summary(),
            unreadable: input.map_or(0, |input| input.unreadable().len() as u64),
            errors: problems(Severity::Error),
            warnings: problems(Severity::Warning),
        }
    }

    pub(super) fn json(&self) -> Value {
        let mut summary = json!(self.plan);
        summary["unreadable"] = json!(self.unreadable);
        summary["problems"] = json!({"errors": self.errors, "warnings": self.warnings});
        summary
    }

    pub(super) fn sentence(&self) -> String {
        let plan = &self.plan;
        let mut text = counted(plan.rows, "row");
        text.push_str(&format!(
            ": {} to change in {}, {} already correct, {} blocked",
            plan.change,
            counted(plan.steps, "step"),
            plan.already,
            plan.refused
        ));
        if self.unreadable > 0 {
            text.push_str(&format!(" ({} of them cannot be read)", self.unreadable));
        }
        if plan.losses > 0 {
            let taken = if plan.losses == 1 {
                "is taken from its holder"
            } else {
                "are taken from their holders"
            };
            text.push_str(&format!("; {} {taken}", counted(plan.losses, "number")));
            if plan.replaced > 0 {
                text.push_str(&format!(", {} of them by --replace", plan.replaced));
            }
        }
        text
    }
}
