//! Assigning and clearing a policy: read the assignments, send once, read until the change shows.

use super::decision::{PolicyAction, PolicyStep, PolicyWanted, TeamsPolicy, decide, shows};
use super::{Policies, PolicyChange, PolicyOutcome, PolicyProgress, PolicyRefusal, PolicyType, bare_name, effective};
use crate::generated::teams_administration::{EffectivePolicyAssignment, TeamsPolicyUserAssignment};
use crate::plan::{Plan, placeholder};
use crate::policies::PolicyDecision;
use crate::read_back::{Shows, before_sending};
use crate::user_change::{ChangeOptions, ReadBack, change_options, lost_answer};
use crate::{Error, Operation, Request, Result, people};

/// Assigns or clears a policy. Returned by [`Policies::set`] and [`Policies::clear`]; await it, or
/// [`send_blocking`](Self::send_blocking).
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until it is awaited or sent"]
pub struct ChangePolicy {
    policies: Policies,
    policy_type: String,
    /// Name of the policy; none to clear.
    name: Option<String>,
    /// Id of the policy, when the caller knows it.
    id: Option<String>,
    options: ChangeOptions<Vec<EffectivePolicyAssignment>>,
}

crate::intent::intent!(ChangePolicy => PolicyOutcome);
change_options!(ChangePolicy, known
    /// All effective assignments of the user as the caller has read them, so that they are not read again before anything is
    /// sent. Read them shortly before: the decision is made on them.
    Vec<EffectivePolicyAssignment>, PolicyProgress);

impl ChangePolicy {
    pub(super) fn new(policies: Policies, policy_type: String, name: Option<String>) -> Self {
        Self {
            policies,
            policy_type,
            name,
            id: None,
            options: ChangeOptions::default(),
        }
    }

    /// Id of the policy as [`find_policy`](super::find_policy) returned it, so that it is not looked up again. To clear, it is
    /// not needed.
    pub fn with_policy_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// The wanted state; `Err` with the name of a policy whose id is still to be looked up.
    fn wanted(&self) -> Result<(PolicyType, Result<PolicyWanted, String>)> {
        let policy_type = PolicyType::named(&self.policy_type)?;
        let Some(name) = &self.name else {
            return Ok((policy_type.clone(), Ok(PolicyWanted::Cleared(policy_type))));
        };
        let name = bare_name(name).to_owned();
        if name.is_empty() {
            return Err(PolicyRefusal::NameMissing.into());
        }
        let wanted = match self.id.clone() {
            Some(id) => Ok(PolicyWanted::Assigned(policy_type.clone(), TeamsPolicy { name, id })),
            None => Err(name),
        };
        Ok((policy_type, wanted))
    }

    async fn execute(mut self) -> Result<PolicyOutcome> {
        let (policy_type, wanted) = self.wanted()?;
        let (client, deadline) = self.options.start(&self.policies.client);
        let policies = Policies::new(&client, self.policies.user.clone());
        let user = people::object_id(&client, &policies.user)
            .await
            .map_err(before_sending)?;
        let wanted = match wanted {
            Ok(wanted) => wanted,
            Err(name) => {
                let found = super::find_policy(&client, &policy_type, &name)
                    .await
                    .map_err(before_sending)?;
                let unknown = || PolicyRefusal::UnknownPolicy {
                    policy_type: policy_type.clone(),
                    name,
                };
                PolicyWanted::Assigned(policy_type.clone(), found.ok_or_else(unknown)?)
            }
        };
        let present = match self.options.known.take() {
            Some(known) => known,
            None => policies.list_of(&user).await.map_err(before_sending)?,
        };
        self.options
            .watcher
            .tell(&PolicyProgress::Found(present.clone()))
            .await?;
        let decision = decide(&present, &wanted);
        let outcome = |change, after: &[EffectivePolicyAssignment], warnings| PolicyOutcome {
            name: policies.user.clone(),
            wanted: wanted.clone(),
            change,
            seen: true,
            user: user.clone(),
            policy_type: policy_type.clone(),
            before: effective(&present, &policy_type).cloned(),
            after: effective(after, &policy_type).cloned(),
            warnings,
        };
        let step = match &decision.action {
            PolicyAction::Already => return Ok(outcome(PolicyChange::Already, &present, decision.warnings)),
            PolicyAction::Send(step) => step,
        };
        let change = match step {
            PolicyStep::Assign(..) => PolicyChange::Assigned,
            PolicyStep::Unassign(_) => PolicyChange::Cleared,
        };
        deadline.check(&client)?;
        let doubt = match self.options.send_request(policies.request(&user, step)).await? {
            Ok(()) => None,
            Err(error) if error.may_have_reached_service() => Some(error),
            Err(error) => return Err(error),
        };
        let until = self.options.until(&client, deadline, None);
        let shows = |read: &Vec<_>| -> Shows<Error> {
            if shows(read, &wanted) {
                Shows::Change
            } else {
                Shows::Nothing
            }
        };
        let read = || policies.list_of(&user);
        let state = "the policies of the user (userConfigurations.get)";
        let mut warnings = decision.warnings.clone();
        match self
            .options
            .read_back(&client, until, doubt.as_ref(), state, read, shows)
            .await?
        {
            ReadBack::Shown(after) => {
                warnings.extend(doubt.as_ref().map(lost_answer));
                Ok(outcome(change, &after, warnings))
            }
            ReadBack::NotShown(last, why) => {
                let last = last.as_deref().unwrap_or(&present);
                let shown = effective(last, &policy_type);
                warnings.push(why.warning(&shown.map_or_else(|| format!("no {policy_type}"), ToString::to_string)));
                Ok(PolicyOutcome {
                    seen: false,
                    ..outcome(change, last, warnings)
                })
            }
        }
    }

