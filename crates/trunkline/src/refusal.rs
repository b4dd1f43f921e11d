//! Why a change is not sent.

use std::borrow::Cow;
use std::fmt;

use trunkline_core::language::{self, Language};
use trunkline_core::mask;

use crate::generated::teams_administration::{ActivationState, AssignmentStatus, NumberType};
use crate::masked::Masked;
use crate::numbers::holder::HolderKind;
use crate::{Error, ErrorKind};

/// A change that [`decide`](crate::decide) does not let pass: the service would refuse it or, worse, accept it and fail
/// later. Nothing was sent. Becomes an [`Error`] with `into`.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// The obstacle.
    pub reason: RefusalReason,
    /// The number, masked.
    number: String,
    /// The operation that would be refused; empty when it is none in particular.
    operation: &'static str,
}

/// The obstacle to a change.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum RefusalReason {
    /// The number is administered in the local directory.
    OnPremises,
    /// The number is of another type than was expected.
    OtherType {
        /// The value in the inventory.
        own: NumberType,
        /// The expected value.
        expected: NumberType,
    },
    /// The number can be assigned neither to a user nor to a voice application.
    NotAssignable,
    /// Somebody else holds the number, and the change does not take it.
    Held {
        /// Object id of the holder, when the inventory tells it.
        holder: Option<String>,
        /// How it is held.
        status: Option<AssignmentStatus>,
    },
    /// The change takes the number from one holder, and another one has it.
    HeldByOther {
        /// Object id of the holder.
        holder: String,
    },
    /// It is held by what is neither a user nor a resource account: a policy, a conference bridge, an application.
    HeldByOtherKind {
        /// The kind of its holder.
        kind: HolderKind,
        /// The holder's id in the inventory.
        holder: Option<String>,
    },
    /// Another order or change is under way, or the number shows a state that this version does not know.
    UnderWay {
        /// The state of the number.
        state: ActivationState,
    },
    /// It is held as wanted, but its last change failed, so it does not work.
    Failed {
        /// The state of the number.
        state: ActivationState,
    },
    /// The number's provider does not let the tenant set the emergency location.
    LocationFixed,
    /// The id of the wanted location is empty.
    LocationEmpty,
    /// There are numbers with an extension of it, and it was not said that the number itself is meant.
    HasExtensions,
    /// The number of the phone method cannot be read as one.
    UnreadableNumber,
    /// An alternate mobile number requires a mobile one, and the user has none.
    MobileMissing,
    /// The mobile number cannot go while there is an alternate one.
    AlternateRemains,
    /// Signing in with a text message needs a mobile number, and the user has none.
    NoMobile,
    /// The tenant has no policy of this kind and name.
    UnknownPolicy {
        /// The kind.
        policy_type: String,
        /// The name, as the caller wrote it.
        name: String,
    },
    /// The kind of policy is blank.
    PolicyTypeMissing,
    /// The name of the policy is blank.
    PolicyNameMissing,
    /// The policy has not been looked up: its id is missing.
    PolicyIdMissing,
    /// The state is that of something else than the change is about.
    OtherSubject,
}

impl RefusalReason {
    /// A word for it that does not change between versions, for programs that group or count.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::OnPremises => "onPremises",
            Self::OtherType { .. } => "otherType",
            Self::NotAssignable => "notAssignable",
            Self::Held { .. } => "held",
            Self::HeldByOther { .. } => "heldByOther",
            Self::HeldByOtherKind { kind, .. } => kind.refusal_code(),
            Self::UnderWay { .. } => "underWay",
            Self::Failed { .. } => "failed",
            Self::LocationFixed => "locationFixed",
            Self::LocationEmpty => "locationEmpty",
            Self::HasExtensions => "hasExtensions",
            Self::UnreadableNumber => "unreadableNumber",
            Self::MobileMissing => "mobileMissing",
            Self::AlternateRemains => "alternateRemains",
            Self::NoMobile => "noMobile",
            Self::UnknownPolicy { .. } => "unknownPolicy",
            Self::PolicyTypeMissing => "policyTypeMissing",
            Self::PolicyNameMissing => "policyNameMissing",
            Self::PolicyIdMissing => "policyIdMissing",
            Self::OtherSubject => "otherSubject",
        }
    }
}

impl fmt::Debug for RefusalReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut structure = formatter.debug_struct("RefusalReason");
        structure.field("code", &self.code());
        match self {
            Self::OtherType { own, expected } => structure.field("own", own).field("expected", expected),
            Self::Held { holder, status } => structure
                .field("holder", &holder.as_deref().map(Masked))
                .field("status", status),
            Self::HeldByOther { holder } => structure.field("holder", &Masked(holder)),
            Self::HeldByOtherKind { holder, .. } => structure.field("holder", &holder.as_deref().map(Masked)),
            Self::UnderWay { state } | Self::Failed { state } => structure.field("state", state),
            Self::UnknownPolicy { policy_type, name } => {
                structure.field("policy_type", policy_type).field("name", &Masked(name))
            }
            _ => &mut structure,
        };
        structure.finish()
    }
}

