//! The value of each setting, and where it comes from: an option, a variable, the profile, or the default.

use std::path::PathBuf;

use clap::ValueEnum;
use trunkline::{Cloud, Country, ErrorKind};

use crate::arguments::{CredentialName, Format, Global, StoreName, name_of, names_of, numbering};
use crate::environment::{self, Variable};
use crate::failure::Failure;
use crate::profiles::{Key, Profile, ProfileFile};

/// The origin of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// An option of this command.
    Option,
    /// An environment variable.
    Variable(&'static str),
    /// The profile.
    Profile,
    /// Neither: it holds when nobody says otherwise.
    Default,
}

/// A value and its origin.
#[derive(Debug, Clone)]
pub(crate) struct Setting {
    pub(crate) value: String,
    pub(crate) origin: Origin,
}

/// The settings of a command.
pub(crate) struct Settings<'g> {
    global: &'g Global,
    profile: Option<Profile>,
    /// How the profile was chosen.
    chosen_by: Origin,
}

impl<'g> Settings<'g> {
    /// Reads the profile that the options, the environment or the file name; nothing else is read.
    ///
    /// # Errors
    ///
    /// When the profile file is not valid, or the named profile does not exist and none of that name may be made.
    pub(crate) fn read(global: &'g Global, may_be_new: bool) -> Result<Self, Failure> {
        let (named, chosen_by) = named_profile(global)?;
        let file = ProfileFile::read()?;
        let profile = match selected(&file, named.as_deref()) {
            Err(_) if may_be_new => None,
            selected => selected?,
        };
        Ok(Self {
            global,
            profile,
            chosen_by,
        })
    }

    /// The same options with another profile, or with none.
    pub(crate) fn with_profile(&self, profile: Option<Profile>) -> Self {
        Self {
            global: self.global,
            profile,
            chosen_by: Origin::Option,
        }
    }

