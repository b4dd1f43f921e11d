//! Sign-ins in the keyring of the system: the keychain of macOS, the credential manager of Windows. Linux has none that every
//! system has; docs/decisions/234-where-a-sign-in-is-kept.md says more. The keyring is looked at on first use.

use std::sync::OnceLock;

use keyring_core::{Entry, Error};
use trunkline::Secret;

use super::entry::SignIn;
use super::unusable::Unusable;

/// The keyring in the system's words.
pub(super) const NAME: &str = if cfg!(target_os = "macos") {
    "Keychain"
} else if cfg!(windows) {
    "Windows Credential Manager"
} else {
    "none"
};

/// The service under which entries stand.
const SERVICE: &str = "trunkline";

const OTHER_STORE: &str = "Run `trunkline login --store file` to keep the sign-in in a file that only you can read";

pub(super) fn load(of: &SignIn) -> Result<Option<Secret>, Unusable> {
    match entry(of)?.get_secret() {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(Secret::new(text))),
            Err(_) => Err(Unusable::new(
                "the entry of the keyring cannot be read",
                "Run `trunkline logout`, and sign in again",
            )),
        },
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(unusable(&error)),
    }
}

pub(super) fn save(of: &SignIn, text: &Secret) -> Result<(), Unusable> {
    entry(of)?
        .set_secret(text.expose().as_bytes())
        .map_err(|error| unusable(&error))
}

pub(super) fn forget(of: &SignIn) -> Result<bool, Unusable> {
    match entry(of)?.delete_credential() {
        Ok(()) => Ok(true),
        Err(Error::NoEntry) => Ok(false),
        Err(error) => Err(unusable(&error)),
    }
}

fn entry(of: &SignIn) -> Result<Entry, Unusable> {
    static OPENED: OnceLock<Result<(), Error>> = OnceLock::new();
    if let Err(error) = OPENED.get_or_init(open) {
        return Err(unopened(error));
    }
    let owner = &of.owner;
    let user = format!(
        "{} {} {} {}",
        of.item.name(),
        owner.authority,
        owner.tenant,
        owner.client
    );
    Entry::new(SERVICE, &user).map_err(|error| unusable(&error))
}

#[cfg(target_os = "macos")]
fn open() -> keyring_core::Result<()> {
    keyring_core::set_default_store(apple_native_keyring_store::keychain::Store::new()?);
    Ok(())
}

#[cfg(windows)]
fn open() -> keyring_core::Result<()> {
    keyring_core::set_default_store(windows_native_keyring_store::Store::new()?);
    Ok(())
}

#[cfg(all(not(any(target_os = "macos", windows)), not(test)))]
fn open() -> keyring_core::Result<()> {
    let reason = "trunkline knows the keychain of macOS and the credential manager of Windows";
    Err(Error::NotSupportedByStore(reason.to_owned()))
}

/// Tests have a keyring in memory.
#[cfg(all(not(any(target_os = "macos", windows)), test))]
fn open() -> keyring_core::Result<()> {
    keyring_core::set_default_store(keyring_core::mock::Store::new()?);
    Ok(())
}

/// The message of a keyring that cannot be opened.
fn unopened(error: &Error) -> Unusable {
    match error {
        Error::NotSupportedByStore(reason) => Unusable {
            is_absent: true,
            ..Unusable::new(format!("there is no keyring: {reason}"), OTHER_STORE)
        },
        other => Unusable::new(format!("the keyring cannot be opened: {other}"), OTHER_STORE),
    }
}