    /// The requests it would send. Nothing is read or sent for the plan.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) for a kind or a name that is blank.
    pub fn plan(&self) -> Result<Plan<PolicyDecision>> {
        let (policy_type, wanted) = self.wanted()?;
        let mut plan = Plan::new(None);
        let client = &self.policies.client;
        let user = if people::is_object_id(&self.policies.user) {
            self.policies.user.clone()
        } else {
            let lookup = people::request(client, &self.policies.user);
            plan.read(lookup.into_operation(), "find the object id of the user");
            placeholder("object id of the user")
        };
        let is_found = wanted.is_ok();
        let wanted = wanted.unwrap_or_else(|name| {
            let policy = client.graph().admin().teams().policy();
            let lookup = policy.get_policy_id(policy_type.to_string(), &name);
            plan.read(lookup.into_operation(), "find the id of the policy");
            let id = placeholder("id of the policy");
            PolicyWanted::Assigned(policy_type, TeamsPolicy { name, id })
        });
        let read = || self.policies.configuration(&user).into_operation();
        let step = match &self.options.known {
            Some(known) if is_found => {
                let decision = decide(known, &wanted);
                let step = decision.step().cloned();
                plan.decision = Some(decision);
                step
            }
            known => {
                if known.is_none() {
                    plan.read(read(), "read the policies of the user; stop if it is already correct");
                }
                Some(match wanted {
                    PolicyWanted::Assigned(policy_type, policy) => PolicyStep::Assign(policy_type, policy),
                    PolicyWanted::Cleared(policy_type) => PolicyStep::Unassign(policy_type),
                })
            }
        };
        if let Some(step) = step {
            let purpose = match step {
                PolicyStep::Assign(..) => "assign the policy to the user",
                PolicyStep::Unassign(_) => "take the policy away from the user",
            };
            plan.send(self.policies.request(&user, &step).into_operation(), purpose);
            plan.read(read(), "read the policies of the user back");
        }
        Ok(plan)
    }
}

impl Policies {
    /// The request of one step of a [`PolicyDecision`], as it would be sent. To look at: intents send it.
    ///
    /// `user` is the object id of the user.
    #[must_use]
    pub fn operation(&self, user: &str, step: &PolicyStep) -> Operation {
        self.request(user, step).into_operation()
    }

    fn request(&self, user: &str, step: &PolicyStep) -> Request<()> {
        let assignments = self.client.graph().admin().teams().policy().user_assignments();
        let item = |policy_type: &PolicyType| TeamsPolicyUserAssignment {
            user_id: user.into(),
            policy_type: policy_type.clone().into(),
            ..TeamsPolicyUserAssignment::default()
        };
        match step {
            PolicyStep::Assign(policy_type, policy) => {
                let item = TeamsPolicyUserAssignment {
                    policy_id: policy.id.clone().into(),
                    ..item(policy_type)
                };
                assignments.assign([item]).request()
            }
            PolicyStep::Unassign(policy_type) => assignments.unassign([item(policy_type)]).request(),
        }
    }
}
