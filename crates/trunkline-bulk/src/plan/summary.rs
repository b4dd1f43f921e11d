//! A plan as a whole: how many rows do what, what is taken from people, and what to look at before it is carried out.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use trunkline::Change;

use super::suggestions::SUGGESTED;
use super::{Finding, Plan, PlannedRow, Severity, Verdict};

/// The finding of a row of an undo that assigns what its run released.
pub(crate) const RELEASED_BY_RUN: &str = "releasedByRun";

/// How many numbers one piece of advice names.
const NAMED: usize = 20;

/// How many rows of a plan do what, and what is taken from people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PlanSummary {
    /// All rows.
    pub rows: u64,
    /// Rows that change something.
    pub change: u64,
    /// Changes that are sent for them.
    pub steps: u64,
    /// Rows that are already correct.
    pub already: u64,
    /// Rows that are refused.
    pub refused: u64,
    /// Numbers that somebody loses.
    pub losses: u64,
    /// Of these, numbers that no row names: they make room for another number of the same person.
    pub replaced: u64,
    /// Of these, numbers that are assigned again by the same plan.
    pub reassigned: u64,
    /// Mails that a tenant may send to people: one for each assignment and each release.
    pub mails: u64,
}

impl Plan {
    /// How many rows do what, and what is taken from people.
    #[must_use]
    pub fn summary(&self) -> PlanSummary {
        let mut summary = PlanSummary::default();
        for row in &self.rows {
            summary.count(row);
        }
        summary.reassigned = reassigned(&self.rows);
        summary
    }

    /// Notes for an administrator on the plan as a whole: settings of the tenant that Graph
    /// does not show.
    #[must_use]
    pub fn advice(&self) -> Vec<Finding> {
        let summary = self.summary();
        let mut advice = Vec::new();
        let is_suggested = |row: &&PlannedRow| row.findings.iter().any(|finding| finding.code == SUGGESTED);
        let suggested = self.rows.iter().filter(is_suggested).count() as u64;
        if suggested > 0 {
            advice.push(suggestions_accepted(suggested));
        }
        let released: Vec<&str> = self.rows.iter().filter_map(released_by_run).collect();
        if !released.is_empty() {
            advice.push(lift(&released));
        } else if summary.reassigned > 0 {
            advice.push(released_then_assigned(summary.reassigned));
        } else if summary.losses > 0 {
            advice.push(no_way_back(summary.losses));
        }
        if summary.mails > 0 {
            advice.push(mails(summary.mails));
        }
        advice
    }
}

impl PlanSummary {
    fn count(&mut self, row: &PlannedRow) {
        self.rows += 1;
        match row.verdict {
            Verdict::Change => self.change += 1,
            Verdict::Already => self.already += 1,
            Verdict::Refused => self.refused += 1,
        }
        self.steps += row.steps.len() as u64;
        for loss in row.losses() {
            self.losses += 1;
            self.replaced += u64::from(loss.is_replaced);
        }
        let mailed = |change: &Change| matches!(change, Change::Assign { .. } | Change::Unassign { .. });
        self.mails += row.steps.iter().filter(|step| mailed(&step.change)).count() as u64;
    }
}

/// Numbers that the plan releases and assigns.
fn reassigned(rows: &[PlannedRow]) -> u64 {
    let steps = || rows.iter().flat_map(|row| &row.steps);
    let released: HashSet<&str> = steps()
        .filter_map(|step| match &step.change {
            Change::Unassign { number, .. } => Some(number.as_str()),
            _ => None,
        })
        .collect();
    let assigned = |step: &super::Step| matches!(&step.change, Change::Assign { number, .. } if released.contains(number.as_str()));
    steps().filter(|step| assigned(step)).count() as u64
}

fn released_by_run(row: &PlannedRow) -> Option<&str> {
    let is_so = row.findings.iter().any(|finding| finding.code == RELEASED_BY_RUN);
    is_so.then(|| row.wanted.teams_number()).flatten()
}

fn warning(code: &str, what: String, next_step: &str) -> Finding {
    Finding {
        severity: Severity::Warning,
        code: code.to_owned(),
        what,
        next_step: next_step.to_owned(),
    }
}

/// `1 number is`, `2 numbers are`.
fn numbers_are(count: u64) -> String {
    if count == 1 {
        "1 number is".to_owned()
    } else {
        format!("{count} numbers are")
    }
}

fn suggestions_accepted(count: u64) -> Finding {
    warning(
        "suggestionsAccepted",
        format!(
            "{} suggested by the digits of a cell without a plus, and accepted",
            numbers_are(count)
        ),
        "Check these rows: each has the text of its cell",
    )
}

fn released_then_assigned(count: u64) -> Finding {
    warning(
        "releasedThenAssigned",
        format!(
            "{} released and assigned again. A tenant can keep released numbers from being assigned \
             (AssignmentBlockedForever, AssignmentBlockedDays), and Graph does not show that setting: the number is then \
             taken from its holder and not given",
            numbers_are(count)
        ),
        "Check the setting first, in Teams PowerShell: Get-CsPhoneNumberTenantConfiguration. If a block is set, lift it for \
         the time of the run",
    )
}

fn no_way_back(count: u64) -> Finding {
    warning(
        "undoMayBeBlocked",
        format!(
            "{} released. If the tenant keeps released numbers from being assigned (AssignmentBlockedForever, \
             AssignmentBlockedDays; Graph does not show it), undo cannot give them back before the block is lifted",
            numbers_are(count)
        ),
        "Check the setting first, in Teams PowerShell: Get-CsPhoneNumberTenantConfiguration",
    )
}

fn lift(numbers: &[&str]) -> Finding {
    let named = numbers[..numbers.len().min(NAMED)].join(", ");
    let more = match numbers.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    warning(
        "liftBlocks",
        format!(
            "{} assigned that the run released: {named}{more}. If the tenant keeps released numbers from being assigned \
             (AssignmentBlockedForever, AssignmentBlockedDays; Graph does not show it), each has a block now",
            numbers_are(numbers.len() as u64)
        ),
        "Lift the block of each number first, in Teams PowerShell: Remove-CsPhoneNumberAssignmentBlock -TelephoneNumber NUMBER",
    )
}

fn mails(count: u64) -> Finding {
    let mails = if count == 1 {
        "1 mail".to_owned()
    } else {
        format!("{count} mails")
    };
    warning(
        "mails",
        format!(
            "Up to {mails} to people: a tenant can send one at each assignment and each release (AssignmentEmailEnabled, \
             UnassignmentEmailEnabled), and Graph has no way to leave it out"
        ),
        "To send none, switch them off during the run: Set-CsPhoneNumberTenantConfiguration",
    )
}
