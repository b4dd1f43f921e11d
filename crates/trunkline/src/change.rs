//! One change of a number, a phone method or a policy, as files, plans, journals and reports write it.
//!
//! A new kind of change begins here: its variant, its [`Action`], and the parts of it that are shown. Its decision and its
//! requests stand where its subject does: [`numbers`](crate::numbers), [`phones`](crate::phones), [`policies`](crate::policies).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::masked::{Masked, MaskedNumber};
use crate::phones::role::PhoneRole;

/// A change that is wanted, or that is sent.
///
/// ```
/// use trunkline::{Change, Person};
///
/// # fn main() -> Result<(), serde_json::Error> {
/// let change: Change = serde_json::from_str(
///     r#"{"action": "assign", "number": "+12065550101", "to": {"name": "ana@contoso.example"}}"#,
/// )?;
/// assert_eq!(change.number(), Some("+12065550101"));
/// assert_eq!(change.person().map(Person::label), Some("ana@contoso.example"));
/// # Ok(()) }
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Change {
    /// The number belongs to the person.
    #[serde(alias = "assignNumber")]
    Assign {
        /// The number, E.164; empty while the plan has not chosen one.
        number: String,
        /// Who is to have it.
        to: Person,
        /// `primary`, `private` or `alternate`; the service's default when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        category: Option<String>,
        /// Id of the emergency location.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        location: Option<String>,
        /// The expected number type; another is refused.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number_type: Option<String>,
        /// Whether the number is taken from somebody who holds it: a move.
        #[serde(default)]
        takes: bool,
        /// Whether planning chose the number from the pool.
        #[serde(default)]
        picked: bool,
    },
    /// Nobody holds the number.
    #[serde(alias = "unassignNumber")]
    Unassign {
        /// The number, E.164.
        number: String,
        /// Who must be the one that has it, when the row says so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        holder: Option<Person>,
    },
    /// The number has this emergency location.
    SetLocation {
        /// The number, E.164.
        number: String,
        /// Id of the location; `None` clears it.
        location: Option<String>,
    },
    /// The person's phone method of a role has this number.
    SetPhone {
        /// Whose method.
        user: Person,
        /// Which method.
        role: PhoneRole,
        /// As the service of authentication methods writes it, `+1 2065550100`.
        number: String,
    },
    /// The person has no phone method of a role.
    RemovePhone {
        /// Whose method.
        user: Person,
        /// Which method.
        role: PhoneRole,
    },
    /// The person can, or cannot, sign in with a text message.
    #[serde(alias = "setSmsSignIn")]
    SmsSignIn {
        /// Who.
        user: Person,
        /// Whether they can.
        enabled: bool,
    },
    /// The person has this Teams policy, assigned directly.
    SetPolicy {
        /// Who.
        user: Person,
        /// The service's name of the kind, such as `TeamsCallingPolicy`.
        policy_type: String,
        /// Name of the policy, without `Tag:`.
        policy: String,
        /// Id of the policy; absent while nobody has looked for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        policy_id: Option<String>,
    },
    /// No Teams policy of this kind is assigned to the person directly.
    ClearPolicy {
        /// Who.
        user: Person,
        /// The service's name of the kind, such as `TeamsCallingPolicy`.
        policy_type: String,
    },
}

/// The name of a [`Change`], and how a file writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Action {
    /// The number shall be the user's. It must be free or the user's already.
    Assign,
    /// The number shall be the user's, whoever holds it now.
    Move,
    /// The number shall be free.
    Unassign,
    /// The number shall have this emergency location.
    SetLocation,
    /// The user shall have this number as a phone method.
    SetPhone,
    /// The user shall not have this phone method.
    RemovePhone,
    /// The user shall, or shall not, be able to sign in with a text message.
    SmsSignIn,
    /// The user shall have this Teams policy.
    SetPolicy,
    /// The user shall have no Teams policy of this kind of their own.
    ClearPolicy,
}

impl Action {
    /// All actions, in the order in which they are documented.
    pub const ALL: [Self; 9] = [
        Self::Assign,
        Self::Move,
        Self::Unassign,
        Self::SetLocation,
        Self::SetPhone,
        Self::RemovePhone,
        Self::SmsSignIn,
        Self::SetPolicy,
        Self::ClearPolicy,
    ];

    /// As it is written in files and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Assign => "assign",
            Self::Move => "move",
            Self::Unassign => "unassign",
            Self::SetLocation => "setLocation",
            Self::SetPhone => "setPhone",
            Self::RemovePhone => "removePhone",
            Self::SmsSignIn => "smsSignIn",
            Self::SetPolicy => "setPolicy",
            Self::ClearPolicy => "clearPolicy",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// The subject of a [`Change`]: one state is read for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A telephone number of the tenant.
    Number,
    /// The phone methods of a user.
    Phones,
    /// The Teams policies of a user.
    Policies,
}

impl Change {
    /// The assignment of a number. A number that somebody else holds is left with its holder.
    #[must_use]
    pub fn assign(number: impl Into<String>, to: Person) -> Self {
        Self::Assign {
            number: number.into(),
            to,
            category: None,
            location: None,
            number_type: None,
            takes: false,
            picked: false,
        }
    }