/// The message of an error of a keyring. Some of these hold the bytes of the entry; they are not shown.
fn unusable(error: &Error) -> Unusable {
    let (message, next_step) = match error {
        Error::NoStorageAccess(reason) => (
            format!("the keyring is locked or cannot be used: {reason}"),
            format!("Unlock it and run the command again. {OTHER_STORE}"),
        ),
        Error::PlatformFailure(reason) => (format!("the keyring failed: {reason}"), OTHER_STORE.to_owned()),
        Error::TooLong(_, limit) => (
            format!("the keyring takes at most {limit} bytes, and the sign-in is longer"),
            OTHER_STORE.to_owned(),
        ),
        Error::Ambiguous(_) => (
            "the keyring has several entries for this sign-in".to_owned(),
            format!("Remove those of '{SERVICE}' in {NAME}, and sign in again"),
        ),
        _ => ("the keyring cannot be used".to_owned(), OTHER_STORE.to_owned()),
    };
    Unusable {
        is_too_long: matches!(error, Error::TooLong(..)),
        ..Unusable::new(message, next_step)
    }
}

#[cfg(all(test, not(any(target_os = "macos", windows))))]
mod tests {
    use trunkline::credential::TokenOwner;

    use super::super::entry::Item;
    use super::super::place::Place;
    use super::*;

    /// Has the next use of an entry fail as that of a locked keyring does.
    fn lock(of: &SignIn) {
        let entry = entry(of).expect("an entry");
        let inner: &keyring_core::mock::Cred = entry.as_any().downcast_ref().expect("an entry of the mock");
        inner.set_error(Error::NoStorageAccess("the collection is locked".into()));
    }

    fn sign_in(tenant: &str) -> SignIn {
        SignIn {
            owner: TokenOwner::new("https://login.microsoftonline.com", tenant, "app"),
            item: Item::Tokens,
        }
    }

    #[test]
    fn each_owner_has_an_entry() {
        let (ours, theirs) = (sign_in("contoso.example"), sign_in("fabrikam.example"));
        assert!(load(&ours).expect("a keyring").is_none());
        save(&ours, &Secret::new("canary")).expect("a keyring");
        let loaded = load(&ours).expect("a keyring").expect("an entry");
        assert_eq!(loaded.expose(), "canary");
        assert!(load(&theirs).expect("a keyring").is_none());
        assert!(forget(&ours).expect("a keyring"));
        assert!(!forget(&ours).expect("a keyring"));
    }

    #[test]
    fn a_locked_keyring_says_what_to_do_and_keeps_what_it_has() {
        let own = sign_in("locked.example");
        save(&own, &Secret::new("canary")).expect("a keyring");
        lock(&own);
        let refused = load(&own).expect_err("it is locked");
        assert!(refused.message.contains("locked"), "{refused:?}");
        assert!(refused.next_step.contains("--store file"), "{refused:?}");
        lock(&own);
        save(&own, &Secret::new("other")).expect_err("it is locked");
        lock(&own);
        forget(&own).expect_err("it is locked");
        assert_eq!(load(&own).expect("a keyring").expect("an entry").expose(), "canary");
    }

    #[test]
    fn a_keyring_that_was_not_looked_into_is_no_keyring_without_a_sign_in() {
        let own = sign_in("nowhere.example");
        let removal = Place::forget_everywhere(&own.owner, &[]).expect("no file");
        assert!(!removal.is_removed && removal.unknown.is_none());
        lock(&own);
        let removal = Place::forget_everywhere(&own.owner, &[]).expect("no file");
        let reason = removal.unknown.expect("it is locked");
        assert!(!removal.is_removed && reason.what().contains("locked"), "{reason:?}");
        // A system without a keyring keeps nothing in one.
        assert!(unopened(&Error::NotSupportedByStore("none here".to_owned())).is_absent);
        assert!(!unopened(&Error::NoStorageAccess("locked".into())).is_absent);
    }

    #[test]
    fn errors_show_no_bytes_of_an_entry() {
        for error in [
            Error::BadEncoding(b"canary".to_vec()),
            Error::BadDataFormat(b"canary".to_vec(), "canary".into()),
            Error::TooLong("secret".to_owned(), 2560),
        ] {
            let shown = format!("{:?}", unusable(&error));
            assert!(!shown.contains("canary") && shown.contains("--store file"), "{shown}");
        }
    }
}
