//! Decides the step from the policies of a user to the wanted one. Nothing is read or sent here.

use std::fmt;

use super::{PolicyType, effective};
use crate::generated::teams_administration::EffectivePolicyAssignment;
use crate::{Error, ErrorKind};

/// A policy of the tenant: its name without `Tag:`, and the id that it is assigned by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TeamsPolicy {
    /// Name, as the Teams admin center shows it.
    pub name: String,
    /// Id. Opaque.
    pub id: String,
}

/// The wanted policy of a user.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PolicyWanted {
    /// This policy is assigned to the user directly.
    Assigned(PolicyType, TeamsPolicy),
    /// No policy of this kind is assigned to the user directly.
    Cleared(PolicyType),
}

impl PolicyWanted {
    /// The kind of policy it is about.
    #[must_use]
    pub fn policy_type(&self) -> &PolicyType {
        match self {
            Self::Assigned(policy_type, _) | Self::Cleared(policy_type) => policy_type,
        }
    }
}

/// The decision. Returned by [`decide`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PolicyDecision {
    /// The change to make.
    pub action: PolicyAction,
    /// Warnings for an administrator.
    pub warnings: Vec<String>,
}

impl PolicyDecision {
    /// The change to be sent, if there is one.
    #[must_use]
    pub fn step(&self) -> Option<&PolicyStep> {
        match &self.action {
            PolicyAction::Send(step) => Some(step),
            PolicyAction::Already => None,
        }
    }
}

/// The change to the policies of a user that a decision asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicyAction {
    /// Nothing: the state is already correct.
    Already,
    /// This change.
    Send(PolicyStep),
}

/// One change to the policies of a user: one request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicyStep {
    /// A policy is assigned directly, in place of an earlier one of its kind.
    Assign(PolicyType, TeamsPolicy),
    /// The direct assignment of this kind is removed.
    Unassign(PolicyType),
}

impl PolicyStep {
    /// The operation's id, such as `policyAssignments.assign`.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        match self {
            Self::Assign(..) => "policyAssignments.assign",
            Self::Unassign(_) => "policyAssignments.unassign",
        }
    }
}

/// Why a change to a policy is not sent. Becomes an [`Error`] with `into`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicyRefusal {
    /// The tenant has no policy of this kind and name.
    UnknownPolicy {
        /// The kind.
        policy_type: PolicyType,
        /// The name, as the caller gave it.
        name: String,
    },
    /// The kind is blank.
    TypeMissing,
    /// The name is blank.
    NameMissing,
}

impl PolicyRefusal {
    /// A word for it that does not change between versions, for programs that group or count.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownPolicy { .. } => "unknownPolicy",
            Self::TypeMissing => "policyTypeMissing",
            Self::NameMissing => "policyNameMissing",
        }
    }

    /// The kind of the error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::UnknownPolicy { .. } => ErrorKind::NotFound,
            Self::TypeMissing | Self::NameMissing => ErrorKind::InvalidInput,
        }
    }

    /// The next step.
    #[must_use]
    pub fn next_step(&self) -> String {
        match self {
            Self::UnknownPolicy { policy_type, .. } => format!(
                "Check kind and name, which the Teams admin center shows and Get-Cs{policy_type} lists; to return the user to the \
                 policy of a group or of the tenant (Global), clear the policy instead"
            ),
            Self::TypeMissing => {
                "Name the type of the policy, such as TeamsCallingPolicy or 'voice routing'".to_owned()
            }
            Self::NameMissing => "Name the policy; to remove the user's policy, clear it instead".to_owned(),
        }
    }
}

impl fmt::Display for PolicyRefusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownPolicy { policy_type, name } => {
                write!(formatter, "the tenant has no {policy_type} named {name:?}")
            }
            Self::TypeMissing => formatter.write_str("the type of the policy is blank"),
            Self::NameMissing => formatter.write_str("the name of the policy is blank"),
        }
    }
}

impl std::error::Error for PolicyRefusal {}

impl From<PolicyRefusal> for Error {
    fn from(refusal: PolicyRefusal) -> Self {
        Self::new(refusal.kind(), refusal.to_string())
            .with_operation("teamsPolicies.getPolicyId")
            .with_next_step(refusal.next_step())
    }
}

