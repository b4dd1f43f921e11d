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

    /// Removes everything of an owner, and says whether there was something.
    pub(crate) fn forget_all(self, owner: &TokenOwner) -> Result<bool, Unusable> {
        let mut found = false;
        for item in Item::ALL {
            let owner = owner.clone();
            found |= self.forget(&SignIn { owner, item })?;
        }
        Ok(found)
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
