//! Batches: outcomes of the requests, rounds, retries, tokens and pauses.

use std::sync::{Arc, Mutex};

use futures_util::TryStreamExt;
use serde_json::{Value, json};
use trunkline_core::clock::Timestamp;
use trunkline_core::long_running::LongRunning;
use trunkline_core::retry::RetryPolicy;
use trunkline_core::token::{OwnedTokenRequest, StaticToken, TokenCallback};
use trunkline_core::transport::HttpRequest;
use trunkline_core::*;

use crate::scripted::*;

fn requests(request: &HttpRequest) -> Vec<Value> {
    let body: Value = serde_json::from_slice(request.body.as_deref().unwrap()).unwrap();
    body["requests"].as_array().unwrap().clone()
}

fn ids(request: &HttpRequest) -> Vec<String> {
    requests(request)
        .iter()
        .map(|entry| entry["id"].as_str().unwrap().to_owned())
        .collect()
}

fn responses(entries: Vec<Value>) -> Act {
    answer(200, &json!({"responses": entries}).to_string())
}

#[tokio::test]
async fn each_request_has_its_own_type_and_outcome() {
    let rig = rig(vec![responses(vec![
        json!({"id": "2", "status": 404, "body": {"error": {"code": "itemNotFound"}}}),
        json!({"id": "1", "status": 202, "headers": {"Location": format!("{ROOT}/admin/teams/telephoneNumberManagement/operations('o')")}}),
        json!({"id": "0", "status": 200, "headers": {"request-id": "r"}, "body": {"n": 1}}),
    ])]);
    let mut batch = rig.client.batch();
    let read = batch.add(rig.client.request::<Value>(Operation::get("/users/ana")));
    let start = batch.add(rig.client.request::<LongRunning<Value>>(assign()));
    let missing = batch.add(rig.client.request::<Value>(Operation::get("/users/bo")));
    let invalid = batch.add(rig.client.request::<Value>(Operation::get("/a/../b")));
    let mut answers = batch.send().await;
    assert_eq!(answers.succeeded(), 2);
    assert_eq!(answers.errors().count(), 2);
    let read_answer = answers.take(read).unwrap();
    assert_eq!(
        (read_answer["n"].as_i64(), read_answer.request_id()),
        (Some(1), Some("r"))
    );
    assert_eq!(answers.take(start).unwrap().id(), "o");
    assert_eq!(answers.take(missing).unwrap_err().code(), Some("itemNotFound"));
    assert_eq!(answers.take(invalid).unwrap_err().kind(), ErrorKind::InvalidInput);
    assert_eq!(
        answers.take(read).unwrap_err().kind(),
        ErrorKind::InvalidInput,
        "taken already"
    );
    assert_eq!(rig.service.sent(), 1);
}

#[tokio::test]
async fn more_than_twenty_are_split_in_order() {
    let rig = rig_thinking(|request| {
        let entries = ids(request)
            .into_iter()
            .rev()
            .map(|id| json!({"id": id, "status": 200, "body": {"id": id}}));
        Some(responses(entries.collect()))
    });
    let mut batch = rig.client.batch();
    let handles: Vec<_> = (0..45)
        .map(|n| batch.add(rig.client.request::<Value>(Operation::get(format!("/users/{n}")))))
        .collect();
    let mut answers = batch.send().await;
    for (index, handle) in handles.into_iter().enumerate() {
        assert_eq!(answers.take(handle).unwrap()["id"], index.to_string());
    }
    let sizes: Vec<_> = (0..3).map(|index| ids(&rig.service.request(index)).len()).collect();
    assert_eq!(sizes, [20, 20, 5]);
}

#[tokio::test]
async fn throttled_requests_and_their_dependants_are_sent_again() {
    let rig = rig(vec![
        responses(vec![
            json!({"id": "0", "status": 429, "headers": {"Retry-After": "12"}}),
            json!({"id": "1", "status": 424}),
            json!({"id": "2", "status": 200, "body": {}}),
            json!({"id": "3", "status": 503}),
        ]),
        responses(vec![
            json!({"id": "0", "status": 200, "body": {}}),
            json!({"id": "1", "status": 204}),
        ]),
    ]);
    let mut batch = rig.client.batch();
    let first = batch.add(rig.client.request::<Value>(Operation::get("/users/0")));
    let second = batch.add(rig.client.request::<()>(update()));
    batch.depends_on(second, first).unwrap();
    assert!(batch.depends_on(first, second).is_err());
    let third = batch.add(rig.client.request::<Value>(Operation::get("/users/2")));
    let write = batch.add(rig.client.request::<()>(assign()));
    let mut answers = batch.send().await;
    assert!(answers.take(first).unwrap().attempts() == 2);
    answers.take(second).unwrap();
    answers.take(third).unwrap();
    let error = answers.take(write).unwrap_err();
    assert!(error.is_unknown_outcome(), "{error}");
    assert_eq!(error.next_step(), "Read the number with numbers.list");
    assert_eq!(error.operation(), Some("numbers.assign"));
    assert_eq!(ids(&rig.service.request(1)), ["0", "1"]);
    assert_eq!(requests(&rig.service.request(1))[1]["dependsOn"], json!(["0"]));
    assert!(rig.clock.waits().iter().sum::<std::time::Duration>() >= seconds(12));
}

