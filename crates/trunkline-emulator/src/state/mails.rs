//! The mails that Teams sends to people whose number changes, where the tenant wants them. Graph shows neither setting nor mail.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The part of a state that holds the mails.
pub(super) const MAILS: &str = "@emulator.mails";

const ON_ASSIGNMENT: &str = "assignmentEmailEnabled";
const ON_UNASSIGNMENT: &str = "unassignmentEmailEnabled";

/// The changes of which people get a mail, as the tenant's administrators set it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct MailSetting {
    pub(crate) on_assignment: bool,
    pub(crate) on_unassignment: bool,
}

impl MailSetting {
    /// The members of the tenant's setting that are about mails.
    pub(super) const MEMBERS: [&'static str; 2] = [ON_ASSIGNMENT, ON_UNASSIGNMENT];

    /// Reads `{"assignmentEmailEnabled": true}`; a member that is not there is off.
    pub(super) fn read(value: &Value) -> Result<Self, String> {
        let is_on = |name: &str| match &value[name] {
            Value::Null => Ok(false),
            Value::Bool(is_on) => Ok(*is_on),
            _ => Err(format!("'{name}' is true or false")),
        };
        Ok(Self {
            on_assignment: is_on(ON_ASSIGNMENT)?,
            on_unassignment: is_on(ON_UNASSIGNMENT)?,
        })
    }

    /// Adds the members to the tenant's setting.
    pub(super) fn write(self, setting: &mut Value) {
        for (name, is_on) in [
            (ON_ASSIGNMENT, self.on_assignment),
            (ON_UNASSIGNMENT, self.on_unassignment),
        ] {
            if is_on {
                setting[name] = json!(true);
            }
        }
    }
}

/// A mail that Teams sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SentMail {
    /// The principal name of the person.
    pub to: String,
    /// The telephone number.
    pub number: String,
    /// `assignment` or `unassignment`.
    pub about: String,
    /// Time of the change, by the emulator's clock.
    pub at: String,
}
