//! Rows about Teams policies: each is decided on the effective assignments of its user.

use trunkline::{Change, Current, Error, Refusal, Subject, decide};

use super::State;
use super::draft::Draft;
use crate::snapshot::Snapshot;

/// Decides every row about a policy.
pub(super) fn plan(drafts: &mut [Draft], snapshot: &Snapshot) {
    for draft in drafts.iter_mut().filter(|draft| !draft.is_refused()) {
        let is_about_policies = draft.wanted.change().map(Change::subject) == Some(Subject::Policies);
        let user = draft.person(snapshot).map(|person| person.id.clone());
        if let (true, Some(user)) = (is_about_policies, user) {
            plan_row(draft, &user, snapshot);
        }
    }
}

fn plan_row(draft: &mut Draft, user: &str, snapshot: &Snapshot) {
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
    let Some(mut change) = draft.wanted.change().cloned() else {
        return;
    };
    // The id goes into the row: its step needs no look-up.
    if let Change::SetPolicy {
        policy_type,
        policy,
        policy_id,
        ..
    } = &mut change
    {
        match snapshot.policies.named(policy_type, policy) {
            Ok(Some(found)) => *policy_id = Some(found.id.clone()),
            Ok(None) => return refuse(draft, &Refusal::unknown_policy(policy_type.as_str(), policy.as_str())),
            Err(error) => {
                let what = format!("the policy cannot be looked up: {}", error.message());
                return draft.refuse("unreadablePolicies", what, error.next_step());
            }
        }
    }
    draft.wanted = change.clone().into();
    let current = Current::Policies(assignments.clone());
    let before = State::of(&change, &current);
    draft.before = Some(before.clone());
    let decision = match decide(&change, &current) {
        Ok(decision) => decision,
        Err(refusal) => return refuse(draft, &refusal),
    };
    for warning in &decision.warnings {
        draft.warn(warning.code(), warning.to_string(), "Correct this, or ignore it");
    }
    for step in decision.steps() {
        draft.send(step.clone(), Vec::new(), before.clone());
    }
}

fn refuse(draft: &mut Draft, refusal: &Refusal) {
    draft.refuse(refusal.reason.code(), refusal.to_string(), refusal.next_step());
}