#[tokio::test]
async fn a_failed_dependency_fails_its_dependants_only() {
    let rig = rig(vec![responses(vec![
        json!({"id": "0", "status": 400, "body": {"error": {"code": "bad"}}}),
        json!({"id": "1", "status": 424}),
        json!({"id": "2", "status": 200, "body": {}}),
    ])]);
    let mut batch = rig.client.batch();
    let first = batch.add(rig.client.request::<Value>(Operation::get("/users/0")));
    let second = batch.add(rig.client.request::<()>(assign()));
    batch.depends_on(second, first).unwrap();
    let third = batch.add(rig.client.request::<Value>(Operation::get("/users/2")));
    let mut answers = batch.send().await;
    assert_eq!(answers.take(first).unwrap_err().code(), Some("bad"));
    let error = answers.take(second).unwrap_err();
    assert!(!error.may_have_reached_service());
    answers.take(third).unwrap();
}

#[tokio::test]
async fn a_lost_batch_is_repeated_only_if_every_request_may_be() {
    let rig = rig(vec![
        lost(),
        responses(vec![
            json!({"id": "0", "status": 200, "body": {}}),
            json!({"id": "1", "status": 204}),
        ]),
    ]);
    let mut batch = rig.client.batch();
    let read = batch.add(rig.client.request::<Value>(Operation::get("/users/0")));
    let patch = batch.add(rig.client.request::<()>(update()));
    let mut answers = batch.send().await;
    answers.take(read).unwrap();
    answers.take(patch).unwrap();

    let rig = rig_with(vec![lost()], |builder| builder);
    let mut batch = rig.client.batch();
    let read = batch.add(rig.client.request::<Value>(Operation::get("/users/0")));
    let write = batch.add(rig.client.request::<()>(assign()));
    let mut answers = batch.send().await;
    assert_eq!(answers.take(read).unwrap_err().kind(), ErrorKind::Connection);
    let error = answers.take(write).unwrap_err();
    assert!(error.is_unknown_outcome());
    assert_eq!(
        (error.operation(), error.next_step()),
        (Some("numbers.assign"), "Read the number with numbers.list")
    );
}

#[tokio::test]
async fn answers_that_are_left_out_are_errors() {
    let rig = rig(vec![
        responses(vec![]),
        responses(vec![json!({"id": "0", "status": 200, "body": {}})]),
    ]);
    let mut batch = rig.client.batch();
    let read = batch.add(rig.client.request::<Value>(Operation::get("/users/0")));
    let write = batch.add(rig.client.request::<()>(assign()));
    let mut answers = batch.send().await;
    answers.take(read).unwrap();
    assert!(answers.take(write).unwrap_err().is_unknown_outcome());
}

#[test]
fn a_thread_sends_a_batch() {
    let rig = rig(vec![responses(vec![
        json!({"id": "0", "status": 200, "body": {"n": 1}}),
    ])]);
    let mut batch = rig.client.batch();
    let read = batch.add(rig.client.request::<Value>(Operation::get("/users/0")));
    assert_eq!(batch.send_blocking().unwrap().take(read).unwrap()["n"], 1);
}

/// A client whose tokens are numbered from 1, and the claims of each request for a token.
fn numbered(acts: Vec<Act>) -> (Rig, Arc<Mutex<Vec<Option<String>>>>) {
    let claims = Arc::new(Mutex::new(Vec::new()));
    let log = claims.clone();
    let rig = rig_with(acts, |builder| {
        builder.with_token_source(TokenCallback::new(move |request: OwnedTokenRequest| {
            let mut log = log.lock().unwrap();
            log.push(request.claims);
            let token = AccessToken::new(format!("token-{}", log.len()), Timestamp::MAX);
            std::future::ready(Ok(token))
        }))
    });
    (rig, claims)
}

