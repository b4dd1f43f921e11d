//! `trunkline login`: signs in, shows who it is, and remembers how in a profile.

mod draft;
mod secret;

use std::sync::{Arc, Mutex, PoisonError};

use trunkline::{Client, Credential, Secret, TokenView};

use super::{Report, block_on, identity};
use crate::arguments::{CredentialName, Login, StoreName};
use crate::connection::Connection;
use crate::credentials::{Asking, application, certificate, credential, owner};
use crate::document::Document;
use crate::failure::Failure;
use crate::interrupt::unless_interrupted;
use crate::printer::Printer;
use crate::profiles::{Edit, Key, ProfileFile};
use crate::progress::Reporter;
use crate::settings::Settings;
use crate::sign_in::{Anew, Item, Place, SignIn};
use draft::Draft;

pub(super) fn run(login: &Login, given: &Settings<'_>, printer: Printer) -> Result<Report, Failure> {
    let file = ProfileFile::read()?;
    let draft = Draft::new(login, given, &file)?;
    let settings = given.with_profile(Some(draft.profile.clone()));
    let kept = match identity::item(draft.credential) {
        Some(item) => Some(place(login, &settings, item, printer)?),
        None => None,
    };
    let view = match draft.credential {
        CredentialName::DeviceCode => device_code(&settings, kept.as_ref(), printer)?,
        CredentialName::ClientSecret => client_secret(&settings, kept.as_ref(), printer)?,
        CredentialName::Certificate => check(&settings, certificate(&settings)?, printer)?,
        _ => check(&settings, credential(&settings, printer, Asking::Never)?, printer)?,
    };
    let name = &draft.profile.name;
    let mut edits = draft.edits();
    match &kept {
        Some((place, _)) => edits.push(Edit::Set(name, Key::Store, draft::store_name(place.0))),
        None => edits.push(Edit::Unset(name, Key::Store)),
    }
    edits.push(Edit::Use(name));
    let file = file.change(&edits)?;
    let settings = given.with_profile(Some(file.get(name)?.clone()));
    let json = identity::describe(&settings, view.as_ref())?;
    if let Some(variable) = identity::overridden(given)? {
        printer.warning(&format!(
            "{variable} is set, and other commands go by it instead of this sign-in: unset it"
        ));
    }
    let text = format!(
        "{}\nThe profile {name} is used from now on; it is kept in {}",
        identity::sentences(&json),
        file.path().display()
    );
    Ok(Document::new(json, identity::COLUMNS).with_text(text).into())
}

/// The place that will keep the sign-in, checked before anybody is asked for anything.
fn place(login: &Login, settings: &Settings<'_>, item: Item, printer: Printer) -> Result<(Place, SignIn), Failure> {
    let (tenant, client) = application(settings, "signing in")?;
    let owner = owner(settings, &tenant, &client)?;
    let of = SignIn { owner, item };
    let place = match login.store.or_else(|| settings.store()) {
        Some(store) => {
            Place(store).load(&of)?;
            Place(store)
        }
        None => match Place(StoreName::Keyring).load(&of) {
            Ok(_) => Place(StoreName::Keyring),
            Err(reason) => {
                let place = Place(StoreName::File);
                printer.note(&format!(
                    "{}. The sign-in is kept in a file that only you can read: {}",
                    reason.what(),
                    place.described(&of)
                ));
                place
            }
        },
    };
    Ok((place, of))
}

fn device_code(
    settings: &Settings<'_>,
    kept: Option<&(Place, SignIn)>,
    printer: Printer,
) -> Result<Option<TokenView>, Failure> {
    let (tenant, client) = application(settings, "the device code")?;
    let mut credential = Credential::device_code(tenant, client, move |prompt| {
        printer.prompt(&prompt.message);
    });
    let outcome = Arc::new(Mutex::new(None));
    if let Some((place, _)) = kept {
        credential = credential.with_token_store(Anew {
            place: *place,
            outcome: outcome.clone(),
        });
    }
    let view = check(settings, credential, printer);
    let outcome = outcome.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (view, outcome, kept) {
        // Somebody signed in, but to another tenant: that sign-in is not wanted.
        (Err(failure), Some(Ok(())), Some((place, of))) => {
            place.forget(of)?;
            Err(failure)
        }
        (Err(failure), ..) => Err(failure),
        (Ok(_), Some(Err(error)), _) => Err(error.into()),
        (Ok(view), ..) => Ok(view),
    }
}

fn client_secret(
    settings: &Settings<'_>,
    kept: Option<&(Place, SignIn)>,
    printer: Printer,
) -> Result<Option<TokenView>, Failure> {
    let (tenant, client) = application(settings, "the client secret")?;
    let secret = secret::read()?;
    let credential = Credential::client_secret(tenant, client, secret.clone());
    let view = check(settings, credential, printer)?;
    if let Some((place, of)) = kept {
        place.save(of, &Secret::new(secret))?;
    }
    Ok(view)
}

/// Gets a token, and compares its tenant with the one that was named.
fn check(settings: &Settings<'_>, credential: Credential, printer: Printer) -> Result<Option<TokenView>, Failure> {
    let client: Client = Connection::new(settings, printer).client_of(credential)?;
    block_on(unless_interrupted(&Reporter::silent(printer), async {
        let view = client.core().token_view().await?;
        client.verify_tenant().await?;
        Ok::<_, trunkline::Error>(view)
    }))
}
