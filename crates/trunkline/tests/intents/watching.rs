//! Intents that start from a known state, report progress before they send, and are stopped by a callback.

use std::future::{Future, IntoFuture};
use std::ops::ControlFlow;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use serde_json::json;
use trunkline::numbers::NumberChange;
use trunkline::phones::{PhoneChange, PhoneRole};
use trunkline::{ChangeProgress, Current, Error, ErrorKind, Operation};

use super::{ANA, BEN, FREE, Fixture};

type Trace = Arc<Mutex<Vec<String>>>;

fn trace(trace: &Trace) -> Vec<String> {
    trace.lock().expect("nobody panicked").clone()
}

/// Method and last part of the path of a request.
fn action(operation: &Operation) -> String {
    let end = operation.path().rsplit(['/', '.']).next().unwrap_or_default();
    format!("{} {end}", operation.method())
}

fn full() -> Error {
    Error::new(ErrorKind::Cancelled, "the disk is full").with_next_step("Make room")
}

fn in_words(progress: &ChangeProgress) -> String {
    match progress {
        ChangeProgress::Found(_) => "found".to_owned(),
        ChangeProgress::Sending(operation) => action(operation),
        ChangeProgress::Answered(meta) => format!("answered {}", meta.request_id().is_some()),
        ChangeProgress::Accepted { .. } => "accepted".to_owned(),
        ChangeProgress::Stage(_) | ChangeProgress::Settling => "waiting".to_owned(),
        ChangeProgress::InDoubt => "lost".to_owned(),
        other => panic!("unexpected progress: {other:?}"),
    }
}

fn recorder(trace: &Trace) -> impl Fn(&ChangeProgress) + Send + Sync + 'static {
    let trace = Arc::clone(trace);
    move |progress| {
        let mut trace = trace.lock().expect("nobody panicked");
        let word = in_words(progress);
        if trace.last() != Some(&word) {
            trace.push(word);
        }
    }
}

#[tokio::test]
async fn every_write_is_reported_before_and_after() {
    let fixture = Fixture::build().await;
    let words = Trace::default();
    let move_to = fixture
        .client
        .numbers()
        .move_to("+12065550100", ANA)
        .with_progress(recorder(&words));
    move_to.await.expect("moves");
    let order = ["answered true", "accepted", "waiting"];
    let mut expected = vec!["found", "POST unassignNumber"];
    expected.extend(order);
    expected.push("POST assignNumber");
    expected.extend(order);
    assert_eq!(trace(&words), expected);

    let words = Trace::default();
    let place = Some("10c00000-0000-4000-8000-000000000002".to_owned());
    let set = fixture
        .client
        .numbers()
        .set_location(FREE, place)
        .with_progress(recorder(&words));
    set.await.expect("sets");
    assert_eq!(trace(&words), ["found", "POST updateNumber", "answered true"]);
}

#[tokio::test]
async fn a_repeated_order_is_reported_again() {
    let fixture = Fixture::build().await;
    fixture.fault(json!({"method": "POST", "path": "assignNumber", "nth": 1, "effect": {"kind": "drop"}}));
    let words = Trace::default();
    let assign = fixture
        .client
        .numbers()
        .assign(FREE, ANA)
        .with_progress(recorder(&words));
    assign.with_repeat_after_read_back(true).await.expect("arrives");
    let expected = [
        "found",
        "POST assignNumber",
        "lost",
        "waiting",
        "POST assignNumber",
        "answered true",
        "accepted",
        "waiting",
    ];
    assert_eq!(trace(&words), expected);
}

