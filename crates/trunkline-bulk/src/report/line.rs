//! One row of a report.

use serde::{Deserialize, Serialize};
use trunkline_core::mask;

use super::{Privacy, RowEnd};
use crate::input::{Action, Column};
use crate::outcome::Ending;
use crate::plan::{Finding, Loss, Person, State, Wanted};

/// A row: what was wanted, what planning found, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportRow {
    /// The change that the row asks for.
    pub wanted: Wanted,
    /// The verdict of planning.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// Numbers that somebody lost by it, or may have lost.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub losses: Vec<Loss>,
    /// How it ended, or that it has not.
    #[serde(flatten)]
    pub outcome: RowEnd,
}

/// The changed thing, in one word.
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

/// The text of a row in a column of the input, so that a report can be planned again.
pub(super) fn cell(wanted: &Wanted, column: Column) -> String {
    let own = |text: &Option<String>| text.clone().unwrap_or_default();
    match (column, wanted) {
        (Column::Action, wanted) => file_action(wanted).to_owned(),
        (Column::Number, wanted) => number(wanted).to_owned(),
        (Column::User, wanted) => user(wanted).to_owned(),
        (Column::Category, Wanted::Assign { category, .. }) => own(category),
        (Column::NumberType, Wanted::Assign { number_type, .. }) => own(number_type),
        (Column::Location, Wanted::Assign { location, .. }) => own(location),
        (Column::Location, Wanted::SetLocation { location, .. }) => location.clone().unwrap_or("none".to_owned()),
        (Column::Role, wanted) => role(wanted).to_owned(),
        (Column::SmsSignIn, Wanted::SmsSignIn { enabled, .. }) => if *enabled { "on" } else { "off" }.to_owned(),
        _ => String::new(),
    }
}

/// The action that a file has for a row. One that could not be read is none there either.
fn file_action(wanted: &Wanted) -> &'static str {
    let action = match wanted {
        Wanted::Assign { takes: true, .. } => Action::Move,
        Wanted::Assign { .. } => Action::Assign,
        Wanted::Unassign { .. } => Action::Unassign,
        Wanted::SetLocation { .. } => Action::SetLocation,
        Wanted::SetPhone { .. } => Action::SetPhone,
        Wanted::RemovePhone { .. } => Action::RemovePhone,
        Wanted::SmsSignIn { .. } => Action::SmsSignIn,
        Wanted::Unreadable { .. } => return action(wanted),
    };
    action.name()
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

/// A state of the row's thing in a few words, with the names that the row knows.
pub(super) fn state(state: &State, row: &ReportRow) -> String {
    let person = row.wanted.person();
    let before = match row.outcome.before() {
        Some(State::Number(before)) => before.holder.as_deref().zip(before.holder_name.as_deref()),
        _ => None,
    };
    state.words(|id| match (person, before) {
        (Some(person), _) if person.id.as_deref() == Some(id) => person.label(),
        (_, Some((holder, name))) if holder == id => name,
        _ => id,
    })
}

impl ReportRow {
    /// The row as it may be shown: with every number and name masked, or with none.
    pub(super) fn shown(mut self, privacy: Privacy) -> Self {
        match privacy {
            Privacy::Masked => self.mask(),
            Privacy::Full => self.unmask(),
        }
        self
    }

    /// Puts what the row names into the sentences about it, which were written for logs, too.
    fn unmask(&mut self) {
        let names = self.wanted.names(&self.losses);
        let RowEnd::Ended(outcome) = &mut self.outcome else {
            return;
        };
        if let Some(failure) = &mut outcome.failure {
            names.put_into(&mut failure.what);
            names.put_into(&mut failure.next_step);
        }
        for warning in &mut outcome.warnings {
            names.put_into(warning);
        }
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
        for loss in &mut self.losses {
            mask_number(&mut loss.number);
            loss.loser_name.iter_mut().for_each(mask_text);
            loss.to.iter_mut().for_each(mask_person);
        }
        for finding in &mut self.findings {
            mask_text(&mut finding.what);
            mask_text(&mut finding.next_step);
        }
        match &mut self.outcome {
            RowEnd::Open(open) => open.before.iter_mut().for_each(mask_state),
            RowEnd::Ended(outcome) => {
                [&mut outcome.before, &mut outcome.after]
                    .into_iter()
                    .flatten()
                    .for_each(mask_state);
                if let Some(failure) = &mut outcome.failure {
                    mask_text(&mut failure.what);
                    mask_text(&mut failure.next_step);
                    failure.service_message.iter_mut().for_each(mask_text);
                }
                outcome.warnings.iter_mut().for_each(mask_text);
                outcome.operations.iter_mut().for_each(mask_text);
            }
        }
    }
}

fn mask_state(state: &mut State) {
    match state {
        State::Number(state) => {
            mask_number(&mut state.number);
            state.holder_name.iter_mut().for_each(mask_text);
        }
        State::Phone(state) => state.number.iter_mut().for_each(mask_number),
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
    person.principal_name.iter_mut().for_each(mask_text);
}
