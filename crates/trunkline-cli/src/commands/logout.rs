//! `trunkline logout`: removes what `login` kept.

use serde_json::json;
use trunkline::ErrorKind;
use trunkline::mask::printable;

use super::Report;
use crate::arguments::{CredentialName, name_of};
use crate::credentials::{KeptSignIn, application, item, kept_by, owner};
use crate::document::{Column, Document};
use crate::failure::Failure;
use crate::printer::Printer;
use crate::profiles::{Edit, Key, Profile, ProfileFile};
use crate::settings::{Origin, Settings};
use crate::sign_in::{Place, Removal};

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

/// What the removal of a sign-in from this computer leaves valid, and how that ends.
pub(super) fn aftermath(credential: Option<CredentialName>) -> &'static str {
    match credential {
        Some(CredentialName::ClientSecret) => REMOVE_SECRET,
        _ => REVOKE,
    }
}

pub(super) fn run(settings: &Settings<'_>, printer: Printer) -> Result<Report, Failure> {
    let profile = settings.profile();
    let (owner, whose) = match profile {
        Some(profile) => {
            refuse_another_place(settings, profile)?;
            (kept_by(profile), format!("the profile {}", profile.name))
        }
        None => {
            let (tenant, client) = application(settings, "signing out")?;
            let owner = owner(settings, &tenant, &client)?;
            (Some(owner), format!("the tenant {}", printable(&tenant)))
        }
    };
    let store = profile.and_then(Profile::store);
    let removal = match (owner, store) {
        (None, _) => Removal::default(),
        (Some(owner), None) => Place::forget_everywhere(&owner)?,
        (Some(owner), Some(store)) => Removal {
            is_removed: Place(store).forget_all(&owner)?,
            unknown: None,
        },
    };
    if let Some(reason) = &removal.unknown {
        printer.warning(&format!(
            "a sign-in of {whose} may be left in the keyring, which could not be looked into: {}",
            reason.what()
        ));
    }
    let credential = profile.and_then(Profile::credential);
    let mut sentences = vec![match credential.filter(|credential| item(*credential).is_none()) {
        _ if removal.is_removed => format!("Signed out of {whose}"),
        _ if removal.unknown.is_some() => format!("No sign-in of {whose} was found"),
        Some(credential) => {
            let way = name_of(credential);
            format!("No sign-in was kept for {whose}, which signs in by {way} and keeps none")
        }
        None => format!("No sign-in was kept for {whose}"),
    }];
    if let Some(profile) = profile.filter(|_| store.is_some()) {
        let file = ProfileFile::read()?;
        let sharing = sharing(profile, &file);
        if removal.is_removed && !sharing.is_empty() {
            sentences.push(format!("It was also the sign-in of {}", sharing.join(", ")));
        }
        file.change(&[Edit::Unset(&profile.name, Key::Store)])?;
    } else if !removal.is_removed {
        sentences.push("Nothing was changed".to_owned());
    }
    if removal.is_removed {
        sentences.push(aftermath(credential).to_owned());
    }
    let name = profile.map(|profile| profile.name.as_str());
    let document = Document::new(json!({"profile": name, "removed": removal.is_removed}), COLUMNS);
    Ok(document.with_text(sentences.join(". ")).into())
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

/// The other profiles that have the same sign-in.
fn sharing<'f>(profile: &Profile, file: &'f ProfileFile) -> Vec<&'f str> {
    let own = KeptSignIn::of(profile);
    let has_it = |other: &&Profile| other.name != profile.name && own.is_some() && KeptSignIn::of(other) == own;
    file.all().filter(has_it).map(|other| other.name.as_str()).collect()
}