#[tokio::test]
async fn a_watcher_stops_a_request_before_it_is_sent() {
    let fixture = Fixture::build().await;
    let stop = |progress: &ChangeProgress| match progress {
        ChangeProgress::Sending(_) => Err(full()),
        _ => Ok(()),
    };
    let numbers = fixture.client.numbers();
    let place = Some("10c00000-0000-4000-8000-000000000002".to_owned());
    let errors = [
        numbers
            .assign(FREE, ANA)
            .with_progress(stop)
            .await
            .expect_err("is stopped"),
        numbers
            .unassign("+12065550100")
            .with_progress(stop)
            .await
            .expect_err("is stopped"),
        numbers
            .set_location(FREE, place)
            .with_progress(stop)
            .await
            .expect_err("is stopped"),
    ];
    for error in errors {
        assert_eq!(
            (error.kind(), error.message()),
            (ErrorKind::Cancelled, "the disk is full")
        );
        assert!(!error.may_have_reached_service(), "{error}");
    }
    let requests = fixture.emulator.requests();
    assert!(requests.iter().all(|request| request.method == "GET"), "{requests:?}");
}

/// The test controls both sides: the change waits in its callback until the test has checked the requests and answered.
#[tokio::test]
async fn a_watcher_that_answers_later_is_waited_for() {
    type Answer = Pin<Box<dyn Future<Output = trunkline::Result<()>> + Send>>;
    for answer in [Ok(()), Err(full())] {
        let fixture = Fixture::build().await;
        let (sender, mut questions) = tokio::sync::mpsc::unbounded_channel();
        let watch = move |progress: &ChangeProgress| -> Answer {
            if !matches!(progress, ChangeProgress::Sending(_)) {
                return Box::pin(std::future::ready(Ok(())));
            }
            let (reply, replied) = tokio::sync::oneshot::channel();
            sender.send(reply).expect("the test listens");
            Box::pin(async move { replied.await.expect("the test answers") })
        };
        let change = tokio::spawn(
            fixture
                .client
                .numbers()
                .assign(FREE, ANA)
                .with_progress(watch)
                .into_future(),
        );
        let reply: tokio::sync::oneshot::Sender<_> = questions.recv().await.expect("is asked");
        assert_eq!(
            fixture.sent("POST", "/assignNumber"),
            0,
            "nothing is sent before the answer"
        );
        let is_stopped = answer.is_err();
        reply.send(answer).expect("the change waits");
        let ended = change.await.expect("does not panic");
        assert_eq!(ended.is_err(), is_stopped, "{ended:?}");
        assert_eq!(fixture.sent("POST", "/assignNumber"), usize::from(!is_stopped));
        if let Err(error) = ended {
            assert_eq!(
                (error.message(), error.may_have_reached_service()),
                ("the disk is full", false)
            );
        }
    }
}

#[tokio::test]
async fn a_watcher_that_stops_later_leaves_what_was_sent() {
    // After the first order of a move is accepted: the second is not placed.
    let fixture = Fixture::build().await;
    let stop = |progress: &ChangeProgress| match progress {
        ChangeProgress::Accepted { .. } => ControlFlow::Break(full()),
        _ => ControlFlow::Continue(()),
    };
    let move_to = fixture
        .client
        .numbers()
        .move_to("+12065550100", ANA)
        .with_progress(stop);
    let error = move_to.await.expect_err("is stopped");
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert!(error.may_have_reached_service(), "{error}");
    assert_eq!(
        (
            fixture.sent("POST", "unassignNumber"),
            fixture.sent("POST", "/assignNumber")
        ),
        (1, 0)
    );

    // Before the second order of a move: the number is free, and the error says so.
    let fixture = Fixture::build().await;
    let stop = |progress: &ChangeProgress| match progress {
        ChangeProgress::Sending(operation) if operation.path().ends_with("/assignNumber") => Err(full()),
        _ => Ok(()),
    };
    let move_to = fixture
        .client
        .numbers()
        .move_to("+12065550100", ANA)
        .with_progress(stop);
    let error = move_to.await.expect_err("is stopped");
    assert!(error.next_step().contains("is free now"), "{error}");
    assert_eq!(
        (
            fixture.sent("POST", "unassignNumber"),
            fixture.sent("POST", "/assignNumber")
        ),
        (1, 0)
    );
    assert_eq!(fixture.holder("+12065550100"), None);

    // While the number is read back.
    let fixture = Fixture::with(|emulator| emulator.activation_delay(std::time::Duration::from_secs(60))).await;
    let stop = |progress: &ChangeProgress| match progress {
        ChangeProgress::Settling => Err(full()),
        _ => Ok(()),
    };
    let error = fixture
        .client
        .numbers()
        .assign(FREE, ANA)
        .with_progress(stop)
        .await
        .expect_err("is stopped");
    assert!(
        error.may_have_reached_service() && error.next_step().contains("the order succeeded"),
        "{error}"
    );
}

