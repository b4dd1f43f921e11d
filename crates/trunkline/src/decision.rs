//! The state that a change meets, and the decision on it: values only. [`decide`](crate::decide) makes the decision.

use std::fmt;

use crate::change::Change;
use crate::generated::graph::PhoneAuthenticationMethod;
use crate::generated::teams_administration::{AssignmentCategory, EffectivePolicyAssignment, NumberAssignment};
use crate::refusal::Refusal;

/// The state of what a change is about, as it was read.
#[derive(Debug, Clone, PartialEq)]
pub enum Current {
    /// The number. On the heap: it is large, and states are moved about.
    Number(Box<NumberAssignment>),
    /// All phone methods of the user.
    Phones(Vec<PhoneAuthenticationMethod>),
    /// All effective policy assignments of the user.
    Policies(Vec<EffectivePolicyAssignment>),
}

impl Current {
    /// The number, if it is one.
    #[must_use]
    pub fn number(&self) -> Option<&NumberAssignment> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The phone methods; none for another subject.
    #[must_use]
    pub fn phones(&self) -> &[PhoneAuthenticationMethod] {
        match self {
            Self::Phones(methods) => methods,
            _ => &[],
        }
    }

    /// The policy assignments; none for another subject.
    #[must_use]
    pub fn policies(&self) -> &[EffectivePolicyAssignment] {
        match self {
            Self::Policies(assignments) => assignments,
            _ => &[],
        }
    }
}

impl From<NumberAssignment> for Current {
    fn from(number: NumberAssignment) -> Self {
        Self::Number(Box::new(number))
    }
}

impl From<Vec<PhoneAuthenticationMethod>> for Current {
    fn from(methods: Vec<PhoneAuthenticationMethod>) -> Self {
        Self::Phones(methods)
    }
}

impl From<Vec<EffectivePolicyAssignment>> for Current {
    fn from(assignments: Vec<EffectivePolicyAssignment>) -> Self {
        Self::Policies(assignments)
    }
}

/// The decision on a change. Returned by [`decide`](crate::decide).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Decision {
    /// The consequence of the state for the change.
    pub action: DecisionAction,
    /// Warnings for an administrator about a change that is possible.
    pub warnings: Vec<Warning>,
}

/// The consequence of a state for a change.
#[derive(Debug, Clone, PartialEq)]
pub enum DecisionAction {
    /// Nothing: the state is already correct.
    Already,
    /// Nothing to send: the change is in progress. Wait for it, and decide again when it has ended.
    Wait,
    /// These changes, in this order, each when the one before is at its end. Each is one request: a move is the release of the
    /// number and its assignment.
    Send(Vec<Change>),
}

impl Decision {
    pub(crate) fn new(action: DecisionAction, warnings: impl IntoIterator<Item = Warning>) -> Self {
        Self {
            action,
            warnings: warnings.into_iter().collect(),
        }
    }

    /// The changes to be sent, in order; none when there is nothing to do or only something to wait for.
    #[must_use]
    pub fn steps(&self) -> &[Change] {
        match &self.action {
            DecisionAction::Send(steps) => steps,
            DecisionAction::Already | DecisionAction::Wait => &[],
        }
    }
}

/// The state as it was read, compared with a change. Returned by the `verify` of an intent.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Verified {
    /// The change, with the ids of the people and policies that it names.
    pub change: Change,
    /// The state as it was read.
    pub current: Current,
    /// The change that is missing, or the reason why it is impossible.
    pub decision: Result<Decision, Refusal>,
}

impl Verified {
    /// Whether the state is as wanted, with nothing under way and no warning.
    #[must_use]
    pub fn holds(&self) -> bool {
        matches!(&self.decision, Ok(decision) if decision.action == DecisionAction::Already && decision.warnings.is_empty())
    }
}

/// A warning for an administrator about a change that is possible.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// The holder has the number already, as another of their lines than was wanted.
    OtherCategory {
        /// Which of the holder's lines it is.
        own: AssignmentCategory,
        /// Which it was to be.
        wanted: AssignmentCategory,
    },
    /// It is a calling-plan number, and has no emergency location.
    NoLocation,
    /// The number of the phone method was read masked, so it may be the wanted one.
    MaskedNumber,
    /// The tenant's SMS policy did not allow signing in with a text message when the user was read.
    SmsPolicy,
    /// Another user signs in with the number.
    NotUnique,
    /// A group, or something else that is no direct assignment, gives the user the wanted policy: its name.
    AlsoInherited(String),
    /// A policy that is not assigned to the user directly stays in force: its name.
    StaysInForce(String),
}

impl Warning {
    /// A word for it that does not change between versions, for programs that group or count.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::OtherCategory { .. } => "otherCategory",
            Self::NoLocation => "noLocation",
            Self::MaskedNumber => "maskedNumber",
            Self::SmsPolicy => "smsPolicy",
            Self::NotUnique => "notUnique",
            Self::AlsoInherited(_) => "alsoInherited",
            Self::StaysInForce(_) => "staysInForce",
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherCategory { own, wanted } => write!(
                formatter,
                "its category is {own}, not {wanted}: unassign it first to change that"
            ),
            Self::NoLocation => formatter.write_str("it has no emergency location"),
            Self::MaskedNumber => formatter.write_str("the current number is masked, so it may already be this one"),
            Self::SmsPolicy => formatter.write_str("the tenant's SMS policy did not allow it when the user was read"),
            Self::NotUnique => {
                formatter.write_str("another user signs in with this number by text message, so this one cannot")
            }
            Self::AlsoInherited(policy) => write!(
                formatter,
                "{policy} gives the user this policy too; the direct assignment stays when that one ends"
            ),
            Self::StaysInForce(policy) => write!(
                formatter,
                "{policy} stays in force; it is not assigned to the user directly"
            ),
        }
    }
}
