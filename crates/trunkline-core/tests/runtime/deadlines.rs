use serde_json::Value;
use trunkline_core::token::TokenCallback;
use trunkline_core::*;

use crate::scripted::*;

#[tokio::test]
async fn an_attempt_never_gets_more_time_than_the_caller_has() {
    let rig = rig(vec![with(answer(503, ""), "retry-after", "20"), answer(200, "{}")]);
    let request = rig
        .client
        .request::<Value>(Operation::get(LIST))
        .with_timeout(seconds(50));
    request.send().await.unwrap();
    assert_eq!(rig.service.request(0).timeout, Some(seconds(50)));
    assert!(rig.service.request(1).timeout.unwrap() <= seconds(30));
}

#[tokio::test]
async fn without_a_deadline_an_attempt_has_the_clients_time() {
    let rig = rig_with(vec![answer(200, "{}")], |builder| {
        builder.with_attempt_timeout(seconds(7))
    });
    rig.client.request::<Value>(Operation::get(LIST)).send().await.unwrap();
    assert_eq!(rig.service.request(0).timeout, Some(seconds(7)));
}

#[tokio::test]
async fn waits_beyond_the_deadline_are_not_begun() {
    let rig = rig(vec![with(answer(503, ""), "retry-after", "20")]);
    let request = rig
        .client
        .request::<Value>(Operation::get(LIST))
        .with_timeout(seconds(10));
    let error = request.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.retry_advice(), RetryAdvice::After(seconds(20)));
    assert!(rig.clock.waits().is_empty());
}

#[tokio::test]
async fn a_deadline_of_nothing_sends_nothing() {
    let rig = rig(vec![]);
    let request = rig
        .client
        .request::<Value>(Operation::get(LIST))
        .with_timeout(seconds(0));
    assert!(request.send().await.unwrap_err().is_timeout());
}

#[tokio::test(start_paused = true)]
async fn a_credential_gets_no_more_time_than_the_caller_has() {
    // The first token is there at once, its replacement never comes.
    let mut asked = 0;
    let source = std::sync::Mutex::new(move || {
        asked += 1;
        asked
    });
    let rig = rig_with(vec![answer(401, "")], |builder| {
        builder.with_token_source(TokenCallback::new(move |_| {
            let first = (source.lock().unwrap())() == 1;
            async move {
                if !first {
                    std::future::pending::<()>().await;
                }
                Ok(AccessToken::new("token", Timestamp::MAX))
            }
        }))
    });
    let request = rig.client.request::<()>(assign()).with_timeout(seconds(5));
    let error = request.send().await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(error.status().unwrap().as_u16(), 401);
    assert!(!error.may_have_reached_service());
}
