use serde_json::Value;
use trunkline_core::transport::TransportFault;
use trunkline_core::*;

use crate::scripted::*;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Expect {
    /// It succeeds after so many attempts.
    Done(usize),
    /// It fails so after so many attempts; whether the service may have been reached.
    Fails(ErrorKind, usize, bool),
}

async fn check(name: &str, operation: Operation, acts: Vec<Act>, expect: Expect) {
    let rig = rig(acts);
    let result = rig.client.request::<Option<Value>>(operation).send().await;
    let found = match &result {
        Ok(_) => Expect::Done(rig.service.sent()),
        Err(error) => Expect::Fails(error.kind(), rig.service.sent(), error.may_have_reached_service()),
    };
    assert_eq!(found, expect, "{name}: {:?}", result.err());
    if let Err(error) = result {
        assert_eq!(error.attempts() as usize, rig.service.sent(), "{name}");
        assert!(error.operation().is_some(), "{name}");
    }
}

fn many(make: impl Fn() -> Act, count: usize) -> Vec<Act> {
    (0..count).map(|_| make()).collect()
}

#[tokio::test]
async fn what_is_sent_again_follows_from_the_operation() {
    use Expect::*;
    let ok = || answer(200, "{}");
    let list = || Operation::get(LIST);
    let unreachable = || Act::Fault(TransportFault::NotConnected);
    for status in [502, 503, 504] {
        check(
            "read",
            list(),
            vec![answer(status, ""), answer(status, "<html>"), ok()],
            Done(3),
        )
        .await;
        check("update", update(), vec![answer(status, ""), answer(204, "")], Done(2)).await;
        check(
            "write",
            assign(),
            vec![answer(status, "")],
            Fails(ErrorKind::UnknownOutcome, 1, true),
        )
        .await;
        check(
            "read to the end",
            list(),
            many(|| answer(status, ""), 4),
            Fails(ErrorKind::Service, 4, false),
        )
        .await;
        check(
            "update to the end",
            update(),
            many(|| answer(status, ""), 4),
            Fails(ErrorKind::Service, 4, true),
        )
        .await;
    }
    check(
        "read 500",
        list(),
        vec![answer(500, "")],
        Fails(ErrorKind::Service, 1, false),
    )
    .await;
    check(
        "write 500",
        assign(),
        vec![answer(500, "")],
        Fails(ErrorKind::UnknownOutcome, 1, true),
    )
    .await;
    check(
        "write 501",
        assign(),
        vec![answer(501, "")],
        Fails(ErrorKind::Service, 1, false),
    )
    .await;
    check("read 429", list(), vec![answer(429, ""), ok()], Done(2)).await;
    check("write 429", assign(), vec![answer(429, ""), answer(202, "")], Done(2)).await;
    check(
        "429 to the end",
        assign(),
        many(|| answer(429, ""), 4),
        Fails(ErrorKind::Throttled, 4, false),
    )
    .await;
    check("read lost", list(), vec![lost(), ok()], Done(2)).await;
    check("update lost", update(), vec![lost(), answer(204, "")], Done(2)).await;
    check(
        "write lost",
        assign(),
        vec![lost()],
        Fails(ErrorKind::UnknownOutcome, 1, true),
    )
    .await;
    check(
        "write timed out",
        assign(),
        vec![Act::Fault(TransportFault::TimedOut)],
        Fails(ErrorKind::UnknownOutcome, 1, true),
    )
    .await;
    check(
        "read timed out",
        list(),
        many(|| Act::Fault(TransportFault::TimedOut), 4),
        Fails(ErrorKind::Timeout, 4, true),
    )
    .await;
    check(
        "write refused",
        assign(),
        vec![unreachable(), unreachable(), answer(202, "")],
        Done(3),
    )
    .await;
    check(
        "write refused to the end",
        assign(),
        many(unreachable, 4),
        Fails(ErrorKind::Connection, 4, false),
    )
    .await;
    check("read cut", list(), vec![Act::Cut(200, vec![]), ok()], Done(2)).await;
    check(
        "write cut",
        assign(),
        vec![Act::Cut(200, vec![])],
        Fails(ErrorKind::UnknownOutcome, 1, true),
    )
    .await;
    check("accepted cut", assign(), vec![Act::Cut(202, vec![])], Done(1)).await;
    for (status, kind) in [
        (400, ErrorKind::Rejected),
        (404, ErrorKind::NotFound),
        (409, ErrorKind::Conflict),
        (410, ErrorKind::NotFound),
        (412, ErrorKind::Conflict),
        (418, ErrorKind::Rejected),
        (423, ErrorKind::Rejected),
        (403, ErrorKind::PermissionDenied),
    ] {
        check("refused", list(), vec![answer(status, "{}")], Fails(kind, 1, false)).await;
        check("refused", assign(), vec![answer(status, "{}")], Fails(kind, 1, false)).await;
    }
    let post = || Operation::post("/unknown/thing").body("{}");
    let rig = rig(vec![lost()]);
    let error = rig.client.request::<()>(post()).send().await.unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::UnknownOutcome,
        "a POST that no table knows is never repeated"
    );
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

#[tokio::test]
async fn a_failure_of_the_service_may_pass_unless_it_says_otherwise() {
    for (status, advice) in [
        (500, RetryAdvice::Later),
        (501, RetryAdvice::Never),
        (505, RetryAdvice::Never),
        (507, RetryAdvice::Never),
    ] {
        for operation in [Operation::get(LIST), update()] {
            let rig = rig(vec![answer(status, "")]);
            let error = rig.client.request::<Value>(operation).send().await.unwrap_err();
            assert_eq!(error.retry_advice(), advice, "{error}");
            assert_eq!(
                error.next_step().contains("later"),
                advice == RetryAdvice::Later,
                "{error}"
            );
        }
    }
}
