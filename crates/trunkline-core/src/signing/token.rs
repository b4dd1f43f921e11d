//! Sources of tokens, and the cache that shares a token until shortly before it expires.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use http::HeaderValue;

use crate::clock::{BoxFuture, Clock, Timestamp, later, until};
use crate::error::{Error, ErrorKind, Result};
use crate::signing::challenge;
use crate::signing::secret::{AccessToken, Secret};
use crate::signing::token_view::TokenView;

/// Time before its expiry at which a token is replaced.
const MARGIN: Duration = Duration::from_secs(5 * 60);

/// The token that a client needs.
#[derive(Debug, Clone, Copy)]
pub struct TokenRequest<'a> {
    /// The scopes, usually the service's root with `/.default`.
    pub scopes: &'a [String],
    /// Claims that the service asked for, as JSON text. They must reach the authority.
    pub claims: Option<&'a str>,
    /// The tenant whose token is wanted, when the client was built for one.
    pub tenant: Option<&'a str>,
    /// Whether the token must be new, not cached, because the service has just refused one.
    pub fresh: bool,
}

/// Gets tokens. The client caches and shares tokens; a source asks the authority on every call.
pub trait TokenSource: Send + Sync {
    /// Gets a token.
    ///
    /// # Errors
    ///
    /// Any error. Failures of the authority or the connection keep their kind (throttled, service, timeout, connection, a
    /// redirect, a foreign answer); the client turns all others into [`ErrorKind::Authentication`]. The error's text must not
    /// hold secrets.
    fn token<'a>(&'a self, request: TokenRequest<'a>) -> BoxFuture<'a, Result<AccessToken>>;

    /// Whether a request with claims asks a person to sign in, for instance with a device code.
    fn asks_a_person(&self) -> bool {
        false
    }

    /// Closes unused connections of the source.
    fn close(&self) {}
}

/// A fixed token: for tests, the emulator, and tools that sign in elsewhere.
#[derive(Debug, Clone)]
pub struct StaticToken(AccessToken);

impl StaticToken {
    /// Creates a source from a token. Its expiry is read from its claims; without readable claims, it does not expire.
    pub fn new(secret: impl Into<String>) -> Self {
        let secret = secret.into();
        let expires_on = TokenView::read(&secret)
            .and_then(|view| view.expires_on())
            .unwrap_or(Timestamp::MAX);
        Self(AccessToken {
            secret: Secret::new(secret),
            expires_on,
        })
    }
}

impl From<AccessToken> for StaticToken {
    fn from(token: AccessToken) -> Self {
        Self(token)
    }
}

impl TokenSource for StaticToken {
    fn token<'a>(&'a self, _request: TokenRequest<'a>) -> BoxFuture<'a, Result<AccessToken>> {
        Box::pin(std::future::ready(Ok(self.0.clone())))
    }
}

/// A request for a token that a callback may keep.
#[derive(Debug, Clone)]
pub struct OwnedTokenRequest {
    /// See [`TokenRequest::scopes`].
    pub scopes: Vec<String>,
    /// See [`TokenRequest::claims`].
    pub claims: Option<String>,
    /// See [`TokenRequest::tenant`].
    pub tenant: Option<String>,
    /// See [`TokenRequest::fresh`].
    pub fresh: bool,
}

/// A token source that calls a function.
pub struct TokenCallback<F>(F);

impl<F, R> TokenCallback<F>
where
    F: Fn(OwnedTokenRequest) -> R + Send + Sync,
    R: Future<Output = Result<AccessToken>> + Send + 'static,
{
    /// Creates a source that calls `callback` for each token.
    pub fn new(callback: F) -> Self {
        Self(callback)
    }
}

impl<F> fmt::Debug for TokenCallback<F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TokenCallback")
    }
}

