//! `trunkline login`: signs in, shows who it is, and remembers how in a profile.

mod draft;
mod secret;

use trunkline::{Client, Credential, Secret, TokenView};

use super::{Report, block_on, identity};
use crate::arguments::{CredentialName, Login, StoreName, name_of};
use crate::connection::Connection;
use crate::credentials::{Asking, application, certificate, credential, forget_unused, item, kept_by};
use crate::document::Document;
use crate::failure::Failure;
use crate::interrupt::unless_interrupted;
use crate::printer::Printer;
use crate::profiles::{Edit, Key, ProfileFile};
use crate::progress::Reporter;
use crate::settings::Settings;
use crate::sign_in::{Anew, Item, KeptSignIn, Place, SignIn};
use draft::Draft;

pub(super) fn run(login: &Login, given: &Settings<'_>, printer: Printer) -> Result<Report, Failure> {
    let file = ProfileFile::read()?;
    let draft = Draft::new(login, given, &file)?;
    let settings = given.with_profile(Some(draft.profile.clone()));
    let keeping = match item(draft.credential) {
        Some(item) => Some(Keeping::new(login, &settings, item, printer)?),
        None => None,
    };
    let view = match (draft.credential, &keeping) {
        (CredentialName::DeviceCode, Some(keeping)) => device_code(&settings, &keeping.new, printer)?,
        (CredentialName::ClientSecret, Some(keeping)) => client_secret(&settings, &keeping.new, printer)?,
        (CredentialName::Certificate, _) => check(&settings, certificate(&settings)?, printer)?,
        _ => check(&settings, credential(&settings, printer, Asking::Never)?, printer)?,
    };
    let file = match remember(&draft, keeping.as_ref(), &file) {
        Ok(file) => file,
        Err(failure) => {
            if let Err(reason) = keeping.map_or(Ok(()), Keeping::restore) {
                printer.warning(&format!("the earlier sign-in could not be put back: {reason}"));
            }
            return Err(failure);
        }
    };
    for change in draft.changes() {
        printer.note(&change);
    }
    if let Some(former) = &draft.former {
        // The new sign-in is good, whatever happens to the one that it replaces.
        if let Err(failure) = forget_unused(former, file.all()) {
            printer.warning(&format!(
                "the earlier sign-in of this profile could not be removed: {failure}"
            ));
        }
    }
    let name = &draft.profile.name;
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

/// Writes the profile of a sign-in that has succeeded.
fn remember(draft: &Draft, keeping: Option<&Keeping>, file: &ProfileFile) -> Result<ProfileFile, Failure> {
    let name = &draft.profile.name;
    let mut edits = draft.edits();
    let store = keeping.map(|keeping| name_of(keeping.new.place.0));
    edits.push(match &store {
        Some(store) => Edit::Set(name, Key::Store, store),
        None => Edit::Unset(name, Key::Store),
    });
    edits.push(Edit::Use(name));
    file.change(&edits)
}

/// The place that will keep the sign-in, and the text that it has from an earlier one.
struct Keeping {
    new: KeptSignIn,
    earlier: Option<Secret>,
}

impl Keeping {
    /// Chooses the place, and checks it before anybody has to sign in.
    fn new(login: &Login, settings: &Settings<'_>, item: Item, printer: Printer) -> Result<Self, Failure> {
        // It says which of the two is missing; from here on the profile has both.
        application(settings, "signing in")?;
        let owner = settings.profile().and_then(kept_by);
        let owner = owner.ok_or_else(|| Failure::Unexpected("the sign-in has no owner".to_owned()))?;
        let sign_in = SignIn { owner, item };
        let in_place = |store| -> Result<_, _> {
            let place = Place(store);
            place.load(&sign_in).map(|earlier| (place, earlier))
        };
        let (place, earlier) = match login.store.or_else(|| settings.store()) {
            Some(store) => in_place(store)?,
            None => match in_place(StoreName::Keyring) {
                Ok(found) => found,
                Err(reason) => {
                    printer.note(&format!(
                        "{}. The sign-in is kept in a file that only you can read: {}",
                        reason.what(),
                        Place(StoreName::File).described(&sign_in)
                    ));
                    in_place(StoreName::File)?
                }
            },
        };
        let new = KeptSignIn { place, sign_in };
        Ok(Self { new, earlier })
    }

    /// Puts the earlier sign-in back.
    fn restore(self) -> Result<(), Failure> {
        let KeptSignIn { place, sign_in } = self.new;
        match &self.earlier {
            Some(earlier) => place.save(&sign_in, earlier)?,
            None => drop(place.forget(&sign_in)?),
        }
        Ok(())
    }
}

fn device_code(settings: &Settings<'_>, new: &KeptSignIn, printer: Printer) -> Result<Option<TokenView>, Failure> {
    let (tenant, client) = application(settings, "the device code")?;
    let tokens = Anew::default();
    let credential = Credential::device_code(tenant, client, move |prompt| {
        printer.prompt(&prompt.message);
    });
    let view = check(settings, credential.with_token_store(tokens.clone()), printer)?;
    block_on(unless_interrupted(
        &Reporter::silent(printer),
        tokens.keep_in(new.place, &new.sign_in.owner),
    ))?;
    Ok(view)
}

fn client_secret(settings: &Settings<'_>, new: &KeptSignIn, printer: Printer) -> Result<Option<TokenView>, Failure> {
    let (tenant, client) = application(settings, "the client secret")?;
    let secret = secret::read(printer)?;
    let credential = Credential::client_secret(tenant, client, secret.expose().to_owned());
    let view = check(settings, credential, printer)?;
    new.place.save(&new.sign_in, &secret)?;
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