/// The way out for a main number, with the option as the caller's language spells it.
macro_rules! base_advice {
    ($option:literal) => {
        concat!(
            "To mean one with an extension, write it as +12065550113x42 (a shell cuts ;ext=42 off); to take the main number \
             from its holder, add ",
            $option
        )
    };
}

/// The operation that assigns a number.
pub(crate) const ASSIGN: &str = "numberAssignments.assignNumber";
/// The operation that takes a number from its holder.
pub(crate) const UNASSIGN: &str = "numberAssignments.unassignNumber";
/// The operation that changes the emergency location of a number.
pub(crate) const UPDATE: &str = "numberAssignments.updateNumber";

/// The next step for a number that is assigned but does not work.
pub(crate) const AFTER_FAILURE: &str = "Unassign the number and assign it again; if it fails again, ask its provider";

impl Refusal {
    /// A refusal to send `operation` for a number.
    pub(crate) fn of_number(number: &str, operation: &'static str, reason: RefusalReason) -> Self {
        Self {
            reason,
            number: if number.is_empty() {
                "the number".to_owned()
            } else {
                mask::number(number)
            },
            operation,
        }
    }

    /// A refusal of a change that is not about a Teams number.
    pub(crate) fn new(reason: RefusalReason) -> Self {
        let operation = match &reason {
            RefusalReason::MobileMissing | RefusalReason::UnreadableNumber => "phoneMethods.create",
            RefusalReason::AlternateRemains => "phoneMethods.delete",
            RefusalReason::NoMobile => "phoneMethods.list",
            RefusalReason::UnknownPolicy { .. }
            | RefusalReason::PolicyTypeMissing
            | RefusalReason::PolicyNameMissing
            | RefusalReason::PolicyIdMissing => "teamsPolicies.getPolicyId",
            _ => "",
        };
        Self::of_number("", operation, reason)
    }

    /// Its words with the number in full, and the holder by this name instead of by object id: for files and screens of
    /// the person whose change it is. Logs get the words of `Display`.
    #[must_use]
    pub fn in_full(&self, number: &str, holder: Option<&str>) -> String {
        let words = Words {
            refusal: self,
            number,
            holder,
        };
        words.to_string()
    }

    /// A refusal to take this main number from its holder: see [`RefusalReason::HasExtensions`].
    #[must_use]
    pub fn has_extensions(number: &str) -> Self {
        Self::of_number(number, UNASSIGN, RefusalReason::HasExtensions)
    }

    /// A refusal of a policy that the tenant does not have: see [`RefusalReason::UnknownPolicy`].
    #[must_use]
    pub fn unknown_policy(policy_type: impl Into<String>, name: impl Into<String>) -> Self {
        Self::new(RefusalReason::UnknownPolicy {
            policy_type: policy_type.into(),
            name: name.into(),
        })
    }

    /// The kind of the error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self.reason {
            RefusalReason::OtherType { .. }
            | RefusalReason::LocationEmpty
            | RefusalReason::UnreadableNumber
            | RefusalReason::MobileMissing
            | RefusalReason::PolicyTypeMissing
            | RefusalReason::PolicyNameMissing
            | RefusalReason::PolicyIdMissing
            | RefusalReason::OtherSubject => ErrorKind::InvalidInput,
            RefusalReason::NoMobile | RefusalReason::UnknownPolicy { .. } => ErrorKind::NotFound,
            RefusalReason::Failed { .. } => ErrorKind::OperationFailed,
            _ => ErrorKind::Conflict,
        }
    }

    /// The next step.
    #[must_use]
    pub fn next_step(&self) -> Cow<'static, str> {
        let step = match &self.reason {
            RefusalReason::OnPremises if self.operation == UNASSIGN => {
                "Clear it there and wait for the synchronisation"
            }
            RefusalReason::OnPremises => "Assign it there, or clear it there and wait for the synchronisation",
            RefusalReason::OtherType { .. } => "Omit the number type; it is read from the inventory",
            RefusalReason::NotAssignable => "Choose a number with the capability userAssignment",
            RefusalReason::Held { .. } => match language::current() {
                Language::Rust => "Use move_to to take it from the holder",
                Language::Python | Language::Node => "Use move to take it from the holder",
                Language::CommandLine => "Add --move to take it from the holder",
            },
            RefusalReason::HeldByOther { .. } => "Look who has it, and correct the change or leave it out",
            RefusalReason::HeldByOtherKind { kind, .. } => kind.way_out(),
            RefusalReason::UnderWay { .. } => {
                "Wait until the number shows activated, or follow the order by its token, and then do this again"
            }
            RefusalReason::Failed { .. } => AFTER_FAILURE,
            RefusalReason::LocationFixed => "Ask the operator to set it",
            RefusalReason::LocationEmpty => "Set its id, or clear the location",
            RefusalReason::HasExtensions => match language::current() {
                Language::Rust => base_advice!(".base(true)"),
                Language::Python => base_advice!("base=True"),
                Language::Node => base_advice!("base: true"),
                Language::CommandLine => base_advice!("--base"),
            },
            RefusalReason::UnreadableNumber => "Write it with a plus and its country code, such as +1 2065550100",
            RefusalReason::MobileMissing | RefusalReason::NoMobile => "Set the mobile number first",
            RefusalReason::AlternateRemains => {
                "Remove alternateMobile first; to keep its number, set it as mobile and then remove alternateMobile"
            }
            RefusalReason::UnknownPolicy { policy_type, .. } => {
                return format!(
                    "Check kind and name, which the Teams admin center shows and Get-Cs{policy_type} lists; to return the user to \
                     the policy of a group or of the tenant (Global), clear the policy instead"
                )
                .into();
            }
            RefusalReason::PolicyTypeMissing => {
                "Name the type of the policy, such as TeamsCallingPolicy or 'voice routing'"
            }
            RefusalReason::PolicyNameMissing => "Name the policy; to remove the user's policy, clear it instead",
            RefusalReason::PolicyIdMissing => "Make the plan again",
            RefusalReason::OtherSubject => "Read the state of what the change is about",
        };
        step.into()
    }
}

