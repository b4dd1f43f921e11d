//! The places as stores of the device code credential.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use trunkline::credential::{StoredTokens, TokenOwner, TokenStore};
use trunkline::{BoxFuture, Error, ErrorKind, Result};

use super::entry::{Item, SignIn};
use super::place::Place;
use super::unusable::Unusable;

/// The tokens of a place.
pub(crate) struct PlaceTokens {
    pub(crate) place: Place,
    /// The error when there are none and nobody may be asked to sign in.
    pub(crate) when_absent: Option<Error>,
}

/// The same for `login`: it ignores the sign-in that a place keeps, and holds the new one until the place may have it.
#[derive(Clone, Default)]
pub(crate) struct Anew(Arc<Mutex<Option<StoredTokens>>>);

impl Anew {
    /// Puts the new sign-in into a place, instead of an earlier one.
    pub(crate) async fn keep_in(&self, place: Place, owner: &TokenOwner) -> Result<()> {
        let tokens = self.held().clone();
        match tokens {
            Some(tokens) => save(place, owner, &tokens).await,
            None => Err(
                Error::new(ErrorKind::Authentication, "the authority gave no refresh token to keep")
                    .with_next_step("Let the application have the permission offline_access, and sign in again"),
            ),
        }
    }

    fn held(&self) -> MutexGuard<'_, Option<StoredTokens>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TokenStore for PlaceTokens {
    fn load<'a>(&'a self, owner: &'a TokenOwner) -> BoxFuture<'a, Result<Option<StoredTokens>>> {
        Box::pin(async move {
            match (load(self.place, owner).await?, &self.when_absent) {
                (None, Some(error)) => Err(error.clone()),
                (tokens, _) => Ok(tokens),
            }
        })
    }

    fn save<'a>(&'a self, owner: &'a TokenOwner, tokens: &'a StoredTokens) -> BoxFuture<'a, Result<()>> {
        Box::pin(save(self.place, owner, tokens))
    }

    fn forget<'a>(&'a self, owner: &'a TokenOwner) -> BoxFuture<'a, Result<()>> {
        Box::pin(forget(self.place, owner))
    }
}

impl TokenStore for Anew {
    fn load<'a>(&'a self, _: &'a TokenOwner) -> BoxFuture<'a, Result<Option<StoredTokens>>> {
        Box::pin(std::future::ready(Ok(None)))
    }

    fn save<'a>(&'a self, _: &'a TokenOwner, tokens: &'a StoredTokens) -> BoxFuture<'a, Result<()>> {
        *self.held() = Some(tokens.clone());
        Box::pin(std::future::ready(Ok(())))
    }

    fn forget<'a>(&'a self, _: &'a TokenOwner) -> BoxFuture<'a, Result<()>> {
        *self.held() = None;
        Box::pin(std::future::ready(Ok(())))
    }
}

async fn load(place: Place, owner: &TokenOwner) -> Result<Option<StoredTokens>> {
    match on_thread(place, owner, Place::load).await? {
        Some(text) => StoredTokens::from_text(text.expose(), owner)
            .map_err(|error| error.with_next_step("Run `trunkline login` to sign in again")),
        None => Ok(None),
    }
}

async fn save(place: Place, owner: &TokenOwner, tokens: &StoredTokens) -> Result<()> {
    let text = tokens.to_text(owner);
    let outcome = on_thread(place, owner, move |place, of| match place.save(of, &text) {
        Err(error) if error.is_too_long => Ok(Err(error)),
        other => other.map(Ok),
    });
    match outcome.await? {
        Ok(()) => Ok(()),
        // The access token only saves a request.
        Err(_) => {
            let text = StoredTokens::new(tokens.refresh.clone()).to_text(owner);
            on_thread(place, owner, move |place, of| place.save(of, &text)).await
        }
    }
}

async fn forget(place: Place, owner: &TokenOwner) -> Result<()> {
    on_thread(place, owner, Place::forget).await.map(drop)
}

/// Asks a place on a thread of its own: a keyring can show a dialog and wait for the person, and Ctrl-C has to work meanwhile.
async fn on_thread<T: Send + 'static>(
    place: Place,
    owner: &TokenOwner,
    work: impl FnOnce(Place, &SignIn) -> Result<T, Unusable> + Send + 'static,
) -> Result<T> {
    let of = SignIn {
        owner: owner.clone(),
        item: Item::Tokens,
    };
    let (send, receive) = tokio::sync::oneshot::channel();
    let thread = std::thread::Builder::new().name("sign-in".to_owned());
    let started = thread.spawn(move || {
        // Nobody listens after Ctrl-C.
        let _ = send.send(work(place, &of));
    });
    let failed = |what: &str| trunkline::Error::new(ErrorKind::Authentication, format!("the kept sign-in {what}"));
    started.map_err(|error| failed("cannot be read: the system starts no thread").with_source(error))?;
    match receive.await {
        Ok(outcome) => outcome.map_err(Unusable::into_error),
        Err(_) => Err(failed("cannot be read")),
    }
}
