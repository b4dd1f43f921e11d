//! The kinds of holders of a number.

use trunkline_core::mask::is_guid;

use super::record::is_free;
use crate::generated::teams_administration::{AssignmentStatus, NumberAssignment};

/// The kind of a number's holder. Only users and resource accounts are given and lose numbers by assignments; what
/// anything else holds is released where it is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HolderKind {
    /// A user.
    User,
    /// The resource account of an auto attendant or a call queue.
    ResourceAccount,
    /// A policy, such as one of shared calling.
    Policy,
    /// An audio conferencing bridge.
    ConferenceBridge,
    /// The application of another vendor.
    Application,
    /// The service does not say what, or says it in a word that this version does not know.
    Unknown,
}

impl HolderKind {
    /// The kind of the number's holder; `None` when it is free.
    #[must_use]
    pub fn of(number: &NumberAssignment) -> Option<Self> {
        if is_free(number) {
            return None;
        }
        let holder = number.holder().unwrap_or_default();
        Some(Self::of_status(number.assignment_status.value(), holder))
    }

    /// The kind that the service's value stands for.
    #[must_use]
    pub fn of_status(status: Option<&AssignmentStatus>, holder: &str) -> Self {
        match status {
            Some(AssignmentStatus::UserAssigned) => Self::User,
            Some(AssignmentStatus::VoiceApplicationAssigned) => Self::ResourceAccount,
            Some(AssignmentStatus::PolicyAssigned) => Self::Policy,
            Some(AssignmentStatus::ConferenceAssigned) => Self::ConferenceBridge,
            Some(AssignmentStatus::ThirdPartyAppAssigned) => Self::Application,
            // A holder without a status that fits is an account when it is named as accounts are.
            None | Some(AssignmentStatus::Unassigned) if is_guid(holder) => Self::User,
            _ => Self::Unknown,
        }
    }

    /// Whether it is an account of the directory, which assignments give numbers to and take them from.
    #[must_use]
    pub fn is_account(self) -> bool {
        matches!(self, Self::User | Self::ResourceAccount)
    }

    /// In a few words, with an article.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::User => "a user",
            Self::ResourceAccount => "a resource account",
            Self::Policy => "a policy",
            Self::ConferenceBridge => "a conference bridge",
            Self::Application => "an application of another vendor",
            Self::Unknown => "an unknown holder",
        }
    }

    /// How a refusal to take the number away is called.
    pub(crate) fn refusal_code(self) -> &'static str {
        match self {
            Self::Policy => "heldByPolicy",
            Self::ConferenceBridge => "heldByConferenceBridge",
            Self::Application => "heldByApplication",
            _ => "heldByUnknown",
        }
    }

    /// The command that releases the number.
    pub(crate) fn way_out(self) -> &'static str {
        match self {
            Self::Policy => {
                "Set another number for the policy in the Teams admin center (Voice, Shared calling policies), then do this again"
            }
            Self::ConferenceBridge => {
                "Take it from the bridge in the Teams admin center (Meetings, Conference bridges), then do this again"
            }
            Self::Application => "Release it in the application that holds it, then do this again",
            _ => "Look the number up in the Teams admin center, and release it there",
        }
    }
}
