//! Sign-ins that outlive a process: what is kept of one, and the trait of the places that keep it.

use std::fmt;

use serde::{Deserialize, Serialize};
use trunkline_core::clock::{BoxFuture, Timestamp};
use trunkline_core::error::{Error, ErrorKind, Result};
use trunkline_core::secret::{AccessToken, Secret};

/// Time before its end at which a kept access token is no longer used: longer than the margin at which a client renews it, so
/// that a process does not begin with a token that it has to replace at once.
const MARGIN: jiff::SignedDuration = jiff::SignedDuration::from_mins(6);

/// Version of the text that is kept.
const VERSION: u32 = 1;

/// The owner of tokens: one application in one tenant of one authority. Tokens of one owner are never shown to another.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TokenOwner {
    /// The authority's address: scheme, host and port, such as `https://login.microsoftonline.com`.
    pub authority: String,
    /// The tenant, as it was named: an id or a domain, in lower case.
    pub tenant: String,
    /// The application's id, in lower case.
    pub client: String,
}

impl TokenOwner {
    /// Creates an owner. Case and a path of the authority make no difference.
    ///
    /// ```
    /// use trunkline::credential::TokenOwner;
    ///
    /// let owner = TokenOwner::new("https://login.microsoftonline.com/", "Contoso.example", "APP");
    /// assert_eq!(owner, TokenOwner::new("https://login.microsoftonline.com", "contoso.example", "app"));
    /// ```
    #[must_use]
    pub fn new(authority: &str, tenant: &str, client: &str) -> Self {
        let origin = url::Url::parse(authority).map(|url| url.origin().ascii_serialization());
        Self {
            authority: origin.unwrap_or_else(|_| authority.to_ascii_lowercase()),
            tenant: tenant.to_ascii_lowercase(),
            client: client.to_ascii_lowercase(),
        }
    }
}

/// The tokens of one owner. `Debug` shows none of them.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct StoredTokens {
    /// The refresh token, which gets access tokens without the user.
    pub refresh: Secret,
    /// The last access token, so that the next process begins without a request to the authority.
    pub access: Option<AccessToken>,
    /// The scopes of the access token.
    pub scopes: Vec<String>,
}

/// The text that is kept.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    version: u32,
    owner: TokenOwner,
    refresh_token: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    access_token: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_on: Option<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    scopes: Vec<String>,
}

impl StoredTokens {
    /// Creates tokens without an access token.
    #[must_use]
    pub fn new(refresh: Secret) -> Self {
        Self {
            refresh,
            access: None,
            scopes: Vec::new(),
        }
    }

    /// Adds an access token and its scopes.
    #[must_use]
    pub fn with_access(mut self, access: AccessToken, scopes: &[String]) -> Self {
        self.access = Some(access);
        self.scopes = scopes.to_vec();
        self
    }

    /// The text for a store to keep. It holds the tokens: whoever reads it is signed in.
    #[must_use]
    pub fn to_text(&self, owner: &TokenOwner) -> Secret {
        let written = Written {
            version: VERSION,
            owner: owner.clone(),
            refresh_token: self.refresh.expose().to_owned(),
            access_token: self.access.as_ref().map(|token| token.secret.expose().to_owned()),
            expires_on: self.access.as_ref().map(|token| token.expires_on.as_second()),
            scopes: self.scopes.clone(),
        };
        // Strings and numbers: there is no value that cannot be written.
        Secret::new(serde_json::to_string(&written).unwrap_or_default())
    }

    /// Reads the text that [`to_text`](Self::to_text) wrote; `None` when it is another owner's.
    ///
    /// ```
    /// use trunkline::Secret;
    /// use trunkline::credential::{StoredTokens, TokenOwner};
    ///
    /// # fn main() -> trunkline::Result<()> {
    /// let owner = TokenOwner::new("https://login.microsoftonline.com", "contoso.example", "app");
    /// let text = StoredTokens::new(Secret::new("a refresh token")).to_text(&owner);
    /// assert!(StoredTokens::from_text(text.expose(), &owner)?.is_some());
    /// let other = TokenOwner::new("https://login.microsoftonline.com", "fabrikam.example", "app");
    /// assert!(StoredTokens::from_text(text.expose(), &other)?.is_none());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Authentication`] when it is no such text. The error does not quote it.
    pub fn from_text(text: &str, owner: &TokenOwner) -> Result<Option<Self>> {
        let unreadable =
            || Error::new(ErrorKind::Authentication, "the kept sign-in cannot be read").with_next_step("Sign in again");
        let written: Written = serde_json::from_str(text).map_err(|_| unreadable())?;
        if written.version != VERSION || written.refresh_token.is_empty() {
            return Err(unreadable());
        }
        if written.owner != *owner {
            return Ok(None);
        }
        let end = written
            .expires_on
            .and_then(|second| Timestamp::from_second(second).ok());
        let access = written
            .access_token
            .zip(end)
            .map(|(token, end)| AccessToken::new(token, end));
        Ok(Some(Self {
            refresh: Secret::new(written.refresh_token),
            access,
            scopes: written.scopes,
        }))
    }

