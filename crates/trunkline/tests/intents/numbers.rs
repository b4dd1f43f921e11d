//! Changes to numbers: assigned, moved, unassigned, located, found.

use std::time::Duration;

use futures_util::TryStreamExt;
use serde_json::{Value, json};
use trunkline::ErrorKind;
use trunkline::numbers::NumberChange;

use super::{ANA, BEN, FREE, Fixture};

#[tokio::test]
async fn assigning_waits_reads_back_and_is_a_no_op_the_second_time() {
    let fixture = Fixture::build().await;
    let outcome = fixture
        .client
        .numbers()
        .assign("+1 (206) 123-4567", "ana@contoso.example")
        .await
        .expect("assigns");
    assert_eq!(outcome.change, NumberChange::Done);
    assert_eq!(outcome.after.assignment_target_id.as_deref(), Some(ANA));
    assert!(outcome.before.assignment_target_id.value().is_none());
    assert_eq!(outcome.orders.len(), 1);
    assert!(outcome.orders[0].verdicts.iter().all(|verdict| verdict.succeeded));
    let again = fixture
        .client
        .numbers()
        .assign(FREE, ANA)
        .await
        .expect("is already assigned");
    assert_eq!(again.change, NumberChange::Already);
    assert_eq!(fixture.sent("POST", "assignNumber"), 1);
}

#[tokio::test]
async fn a_number_of_another_is_moved_only_when_asked() {
    let fixture = Fixture::build().await;
    let error = fixture
        .client
        .numbers()
        .assign("+12065550100", "ana@contoso.example")
        .await
        .expect_err("is ben's");
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.next_step().contains("move_to"), "{error}");
    assert_eq!(fixture.sent("POST", "assignNumber"), 0);
    let outcome = fixture
        .client
        .numbers()
        .move_to("+12065550100", "ana@contoso.example")
        .await
        .expect("moves");
    assert_eq!(
        (outcome.orders.len(), outcome.before.assignment_target_id.as_deref()),
        (2, Some(BEN))
    );
    assert_eq!(fixture.holder("+12065550100").as_deref(), Some(ANA));
}

#[tokio::test]
async fn unassigning_frees_the_number_and_is_a_no_op_the_second_time() {
    let fixture = Fixture::build().await;
    let outcome = fixture
        .client
        .numbers()
        .unassign("+12065550100")
        .await
        .expect("unassigns");
    assert_eq!(outcome.change, NumberChange::Done);
    assert_eq!(fixture.holder("+12065550100"), None);
    let again = fixture
        .client
        .numbers()
        .unassign("+12065550100")
        .await
        .expect("is free");
    assert_eq!(again.change, NumberChange::Already);
    assert_eq!(fixture.sent("POST", "unassignNumber"), 1);
}

#[tokio::test]
async fn what_cannot_work_is_refused_before_anything_is_sent() {
    let fixture = Fixture::build().await;
    let numbers = fixture.client.numbers();
    for (number, to, kind) in [
        ("1.20656E+10", "ana@contoso.example", ErrorKind::InvalidInput),
        ("not a number", "ana@contoso.example", ErrorKind::InvalidInput),
        ("+12065559999", "ana@contoso.example", ErrorKind::NotFound),
        (FREE, "nobody@contoso.example", ErrorKind::NotFound),
        (FREE, " ", ErrorKind::InvalidInput),
    ] {
        let error = numbers.assign(number, to).await.expect_err("cannot work");
        assert_eq!(error.kind(), kind, "{number} to {to}: {error}");
        assert!(
            !error.to_string().contains('\n') && !error.next_step().is_empty(),
            "{error}"
        );
    }
    let error = numbers
        .assign(FREE, ANA)
        .number_type("directRouting")
        .await
        .expect_err("is a calling plan number");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(fixture.sent("POST", "assignNumber"), 0);
}

