//! `trunkline logout`: removes what `login` kept.

use serde_json::json;
use trunkline::ErrorKind;
use trunkline::mask::printable;

use super::Report;
use crate::arguments::{CredentialName, name_of};
use crate::credentials::{application, forget_unused, in_use, item, kept_by, owner};
use crate::document::{Column, Document};
use crate::failure::Failure;
use crate::printer::Printer;
use crate::profiles::{Edit, Key, Profile, ProfileFile};
use crate::settings::{Origin, Settings};
use crate::sign_in::{KeptSignIn, Place, Removal};

const COLUMNS: &[Column] = &[
    Column::shown("profile", "/profile"),
    Column::shown("removed", "/removed"),
];

/// How a refresh token is revoked, which only the directory can do.
const REVOKE: &str = "A copy of the refresh token would stay valid at Entra until it is revoked. To revoke all sign-ins \
of the user: az rest --method POST --url https://graph.microsoft.com/v1.0/me/revokeSignInSessions, or in PowerShell: \
Revoke-MgUserSignInSession -UserId NAME";

/// The same for a client secret.
const REMOVE_SECRET: &str =
    "The client secret stays valid until it is removed from the application: portal, Certificates and secrets";

const UNCHANGED: &str = "Nothing was changed";

/// The advice after a sign-in was removed from this computer: something stays valid, and can be ended.
pub(super) fn aftermath(credential: Option<CredentialName>) -> &'static str {
    match credential {
        Some(CredentialName::ClientSecret) => REMOVE_SECRET,
        _ => REVOKE,
    }
}

pub(super) fn run(settings: &Settings<'_>, printer: Printer) -> Result<Report, Failure> {
    let Some(profile) = settings.profile() else {
        let (tenant, client) = application(settings, "signing out")?;
        let removal = Place::forget_everywhere(&owner(settings, &tenant, &client)?, &[])?;
        let whose = format!("the tenant {}", printable(&tenant));
        let mut sentences = vec![result(&removal, &whose, None, printer)];
        sentences.push(if removal.is_removed { REVOKE } else { UNCHANGED }.to_owned());
        return Ok(report(None, &removal, &sentences));
    };
    refuse_another_place(settings, profile)?;
    let file = ProfileFile::read()?;
    let others = || file.all().filter(|other| other.name != profile.name);
    let own = KeptSignIn::of(profile);
    let removal = remove(profile, own.as_ref(), others())?;
    let whose = format!("the profile {}", profile.name);
    let credential = profile.credential();
    let mut sentences = vec![result(&removal, &whose, credential, printer)];
    let shares_it = |other: &&Profile| own.is_some() && KeptSignIn::of(other) == own;
    let sharing: Vec<&str> = others().filter(shares_it).map(|other| other.name.as_str()).collect();
    if removal.is_removed && !sharing.is_empty() {
        sentences.push(format!("It was also the sign-in of {}", sharing.join(", ")));
    }
    if profile.store().is_some() {
        file.change(&[Edit::Unset(&profile.name, Key::Store)])?;
    } else if !removal.is_removed {
        sentences.push(UNCHANGED.to_owned());
    }
    if removal.is_removed {
        sentences.push(aftermath(credential).to_owned());
    }
    Ok(report(Some(&profile.name), &removal, &sentences))
}

/// Removes the sign-in of a profile, whoever shares it, and what else was kept for the profile and is of no use to the others.
fn remove<'p>(
    profile: &Profile,
    own: Option<&KeptSignIn>,
    others: impl Iterator<Item = &'p Profile>,
) -> Result<Removal, Failure> {
    let mut removal = Removal::default();
    if profile.store().is_some() {
        removal.is_removed = forget_unused(profile, others)?;
    } else if let Some(owner) = kept_by(profile) {
        removal = Place::forget_everywhere(&owner, &in_use(others))?;
    }
    if let Some(KeptSignIn { place, sign_in }) = own {
        removal.is_removed |= place.forget(sign_in)?;
    }
    Ok(removal)
}

/// The sentence about what was removed. A keyring that could not be looked into is a warning of its own.
fn result(removal: &Removal, whose: &str, credential: Option<CredentialName>, printer: Printer) -> String {
    if let Some(reason) = &removal.unknown {
        printer.warning(&format!(
            "a sign-in of {whose} may be left in the keyring, which could not be looked into: {}",
            reason.what()
        ));
    }
    match credential.filter(|credential| item(*credential).is_none()) {
        _ if removal.is_removed => format!("Signed out of {whose}"),
        _ if removal.unknown.is_some() => format!("No sign-in of {whose} was found"),
        Some(credential) => {
            let way = name_of(credential);
            format!("No sign-in was kept for {whose}, which signs in by {way} and keeps none")
        }
        None => format!("No sign-in was kept for {whose}"),
    }
}

fn report(profile: Option<&str>, removal: &Removal, sentences: &[String]) -> Report {
    let document = Document::new(json!({"profile": profile, "removed": removal.is_removed}), COLUMNS);
    document.with_text(sentences.join(". ")).into()
}

/// Refuses options that name another place than the profile: the sign-in that they mean is not that of the profile.
fn refuse_another_place(settings: &Settings<'_>, profile: &Profile) -> Result<(), Failure> {
    for key in [Key::Tenant, Key::Cloud, Key::Endpoint] {
        let Some(named) = settings.get(key)?.filter(|setting| setting.origin == Origin::Option) else {
            continue;
        };
        let own = match key {
            Key::Cloud => Some(profile.cloud().name()),
            _ => profile.get(key),
        };
        let plain = |value: &str| value.trim().trim_end_matches('/').to_ascii_lowercase();
        if own.map(plain) != Some(plain(&named.value)) {
            let message = format!(
                "the {} of the profile {} is not {}",
                key.name(),
                profile.name,
                printable(&named.value)
            );
            let advice = "Name the profile to sign out of with --profile, and omit the other option";
            return Err(Failure::refused(ErrorKind::InvalidInput, message, advice));
        }
    }
    Ok(())
}
