//! What is kept of a sign-in, and the operations of every place.

use trunkline::Secret;
use trunkline::credential::TokenOwner;

use super::{file, keyring};
use crate::arguments::StoreName;
use crate::failure::Failure;

/// A secret of a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Item {
    /// Refresh token and access token.
    Tokens,
    /// The secret of an application.
    ClientSecret,
}

impl Item {
    pub(super) const ALL: [Self; 2] = [Self::Tokens, Self::ClientSecret];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Tokens => "tokens",
            Self::ClientSecret => "client-secret",
        }
    }
}

/// The name of a secret in a place.
#[derive(Debug, Clone)]
pub(crate) struct SignIn {
    pub(crate) owner: TokenOwner,
    pub(crate) item: Item,
}

/// A place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place(pub(crate) StoreName);

/// A place cannot be used.
#[derive(Debug)]
pub(crate) struct Unusable {
    /// What happened.
    pub(super) message: String,
    /// What to do.
    pub(super) next_step: String,
    /// Whether the value was too long for the place.
    pub(super) is_too_long: bool,
}

impl Unusable {
    pub(super) fn new(message: impl Into<String>, next_step: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            next_step: next_step.into(),
            is_too_long: false,
        }
    }

    /// What happened.
    pub(crate) fn what(&self) -> &str {
        &self.message
    }

    pub(super) fn into_error(self) -> trunkline::Error {
        trunkline::Error::new(trunkline::ErrorKind::Authentication, self.message).with_next_step(self.next_step)
    }
}

impl From<Unusable> for Failure {
    fn from(unusable: Unusable) -> Self {
        unusable.into_error().into()
    }
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
