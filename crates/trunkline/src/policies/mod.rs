//! The Teams policies of one user, by what an administrator means: list, set, clear.
//!
//! A policy reaches a user in three ways: assigned to the user directly, through a group, or as the default of the tenant. The
//! first that exists is in force. Intents change the direct assignment only: [`Policies::set`] makes it the wanted policy, and
//! [`Policies::clear`] removes it, after which the policy of a group or of the tenant is in force again.
//!
//! Names of policies are looked up, the present assignments are read before anything is sent, and read back until they show
//! the change. Doing the same thing twice is a no-op. The step of a change is decided by [`decide`], which reads and sends
//! nothing.

mod change;
mod decision;
mod outcome;
mod policy_type;

pub use change::ChangePolicy;
pub use decision::{PolicyAction, PolicyDecision, PolicyRefusal, PolicyStep, PolicyWanted, TeamsPolicy, decide};
pub use outcome::{PolicyChange, PolicyOutcome};
pub use policy_type::PolicyType;

use std::fmt;

use trunkline_core::mask;

use crate::generated::teams_administration::{
    AssignmentType, EffectivePolicyAssignment, PolicyAssignment, TeamsUserConfiguration,
};
use crate::ids::named;
use crate::intent::Masked;
use crate::user_change::ChangeProgress;
use crate::{Client, Error, ErrorKind, Property, Request, Result, people};

/// Progress of a change to a policy. The state is all effective assignments of the user.
pub type PolicyProgress = ChangeProgress<Vec<EffectivePolicyAssignment>>;

impl EffectivePolicyAssignment {
    fn assignment(&self) -> Option<&PolicyAssignment> {
        self.policy_assignment.as_deref()
    }

    /// Whether it is about this kind of policy, however the service spells it.
    #[must_use]
    pub fn is_of(&self, policy_type: &PolicyType) -> bool {
        self.policy_type.is_value_and(|own| own.is(policy_type))
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

/// The policy of this kind and name, with or without `Tag:`, in any case; `None` when the tenant has none.
///
/// # Errors
///
/// The errors of reading. It needs the permission to assign policies.
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
        let user = people::object_id(&self.client, &self.user).await?;
        self.list_of(&user).await
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
        ChangePolicy::new(self.clone(), policy_type.to_string(), Some(name.into()))
    }

    /// Removes the direct assignment of a kind. The policy of a group, else the default of the tenant, is in force then. A policy
    /// that comes from a group stays, and a warning says so: it can only be changed at the group.
    ///
    /// # Errors
    ///
    /// As [`set`](Self::set).
    pub fn clear(&self, policy_type: impl fmt::Display) -> ChangePolicy {
        ChangePolicy::new(self.clone(), policy_type.to_string(), None)
    }

    fn configuration(&self, user: &str) -> Request<TeamsUserConfiguration> {
        self.client
            .graph()
            .admin()
            .teams()
            .user_configurations()
            .by_id(user)
            .get()
    }

    /// The assignments of a user by object id.
    async fn list_of(&self, user: &str) -> Result<Vec<EffectivePolicyAssignment>> {
        let configuration = match self.configuration(user).await {
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
                Err(Error::new(ErrorKind::UnexpectedBody, message).with_operation(operation))
            }
        }
    }
}
