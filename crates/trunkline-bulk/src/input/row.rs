//! A row: how one thing shall be.

use std::fmt;

use serde::Serialize;
use trunkline::mask;
use trunkline::numbers::LocationChange;
use trunkline::phones::PhoneRole;
use trunkline::teams_administration::{AssignmentCategory, NumberType};
use trunkline::{PhoneMethodNumber, TelephoneNumber};

use super::ProblemKind;
use super::column::{Column, same_word};
use super::need::{Need, need};

/// The changes that a row can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Action {
    /// The number shall be the user's. It must be free or the user's already.
    Assign,
    /// The number shall be the user's, whoever holds it now.
    Move,
    /// The number shall be free.
    Unassign,
    /// The number shall have this emergency location.
    SetLocation,
    /// The user shall have this number as a phone method.
    SetPhone,
    /// The user shall not have this phone method.
    RemovePhone,
    /// The user shall, or shall not, be able to sign in with a text message.
    SmsSignIn,
}

/// Actions as they are written, and how else they may be. The second half of what `docs/bulk-input.md` is checked with.
const ACTIONS: [(Action, &str, &[&str]); 7] = [
    (Action::Assign, "assign", &["set", "setNumber"]),
    (Action::Move, "move", &["reassign"]),
    (Action::Unassign, "unassign", &["release", "removeNumber"]),
    (Action::SetLocation, "setLocation", &["location"]),
    (Action::SetPhone, "setPhone", &["setPhoneMethod"]),
    (Action::RemovePhone, "removePhone", &["removePhoneMethod"]),
    (Action::SmsSignIn, "smsSignIn", &["setSmsSignIn"]),
];

impl Action {
    /// All actions.
    pub const ALL: [Self; 7] = [
        Self::Assign,
        Self::Move,
        Self::Unassign,
        Self::SetLocation,
        Self::SetPhone,
        Self::RemovePhone,
        Self::SmsSignIn,
    ];

    /// As it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        ACTIONS[self as usize].1
    }

    /// How else it may be written. Case, spaces, `_` and `-` do not matter.
    #[must_use]
    pub fn synonyms(self) -> &'static [&'static str] {
        ACTIONS[self as usize].2
    }

    /// The columns it looks at besides its own, and whether it cannot do without them.
    pub fn columns(self) -> impl Iterator<Item = (Column, bool)> {
        let read = move |column| match need(self, column, false) {
            Need::Required => Some((column, true)),
            Need::Optional => Some((column, false)),
            Need::Unused => None,
        };
        Column::ALL
            .into_iter()
            .filter(|column| *column != Column::Action)
            .filter_map(read)
    }

    /// The action of that name.
    #[must_use]
    pub fn from_name(text: &str) -> Option<Self> {
        ACTIONS
            .iter()
            .find(|(_, name, synonyms)| same_word(name, text) || synonyms.iter().any(|other| same_word(other, text)))
            .map(|(action, ..)| *action)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// One row of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which row, counted from one as a spreadsheet counts; the header is the first. In JSONL, the line.
    pub line: u32,
    /// The change that it asks for.
    pub change: Change,
}

/// A row that cannot be read: it has an error, or contradicts another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableRow {
    /// Which row, as of [`Row::line`].
    pub line: u32,
    /// The value of its cell for the number, shortened; `None` when that is empty or no text.
    pub number: Option<String>,
    /// The value of its cell for the user, shortened.
    pub user: Option<String>,
    /// Its first error; [`Input::problems`](super::Input::problems) has all of them.
    pub kind: ProblemKind,
}

/// How something shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // What the fields hold is what their names and types say.
pub enum Change {
    /// The number shall be the user's. It must be free, or the user's already.
    Assign {
        number: NumberChoice,
        user: Target,
        category: Option<AssignmentCategory>,
        location: Option<LocationChange>,
        number_type: Option<NumberType>,
    },
    /// The number shall be the user's, whoever holds it.
    Move {
        number: TelephoneNumber,
        user: Target,
        category: Option<AssignmentCategory>,
        location: Option<LocationChange>,
        number_type: Option<NumberType>,
    },
    /// The number shall be free. A holder that is named must be the one who has it.
    Unassign {
        number: TelephoneNumber,
        holder: Option<Target>,
    },
    /// The number shall have this emergency location, or none.
    SetLocation {
        number: TelephoneNumber,
        location: LocationChange,
    },
    /// The user shall have this phone method.
    SetPhone {
        user: Target,
        role: PhoneRole,
        number: PhoneMethodNumber,
    },
    /// The user shall not have this phone method.
    RemovePhone { user: Target, role: PhoneRole },
    /// Whether the user may sign in with a text message.
    SmsSignIn { user: Target, enable: bool },
}

impl Change {
    /// Its value.
    #[must_use]
    pub fn action(&self) -> Action {
        match self {
            Self::Assign { .. } => Action::Assign,
            Self::Move { .. } => Action::Move,
            Self::Unassign { .. } => Action::Unassign,
            Self::SetLocation { .. } => Action::SetLocation,
            Self::SetPhone { .. } => Action::SetPhone,
            Self::RemovePhone { .. } => Action::RemovePhone,
            Self::SmsSignIn { .. } => Action::SmsSignIn,
        }
    }

    /// Whom it is about, where it names somebody.
    #[must_use]
    pub fn user(&self) -> Option<&Target> {
        match self {
            Self::Assign { user, .. }
            | Self::Move { user, .. }
            | Self::SetPhone { user, .. }
            | Self::RemovePhone { user, .. }
            | Self::SmsSignIn { user, .. } => Some(user),
            Self::Unassign { holder, .. } => holder.as_ref(),
            Self::SetLocation { .. } => None,
        }
    }
}

/// Which number is assigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NumberChoice {
    /// This one.
    Exact(TelephoneNumber),
    /// One that the plan picks from the inventory: the cell is empty, and picking was asked for.
    Pick,
}

/// Who is meant.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// By principal name, as written in the file.
    PrincipalName(String),
    /// By object id, in lower case.
    ObjectId(String),
}

impl Target {
    /// The principal name or the id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::PrincipalName(text) | Self::ObjectId(text) => text,
        }
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&mask::text(self.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_in_order_and_unambiguous() {
        for (index, (action, name, synonyms)) in ACTIONS.iter().enumerate() {
            assert_eq!(*action as usize, index);
            assert_eq!(Action::ALL[index], *action);
            for text in synonyms.iter().chain([name]) {
                assert_eq!(Action::from_name(text), Some(*action), "{text}");
            }
        }
        assert_eq!(Action::from_name("Set-Location"), Some(Action::SetLocation));
        assert_eq!(Action::from_name("delete"), None);
    }

    #[test]
    fn who_is_meant_is_masked() {
        let target = Target::PrincipalName("ana@contoso.example".to_owned());
        assert_eq!(format!("{target:?}"), "a***@contoso.example");
    }
}
