//! The secrets of a sign-in, and their names in a place.

use trunkline::credential::TokenOwner;

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SignIn {
    pub(crate) owner: TokenOwner,
    pub(crate) item: Item,
}
