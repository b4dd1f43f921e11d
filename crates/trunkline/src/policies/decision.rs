//! Decides a change of a policy on the policies that the user has. Nothing is read or sent here.

use super::assignment::effective;
use crate::change::Change;
use crate::decision::{Decision, DecisionAction, Warning};
use crate::generated::teams_administration::{EffectivePolicyAssignment, PolicyType};
use crate::refusal::{Refusal, RefusalReason};

/// Decides a change of these assignments, which are all of the user's. Only a direct assignment of the wanted policy is already
/// correct: one that comes from a group ends when the user leaves the group.
pub(crate) fn decide(change: &Change, assignments: &[EffectivePolicyAssignment]) -> Result<Decision, Refusal> {
    let present = present(change, assignments);
    let inherited = present.filter(|present| !present.is_direct());
    let (is_shown, warning) = match change {
        Change::SetPolicy { policy_id: None, .. } => return Err(Refusal::new(RefusalReason::PolicyIdMissing)),
        Change::SetPolicy { policy_id, .. } => {
            let same = inherited.filter(|inherited| inherited.policy_id() == policy_id.as_deref());
            let warning = same.map(|same| Warning::AlsoInherited(same.to_string()));
            (is_shown(change, assignments), warning)
        }
        Change::ClearPolicy { .. } => {
            let warning = inherited.map(|inherited| Warning::StaysInForce(inherited.to_string()));
            (is_shown(change, assignments), warning)
        }
        _ => return Err(Refusal::new(RefusalReason::OtherSubject)),
    };
    let action = if is_shown {
        DecisionAction::Already
    } else {
        DecisionAction::Send(vec![change.clone()])
    };
    Ok(Decision::new(action, warning))
}

/// The assignment in force of the kind that a change is about.
pub(super) fn present<'a>(
    change: &Change,
    assignments: &'a [EffectivePolicyAssignment],
) -> Option<&'a EffectivePolicyAssignment> {
    let policy_type = PolicyType::from(change.policy_type().unwrap_or_default());
    effective(assignments, &policy_type)
}

/// Whether these assignments are as a change wants them.
pub(crate) fn is_shown(change: &Change, assignments: &[EffectivePolicyAssignment]) -> bool {
    let direct = present(change, assignments).filter(|present| present.is_direct());
    match change {
        Change::SetPolicy { policy_id, .. } => direct.is_some_and(|direct| direct.policy_id() == policy_id.as_deref()),
        _ => direct.is_none(),
    }
}

/// The assignment that was read last of a change that does not show, in words.
pub(crate) fn not_shown(change: &Change, last: &[EffectivePolicyAssignment]) -> String {
    match present(change, last) {
        Some(shown) => shown.to_string(),
        None => format!("no {}", change.policy_type().unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::Person;
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
        let user = || Person::named("ana@contoso.example");
        let policy_type = || "TeamsCallingPolicy".to_owned();
        let assigned_a = Change::SetPolicy {
            user: user(),
            policy_type: policy_type(),
            policy: "A".to_owned(),
            policy_id: Some("A".to_owned()),
        };
        let none = Change::ClearPolicy {
            user: user(),
            policy_type: policy_type(),
        };
        let direct = |id| entry("TeamsCallingPolicy", id, "direct");
        let group = |id| entry("TeamsCallingPolicy", id, "group");
        let other = entry("TenantDialPlan", "A", "direct");
        // The state, and for wanting A and for wanting none: what follows, and the number of warnings.
        let table = [
            (vec![], ("send", 0), ("already", 0)),
            (vec![other], ("send", 0), ("already", 0)),
            (vec![direct("A")], ("already", 0), ("send", 0)),
            (vec![direct("B")], ("send", 0), ("send", 0)),
            (
                vec![entry("teamscallingpolicy", "A", "direct")],
                ("already", 0),
                ("send", 0),
            ),
            (vec![group("A")], ("send", 1), ("already", 1)),
            (vec![group("B")], ("send", 0), ("already", 1)),
            (vec![group("B"), direct("A")], ("already", 0), ("send", 0)),
            (
                vec![entry("TeamsCallingPolicy", "A", "newer")],
                ("send", 1),
                ("already", 1),
            ),
        ];
        for (state, assigned, cleared) in table {
            for (change, expected) in [(&assigned_a, assigned), (&none, cleared)] {
                let decision = decide(change, &state).expect("can be");
                let word = match decision.steps() {
                    [] => "already",
                    [step] if step == change => "send",
                    other => panic!("other steps: {other:?}"),
                };
                assert_eq!((word, decision.warnings.len()), expected, "{state:?} {change:?}");
                assert_eq!(is_shown(change, &state), decision.steps().is_empty());
            }
        }
        let unknown = Change::SetPolicy {
            user: user(),
            policy_type: policy_type(),
            policy: "A".to_owned(),
            policy_id: None,
        };
        let refusal = decide(&unknown, &[]).expect_err("has no id");
        assert_eq!(refusal.reason, RefusalReason::PolicyIdMissing);
    }
}
