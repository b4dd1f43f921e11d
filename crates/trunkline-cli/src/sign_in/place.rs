//! The operations of every place.

use trunkline::Secret;
use trunkline::credential::TokenOwner;

use super::entry::{Item, SignIn};
use super::unusable::Unusable;
use super::{file, keyring};
use crate::arguments::StoreName;

/// A place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place(pub(crate) StoreName);

/// A secret of a sign-in in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeptSignIn {
    pub(crate) place: Place,
    pub(crate) sign_in: SignIn,
}

/// The result of looking for a sign-in everywhere.
#[derive(Debug, Default)]
pub(crate) struct Removal {
    /// Whether there was one.
    pub(crate) is_removed: bool,
    /// The reason why it is not known whether the keyring has one.
    pub(crate) unknown: Option<Unusable>,
}

impl Place {
    /// The text that is kept; `None` when there is none.
    pub(crate) fn load(self, of: &SignIn) -> Result<Option<Secret>, Unusable> {
        match self.0 {
            StoreName::Keyring => keyring::load(of),
            StoreName::File => file::load(of),
        }
    }

    /// Keeps a text in place of an earlier one.
    pub(crate) fn save(self, of: &SignIn, text: &Secret) -> Result<(), Unusable> {
        match self.0 {
            StoreName::Keyring => keyring::save(of, text),
            StoreName::File => file::save(of, text),
        }
    }

    /// Removes the text, and says whether there was one.
    pub(crate) fn forget(self, of: &SignIn) -> Result<bool, Unusable> {
        match self.0 {
            StoreName::Keyring => keyring::forget(of),
            StoreName::File => file::forget(of),
        }
    }

    /// Removes everything of an owner that is not `in_use`, and says whether there was something.
    pub(crate) fn forget_all(self, owner: &TokenOwner, in_use: &[KeptSignIn]) -> Result<bool, Unusable> {
        let mut found = false;
        for item in Item::ALL {
            let owner = owner.clone();
            let sign_in = SignIn { owner, item };
            let is_in_use = |other: &KeptSignIn| other.place == self && other.sign_in == sign_in;
            if !in_use.iter().any(is_in_use) {
                found |= self.forget(&sign_in)?;
            }
        }
        Ok(found)
    }

    /// The same for wherever it may be, for a profile that does not say where.
    ///
    /// # Errors
    ///
    /// When the files cannot be used. A keyring that cannot be used is part of the result.
    pub(crate) fn forget_everywhere(owner: &TokenOwner, in_use: &[KeptSignIn]) -> Result<Removal, Unusable> {
        let in_file = Self(StoreName::File).forget_all(owner, in_use)?;
        let in_keyring = Self(StoreName::Keyring).forget_all(owner, in_use);
        Ok(Removal {
            is_removed: in_file | *in_keyring.as_ref().unwrap_or(&false),
            unknown: in_keyring.err().filter(|reason| !reason.is_absent),
        })
    }

    /// Where it is, in words.
    pub(crate) fn described(self, of: &SignIn) -> String {
        match self.0 {
            StoreName::Keyring => format!("the keyring of this system ({})", keyring::NAME),
            StoreName::File => match file::path(of) {
                Ok(path) => path.display().to_string(),
                Err(_) => "a file".to_owned(),
            },
        }
    }
}