    /// The same assignment, which takes the number from whoever holds it. Other changes stay as they are.
    #[must_use]
    pub fn taking(mut self) -> Self {
        if let Self::Assign { takes, .. } = &mut self {
            *takes = true;
        }
        self
    }

    /// The part of the change that is one request: an assignment of a free number, without the release before it. Other changes
    /// are one request as they are.
    #[must_use]
    pub fn as_one_request(mut self) -> Self {
        if let Self::Assign { takes, picked, .. } = &mut self {
            (*takes, *picked) = (false, false);
        }
        self
    }

    /// The release of a number, whoever holds it.
    #[must_use]
    pub fn unassign(number: impl Into<String>) -> Self {
        Self::Unassign {
            number: number.into(),
            holder: None,
        }
    }

    /// Its subject.
    #[must_use]
    pub fn subject(&self) -> Subject {
        match self {
            Self::Assign { .. } | Self::Unassign { .. } | Self::SetLocation { .. } => Subject::Number,
            Self::SetPhone { .. } | Self::RemovePhone { .. } | Self::SmsSignIn { .. } => Subject::Phones,
            Self::SetPolicy { .. } | Self::ClearPolicy { .. } => Subject::Policies,
        }
    }

    /// Its kind.
    #[must_use]
    pub fn action(&self) -> Action {
        match self {
            Self::Assign { takes: true, .. } => Action::Move,
            Self::Assign { .. } => Action::Assign,
            Self::Unassign { .. } => Action::Unassign,
            Self::SetLocation { .. } => Action::SetLocation,
            Self::SetPhone { .. } => Action::SetPhone,
            Self::RemovePhone { .. } => Action::RemovePhone,
            Self::SmsSignIn { .. } => Action::SmsSignIn,
            Self::SetPolicy { .. } => Action::SetPolicy,
            Self::ClearPolicy { .. } => Action::ClearPolicy,
        }
    }

    /// The number of a Teams line or of a phone method that it is about.
    #[must_use]
    pub fn number(&self) -> Option<&str> {
        match self {
            Self::SetPhone { number, .. } => Some(number),
            _ => self.teams_number(),
        }
    }

    /// The Teams number that it is about.
    #[must_use]
    pub fn teams_number(&self) -> Option<&str> {
        match self {
            Self::Assign { number, .. } | Self::Unassign { number, .. } | Self::SetLocation { number, .. } => {
                Some(number)
            }
            _ => None,
        }
    }

    /// Its [`number`](Self::number), to be changed.
    pub fn number_mut(&mut self) -> Option<&mut String> {
        match self {
            Self::Assign { number, .. }
            | Self::Unassign { number, .. }
            | Self::SetLocation { number, .. }
            | Self::SetPhone { number, .. } => Some(number),
            _ => None,
        }
    }

    /// Whom it is about, where it names somebody.
    #[must_use]
    pub fn person(&self) -> Option<&Person> {
        match self {
            Self::Assign { to: user, .. }
            | Self::SetPhone { user, .. }
            | Self::RemovePhone { user, .. }
            | Self::SmsSignIn { user, .. }
            | Self::SetPolicy { user, .. }
            | Self::ClearPolicy { user, .. } => Some(user),
            Self::Unassign { holder, .. } => holder.as_ref(),
            Self::SetLocation { .. } => None,
        }
    }

    /// The name of its [`person`](Self::person) to send: the object id where it is known. Empty when it names nobody.
    #[must_use]
    pub fn user(&self) -> &str {
        self.person().map_or("", Person::target)
    }

    /// Its [`person`](Self::person), to be changed.
    pub fn person_mut(&mut self) -> Option<&mut Person> {
        match self {
            Self::Assign { to: user, .. }
            | Self::SetPhone { user, .. }
            | Self::RemovePhone { user, .. }
            | Self::SmsSignIn { user, .. }
            | Self::SetPolicy { user, .. }
            | Self::ClearPolicy { user, .. } => Some(user),
            Self::Unassign { holder, .. } => holder.as_mut(),
            Self::SetLocation { .. } => None,
        }
    }

    /// The role of the phone method that it sets or removes.
    #[must_use]
    pub fn role(&self) -> Option<PhoneRole> {
        match self {
            Self::SetPhone { role, .. } | Self::RemovePhone { role, .. } => Some(*role),
            _ => None,
        }
    }

    /// The kind of Teams policy that it is about.
    #[must_use]
    pub fn policy_type(&self) -> Option<&str> {
        match self {
            Self::SetPolicy { policy_type, .. } | Self::ClearPolicy { policy_type, .. } => Some(policy_type),
            _ => None,
        }
    }

