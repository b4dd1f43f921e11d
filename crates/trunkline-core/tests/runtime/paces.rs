//! Clients that keep a pace, against a service with a bucket of its own. Time is tokio's, paused: it moves when everybody
//! waits, so that thousands of requests take no time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::Value;
use trunkline_core::clock::{BoxFuture, Clock};
use trunkline_core::limits::*;
use trunkline_core::pace::Pace;
use trunkline_core::retry::RetryPolicy;
use trunkline_core::transport::*;
use trunkline_core::*;

use crate::scripted::*;

/// Tokio's time as a clock.
#[derive(Debug, Clone)]
struct Virtual(tokio::time::Instant);

impl Clock for Virtual {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH.checked_add(self.elapsed()).unwrap()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// A service that takes `rate` requests a second: a bucket of that size, or a window of a second that begins anew.
struct Limited {
    clock: Virtual,
    rate: f64,
    latency: Duration,
    retry_after: Option<&'static str>,
    level: Mutex<(f64, f64)>,
    taken: Mutex<Vec<(Duration, String)>>,
    refused: AtomicU64,
}

impl Limited {
    fn new(clock: &Virtual, rate: f64) -> Self {
        Self {
            clock: clock.clone(),
            rate,
            latency: Duration::from_millis(120),
            retry_after: Some("1"),
            level: Mutex::new((rate, 0.0)),
            taken: Mutex::default(),
            refused: AtomicU64::new(0),
        }
    }

    fn admit(&self, count: f64) -> bool {
        let now = self.clock.elapsed().as_secs_f64();
        let mut level = self.level.lock().unwrap();
        let filled = (level.0 + (now - level.1) * self.rate).min(self.rate);
        let granted = filled >= count;
        *level = (if granted { filled - count } else { filled }, now);
        granted
    }

    fn accepted(&self) -> Vec<Duration> {
        self.taken.lock().unwrap().iter().map(|(at, _)| *at).collect()
    }

    fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }
}

impl Transport for Limited {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(async move {
            tokio::time::sleep(self.latency / 2).await;
            let granted = self.admit(1.0);
            let mut response = HttpResponse {
                status: StatusCode::OK,
                headers: HeaderMap::new(),
                body: b"{}".to_vec(),
                cut: None,
            };
            if granted {
                let mark = request.url.query().unwrap_or_default().to_owned();
                self.taken.lock().unwrap().push((self.clock.elapsed(), mark));
            } else {
                self.refused.fetch_add(1, Ordering::Relaxed);
                response.status = StatusCode::TOO_MANY_REQUESTS;
                if let Some(text) = self.retry_after {
                    response.headers.insert("retry-after", HeaderValue::from_static(text));
                }
            }
            tokio::time::sleep(self.latency / 2).await;
            Ok(response)
        })
    }
}

static LIMITS: LimitTable = LimitTable(&[LimitGroup {
    name: "teams",
    windows: &[
        LimitWindow {
            scope: LimitScope::AppTenant,
            unit: LimitUnit::Request,
            count: 30,
            seconds: 1,
            tenant: None,
        },
        LimitWindow {
            scope: LimitScope::App,
            unit: LimitUnit::Request,
            count: 1,
            seconds: 100,
            tenant: None,
        },
    ],
    cost: &[],
}]);

fn virtual_clock() -> Virtual {
    Virtual(tokio::time::Instant::now())
}

fn client(clock: &Virtual, service: &Arc<Limited>, pace: Pace) -> Client {
    Client::builder()
        .with_transport(service.clone())
        .with_clock(Arc::new(clock.clone()))
        .with_operations(TABLE)
        .with_limits(LIMITS)
        .with_retry(RetryPolicy::for_jobs())
        .with_pace(pace)
        .build()
        .unwrap()
}

