use std::sync::{Arc, Mutex};

use base64::Engine;
use serde_json::Value;
use trunkline_core::clock::Timestamp;
use trunkline_core::token::{OwnedTokenRequest, TokenCallback};
use trunkline_core::*;

use crate::scripted::*;

const CLAIMS: &str = r#"{"access_token":{"acrs":{"essential":true,"value":"cp1"}}}"#;

fn challenge() -> Act {
    let claims = base64::engine::general_purpose::STANDARD.encode(CLAIMS);
    let value = format!(r#"Bearer realm="", error="insufficient_claims", claims="{claims}""#);
    with(
        answer(401, r#"{"error":{"code":"InvalidAuthenticationToken"}}"#),
        "www-authenticate",
        &value,
    )
}

/// A client whose tokens are numbered, and what was asked for.
fn numbered(acts: Vec<Act>) -> (Rig, Arc<Mutex<Vec<OwnedTokenRequest>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = asked.clone();
    let rig = rig_with(acts, |builder| {
        builder.with_token_source(TokenCallback::new(move |request| {
            let mut log = log.lock().unwrap();
            log.push(request);
            let token = AccessToken::new(format!("token-{}", log.len()), Timestamp::MAX);
            std::future::ready(Ok(token))
        }))
    });
    (rig, asked)
}

#[tokio::test]
async fn a_challenge_is_answered_once_with_its_claims() {
    let (rig, asked) = numbered(vec![challenge(), answer(202, "")]);
    rig.client.request::<()>(assign()).send().await.unwrap();
    let asked = asked.lock().unwrap();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[0].scopes, ["https://graph.microsoft.com/.default"]);
    assert_eq!((asked[1].claims.as_deref(), asked[1].fresh), (Some(CLAIMS), true));
    assert_eq!(
        rig.service.header(0, "authorization").as_deref(),
        Some("Bearer token-1")
    );
    assert_eq!(
        rig.service.header(1, "authorization").as_deref(),
        Some("Bearer token-2")
    );
}

#[tokio::test]
async fn a_second_challenge_is_the_callers() {
    let (rig, _) = numbered(vec![challenge(), challenge()]);
    let error = rig
        .client
        .request::<Value>(Operation::get(LIST))
        .send()
        .await
        .unwrap_err();
    assert!(error.is_authentication());
    assert_eq!(error.claims(), Some(CLAIMS));
    assert_eq!(rig.service.sent(), 2);
}

#[tokio::test]
async fn a_malformed_challenge_is_no_loop() {
    let bad = with(
        answer(401, ""),
        "www-authenticate",
        r#"Bearer error="insufficient_claims", claims="!!""#,
    );
    let (rig, asked) = numbered(vec![bad]);
    let error = rig
        .client
        .request::<Value>(Operation::get(LIST))
        .send()
        .await
        .unwrap_err();
    assert!(error.is_authentication());
    assert_eq!((rig.service.sent(), asked.lock().unwrap().len()), (1, 1));
}

#[tokio::test]
async fn a_plain_401_gets_one_fresh_token() {
    let (rig, asked) = numbered(vec![answer(401, ""), answer(200, "{}")]);
    rig.client.request::<Value>(Operation::get(LIST)).send().await.unwrap();
    assert!(asked.lock().unwrap()[1].fresh);
    let (rig, asked) = numbered(vec![answer(401, ""), answer(401, "")]);
    let error = rig
        .client
        .request::<Value>(Operation::get(LIST))
        .send()
        .await
        .unwrap_err();
    assert!(error.is_authentication());
    assert_eq!((rig.service.sent(), asked.lock().unwrap().len()), (2, 2));
}

#[tokio::test]
async fn the_same_token_is_not_sent_twice() {
    let rig = rig(vec![answer(401, "")]);
    assert!(
        rig.client
            .request::<Value>(Operation::get(LIST))
            .send()
            .await
            .unwrap_err()
            .is_authentication()
    );
    assert_eq!(rig.service.sent(), 1);
}

#[tokio::test]
async fn a_credential_that_fails_keeps_its_kind_and_its_words() {
    let rig = rig_with(vec![], |builder| {
        builder.with_token_source(TokenCallback::new(|_| {
            std::future::ready(Err(Error::new(
                ErrorKind::Connection,
                "the authority cannot be reached",
            )))
        }))
    });
    let error = rig
        .client
        .request::<Value>(Operation::get(LIST))
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert_eq!(
        error.message(),
        "no token was obtained: the authority cannot be reached"
    );
    assert_eq!(error.attempts(), 0);
}