/// Decides how to bring the policy of a user from this state to the wanted one.
///
/// `assignments` is all of the user's effective assignments. Only a direct assignment of the wanted policy is already correct: one
/// that comes from a group ends when the user leaves the group. Intents, dry runs and bulk changes all ask here.
///
/// ```
/// use trunkline::policies::{PolicyAction, PolicyType, PolicyWanted, decide};
///
/// let decision = decide(&[], &PolicyWanted::Cleared(PolicyType::TenantDialPlan));
/// assert_eq!(decision.action, PolicyAction::Already);
/// ```
#[must_use]
pub fn decide(assignments: &[EffectivePolicyAssignment], wanted: &PolicyWanted) -> PolicyDecision {
    let present = effective(assignments, wanted.policy_type());
    let is_inherited = present.is_some_and(|present| !present.is_direct());
    let (action, warning) = match wanted {
        PolicyWanted::Assigned(..) if shows(assignments, wanted) => (PolicyAction::Already, None),
        PolicyWanted::Assigned(policy_type, policy) => (
            PolicyAction::Send(PolicyStep::Assign(policy_type.clone(), policy.clone())),
            present
                .filter(|present| is_inherited && present.policy_id() == Some(&policy.id))
                .map(|present| {
                    format!("{present} gives the user this policy too; the direct assignment stays when that one ends")
                }),
        ),
        PolicyWanted::Cleared(policy_type) if present.is_some_and(EffectivePolicyAssignment::is_direct) => {
            (PolicyAction::Send(PolicyStep::Unassign(policy_type.clone())), None)
        }
        PolicyWanted::Cleared(_) => (
            PolicyAction::Already,
            present.map(|present| format!("{present} stays in force; it is not assigned to the user directly")),
        ),
    };
    PolicyDecision {
        action,
        warnings: warning.into_iter().collect(),
    }
}

/// Whether these assignments are as wanted.
pub(super) fn shows(assignments: &[EffectivePolicyAssignment], wanted: &PolicyWanted) -> bool {
    let present = effective(assignments, wanted.policy_type());
    let direct = present.filter(|present| present.is_direct());
    match wanted {
        PolicyWanted::Assigned(_, policy) => direct.is_some_and(|direct| direct.policy_id() == Some(&policy.id)),
        PolicyWanted::Cleared(_) => direct.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::teams_administration::PolicyAssignment;

    fn entry(policy_type: &str, id: &str, assignment_type: &str) -> EffectivePolicyAssignment {
        let assignment = PolicyAssignment {
            assignment_type: assignment_type.into_member(),
            display_name: format!("Tag:{id}").into(),
            policy_id: id.into(),
            ..PolicyAssignment::default()
        };
        EffectivePolicyAssignment {
            policy_assignment: assignment.into(),
            policy_type: PolicyType::from(policy_type).into(),
            ..EffectivePolicyAssignment::default()
        }
    }

    trait IntoMember {
        fn into_member(self) -> crate::Property<crate::teams_administration::AssignmentType>;
    }

    impl IntoMember for &str {
        fn into_member(self) -> crate::Property<crate::teams_administration::AssignmentType> {
            crate::teams_administration::AssignmentType::from(self).into()
        }
    }

    #[test]
    fn every_state_has_one_consequence_for_everything_wanted() {
        let calling = PolicyType::TeamsCallingPolicy;
        let of = |id: &str| TeamsPolicy {
            name: id.to_owned(),
            id: id.to_owned(),
        };
        let direct = |id| entry("TeamsCallingPolicy", id, "direct");
        let group = |id| entry("TeamsCallingPolicy", id, "group");
        let other = entry("TenantDialPlan", "A", "direct");
        // The state, and for wanting A and for wanting none: the step and the number of warnings.
        let table = [
            (vec![], ("assign", 0), ("already", 0)),
            (vec![other], ("assign", 0), ("already", 0)),
            (vec![direct("A")], ("already", 0), ("unassign", 0)),
            (vec![direct("B")], ("assign", 0), ("unassign", 0)),
            (
                vec![entry("teamscallingpolicy", "A", "direct")],
                ("already", 0),
                ("unassign", 0),
            ),
            (vec![group("A")], ("assign", 1), ("already", 1)),
            (vec![group("B")], ("assign", 0), ("already", 1)),
            (vec![group("B"), direct("A")], ("already", 0), ("unassign", 0)),
            (
                vec![entry("TeamsCallingPolicy", "A", "newer")],
                ("assign", 1),
                ("already", 1),
            ),
        ];
        for (state, assigned, cleared) in table {
            for (wanted, expected) in [
                (PolicyWanted::Assigned(calling.clone(), of("A")), assigned),
                (PolicyWanted::Cleared(calling.clone()), cleared),
            ] {
                let decision = decide(&state, &wanted);
                let word = match decision.step() {
                    None => "already",
                    Some(PolicyStep::Assign(_, policy)) if *policy == of("A") => "assign",
                    Some(PolicyStep::Unassign(_)) => "unassign",
                    Some(other) => panic!("another step: {other:?}"),
                };
                assert_eq!((word, decision.warnings.len()), expected, "{state:?} {wanted:?}");
                assert_eq!(shows(&state, &wanted), decision.step().is_none());
            }
        }
    }
}
