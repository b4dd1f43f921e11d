//! Rows about one person under two names: what the file could not see before the directory was asked.

use std::collections::HashMap;

use trunkline::Change;
use trunkline::phones::PhoneRole;

use super::Wanted;
use super::draft::Draft;

/// The number, phone or person that a row changes, by object id. The file itself is compared by names, in `input/duplicates.rs`.
#[derive(PartialEq, Eq, Hash)]
enum Claim {
    Primary(String),
    Phone(String, PhoneRole),
    SignIn(String),
    Policy(String, String),
}

impl Claim {
    fn of(wanted: &Wanted) -> Option<Self> {
        let id = wanted.person()?.id.as_deref()?.to_ascii_lowercase();
        match wanted.change()? {
            Change::Assign { category, .. } if matches!(category.as_deref(), None | Some("primary")) => {
                Some(Self::Primary(id))
            }
            Change::SetPhone { role, .. } | Change::RemovePhone { role, .. } => Some(Self::Phone(id, *role)),
            Change::SmsSignIn { .. } => Some(Self::SignIn(id)),
            Change::SetPolicy { policy_type, .. } | Change::ClearPolicy { policy_type, .. } => {
                Some(Self::Policy(id, policy_type.clone()))
            }
            _ => None,
        }
    }

    fn refuse(&self, draft: &mut Draft, other: u32) {
        let (code, what, step) = match self {
            Self::Primary(_) => (
                "userTwice",
                format!("row {other} assigns another primary number to the same user, under another name"),
                "Keep one of the two, or change the category of one",
            ),
            Self::Phone(_, role) => (
                "phoneTwice",
                format!("row {other} makes another change to the {role} phone of the same user, under another name"),
                "Keep one of the two",
            ),
            Self::Policy(_, policy_type) => (
                "policyTwice",
                format!("row {other} sets another {policy_type} for the same user, under another name"),
                "Keep one of the two",
            ),
            Self::SignIn(_) => (
                "signInTwice",
                format!("row {other} sets the opposite for the same user, under another name"),
                "Keep one of the two",
            ),
        };
        draft.refuse(code, what, step);
    }
}

/// Whether two rows with the same claim ask for the same, so that one of them has nothing to do.
fn say_the_same(first: &Wanted, second: &Wanted) -> bool {
    let (Some(first), Some(second)) = (first.change(), second.change()) else {
        return false;
    };
    match (first, second) {
        (Change::SetPhone { number, .. }, Change::SetPhone { number: other, .. }) => number == other,
        (Change::SetPolicy { policy, .. }, Change::SetPolicy { policy: other, .. }) => {
            policy.to_lowercase() == other.to_lowercase()
        }
        (Change::RemovePhone { .. }, Change::RemovePhone { .. })
        | (Change::ClearPolicy { .. }, Change::ClearPolicy { .. }) => true,
        (Change::SmsSignIn { enabled, .. }, Change::SmsSignIn { enabled: other, .. }) => enabled == other,
        _ => false,
    }
}

/// Refuses rows that want different things of one person: nothing says which of them is meant.
pub(super) fn refuse(drafts: &mut [Draft]) {
    let mut claimed: HashMap<Claim, usize> = HashMap::new();
    for at in 0..drafts.len() {
        if drafts[at].is_refused() {
            continue;
        }
        let Some(claim) = Claim::of(&drafts[at].wanted) else {
            continue;
        };
        match claimed.get(&claim) {
            None => {
                claimed.insert(claim, at);
            }
            Some(first) if say_the_same(&drafts[*first].wanted, &drafts[at].wanted) => {}
            Some(first) => {
                let (first, first_line, line) = (*first, drafts[*first].row, drafts[at].row);
                claim.refuse(&mut drafts[at], first_line);
                if !drafts[first].is_refused() {
                    claim.refuse(&mut drafts[first], line);
                }
            }
        }
    }
}