#[tokio::test]
async fn requests_that_may_not_be_sent_fail_and_the_rest_of_the_batch_is_sent() {
    let application = token_of(json!({"idtyp": "app", "roles": ["User.Read.All"]}));
    let rig = rig_with(
        vec![responses(vec![json!({"id": "1", "status": 200, "body": {}})])],
        |builder| builder.with_token_source(StaticToken::new(application)),
    );
    let mut batch = rig.client.batch();
    let mine = batch.add(
        rig.client
            .request::<Value>(Operation::get("/me/authentication/methods")),
    );
    let theirs = batch.add(rig.client.request::<Value>(Operation::get("/users/ana")));
    let after_mine = batch.add(rig.client.request::<Value>(Operation::get("/users/bo")));
    batch.depends_on(after_mine, mine).unwrap();
    let mut answers = batch.send().await;
    let error = answers.take(mine).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert!(!error.may_have_reached_service() && error.target().unwrap().starts_with("/me/"));
    answers.take(theirs).unwrap();
    assert_eq!(answers.take(after_mine).unwrap_err().kind(), ErrorKind::Rejected);
    assert_eq!(ids(&rig.service.request(0)), ["1"]);

    let (ours, other) = (
        "6ad9a6bc-6a1c-4f9b-8f3e-0d9ef5a3c111",
        "11111111-6a1c-4f9b-8f3e-0d9ef5a3c111",
    );
    let rig = rig_with(vec![], |builder| {
        let token = token_of(json!({"tid": other}));
        builder.set_tenant(ours).with_token_source(StaticToken::new(token))
    });
    let mut batch = rig.client.batch();
    let read = batch.add(rig.client.request::<Value>(Operation::get("/users/ana")));
    assert_eq!(
        batch.send().await.take(read).unwrap_err().kind(),
        ErrorKind::WrongTenant
    );
    assert_eq!(rig.service.sent(), 0);

    let rig = rig_with(vec![], |builder| builder.set_cloud(Cloud::China));
    let mut batch = rig.client.batch();
    let list = batch.add(rig.client.request::<Value>(Operation::get(LIST)));
    assert_eq!(
        batch.send().await.take(list).unwrap_err().kind(),
        ErrorKind::UnsupportedByCloud
    );
}

#[tokio::test]
async fn a_403_in_a_batch_names_the_permissions_of_the_token() {
    let token = token_of(json!({"scp": "User.Read"}));
    let rig = rig_with(vec![responses(vec![json!({"id": "0", "status": 403})])], |builder| {
        builder.with_token_source(StaticToken::new(token))
    });
    let mut batch = rig.client.batch();
    let list = batch.add(rig.client.request::<Value>(Operation::get(LIST)));
    let error = batch.send().await.take(list).unwrap_err();
    assert!(error.next_step().contains("the token holds User.Read"), "{error}");
}

#[tokio::test]
async fn a_token_that_items_refuse_is_replaced_once() {
    let refused = |id: &str| json!({"id": id, "status": 401});
    let fine = |id: &str| json!({"id": id, "status": 200, "body": {}});
    let (rig, requested) = numbered(vec![
        responses(vec![refused("0"), fine("1"), refused("2")]),
        responses(vec![fine("0"), refused("2")]),
    ]);
    let mut batch = rig.client.batch();
    let handles: Vec<_> = (0..3)
        .map(|n| batch.add(rig.client.request::<Value>(Operation::get(format!("/users/{n}")))))
        .collect();
    let mut answers = batch.send().await;
    answers.take(handles[0]).unwrap();
    answers.take(handles[1]).unwrap();
    assert!(answers.take(handles[2]).unwrap_err().is_authentication());
    assert_eq!(*requested.lock().unwrap(), [None, None]);
    assert_eq!(ids(&rig.service.request(1)), ["0", "2"]);
    assert_eq!(
        rig.service.header(1, "authorization").as_deref(),
        Some("Bearer token-2")
    );

    let claims = r#"{"access_token":{"nbf":{"essential":true}}}"#;
    let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, claims);
    let challenge = format!("Bearer error=\"insufficient_claims\", claims=\"{encoded}\"");
    let challenged = json!({"id": "0", "status": 401, "headers": {"WWW-Authenticate": challenge}});
    let (rig, requested) = numbered(vec![responses(vec![challenged.clone()]), responses(vec![challenged])]);
    let mut batch = rig.client.batch();
    let write = batch.add(rig.client.request::<()>(assign()));
    let error = batch.send().await.take(write).unwrap_err();
    assert_eq!(error.claims(), Some(claims), "{error}");
    assert!(!error.may_have_reached_service(), "it was refused both times");
    assert_eq!(*requested.lock().unwrap(), [None, Some(claims.to_owned())]);

    let rig = rig_with(vec![responses(vec![refused("0")])], |builder| builder);
    let mut batch = rig.client.batch();
    let read = batch.add(rig.client.request::<Value>(Operation::get("/users/0")));
    assert!(batch.send().await.take(read).unwrap_err().is_authentication());
    assert_eq!(rig.service.sent(), 1, "there is no other token");
}

