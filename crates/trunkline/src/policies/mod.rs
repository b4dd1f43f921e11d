//! The Teams policies of one user, by what an administrator means: list, set, clear.
//!
//! A policy reaches a user in three ways: assigned to the user directly, through a group, or as the default of the tenant. The
//! first that exists is in force. Intents change the direct assignment only: [`Policies::set`] makes it the wanted policy, and
//! [`Policies::clear`] removes it, after which the policy of a group or of the tenant is in force again.
//!
//! Names of policies are looked up, the present assignments are read before anything is sent, and read back until they show
//! the change. Doing the same thing twice is a no-op. [`decide`](crate::decide) says which request a change needs, and neither
//! reads nor sends.

pub(crate) mod assignment;
pub(crate) mod decision;
mod intents;
mod outcome;
pub(crate) mod policy_type;
pub(crate) mod requests;

pub use assignment::{bare_name, effective};
pub use intents::{AssignPolicy, ChangePolicy};
pub use outcome::{PolicyChange, PolicyOutcome};
pub use policy_type::PolicyType;
pub use requests::{TeamsPolicy, find_policy};

use std::fmt;

#[cfg(doc)]
use crate::ErrorKind;
use crate::change::{Change, Person};
use crate::country::NumberReader;
use crate::generated::teams_administration::EffectivePolicyAssignment;
use crate::intent::Intent;
use crate::masked::Masked;
use crate::{Client, Result, people};

/// The Teams policies of one user. Returned by [`Client::policies`].
#[derive(Clone)]
pub struct Policies {
    client: Client,
    user: String,
}

impl fmt::Debug for Policies {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Policies")
            .field("user", &Masked(&self.user))
            .finish_non_exhaustive()
    }
}

impl Client {
    /// The Teams policies of a user, given by principal name or object id.
    #[must_use]
    pub fn policies(&self, user: impl Into<String>) -> Policies {
        Policies::new(self, user.into())
    }
}

impl Policies {
    pub(crate) fn new(client: &Client, user: String) -> Self {
        Self {
            client: client.clone(),
            user,
        }
    }

    /// The policies in force that are assigned to the user directly or through a group, at most one of a kind. For a kind that
    /// is missing, the default of the tenant is in force; the service does not show it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] for a user that does not exist, or that Teams does not know; otherwise what reading can fail with.
    ///
    /// ```no_run
    /// # async fn run(client: trunkline::Client) -> trunkline::Result<()> {
    /// for assignment in client.policies("ana@contoso.example").list().await? {
    ///     println!("{:?} {:?}", assignment.policy_type, assignment.policy_name());
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn list(&self) -> Result<Vec<EffectivePolicyAssignment>> {
        requests::read(&self.client, &people::object_id(&self.client, &self.user).await?).await
    }

    /// [`list`](Self::list), blocking.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list), and when called from asynchronous code.
    pub fn list_blocking(&self) -> Result<Vec<EffectivePolicyAssignment>> {
        trunkline_core::blocking::block_on(self.list())?
    }

    /// The policy of a kind that is in force, by any name that [`PolicyType::named`] understands; `None` when it is the default
    /// of the tenant.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list).
    pub async fn get(&self, policy_type: impl fmt::Display) -> Result<Option<EffectivePolicyAssignment>> {
        let policy_type = PolicyType::named(&policy_type.to_string())?;
        Ok(effective(&self.list().await?, &policy_type).cloned())
    }

    /// Assigns a policy to the user directly: it wins over the policy of a group, and replaces an earlier direct one of its kind.
    ///
    /// `policy_type` is a [`PolicyType`] or any name that [`PolicyType::named`] understands, and `name` is the name of the policy,
    /// with or without `Tag:`. Nothing is sent if this policy is assigned directly already; that a group gives the user the same
    /// policy does not suffice, because it ends with the membership.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] for a kind or a name that is blank; [`ErrorKind::NotFound`] for a user that does not exist and
    /// for a policy that the tenant does not have; [`ErrorKind::UnknownOutcome`] when an answer was lost and reading back did
    /// not settle it.
    ///
    /// ```no_run
    /// # async fn run(client: trunkline::Client) -> trunkline::Result<()> {
    /// client.policies("ana@contoso.example").set("voice routing", "UnitedStates").await?;
    /// # Ok(()) }
    /// ```
    pub fn set(&self, policy_type: impl fmt::Display, name: impl Into<String>) -> ChangePolicy {
        self.intent(Change::SetPolicy {
            user: Person::named(self.user.as_str()),
            policy_type: policy_type.to_string(),
            policy: name.into(),
            policy_id: None,
        })
    }

    /// Removes the direct assignment of a kind. The policy of a group, else the default of the tenant, is in force then. A policy
    /// that comes from a group stays, and a warning says so: it can only be changed at the group.
    ///
    /// # Errors
    ///
    /// As [`set`](Self::set).
    pub fn clear(&self, policy_type: impl fmt::Display) -> ChangePolicy {
        self.intent(Change::ClearPolicy {
            user: Person::named(self.user.as_str()),
            policy_type: policy_type.to_string(),
        })
    }

    fn intent(&self, change: Change) -> ChangePolicy {
        Intent::new(&self.client, change, NumberReader::default())
    }
}
