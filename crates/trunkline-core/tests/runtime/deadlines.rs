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

#[tokio::test]
async fn all_requests_of_a_client_end_at_its_end() {
    let rig = rig_with(vec![answer(200, "{}"), answer(200, "{}")], |builder| {
        builder.with_attempt_timeout(seconds(100))
    });
    let client = rig.client.ending_at(seconds(10)).ending_at(seconds(60));
    client.request::<Value>(Operation::get(LIST)).send().await.unwrap();
    assert_eq!(rig.service.request(0).timeout, Some(seconds(10)));
    rig.clock.advance(seconds(6));
    let own = client.request::<Value>(Operation::get(LIST)).with_timeout(seconds(50));
    own.send().await.unwrap();
    assert_eq!(rig.service.request(1).timeout, Some(seconds(4)));
    rig.clock.advance(seconds(6));
    for client in [client.clone(), client.gathering_reads()] {
        let error = client.request::<Value>(Operation::get(LIST)).send().await.unwrap_err();
        assert!(error.is_timeout() && !error.may_have_reached_service(), "{error}");
    }
    assert_eq!(rig.service.sent(), 2);
}

#[tokio::test]
async fn an_end_takes_nothing_from_the_retry_policy_and_adds_nothing_to_it() {
    // Longer than the policy waits, although there would be time.
    let rig = rig(vec![with(answer(503, ""), "retry-after", "400")]);
    let client = rig.client.ending_at(seconds(1000));
    let error = client.request::<Value>(Operation::get(LIST)).send().await.unwrap_err();
    assert_eq!(error.retry_advice(), RetryAdvice::After(seconds(400)));
    // Longer than there is time for, although the policy would wait.
    let rig = rig_with(vec![with(answer(503, ""), "retry-after", "20")], |builder| builder);
    let client = rig.client.ending_at(seconds(10));
    let error = client.request::<Value>(Operation::get(LIST)).send().await.unwrap_err();
    assert_eq!(error.retry_advice(), RetryAdvice::After(seconds(20)));
    assert!(rig.clock.waits().is_empty());
}

/// A service that never answers.
struct Silence;

impl transport::Transport for Silence {
    fn send(
        &self,
        _: transport::HttpRequest,
    ) -> clock::BoxFuture<'_, Result<transport::HttpResponse, transport::TransportError>> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test(start_paused = true)]
async fn a_reading_among_others_ends_as_well() {
    let client = Client::builder()
        .with_transport(std::sync::Arc::new(Silence))
        .build()
        .unwrap();
    let client = client.gathering_reads();
    let client = client.ending_at(client.clock().elapsed() + seconds(3));
    let read = client.request::<Value>(Operation::get(LIST)).send();
    let error = tokio::time::timeout(seconds(60), read)
        .await
        .expect("it ends")
        .unwrap_err();
    assert!(error.is_timeout(), "{error}");
}