#[tokio::test]
async fn a_move_that_fails_half_way_says_what_is_certain() {
    let numbers = [
        "is free now; assign it again",
        "its assignment is in progress: read the number",
        "has an unknown outcome: read the number",
    ];
    let cases = [
        // Refused: it certainly did not happen.
        (
            json!({"kind": "status", "status": 403}),
            false,
            "ana",
            ErrorKind::PermissionDenied,
            numbers[0],
        ),
        (
            json!({"kind": "drop"}),
            false,
            "ana",
            ErrorKind::UnknownOutcome,
            numbers[2],
        ),
        (
            json!({"kind": "header", "name": "x-none"}),
            false,
            "carla",
            ErrorKind::OperationFailed,
            numbers[0],
        ),
    ];
    for (effect, commit, to, kind, words) in cases {
        let fixture = Fixture::build().await;
        fixture.fault(json!({"method": "POST", "path": "/assignNumber", "commit": commit, "effect": effect}));
        let to = format!("{to}@contoso.example");
        let error = fixture
            .client
            .numbers()
            .move_to("+12065550100", to)
            .await
            .expect_err("fails half way");
        assert_eq!(error.kind(), kind, "{error}");
        assert!(
            error.next_step().contains("+***00 was taken from its holder"),
            "{error}"
        );
        assert!(error.next_step().contains(words), "{error}");
    }
    let fixture = Fixture::build().await;
    fixture.fault(json!({"method": "GET", "path": "operations", "nth": 2, "times": 1000,
        "effect": {"kind": "set", "pointer": "/status", "value": "paused"}}));
    let error = fixture
        .client
        .numbers()
        .move_to("+12065550100", ANA)
        .await
        .expect_err("never ends");
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    assert!(
        error.next_step().contains(numbers[1]) && error.resume_token().is_some(),
        "{error}"
    );
}

fn held_by_ana(state: &str) -> Value {
    json!({"numbers": [{
        "id": "a-number", "telephoneNumber": FREE, "numberType": "callingPlan", "activationState": state,
        "capabilities": ["userAssignment"], "assignmentTargetId": ANA, "assignmentCategory": "primary",
        "assignmentStatus": "userAssigned", "numberSource": "online", "supportedCustomerActions": ["locationUpdate"],
    }]})
}

#[tokio::test]
async fn a_number_that_is_held_but_does_not_work_is_no_success() {
    for state in ["assignmentFailed", "updateFailed"] {
        let fixture = Fixture::with(|emulator| emulator.seed(held_by_ana(state))).await;
        let error = fixture
            .client
            .numbers()
            .assign(FREE, ANA)
            .await
            .expect_err("does not work");
        assert_eq!(
            (error.kind(), fixture.sent("POST", "assignNumber")),
            (ErrorKind::OperationFailed, 0)
        );
        assert!(
            error.message().contains(state) && error.next_step().contains("Unassign the number"),
            "{error}"
        );
    }
    let fixture = Fixture::with(|emulator| emulator.seed(held_by_ana("assignmentPending"))).await;
    // It is in service from the fifth look on.
    fixture.fault(
        json!({"method": "GET", "path": "numberAssignments", "nth": 5, "times": 1000,
        "effect": {"kind": "set", "pointer": "/value/0/activationState", "value": "activated"}}),
    );
    let outcome = fixture
        .client
        .numbers()
        .assign(FREE, ANA)
        .await
        .expect("comes into service");
    assert_eq!(
        (outcome.change, fixture.sent("POST", "assignNumber")),
        (NumberChange::Already, 0)
    );
    let fixture = Fixture::with(|emulator| emulator.seed(held_by_ana("assignmentPending"))).await;
    let error = fixture
        .client
        .numbers()
        .assign(FREE, ANA)
        .with_timeout(Duration::from_secs(90))
        .await
        .expect_err("stays");
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    assert!(!error.message().contains("order succeeded"), "{error}");
}