/// `workers` tasks send `count` requests together.
async fn drive(client: &Client, workers: u64, count: u64) {
    let next = Arc::new(AtomicU64::new(0));
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..workers {
        let (client, next) = (client.clone(), next.clone());
        tasks.spawn(async move {
            while next.fetch_add(1, Ordering::Relaxed) < count {
                client.request::<Value>(Operation::get(LIST)).send().await.unwrap();
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
}

/// How many of the moments lie in the fullest window of a second.
fn fullest(moments: &[Duration]) -> usize {
    let second = Duration::from_secs(1);
    let within = |start: &Duration| {
        moments
            .iter()
            .filter(|at| *at >= start && **at < *start + second)
            .count()
    };
    moments.iter().map(within).max().unwrap_or(0)
}

#[tokio::test(start_paused = true)]
async fn the_documented_rate_is_held_and_not_exceeded() {
    let clock = virtual_clock();
    let service = Arc::new(Limited::new(&clock, 30.0));
    let client = client(&clock, &service, Pace::documented());
    drive(&client, 16, 3_000).await;
    let taken = service.accepted();
    let rate = 3_000.0 / clock.elapsed().as_secs_f64();
    assert!(rate >= 0.98 * 30.0, "{rate}");
    assert_eq!(service.refused(), 0);
    // Timers are as fine as a millisecond, so one may slip into the window of its neighbours.
    assert!(fullest(&taken) <= 31, "{}", fullest(&taken));
    let state = client.throttle();
    let teams = state.groups.iter().find(|group| group.group == Some("teams")).unwrap();
    assert_eq!((teams.sent, teams.throttled, teams.waiting), (3_000, 0, 0));
    assert_eq!((teams.per_second, teams.limit_per_second), (Some(30.0), Some(30.0)));
}

#[tokio::test(start_paused = true)]
async fn an_unpublished_limit_is_found() {
    for retry_after in [Some("1"), None] {
        let clock = virtual_clock();
        let service = Arc::new(Limited {
            retry_after,
            ..Limited::new(&clock, 20.0)
        });
        let client = client(&clock, &service, Pace::documented());
        drive(&client, 16, 6_000).await;
        let rate = 6_000.0 / clock.elapsed().as_secs_f64();
        assert!(rate >= 0.95 * 20.0, "{retry_after:?}: {rate}");
        assert!(service.refused() <= 60, "{retry_after:?}: {}", service.refused());
        let state = client.throttle();
        assert!(state.groups[0].per_second.unwrap() <= 30.0);
        assert_eq!(state.groups[0].throttled, service.refused());
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_429_the_rate_falls_and_rises_again_to_the_limit() {
    let clock = virtual_clock();
    let service = Arc::new(Limited::new(&clock, 1e9));
    *service.level.lock().unwrap() = (0.0, f64::INFINITY);
    let client = client(&clock, &service, Pace::documented());
    // Time before the beginning never fills the bucket: the first one is refused.
    let first = tokio::spawn({
        let client = client.clone();
        async move { client.request::<Value>(Operation::get(LIST)).send().await }
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    let rate = |client: &Client| client.throttle().groups[0].per_second.unwrap();
    assert!((rate(&client) - 21.0).abs() < 1e-9, "{}", rate(&client));
    assert!(client.throttle().groups[0].paused_until.is_some());
    *service.level.lock().unwrap() = (1e9, 0.0);
    first.await.unwrap().unwrap();
    assert!(clock.elapsed() >= Duration::from_secs(1), "Retry-After is not undercut");
    drive(&client, 16, 300).await;
    assert!(rate(&client) > 28.0, "{}", rate(&client));
    drive(&client, 16, 3_000).await;
    assert_eq!(rate(&client), 30.0);
    assert!(fullest(&service.accepted()) <= 31);
}

#[tokio::test(start_paused = true)]
async fn turns_come_in_order_and_those_given_up_go_to_others() {
    let clock = virtual_clock();
    let service = Arc::new(Limited::new(&clock, 1e9));
    let client = client(&clock, &service, Pace::per_second(2.0));
    let mut tasks = Vec::new();
    for index in 0..20 {
        let client = client.clone();
        tasks.push(tokio::spawn(async move {
            let operation = Operation::get(LIST).query("$skip", index.to_string());
            client.request::<Value>(operation).send().await.unwrap();
        }));
        tokio::task::yield_now().await;
    }
    assert_eq!(client.throttle().groups[0].waiting, 19);
    for task in &tasks[10..] {
        task.abort();
    }
    tokio::task::yield_now().await;
    assert_eq!(client.throttle().groups[0].waiting, 9);
    for task in tasks {
        let _ = task.await;
    }
    let marks: Vec<String> = service
        .taken
        .lock()
        .unwrap()
        .iter()
        .map(|(_, mark)| mark.clone())
        .collect();
    let wanted: Vec<String> = (0..10).map(|index| format!("$skip={index}")).collect();
    assert_eq!(marks, wanted);
    // The numbers of the ten that gave up are not lost: the next one is due half a second after the tenth.
    let tenth = *service.accepted().last().unwrap();
    client.request::<Value>(Operation::get(LIST)).send().await.unwrap();
    let next = *service.accepted().last().unwrap();
    assert!(next - tenth <= Duration::from_millis(510), "{tenth:?} {next:?}");
}

#[tokio::test(start_paused = true)]
async fn a_turn_that_nobody_polls_holds_nobody_up() {
    let clock = virtual_clock();
    let service = Arc::new(Limited::new(&clock, 1e9));
    let client = client(&clock, &service, Pace::per_second(2.0));
    drive(&client, 1, 1).await;
    let mut forgotten = Box::pin(client.request::<Value>(Operation::get(LIST)).send());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(forgotten.as_mut().poll(&mut context).is_pending());
    tokio::time::timeout(Duration::from_secs(5), drive(&client, 1, 2))
        .await
        .unwrap();
    forgotten.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_turn_costs_nothing_but_a_deadline_holds() {
    let clock = virtual_clock();
    let service = Arc::new(Limited::new(&clock, 1e9));
    let client = client(&clock, &service, Pace::per_second(0.01));
    drive(&client, 1, 1).await;
    // A hundred seconds: longer than the budget of waits and the timeout of an attempt.
    let patient = client
        .request::<Value>(Operation::get(LIST))
        .with_retry(RetryPolicy::never().with_budget(Duration::ZERO));
    let hurried = client
        .request::<Value>(Operation::get(LIST))
        .with_timeout(Duration::from_secs(30));
    let error = hurried.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Throttled);
    assert!(!error.may_have_reached_service());
    assert!(matches!(error.retry_advice(), RetryAdvice::Until(_)), "{error}");
    assert!(clock.elapsed() < Duration::from_secs(1), "said at once");
    patient.send().await.unwrap();
    assert!(clock.elapsed() >= Duration::from_secs(100));
    assert_eq!(service.accepted().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn clients_of_a_tenant_share_the_pace_and_the_lowest_holds() {
    let clock: Arc<dyn Clock> = Arc::new(virtual_clock());
    let service = Arc::new(Limited::new(&virtual_clock(), 1e9));
    let build = |tenant: &str, pace: Pace| {
        Client::builder()
            .with_transport(service.clone())
            .with_clock(clock.clone())
            .with_operations(TABLE)
            .with_limits(LIMITS)
            .set_tenant(tenant)
            .with_pace(pace)
            .build()
            .unwrap()
    };
    let (one, two) = (
        build("contoso.example", Pace::documented()),
        build("CONTOSO.example", Pace::documented().with_group("teams", 10.0)),
    );
    let other = build("fabrikam.example", Pace::documented());
    let start = clock.elapsed();
    tokio::join!(drive(&one, 8, 100), drive(&two, 8, 100));
    let both = (clock.elapsed() - start).as_secs_f64();
    assert!((19.0..21.0).contains(&both), "{both}");
    assert_eq!(one.throttle().groups[0].sent, 200);
    let start = clock.elapsed();
    drive(&other, 8, 100).await;
    assert!((clock.elapsed() - start).as_secs_f64() < 4.0);
}

#[tokio::test]
async fn each_request_of_a_batch_counts() {
    let responses = |ids: std::ops::Range<usize>| {
        let list: Vec<Value> = ids
            .map(|id| serde_json::json!({"id": id.to_string(), "status": 200, "body": {}}))
            .collect();
        answer(200, &serde_json::json!({ "responses": list }).to_string())
    };
    let rig = rig_with(vec![responses(0..20), responses(20..40)], |builder| {
        builder.with_pace(Pace::per_second(2.0))
    });
    let mut batch = rig.client.batch();
    for _ in 0..40 {
        batch.add(rig.client.request::<Value>(Operation::get(LIST)));
    }
    batch.send().await;
    assert_eq!(rig.service.sent(), 2);
    assert_eq!(rig.client.throttle().groups[0].sent, 40);
    // One of them may go at once, the others half a second apart.
    let waited: Duration = rig.clock.waits().iter().sum();
    assert!(
        (Duration::from_secs(19)..Duration::from_secs(21)).contains(&waited),
        "{waited:?}"
    );
}

#[tokio::test]
async fn throttling_may_outlast_attempts_and_budget() {
    let refused = || with(answer(429, ""), "retry-after", "30");
    let acts = || {
        (0..20)
            .map(|_| refused())
            .chain([answer(503, ""), answer(200, "{}")])
            .collect()
    };
    let rig = rig_with(acts(), |builder| builder.with_retry(RetryPolicy::for_jobs()));
    rig.client.request::<Value>(Operation::get(LIST)).send().await.unwrap();
    assert_eq!(rig.service.sent(), 22);
    let rig = rig_with(acts(), |builder| builder);
    let error = rig
        .client
        .request::<Value>(Operation::get(LIST))
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), rig.service.sent()),
        (ErrorKind::Throttled, 2),
        "as before"
    );
    let policy = RetryPolicy::default().with_throttle_budget(Duration::from_secs(100));
    let rig = rig_with(acts(), |builder| builder.with_retry(policy));
    let error = rig
        .client
        .request::<Value>(Operation::get(LIST))
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), rig.service.sent()),
        (ErrorKind::Throttled, 4),
        "30, 60, 90, and no more"
    );
}

#[tokio::test]
async fn a_batch_waits_out_throttling_as_well() {
    let item = |status: u16| {
        let response = serde_json::json!({"id": "0", "status": status, "headers": {"Retry-After": "30"}, "body": {}});
        answer(200, &serde_json::json!({"responses": [response]}).to_string())
    };
    let acts: Vec<Act> = (0..20).map(|_| item(429)).chain([item(200)]).collect();
    let rig = rig_with(acts, |builder| {
        builder
            .with_retry(RetryPolicy::for_jobs())
            .with_pace(Pace::documented())
    });
    let mut batch = rig.client.batch();
    let handle = batch.add(rig.client.request::<Value>(Operation::get(LIST)));
    batch.send().await.take(handle).unwrap();
    assert_eq!(rig.service.sent(), 21);
}

#[test]
fn a_pace_that_cannot_be_kept_is_refused() {
    for pace in [
        Pace::per_second(0.0),
        Pace::per_second(f64::NAN),
        Pace::none().with_group("teams", -1.0),
    ] {
        let error = Client::builder().with_pace(pace).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
}
