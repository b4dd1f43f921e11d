//! Answers lost, the service throttling, failing, out of reach; orders that fail or never end.

use std::time::Duration;

use serde_json::{Value, json};
use trunkline_bulk::plan::StepId;
use trunkline_bulk::{BulkErrorKind, Ending};

use crate::fixture::{Fixture, PLACE, Plans, Setup, options, person};

fn post(end: &str, nth: u32, commit: bool, effect: Value) -> Value {
    json!({"method": "POST", "path": end, "nth": nth, "commit": commit, "effect": effect})
}

fn sent(fixture: &Fixture, method: &str, end: &str) -> usize {
    let requests = fixture.emulator.requests();
    let is_such =
        |request: &&trunkline_emulator::LoggedRequest| request.method == method && request.path.ends_with(end);
    requests.iter().filter(is_such).count()
}

#[tokio::test]
async fn an_answer_lost_after_the_order_was_placed_is_read_back() {
    for effect in [
        json!({"kind": "drop"}),
        json!({"kind": "status", "status": 504}),
        json!({"kind": "html", "status": 502}),
    ] {
        let fixture = Fixture::build(Setup::default()).await;
        fixture.fault(post("assignNumber", 1, true, effect.clone()));
        let plan = Plans::new(&Setup::default()).assign(0, 0).assign(1, 1).plan();
        let summary = fixture.run(&plan).await;
        assert_eq!((summary.done, fixture.orders(0) + fixture.orders(1)), (2, 2));
        let warnings = [2, 3].map(|line| fixture.row(line).warnings.concat());
        let reported = warnings.iter().filter(|text| text.contains("was lost")).count();
        let posts = sent(&fixture, "POST", "assignNumber");
        assert_eq!((reported, posts), (1, 2), "{effect}: {warnings:?}");
    }
}

#[tokio::test]
async fn an_order_that_never_arrived_is_sent_again_when_that_is_proven() {
    let setup = Setup {
        held: vec![(1, 1)],
        ..Setup::default()
    };
    for (plan, end) in [
        (Plans::new(&setup).assign(0, 0).plan(), "assignNumber"),
        (Plans::new(&setup).unassign(1).plan(), "unassignNumber"),
        (Plans::new(&setup).locate(4, Some(PLACE)).plan(), "updateNumber"),
    ] {
        let fixture = Fixture::build(setup.clone()).await;
        fixture.fault(post(end, 1, false, json!({"kind": "drop"})));
        let summary = fixture.run(&plan).await;
        assert_eq!(
            (summary.done, sent(&fixture, "POST", end)),
            (1, 2),
            "{:?}",
            fixture.read()
        );
        // A location is set once more without harm, so the client does not wait.
        let is_proven = end == "updateNumber" || fixture.clock.passed() >= Duration::from_secs(120);
        assert!(is_proven, "{end} {:?}", fixture.clock.passed());
        assert!(fixture.orders(0) + fixture.orders(1) <= 1);
    }
}

#[tokio::test]
async fn without_repeating_a_lost_answer_is_unknown_until_a_later_run_settles_it() {
    let fixture = Fixture::build(Setup::default()).await;
    fixture.fault(post("assignNumber", 1, false, json!({"kind": "drop"})));
    let plan = Plans::new(&Setup::default())
        .assign(0, 0)
        .assign_after(1, 1, &[StepId(2, 0)])
        .plan();
    let careful = options().repeat_after_read_back(false);
    fixture.run_with(&plan, &careful).await.expect("runs");
    fixture.agrees(&plan);
    assert_eq!(
        (fixture.ending(2), fixture.ending(3)),
        (Ending::Unknown, Ending::Skipped)
    );
    assert_eq!(sent(&fixture, "POST", "assignNumber"), 1);
    // The next run may repeat it, and goes on with what needed it.
    let summary = fixture.run(&plan).await;
    assert_eq!(
        (summary.done, fixture.orders(0), fixture.orders(1)),
        (2, 1, 1),
        "{:?}",
        fixture.read()
    );
}