impl<F, R> TokenSource for TokenCallback<F>
where
    F: Fn(OwnedTokenRequest) -> R + Send + Sync,
    R: Future<Output = Result<AccessToken>> + Send + 'static,
{
    fn token<'a>(&'a self, request: TokenRequest<'a>) -> BoxFuture<'a, Result<AccessToken>> {
        Box::pin((self.0)(OwnedTokenRequest {
            scopes: request.scopes.to_vec(),
            claims: request.claims.map(str::to_owned),
            tenant: request.tenant.map(str::to_owned),
            fresh: request.fresh,
        }))
    }
}

/// A token as the pipeline uses it.
pub(crate) struct CachedToken {
    pub(crate) secret: Secret,
    /// `Bearer …`, marked sensitive.
    pub(crate) header: HeaderValue,
    pub(crate) view: Option<TokenView>,
    expires_on: Timestamp,
    refresh_on: Timestamp,
}

impl CachedToken {
    /// The tenant of the token, if it names one.
    pub(crate) fn tenant(&self) -> Option<&str> {
        self.view.as_ref()?.tenant.as_deref()
    }
}

/// Shares one token among all requests of a client. One caller refreshes; the others wait for it, or use the old
/// token while it is valid.
pub(crate) struct TokenCache {
    source: Arc<dyn TokenSource>,
    scopes: Vec<String>,
    tenant: Option<String>,
    clock: Arc<dyn Clock>,
    current: RwLock<Option<Arc<CachedToken>>>,
    refreshing: tokio::sync::Mutex<()>,
    /// Time at which a person was last asked to sign in again on suspicion of missing claims.
    asked_a_person: Mutex<Option<Timestamp>>,
}

impl TokenCache {
    pub(crate) fn new(
        source: Arc<dyn TokenSource>,
        scopes: Vec<String>,
        tenant: Option<String>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            source,
            scopes,
            tenant,
            clock,
            current: RwLock::new(None),
            refreshing: tokio::sync::Mutex::new(()),
            asked_a_person: Mutex::default(),
        }
    }

    /// Closes connections of the source.
    pub(crate) fn close(&self) {
        self.source.close();
    }

    fn peek(&self) -> Option<Arc<CachedToken>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The token to use now.
    pub(crate) async fn get(&self) -> Result<Arc<CachedToken>> {
        let now = self.clock.now();
        let held = self.peek();
        if let Some(token) = &held
            && now < token.refresh_on
        {
            return Ok(token.clone());
        }
        let usable = held.filter(|token| now < token.expires_on);
        let _turn = match (self.refreshing.try_lock(), &usable) {
            (Ok(turn), _) => turn,
            (Err(_), Some(token)) => return Ok(token.clone()),
            (Err(_), None) => self.refreshing.lock().await,
        };
        // Another caller may have refreshed the token during the wait.
        if let Some(token) = self.peek()
            && self.clock.now() < token.refresh_on
        {
            return Ok(token);
        }
        match (self.refresh(None, false).await, usable) {
            (Ok(token), _) => Ok(token),
            // A cancelled call ends; it needs no other token.
            (Err(error), _) if error.kind() == ErrorKind::Cancelled => Err(error),
            (Err(error), Some(token)) => {
                tracing::warn!(%error, "the token could not be refreshed; the current one is used until it ends");
                Ok(token)
            }
            (Err(error), None) => Err(error),
        }
    }

    /// A token other than `refused`, which the service did not accept; with the claims it asked for, if any.
    pub(crate) async fn replace(&self, refused: &Arc<CachedToken>, claims: Option<&str>) -> Result<Arc<CachedToken>> {
        let _turn = self.refreshing.lock().await;
        if let Some(token) = self.peek()
            && !Arc::ptr_eq(&token, refused)
            && self.clock.now() < token.refresh_on
        {
            return Ok(token);
        }
        self.refresh(claims, true).await
    }

    /// A token other than `refused`, for which a person has signed in again; `None` if the source asks no person, or if
    /// one signed in recently enough.
    pub(crate) async fn sign_in_again(&self, refused: &Arc<CachedToken>) -> Result<Option<Arc<CachedToken>>> {
        if !self.source.asks_a_person() {
            return Ok(None);
        }
        let _turn = self.refreshing.lock().await;
        let now = self.clock.now();
        if let Some(token) = self.peek()
            && !Arc::ptr_eq(&token, refused)
            && now < token.refresh_on
        {
            return Ok(Some(token));
        }
        let last = self
            .asked_a_person
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .replace(now);
        if last.is_some_and(|last| now < later(last, challenge::RECENT)) {
            *self.asked_a_person.lock().unwrap_or_else(PoisonError::into_inner) = last;
            return Ok(None);
        }
        self.refresh(Some(challenge::RECENT_SIGN_IN), true).await.map(Some)
    }

    async fn refresh(&self, claims: Option<&str>, fresh: bool) -> Result<Arc<CachedToken>> {
        let request = TokenRequest {
            scopes: &self.scopes,
            claims,
            tenant: self.tenant.as_deref(),
            fresh,
        };
        let token = self.source.token(request).await.map_err(no_token)?;
        if token.secret.expose().trim().is_empty() {
            return Err(
                Error::new(ErrorKind::Authentication, "the credential returned an empty token")
                    .with_next_step("Check the credential"),
            );
        }
        let now = self.clock.now();
        if token.expires_on <= now {
            let message = "the credential returned a token that has expired";
            return Err(Error::new(ErrorKind::Authentication, message)
                .with_next_step("Sign in again, and check this computer's clock"));
        }
        let mut header = HeaderValue::from_str(&format!("Bearer {}", token.secret.expose().trim())).map_err(|_| {
            Error::new(
                ErrorKind::Authentication,
                "the credential returned a token with characters that are not valid",
            )
        })?;
        header.set_sensitive(true);
        let lifetime = until(now, token.expires_on);
        // Short-lived tokens are kept for half their life, or every request would refresh. Up to half a minute of
        // jitter, so that processes that started together do not ask the authority together.
        let jitter = Duration::from_millis(fastrand::u64(..30_000)).min(lifetime / 8);
        let keep = lifetime.saturating_sub(MARGIN).max(lifetime / 2).saturating_sub(jitter);
        let cached = Arc::new(CachedToken {
            view: TokenView::read(token.secret.expose()),
            header,
            secret: token.secret,
            expires_on: token.expires_on,
            refresh_on: later(now, keep),
        });
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(cached.clone());
        Ok(cached)
    }
}

