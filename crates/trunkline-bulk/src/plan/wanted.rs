//! The change that a row asks for, and the changes that revert it.

use trunkline::phones::PhoneRole;
use trunkline::{Change, Person};

use super::{NumberState, PhoneState, PlannedRow, PolicyState, State, Verdict, Wanted};

impl From<Change> for Wanted {
    fn from(change: Change) -> Self {
        Self::Change(change)
    }
}

impl Wanted {
    /// The change; `None` of a row that cannot be read.
    #[must_use]
    pub fn change(&self) -> Option<&Change> {
        match self {
            Self::Change(change) => Some(change),
            Self::Unreadable { .. } => None,
        }
    }

    pub(super) fn change_mut(&mut self) -> Option<&mut Change> {
        match self {
            Self::Change(change) => Some(change),
            Self::Unreadable { .. } => None,
        }
    }

    /// Whom it is about, where it names somebody who can be looked for.
    #[must_use]
    pub fn person(&self) -> Option<&Person> {
        self.change()?.person()
    }

    /// The Teams number that it is about.
    #[must_use]
    pub fn teams_number(&self) -> Option<&str> {
        self.change()?.teams_number()
    }

    /// The change of a row in one or a few words: `assign`, `move`, `SMS sign-in on`.
    #[must_use]
    pub fn words(&self) -> &'static str {
        self.change().map_or("unreadable", Change::words)
    }

    /// The number that the row is about; empty when it is about none.
    #[must_use]
    pub fn number(&self) -> &str {
        match self {
            Self::Change(change) => change.number().unwrap_or_default(),
            Self::Unreadable { number, .. } => number.as_deref().unwrap_or_default(),
        }
    }

    /// The user that the row is about, as the file names them; empty when it names nobody.
    #[must_use]
    pub fn user(&self) -> &str {
        self.somebody().map_or("", |user| &user.name)
    }

    /// The user that the row is about, by the name that people know them by; empty when it names nobody.
    #[must_use]
    pub fn user_label(&self) -> &str {
        self.somebody().map_or("", Person::label)
    }

    fn somebody(&self) -> Option<&Person> {
        match self {
            Self::Change(change) => change.person(),
            Self::Unreadable { user, .. } => user.as_ref(),
        }
    }

    /// The role of the phone method that the row is about; empty when it is about none.
    #[must_use]
    pub fn role(&self) -> &'static str {
        self.change().and_then(Change::role).map_or("", PhoneRole::name)
    }

    /// The kind of Teams policy that the row is about; empty when it is about none.
    #[must_use]
    pub fn policy_type(&self) -> &str {
        self.change().and_then(Change::policy_type).unwrap_or_default()
    }

    /// The change with the phone method or the kind of policy that it is about: `set phone (mobile)`.
    #[must_use]
    pub fn label(&self) -> String {
        let part = [self.role(), self.policy_type()].concat();
        match part.as_str() {
            "" => self.words().to_owned(),
            part => format!("{} ({part})", self.words()),
        }
    }

    /// The wanted state, in the words of [`State::words`].
    #[must_use]
    pub fn end(&self) -> String {
        self.change().map(Change::end).unwrap_or_default()
    }
}

impl PlannedRow {
    /// The changes that revert a row, in no order. None for a row that
    /// changed nothing.
    pub(crate) fn reverse(&self) -> Vec<Change> {
        if self.verdict != Verdict::Change {
            return Vec::new();
        }
        let mut back: Vec<Change> = self
            .before
            .iter()
            .filter_map(|before| self.reverse_of(before))
            .collect();
        // Numbers that the row released besides its own.
        for step in &self.steps {
            if let (Change::Unassign { number, .. }, State::Number(before)) = (&step.change, &step.expects)
                && self.wanted.teams_number() != Some(number.as_str())
            {
                back.extend(held(before));
            }
        }
        back
    }

    fn reverse_of(&self, before: &State) -> Option<Change> {
        match (self.wanted.change()?, before) {
            (Change::SetLocation { number, .. }, State::Number(before)) => Some(Change::SetLocation {
                number: number.clone(),
                location: before.location.clone(),
            }),
            (Change::Assign { number, to, .. }, State::Number(before)) => {
                let is_same = before.holder.is_some() && before.holder == to.id;
                // Held by the same person before: the row changed the location alone.
                if is_same {
                    return Some(Change::SetLocation {
                        number: number.clone(),
                        location: before.location.clone(),
                    });
                }
                Some(held(before).unwrap_or_else(|| Change::Unassign {
                    number: number.clone(),
                    holder: None,
                }))
            }
            (Change::Unassign { .. }, State::Number(before)) => held(before),
            (Change::SetPhone { .. } | Change::RemovePhone { .. }, State::Phone(before)) => method(before),
            (Change::SmsSignIn { user, .. }, State::Phone(before)) => Some(Change::SmsSignIn {
                user: user.clone(),
                enabled: before.sms_sign_in.as_deref() == Some("ready"),
            }),
            (Change::SetPolicy { user, .. } | Change::ClearPolicy { user, .. }, State::Policy(before)) => {
                Some(policy(user, before))
            }
            _ => None,
        }
    }
}

/// The number with whoever held it.
fn held(before: &NumberState) -> Option<Change> {
    Some(Change::Assign {
        number: before.number.clone(),
        to: Person {
            principal_name: before.holder_name.clone(),
            ..Person::by_id(before.holder.clone()?)
        },
        category: before.category.clone(),
        location: before.location.clone(),
        number_type: None,
        takes: true,
        picked: false,
    })
}

/// The direct assignment as it was.
fn policy(user: &Person, before: &PolicyState) -> Change {
    let (user, policy_type) = (user.clone(), before.policy_type.clone());
    if !before.is_direct {
        return Change::ClearPolicy { user, policy_type };
    }
    // Without a name, planning refuses the row and names the id: nothing is taken away.
    let policy = before.policy.as_ref().or(before.policy_id.as_ref());
    Change::SetPolicy {
        user,
        policy_type,
        policy: policy.cloned().unwrap_or_default(),
        policy_id: before.policy_id.clone(),
    }
}

/// The phone method as it was.
fn method(before: &PhoneState) -> Option<Change> {
    let user = Person::by_id(before.user.clone());
    let role = PhoneRole::from_name(&before.role)?;
    Some(match &before.number {
        Some(number) => Change::SetPhone {
            user,
            role,
            number: number.clone(),
        },
        None => Change::RemovePhone { user, role },
    })
}
