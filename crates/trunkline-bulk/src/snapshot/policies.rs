//! The Teams policies of the users that rows are about, and the policies that rows name.

use std::collections::{BTreeSet, HashMap};

use futures_util::{StreamExt, TryStreamExt, stream};
use trunkline::policies::{PolicyType, TeamsPolicy, find_policy};
use trunkline::teams_administration::EffectivePolicyAssignment;
use trunkline::{Client, Error};

use super::people::is_about_one;
use super::{AT_ONCE, TOGETHER};
use crate::error::BulkError;

/// The kind and the name of a policy, as rows write them.
type PolicyName = (String, String);

/// Effective assignments by the object id of the user, and policies by kind and name.
#[derive(Debug, Default)]
pub(crate) struct TeamsPolicies {
    assignments: HashMap<String, Result<Vec<EffectivePolicyAssignment>, Error>>,
    policies: HashMap<PolicyName, Result<Option<TeamsPolicy>, Error>>,
}

impl TeamsPolicies {
    /// Reads the assignments of users given by object id, and looks the policies up.
    pub(crate) async fn read(client: &Client, ids: &[&str], names: &BTreeSet<PolicyName>) -> Result<Self, BulkError> {
        let mut policies = Self::default();
        // Gathered: as an iterator of closures the future could not go from thread to thread.
        let chunks: Vec<_> = ids.chunks(TOGETHER).map(|ids| read(client, ids)).collect();
        let mut answers = stream::iter(chunks).buffer_unordered(AT_ONCE);
        while let Some(answered) = answers.try_next().await? {
            policies.assignments.extend(answered);
        }
        let lookups: Vec<_> = names.iter().map(|name| look_up(client, name)).collect();
        let mut found = stream::iter(lookups).buffer_unordered(AT_ONCE);
        while let Some((name, found)) = found.try_next().await? {
            policies.policies.insert(name, found);
        }
        Ok(policies)
    }

    /// The effective assignments of a user, or why they could not be read. `None` when nobody asked.
    pub(crate) fn of(&self, id: &str) -> Option<&Result<Vec<EffectivePolicyAssignment>, Error>> {
        self.assignments.get(id)
    }

    /// The policy of a kind and a name, as rows write them, or why it could not be looked up; `None` when the tenant has none.
    pub(crate) fn named(&self, policy_type: &str, name: &str) -> Result<Option<&TeamsPolicy>, &Error> {
        match self.policies.get(&(policy_type.to_owned(), name.to_owned())) {
            Some(found) => found.as_ref().map(Option::as_ref),
            None => Ok(None),
        }
    }
}

async fn look_up(
    client: &Client,
    name: &PolicyName,
) -> Result<(PolicyName, Result<Option<TeamsPolicy>, Error>), BulkError> {
    let policy_type = PolicyType::named(&name.0).map_err(Error::from)?;
    let found = match find_policy(client, &policy_type, &name.1).await {
        // The service may not know the kind, and a token may not be allowed to look policies up.
        Err(error) if !error.is_permission_denied() && !is_about_one(&error) => return Err(error.into()),
        found => found,
    };
    Ok((name.clone(), found))
}

type Found = Vec<(String, Result<Vec<EffectivePolicyAssignment>, Error>)>;

async fn read(client: &Client, ids: &[&str]) -> Result<Found, BulkError> {
    let configurations = client.graph().admin().teams().user_configurations();
    let mut batch = client.batch();
    let handles: Vec<_> = ids
        .iter()
        .map(|id| batch.add(configurations.by_id(*id).get()))
        .collect();
    let mut answers = batch.send().await;
    let mut found = Vec::with_capacity(ids.len());
    for (id, handle) in ids.iter().zip(handles) {
        let assignments = match answers.take(handle) {
            Ok(configuration) => Ok(configuration.into_value().into_policies(id)?),
            // Teams may not know a user whom the directory knows.
            Err(error) if error.is_permission_denied() || error.is_not_found() => Err(error),
            Err(error) => return Err(error.into()),
        };
        found.push(((*id).to_owned(), assignments));
    }
    Ok(found)
}