/// The error of a missing token. A busy, failing or unreachable authority does not mean that somebody has to sign in.
fn no_token(error: Error) -> Error {
    match error.kind() {
        ErrorKind::InvalidInput | ErrorKind::Cancelled | ErrorKind::Authentication => error,
        ErrorKind::Throttled
        | ErrorKind::Service
        | ErrorKind::Timeout
        | ErrorKind::Connection
        | ErrorKind::Redirected
        | ErrorKind::UnexpectedBody => {
            let message = format!("no token was obtained: {}", error.message());
            error.with_message(message)
        }
        _ => error.with_kind(ErrorKind::Authentication),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::TestClock;
    use std::sync::atomic::{AtomicU32, Ordering};

    fn cache(clock: &TestClock, lifetime: u64, calls: Arc<AtomicU32>) -> Arc<TokenCache> {
        let time = clock.clone();
        let source = TokenCallback::new(move |request: OwnedTokenRequest| {
            let (time, calls) = (time.clone(), calls.clone());
            async move {
                let count = calls.fetch_add(1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                assert_eq!(request.fresh, request.claims.is_some());
                let expires_on = later(time.now(), Duration::from_secs(lifetime));
                Ok(AccessToken::new(format!("token-{count}"), expires_on))
            }
        });
        Arc::new(TokenCache::new(
            Arc::new(source),
            Vec::new(),
            None,
            Arc::new(clock.clone()),
        ))
    }

    #[tokio::test]
    async fn concurrent_callers_share_one_refresh() {
        let (clock, calls) = (TestClock::default(), Arc::new(AtomicU32::new(0)));
        let cache = cache(&clock, 3600, calls.clone());
        let tasks: Vec<_> = (0..50)
            .map(|_| {
                tokio::spawn({
                    let cache = cache.clone();
                    async move { cache.get().await }
                })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.unwrap().unwrap().secret.expose(), "token-0");
        }
        assert_eq!(calls.load(Ordering::SeqCst), 1);
        clock.advance(Duration::from_secs(3600 - 300 + 1));
        assert_eq!(cache.get().await.unwrap().secret.expose(), "token-1");
    }

    #[tokio::test]
    async fn a_refused_token_is_replaced_once_for_all() {
        let (clock, calls) = (TestClock::default(), Arc::new(AtomicU32::new(0)));
        let cache = cache(&clock, 3600, calls.clone());
        let refused = cache.get().await.unwrap();
        let (first, second) = tokio::join!(cache.replace(&refused, Some("{}")), cache.replace(&refused, Some("{}")));
        assert_eq!(first.unwrap().secret.expose(), "token-1");
        assert_eq!(second.unwrap().secret.expose(), "token-1");
        assert_eq!(calls.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_failed_renewal_leaves_the_token_that_is_good_unless_it_was_stopped() {
        for (kind, goes_on) in [(ErrorKind::Authentication, true), (ErrorKind::Cancelled, false)] {
            let clock = TestClock::default();
            let (time, calls) = (clock.clone(), AtomicU32::new(0));
            let source = TokenCallback::new(move |_| {
                let answer = match calls.fetch_add(1, Ordering::SeqCst) {
                    0 => Ok(AccessToken::new("first", later(time.now(), Duration::from_secs(3600)))),
                    _ => Err(Error::new(kind, "no token")),
                };
                std::future::ready(answer)
            });
            let cache = TokenCache::new(Arc::new(source), Vec::new(), None, Arc::new(clock.clone()));
            assert_eq!(cache.get().await.unwrap().secret.expose(), "first");
            clock.advance(Duration::from_secs(3500));
            let again = cache.get().await;
            assert_eq!(again.is_ok(), goes_on);
            assert_eq!(again.err().map(|error| error.kind()), (!goes_on).then_some(kind));
        }
    }

    #[tokio::test]
    async fn an_empty_token_is_never_sent() {
        let clock = TestClock::default();
        for secret in ["", "  "] {
            let source = Arc::new(StaticToken::new(secret));
            let cache = TokenCache::new(source, Vec::new(), None, Arc::new(clock.clone()));
            let error = cache.get().await.err().unwrap();
            assert_eq!(error.kind(), ErrorKind::Authentication);
            assert!(error.message().contains("empty token"), "{error}");
        }
    }

    #[tokio::test]
    async fn what_an_authority_fails_with_is_said_as_it_is() {
        for (kind, expected) in [
            (ErrorKind::Throttled, ErrorKind::Throttled),
            (ErrorKind::Service, ErrorKind::Service),
            (ErrorKind::Connection, ErrorKind::Connection),
            (ErrorKind::Timeout, ErrorKind::Timeout),
            (ErrorKind::Rejected, ErrorKind::Authentication),
            (ErrorKind::Authentication, ErrorKind::Authentication),
        ] {
            let source = TokenCallback::new(move |_| async move { Err(Error::new(kind, "it is so")) });
            let clock = TestClock::default();
            let cache = TokenCache::new(Arc::new(source), Vec::new(), None, Arc::new(clock));
            let error = cache.get().await.err().unwrap();
            assert_eq!(error.kind(), expected);
            assert_eq!(
                error.next_step().contains("Sign in again"),
                expected == ErrorKind::Authentication
            );
        }
    }

    #[tokio::test]
    async fn short_tokens_are_kept_for_half_their_life_and_ended_ones_refused() {
        let (clock, calls) = (TestClock::default(), Arc::new(AtomicU32::new(0)));
        let short = cache(&clock, 60, calls.clone());
        short.get().await.unwrap();
        clock.advance(Duration::from_secs(20));
        short.get().await.unwrap();
        assert_eq!(calls.load(Ordering::SeqCst), 1);
        let ended = cache(&clock, 0, calls);
        assert_eq!(ended.get().await.err().unwrap().kind(), ErrorKind::Authentication);
    }
}
