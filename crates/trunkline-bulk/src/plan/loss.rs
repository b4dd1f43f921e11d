//! Numbers that somebody loses: by a move, by a release, by being given another.

use std::fmt;

use serde::{Deserialize, Serialize};
use trunkline::{Change, Person};

use super::{NumberState, PlannedRow, State, Step, Wanted};
use crate::outcome::Ending;

/// A number that somebody loses by a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Loss {
    /// The number, as the service writes it.
    pub number: String,
    /// Object id of whoever loses it.
    pub loser: String,
    /// Their principal name, where it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loser_name: Option<String>,
    /// `primary`, `private` or `alternate`: which of their lines it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Who has it afterwards; absent when it is free then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Person>,
    /// Whether the row names another number, and this one is released to make room for it (the option that replaces).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_replaced: bool,
    /// How the release ended; absent in a plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
}

impl Loss {
    /// The loss that a step causes; `None` when it takes nothing, or nobody holds the number.
    pub(crate) fn of(step: &Step, wanted: &Wanted) -> Option<Self> {
        let (Change::Unassign { number, .. }, State::Number(before)) = (&step.change, &step.expects) else {
            return None;
        };
        let loser = before.holder.clone()?;
        let is_replaced = wanted.teams_number() != Some(number.as_str());
        let to = match wanted.change() {
            Some(Change::Assign { to, .. }) if !is_replaced => Some(to.clone()),
            _ => None,
        };
        Some(Self {
            number: number.clone(),
            loser,
            loser_name: before.holder_name.clone(),
            category: before.category.clone(),
            to,
            is_replaced,
            ending: None,
        })
    }

    /// Whoever loses it, by the name that people know them by.
    #[must_use]
    pub fn loser(&self) -> &str {
        self.loser_name.as_deref().unwrap_or(&self.loser)
    }

    /// How the number is before, in the words of [`State::words`].
    #[must_use]
    pub fn before(&self) -> String {
        let state = NumberState {
            holder: Some(self.loser.clone()),
            holder_name: self.loser_name.clone(),
            ..NumberState::default()
        };
        State::Number(state).words(|id| id)
    }

    /// How the number is afterwards, in the same words.
    #[must_use]
    pub fn after(&self) -> String {
        match &self.to {
            Some(to) => format!("held by {}", to.label()),
            None => "free".to_owned(),
        }
    }
}

/// `ben@contoso.example loses +12065550100 (primary), which is free then`.
impl fmt::Display for Loss {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = if self.ending.is_some() { "lost" } else { "loses" };
        write!(formatter, "{} {verb} {}", self.loser(), self.number)?;
        if let Some(category) = &self.category {
            write!(formatter, " ({category})")?;
        }
        match (&self.to, self.ending) {
            (Some(to), _) => write!(formatter, " to {}", to.label()),
            (None, None) => formatter.write_str(", which is free then"),
            (None, Some(Ending::Done)) => formatter.write_str(", which is free"),
            (None, Some(ending)) => write!(formatter, "; the release is {}", ending.name()),
        }
    }
}

impl PlannedRow {
    /// Every number that somebody loses by the row.
    #[must_use]
    pub fn losses(&self) -> Vec<Loss> {
        let steps = self.steps.iter();
        steps.filter_map(|step| Loss::of(step, &self.wanted)).collect()
    }
}
