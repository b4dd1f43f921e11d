use serde_json::{Value, json};
use trunkline_core::long_running::LongRunning;
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
    let unsound = batch.add(rig.client.request::<Value>(Operation::get("/a/../b")));
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
    assert_eq!(answers.take(unsound).unwrap_err().kind(), ErrorKind::InvalidInput);
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
async fn answers_that_are_left_out_are_told() {
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
