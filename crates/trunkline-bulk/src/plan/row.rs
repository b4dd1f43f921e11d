//! A row of a plan: what is wanted, what is there, what follows. Plan files and journals hold these values as JSON.

use std::fmt;

use serde::{Deserialize, Serialize};
use trunkline::{Change, Person};

/// The change that a row of the file asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Wanted {
    /// Nobody knows: the row cannot be read. It is in plans, journals and reports so that nobody is missing from them.
    Unreadable {
        /// The value of its cell for the number, shortened.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<String>,
        /// The value of its cell for the user, shortened. Nobody looks for them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<Person>,
    },
    /// This change.
    #[serde(untagged)]
    Change(Change),
}

/// The verdict of planning on a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// Its steps would be carried out.
    Change,
    /// The state is already correct.
    Already,
    /// It cannot be; the findings say why.
    Refused,
}

impl Verdict {
    /// Its name in JSON and in journals.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Already => "already",
            Self::Refused => "refused",
        }
    }

    /// The verdict of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Change, Self::Already, Self::Refused]
            .into_iter()
            .find(|verdict| verdict.name() == name)
    }
}

/// How something was when it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "camelCase")]
pub enum State {
    /// A number.
    Number(NumberState),
    /// A phone method.
    Phone(PhoneState),
    /// The policy of a kind.
    Policy(PolicyState),
}

/// How a number was when it was read. Texts are the service's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NumberState {
    /// E.164.
    pub number: String,
    /// `callingPlan`, `directRouting`, `operatorConnect`, …
    pub number_type: Option<String>,
    /// `online` or `onPremises`.
    pub number_source: Option<String>,
    /// `unassigned`, `userAssigned`, …
    pub status: Option<String>,
    /// `activated`, `assignmentPending`, …
    pub activation: Option<String>,
    /// Object id of the holder; what the service calls a holder that is no account.
    pub holder: Option<String>,
    /// The holder's principal name, where it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder_name: Option<String>,
    /// Whether the directory was asked for the holder and has no such account.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_holder_gone: bool,
    /// `primary`, `private` or `alternate`.
    pub category: Option<String>,
    /// Id of the emergency location.
    pub location: Option<String>,
}

/// How a phone method was when it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PhoneState {
    /// Object id of the user.
    pub user: String,
    /// `mobile`, `alternateMobile` or `office`.
    pub role: String,
    /// The number; absent when the user has no such method.
    pub number: Option<String>,
    /// The service's state of signing in with a text message.
    pub sms_sign_in: Option<String>,
}

/// How the Teams policy of a kind was when it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyState {
    /// Object id of the user.
    pub user: String,
    /// The service's name of the kind, such as `TeamsCallingPolicy`.
    pub policy_type: String,
    /// Name of the policy in force; absent when it is the default of the tenant.
    pub policy: Option<String>,
    /// Its id.
    pub policy_id: Option<String>,
    /// Whether it is assigned to the user directly.
    pub is_direct: bool,
    /// Object id of the group that gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

impl PolicyState {
    /// Id of the policy that is assigned to the user directly.
    pub(crate) fn own(&self) -> Option<&str> {
        self.policy_id.as_deref().filter(|_| self.is_direct)
    }
}

/// Which step: the row, and the position among its steps from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StepId(pub u32, pub u16);

impl fmt::Display for StepId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.0, self.1)
    }
}

/// One change that is sent, and what has to have gone well before. It is one request to the service, or one order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// The change.
    #[serde(flatten)]
    pub change: Change,
    /// Steps, of this row or others, that must have ended well before this one begins: the number was released, the
    /// person's old number was taken, the mobile method is there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<StepId>,
    /// How the thing must be when the step begins. Another state means that somebody changed it since the plan was made.
    pub expects: State,
}

/// Something an administrator should know of a row, found while planning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Whether it stops the row.
    pub severity: Severity,
    /// A word for programs, for instance `noPhoneLicence` or `heldByOther`.
    pub code: String,
    /// In a sentence.
    pub what: String,
    /// The next step.
    pub next_step: String,
}

/// Whether a finding stops its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// It does not.
    Warning,
    /// It does.
    Error,
}

/// A row of the file, planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlannedRow {
    /// The row in the file; the header is row 1.
    #[serde(alias = "line")]
    pub row: u32,
    /// The change that the row asks for.
    pub wanted: Wanted,
    /// The verdict.
    pub verdict: Verdict,
    /// How the thing was: what undo goes back to. Absent when it was not found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<State>,
    /// The steps, in order. Empty unless the verdict is `change`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// Findings for an administrator.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}
