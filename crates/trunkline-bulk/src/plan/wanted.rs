//! The changes that rows ask for, and the changes that revert them.

use trunkline::TelephoneNumber;
use trunkline::numbers::LocationChange;
use trunkline::teams_administration::{AssignmentCategory, NumberType};

use super::{Action, NumberState, Person, PhoneState, PlannedRow, State, Verdict, Wanted};
use crate::input::{Change, NumberChoice, Target};

impl Wanted {
    /// The change that a row of a file asks for.
    pub(super) fn of(change: Change) -> Self {
        match change {
            Change::Assign {
                number,
                user,
                category,
                location,
                number_type,
            } => {
                let number = match number {
                    NumberChoice::Exact(number) => Some(number),
                    NumberChoice::Pick => None,
                };
                Self::assigned(number, &user, category, location, number_type, false)
            }
            Change::Move {
                number,
                user,
                category,
                location,
                number_type,
            } => Self::assigned(Some(number), &user, category, location, number_type, true),
            Change::Unassign { number, holder } => Self::Unassign {
                number: number.to_string(),
                holder: holder.as_ref().map(person),
            },
            Change::SetLocation { number, location } => Self::SetLocation {
                number: number.to_string(),
                location: located(location),
            },
            Change::SetPhone { user, role, number } => Self::SetPhone {
                user: person(&user),
                role: role.name().to_owned(),
                number: number.to_string(),
            },
            Change::RemovePhone { user, role } => Self::RemovePhone {
                user: person(&user),
                role: role.name().to_owned(),
            },
            Change::SmsSignIn { user, enable } => Self::SmsSignIn {
                user: person(&user),
                enabled: enable,
            },
        }
    }

    fn assigned(
        number: Option<TelephoneNumber>,
        user: &Target,
        category: Option<AssignmentCategory>,
        location: Option<LocationChange>,
        number_type: Option<NumberType>,
        takes: bool,
    ) -> Self {
        Self::Assign {
            picked: number.is_none(),
            number: number.map(|number| number.to_string()).unwrap_or_default(),
            to: person(user),
            category: category.map(|category| category.to_string()),
            location: location.and_then(located),
            number_type: number_type.map(|number_type| number_type.to_string()),
            takes,
        }
    }

    /// Whom it is about, where it names somebody.
    #[must_use]
    pub fn person(&self) -> Option<&Person> {
        match self {
            Self::Assign { to: user, .. }
            | Self::SetPhone { user, .. }
            | Self::RemovePhone { user, .. }
            | Self::SmsSignIn { user, .. } => Some(user),
            Self::Unassign { holder, .. } => holder.as_ref(),
            Self::SetLocation { .. } | Self::Unreadable { .. } => None,
        }
    }

    pub(super) fn person_mut(&mut self) -> Option<&mut Person> {
        match self {
            Self::Assign { to: user, .. }
            | Self::SetPhone { user, .. }
            | Self::RemovePhone { user, .. }
            | Self::SmsSignIn { user, .. } => Some(user),
            Self::Unassign { holder, .. } => holder.as_mut(),
            Self::SetLocation { .. } | Self::Unreadable { .. } => None,
        }
    }

    /// The Teams number that it is about.
    #[must_use]
    pub fn teams_number(&self) -> Option<&str> {
        match self {
            Self::Assign { number, .. } | Self::Unassign { number, .. } | Self::SetLocation { number, .. } => {
                Some(number)
            }
            Self::SetPhone { .. } | Self::RemovePhone { .. } | Self::SmsSignIn { .. } | Self::Unreadable { .. } => None,
        }
    }
}

impl PlannedRow {
    /// The changes that revert a row, in no order. None for a row that
    /// changed nothing.
    pub(crate) fn reverse(&self) -> Vec<Wanted> {
        if self.verdict != Verdict::Change {
            return Vec::new();
        }
        let mut back: Vec<Wanted> = self
            .before
            .iter()
            .filter_map(|before| self.reverse_of(before))
            .collect();
        // Numbers that the row released besides its own.
        for step in &self.steps {
            if let (Action::UnassignNumber { number }, State::Number(before)) = (&step.action, &step.expects)
                && self.wanted.teams_number() != Some(number.as_str())
            {
                back.extend(held(before));
            }
        }
        back
    }

    fn reverse_of(&self, before: &State) -> Option<Wanted> {
        match (&self.wanted, before) {
            (Wanted::SetLocation { number, .. }, State::Number(before)) => Some(Wanted::SetLocation {
                number: number.clone(),
                location: before.location.clone(),
            }),
            (Wanted::Assign { number, to, .. }, State::Number(before)) => {
                let is_same = before.holder.is_some() && before.holder == to.id;
                // Held by the same person before: the row changed the location alone.
                if is_same {
                    return Some(Wanted::SetLocation {
                        number: number.clone(),
                        location: before.location.clone(),
                    });
                }
                Some(held(before).unwrap_or_else(|| Wanted::Unassign {
                    number: number.clone(),
                    holder: None,
                }))
            }
            (Wanted::Unassign { .. }, State::Number(before)) => held(before),
            (Wanted::SetPhone { .. } | Wanted::RemovePhone { .. }, State::Phone(before)) => Some(method(before)),
            (Wanted::SmsSignIn { user, .. }, State::Phone(before)) => Some(Wanted::SmsSignIn {
                user: user.clone(),
                enabled: before.sms_sign_in.as_deref() == Some("ready"),
            }),
            _ => None,
        }
    }
}

/// The number with whoever held it.
fn held(before: &NumberState) -> Option<Wanted> {
    Some(Wanted::Assign {
        number: before.number.clone(),
        to: Person {
            principal_name: before.holder_name.clone(),
            ..by_id(before.holder.clone()?)
        },
        category: before.category.clone(),
        location: before.location.clone(),
        number_type: None,
        takes: true,
        picked: false,
    })
}

/// The phone method as it was.
fn method(before: &PhoneState) -> Wanted {
    let user = by_id(before.user.clone());
    match &before.number {
        Some(number) => Wanted::SetPhone {
            user,
            role: before.role.clone(),
            number: number.clone(),
        },
        None => Wanted::RemovePhone {
            user,
            role: before.role.clone(),
        },
    }
}

fn by_id(id: String) -> Person {
    Person {
        name: id.clone(),
        id: Some(id),
        principal_name: None,
    }
}

fn person(target: &Target) -> Person {
    Person {
        id: None,
        name: target.as_str().to_owned(),
        principal_name: None,
    }
}

fn located(change: LocationChange) -> Option<String> {
    match change {
        LocationChange::Set(id) => Some(id),
        LocationChange::Clear => None,
    }
}
