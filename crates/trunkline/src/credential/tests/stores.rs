//! Sign-ins that a store keeps between processes. A new credential stands for a new process.

use super::devices::{Prompts, code, credential, user_token};
use super::*;
use crate::credential::{StoredTokens, TokenOwner, TokenStore};
use std::time::Duration;
use trunkline_core::error::ErrorKind;
use trunkline_core::secret::Secret;

const AUTHORITY: &str = "https://login.microsoftonline.com";

/// A store that lives as long as the test, and counts what it is asked.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Contents>>);

#[derive(Default)]
struct Contents {
    texts: HashMap<TokenOwner, Secret>,
    forgotten: usize,
    is_locked: bool,
    is_read_only: bool,
}

fn locked<T>() -> Result<T> {
    Err(Error::new(ErrorKind::Authentication, "the keyring is locked").with_next_step("Unlock it"))
}

impl TokenStore for Memory {
    fn load<'a>(&'a self, owner: &'a TokenOwner) -> BoxFuture<'a, Result<Option<StoredTokens>>> {
        let contents = self.0.lock().unwrap();
        let found = match contents.texts.get(owner) {
            _ if contents.is_locked => locked(),
            Some(text) => StoredTokens::from_text(text.expose(), owner),
            None => Ok(None),
        };
        Box::pin(std::future::ready(found))
    }

    fn save<'a>(&'a self, owner: &'a TokenOwner, tokens: &'a StoredTokens) -> BoxFuture<'a, Result<()>> {
        let mut contents = self.0.lock().unwrap();
        if contents.is_read_only {
            return Box::pin(std::future::ready(locked()));
        }
        contents.texts.insert(owner.clone(), tokens.to_text(owner));
        Box::pin(std::future::ready(Ok(())))
    }

    fn forget<'a>(&'a self, owner: &'a TokenOwner) -> BoxFuture<'a, Result<()>> {
        let mut contents = self.0.lock().unwrap();
        contents.forgotten += 1;
        contents.texts.remove(owner);
        Box::pin(std::future::ready(Ok(())))
    }
}

impl Memory {
    fn set(&self, change: impl FnOnce(&mut Contents)) {
        change(&mut self.0.lock().unwrap());
    }

    fn text(&self, owner: &TokenOwner) -> Option<String> {
        let contents = self.0.lock().unwrap();
        contents.texts.get(owner).map(|text| text.expose().to_owned())
    }
}

fn owner() -> TokenOwner {
    TokenOwner::new(AUTHORITY, TENANT, CLIENT)
}

/// A new process: its own credential and client, and the store.
fn process(script: &Script, clock: &TestClock, store: &Memory) -> (Client, Prompts) {
    let (credential, prompts) = credential();
    let credential = credential.with_token_store(store.clone());
    (builder(script, clock).credential(credential).build().unwrap(), prompts)
}

fn refused() -> HttpResponse {
    refusal(
        400,
        "invalid_grant",
        700_082,
        "The refresh token has expired due to inactivity.",
    )
}

#[tokio::test]
async fn the_next_process_begins_without_the_authority_and_later_ones_renew() {
    let (clock, store) = (TestClock::default(), Memory::default());
    let script = Script::new([
        code(),
        user_token("first", "r1"),
        done(),
        done(),
        user_token("second", "r2"),
        done(),
        user_token("third", "r3"),
        done(),
    ]);
    let (client, prompts) = process(&script, &clock, &store);
    send(&client).await.unwrap();
    assert_eq!(prompts.lock().unwrap().len(), 1);

    clock.advance(Duration::from_secs(1800));
    let (client, prompts) = process(&script, &clock, &store);
    send(&client).await.unwrap();
    assert_eq!(script.header(3, "authorization").as_deref(), Some("Bearer first"));

    // The access token is near its end: the refresh token is used, and its successor stored.
    for (index, refresh, next) in [(4, "r1", "r2"), (6, "r2", "r3")] {
        clock.advance(Duration::from_secs(3600));
        let (client, _) = process(&script, &clock, &store);
        send(&client).await.unwrap();
        assert_eq!(script.form(index)["refresh_token"], refresh);
        assert!(store.text(&owner()).unwrap().contains(&format!("\"{next}\"")));
    }
    assert!(prompts.lock().unwrap().is_empty());
    script.assert_played();
}

#[tokio::test]
async fn an_access_token_that_the_service_refuses_is_renewed() {
    let (clock, store) = (TestClock::default(), Memory::default());
    let script = Script::new([
        code(),
        user_token("first", "r1"),
        done(),
        answer(401, &json!({"error": {"code": "InvalidAuthenticationToken"}})),
        user_token("second", "r2"),
        done(),
    ]);
    send(&process(&script, &clock, &store).0).await.unwrap();
    let (client, prompts) = process(&script, &clock, &store);
    send(&client).await.unwrap();
    assert_eq!(script.form(4)["refresh_token"], "r1");
    assert!(prompts.lock().unwrap().is_empty());
    script.assert_played();
}

