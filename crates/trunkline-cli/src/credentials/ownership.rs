//! The sign-in that `login` keeps for a profile: its owner, its place and its removal.

use trunkline::credential::TokenOwner;

use crate::arguments::CredentialName;
use crate::failure::Failure;
use crate::profiles::{Key, Profile};
use crate::settings::Settings;
use crate::sign_in::{Item, KeptSignIn, Place, SignIn};

/// The owner of what `login` keeps for a profile; `None` for a profile without a tenant or an application. The profile alone
/// decides: the options and variables of a later command can name another tenant or application.
pub(crate) fn kept_by(profile: &Profile) -> Option<TokenOwner> {
    let (tenant, client) = (profile.get(Key::Tenant)?, profile.get(Key::ClientId)?);
    let authority = profile.get(Key::Endpoint).unwrap_or(profile.cloud().authority());
    Some(TokenOwner::new(authority.trim(), tenant.trim(), client.trim()))
}

/// The secret that a way to sign in keeps between commands.
pub(crate) fn item(credential: CredentialName) -> Option<Item> {
    match credential {
        CredentialName::DeviceCode => Some(Item::Tokens),
        CredentialName::ClientSecret => Some(Item::ClientSecret),
        CredentialName::Environment
        | CredentialName::DeveloperTools
        | CredentialName::ManagedIdentity
        | CredentialName::Certificate
        | CredentialName::Token => None,
    }
}

/// The owner of the sign-in that a command has, by its options, the variables and the profile.
pub(crate) fn owner(settings: &Settings<'_>, tenant: &str, client: &str) -> Result<TokenOwner, Failure> {
    let endpoint = settings.endpoint()?.map(|setting| setting.value);
    let cloud = settings.cloud()?;
    let authority = endpoint.as_deref().unwrap_or_else(|| cloud.authority());
    Ok(TokenOwner::new(authority.trim(), tenant.trim(), client.trim()))
}

impl KeptSignIn {
    /// The sign-in that the commands of a profile use.
    pub(crate) fn of(profile: &Profile) -> Option<Self> {
        let (owner, item) = (kept_by(profile)?, item(profile.credential()?)?);
        let place = Place(profile.store()?);
        let sign_in = SignIn { owner, item };
        Some(Self { place, sign_in })
    }

    /// The sign-in of the profile, when it is also that of this command. Its options and variables can name another tenant,
    /// application, authority or way to sign in.
    pub(crate) fn of_command(settings: &Settings<'_>, credential: CredentialName) -> Result<Option<Self>, Failure> {
        let of_profile = settings.profile().and_then(Self::of);
        let (Some(of_profile), Some(tenant), Some(client)) = (of_profile, settings.tenant()?, settings.client_id()?)
        else {
            return Ok(None);
        };
        let owner = owner(settings, &tenant, &client)?;
        let is_same = of_profile.sign_in.owner == owner && item(credential) == Some(of_profile.sign_in.item);
        Ok(is_same.then_some(of_profile))
    }
}

/// The sign-ins that these profiles use.
pub(crate) fn in_use<'p>(profiles: impl Iterator<Item = &'p Profile>) -> Vec<KeptSignIn> {
    profiles.filter_map(KeptSignIn::of).collect()
}

/// Removes what was kept for a profile, except for what one of the `others` uses, and says whether there was something.
///
/// # Errors
///
/// When the place cannot be used.
pub(crate) fn forget_unused<'p>(former: &Profile, others: impl Iterator<Item = &'p Profile>) -> Result<bool, Failure> {
    match (former.store(), kept_by(former)) {
        (Some(store), Some(owner)) => Ok(Place(store).forget_all(&owner, &in_use(others))?),
        _ => Ok(false),
    }
}
