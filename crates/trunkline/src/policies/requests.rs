//! The requests that read and change the policies of a user, who is named by object id, and that find a policy.

use super::assignment::bare_name;
use crate::change::Change;
use crate::generated::teams_administration::{
    EffectivePolicyAssignment, PolicyType, TeamsPolicyUserAssignment, TeamsUserConfiguration,
};
use crate::{Client, ErrorKind, Request, Result};

/// A policy of the tenant: its name without `Tag:`, and the id that it is assigned by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TeamsPolicy {
    /// Name, as the Teams admin center shows it.
    pub name: String,
    /// Id. Opaque.
    pub id: String,
}

/// The policy of this kind and name, with or without `Tag:`, in any case; `None` when the tenant has none.
///
/// # Errors
///
/// Those of reading. It needs the permission to assign policies.
pub async fn find_policy(client: &Client, policy_type: &PolicyType, name: &str) -> Result<Option<TeamsPolicy>> {
    let wanted = bare_name(name);
    let policy = client.graph().admin().teams().policy();
    let found = policy.get_policy_id(policy_type.to_string(), wanted).all().await?;
    let known = found.into_iter().find_map(|found| {
        let name = bare_name(found.name.as_deref()?).to_owned();
        let id = found.policy_id.into_option().filter(|id| !id.is_empty())?;
        (name.to_lowercase() == wanted.to_lowercase()).then_some(TeamsPolicy { name, id })
    });
    Ok(known)
}

/// The request that reads the policies of a user.
pub(crate) fn configuration(client: &Client, user: &str) -> Request<TeamsUserConfiguration> {
    let teams = client.graph().admin().teams();
    teams.user_configurations().by_id(user).get()
}

/// The assignments of a user.
pub(crate) async fn read(client: &Client, user: &str) -> Result<Vec<EffectivePolicyAssignment>> {
    let configuration = match configuration(client, user).await {
        Ok(found) => found.into_value(),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let message = "Teams does not know the user";
            return Err(error.with_message(message).with_next_step(
                "Check the object id, and that the user has a licence with Teams; Teams knows a new user after some hours",
            ));
        }
        Err(error) => return Err(error),
    };
    configuration.into_policies(user)
}

/// The request that carries out one step of a decision.
pub(crate) fn change(client: &Client, step: &Change) -> Request<()> {
    let assignments = client.graph().admin().teams().policy().user_assignments();
    let item = TeamsPolicyUserAssignment {
        user_id: step.user().into(),
        policy_type: PolicyType::from(step.policy_type().unwrap_or_default()).into(),
        ..TeamsPolicyUserAssignment::default()
    };
    match step {
        Change::SetPolicy {
            policy_id: Some(policy_id),
            ..
        } => {
            let policy_id = policy_id.clone().into();
            assignments
                .assign([TeamsPolicyUserAssignment { policy_id, ..item }])
                .request()
        }
        _ => assignments.unassign([item]).request(),
    }
}
