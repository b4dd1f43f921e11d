//! Readings that go together.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::FutureExt;
use futures_util::future::join_all;
use serde_json::{Value, json};
use trunkline_core::clock::BoxFuture;
use trunkline_core::retry::RetryPolicy;
use trunkline_core::token::StaticToken;
use trunkline_core::transport::{HttpRequest, HttpResponse, Transport, TransportError};
use trunkline_core::*;

use crate::scripted::*;

/// The address below the version.
fn below(address: &str) -> String {
    address.trim_start_matches(ROOT).to_owned()
}

/// The answer to an address, by itself or in a batch.
fn text_of(address: &str) -> (u16, Value) {
    match address {
        "/users/nobody" => (404, json!({"error": {"code": "Request_ResourceNotFound"}})),
        _ => (200, json!({"address": address, "status": "running"})),
    }
}

/// Answers readings, by themselves and in batches, whose answers come in another order.
fn respond(request: &HttpRequest) -> Act {
    if !request.url.path().ends_with("/$batch") {
        let (status, body) = text_of(&below(request.url.as_str()));
        return answer(status, &body.to_string());
    }
    let body: Value = serde_json::from_slice(request.body.as_deref().unwrap()).unwrap();
    let entries = body["requests"].as_array().unwrap().iter().rev().map(|entry| {
        let (status, body) = text_of(entry["url"].as_str().unwrap());
        json!({"id": entry["id"], "status": status, "headers": {}, "body": body})
    });
    answer(200, &json!({"responses": entries.collect::<Vec<_>>()}).to_string())
}

fn answering() -> Rig {
    rig_thinking(|request| Some(respond(request)))
}

/// The requests that were sent: addresses, and for batches how many requests they hold.
fn sent(rig: &Rig) -> Vec<String> {
    let requests = rig.service.requests.lock().unwrap();
    let sent = requests.iter().map(|request| match &request.body {
        Some(body) if request.url.path().ends_with("/$batch") => {
            let body: Value = serde_json::from_slice(body).unwrap();
            format!("batch of {}", body["requests"].as_array().unwrap().len())
        }
        _ => below(request.url.as_str()),
    });
    sent.collect()
}