    /// The options of every command.
    pub(crate) fn global(&self) -> &'g Global {
        self.global
    }

    /// The profile.
    pub(crate) fn profile(&self) -> Option<&Profile> {
        self.profile.as_ref()
    }

    /// The name that an option or the variable chooses.
    pub(crate) fn named_profile(&self) -> Result<Option<String>, Failure> {
        Ok(named_profile(self.global)?.0)
    }

    /// The profile that a command would use, which must exist.
    pub(crate) fn selected(&self, file: &ProfileFile) -> Result<Option<Profile>, Failure> {
        selected(file, self.named_profile()?.as_deref())
    }

    /// How the profile was chosen.
    pub(crate) fn chosen_by(&self) -> Origin {
        self.chosen_by
    }

    /// The value of a setting. Options come first, then our own variables, then the profile. The variables `AZURE_*` are also
    /// those of other tools and hold for whatever the profile does not say.
    ///
    /// # Errors
    ///
    /// When a variable cannot be read.
    pub(crate) fn get(&self, key: Key) -> Result<Option<Setting>, Failure> {
        if let Some(value) = self.option(key) {
            let origin = Origin::Option;
            return Ok(Some(Setting { value, origin }));
        }
        let (ours, shared) = variables(key);
        if let Some(found) = of_variable(ours)? {
            return Ok(Some(found));
        }
        // A token at hand is a way to sign in.
        if key == Key::Credential && environment::TOKEN.value()?.is_some() {
            return Ok(Some(Setting {
                value: "token".to_owned(),
                origin: Origin::Variable(environment::TOKEN.name),
            }));
        }
        if let Some(value) = self.profile.as_ref().and_then(|profile| profile.get(key)) {
            return Ok(Some(Setting {
                value: value.to_owned(),
                origin: Origin::Profile,
            }));
        }
        if let Some(found) = of_variable(shared)? {
            return Ok(Some(found));
        }
        let default = match key {
            Key::Cloud => Some("global"),
            Key::Credential => Some("environment"),
            Key::Output => Some("table"),
            _ => None,
        };
        Ok(default.map(|value| Setting {
            value: value.to_owned(),
            origin: Origin::Default,
        }))
    }

    fn option(&self, key: Key) -> Option<String> {
        let global = self.global;
        match key {
            Key::Tenant => global.tenant.clone(),
            Key::Cloud => global.cloud.map(|cloud| cloud.0.name().to_owned()),
            Key::Endpoint => global.endpoint.clone(),
            Key::Credential => global.credential.map(name_of),
            Key::Output => global.output.map(name_of),
            Key::ClientId | Key::Certificate | Key::Store | Key::Country | Key::Locations => None,
        }
    }

    fn value(&self, key: Key) -> Result<Option<String>, Failure> {
        Ok(self.get(key)?.map(|setting| setting.value))
    }

    /// The form of results.
    pub(crate) fn format(&self) -> Result<Format, Failure> {
        let Some(setting) = self.get(Key::Output)? else {
            return Ok(Format::default());
        };
        Format::from_str(setting.value.trim(), true).map_err(|_| {
            let message = format!("{} is not a known format", environment::OUTPUT.name);
            Failure::refused(ErrorKind::InvalidInput, message, "Use table, json, csv or jsonl")
        })
    }

    /// The tenant.
    pub(crate) fn tenant(&self) -> Result<Option<String>, Failure> {
        self.value(Key::Tenant)
    }

    /// The tenant that a person named for this command or profile, and not the one that an application in the environment is of.
    pub(crate) fn named_tenant(&self) -> Result<Option<String>, Failure> {
        let setting = self.get(Key::Tenant)?;
        let is_named = |setting: &Setting| setting.origin != Origin::Variable(environment::AZURE_TENANT.name);
        Ok(setting.filter(is_named).map(|setting| setting.value))
    }

    /// The cloud.
    pub(crate) fn cloud(&self) -> Result<Cloud, Failure> {
        match self.value(Key::Cloud)? {
            Some(name) => Ok(trunkline::IntoCloud::into_cloud(name)?),
            None => Ok(Cloud::Global),
        }
    }

    /// The address that was named instead of the cloud's.
    pub(crate) fn endpoint(&self) -> Result<Option<Setting>, Failure> {
        self.get(Key::Endpoint)
    }

    /// The way to sign in, and where it was chosen.
    pub(crate) fn credential(&self) -> Result<(CredentialName, Origin), Failure> {
        let Some(setting) = self.get(Key::Credential)? else {
            return Ok((CredentialName::Environment, Origin::Default));
        };
        let name = CredentialName::from_str(setting.value.trim(), true).map_err(|_| {
            let message = format!("{} is not a known credential", environment::CREDENTIAL.name);
            Failure::refused(
                ErrorKind::InvalidInput,
                message,
                format!("Use one of {}", names_of::<CredentialName>()),
            )
        })?;
        Ok((name, setting.origin))
    }

    /// The way to sign in that the profile has.
    pub(crate) fn credential_of_profile(&self) -> Option<CredentialName> {
        self.profile.as_ref()?.credential()
    }

    /// The application.
    pub(crate) fn client_id(&self) -> Result<Option<String>, Failure> {
        self.value(Key::ClientId)
    }

    /// The PEM file of the application. The path in a variable need not be UTF-8.
    pub(crate) fn certificate(&self) -> Option<PathBuf> {
        let own = self.profile.as_ref().and_then(|profile| profile.path(Key::Certificate));
        own.or_else(|| environment::AZURE_CERTIFICATE.path())
    }

    /// The place that keeps the sign-in; `None` before the first `login`.
    pub(crate) fn store(&self) -> Option<StoreName> {
        self.profile.as_ref()?.store()
    }

    /// The country of numbers without a plus, where no option names one.
    pub(crate) fn country(&self) -> Option<Country> {
        let country = self.profile.as_ref()?.get(Key::Country)?;
        numbering(country).ok()
    }
}

/// The name of the profile that is chosen outside of the file, and how.
fn named_profile(global: &Global) -> Result<(Option<String>, Origin), Failure> {
    Ok(match (&global.profile, environment::PROFILE.value()?) {
        (Some(name), _) => (Some(name.clone()), Origin::Option),
        (None, Some(name)) => (Some(name), Origin::Variable(environment::PROFILE.name)),
        (None, None) => (None, Origin::Profile),
    })
}

/// The profile of this name, else the one in use; none when there is neither.
fn selected(file: &ProfileFile, named: Option<&str>) -> Result<Option<Profile>, Failure> {
    let name = named.or(file.in_use());
    name.map(|name| file.get(name).cloned()).transpose()
}

/// The variables of a setting: our own, and those that other tools read as well.
fn variables(key: Key) -> (Option<Variable>, Option<Variable>) {
    match key {
        Key::Tenant => (Some(environment::TENANT), Some(environment::AZURE_TENANT)),
        Key::Cloud => (Some(environment::CLOUD), None),
        Key::Endpoint => (Some(environment::ENDPOINT), None),
        Key::Credential => (Some(environment::CREDENTIAL), None),
        Key::ClientId => (None, Some(environment::AZURE_CLIENT)),
        Key::Certificate => (None, Some(environment::AZURE_CERTIFICATE)),
        Key::Output => (Some(environment::OUTPUT), None),
        Key::Store | Key::Country | Key::Locations => (None, None),
    }
}

fn of_variable(variable: Option<Variable>) -> Result<Option<Setting>, Failure> {
    let Some(variable) = variable else { return Ok(None) };
    Ok(variable.value()?.map(|value| Setting {
        value,
        origin: Origin::Variable(variable.name),
    }))
}