#[tokio::test]
async fn a_batch_keeps_the_pauses_of_its_groups_and_causes_them() {
    let tenant = "batch-pauses.example";
    let throttled = with(answer(429, ""), "retry-after", "9");
    let rig = rig_with(
        vec![
            throttled,
            responses(vec![
                json!({"id": "0", "status": 200, "body": {"value": []}}),
                json!({"id": "1", "status": 200, "body": {}}),
            ]),
        ],
        |builder| builder.set_tenant(tenant),
    );
    let once = rig
        .client
        .request::<Value>(Operation::get(LIST))
        .with_retry(RetryPolicy::never());
    assert!(once.send().await.unwrap_err().is_throttled());
    let mut batch = rig.client.batch();
    let list = batch.add(rig.client.request::<Value>(Operation::get(LIST)));
    let read = batch.add(rig.client.request::<Value>(Operation::get("/users/0")));
    let mut answers = batch.send().await;
    answers.take(list).unwrap();
    answers.take(read).unwrap();
    assert!(
        rig.clock.waits().iter().sum::<std::time::Duration>() >= seconds(9),
        "{:?}",
        rig.clock.waits()
    );

    // The pause is longer than the caller's time: the requests of its group fail, the rest is sent.
    let rig = rig_with(
        vec![
            responses(vec![json!({"id": "0", "status": 429, "headers": {"Retry-After": 40}})]),
            responses(vec![json!({"id": "1", "status": 200, "body": {}})]),
        ],
        |builder| builder.with_retry(RetryPolicy::never()),
    );
    let mut batch = rig.client.batch();
    let list = batch.add(rig.client.request::<Value>(Operation::get(LIST)));
    let error = batch.send().await.take(list).unwrap_err();
    assert!(
        error.is_throttled() && error.message().contains("40 s, until 20"),
        "{error}"
    );
    let mut batch = rig.client.batch().with_timeout(seconds(10));
    let list = batch.add(rig.client.request::<Value>(Operation::get(LIST)));
    let read = batch.add(rig.client.request::<Value>(Operation::get("/users/0")));
    let mut answers = batch.send().await;
    let error = answers.take(list).unwrap_err();
    assert!(error.is_throttled() && !error.may_have_reached_service(), "{error}");
    assert!(matches!(error.retry_advice(), RetryAdvice::Until(_)));
    answers.take(read).unwrap();
    assert!(rig.clock.waits().is_empty());
}

#[tokio::test]
async fn lists_are_batched_page_by_page() {
    let next = format!("{ROOT}{LIST}?$skiptoken=x");
    let rig = rig(vec![
        responses(vec![
            json!({"id": "0", "status": 200, "body": {"value": [{"n": 1}, {"n": 2}], "@odata.nextLink": next}}),
            json!({"id": "1", "status": 200, "body": {"value": []}}),
        ]),
        answer(200, r#"{"value":[{"n":3}]}"#),
    ]);
    let list = || rig.client.list::<codec::Json>(Operation::get(LIST), None);
    let mut batch = rig.client.batch();
    let first = batch.add_list(list().top(2));
    let empty = batch.add_list(list());
    let mut answers = batch.send().await;
    let page = answers.take(first).unwrap().into_value();
    assert_eq!(page.items.len(), 2);
    assert_eq!(requests(&rig.service.request(0))[0]["url"], format!("{LIST}?$top=2"));
    let text = page.continuation().unwrap().to_string();
    let rest = || rig.client.resume_list::<codec::Json>(&text).unwrap();
    let page = answers.take(empty).unwrap().into_value();
    assert!(page.items.is_empty() && page.continuation().is_none());
    let mut batch = rig.client.batch();
    let resumed = batch.add_list(rest());
    assert_eq!(
        batch.send().await.take(resumed).unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
    let rest: Vec<_> = rest().pages().try_collect().await.unwrap();
    assert_eq!(rest[0].items.len(), 1);
}
