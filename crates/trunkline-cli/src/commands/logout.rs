//! `trunkline logout`: removes what `login` kept.

use serde_json::json;

use super::{Report, identity};
use crate::arguments::StoreName;
use crate::credentials::{application, owner};
use crate::document::{Column, Document};
use crate::failure::Failure;
use crate::profiles::{Edit, Key, ProfileFile};
use crate::settings::Settings;
use crate::sign_in::Place;

const COLUMNS: &[Column] = &[
    Column::shown("profile", "/profile"),
    Column::shown("removed", "/removed"),
];

/// How a refresh token is revoked, which only the directory can do.
pub(super) const REVOKE: &str = "A copy of the refresh token would stay valid at Entra until it is revoked. To revoke all sign-ins \
of the user: az rest --method POST --url https://graph.microsoft.com/v1.0/me/revokeSignInSessions, or in PowerShell: \
Revoke-MgUserSignInSession -UserId NAME";

pub(super) fn run(settings: &Settings<'_>) -> Result<Report, Failure> {
    if let Some(credential) = settings.credential_of_profile()
        && identity::item(credential).is_none()
    {
        let name = settings.profile().map(|profile| profile.name.as_str());
        let text = format!(
            "The profile {} signs in by {} and keeps no sign-in. Nothing was changed",
            name.unwrap_or_default(),
            identity::way(credential)
        );
        return Ok(Document::new(json!({"profile": name, "removed": false}), COLUMNS)
            .with_text(text)
            .into());
    }
    let (tenant, client) = application(settings, "signing out")?;
    let owner = owner(settings, &tenant, &client)?;
    let removed = match settings.store() {
        Some(store) => Place(store).forget_all(&owner)?,
        // Before the first `login` of a profile nothing says where; there may be a keyring that cannot be used.
        None => {
            let in_file = Place(StoreName::File).forget_all(&owner)?;
            in_file | Place(StoreName::Keyring).forget_all(&owner).unwrap_or(false)
        }
    };
    let profile = settings.profile().map(|profile| profile.name.as_str());
    if let Some(name) = profile.filter(|_| settings.store().is_some()) {
        ProfileFile::read()?.change(&[Edit::Unset(name, Key::Store)])?;
    }
    let whose = profile.map_or_else(|| format!("the tenant {tenant}"), |name| format!("the profile {name}"));
    let text = if removed {
        format!("Signed out of {whose}. {REVOKE}")
    } else {
        format!("No sign-in was kept for {whose}. Nothing was changed")
    };
    Ok(Document::new(json!({"profile": profile, "removed": removed}), COLUMNS)
        .with_text(text)
        .into())
}
