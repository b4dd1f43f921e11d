//! The kind of intents for policies.

use super::outcome::PolicyOutcome;
use crate::change::Change;
use crate::generated::teams_administration::EffectivePolicyAssignment;
use crate::intent::{Intent, IntentKind};

/// A policy to be assigned or cleared. Returned by [`Policies::set`](super::Policies::set) and
/// [`Policies::clear`](super::Policies::clear); await it, or [`send_blocking`](Intent::send_blocking).
pub type ChangePolicy = Intent<AssignPolicy>;

/// The kind of [`ChangePolicy`].
#[derive(Debug)]
#[non_exhaustive]
pub struct AssignPolicy;

impl IntentKind for AssignPolicy {
    type Known = Vec<EffectivePolicyAssignment>;
    type Outcome = PolicyOutcome;
}

impl ChangePolicy {
    /// Id of the policy as [`find_policy`](super::find_policy) returned it, so that it is not looked up again. To clear, it is
    /// not needed.
    pub fn with_policy_id(mut self, id: impl Into<String>) -> Self {
        if let Change::SetPolicy { policy_id, .. } = &mut self.change {
            *policy_id = Some(id.into());
        }
        self
    }
}
