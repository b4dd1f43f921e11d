//! Events of calls: which there are, what they say, and that whoever gets them cannot change a call.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use trunkline_core::observer::{CallEvent, CallEventKind};
use trunkline_core::pace::Pace;
use trunkline_core::retry::RetryPolicy;
use trunkline_core::transport::*;
use trunkline_core::*;

use crate::scripted::*;

/// The events of a client, a line each.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<String>>>);

impl Seen {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

fn line(event: &CallEvent<'_>) -> String {
    let what = match event.kind {
        // Waits are a little irregular.
        CallEventKind::Request { waited } => format!("request after {} s", waited.as_secs()),
        CallEventKind::Response {
            status,
            fault,
            in_batch,
            pace,
            ..
        } => {
            let result = status.map_or_else(String::new, |status| status.to_string());
            let part = if in_batch { " in a batch" } else { "" };
            let pace = pace.map_or_else(String::new, |pace| format!(" at {pace}/s"));
            format!("response {result}{}{part}{pace}", fault.unwrap_or_default())
        }
        CallEventKind::Retry { wait, reason } => format!("retry {reason} {} s", wait.as_secs()),
        CallEventKind::Throttle { wait, reason } => format!("throttle {reason} {} s", wait.as_secs()),
        CallEventKind::Order { progress, age } => format!("order {progress} {} s", age.as_secs()),
        CallEventKind::Row { ending } => format!("row {ending}"),
        _ => "other".to_owned(),
    };
    format!("{} {} {what}", event.operation.unwrap_or(event.method), event.attempt)
}

fn observed(acts: Vec<Act>, change: impl FnOnce(ClientBuilder) -> ClientBuilder) -> (Rig, Seen) {
    let seen = Seen::default();
    let lines = seen.clone();
    let rig = rig_with(acts, |builder| {
        change(builder).with_observer(move |event| lines.0.lock().unwrap().push(line(event)))
    });
    (rig, seen)
}

#[test]
fn every_attempt_is_seen_with_the_reason_of_the_next_one_and_the_wait_before_it() {
    let acts = vec![
        with(answer(429, "{}"), "retry-after", "7"),
        lost(),
        answer(503, "{}"),
        answer(200, "{\"n\": 1}"),
    ];
    let (rig, seen) = observed(acts, |builder| {
        builder.with_retry(RetryPolicy::default().with_first_wait(Duration::ZERO))
    });
    rig.client
        .request::<Value>(Operation::get(LIST))
        .send_blocking()
        .unwrap();
    assert_eq!(
        seen.take(),
        [
            "numbers.list 1 request after 0 s",
            "numbers.list 1 response 429",
            "numbers.list 1 retry throttled 7 s",
            // The pause is over by the end of the wait.
            "numbers.list 2 request after 7 s",
            "numbers.list 2 response lost",
            "numbers.list 2 retry no_response 0 s",
            "numbers.list 3 request after 0 s",
            "numbers.list 3 response 503",
            "numbers.list 3 retry status 0 s",
            "numbers.list 4 request after 0 s",
            "numbers.list 4 response 200",
        ]
    );
}

#[test]
fn what_an_event_says_is_compiled_in_or_a_number() {
    let events: Arc<Mutex<Vec<String>>> = Arc::default();
    let lines = events.clone();
    let id = "0b0a4f8e-6a2c-4a39-9f0f-6c5f6f1f8c11";
    let rig = rig_with(vec![with(answer(204, ""), "request-id", id)], |builder| {
        builder.with_observer(move |event| lines.lock().unwrap().push(format!("{event:?}")))
    });
    rig.client.request::<()>(update()).send_blocking().unwrap();
    let events = events.lock().unwrap();
    let sent = rig.service.header(0, "client-request-id").unwrap();
    assert_eq!(events.len(), 2);
    for event in events.iter() {
        for part in [
            "operation: Some(\"phones.update\")",
            "template: Some(\"/users/{user-id}/authentication/phoneMethods/{phone-id}\")",
            "method: \"PATCH\"",
            "host: \"graph.microsoft.com\", port: 443",
            &format!("client_request_id: Some({sent})"),
        ] {
            assert!(event.contains(part), "{part}: {event}");
        }
    }
    assert!(events[1].contains(&format!("request_id: Some({id})")), "{}", events[1]);
}

#[test]
fn waits_that_others_cause_are_seen() {
    let refused = with(answer(429, "{}"), "retry-after", "30");
    let (rig, seen) = observed(vec![refused, answer(200, "{}")], |builder| {
        builder.with_retry(RetryPolicy::never().with_budget(Duration::from_secs(60)))
    });
    let read = || rig.client.request::<Value>(Operation::get(LIST)).send_blocking();
    read().unwrap_err();
    seen.take();
    read().unwrap();
    assert_eq!(
        seen.take(),
        [
            "numbers.list 0 throttle pause 30 s",
            "numbers.list 1 request after 30 s",
            "numbers.list 1 response 200",
        ]
    );

    let (rig, seen) = observed((0..3).map(|_| answer(200, "{}")).collect(), |builder| {
        builder.with_pace(Pace::per_second(1.0))
    });
    for _ in 0..3 {
        rig.client
            .request::<Value>(Operation::get(LIST))
            .send_blocking()
            .unwrap();
    }
    let lines = seen.take();
    let waits = lines.iter().filter(|line| line.contains("throttle pace"));
    assert!(waits.count() > 0, "{lines:?}");
    assert!(
        lines.iter().any(|line| line.ends_with("response 200 at 1/s")),
        "{lines:?}"
    );
}

#[test]
fn each_request_of_a_batch_has_its_response() {
    let first = json!({"responses": [
        {"id": "0", "status": 200, "body": {}},
        {"id": "1", "status": 429, "headers": {"Retry-After": "3"}, "body": {}},
    ]});
    let second = json!({"responses": [{"id": "1", "status": 204}]});
    let acts = vec![answer(200, &first.to_string()), answer(200, &second.to_string())];
    let (rig, seen) = observed(acts, |builder| builder);
    let mut batch = rig.client.batch();
    batch.add(rig.client.request::<Value>(Operation::get(LIST)));
    batch.add(rig.client.request::<()>(update()));
    let answers = batch.send_blocking().unwrap();
    assert_eq!(answers.succeeded(), 2);
    assert_eq!(
        seen.take(),
        [
            "batch.send 1 request after 0 s",
            "batch.send 1 response 200",
            "numbers.list 1 response 200 in a batch",
            "phones.update 1 response 429 in a batch",
            "phones.update 1 retry throttled 3 s",
            "batch.send 1 request after 0 s",
            "batch.send 1 response 200",
            "phones.update 2 response 204 in a batch",
        ]
    );
}

#[test]
fn the_age_of_an_order_is_seen_with_each_reading() {
    let place = format!("{ROOT}/admin/teams/telephoneNumberManagement/operations('o')");
    let acts = vec![
        with(answer(202, ""), "location", &place),
        answer(200, r#"{"id": "o", "status": "running"}"#),
        answer(200, r#"{"id": "o", "status": "succeeded"}"#),
    ];
    let (rig, seen) = observed(acts, |builder| builder);
    let running = rig
        .client
        .request::<long_running::LongRunning<Value>>(assign())
        .send_blocking()
        .unwrap()
        .into_parts()
        .0;
    rig.clock.advance(seconds(5));
    running.poll_blocking().unwrap();
    rig.clock.advance(seconds(60));
    running.poll_blocking().unwrap();
    let orders: Vec<String> = seen
        .take()
        .into_iter()
        .filter(|line| line.contains(" order "))
        .collect();
    assert_eq!(
        orders,
        [
            "operations.get 1 order running 5 s",
            "operations.get 1 order succeeded 65 s",
        ]
    );
}

/// A transport that never answers.
struct Silent;

impl Transport for Silent {
    fn send(&self, _: HttpRequest) -> clock::BoxFuture<'_, std::result::Result<HttpResponse, TransportError>> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn a_request_that_is_cancelled_is_seen_to_end() {
    let (rig, seen) = observed(Vec::new(), |builder| builder.with_transport(Arc::new(Silent)));
    let request = rig.client.request::<Value>(Operation::get(LIST));
    let mut call = Box::pin(request.send());
    tokio::select! {
        biased;
        _ = &mut call => panic!("it was answered"),
        () = std::future::ready(()) => {}
    }
    drop(call);
    assert_eq!(
        seen.take(),
        ["numbers.list 1 request after 0 s", "numbers.list 1 response cancelled"]
    );
}

#[test]
fn an_observer_that_panics_does_not_break_the_call() {
    let rig = rig_with(vec![answer(503, "{}"), answer(200, "{}")], |builder| {
        builder.with_observer(|_| panic!("a mistake of the program"))
    });
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let answer = rig.client.request::<Value>(Operation::get(LIST)).send_blocking();
    std::panic::set_hook(hook);
    answer.unwrap();
    assert_eq!(rig.service.sent(), 2);
}
