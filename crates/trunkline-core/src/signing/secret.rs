//! Text that must never be shown, and access tokens.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use crate::clock::Timestamp;

/// Text that neither `Debug`, nor logs, nor errors show. Overwritten in memory when dropped.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Hides `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The text itself. Whoever calls this answers for where it goes.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(***)")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

/// A bearer token and when it ends.
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// The token.
    pub secret: Secret,
    /// When it is no longer accepted.
    pub expires_on: Timestamp,
}

impl AccessToken {
    /// A token that ends at `expires_on`.
    pub fn new(secret: impl Into<String>, expires_on: Timestamp) -> Self {
        Self {
            secret: Secret::new(secret),
            expires_on,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_shows_the_text() {
        let token = AccessToken::new("canary-7f3a", Timestamp::UNIX_EPOCH);
        assert!(!format!("{token:?} {:?} {}", token.secret, token.secret).contains("canary"));
        assert_eq!(token.secret.expose(), "canary-7f3a");
    }
}
