use serde_json::Value;
use trunkline_core::*;

use crate::scripted::*;

#[tokio::test]
async fn a_post_that_no_table_knows_is_never_repeated() {
    let rig = rig(vec![lost()]);
    let post = Operation::post("/unknown/thing").body("{}");
    let error = rig.client.request::<()>(post).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownOutcome);
}

#[tokio::test]
async fn an_unknown_outcome_says_what_to_check() {
    let rig = rig(vec![with(
        answer(504, r#"{"error":{"code":"timeout"}}"#),
        "request-id",
        "r-1",
    )]);
    let error = rig.client.request::<()>(assign()).send().await.unwrap_err();
    assert_eq!(error.next_step(), "Read the number with numbers.list");
    assert_eq!(error.retry_advice(), RetryAdvice::AfterReadBack);
    assert_eq!(
        (error.status().unwrap().as_u16(), error.code(), error.request_id()),
        (504, Some("timeout"), Some("r-1"))
    );
    assert_eq!(error.operation(), Some("numbers.assign"));
}

#[tokio::test]
async fn a_delete_that_was_sent_twice_says_so_when_nothing_is_there() {
    let rig = rig(vec![lost(), answer(404, "{}")]);
    let operation = Operation::new(http::Method::DELETE, PHONE);
    let error = rig.client.request::<()>(operation).send().await.unwrap_err();
    assert!(error.is_not_found() && error.may_have_reached_service());
    assert!(error.next_step().contains("earlier attempt"), "{}", error.next_step());
}

#[tokio::test]
async fn retry_after_is_never_undercut() {
    for (value, least, most) in [
        ("7", 7_000, 7_200),
        ("1.5", 1_500, 1_650),
        ("0", 1, 500),
        ("-3", 1, 500),
        ("abc", 1, 500),
        ("Thu, 01 Jan 2026 00:00:20 GMT", 20_000, 20_200),
        ("Wed, 31 Dec 2025 00:00:00 GMT", 1, 500),
    ] {
        for status in [429, 503] {
            let rig = rig(vec![with(answer(status, ""), "retry-after", value), answer(200, "{}")]);
            rig.client.request::<Value>(Operation::get("/x")).send().await.unwrap();
            let waits = rig.clock.waits();
            let waited: u128 = waits.iter().map(std::time::Duration::as_millis).sum();
            assert!(
                !waits.is_empty() && waited >= least && waited <= most,
                "{value}: {waits:?}"
            );
            assert_eq!(rig.service.header(1, "retry-attempt").as_deref(), Some("1"));
        }
    }
    let two = with(with(answer(429, ""), "retry-after", "2"), "retry-after", "9");
    let rig = rig(vec![two, answer(200, "{}")]);
    rig.client.request::<Value>(Operation::get("/x")).send().await.unwrap();
    assert!(rig.clock.waits().iter().sum::<std::time::Duration>() >= seconds(9));
}

#[tokio::test]
async fn a_long_retry_after_becomes_throttled_until_at_once() {
    for (value, timeout) in [("600", Some(60)), ("1e9", None), ("61", None)] {
        let rig = rig(vec![with(answer(429, ""), "retry-after", value)]);
        let mut request = rig.client.request::<Value>(Operation::get(LIST));
        if let Some(timeout) = timeout {
            request = request.with_timeout(seconds(timeout));
        }
        let error = request.send().await.unwrap_err();
        assert!(error.is_throttled() && !error.may_have_reached_service());
        assert!(
            matches!(error.retry_advice(), RetryAdvice::Until(_)),
            "{:?}",
            error.retry_advice()
        );
        assert!(rig.clock.waits().is_empty(), "{:?}", rig.clock.waits());
        assert_eq!(rig.service.sent(), 1);
    }
}

#[tokio::test]
async fn one_throttled_request_pauses_its_tenant_and_group() {
    let tenant = "6ad9a6bc-6a1c-4f9b-8f3e-0d9ef5a3c111";
    let rig = rig_with(
        vec![
            with(answer(429, ""), "retry-after", "10"),
            answer(200, "{}"),
            answer(200, r#"{"value":[]}"#),
        ],
        |builder| builder.set_tenant(tenant),
    );
    let policy = retry::RetryPolicy::never();
    let list = || {
        rig.client
            .request::<Value>(Operation::get(LIST))
            .with_retry(policy.clone())
    };
    assert!(list().send().await.unwrap_err().is_throttled());
    rig.client
        .request::<Value>(Operation::get("/organization"))
        .send()
        .await
        .unwrap();
    assert!(rig.clock.waits().is_empty(), "another group goes on");
    let error = list().with_timeout(seconds(5)).send().await.unwrap_err();
    assert!(error.is_throttled());
    assert_eq!(rig.service.sent(), 2, "nothing is sent during the pause");
    list().send().await.unwrap();
    assert!(rig.clock.waits()[0] >= seconds(10));
}

#[tokio::test]
async fn an_outage_is_not_amplified() {
    let rig = rig_thinking(|_| Some(answer(503, "")));
    for _ in 0..1000 {
        // The clock stands still between requests, but waits move it; they pay back a little.
        let _ = rig
            .client
            .request::<Value>(Operation::get(LIST))
            .send()
            .await
            .unwrap_err();
    }
    assert!(rig.service.sent() <= 1200, "{}", rig.service.sent());
}

#[tokio::test]
async fn no_retry_when_the_caller_says_so() {
    let rig = rig(vec![answer(503, "")]);
    let request = rig
        .client
        .request::<Value>(Operation::get(LIST))
        .with_retry(retry::RetryPolicy::never());
    assert_eq!(request.send().await.unwrap_err().kind(), ErrorKind::Service);
}

#[tokio::test]
async fn each_attempt_has_an_id_of_its_own_and_the_same_body() {
    let rig = rig(vec![lost(), answer(503, ""), answer(204, "")]);
    let response = rig.client.request::<()>(update()).send().await.unwrap();
    let ids: std::collections::HashSet<_> = (0..3)
        .map(|index| rig.service.header(index, "client-request-id").unwrap())
        .collect();
    assert_eq!(ids.len(), 3);
    assert!(ids.contains(&response.client_request_id()));
    assert_eq!(response.attempts(), 3);
    assert_eq!(rig.service.request(0).body, rig.service.request(2).body);
    assert_eq!(
        rig.service.header(0, "prefer").as_deref(),
        Some("include-unknown-enum-members")
    );
    assert_eq!(
        rig.service.header(0, "content-type").as_deref(),
        Some("application/json")
    );
    assert_eq!(rig.service.header(0, "authorization").as_deref(), Some("Bearer opaque"));
    assert_eq!(rig.service.header(0, "retry-attempt"), None);
    assert!(rig.service.header(0, "user-agent").unwrap().starts_with("trunkline/"));
}

/// A clock on which nobody ever wakes up.
#[derive(Debug)]
struct Still(clock::TestClock);

impl clock::Clock for Still {
    fn now(&self) -> clock::Timestamp {
        self.0.now()
    }

    fn elapsed(&self) -> std::time::Duration {
        self.0.elapsed()
    }

    fn sleep(&self, _: std::time::Duration) -> clock::BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn a_429_that_does_not_say_how_long_pauses_for_what_its_request_waits() {
    let rig = rig_with(vec![answer(429, ""), answer(200, "{}")], |builder| {
        builder.with_clock(std::sync::Arc::new(Still(clock::TestClock::default())))
    });
    let mut first = Box::pin(rig.client.request::<Value>(Operation::get(LIST)).send());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(first.as_mut().poll(&mut context).is_pending());
    let impatient = retry::RetryPolicy::default().with_budget(seconds(0));
    let second = rig.client.request::<Value>(Operation::get(LIST)).with_retry(impatient);
    let error = second.send().await.unwrap_err();
    assert!(error.is_throttled() && error.attempts() == 0, "{error}");
    assert_eq!(rig.service.sent(), 1);
    rig.client.request::<Value>(Operation::get("/x")).send().await.unwrap();
}
