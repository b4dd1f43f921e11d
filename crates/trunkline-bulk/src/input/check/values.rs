//! The values of a row, and the change that they make.

use trunkline::phones::PhoneRole;
use trunkline::{Action, Change, Person, PhoneMethodNumber, TelephoneNumber};

/// The values of a row's cells.
#[derive(Debug, Default)]
pub(super) struct Values {
    pub(super) number: Option<TelephoneNumber>,
    pub(super) user: Option<Person>,
    pub(super) category: Option<&'static str>,
    /// The id of the emergency location; `Some(None)` takes it away.
    pub(super) location: Option<Option<String>>,
    pub(super) number_type: Option<&'static str>,
    pub(super) role: Option<PhoneRole>,
    pub(super) enabled: Option<bool>,
    pub(super) policy_type: Option<String>,
    pub(super) policy: Option<String>,
}

impl Values {
    /// The change that the values make. `None`: a value is missing that the action needs.
    pub(super) fn into_change(self, action: Action) -> Option<Change> {
        let number = |number: Option<TelephoneNumber>| number.map(|number| number.to_string());
        Some(match action {
            Action::Assign | Action::Move => Change::Assign {
                picked: self.number.is_none(),
                number: number(self.number).unwrap_or_default(),
                to: self.user?,
                category: self.category.map(str::to_owned),
                location: self.location.flatten(),
                number_type: self.number_type.map(str::to_owned),
                takes: action == Action::Move,
            },
            Action::Unassign => Change::Unassign {
                number: number(self.number)?,
                holder: self.user,
            },
            Action::SetLocation => Change::SetLocation {
                number: number(self.number)?,
                location: self.location?,
            },
            Action::SetPhone => Change::SetPhone {
                user: self.user?,
                role: self.role?,
                number: PhoneMethodNumber::from_service(&number(self.number)?).ok()?.to_string(),
            },
            Action::RemovePhone => Change::RemovePhone {
                user: self.user?,
                role: self.role?,
            },
            Action::SmsSignIn => Change::SmsSignIn {
                user: self.user?,
                enabled: self.enabled?,
            },
            Action::SetPolicy => Change::SetPolicy {
                user: self.user?,
                policy_type: self.policy_type?,
                policy: self.policy?,
                policy_id: None,
            },
            Action::ClearPolicy => Change::ClearPolicy {
                user: self.user?,
                policy_type: self.policy_type?,
            },
        })
    }
}