    /// The change in one or a few words: `assign`, `move`, `SMS sign-in on`.
    #[must_use]
    pub fn words(&self) -> &'static str {
        match self {
            Self::SetLocation { .. } => "set location",
            Self::SetPhone { .. } => "set phone",
            Self::RemovePhone { .. } => "remove phone",
            Self::SmsSignIn { enabled: true, .. } => "SMS sign-in on",
            Self::SmsSignIn { enabled: false, .. } => "SMS sign-in off",
            Self::SetPolicy { .. } => "set policy",
            Self::ClearPolicy { .. } => "clear policy",
            Self::Assign { .. } | Self::Unassign { .. } => self.action().name(),
        }
    }

    /// The state that it leads to, in a few words: `held by ana@contoso.example`.
    #[must_use]
    pub fn end(&self) -> String {
        match self {
            Self::Assign {
                to,
                location: Some(location),
                ..
            } => format!("held by {}, location {location}", to.label()),
            Self::Assign { to, .. } => format!("held by {}", to.label()),
            Self::Unassign { .. } => "free".to_owned(),
            Self::SetLocation {
                location: Some(location),
                ..
            } => format!("location {location}"),
            Self::SetLocation { location: None, .. } => "no location".to_owned(),
            Self::SetPhone { number, .. } => number.clone(),
            Self::RemovePhone { role, .. } => format!("no {role} phone"),
            Self::SmsSignIn { .. } => self.words().to_owned(),
            Self::SetPolicy { policy, .. } => format!("policy {policy}"),
            Self::ClearPolicy { .. } => "no policy of their own".to_owned(),
        }
    }
}

impl fmt::Debug for Change {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut structure = formatter.debug_struct("Change");
        structure.field("action", &self.action());
        if let Some(number) = self.number() {
            structure.field("number", &MaskedNumber(number));
        }
        if let Some(person) = self.person() {
            structure.field("person", person);
        }
        structure.finish_non_exhaustive()
    }
}

/// Somebody, as a file names them and as the directory does.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", from = "PersonText")]
pub struct Person {
    /// Object id; absent when nobody was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// As the file has it: a principal name or an object id.
    pub name: String,
    /// The principal name that the directory has, where the file names an object id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal_name: Option<String>,
}

/// A person in JSON: an object, or an object id alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum PersonText {
    Id(String),
    #[serde(rename_all = "camelCase")]
    Named {
        id: Option<String>,
        name: String,
        principal_name: Option<String>,
    },
}

impl From<PersonText> for Person {
    fn from(text: PersonText) -> Self {
        match text {
            PersonText::Id(id) => Self::by_id(id),
            PersonText::Named {
                id,
                name,
                principal_name,
            } => Self {
                id,
                name,
                principal_name,
            },
        }
    }
}

impl Person {
    /// Somebody whose name is given, and nobody has looked for them.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            id: None,
            name: name.into(),
            principal_name: None,
        }
    }

    /// Somebody by object id.
    #[must_use]
    pub fn by_id(id: impl Into<String>) -> Self {
        let id = id.into();
        Self {
            name: id.clone(),
            id: Some(id),
            principal_name: None,
        }
    }

    /// The name to show: the principal name where there is one.
    #[must_use]
    pub fn label(&self) -> &str {
        self.principal_name.as_deref().unwrap_or(&self.name)
    }

    /// The name to send: the object id where it is known.
    #[must_use]
    pub fn target(&self) -> &str {
        self.id.as_deref().unwrap_or(&self.name)
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&Masked(self.label()), formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_first_version_wrote_for_a_step_is_read() {
        let read = |text: &str| serde_json::from_str::<Change>(text).expect("is a change");
        let ana = "a0000000-0000-4000-8000-000000000001";
        let given = read(&format!(
            r#"{{"action": "assignNumber", "number": "+12065550101", "to": "{ana}"}}"#
        ));
        assert_eq!(given.person(), Some(&Person::by_id(ana)));
        assert_eq!(given.action(), Action::Assign);
        let taken = read(r#"{"action": "unassignNumber", "number": "+12065550101"}"#);
        assert_eq!(taken.action(), Action::Unassign);
        let off = read(&format!(
            r#"{{"action": "setSmsSignIn", "user": "{ana}", "enabled": false}}"#
        ));
        assert_eq!(off.words(), "SMS sign-in off");
    }

    #[test]
    fn one_request_takes_nothing_from_a_holder() {
        let change = Change::assign("+12065550101", Person::named("ana@contoso.example"));
        assert_eq!(change.clone().taking().as_one_request(), change);
        let release = Change::unassign("+12065550101");
        assert_eq!(release.clone().as_one_request(), release);
    }

    #[test]
    fn what_is_written_is_read_and_shows_nobody() {
        let change = Change::SetPhone {
            user: Person::named("ana@contoso.example"),
            role: PhoneRole::AlternateMobile,
            number: "+1 2065550100".to_owned(),
        };
        let text = serde_json::to_string(&change).expect("is JSON");
        assert_eq!(
            text,
            r#"{"action":"setPhone","user":{"name":"ana@contoso.example"},"role":"alternateMobile","number":"+1 2065550100"}"#
        );
        assert_eq!(serde_json::from_str::<Change>(&text).expect("is a change"), change);
        let shown = format!("{change:?}");
        assert!(!shown.contains("ana@") && !shown.contains("5550100"), "{shown}");
    }
}
