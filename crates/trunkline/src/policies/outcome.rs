//! The outcome of a change to a policy.

use std::fmt;

use serde::Serialize;

use super::decision::present;
use super::policy_type::PolicyType;
use crate::change::{Change, Person};
use crate::generated::teams_administration::EffectivePolicyAssignment;
use crate::masked::Masked;
use crate::outcome::ChangeOutcome;

/// The change that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum PolicyChange {
    /// The policy was assigned to the user directly.
    Assigned,
    /// The direct assignment was removed.
    Cleared,
    /// The state was already correct; nothing was sent.
    Already,
}

/// The end of a change to a policy that went well.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyOutcome {
    /// The change, for its words.
    #[serde(skip)]
    wanted: Change,
    /// The change that was made.
    pub change: PolicyChange,
    /// Whether reading back showed the change. When not, the service accepted it all the same: `after` is what was read last,
    /// which may be from before the change, and the warnings say how long it was read.
    pub seen: bool,
    /// Object id of the user.
    pub user: String,
    /// The kind of policy.
    #[serde(serialize_with = "as_text")]
    pub policy_type: PolicyType,
    /// The assignment in force before; absent when it was the default of the tenant.
    pub before: Option<EffectivePolicyAssignment>,
    /// The assignment in force as it was read back; absent when it is the default of the tenant. Only when the change was
    /// [`seen`](Self::seen), it is that of after the change.
    pub after: Option<EffectivePolicyAssignment>,
    /// Warnings for an administrator about a change that succeeded.
    pub warnings: Vec<String>,
}

fn as_text<S: serde::Serializer>(policy_type: &PolicyType, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(policy_type)
}

impl fmt::Debug for PolicyOutcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PolicyOutcome")
            .field("change", &self.change)
            .field("seen", &self.seen)
            .field("user", &Masked(&self.user))
            .field("policy_type", &self.policy_type)
            .field("before", &self.before)
            .field("after", &self.after)
            .field("warnings", &self.warnings)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for PolicyOutcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, policy_type) = (self.wanted.person().map_or("", Person::label), &self.policy_type);
        if !self.seen {
            formatter.write_str("done, not yet seen: ")?;
        }
        match (&self.wanted, self.change) {
            (Change::SetPolicy { policy, .. }, PolicyChange::Already) => {
                write!(
                    formatter,
                    "{policy_type} of {name} is {policy} already; nothing was sent"
                )
            }
            (Change::SetPolicy { policy, .. }, _) => write!(formatter, "{policy_type} of {name} is {policy}"),
            (_, PolicyChange::Already) => {
                write!(formatter, "{name} has no {policy_type} of their own; nothing to clear")
            }
            _ if !self.seen => write!(formatter, "{policy_type} of {name} is cleared"),
            _ => {
                write!(formatter, "{policy_type} of {name} is cleared; ")?;
                match &self.after {
                    Some(after) => write!(formatter, "{after} is in force"),
                    None => formatter.write_str("the default of the tenant is in force"),
                }
            }
        }
    }
}

impl From<ChangeOutcome> for PolicyOutcome {
    fn from(outcome: ChangeOutcome) -> Self {
        let assignment = |assignments| present(&outcome.change, assignments).cloned();
        Self {
            change: match outcome.change {
                _ if outcome.is_already => PolicyChange::Already,
                Change::SetPolicy { .. } => PolicyChange::Assigned,
                _ => PolicyChange::Cleared,
            },
            seen: outcome.seen,
            user: outcome.change.user().to_owned(),
            policy_type: outcome.change.policy_type().unwrap_or_default().into(),
            before: assignment(outcome.before.policies()),
            after: assignment(outcome.after.policies()),
            warnings: outcome.warnings,
            wanted: outcome.change,
        }
    }
}
