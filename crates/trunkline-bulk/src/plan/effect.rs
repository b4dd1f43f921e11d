//! The effect of a row: it gives, changes, or takes away.

use trunkline::Change;

use super::{PlannedRow, State, Verdict};

/// The effect of a row on the present state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Somebody gets what nobody had: a free number, a phone method, a policy.
    Given,
    /// Something is another way: a number has another holder or location, a method another number.
    Changed,
    /// Somebody loses it, and nobody has it afterwards.
    TakenAway,
}

impl Effect {
    /// The character that stands for it at the start of a line.
    #[must_use]
    pub const fn sign(self) -> char {
        match self {
            Self::Given => '+',
            Self::Changed => '~',
            Self::TakenAway => '-',
        }
    }
}

impl PlannedRow {
    /// The effect of the row; `None` when it changes nothing.
    #[must_use]
    pub fn effect(&self) -> Option<Effect> {
        if self.verdict != Verdict::Change {
            return None;
        }
        let change = self.wanted.change()?;
        let is_there = match &self.before {
            Some(State::Number(before)) => before.holder_kind().is_some(),
            Some(State::Phone(before)) => before.number.is_some(),
            Some(State::Policy(before)) => before.is_direct,
            None => false,
        };
        Some(match change {
            Change::Unassign { .. } | Change::RemovePhone { .. } | Change::ClearPolicy { .. } => Effect::TakenAway,
            Change::SetLocation { .. } | Change::SmsSignIn { .. } => Effect::Changed,
            Change::Assign { .. } | Change::SetPhone { .. } | Change::SetPolicy { .. } if is_there => Effect::Changed,
            Change::Assign { .. } | Change::SetPhone { .. } | Change::SetPolicy { .. } => Effect::Given,
        })
    }
}