#[tokio::test]
async fn other_owners_do_not_get_the_tokens() {
    let (clock, store) = (TestClock::default(), Memory::default());
    let script = Script::new([code(), user_token("first", "r1"), done()]);
    send(&process(&script, &clock, &store).0).await.unwrap();
    // The store of somebody who mixes up what it keeps.
    let text = store.text(&owner()).unwrap();
    for other in [
        TokenOwner::new("http://127.0.0.1:8080", TENANT, CLIENT),
        TokenOwner::new(AUTHORITY, "fabrikam.example", CLIENT),
        TokenOwner::new(AUTHORITY, TENANT, "99999999-2222-3333-4444-555555555555"),
    ] {
        assert!(StoredTokens::from_text(&text, &other).unwrap().is_none(), "{other:?}");
    }
    let endpoint = "http://127.0.0.1:8080";
    for answer in [code(), user_token("other", "r9"), done()] {
        script.then(Ok(answer));
    }
    let (credential, prompts) = credential();
    let client = builder(&script, &clock)
        .endpoint(endpoint)
        .credential(credential.with_token_store(store.clone()))
        .build()
        .unwrap();
    send(&client).await.unwrap();
    assert_eq!(prompts.lock().unwrap().len(), 1);
    assert!(store.text(&TokenOwner::new(endpoint, TENANT, CLIENT)).is_some());
    script.assert_played();
}

#[tokio::test]
async fn a_refused_refresh_token_is_forgotten_and_the_user_asked() {
    let (clock, store) = (TestClock::default(), Memory::default());
    let script = Script::new([
        code(),
        user_token("first", "r1"),
        done(),
        refused(),
        code(),
        user_token("second", "r2"),
        done(),
    ]);
    send(&process(&script, &clock, &store).0).await.unwrap();
    clock.advance(Duration::from_secs(4000));
    let (client, prompts) = process(&script, &clock, &store);
    send(&client).await.unwrap();
    assert_eq!(prompts.lock().unwrap().len(), 1);
    assert_eq!(store.0.lock().unwrap().forgotten, 1);
    assert!(store.text(&owner()).unwrap().contains("\"r2\""));
    script.assert_played();
}

#[tokio::test]
async fn a_refresh_token_stays_when_the_authority_asks_for_more_or_does_not_answer() {
    let mut wish = json!({"error": "interaction_required", "error_codes": [50_076], "suberror": "basic_action"});
    wish["claims"] = json!(r#"{"access_token":{"polids":{"essential":true,"values":["p"]}}}"#);
    let (clock, store) = (TestClock::default(), Memory::default());
    let script = Script::new([code(), user_token("first", "r1"), done(), answer(400, &wish)]);
    // Nobody is there to sign in.
    script.then(Ok(refusal(400, "invalid_request", 90_002, "Tenant not found.")));
    send(&process(&script, &clock, &store).0).await.unwrap();
    clock.advance(Duration::from_secs(4000));
    send(&process(&script, &clock, &store).0).await.unwrap_err();
    assert!(store.text(&owner()).unwrap().contains("\"r1\""));

    for _ in 0..20 {
        script.then(Ok(answer(503, &json!({"error": "temporarily_unavailable"}))));
    }
    send(&process(&script, &clock, &store).0).await.unwrap_err();
    assert!(store.text(&owner()).unwrap().contains("\"r1\""));
    assert_eq!(store.0.lock().unwrap().forgotten, 0);
}

#[tokio::test]
async fn a_refresh_token_that_another_process_saved_is_tried_before_the_user_is_asked() {
    let (clock, store) = (TestClock::default(), Memory::default());
    let script = Script::new([
        code(),
        user_token("first", "r1"),
        done(),
        refused(),
        user_token("second", "r8"),
        done(),
    ]);
    let (client, prompts) = process(&script, &clock, &store);
    send(&client).await.unwrap();
    // The client holds r1 in memory; the other process has r7.
    let newer = StoredTokens::new(Secret::new("r7")).to_text(&owner());
    store.set(|contents| {
        contents.texts.insert(owner(), newer);
    });
    clock.advance(Duration::from_secs(4000));
    send(&client).await.unwrap();
    assert_eq!(script.form(3)["refresh_token"], "r1");
    assert_eq!(script.form(4)["refresh_token"], "r7");
    assert_eq!(prompts.lock().unwrap().len(), 1);
    assert_eq!(store.0.lock().unwrap().forgotten, 0);
    script.assert_played();
}

#[tokio::test]
async fn a_store_that_cannot_be_read_does_not_sign_anybody_out() {
    let (clock, store) = (TestClock::default(), Memory::default());
    let script = Script::new([code(), user_token("first", "r1"), done()]);
    send(&process(&script, &clock, &store).0).await.unwrap();
    store.set(|contents| contents.is_locked = true);
    let (client, prompts) = process(&script, &clock, &store);
    let error = send(&client).await.unwrap_err();
    assert_eq!(
        (error.message(), error.next_step()),
        ("the keyring is locked", "Unlock it")
    );
    assert!(prompts.lock().unwrap().is_empty(), "{error}");

    // One that cannot be written leaves a token that works.
    let store = Memory::default();
    store.set(|contents| contents.is_read_only = true);
    let script = Script::new([code(), user_token("first", "r1"), done()]);
    send(&process(&script, &clock, &store).0).await.unwrap();
    script.assert_played();
}

#[test]
fn what_cannot_be_read_is_refused_without_showing_it() {
    let newer = json!({"version": 2, "owner": owner(), "refreshToken": CANARY}).to_string();
    let empty = json!({"version": 1, "owner": owner(), "refreshToken": ""}).to_string();
    for text in ["", CANARY, "[]", "{}", &newer, &empty] {
        let error = StoredTokens::from_text(text, &owner()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Authentication);
        assert!(!shown(&error).contains("canary"), "{error:?}");
    }
    let tokens = StoredTokens::new(Secret::new(CANARY));
    assert!(!format!("{tokens:?} {:?}", tokens.to_text(&owner())).contains("canary"));
}
