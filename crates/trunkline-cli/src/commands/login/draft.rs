//! The profile as it will be when the sign-in succeeds.

use trunkline::ErrorKind;

use super::super::identity::way;
use crate::arguments::{CredentialName, Login, StoreName};
use crate::environment;
use crate::failure::Failure;
use crate::profiles::{Edit, Key, Profile, ProfileFile};
use crate::settings::{Origin, Settings};

/// A profile that is not in the file yet, or differs from it.
pub(super) struct Draft {
    pub(super) profile: Profile,
    pub(super) credential: CredentialName,
}

/// Settings that `login` keeps in the profile, whoever named them.
const REMEMBERED: [Key; 6] = [
    Key::Tenant,
    Key::Cloud,
    Key::Endpoint,
    Key::Credential,
    Key::ClientId,
    Key::Certificate,
];

impl Draft {
    pub(super) fn new(login: &Login, given: &Settings<'_>, file: &ProfileFile) -> Result<Self, Failure> {
        let base = base(given, file)?;
        let settings = given.with_profile(Some(base.clone()));
        let mut profile = base;
        for key in [Key::Tenant, Key::Cloud, Key::Endpoint] {
            if let Some(setting) = settings.get(key)?
                && setting.origin != Origin::Default
            {
                profile.set(key, setting.value.trim());
            }
        }
        let credential = way_to_sign_in(&settings)?;
        profile.set(Key::Credential, &way(credential));
        let client = match &login.client_id {
            Some(client) => Some(client.clone()),
            None => settings.client_id()?,
        };
        if let Some(client) = client {
            if let Err(advice) = Key::ClientId.check(client.trim()) {
                return Err(invalid("--client-id is not an application's id", &advice));
            }
            profile.set(Key::ClientId, client.trim());
        }
        let certificate = match &login.certificate {
            Some(path) => Some(path.clone()),
            None => settings
                .certificate()
                .filter(|_| credential == CredentialName::Certificate),
        };
        match certificate.filter(|_| credential == CredentialName::Certificate) {
            None if login.certificate.is_some() => {
                let advice = "Add --credential certificate, or omit --certificate";
                return Err(invalid("--certificate is for signing in with a certificate", advice));
            }
            None => profile.unset(Key::Certificate),
            Some(path) => {
                // The next command may run in another folder.
                let path = std::path::absolute(&path).unwrap_or(path);
                let Some(path) = path.to_str() else {
                    return Err(invalid(
                        "the path of the certificate is not UTF-8",
                        "Move the certificate to a path that is",
                    ));
                };
                profile.set(Key::Certificate, path);
            }
        }
        Ok(Self { profile, credential })
    }

    /// The changes that make the profile in the file this one.
    pub(super) fn edits(&self) -> Vec<Edit<'_>> {
        let name = self.profile.name.as_str();
        let mut edits = vec![Edit::Add(name)];
        edits.extend(REMEMBERED.into_iter().map(|key| match self.profile.get(key) {
            Some(value) => Edit::Set(name, key, value),
            None => Edit::Unset(name, key),
        }));
        edits
    }
}

/// The profile to sign in for: the one that is named; else the one in use, or another of the same tenant; else a new one.
fn base(given: &Settings<'_>, file: &ProfileFile) -> Result<Profile, Failure> {
    if let Some(name) = given.named_profile()? {
        let known = file.get(&name).ok().cloned();
        return Ok(known.unwrap_or_else(|| Profile::new(&name)));
    }
    let named_tenant = given
        .global()
        .tenant
        .clone()
        .map_or_else(|| environment::TENANT.value(), |tenant| Ok(Some(tenant)))?;
    let Some(tenant) = named_tenant else {
        let new = || Profile::new("default");
        return Ok(given.profile().cloned().unwrap_or_else(new));
    };
    let tenant = tenant.trim();
    let is_of_tenant = |profile: &&Profile| {
        profile
            .get(Key::Tenant)
            .is_some_and(|own| own.eq_ignore_ascii_case(tenant))
    };
    if let Some(known) = given
        .profile()
        .filter(is_of_tenant)
        .or_else(|| file.all().find(is_of_tenant))
    {
        return Ok(known.clone());
    }
    // contoso.onmicrosoft.com is contoso; an id stays as it is.
    let name = tenant.split('.').next().unwrap_or_default().to_ascii_lowercase();
    match file.get(&name) {
        Ok(_) => Err(Failure::refused(
            ErrorKind::InvalidInput,
            format!(
                "there is a profile '{}' of another tenant",
                trunkline::mask::printable(&name)
            ),
            "Name the profile for this sign-in with --profile NAME",
        )),
        Err(_) => Ok(Profile::new(&name)),
    }
}

/// The way to sign in: a device code when nobody says otherwise. A token at hand is no sign-in.
fn way_to_sign_in(settings: &Settings<'_>) -> Result<CredentialName, Failure> {
    let (name, origin) = settings.credential()?;
    match (name, origin) {
        (_, Origin::Default) => Ok(CredentialName::DeviceCode),
        (CredentialName::Token, Origin::Variable(variable)) if variable == environment::TOKEN.name => {
            Ok(settings.credential_of_profile().unwrap_or(CredentialName::DeviceCode))
        }
        (CredentialName::Token, _) => Err(invalid(
            "there is nothing to sign in with a token at hand",
            &format!(
                "Set {} and run the command that needs it, or choose another --credential",
                environment::TOKEN.name
            ),
        )),
        (name, _) => Ok(name),
    }
}

pub(super) fn store_name(store: StoreName) -> &'static str {
    match store {
        StoreName::Keyring => "keyring",
        StoreName::File => "file",
    }
}

fn invalid(message: &str, advice: &str) -> Failure {
    Failure::refused(ErrorKind::InvalidInput, message.to_owned(), advice.to_owned())
}
