//! What rows ask for and how things are, in the words of reports and of whoever else shows rows.

use super::line;
use crate::plan::{NumberState, PhoneState, State, Wanted};

impl Wanted {
    /// What the row changes, in one or a few words: `assign`, `move`, `SMS sign-in on`.
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

    /// The role of the phone method that the row is about; empty when it is about none.
    #[must_use]
    pub fn role(&self) -> &str {
        line::role(self)
    }

    /// How it is to be, in the words of [`State::words`].
    #[must_use]
    pub fn end(&self) -> String {
        match self {
            Self::Assign {
                to,
                location: Some(location),
                ..
            } => format!("held by {}, location {location}", to.name),
            Self::Assign { to, .. } => format!("held by {}", to.name),
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
            Self::Number(NumberState {
                holder: None, location, ..
            }) => match location {
                Some(location) => format!("free, location {location}"),
                None => "free".to_owned(),
            },
            Self::Number(NumberState {
                holder: Some(holder),
                location,
                ..
            }) => match location {
                Some(location) => format!("held by {}, location {location}", name(holder)),
                None => format!("held by {}", name(holder)),
            },
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
