//! One row of a report.

use serde::{Deserialize, Serialize};
use trunkline_core::mask;

use super::Privacy;
use crate::outcome::{Ending, RowOutcome};
use crate::plan::{Finding, Person, State, Wanted};

/// A row: what was wanted, what planning found, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportRow {
    /// What the row asks for.
    pub wanted: Wanted,
    /// What planning found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// How it ended. Rows that have not ended are not in a report; its header counts them.
    #[serde(flatten)]
    pub outcome: RowOutcome,
}

/// What a row changes, in one word.
pub(super) fn action(wanted: &Wanted) -> &'static str {
    match wanted {
        Wanted::Assign { takes: true, .. } => "move",
        Wanted::Assign { .. } => "assign",
        Wanted::Unassign { .. } => "unassign",
        Wanted::SetLocation { .. } => "set location",
        Wanted::SetPhone { .. } => "set phone",
        Wanted::RemovePhone { .. } => "remove phone",
        Wanted::SmsSignIn { enabled: true, .. } => "SMS sign-in on",
        Wanted::SmsSignIn { enabled: false, .. } => "SMS sign-in off",
        Wanted::Unreadable { .. } => "unreadable",
    }
}

/// The number that a row is about.
pub(super) fn number(wanted: &Wanted) -> &str {
    match wanted {
        Wanted::Assign { number, .. }
        | Wanted::Unassign { number, .. }
        | Wanted::SetLocation { number, .. }
        | Wanted::SetPhone { number, .. } => number,
        Wanted::Unreadable { number, .. } => number.as_deref().unwrap_or_default(),
        Wanted::RemovePhone { .. } | Wanted::SmsSignIn { .. } => "",
    }
}

/// The user that a row is about, as the file names them.
pub(super) fn user(wanted: &Wanted) -> &str {
    match wanted {
        Wanted::Assign { to: user, .. }
        | Wanted::SetPhone { user, .. }
        | Wanted::RemovePhone { user, .. }
        | Wanted::SmsSignIn { user, .. } => &user.name,
        Wanted::Unassign { holder, .. } => holder.as_ref().map_or("", |holder| &holder.name),
        Wanted::Unreadable { user, .. } => user.as_ref().map_or("", |user| &user.name),
        Wanted::SetLocation { .. } => "",
    }
}

/// The role of the phone method that a row is about.
pub(super) fn role(wanted: &Wanted) -> &str {
    match wanted {
        Wanted::SetPhone { role, .. } | Wanted::RemovePhone { role, .. } => role,
        _ => "",
    }
}

/// An ending in a word.
pub(super) const fn ending(ending: Ending) -> &'static str {
    match ending {
        Ending::Done => "done",
        Ending::NotSeen => "notSeen",
        Ending::Already => "already",
        Ending::Failed => "failed",
        Ending::Skipped => "skipped",
        Ending::Pending => "pending",
        Ending::Unknown => "unknown",
    }
}

/// A state in a few words.
pub(super) fn state(state: &State) -> String {
    state.words(|id| id)
}

impl ReportRow {
    /// The row as it may be shown.
    pub(super) fn shown(mut self, privacy: Privacy) -> Self {
        if privacy == Privacy::Masked {
            self.mask();
        }
        self
    }

    fn mask(&mut self) {
        match &mut self.wanted {
            Wanted::Assign { number, to, .. } => {
                mask_number(number);
                mask_person(to);
            }
            Wanted::Unassign { number, holder } => {
                mask_number(number);
                if let Some(holder) = holder {
                    mask_person(holder);
                }
            }
            Wanted::SetLocation { number, .. } => mask_number(number),
            Wanted::SetPhone { user, number, .. } => {
                mask_number(number);
                mask_person(user);
            }
            Wanted::RemovePhone { user, .. } | Wanted::SmsSignIn { user, .. } => mask_person(user),
            Wanted::Unreadable { number, user } => {
                number.iter_mut().for_each(mask_text);
                user.iter_mut().for_each(mask_person);
            }
        }
        for state in [&mut self.outcome.before, &mut self.outcome.after]
            .into_iter()
            .flatten()
        {
            match state {
                State::Number(state) => mask_number(&mut state.number),
                State::Phone(state) => {
                    if let Some(number) = &mut state.number {
                        mask_number(number);
                    }
                }
            }
        }
        for finding in &mut self.findings {
            mask_text(&mut finding.what);
            mask_text(&mut finding.next_step);
        }
        if let Some(failure) = &mut self.outcome.failure {
            mask_text(&mut failure.what);
            mask_text(&mut failure.next_step);
            if let Some(message) = &mut failure.service_message {
                mask_text(message);
            }
        }
        self.outcome.warnings.iter_mut().for_each(mask_text);
        self.outcome.operations.iter_mut().for_each(mask_text);
    }
}

fn mask_number(number: &mut String) {
    *number = mask::number(number);
}

fn mask_text(text: &mut String) {
    *text = mask::text(text);
}

fn mask_person(person: &mut Person) {
    mask_text(&mut person.name);
}
