//! The roles of phone methods.

use serde::{Deserialize, Serialize};

use crate::Result;
use crate::generated::graph::{AuthenticationPhoneType, PhoneAuthenticationMethod};

/// The role of a phone method. Each has one well-known id, the same for every user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PhoneRole {
    /// The main number: text messages, calls, SMS sign-in.
    Mobile,
    /// A second number, calls only. Requires a mobile one.
    AlternateMobile,
    /// A desk phone, calls only.
    Office,
}

impl PhoneRole {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Mobile, Self::AlternateMobile, Self::Office];

    /// The id of the method.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Mobile => "3179e48a-750b-4051-897c-87b9720928f7",
            Self::AlternateMobile => "b6332ec1-7057-4abe-9331-3d72feddfe41",
            Self::Office => "e37fc753-ff3b-4958-9484-eaa9425c82bc",
        }
    }

    /// The service's name for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mobile => "mobile",
            Self::AlternateMobile => "alternateMobile",
            Self::Office => "office",
        }
    }

    /// The role of that name, or of that well-known id, in any case.
    #[must_use]
    pub fn from_name(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|role| role.name().eq_ignore_ascii_case(text) || role.id().eq_ignore_ascii_case(text))
    }

    pub(super) fn phone_type(self) -> AuthenticationPhoneType {
        match self {
            Self::Mobile => AuthenticationPhoneType::Mobile,
            Self::AlternateMobile => AuthenticationPhoneType::AlternateMobile,
            Self::Office => AuthenticationPhoneType::Office,
        }
    }

    /// The role of a method: that of its well-known id; of its type, when its id is none of these.
    #[must_use]
    pub fn of(method: &PhoneAuthenticationMethod) -> Option<Self> {
        let by_id = |role: &Self| {
            method
                .id
                .as_deref()
                .is_some_and(|id| id.eq_ignore_ascii_case(role.id()))
        };
        let by_type = |role: &Self| method.phone_type == Some(role.phone_type());
        Self::ALL
            .into_iter()
            .find(by_id)
            .or_else(|| Self::ALL.into_iter().find(by_type))
    }

    /// Whether a method is the one of this role: see [`of`](Self::of).
    #[must_use]
    pub fn is_of(self, method: &PhoneAuthenticationMethod) -> bool {
        Self::of(method) == Some(self)
    }
}

impl std::fmt::Display for PhoneRole {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name())
    }
}

impl std::str::FromStr for PhoneRole {
    type Err = crate::Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::from_name(text).ok_or_else(|| {
            crate::Error::new(
                crate::ErrorKind::InvalidInput,
                format!("there is no phone method {text:?}"),
            )
            .with_next_step("Use mobile, alternateMobile or office")
        })
    }
}