#[tokio::test]
async fn a_service_that_throttles_or_fails_for_a_while_costs_time_and_nothing_else() {
    for effect in [
        json!({"kind": "status", "status": 429, "retryAfter": "40"}),
        json!({"kind": "status", "status": 429}),
        json!({"kind": "status", "status": 503}),
        json!({"kind": "html", "status": 502}),
        json!({"kind": "cut"}),
        json!({"kind": "drop"}),
    ] {
        for (method, path) in [
            ("POST", "assignNumber"),
            ("GET", "numberAssignments"),
            ("GET", "operations"),
        ] {
            let fixture = Fixture::build(Setup::default()).await;
            fixture.fault(json!({"method": method, "path": path, "nth": 2, "times": 9, "effect": effect}));
            let mut plans = Plans::new(&Setup::default());
            for index in 0..6 {
                plans = plans.assign(index, index);
            }
            let plan = plans.plan();
            let summary = fixture.run(&plan).await;
            assert_eq!(summary.done, 6, "{method} {path} {effect}: {:?}", fixture.read());
            for index in 0..6 {
                assert_eq!(fixture.orders(index), 1, "{method} {path} {effect}");
            }
        }
    }
}

#[tokio::test]
async fn a_service_that_stays_away_ends_the_run_and_the_next_goes_on() {
    let fixture = Fixture::build(Setup::default()).await;
    let plan = Plans::new(&Setup::default()).assign(0, 0).assign(1, 1).plan();
    fixture.fault(json!({"path": "*", "effect": {"kind": "status", "status": 503}}));
    let error = fixture.run_with(&plan, &options()).await.expect_err("is away");
    assert_eq!(error.kind(), BulkErrorKind::Service, "{error}");
    assert!(error.next_step().contains("continues where it stopped"));
    assert!(fixture.read().values().all(Option::is_none), "no row ended");
    fixture.emulator.clear_faults();
    assert_eq!(fixture.run(&plan).await.done, 2);
}

#[tokio::test]
async fn one_row_that_the_service_cannot_answer_does_not_hold_up_the_others() {
    let fixture = Fixture::build(Setup::default()).await;
    let path = format!("users/{}/authentication", person(3));
    fixture.fault(json!({"path": path, "effect": {"kind": "status", "status": 500}}));
    let plan = Plans::new(&Setup::default())
        .set_phone(3, "mobile", "+1 2065550130", &[])
        .assign(0, 0)
        .set_phone(4, "mobile", "+1 2065550140", &[])
        .plan();
    let summary = fixture.run(&plan).await;
    // The service refused nothing, so nothing has failed: the row is left to a later run.
    let counts = (summary.failed, summary.done, summary.open);
    assert_eq!(counts, (0, 2, 1), "{:?}", fixture.read());
    assert!(!summary.is_good() && summary.can_go_on());
    fixture.emulator.clear_faults();
    assert_eq!(fixture.run(&plan).await.done, 3);
}

#[tokio::test]
async fn a_token_that_is_refused_ends_the_run_before_any_row_is_blamed() {
    let fixture = Fixture::build(Setup::default()).await;
    let plan = Plans::new(&Setup::default()).assign(0, 0).assign(1, 1).plan();
    fixture.fault(json!({"path": "*", "effect": {"kind": "status", "status": 401}}));
    let error = fixture.run_with(&plan, &options()).await.expect_err("is refused");
    assert_eq!(error.kind(), BulkErrorKind::Service, "{error}");
    assert!(error.service().is_some() && fixture.read().values().all(Option::is_none));
    fixture.emulator.clear_faults();
    assert_eq!(fixture.run(&plan).await.done, 2);
}

#[tokio::test]
async fn an_order_that_does_not_end_is_pending_and_followed_by_the_next_run() {
    let fixture = Fixture::with(Setup::default(), |emulator| {
        emulator.stage_duration(Duration::from_secs(400))
    })
    .await;
    let plan = Plans::new(&Setup::default())
        .assign(0, 0)
        .assign_after(1, 1, &[StepId(2, 0)])
        .plan();
    let impatient = options().order_timeout(Duration::from_secs(30));
    fixture.run_with(&plan, &impatient).await.expect("runs");
    let row = fixture.row(2);
    assert_eq!((row.ending, row.operations.len()), (Ending::Pending, 1), "{row:?}");
    let waiting = fixture.row(3);
    assert_eq!((waiting.ending, fixture.orders(1)), (Ending::Pending, 0));
    assert!(waiting.failure.expect("says why").what.contains("row 2"));
    let patient = options().order_timeout(Duration::from_secs(3600));
    fixture.run_with(&plan, &patient).await.expect("runs");
    fixture.agrees(&plan);
    assert_eq!((fixture.ending(2), fixture.ending(3)), (Ending::Done, Ending::Done));
    assert_eq!((fixture.orders(0), fixture.orders(1)), (1, 1));
}