/// A refusal in words, with the number and the holder in the form to show.
struct Words<'r> {
    refusal: &'r Refusal,
    number: &'r str,
    holder: Option<&'r str>,
}

impl fmt::Display for Words<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.number;
        let masked = |state: &ActivationState| mask::text(&state.to_string());
        match &self.refusal.reason {
            RefusalReason::OnPremises => write!(formatter, "{number} is administered in the local directory"),
            RefusalReason::OtherType { own, expected } => {
                write!(formatter, "{number} is a {own} number, not {expected}")
            }
            RefusalReason::NotAssignable => write!(
                formatter,
                "{number} can be assigned neither to a user nor to a voice application"
            ),
            RefusalReason::Held { holder, status } => {
                let holder = self.holder.or(holder.as_deref()).unwrap_or("someone");
                let status = status.as_ref().unwrap_or(&AssignmentStatus::InternalError);
                write!(formatter, "{number} is held by {holder} ({status})")
            }
            RefusalReason::HeldByOther { holder } => {
                write!(
                    formatter,
                    "{number} is held by {}, not by the holder that was named",
                    self.holder.unwrap_or(holder)
                )
            }
            RefusalReason::HeldByOtherKind { kind, holder } => {
                let kind = kind.words();
                match self.holder.or(holder.as_deref()).filter(|holder| !holder.is_empty()) {
                    Some(holder) => write!(formatter, "{number} is held by {kind} ({holder})"),
                    None => write!(formatter, "{number} is held by {kind}"),
                }
            }
            RefusalReason::UnderWay { state } => write!(
                formatter,
                "another order is in progress: {number} shows {}, and nothing was sent",
                masked(state)
            ),
            RefusalReason::Failed { state } => write!(
                formatter,
                "the number is assigned to this holder already and nothing was sent, but {number} shows {}",
                masked(state)
            ),
            RefusalReason::LocationFixed => write!(
                formatter,
                "the provider of {number} does not let the tenant set its location"
            ),
            RefusalReason::LocationEmpty => {
                formatter.write_str("the id of the location is empty or all zeros, which names none")
            }
            RefusalReason::HasExtensions => write!(
                formatter,
                "{number} is a main number: the inventory has numbers with an extension of it, and nothing was sent"
            ),
            RefusalReason::UnreadableNumber => formatter.write_str("the number of the phone method cannot be read"),
            RefusalReason::MobileMissing => {
                formatter.write_str("the user has no mobile phone method, which an alternate one needs")
            }
            RefusalReason::AlternateRemains => {
                formatter.write_str("the mobile number cannot be removed while there is an alternate one")
            }
            RefusalReason::NoMobile => formatter.write_str("the user has no mobile phone method"),
            RefusalReason::UnknownPolicy { policy_type, name } => {
                write!(formatter, "the tenant has no {policy_type} named {name:?}")
            }
            RefusalReason::PolicyTypeMissing => formatter.write_str("the type of the policy is blank"),
            RefusalReason::PolicyNameMissing => formatter.write_str("the name of the policy is blank"),
            RefusalReason::PolicyIdMissing => formatter.write_str("the plan does not say which policy is meant"),
            RefusalReason::OtherSubject => formatter.write_str("the state is not that of what the change is about"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.in_full(&self.number, None))
    }
}

impl std::error::Error for Refusal {}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        let error = Self::new(refusal.kind(), refusal.to_string()).with_next_step(refusal.next_step());
        match refusal.operation {
            "" => error,
            operation => error.with_operation(operation),
        }
    }
}
