//! Sign-ins in files, one for each, that only their owner can read.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use trunkline::Secret;
use trunkline::mask::printable;
use trunkline_bulk::{unwritten, write_whole};

use super::entry::SignIn;
use super::unusable::Unusable;
use crate::environment;
use crate::failure::Failure;

/// The folder of the files, below the folder of this user's data or of the profiles.
const FOLDER: &str = "sign-ins";

/// The file of a sign-in. It is not in the folder of settings, which people synchronize and back up, unless that is named.
pub(super) fn path(of: &SignIn) -> Result<PathBuf, Unusable> {
    let base = environment::CONFIG
        .path()
        .or_else(|| Some(dirs::data_local_dir()?.join("trunkline")));
    let base = base.ok_or_else(|| {
        Unusable::new(
            "this system names no folder for a user's data",
            format!("Set {} to a folder", environment::CONFIG.name),
        )
    })?;
    let plain = |text: &str| -> String {
        let keep = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-');
        text.chars()
            .map(|letter| if keep(letter) { letter } else { '_' })
            .collect()
    };
    let owner = &of.owner;
    // The scheme is part of it: a secret that was kept for https is not sent by http.
    let authority = owner.authority.replacen("://", "-", 1);
    let name = format!(
        "{}_{}_{}_{}",
        plain(&owner.tenant),
        plain(&owner.client),
        plain(&authority),
        of.item.name()
    );
    Ok(base.join(FOLDER).join(name))
}

pub(super) fn load(of: &SignIn) -> Result<Option<Secret>, Unusable> {
    let path = path(of)?;
    match fs::read_to_string(&path) {
        Ok(text) => {
            private::check(&path)?;
            Ok(Some(Secret::new(text)))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unusable(&path, "cannot be read", &error)),
    }
}

pub(super) fn save(of: &SignIn, text: &Secret) -> Result<(), Unusable> {
    let path = path(of)?;
    if let Some(folder) = path.parent() {
        private::create_folder(folder).map_err(|error| unusable(folder, "cannot be made", &error))?;
    }
    // The file is made for its owner alone, and takes the place of an earlier one as a whole.
    write_whole(&path, |to| to.write_all(text.expose().as_bytes()).map_err(unwritten)).map_err(|error| {
        let shown = path.display().to_string();
        Unusable::new(
            format!("the sign-in cannot be kept in {}: {}", printable(&shown), error.what()),
            "Make the folder writable and sign in again",
        )
    })
}

pub(super) fn forget(of: &SignIn) -> Result<bool, Unusable> {
    let path = path(of)?;
    match fs::remove_file(&path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(unusable(&path, "cannot be removed", &error)),
    }
}

/// Makes a folder that only its owner can read, if there is none.
pub(crate) fn private_folder(folder: &Path) -> Result<(), Failure> {
    Ok(private::create_folder(folder).map_err(|error| unusable(folder, "cannot be made", &error))?)
}

fn unusable(path: &Path, what: &str, error: &std::io::Error) -> Unusable {
    let shown = path.display().to_string();
    Unusable::new(
        format!("{} {what}: {error}", printable(&shown)),
        format!(
            "Correct its rights, or set {} to another folder",
            environment::CONFIG.name
        ),
    )
}

#[cfg(unix)]
mod private {
    use std::fs::DirBuilder;
    use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
    use std::path::Path;

    use super::Unusable;
    use trunkline::mask::printable;

    pub(super) fn create_folder(path: &Path) -> std::io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(path)
    }

    /// Refuses a file that others can read: what is in it may be known to them.
    pub(super) fn check(path: &Path) -> Result<(), Unusable> {
        let is_private = path.metadata().is_ok_and(|file| file.mode() & 0o077 == 0);
        if is_private {
            return Ok(());
        }
        let shown = path.display().to_string();
        Err(Unusable::new(
            format!("{} can be read by others", printable(&shown)),
            "Others may have read it: run `trunkline logout`, have the sign-ins revoked, and sign in again; or, if nobody \
             did, run chmod 600 on it",
        ))
    }
}

/// On Windows, what lies in the folder of a user's data is that user's alone, by the rights that the folder passes on.
#[cfg(not(unix))]
mod private {
    use std::path::Path;

    use super::Unusable;

    pub(super) fn create_folder(path: &Path) -> std::io::Result<()> {
        std::fs::create_dir_all(path)
    }

    #[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
    pub(super) fn check(_: &Path) -> Result<(), Unusable> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use trunkline::credential::TokenOwner;

    use super::super::entry::Item;
    use super::*;

    #[test]
    fn each_owner_has_a_file() {
        let name = |authority: &str, tenant: &str, client: &str, item: Item| {
            let owner = TokenOwner::new(authority, tenant, client);
            let path = path(&SignIn { owner, item }).expect("a folder");
            path.file_name().expect("a name").to_string_lossy().into_owned()
        };
        let names = [
            name("https://authority.example", "contoso.example", "app", Item::Tokens),
            name("http://authority.example", "contoso.example", "app", Item::Tokens),
            name("https://authority.example:8443", "contoso.example", "app", Item::Tokens),
            name("https://authority.example", "fabrikam.example", "app", Item::Tokens),
            name("https://authority.example", "contoso.example", "other", Item::Tokens),
            name(
                "https://authority.example",
                "contoso.example",
                "app",
                Item::ClientSecret,
            ),
        ];
        let unique: std::collections::BTreeSet<&String> = names.iter().collect();
        assert_eq!(unique.len(), names.len(), "{names:?}");
    }
}
