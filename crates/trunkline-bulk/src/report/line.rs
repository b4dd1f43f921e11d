//! One row of a report.

use serde::{Deserialize, Serialize};
use trunkline::Person;
use trunkline_core::mask;

use super::{Privacy, RowEnd, RowVerified};
use crate::input::{Column, cell_text};
use crate::plan::{Finding, Loss, State, Wanted};

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
    /// The result of the last verify; absent when nobody verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<RowVerified>,
    /// The result, or that the row is open.
    #[serde(flatten)]
    pub outcome: RowEnd,
}

/// The text of a row in a column of the input, so that a report can be planned again.
pub(super) fn cell(wanted: &Wanted, column: Column) -> String {
    match (column, wanted) {
        (_, Wanted::Change(change)) => cell_text(change, column).unwrap_or_default(),
        (Column::Action, _) => wanted.words().to_owned(),
        (Column::Number, _) => wanted.number().to_owned(),
        (Column::User, _) => wanted.user().to_owned(),
        _ => String::new(),
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
        if let Some(what) = self.verified.as_mut().and_then(|verified| verified.what.as_mut()) {
            names.put_into(what);
        }
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
            Wanted::Change(change) => {
                change.number_mut().into_iter().for_each(mask_number);
                change.person_mut().into_iter().for_each(mask_person);
            }
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
        if let Some(verified) = &mut self.verified {
            verified.now.iter_mut().for_each(mask_state);
            verified.what.iter_mut().for_each(mask_text);
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
        State::Policy(_) => {}
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
