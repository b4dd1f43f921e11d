//! Changes and states in words, for reports and everything else that shows rows.

use trunkline::numbers::HolderKind;

use super::line;
use crate::plan::{NumberState, Person, PhoneState, State, Wanted};

impl Wanted {
    /// The change of a row in one or a few words: `assign`, `move`, `SMS sign-in on`.
    #[must_use]
    pub fn words(&self) -> &'static str {
        line::action(self)
    }

    /// The number that the row is about; empty when it is about none.
    #[must_use]
    pub fn number(&self) -> &str {
        line::number(self)
    }

    /// The user that the row is about, as the file names them; empty when it names nobody.
    #[must_use]
    pub fn user(&self) -> &str {
        line::user(self)
    }

    /// The user that the row is about, by the name that people know them by; empty when it names nobody.
    #[must_use]
    pub fn user_label(&self) -> &str {
        self.person().map_or_else(|| self.user(), Person::label)
    }

    /// The role of the phone method that the row is about; empty when it is about none.
    #[must_use]
    pub fn role(&self) -> &str {
        line::role(self)
    }

    /// The wanted state, in the words of [`State::words`].
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
            Self::SmsSignIn { enabled: true, .. } => "SMS sign-in on".to_owned(),
            Self::SmsSignIn { enabled: false, .. } => "SMS sign-in off".to_owned(),
            Self::Unreadable { .. } => String::new(),
        }
    }
}

impl State {
    /// How it is, in a few words. `name` turns an object id into what people know a holder by; without better knowledge,
    /// into itself.
    #[must_use]
    pub fn words<'s>(&'s self, name: impl Fn(&'s str) -> &'s str) -> String {
        match self {
            Self::Number(state) => {
                let how = if state.holder_kind().is_none() {
                    "free".to_owned()
                } else {
                    state.holding_by(name)
                };
                match &state.location {
                    Some(location) => format!("{how}, location {location}"),
                    None => how,
                }
            }
            Self::Phone(PhoneState { number: None, role, .. }) => format!("no {role} phone"),
            Self::Phone(PhoneState {
                number: Some(number),
                sms_sign_in,
                ..
            }) => match sms_sign_in {
                Some(sms) => format!("{number}, SMS sign-in {sms}"),
                None => number.clone(),
            },
        }
    }
}

impl NumberState {
    /// Who holds the number, as `held by ben@contoso.example`.
    pub(crate) fn holding(&self) -> String {
        self.holding_by(|id| id)
    }

    /// As [`holding`](Self::holding), where `name` knows what people are called.
    fn holding_by<'s>(&'s self, name: impl Fn(&'s str) -> &'s str) -> String {
        let holder = self.holder.as_deref().unwrap_or_default();
        let kind = self.holder_kind().unwrap_or(HolderKind::Unknown);
        if !kind.is_account() {
            return match holder {
                "" => format!("held by {}", kind.words()),
                holder => format!("held by {} ({holder})", kind.words()),
            };
        }
        if self.is_holder_gone {
            return format!("held by an account that is not in the directory ({holder})");
        }
        let known = name(holder);
        match &self.holder_name {
            Some(own) if known == holder => format!("held by {own}"),
            _ if known.is_empty() => format!("held by {}", kind.words()),
            _ => format!("held by {known}"),
        }
    }
}
