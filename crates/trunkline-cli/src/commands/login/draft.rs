//! The profile as it will be when the sign-in succeeds.

use trunkline::ErrorKind;

use crate::arguments::{CredentialName, Login, name_of};
use crate::environment;
use crate::failure::Failure;
use crate::profiles::{Edit, Key, Profile, ProfileFile, absolute, refuse_name};
use crate::settings::{Origin, Settings};

/// A profile that is not in the file yet, or differs from it.
pub(super) struct Draft {
    pub(super) profile: Profile,
    /// The profile of that name in the file.
    pub(super) former: Option<Profile>,
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
        let former = file.get(&base.name).ok().cloned();
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
        profile.set(Key::Credential, &name_of(credential));
        let client = match &login.client_id {
            Some(client) => Some(client.clone()),
            None => settings.client_id()?,
        };
        if let Some(client) = client {
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
                profile.set(Key::Certificate, &absolute(&path)?);
            }
        }
        for key in REMEMBERED {
            profile.get(key).map_or(Ok(()), |value| key.check_named(value))?;
        }
        refuse_name(&profile.name)?;
        Ok(Self {
            profile,
            former,
            credential,
        })
    }

    /// Sentences about what the sign-in changes in a profile that was there before.
    pub(super) fn changes(&self) -> Vec<String> {
        let Some(former) = &self.former else { return Vec::new() };
        let name = &self.profile.name;
        let change = |key: Key| {
            let change = match (former.get(key), self.profile.get(key)) {
                (old, new) if old == new => return None,
                (Some(old), Some(new)) => format!("was {old} and is now {new}"),
                (None, Some(new)) => format!("was not set and is now {new}"),
                (old, None) => format!("was {} and is no longer set", old.unwrap_or_default()),
            };
            Some(format!("{} of the profile {name} {change}", key.name()))
        };
        REMEMBERED.into_iter().filter_map(change).collect()
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

/// The profile to sign in for: the one that is named; without a tenant the one in use; else the one of the same tenant, cloud
/// and endpoint; else a new one.
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
        let unnamed = || file.get("default").cloned().unwrap_or_else(|_| Profile::new("default"));
        return Ok(given.profile().cloned().unwrap_or_else(unnamed));
    };
    let tenant = tenant.trim();
    let mut same_place = Vec::new();
    for profile in file.all() {
        if is_place_of(profile, tenant, given)? {
            same_place.push(profile);
        }
    }
    match same_place.as_slice() {
        [] => {}
        [profile] => return Ok((*profile).clone()),
        several => {
            let names: Vec<&str> = several.iter().map(|profile| profile.name.as_str()).collect();
            return Err(invalid(
                &format!(
                    "the profiles {} are all of the tenant {}, in the same cloud and at the same endpoint",
                    names.join(", "),
                    trunkline::mask::printable(tenant)
                ),
                &format!("Name the one to sign in for, such as --profile {}", names[0]),
            ));
        }
    }
    // contoso.onmicrosoft.com is contoso; an id stays as it is.
    let name = tenant.split('.').next().unwrap_or_default().to_ascii_lowercase();
    match file.get(&name) {
        Ok(_) => Err(Failure::refused(
            ErrorKind::InvalidInput,
            format!(
                "there is a profile '{}' of another tenant, cloud or endpoint",
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

/// Whether a sign-in with this profile would be at the tenant, in the cloud and at the endpoint that the profile has already.
fn is_place_of(profile: &Profile, tenant: &str, given: &Settings<'_>) -> Result<bool, Failure> {
    let is_of_tenant = |own: &str| own.trim().eq_ignore_ascii_case(tenant);
    if !profile.get(Key::Tenant).is_some_and(is_of_tenant) {
        return Ok(false);
    }
    let settings = given.with_profile(Some(profile.clone()));
    let endpoint = settings.endpoint()?.map(|setting| setting.value);
    let plain = |endpoint: &str| endpoint.trim().trim_end_matches('/').to_ascii_lowercase();
    Ok(settings.cloud()? == profile.cloud() && endpoint.as_deref().map(plain) == profile.get(Key::Endpoint).map(plain))
}

fn invalid(message: &str, advice: &str) -> Failure {
    Failure::refused(ErrorKind::InvalidInput, message.to_owned(), advice.to_owned())
}