#[tokio::test]
async fn who_and_what_is_unknown_is_named() {
    let fixture = Fixture::build().await;
    let error = fixture
        .client
        .numbers()
        .assign(FREE, "ada@contoso.example")
        .await
        .expect_err("is nobody");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(
        error.message().starts_with("there is no user a***@contoso.example"),
        "{error}"
    );
    assert!(error.next_step().contains("spelling"), "{error}");
    let error = fixture
        .client
        .phones("ada@contoso.example")
        .list()
        .await
        .expect_err("is nobody");
    assert!(
        error.message().starts_with("there is no user a***@contoso.example"),
        "{error}"
    );
    let error = fixture
        .client
        .numbers()
        .assign("+12065559999", ANA)
        .await
        .expect_err("is not the tenant's");
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn the_location_is_set_cleared_and_left_alone() {
    let fixture = Fixture::build().await;
    let numbers = fixture.client.numbers();
    let place = || Some("10c00000-0000-4000-8000-000000000002".to_owned());
    assert_eq!(
        numbers.set_location(FREE, place()).await.expect("sets").change,
        NumberChange::Done
    );
    assert_eq!(
        numbers.set_location(FREE, place()).await.expect("is so").change,
        NumberChange::Already
    );
    assert_eq!(
        numbers.set_location(FREE, None).await.expect("clears").change,
        NumberChange::Done
    );
    assert_eq!(fixture.sent("POST", "updateNumber"), 2);
}

#[tokio::test]
async fn a_location_is_read_until_it_shows() {
    let fixture = Fixture::build().await;
    let place = Some("10c00000-0000-4000-8000-000000000002".to_owned());
    // The inventory is behind for three looks.
    fixture.fault(
        json!({"method": "GET", "path": "numberAssignments", "nth": 1, "times": 4,
        "effect": {"kind": "set", "pointer": "/value/0/locationId", "value": null}}),
    );
    assert_eq!(
        fixture
            .client
            .numbers()
            .set_location(FREE, place.clone())
            .await
            .expect("shows")
            .change,
        NumberChange::Done
    );
    fixture.emulator.clear_faults();
    fixture.fault(json!({"method": "GET", "path": "numberAssignments",
        "effect": {"kind": "set", "pointer": "/value/0/locationId", "value": null}}));
    let set = fixture
        .client
        .numbers()
        .set_location(FREE, place)
        .with_timeout(Duration::from_secs(30));
    let set = set.await.expect("was accepted");
    assert!(!set.seen && set.warnings[0].contains("location's id"), "{set:?}");
}

#[tokio::test]
async fn the_next_free_number_is_found_by_city_and_country() {
    let fixture = Fixture::build().await;
    let found = fixture
        .client
        .numbers()
        .next_free()
        .country("us")
        .city("seattle")
        .first()
        .await
        .expect("reads");
    let found = found.expect("there is one");
    assert_eq!(found.city.as_deref(), Some("Seattle"));
    let all = fixture
        .client
        .numbers()
        .list()
        .prefix("+120655501")
        .all()
        .await
        .expect("reads");
    assert!(all.len() > 3);
}

#[tokio::test]
async fn a_short_page_is_not_the_end_of_the_inventory() {
    let fixture = Fixture::build().await;
    let numbers: Vec<_> = (0..1300)
        .map(|number| json!({"telephoneNumber": format!("+1206556{number:04}"), "numberType": "callingPlan"}))
        .collect();
    fixture.emulator.seed(&json!({ "numbers": numbers })).expect("a seed");
    let query = || fixture.client.numbers().list().prefix("+1206556");
    assert_eq!(query().all().await.expect("reads").len(), 1300);
    fixture.fault(
        json!({"method": "GET", "path": "*/numberAssignments", "nth": 1, "times": 1,
        "effect": {"kind": "remove", "pointer": "/value/999"}}),
    );
    let pages: Vec<_> = query().pages().try_collect().await.expect("reads");
    let found: usize = pages.iter().map(|page| page.items.len()).sum();
    // `$skip` counts the rows that arrived, so the next page begins with those that this one left out.
    assert_eq!(found, 1300);
    assert!(pages.last().is_some_and(|page| page.doubt().is_none()));
    fixture.emulator.clear_faults();
    fixture.fault(
        json!({"method": "GET", "path": "*/numberAssignments", "nth": 1, "times": 1,
        "effect": {"kind": "remove", "pointer": "/value/0"}}),
    );
    let pages: Vec<_> = fixture
        .client
        .numbers()
        .list()
        .pages()
        .try_collect()
        .await
        .expect("reads");
    let found: usize = pages.iter().map(|page| page.items.len()).sum();
    let all = fixture.client.numbers().list().all().await.expect("reads").len();
    assert_eq!(found, all - 1);
    let doubt = pages.last().and_then(|page| page.doubt());
    assert_eq!(
        doubt,
        Some(&trunkline::ListDoubt::Repeated(1)),
        "pages that overlap are noticed"
    );
}

#[tokio::test]
async fn one_number_is_one_request() {
    let fixture = Fixture::build().await;
    let before = fixture.emulator.requests().len();
    assert!(
        fixture
            .client
            .numbers()
            .get("+12065550100")
            .await
            .expect("reads")
            .is_some()
    );
    assert!(
        fixture
            .client
            .numbers()
            .get("+12065550999")
            .await
            .expect("reads")
            .is_none()
    );
    assert_eq!(fixture.emulator.requests().len() - before, 2);
}
