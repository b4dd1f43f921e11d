//! The error of a change to a number that is not sent.

use std::fmt;

use trunkline_core::language::{self, Language};
use trunkline_core::mask;

use super::HolderKind;
use crate::generated::teams_administration::{ActivationState, AssignmentStatus, NumberType};
use crate::intent::Masked;
use crate::{Error, ErrorKind};

/// A change that [`decide`](super::decide) does not let pass: the service would refuse it or, worse, accept it and fail
/// later. Nothing was sent. Becomes an [`Error`] with `into`.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// The obstacle.
    pub reason: RefusalReason,
    /// The number, masked.
    number: String,
    operation: &'static str,
}

/// The obstacle to a change of a number.
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
    /// Somebody else holds it, and it is not to be taken.
    Held {
        /// Object id of the holder, when the inventory tells it.
        holder: Option<String>,
        /// How it is held.
        status: Option<AssignmentStatus>,
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
            Self::HeldByOtherKind { kind, .. } => kind.refusal_code(),
            Self::UnderWay { .. } => "underWay",
            Self::Failed { .. } => "failed",
            Self::LocationFixed => "locationFixed",
            Self::LocationEmpty => "locationEmpty",
            Self::HasExtensions => "hasExtensions",
        }
    }
}

impl fmt::Debug for RefusalReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherType { own, expected } => formatter
                .debug_struct("OtherType")
                .field("own", own)
                .field("expected", expected)
                .finish(),
            Self::Held { holder, status } => formatter
                .debug_struct("Held")
                .field("holder", &holder.as_deref().map(Masked))
                .field("status", status)
                .finish(),
            Self::HeldByOtherKind { kind, holder } => formatter
                .debug_struct("HeldByOtherKind")
                .field("kind", kind)
                .field("holder", &holder.as_deref().map(Masked))
                .finish(),
            Self::UnderWay { state } => formatter.debug_struct("UnderWay").field("state", state).finish(),
            Self::Failed { state } => formatter.debug_struct("Failed").field("state", state).finish(),
            Self::OnPremises => formatter.write_str("OnPremises"),
            Self::NotAssignable => formatter.write_str("NotAssignable"),
            Self::LocationFixed => formatter.write_str("LocationFixed"),
            Self::LocationEmpty => formatter.write_str("LocationEmpty"),
            Self::HasExtensions => formatter.write_str("HasExtensions"),
        }
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

pub(super) const ASSIGN: &str = "numberAssignments.assignNumber";
pub(super) const UNASSIGN: &str = "numberAssignments.unassignNumber";
pub(super) const UPDATE: &str = "numberAssignments.updateNumber";

impl Refusal {
    /// A refusal to send `operation`.
    pub(super) fn new(number: &str, operation: &'static str, reason: RefusalReason) -> Self {
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
        Self::new(number, UNASSIGN, RefusalReason::HasExtensions)
    }

    /// The kind of the error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self.reason {
            RefusalReason::OtherType { .. } | RefusalReason::LocationEmpty => ErrorKind::InvalidInput,
            RefusalReason::Failed { .. } => ErrorKind::OperationFailed,
            _ => ErrorKind::Conflict,
        }
    }

    /// The next step.
    #[must_use]
    pub fn next_step(&self) -> &'static str {
        match self.reason {
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
            RefusalReason::HeldByOtherKind { kind, .. } => kind.way_out(),
            RefusalReason::UnderWay { .. } => {
                "Wait until the number shows activated, or follow the order by its token, and then do this again"
            }
            RefusalReason::Failed { .. } => super::read_back::AFTER_FAILURE,
            RefusalReason::LocationFixed => "Ask the operator to set it",
            RefusalReason::LocationEmpty => "Set its id, or clear the location",
            RefusalReason::HasExtensions => match language::current() {
                Language::Rust => base_advice!(".base(true)"),
                Language::Python => base_advice!("base=True"),
                Language::Node => base_advice!("base: true"),
                Language::CommandLine => base_advice!("--base"),
            },
        }
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
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = Words {
            refusal: self,
            number: &self.number,
            holder: None,
        };
        words.fmt(formatter)
    }
}

impl std::error::Error for Refusal {}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.kind(), refusal.to_string())
            .with_operation(refusal.operation)
            .with_next_step(refusal.next_step())
    }
}
