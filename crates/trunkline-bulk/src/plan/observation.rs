//! Converts entities of the service into the states that plans hold.

use trunkline::graph::PhoneAuthenticationMethod;
use trunkline::numbers::HolderKind;
use trunkline::phones::PhoneRole;
use trunkline::policies::{self, PolicyType};
use trunkline::teams_administration::{AssignmentStatus, EffectivePolicyAssignment, NumberAssignment};
use trunkline::{Change, Current};

use super::{NumberState, PhoneState, PolicyState, State};
use crate::snapshot::{Holder, Snapshot};

impl State {
    /// How that is which a change is about.
    #[must_use]
    pub fn of(change: &Change, current: &Current) -> Self {
        let user = || change.user();
        match current {
            Current::Number(found) => Self::Number(NumberState::of(found)),
            Current::Phones(methods) => {
                let role = change.role().unwrap_or(PhoneRole::Mobile);
                Self::Phone(PhoneState::of(user(), role, methods))
            }
            Current::Policies(assignments) => {
                let policy_type = PolicyType::from(change.policy_type().unwrap_or_default());
                Self::Policy(PolicyState::of(user(), &policy_type, assignments))
            }
        }
    }
}

impl NumberState {
    /// State of a number.
    #[must_use]
    pub fn of(found: &NumberAssignment) -> Self {
        let word = |value: Option<String>| value.filter(|value| !value.is_empty());
        Self {
            number: found.telephone_number.value().cloned().unwrap_or_default(),
            number_type: word(found.number_type.value().map(ToString::to_string)),
            number_source: word(found.number_source.value().map(ToString::to_string)),
            status: word(found.assignment_status.value().map(ToString::to_string)),
            activation: word(found.activation_state.value().map(ToString::to_string)),
            holder: found.holder().map(str::to_owned),
            holder_name: None,
            is_holder_gone: false,
            category: word(found.assignment_category.value().map(ToString::to_string)),
            location: found.location().map(str::to_owned),
        }
    }

    /// State of a number, with the name of its holder.
    pub(crate) fn named(found: &NumberAssignment, snapshot: &Snapshot) -> Self {
        let mut state = Self::of(found);
        match state.holder.as_deref().and_then(|id| snapshot.holders.of(id)) {
            Some(Holder::Account(name)) => state.holder_name = Some(name.clone()),
            Some(Holder::Gone) => state.is_holder_gone = true,
            None => {}
        }
        state
    }

    /// The kind of the number's holder; `None` when it is free.
    #[must_use]
    pub fn holder_kind(&self) -> Option<HolderKind> {
        let holder = self.holder.as_deref().unwrap_or_default();
        let status = self.status.as_deref().map(AssignmentStatus::from);
        let is_free = holder.is_empty() && matches!(status, None | Some(AssignmentStatus::Unassigned));
        (!is_free).then(|| HolderKind::of_status(status.as_ref(), holder))
    }
}

impl PhoneState {
    /// State of the phone method with a role, found among all methods of the user.
    #[must_use]
    pub fn of(user: impl Into<String>, role: PhoneRole, methods: &[PhoneAuthenticationMethod]) -> Self {
        let own = methods.iter().find(|method| role.is_of(method));
        Self {
            user: user.into(),
            role: role.name().to_owned(),
            number: own.and_then(|method| method.phone_number.value().cloned()),
            sms_sign_in: own.and_then(|method| method.sms_sign_in_state.value().map(ToString::to_string)),
        }
    }
}

impl PolicyState {
    /// State of the policy of one type, found among all effective assignments of the user.
    #[must_use]
    pub fn of(user: impl Into<String>, policy_type: &PolicyType, assignments: &[EffectivePolicyAssignment]) -> Self {
        let own = policies::effective(assignments, policy_type);
        let text = |text: Option<&str>| text.map(str::to_owned);
        Self {
            user: user.into(),
            policy_type: policy_type.to_string(),
            policy: text(own.and_then(EffectivePolicyAssignment::policy_name)),
            policy_id: text(own.and_then(EffectivePolicyAssignment::policy_id)),
            is_direct: own.is_some_and(EffectivePolicyAssignment::is_direct),
            group: text(own.and_then(EffectivePolicyAssignment::group)),
        }
    }
}
