//! The settings that a profile can hold: declared here, once.

use clap::ValueEnum;

use trunkline::ErrorKind;
use trunkline::mask::printable;

use crate::arguments::{CredentialName, Format, StoreName, names_of, numbering};
use crate::failure::Failure;

/// A setting of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    /// The tenant.
    Tenant,
    /// Its cloud.
    Cloud,
    /// The address of an emulator.
    Endpoint,
    /// The way to sign in.
    Credential,
    /// The application.
    ClientId,
    /// The PEM file of the application.
    Certificate,
    /// The place that keeps the sign-in.
    Store,
    /// The country of numbers without a plus.
    Country,
    /// The form of results.
    Output,
    /// The file that names emergency locations.
    Locations,
}

impl Key {
    /// All of them, in the order in which a profile lists them.
    pub(crate) const ALL: [Self; 10] = [
        Self::Tenant,
        Self::Cloud,
        Self::Endpoint,
        Self::Credential,
        Self::ClientId,
        Self::Certificate,
        Self::Store,
        Self::Country,
        Self::Output,
        Self::Locations,
    ];

    /// Its name in the file, which is that of its option.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Tenant => "tenant",
            Self::Cloud => "cloud",
            Self::Endpoint => "endpoint",
            Self::Credential => "credential",
            Self::ClientId => "client-id",
            Self::Certificate => "certificate",
            Self::Store => "store",
            Self::Country => "country",
            Self::Output => "output",
            Self::Locations => "locations",
        }
    }

    /// Finds a setting by its name.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.name() == name)
    }

    /// Checks a value that an option or a variable named.
    ///
    /// # Errors
    ///
    /// When a profile cannot hold it.
    pub(crate) fn check_named(self, value: &str) -> Result<(), Failure> {
        self.check(value).map_err(|advice| {
            let message = format!("'{}' is not valid for --{}", printable(value), self.name());
            Failure::refused(ErrorKind::InvalidInput, message, capitalized(&advice))
        })
    }

    /// Checks a value, and says what is valid when it is not.
    pub(crate) fn check(self, value: &str) -> Result<(), String> {
        if value.trim().is_empty() {
            return Err("set a value, or leave it out".to_owned());
        }
        match self {
            Self::Cloud => trunkline::IntoCloud::into_cloud(value)
                .map(drop)
                .map_err(|error| error.next_step().to_owned()),
            Self::Credential => one_of::<CredentialName>(value),
            Self::Store => one_of::<StoreName>(value),
            Self::Output => one_of::<Format>(value),
            Self::Country => numbering(value).map(drop),
            Self::Tenant if !is_name(value) => {
                Err("use the tenant's id, or one of its domains such as contoso.onmicrosoft.com".to_owned())
            }
            Self::ClientId if !is_name(value) => Err("use the application's id, a GUID".to_owned()),
            Self::Endpoint if !(value.starts_with("http://") || value.starts_with("https://")) => {
                Err("use a complete address, such as http://127.0.0.1:8080".to_owned())
            }
            Self::Tenant | Self::ClientId | Self::Endpoint | Self::Certificate | Self::Locations => Ok(()),
        }
    }
}

/// The advice as a sentence of its own.
pub(super) fn capitalized(advice: &str) -> String {
    let mut advice = advice.to_owned();
    if let Some(first) = advice.get(..1).map(str::to_uppercase) {
        advice.replace_range(..1, &first);
    }
    advice
}

/// Letters, digits, dots and hyphens: what ids and domains are made of.
fn is_name(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    text.bytes().all(is_plain)
}

fn one_of<T: ValueEnum>(value: &str) -> Result<(), String> {
    let read = T::from_str(value, true).map(drop);
    read.map_err(|_| format!("use one of {}", names_of::<T>()))
}
