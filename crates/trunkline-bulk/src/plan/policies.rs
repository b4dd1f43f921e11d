//! Rows about Teams policies: each is decided on the effective assignments of its user.

use trunkline::policies::{self, PolicyAction, PolicyRefusal, PolicyType, PolicyWanted};
use trunkline::{Change, Error};

use super::draft::Draft;
use super::{PolicyState, State};
use crate::snapshot::Snapshot;

/// Decides every row about a policy.
pub(super) fn decide(drafts: &mut [Draft], snapshot: &Snapshot) {
    for draft in drafts.iter_mut().filter(|draft| !draft.is_refused()) {
        let is_about_policies = draft.wanted.change().and_then(Change::policy_type).is_some();
        let user = draft.person(snapshot).map(|person| person.id.clone());
        if let (true, Some(user)) = (is_about_policies, user) {
            decide_row(draft, &user, snapshot);
        }
    }
}

fn decide_row(draft: &mut Draft, user: &str, snapshot: &Snapshot) {
    let unreadable = |error: Option<&Error>| match error {
        Some(error) => (error.message().to_owned(), error.next_step().to_owned()),
        None => ("they were not read".to_owned(), "Plan again".to_owned()),
    };
    let found = snapshot.policies.of(user);
    let Some(Ok(assignments)) = found else {
        let (what, step) = unreadable(found.and_then(|found| found.as_ref().err()));
        let what = format!("the policies of the user cannot be read: {what}");
        return draft.refuse("unreadablePolicies", what, step);
    };
    let wanted = match wanted_of(draft, snapshot) {
        Ok(wanted) => wanted,
        Err(Blocked::Refused(refusal)) => {
            return draft.refuse(refusal.code(), refusal.to_string(), refusal.next_step());
        }
        Err(Blocked::Unreadable(error)) => {
            let what = format!("the policy cannot be looked up: {}", error.message());
            return draft.refuse("unreadablePolicies", what, error.next_step());
        }
    };
    let before = State::Policy(PolicyState::of(user, wanted.policy_type(), assignments));
    draft.before = Some(before.clone());
    let decision = policies::decide(assignments, &wanted);
    for warning in decision.warnings {
        draft.warn("policyWarning", warning, "Correct this, or ignore it");
    }
    if let (PolicyAction::Send(_), Some(change)) = (decision.action, draft.wanted.change().cloned()) {
        draft.send(change, Vec::new(), before);
    }
}

/// Why a row is blocked before its state is compared.
enum Blocked<'s> {
    Refused(PolicyRefusal),
    /// The policy could not be looked up.
    Unreadable(&'s Error),
}

impl From<PolicyRefusal> for Blocked<'_> {
    fn from(refusal: PolicyRefusal) -> Self {
        Self::Refused(refusal)
    }
}

/// The wanted state. The id of the policy goes into the row: its step needs no look-up.
fn wanted_of<'s>(draft: &mut Draft, snapshot: &'s Snapshot) -> Result<PolicyWanted, Blocked<'s>> {
    match draft.wanted.change_mut() {
        Some(Change::SetPolicy {
            policy_type,
            policy,
            policy_id,
            ..
        }) => {
            let kind = PolicyType::named(policy_type)?;
            let found = snapshot.policies.named(policy_type, policy);
            let Some(found) = found.map_err(Blocked::Unreadable)? else {
                let name = policy.clone();
                return Err(PolicyRefusal::UnknownPolicy {
                    policy_type: kind,
                    name,
                }
                .into());
            };
            *policy_id = Some(found.id.clone());
            Ok(PolicyWanted::Assigned(kind, found.clone()))
        }
        Some(Change::ClearPolicy { policy_type, .. }) => Ok(PolicyWanted::Cleared(PolicyType::named(policy_type)?)),
        _ => Err(PolicyRefusal::TypeMissing.into()),
    }
}
