//! Accepted changes that a read does not show at once, or shows once and then not.

use serde_json::{Value, json};
use trunkline_bulk::plan::{StepId, Verdict};
use trunkline_bulk::{Bulk, Ending, Journal};

use crate::fixture::{Fixture, PLACE, Plans, Setup, options, person};

/// The list of phone methods as it is read the n-th time, and so often after that.
fn stale_phones(nth: u32, times: u32, methods: &Value) -> Value {
    json!({
        "method": "GET", "path": "*/authentication/phoneMethods", "nth": nth, "times": times,
        "effect": {"kind": "set", "pointer": "/value", "value": methods},
    })
}

fn mobile(number: &str, sms: &str) -> Value {
    json!([{
        "@odata.type": "#microsoft.graph.phoneAuthenticationMethod",
        "id": "3179e48a-750b-4051-897c-87b9720928f7", "phoneType": "mobile", "phoneNumber": number,
        "smsSignInState": sms,
    }])
}

fn changes(fixture: &Fixture) -> usize {
    let requests = fixture.emulator.requests();
    let is_change = |request: &&trunkline_emulator::LoggedRequest| {
        request.method != "GET" && !request.path.ends_with("$batch") && request.path.contains("/v1.0/")
    };
    requests.iter().filter(is_change).count()
}

#[tokio::test]
async fn a_change_that_shows_late_is_done() {
    let setup = Setup {
        phones: vec![(5, "mobile", "+1 2065550150", false)],
        ..Setup::default()
    };
    let before = mobile("+1 2065550150", "notEnabled");
    for (plan, old) in [
        (
            Plans::new(&setup).set_phone(4, "mobile", "+1 2065550140", &[]).plan(),
            json!([]),
        ),
        (
            Plans::new(&setup).set_phone(5, "mobile", "+1 2065550155", &[]).plan(),
            before.clone(),
        ),
        (Plans::new(&setup).remove_phone(5, "mobile", &[]).plan(), before.clone()),
        (Plans::new(&setup).sms(5, true).plan(), before),
    ] {
        for effect in [
            json!({"kind": "set", "pointer": "/value", "value": old}),
            json!({"kind": "status", "status": 404, "code": "resourceNotFound"}),
        ] {
            let fixture = Fixture::build(setup.clone()).await;
            fixture.fault(json!({
                "method": "GET", "path": "*/authentication/phoneMethods", "nth": 2, "times": 4, "effect": effect,
            }));
            let summary = fixture.run(&plan).await;
            assert_eq!(
                (summary.done, changes(&fixture)),
                (1, 1),
                "{effect}: {:?}",
                fixture.read()
            );
        }
    }
}

#[tokio::test]
async fn a_change_that_does_not_show_is_not_seen_until_a_later_run_sees_it() {
    let setup = Setup {
        phones: vec![(5, "mobile", "+1 2065550150", false)],
        ..Setup::default()
    };
    let fixture = Fixture::build(setup.clone()).await;
    let plan = Plans::new(&setup)
        .set_phone(4, "mobile", "+1 2065550140", &[])
        .set_phone(4, "alternateMobile", "+1 2065550141", &[StepId(2, 0)])
        .plan();
    fixture.fault(stale_phones(2, 10_000, &json!([])));
    let (summary, rows) = fixture.run_with(&plan, &options()).await.expect("runs");
    assert_eq!(
        (summary.not_seen, summary.pending, summary.failed),
        (1, 1, 0),
        "{rows:?}"
    );
    assert!(!summary.is_good() && summary.can_go_on());
    let row = fixture.row(2);
    let failure = row.failure.expect("says why");
    assert_eq!((row.ending, failure.kind.as_str()), (Ending::NotSeen, "notSeen"));
    assert_eq!((changes(&fixture), row.request_ids.len()), (1, 1));
    assert_eq!(fixture.ending(3), Ending::Pending, "it needs what is not seen");

    // The way back has it, and says that it cannot go yet.
    let journal = || Journal::open(fixture.journal()).expect("opens");
    let back = Bulk::new(&fixture.client).undo(&journal()).await.expect("plans");
    assert_eq!(
        (back.rows.len(), back.rows[0].verdict),
        (1, Verdict::Refused),
        "{:?}",
        back.rows
    );
    assert_eq!(back.rows[0].findings[0].code, "notSeen");

    // The next run reads it again, sends it no more, and goes on with what needed it.
    fixture.emulator.clear_faults();
    let summary = fixture.run(&plan).await;
    assert_eq!((summary.done, changes(&fixture)), (2, 2), "{:?}", fixture.read());
    let back = Bulk::new(&fixture.client).undo(&journal()).await.expect("plans");
    assert_eq!(fixture.row(2).request_ids.len(), 1, "the id of the request is kept");
    let verdicts: Vec<_> = back.rows.iter().map(|row| row.verdict).collect();
    assert_eq!(verdicts, [Verdict::Change; 2], "{:?}", back.rows);
}