async fn read(client: &Client, address: &str) -> Result<String> {
    let answer = client.execute(&Operation::get(address)).await?;
    let body: Value = serde_json::from_str(answer.as_str()).unwrap();
    Ok(body["address"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn readings_at_once_go_together_and_each_has_its_own_answer() {
    let rig = answering();
    let client = rig.client.gathering_reads();
    let addresses: Vec<String> = (0..50).map(|user| format!("/users/{user}")).collect();
    let answers = join_all(addresses.iter().map(|address| read(&client, address))).await;
    let answers: Vec<String> = answers.into_iter().map(|answer| answer.unwrap()).collect();
    assert_eq!(answers, addresses);
    let sent = sent(&rig);
    assert!(sent.len() <= 4, "{sent:?}");
    assert!(sent.contains(&"batch of 20".to_owned()), "{sent:?}");
}

#[tokio::test]
async fn a_reading_without_company_goes_by_itself_at_once() {
    let rig = answering();
    let client = rig.client.gathering_reads();
    for _ in 0..3 {
        assert_eq!(read(&client, "/users/ana").await.unwrap(), "/users/ana");
    }
    assert_eq!(sent(&rig), ["/users/ana"; 3]);
    assert_eq!(rig.clock.waits(), []);
    let readings = (0..4).map(|_| read(&rig.client, "/users/ana"));
    join_all(readings).await;
    assert_eq!(
        sent(&rig),
        ["/users/ana"; 7],
        "the client it was made from gathers nothing"
    );
}

#[tokio::test]
async fn what_fails_among_others_is_asked_again_by_itself() {
    let rig = answering();
    let client = rig.client.gathering_reads();
    let addresses = ["/users/1", "/users/2", "/users/nobody", "/users/3"];
    let mut answers = join_all(addresses.map(|address| read(&client, address))).await;
    let error = answers.remove(2).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(error.code(), Some("Request_ResourceNotFound"));
    assert_eq!(error.attempts(), 1);
    assert!(answers.iter().all(|answer| answer.is_ok()));
    assert!(sent(&rig).contains(&"/users/nobody".to_owned()), "{:?}", sent(&rig));
}

#[tokio::test]
async fn what_a_batch_cannot_hold_is_asked_again_by_itself() {
    let rig = rig_thinking(|request| {
        let Act::Answer(status, headers, body) = respond(request) else {
            unreachable!("it answers")
        };
        // Base64 of `{"value":[,}`, which the service cannot put into the batch as it is.
        let body = match serde_json::from_str::<Value>(&body).unwrap() {
            Value::Object(mut whole) if whole.contains_key("responses") => {
                for entry in whole["responses"].as_array_mut().unwrap() {
                    entry["headers"] = json!({"Content-Type": "application/json"});
                    entry["body"] = json!("eyJ2YWx1ZSI6Wyx9");
                }
                Value::Object(whole).to_string()
            }
            _ => body,
        };
        Some(Act::Answer(status, headers, body))
    });
    let client = rig.client.gathering_reads();
    let answers = join_all((0..6).map(|_| read(&client, "/users/ana"))).await;
    assert!(answers.iter().all(|answer| answer.is_ok()), "{answers:?}");
}

#[tokio::test]
async fn a_batch_that_fails_as_a_whole_is_read_one_by_one() {
    let rig = rig_thinking(|request| {
        let is_batch = request.url.path().ends_with("/$batch");
        Some(if is_batch { answer(503, "{}") } else { respond(request) })
    });
    let client = rig.client.gathering_reads();
    let addresses: Vec<String> = (0..6).map(|user| format!("/users/{user}")).collect();
    let answers = join_all(addresses.iter().map(|address| read(&client, address))).await;
    assert!(answers.iter().all(|answer| answer.is_ok()));
    let sent = sent(&rig);
    assert_eq!(
        sent.iter().filter(|sent| sent.starts_with("/users/")).count(),
        6,
        "{sent:?}"
    );
}

#[tokio::test]
async fn what_the_service_asked_for_is_waited_out_whether_alone_or_in_a_batch() {
    for count in [1, 6] {
        let mut refused = 0;
        let rig = rig_thinking(move |request| {
            if refused == 2 {
                return Some(respond(request));
            }
            refused += 1;
            Some(with(answer(503, "{}"), "retry-after", "7"))
        });
        let client = rig.client.gathering_reads();
        let answers = join_all((0..count).map(|_| read(&client, "/users/ana"))).await;
        assert!(answers.iter().all(|answer| answer.is_ok()), "{answers:?}");
        let waits = rig.clock.waits();
        assert!(
            !waits.is_empty() && waits.iter().all(|wait| *wait >= seconds(7)),
            "{waits:?}"
        );
    }
    let rig = rig_with(vec![with(answer(503, "{}"), "retry-after", "7")], |builder| {
        builder.with_retry(RetryPolicy::never())
    });
    let error = read(&rig.client.gathering_reads(), "/users/ana").await.unwrap_err();
    assert_eq!(error.retry_advice(), RetryAdvice::After(seconds(7)));
    assert_eq!(rig.clock.waits(), [], "who wants one attempt has one");
}

#[tokio::test]
async fn what_is_refused_before_it_is_sent_is_not_sent_with_others_either() {
    let rig = answering();
    let client = rig.client.gathering_reads();
    let addresses = ["/users/1", "/users/2", "/users/../me", "/users/3"];
    let mut answers = join_all(addresses.map(|address| read(&client, address))).await;
    assert_eq!(answers.remove(2).unwrap_err().kind(), ErrorKind::InvalidInput);
    assert!(answers.iter().all(|answer| answer.is_ok()));
    let requests = rig.service.requests.lock().unwrap();
    let bodies = requests.iter().filter_map(|request| request.body.as_deref());
    assert!(bodies.clone().count() > 0);
    for body in bodies {
        assert!(!String::from_utf8_lossy(body).contains(".."), "it was sent");
    }
}

#[tokio::test]
async fn an_attempt_among_others_is_one_of_those_that_a_reading_has() {
    let rig = rig_with((0..9).map(|_| answer(503, "{}")).collect(), |builder| {
        builder.with_retry(RetryPolicy::default().with_attempts(3))
    });
    let error = read(&rig.client.gathering_reads(), "/users/ana").await.unwrap_err();
    assert_eq!((rig.service.sent(), error.attempts()), (3, 3));
    assert_eq!(rig.service.header(1, "retry-attempt").as_deref(), Some("1"));
}

#[tokio::test]
async fn writes_and_readings_with_a_deadline_or_policy_of_their_own_go_by_themselves() {
    let rig = answering();
    let client = rig.client.gathering_reads();
    let request = || client.request::<Value>(Operation::get("/users/ana"));
    let writes = (0..4).map(|_| client.request::<Value>(update()).send());
    let timed = (0..4).map(|_| request().with_timeout(seconds(9)).send());
    let once = (0..4).map(|_| request().with_retry(RetryPolicy::never()).send());
    join_all(writes.chain(timed).chain(once)).await;
    assert_eq!(rig.service.sent(), 12);
    assert!(sent(&rig).iter().all(|sent| !sent.starts_with("batch")));
}

#[tokio::test]
async fn looks_at_orders_go_together_as_well() {
    let rig = rig_thinking(|request| {
        let is_order = request.url.path().ends_with("/assignNumber");
        Some(if is_order {
            let id = format!("{ROOT}/admin/teams/telephoneNumberManagement/operations('o')?x=1");
            with(answer(202, ""), "location", &id)
        } else {
            respond(request)
        })
    });
    let client = rig.client.gathering_reads();
    let mut orders = Vec::new();
    for _ in 0..5 {
        let order = client.request::<long_running::LongRunning<Value>>(assign());
        orders.push(order.await.unwrap().into_value());
    }
    let stages = join_all(orders.iter().map(|order| order.poll())).await;
    for stage in stages {
        let stage = stage.unwrap();
        let address = stage.value["address"].clone();
        assert_eq!(address, "/admin/teams/telephoneNumberManagement/operations('o')?x=1");
    }
    assert!(
        sent(&rig).iter().any(|sent| sent.starts_with("batch")),
        "{:?}",
        sent(&rig)
    );
}

#[tokio::test]
async fn whoever_gives_up_hands_the_turn_on() {
    let rig = answering();
    let client = rig.client.gathering_reads();
    let mut readings: Vec<_> = (0..5).map(|_| Box::pin(read(&client, "/users/ana"))).collect();
    for reading in &mut readings {
        assert!(reading.now_or_never().is_none());
    }
    // Two lead. The one that waits longest gets the turn of the first, and gives up before it hears of it.
    drop(readings.remove(0));
    drop(readings.remove(1));
    drop(readings.remove(0));
    assert_eq!(join_all(readings).await.len(), 2);
    assert_eq!(read(&client, "/users/ana").await.unwrap(), "/users/ana");
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_behind_exchanges_that_are_stuck_asks_alone() {
    let rig = answering();
    let stuck = Arc::new(Stalling {
        service: rig.service.clone(),
        has_stalled: AtomicBool::new(false),
        on: "/users/stuck",
        always: true,
    });
    let client = gathering_on(&stuck);
    let mut readings: Vec<_> = (0..2).map(|_| Box::pin(read(&client, "/users/stuck"))).collect();
    for reading in &mut readings {
        for _ in 0..3 {
            assert!(reading.now_or_never().is_none());
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(read(&client, "/users/ana").await.unwrap(), "/users/ana");
}

/// Never answers what is sent there: the first time, or ever.
struct Stalling {
    service: Arc<Service>,
    has_stalled: AtomicBool,
    on: &'static str,
    always: bool,
}

fn gathering_on(stalling: &Arc<Stalling>) -> Client {
    Client::builder()
        .with_transport(stalling.clone())
        .with_operations(TABLE)
        .with_token_source(StaticToken::new("opaque"))
        .build()
        .unwrap()
        .gathering_reads()
}

impl Transport for Stalling {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, std::result::Result<HttpResponse, TransportError>> {
        let is_there = request.url.path().ends_with(self.on);
        if is_there && (!self.has_stalled.swap(true, Ordering::Relaxed) || self.always) {
            return Box::pin(std::future::pending());
        }
        self.service.send(request)
    }
}

#[tokio::test]
async fn whoever_waits_for_a_batch_that_is_given_up_asks_alone() {
    let rig = answering();
    let stalling = Arc::new(Stalling {
        service: rig.service.clone(),
        has_stalled: AtomicBool::new(false),
        on: "/$batch",
        always: false,
    });
    let client = gathering_on(&stalling);
    let mut first = Box::pin(read(&client, "/users/first"));
    let mut others: Vec<_> = (0..3).map(|_| Box::pin(read(&client, "/users/other"))).collect();
    assert!((&mut first).now_or_never().is_none());
    for other in &mut others {
        assert!(other.now_or_never().is_none());
    }
    while !stalling.has_stalled.load(Ordering::Relaxed) {
        tokio::task::yield_now().await;
        assert!((&mut first).now_or_never().is_none());
    }
    drop(first);
    for answer in join_all(others).await {
        assert_eq!(answer.unwrap(), "/users/other");
    }
}
