//! Texts of states, for reports and every other list of rows.

use trunkline::numbers::HolderKind;

use crate::plan::{NumberState, PhoneState, PolicyState, State};

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
            Self::Policy(PolicyState { policy: None, .. }) => "the default of the tenant".to_owned(),
            Self::Policy(PolicyState {
                policy: Some(policy),
                is_direct,
                group,
                ..
            }) => match group {
                Some(group) if !is_direct => format!("policy {policy} of group {group}"),
                _ => format!("policy {policy}"),
            },
        }
    }
}

impl NumberState {
    /// Describes the holder, as `held by ben@contoso.example`.
    pub(crate) fn holding(&self) -> String {
        self.holding_by(|id| id)
    }

    /// Describes the holder; `name` returns the name of an object id.
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