#[tokio::test]
async fn what_is_read_may_show_the_change_and_then_not_again() {
    // The second row needs the first: a reading of how it was before says nothing against it.
    let setup = Setup {
        held: vec![(1, 1), (2, 2)],
        ..Setup::default()
    };
    for nth in 2..9 {
        let fixture = Fixture::build(setup.clone()).await;
        let plan = Plans::new(&setup)
            .set_phone(4, "mobile", "+1 2065550140", &[])
            .set_phone(4, "alternateMobile", "+1 2065550141", &[StepId(2, 0)])
            .plan();
        fixture.fault(stale_phones(nth, 1, &json!([])));
        let summary = fixture.run(&plan).await;
        assert_eq!((summary.done, changes(&fixture)), (2, 2), "{nth}: {:?}", fixture.read());
    }
    for nth in 2..9 {
        let fixture = Fixture::build(setup.clone()).await;
        let plan = Plans::new(&setup).assign(1, 3).plan();
        let held = json!({"kind": "all", "effects": [
            {"kind": "set", "pointer": "/value/*/assignmentTargetId", "value": person(1)},
            {"kind": "set", "pointer": "/value/*/assignmentStatus", "value": "userAssigned"},
        ]});
        fixture.fault(json!({
            "method": "GET", "path": "*/numberAssignments", "nth": nth, "times": 1, "effect": held,
        }));
        let summary = fixture.run(&plan).await;
        assert_eq!((summary.done, fixture.orders(1)), (1, 2), "{nth}: {:?}", fixture.read());
    }
}

#[tokio::test]
async fn a_location_that_was_accepted_and_does_not_show_is_not_seen() {
    let fixture = Fixture::build(Setup::default()).await;
    let plan = Plans::new(&Setup::default()).locate(4, Some(PLACE)).plan();
    fixture.fault(json!({
        "method": "GET", "path": "*/numberAssignments", "nth": 2, "times": 10_000,
        "effect": {"kind": "set", "pointer": "/value/*/locationId", "value": null},
    }));
    fixture.run_with(&plan, &options()).await.expect("runs");
    assert_eq!(
        (fixture.ending(2), changes(&fixture)),
        (Ending::NotSeen, 1),
        "{:?}",
        fixture.read()
    );
    fixture.emulator.clear_faults();
    assert_eq!((fixture.run(&plan).await.done, changes(&fixture)), (1, 1));
}

#[tokio::test]
async fn verifying_reads_more_than_once() {
    let fixture = Fixture::build(Setup::default()).await;
    let plan = Plans::new(&Setup::default())
        .set_phone(4, "mobile", "+1 2065550140", &[])
        .assign(0, 0)
        .plan();
    assert_eq!(fixture.run(&plan).await.done, 2);
    for effect in [
        json!({"kind": "set", "pointer": "/responses/*/body/value", "value": []}),
        json!({"kind": "set", "pointer": "/value", "value": []}),
    ] {
        for path in ["*/$batch", "*/authentication/phoneMethods", "*/numberAssignments"] {
            fixture.fault(json!({"path": path, "times": 2, "effect": effect}));
        }
    }
    let journal = Journal::open(fixture.journal()).expect("opens");
    let rows = Bulk::new(&fixture.client).verify(&journal).await.expect("verifies");
    assert!(rows.iter().all(|row| row.holds), "{rows:?}");
}

#[tokio::test]
async fn a_change_that_was_accepted_and_then_shows_a_refusal_has_failed() {
    let setup = Setup {
        phones: vec![(5, "mobile", "+1 2065550150", false)],
        ..Setup::default()
    };
    let fixture = Fixture::build(setup.clone()).await;
    let plan = Plans::new(&setup).sms(5, true).plan();
    fixture.fault(stale_phones(2, 10_000, &mobile("+1 2065550150", "notAllowedByPolicy")));
    let (summary, rows) = fixture.run_with(&plan, &options()).await.expect("runs");
    assert_eq!(
        (summary.failed, summary.not_seen, changes(&fixture)),
        (1, 0, 1),
        "{rows:?}"
    );
    let failure = rows[0].failure.as_ref().expect("a reason");
    assert!(failure.what.contains("notAllowedByPolicy"), "{failure:?}");
}
