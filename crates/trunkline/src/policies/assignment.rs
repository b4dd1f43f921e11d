//! Reads an effective policy assignment, and the policies of a user.

use std::fmt;

use trunkline_core::codec::OpenEnum;
use trunkline_core::mask;

#[cfg(doc)]
use crate::ErrorKind;
use crate::generated::teams_administration::{
    AssignmentType, EffectivePolicyAssignment, PolicyAssignment, PolicyType, TeamsUserConfiguration,
};
use crate::ids::named;
use crate::{Error, Property, Result};

impl EffectivePolicyAssignment {
    fn assignment(&self) -> Option<&PolicyAssignment> {
        self.policy_assignment.as_deref()
    }

    /// Whether it is about this kind of policy, however the service spells it.
    #[must_use]
    pub fn is_of(&self, policy_type: &PolicyType) -> bool {
        self.policy_type
            .is_value_and(|own| own.as_str().eq_ignore_ascii_case(policy_type.as_str()))
    }

    /// Whether the policy is assigned to the user directly, and not through a group.
    #[must_use]
    pub fn is_direct(&self) -> bool {
        self.assignment()
            .is_some_and(|assignment| assignment.assignment_type == Some(AssignmentType::Direct))
    }

    /// Name of the policy, without `Tag:`.
    #[must_use]
    pub fn policy_name(&self) -> Option<&str> {
        self.assignment()?.display_name.as_deref().map(bare_name)
    }

    /// Id of the policy.
    #[must_use]
    pub fn policy_id(&self) -> Option<&str> {
        self.assignment()?.policy_id.as_deref()
    }

    /// Object id of the group through which the policy reaches the user.
    #[must_use]
    pub fn group(&self) -> Option<&str> {
        named(self.assignment()?.group_id.as_deref())
    }
}

/// Name of the policy, and of the group it comes from.
impl fmt::Display for EffectivePolicyAssignment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.policy_name().unwrap_or("a policy without a name"))?;
        match self.group() {
            Some(group) => write!(formatter, " of group {group}"),
            None => Ok(()),
        }
    }
}

/// The assignment of a kind that is in force; `None` when the default of the tenant is.
#[must_use]
pub fn effective<'a>(
    assignments: &'a [EffectivePolicyAssignment],
    policy_type: &PolicyType,
) -> Option<&'a EffectivePolicyAssignment> {
    let of_type = || assignments.iter().filter(|assignment| assignment.is_of(policy_type));
    of_type()
        .find(|assignment| assignment.is_direct())
        .or_else(|| of_type().next())
}

/// A name without spaces at its ends and without the `Tag:` that the service puts in front.
#[must_use]
pub fn bare_name(name: &str) -> &str {
    let name = name.trim();
    match name.get(..4) {
        Some(tag) if tag.eq_ignore_ascii_case("Tag:") => name[4..].trim_start(),
        _ => name,
    }
}

impl TeamsUserConfiguration {
    /// The effective assignments, if it is the configuration of this user, by object id.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnexpectedBody`] when it is of another user, see [`Error::is_key_mismatch`], or when the service sent no
    /// assignments.
    pub fn into_policies(self, user: &str) -> Result<Vec<EffectivePolicyAssignment>> {
        let operation = "userConfigurations.get";
        if !self.id.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(user)) {
            let own = self.id.as_deref().unwrap_or("a user without an id");
            let shown = format!("the policies of {}", mask::text(user));
            return Err(Error::key_mismatch(shown, mask::text(own)).with_operation(operation));
        }
        match self.effective_policy_assignments {
            Property::Value(assignments) => Ok(assignments),
            Property::Null => Ok(Vec::new()),
            Property::Absent => {
                let message = "the service answered without the policies of the user";
                Err(Error::new(crate::ErrorKind::UnexpectedBody, message).with_operation(operation))
            }
        }
    }
}