#[tokio::test]
async fn an_order_the_service_has_forgotten_is_read_back() {
    let fixture = Fixture::with(Setup::default(), |emulator| {
        emulator.stage_duration(Duration::from_secs(60))
    })
    .await;
    let plan = Plans::new(&Setup::default()).assign(0, 0).plan();
    let impatient = options().order_timeout(Duration::from_secs(10));
    fixture.run_with(&plan, &impatient).await.expect("runs");
    assert_eq!(fixture.ending(2), Ending::Pending);
    fixture.emulator.advance(Duration::from_secs(600));
    fixture.fault(json!({"path": "operations", "effect": {"kind": "status", "status": 404}}));
    fixture.run_with(&plan, &options()).await.expect("runs");
    fixture.agrees(&plan);
    assert_eq!((fixture.ending(2), fixture.orders(0)), (Ending::Done, 1));
}

#[tokio::test]
async fn what_the_service_refuses_is_failed_with_its_words() {
    let fixture = Fixture::build(Setup::default()).await;
    fixture.fault(post(
        "assignNumber",
        1,
        false,
        json!({"kind": "status", "status": 403, "code": "Forbidden", "message": "The role is missing."}),
    ));
    let plan = Plans::new(&Setup::default()).assign(0, 0).plan();
    fixture.run(&plan).await;
    let row = fixture.row(2);
    let failure = row.failure.expect("says why");
    assert_eq!(
        (row.ending, failure.kind.as_str(), failure.status),
        (Ending::Failed, "permissionDenied", Some(403))
    );
    assert_eq!(failure.service_message.as_deref(), Some("The role is missing."));
    assert_eq!(row.request_ids.len(), 1);
}

#[tokio::test]
async fn phone_methods_survive_lost_answers() {
    let setup = Setup {
        phones: vec![
            (5, "mobile", "+1 2065550150", false),
            (6, "office", "+1 2065550161", false),
        ],
        ..Setup::default()
    };
    let plan = Plans::new(&setup)
        .set_phone(4, "mobile", "+1 2065550140", &[])
        .set_phone(5, "mobile", "+1 2065550155", &[])
        .remove_phone(6, "office", &[])
        .sms(7, false)
        .verdict(trunkline_bulk::plan::Verdict::Refused)
        .plan();
    for commit in [false, true] {
        for (method, path) in [
            ("POST", "phoneMethods"),
            ("PATCH", "phoneMethods"),
            ("DELETE", "phoneMethods"),
        ] {
            let fixture = Fixture::build(setup.clone()).await;
            fixture
                .fault(json!({"method": method, "path": path, "nth": 1, "commit": commit, "effect": {"kind": "drop"}}));
            fixture.run_with(&plan, &options()).await.expect("runs");
            let endings = [2, 3, 4].map(|line| fixture.ending(line));
            assert_eq!(endings, [Ending::Done; 3], "{method} {commit}: {:?}", fixture.read());
            assert!(fixture.phone(6, "office").is_none());
            assert_eq!(
                fixture.phone(5, "mobile").map(|phone| phone.0).as_deref(),
                Some("+1 2065550155")
            );
        }
    }
}

#[tokio::test]
async fn a_removal_whose_answer_was_lost_is_ours_although_reading_back_fails_for_a_while() {
    let setup = Setup {
        phones: vec![
            (5, "mobile", "+1 2065550150", false),
            (6, "office", "+1 2065550161", false),
        ],
        ..Setup::default()
    };
    let plan = Plans::new(&setup)
        .set_phone(5, "mobile", "+1 2065550155", &[])
        .remove_phone(6, "office", &[])
        .plan();
    for effect in [
        json!({"kind": "status", "status": 429}),
        json!({"kind": "status", "status": 503}),
    ] {
        let fixture = Fixture::build(setup.clone()).await;
        for method in ["DELETE", "PATCH"] {
            fixture.fault(json!({
                "method": method, "path": "phoneMethods", "nth": 1, "commit": true, "effect": {"kind": "drop"},
            }));
        }
        // The first reads find both as they were planned; then nothing can be read for longer than a request is tried.
        fixture.fault(json!({"method": "GET", "path": "phoneMethods", "nth": 3, "times": 40, "effect": effect}));
        fixture.run_with(&plan, &options()).await.expect("runs");
        assert_eq!(
            [fixture.ending(2), fixture.ending(3)],
            [Ending::Done; 2],
            "{effect}: {:?}",
            fixture.read()
        );
        assert!(fixture.phone(6, "office").is_none());
    }
}
