//! Answers that do not come, come too late, or ask to wait.

use std::time::Duration;

use trunkline::teams_administration::NumberType;
use trunkline::{ErrorKind, RetryAdvice, RetryPolicy};
use trunkline_contract::Reply;

use crate::{assign, failed, numbers, rig};

fn location() -> Reply {
    let location = "/v1.0/admin/teams/telephoneNumberManagement/operations('o')";
    Reply::status(202).header("Location", location)
}

#[tokio::test]
async fn a_write_whose_answer_is_lost_is_sent_once_and_its_outcome_unknown() {
    let rig = rig(vec![Reply::silence(), location()]).await;
    let error = failed(rig.assign().await, ErrorKind::UnknownOutcome, "assign");
    assert_eq!((rig.requests(), error.attempts()), (1, 1));
    assert!(error.may_have_reached_service());
    assert_eq!(error.retry_advice(), RetryAdvice::AfterReadBack);
    assert!(
        error.next_step().contains("telephoneNumber eq"),
        "it says what to read: {error}"
    );
    assert!(
        !error.to_string().contains("1234567"),
        "the number is not shown: {error}"
    );

    let rig = crate::rig(vec![Reply::silence(); 2]).await;
    let unassign = numbers(&rig.client).unassign_number("+12061234567", NumberType::CallingPlan);
    failed(unassign.await, ErrorKind::UnknownOutcome, "unassign");
    let user = rig.client.graph().users().by_id("ana@contoso.example").authentication();
    let reset = user
        .methods()
        .by_id("28c10230-6103-485e-b985-444c60001490")
        .reset_password();
    failed(reset.await, ErrorKind::UnknownOutcome, "reset");
    assert_eq!(rig.requests(), 2);
}

#[tokio::test]
async fn no_policy_makes_a_write_be_sent_twice() {
    let rig = rig(vec![Reply::silence(); 4]).await;
    let call = numbers(&rig.client)
        .assign_number("+12061234567", "x", NumberType::CallingPlan)
        .request();
    failed(
        call.with_retry(RetryPolicy::default().with_attempts(10)).await,
        ErrorKind::UnknownOutcome,
        "assign",
    );
    assert_eq!(rig.requests(), 1);
}

#[tokio::test]
async fn an_answer_that_is_cut_off_is_no_answer() {
    let whole = "{\"id\":\"x\",\"telephoneNumber\":\"+12065550100\"}";
    let rig = rig(vec![
        Reply::json(200, whole).cut(20),
        Reply::silence(),
        Reply::json(200, whole),
    ])
    .await;
    assert_eq!(rig.read().await.unwrap().id, Some("x"));
    assert_eq!(rig.requests(), 3, "a read is repeated");

    let rig = crate::rig(vec![Reply::json(200, whole).cut(20); 8]).await;
    let error = failed(rig.read().await, ErrorKind::Connection, "cut");
    assert_eq!((rig.requests(), error.attempts()), (4, 4));

    // Cut at a place where what came is JSON.
    let rig = crate::rig(vec![Reply::json(200, "{}   {}").cut(2); 8]).await;
    failed(rig.read().await, ErrorKind::Connection, "cut after an object");

    // The status of a write says that it happened, but not what.
    let rig = crate::rig(vec![Reply::json(201, whole).cut(20); 8]).await;
    let phones = rig.client.graph().me().authentication().phone_methods();
    let phone = trunkline::graph::PhoneAuthenticationMethod::new("+1 2065550100", "mobile");
    failed(phones.create(&phone).await, ErrorKind::UnknownOutcome, "create");
    assert_eq!(rig.requests(), 1);
}

#[tokio::test]
async fn a_gateway_that_waited_in_vain_is_asked_again_for_reads_only() {
    let rig = rig(vec![Reply::status(504), Reply::json(200, "{\"id\":\"x\"}")]).await;
    assert_eq!(rig.read().await.unwrap().id, Some("x"));
    assert_eq!((rig.requests(), rig.clock.waits().len()), (2, 1));
    assert_eq!(rig.server.seen()[1].header("retry-attempt"), Some("1"));

    let rig = crate::rig(vec![Reply::status(504), location()]).await;
    failed(rig.assign().await, ErrorKind::UnknownOutcome, "assign");
    assert_eq!((rig.requests(), rig.clock.waits().len()), (1, 0));
}

#[tokio::test]
async fn a_write_that_ends_in_the_same_state_is_repeated() {
    let rig = rig(vec![Reply::status(504), Reply::silence(), Reply::status(200)]).await;
    numbers(&rig.client)
        .update_number("+12061234567")
        .location_id("x".to_owned())
        .await
        .unwrap();
    assert_eq!(rig.requests(), 3);
}

#[tokio::test]
async fn a_wait_longer_than_the_deadline_fails_at_once() {
    let throttled = || Reply::json(429, "{\"error\":{\"code\":\"TooManyRequests\"}}").header("Retry-After", "120");
    for write in [false, true] {
        let rig = rig(vec![throttled(), location()]).await;
        let call = numbers(&rig.client)
            .assign_number("+12061234567", "x", NumberType::CallingPlan)
            .request();
        let timeout = Duration::from_secs(30);
        let error = if write {
            failed(call.with_timeout(timeout).await, ErrorKind::Throttled, "write")
        } else {
            let read = numbers(&rig.client).by_id("id").get();
            failed(read.with_timeout(timeout).await, ErrorKind::Throttled, "read")
        };
        assert_eq!(
            (rig.requests(), rig.clock.waits().len()),
            (1, 0),
            "neither waited nor repeated"
        );
        assert!(!error.may_have_reached_service(), "429 was not carried out: {error:?}");
        let RetryAdvice::Until(moment) = error.retry_advice() else {
            panic!("{error:?}")
        };
        let now = trunkline::Clock::now(&rig.clock);
        assert!(
            moment.duration_since(now)
                >= trunkline::Timestamp::UNIX_EPOCH.duration_until(trunkline::Timestamp::from_second(120).unwrap()),
            "{moment}"
        );
        // The next request of the group fails in the same way without being sent.
        let read = numbers(&rig.client).by_id("id").get().with_timeout(timeout);
        if !write {
            failed(read.await, ErrorKind::Throttled, "the next one");
            assert_eq!(rig.requests(), 1);
        }
    }
}

#[tokio::test]
async fn a_wait_that_was_asked_for_is_waited_and_the_write_repeated() {
    let rig = rig(vec![Reply::status(429).header("Retry-After", "7"), location()]).await;
    rig.assign().await.unwrap();
    assert_eq!(rig.requests(), 2);
    let waits = rig.clock.waits();
    assert!(waits.len() == 1 && waits[0] >= Duration::from_secs(7), "{waits:?}");
}

#[tokio::test]
async fn a_refused_connection_is_not_an_unknown_outcome() {
    let rig = rig(vec![]).await;
    let clock = trunkline::TestClock::default();
    // A port that was free a moment ago, and that nobody listens on.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let root = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let client = crate::builder(&root, &clock).build().unwrap();
    let error = failed(
        assign(&client, "+12061234567").await,
        ErrorKind::Connection,
        "nobody listens",
    );
    assert!(!error.may_have_reached_service() && error.attempts() == 4, "{error:?}");
    assert_eq!(rig.requests(), 0);
}