#[tokio::test]
async fn a_state_that_is_known_is_not_read_again() {
    let fixture = Fixture::build().await;
    let numbers = fixture.client.numbers();
    let known = |found: Option<trunkline::teams_administration::NumberAssignment>| found.expect("is there");
    let free = known(numbers.get(FREE).await.expect("reads"));
    let bens = known(numbers.get("+12065550100").await.expect("reads"));
    fixture.emulator.clear_log();
    let outcome = numbers.assign(FREE, ANA).known(free.clone()).await.expect("assigns");
    assert_eq!((outcome.change, &outcome.before), (NumberChange::Done, &free));
    let first = &fixture.emulator.requests()[0];
    assert_eq!(first.method, "POST", "nothing is read first");
    fixture.emulator.clear_log();
    numbers.unassign("+12065550100").known(bens).await.expect("unassigns");
    assert_eq!(fixture.emulator.requests()[0].method, "POST");
    fixture.emulator.clear_log();
    assert_eq!(
        numbers
            .unassign(FREE)
            .known(free.clone())
            .await
            .expect("is free")
            .change,
        NumberChange::Already
    );
    assert!(fixture.emulator.requests().is_empty());
    let error = numbers
        .unassign("+12065550101")
        .known(free)
        .await
        .expect_err("is of another");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(fixture.emulator.requests().is_empty());
}

#[tokio::test]
async fn phone_changes_report_progress_can_be_stopped_and_start_from_a_known_state() {
    let fixture = Fixture::build().await;
    let ben = fixture.client.phones(BEN);
    let present = ben.list().await.expect("reads");
    let stop = |progress: &ChangeProgress| match progress {
        ChangeProgress::Sending(_) => Err(full()),
        _ => Ok(()),
    };
    let errors = [
        ben.set(PhoneRole::Office, "+1 2065550188")
            .with_progress(stop)
            .await
            .expect_err("is stopped"),
        ben.remove(PhoneRole::AlternateMobile)
            .with_progress(stop)
            .await
            .expect_err("is stopped"),
        fixture
            .client
            .phones(ANA)
            .disable_sms_sign_in()
            .with_progress(stop)
            .await
            .expect_err("is stopped"),
    ];
    for error in errors {
        assert!(
            error.kind() == ErrorKind::Cancelled && !error.may_have_reached_service(),
            "{error}"
        );
    }
    assert!(
        fixture
            .emulator
            .requests()
            .iter()
            .all(|request| request.method == "GET")
    );

    fixture.emulator.clear_log();
    let words = Trace::default();
    let record = {
        let words = Arc::clone(&words);
        move |progress: &ChangeProgress| {
            let word = match progress {
                ChangeProgress::Found(Current::Phones(methods)) => format!("found {}", methods.len()),
                ChangeProgress::Sending(operation) => operation.method().to_string(),
                ChangeProgress::Answered(_) => "answered".to_owned(),
                ChangeProgress::InDoubt => "in doubt".to_owned(),
                other => panic!("unexpected progress: {other:?}"),
            };
            words.lock().expect("nobody panicked").push(word);
        }
    };
    let count = present.len();
    let remove = ben
        .remove(PhoneRole::AlternateMobile)
        .known(present)
        .with_progress(record);
    assert_eq!(remove.await.expect("removes").change, PhoneChange::Removed);
    assert_eq!(
        trace(&words),
        [format!("found {count}"), "DELETE".to_owned(), "answered".to_owned()]
    );
    assert_eq!(fixture.emulator.requests()[0].method, "DELETE", "nothing is read first");
}
