//! The outcome of a change to a phone method.

use std::fmt;

use serde::Serialize;

use super::role::PhoneRole;
use super::seeing::{own, role_of};
use crate::change::{Change, Person};
use crate::generated::graph::PhoneAuthenticationMethod;
use crate::masked::Masked;
use crate::outcome::ChangeOutcome;

/// The change that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum PhoneChange {
    /// The method was added.
    Created,
    /// The method was changed.
    Updated,
    /// The method was removed.
    Removed,
    /// The state was already correct; nothing was sent.
    Already,
}

/// The end of a change to a phone method that went well.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PhoneOutcome {
    /// The change, for its words.
    #[serde(skip)]
    wanted: Change,
    /// The change that was made.
    pub change: PhoneChange,
    /// Whether reading back showed the change. When not, the service accepted it all the same: `after` is what was read last,
    /// which may be from before the change, and the warnings say how long it was read.
    pub seen: bool,
    /// Object id of the user.
    pub user: String,
    /// The role.
    #[serde(serialize_with = "as_text")]
    pub role: PhoneRole,
    /// The method before; absent when there was none.
    pub before: Option<PhoneAuthenticationMethod>,
    /// The method as it was read back; absent when there is none. Only when it was [`seen`](Self::seen), it is that of after
    /// the change.
    pub after: Option<PhoneAuthenticationMethod>,
    /// Warnings for an administrator about a change that succeeded.
    pub warnings: Vec<String>,
}

fn as_text<S: serde::Serializer>(role: &PhoneRole, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(role)
}

impl fmt::Debug for PhoneOutcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PhoneOutcome")
            .field("change", &self.change)
            .field("seen", &self.seen)
            .field("user", &Masked(&self.user))
            .field("role", &self.role)
            .field("before", &self.before)
            .field("after", &self.after)
            .field(
                "warnings",
                &self.warnings.iter().map(|warning| Masked(warning)).collect::<Vec<_>>(),
            )
            .finish_non_exhaustive()
    }
}

impl fmt::Display for PhoneOutcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.seen {
            return self.write_unseen(formatter);
        }
        let name = name(&self.wanted);
        let number = self.after.as_ref().and_then(|method| method.phone_number.as_deref());
        match (number, self.change) {
            (None, PhoneChange::Already) => {
                return write!(formatter, "{} has no {} phone; nothing to remove", name, self.role);
            }
            (None, _) => write!(formatter, "{} has no {} phone any more", name, self.role)?,
            (Some(number), _) => write!(formatter, "the {} phone of {} is {number}", self.role, name)?,
        }
        match self.change {
            PhoneChange::Already => formatter.write_str(" already; nothing was sent"),
            _ => Ok(()),
        }
    }
}

impl PhoneOutcome {
    fn write_unseen(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, role) = (name(&self.wanted), self.role);
        formatter.write_str("done, not yet seen: ")?;
        match &self.wanted {
            Change::SetPhone { number, .. } => write!(formatter, "the {role} phone of {name} is set to {number}"),
            Change::SmsSignIn { enabled: true, .. } => write!(formatter, "SMS sign-in of {name} is switched on"),
            Change::SmsSignIn { enabled: false, .. } => write!(formatter, "SMS sign-in of {name} is switched off"),
            _ => write!(formatter, "the {role} phone of {name} is removed"),
        }
    }
}

/// The user, as the caller named them.
fn name(change: &Change) -> &str {
    change.person().map_or("", Person::label)
}

impl From<ChangeOutcome> for PhoneOutcome {
    fn from(outcome: ChangeOutcome) -> Self {
        let method = |methods| own(methods, &outcome.change).cloned();
        let before = method(outcome.before.phones());
        Self {
            change: match outcome.change {
                _ if outcome.is_already => PhoneChange::Already,
                Change::RemovePhone { .. } => PhoneChange::Removed,
                _ if before.is_none() => PhoneChange::Created,
                _ => PhoneChange::Updated,
            },
            seen: outcome.seen,
            user: outcome.change.user().to_owned(),
            role: role_of(&outcome.change),
            after: method(outcome.after.phones()),
            before,
            warnings: outcome.warnings,
            wanted: outcome.change,
        }
    }
}