    /// The access token, when it is for these scopes and lasts for a while.
    pub(super) fn usable_access(&self, scopes: &[String], now: Timestamp) -> Option<&AccessToken> {
        let access = self.access.as_ref()?;
        (self.scopes == scopes && now.duration_until(access.expires_on) > MARGIN).then_some(access)
    }
}

/// A place that keeps sign-ins between processes: a keyring, a file.
///
/// A credential calls it: [`load`](Self::load) when it needs its first token, [`save`](Self::save) after each answer of the
/// authority, which may replace the refresh token, and [`forget`](Self::forget) when the authority refuses the refresh token.
///
/// Several processes may use one store at the same time. The last one to save wins: an authority that issues a new refresh token
/// leaves earlier ones valid, so every process goes on with the one it has. Each call must be atomic: a reader finds the
/// tokens of one `save`, never a part of them.
///
/// ```
/// use std::sync::Mutex;
/// use trunkline::credential::{StoredTokens, TokenOwner, TokenStore};
/// use trunkline::{BoxFuture, Credential, Result, Secret};
///
/// /// Keeps one sign-in in memory.
/// #[derive(Default)]
/// struct Memory(Mutex<Option<(TokenOwner, Secret)>>);
///
/// impl TokenStore for Memory {
///     fn load<'a>(&'a self, owner: &'a TokenOwner) -> BoxFuture<'a, Result<Option<StoredTokens>>> {
///         Box::pin(async move {
///             match &*self.0.lock().unwrap() {
///                 Some((_, text)) => StoredTokens::from_text(text.expose(), owner),
///                 None => Ok(None),
///             }
///         })
///     }
///
///     fn save<'a>(&'a self, owner: &'a TokenOwner, tokens: &'a StoredTokens) -> BoxFuture<'a, Result<()>> {
///         Box::pin(async move {
///             *self.0.lock().unwrap() = Some((owner.clone(), tokens.to_text(owner)));
///             Ok(())
///         })
///     }
///
///     fn forget<'a>(&'a self, owner: &'a TokenOwner) -> BoxFuture<'a, Result<()>> {
///         Box::pin(async move {
///             self.0.lock().unwrap().take_if(|(own, _)| own == owner);
///             Ok(())
///         })
///     }
/// }
///
/// let credential = Credential::device_code("contoso.example", "app-id", |prompt| eprintln!("{}", prompt.message))
///     .with_token_store(Memory::default());
/// ```
pub trait TokenStore: Send + Sync {
    /// The tokens of the owner; `None` when there are none.
    ///
    /// # Errors
    ///
    /// When the store cannot be read, for instance because it is locked. The request that needs the token fails with it: a
    /// person who is signed in is not asked to sign in again.
    fn load<'a>(&'a self, owner: &'a TokenOwner) -> BoxFuture<'a, Result<Option<StoredTokens>>>;

    /// Keeps the tokens in place of earlier ones of the owner.
    ///
    /// # Errors
    ///
    /// When the store cannot be written. The credential logs it and goes on, because the token it has is good.
    fn save<'a>(&'a self, owner: &'a TokenOwner, tokens: &'a StoredTokens) -> BoxFuture<'a, Result<()>>;

    /// Removes the tokens of the owner. That there are none is no error.
    ///
    /// # Errors
    ///
    /// When the store cannot be written.
    fn forget<'a>(&'a self, owner: &'a TokenOwner) -> BoxFuture<'a, Result<()>>;
}

impl fmt::Debug for dyn TokenStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TokenStore")
    }
}
