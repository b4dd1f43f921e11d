//! Orders on their way: answers lost, failures, deadlines, and taking one up again.

use std::time::Duration;

use serde_json::json;
use trunkline::ErrorKind;
use trunkline::numbers::NumberChange;
use trunkline::teams_administration::ActivationState;
use trunkline_emulator::EmulatorBuilder;

use super::{ANA, FREE, Fixture};

#[tokio::test]
async fn an_answer_lost_after_the_order_was_placed_does_not_place_it_twice() {
    let effects = [
        json!({"kind": "drop"}),
        json!({"kind": "status", "status": 504}),
        json!({"kind": "html", "status": 502}),
    ];
    for effect in effects {
        let fixture = Fixture::build().await;
        fixture.fault(json!({"method": "POST", "path": "assignNumber", "nth": 1, "commit": true, "effect": effect}));
        let outcome = fixture
            .client
            .numbers()
            .assign(FREE, ANA)
            .await
            .expect("is settled by reading");
        assert_eq!(
            (outcome.change, fixture.sent("POST", "assignNumber")),
            (NumberChange::Done, 1)
        );
        assert_eq!(outcome.orders[0].id, None);
    }
}

#[tokio::test]
async fn an_order_that_never_arrived_is_unknown_and_not_placed_again() {
    let fixture = Fixture::build().await;
    fixture.fault(json!({"method": "POST", "path": "assignNumber", "nth": 1, "effect": {"kind": "drop"}}));
    let assign = fixture
        .client
        .numbers()
        .assign(FREE, ANA)
        .with_timeout(Duration::from_secs(5));
    let error = assign.await.expect_err("nobody knows");
    assert_eq!(
        (error.kind(), fixture.sent("POST", "assignNumber")),
        (ErrorKind::UnknownOutcome, 1)
    );
    assert!(error.may_have_reached_service());
    for part in ["+***67", "numberAssignments.list", "was not sent again", "3 seconds"] {
        assert!(error.next_step().contains(part), "{part}: {error}");
    }
    assert_eq!(fixture.holder(FREE), None);
}

#[tokio::test]
async fn an_order_is_repeated_after_reading_only_when_asked_and_once() {
    let drop = |nth: u32, times: u32| json!({"method": "POST", "path": "assignNumber", "nth": nth, "times": times, "effect": {"kind": "drop"}});
    let fixture = Fixture::build().await;
    fixture.fault(drop(1, 1));
    let outcome = fixture
        .client
        .numbers()
        .assign(FREE, ANA)
        .with_repeat_after_read_back(true)
        .await
        .expect("arrives");
    assert_eq!(
        (outcome.change, fixture.sent("POST", "assignNumber")),
        (NumberChange::Done, 2)
    );
    assert!(
        fixture.waited() >= Duration::from_secs(590),
        "the number is read for half of twenty minutes first"
    );
    assert_eq!(fixture.holder(FREE).as_deref(), Some(ANA));

    let fixture = Fixture::build().await;
    fixture.fault(drop(1, 9));
    let error = fixture
        .client
        .numbers()
        .assign(FREE, ANA)
        .with_repeat_after_read_back(true)
        .await
        .expect_err("is lost");
    assert_eq!(
        (error.kind(), fixture.sent("POST", "assignNumber")),
        (ErrorKind::UnknownOutcome, 2)
    );

    // An order that is known to be in progress is never repeated.
    let fixture = Fixture::with(|emulator| emulator.stage_duration(Duration::from_secs(50))).await;
    fixture
        .fault(json!({"method": "POST", "path": "assignNumber", "nth": 1, "commit": true, "effect": {"kind": "drop"}}));
    let assign = fixture
        .client
        .numbers()
        .assign(FREE, ANA)
        .with_timeout(Duration::from_secs(1));
    let error = assign.with_repeat_after_read_back(true).await.expect_err("is pending");
    assert_eq!(
        (error.kind(), fixture.sent("POST", "assignNumber")),
        (ErrorKind::UnknownOutcome, 1)
    );
}

#[tokio::test]
async fn a_slow_order_whose_answer_was_lost_is_placed_once_however_long_it_takes() {
    let faults = [
        (json!({"kind": "drop"}), true, ErrorKind::UnknownOutcome),
        (
            json!({"kind": "status", "status": 503}),
            true,
            ErrorKind::UnknownOutcome,
        ),
        (json!({"kind": "replaceLocation"}), false, ErrorKind::AcceptedUntracked),
    ];
    for (effect, commit, kind) in faults {
        let fault = json!({"method": "POST", "path": "assignNumber", "nth": 1, "commit": commit, "effect": effect});
        for deadline in [Some(Duration::from_secs(3)), None] {
            let fixture = Fixture::with(|emulator| emulator.stage_duration(Duration::from_secs(600))).await;
            fixture.fault(fault.clone());
            let mut assign = fixture.client.numbers().assign(FREE, ANA);
            if let Some(deadline) = deadline {
                assign = assign.with_timeout(deadline);
            }
            let error = assign.await.expect_err("is not at its end");
            assert_eq!(
                (error.kind(), fixture.sent("POST", "assignNumber")),
                (kind, 1),
                "{error}"
            );
            assert!(
                error.may_have_reached_service() && error.next_step().contains("was not sent again"),
                "{error}"
            );
        }
        let fixture = Fixture::with(|emulator| emulator.stage_duration(Duration::from_secs(600))).await;
        fixture.fault(fault);
        let patient = fixture
            .client
            .numbers()
            .assign(FREE, ANA)
            .with_timeout(Duration::from_secs(1800));
        let outcome = patient.await.expect("is settled by reading");
        assert_eq!(
            (outcome.change, fixture.sent("POST", "assignNumber")),
            (NumberChange::Done, 1)
        );
    }
}

#[tokio::test]
async fn a_lost_unassignment_is_settled_by_reading_too() {
    let fixture = Fixture::build().await;
    fixture.fault(
        json!({"method": "POST", "path": "unassignNumber", "nth": 1, "commit": true, "effect": {"kind": "drop"}}),
    );
    let outcome = fixture
        .client
        .numbers()
        .unassign("+12065550100")
        .await
        .expect("is settled by reading");
    assert_eq!(
        (outcome.change, fixture.sent("POST", "unassignNumber")),
        (NumberChange::Done, 1)
    );
    let fixture = Fixture::build().await;
    fixture.fault(json!({"method": "POST", "path": "unassignNumber", "nth": 1, "effect": {"kind": "drop"}}));
    let error = fixture
        .client
        .numbers()
        .unassign("+12065550100")
        .await
        .expect_err("never arrived");
    assert_eq!(
        (error.kind(), fixture.sent("POST", "unassignNumber")),
        (ErrorKind::UnknownOutcome, 1)
    );
}

#[tokio::test]
async fn the_success_of_an_order_is_kept_when_reading_back_fails() {
    let fixture = Fixture::build().await;
    fixture.fault(json!({"method": "GET", "path": "numberAssignments", "nth": 2, "times": 1000, "effect": {"kind": "status", "status": 403}}));
    let error = fixture
        .client
        .numbers()
        .assign(FREE, ANA)
        .await
        .expect_err("cannot be read back");
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert!(error.may_have_reached_service());
    assert!(error.message().starts_with("the order succeeded (order id "), "{error}");
    assert!(
        error.next_step().starts_with("Read +***67 before anything else"),
        "{error}"
    );
    // A service that is down for a while is waited for.
    let fixture = Fixture::build().await;
    fixture.fault(json!({"method": "GET", "path": "numberAssignments", "nth": 2, "times": 12, "effect": {"kind": "status", "status": 503}}));
    assert_eq!(
        fixture
            .client
            .numbers()
            .assign(FREE, ANA)
            .await
            .expect("comes back")
            .change,
        NumberChange::Done
    );
}

#[tokio::test]
async fn reading_back_takes_what_is_left_of_the_deadline() {
    let slow = |emulator: EmulatorBuilder| emulator.activation_delay(Duration::from_secs(300));
    let fixture = Fixture::with(slow).await;
    let outcome = fixture
        .client
        .numbers()
        .assign(FREE, ANA)
        .await
        .expect("five minutes are within ten");
    assert_eq!(outcome.after.activation_state, Some(ActivationState::Activated));
    let fixture = Fixture::with(slow).await;
    let error = fixture
        .client
        .numbers()
        .assign(FREE, ANA)
        .with_timeout(Duration::from_secs(120))
        .await
        .expect_err("late");
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(
        error.message().contains("the order succeeded") && error.message().contains("assignmentPending"),
        "{error}"
    );
    assert!(fixture.waited() <= Duration::from_secs(125), "{:?}", fixture.waited());
}

#[tokio::test]
async fn an_order_is_followed_from_its_token_and_its_number_read_back() {
    let fixture = Fixture::build().await;
    let token = fixture.place(FREE).await;
    let outcome = fixture.client.numbers().follow(&token).await.expect("ends");
    assert_eq!(
        outcome
            .after
            .as_ref()
            .and_then(|after| after.assignment_target_id.as_deref()),
        Some(ANA)
    );
    assert!(
        outcome.warnings.is_empty() && outcome.order.verdicts[0].succeeded,
        "{outcome:?}"
    );
    assert_eq!(outcome.to_string(), format!("{FREE} is assigned to {ANA}"));
    assert_eq!(fixture.sent("POST", "assignNumber"), 1);

    fixture.fault(json!({"method": "GET", "path": "operations", "effect": {"kind": "remove", "pointer": "/numbers/0/resourceLocation"}}));
    let outcome = fixture.client.numbers().follow(&token).await.expect("ended");
    assert_eq!((outcome.after, outcome.warnings.len()), (None, 1));

    // Nothing is sent elsewhere, whatever the order says of its number.
    fixture.emulator.clear_faults();
    fixture.fault(json!({"method": "GET", "path": "operations",
        "effect": {"kind": "set", "pointer": "/numbers/0/resourceLocation", "value": "https://evil.example/users/a"}}));
    let outcome = fixture.client.numbers().follow(&token).await.expect("ended");
    assert_eq!((outcome.after, outcome.warnings.len()), (None, 1));

    let error = fixture
        .client
        .numbers()
        .follow("eyJubyB0b2tlbg")
        .await
        .expect_err("is none");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[tokio::test]
async fn following_waits_for_the_number_and_tells_of_a_failure() {
    let fixture = Fixture::with(|emulator| emulator.activation_delay(Duration::from_secs(200))).await;
    let token = fixture.place(FREE).await;
    let outcome = fixture
        .client
        .numbers()
        .follow(&token)
        .await
        .expect("comes into service");
    assert_eq!(
        outcome.after.expect("is read").activation_state,
        Some(ActivationState::Activated)
    );
    let fixture = Fixture::build().await;
    fixture.fault(
        json!({"method": "GET", "path": "operations", "effect": {"kind": "all", "effects": [
            {"kind": "set", "pointer": "/status", "value": "failed"},
            {"kind": "set", "pointer": "/numbers/0/status", "value": "failed"},
            {"kind": "set", "pointer": "/numbers/0/statusDetail", "value": "No licence."},
        ]}}),
    );
    let token = fixture.place(FREE).await;
    let error = fixture.client.numbers().follow(&token).await.expect_err("failed");
    assert_eq!(error.kind(), ErrorKind::OperationFailed);
    assert!(
        error
            .message()
            .starts_with("the number was not assigned: No licence (order id "),
        "{error}"
    );
}

#[tokio::test]
async fn what_cannot_be_settled_is_unknown_and_says_what_to_read() {
    let fixture = Fixture::build().await;
    fixture
        .fault(json!({"method": "POST", "path": "assignNumber", "nth": 1, "commit": true, "effect": {"kind": "drop"}}));
    fixture.fault(json!({"method": "GET", "path": "numberAssignments", "nth": 2, "times": 1000, "effect": {"kind": "status", "status": 403}}));
    let error = fixture
        .client
        .numbers()
        .assign(FREE, ANA)
        .await
        .expect_err("cannot be read back");
    assert_eq!(error.kind(), ErrorKind::UnknownOutcome);
    assert!(error.may_have_reached_service());
    assert_eq!(fixture.sent("POST", "assignNumber"), 1);
}

#[tokio::test]
async fn an_order_accepted_without_a_location_is_settled_by_reading() {
    let fixture = Fixture::build().await;
    fixture.fault(json!({"method": "POST", "path": "assignNumber", "nth": 1, "effect": {"kind": "replaceLocation"}}));
    let outcome = fixture
        .client
        .numbers()
        .assign(FREE, ANA)
        .await
        .expect("is settled by reading");
    assert_eq!(
        (outcome.change, fixture.sent("POST", "assignNumber")),
        (NumberChange::Done, 1)
    );
}

#[tokio::test]
async fn an_order_that_fails_says_why_in_the_services_words() {
    let fixture = Fixture::build().await;
    let carla = fixture
        .client
        .numbers()
        .assign(FREE, "carla@contoso.example")
        .await
        .expect_err("has no licence");
    assert_eq!(carla.kind(), ErrorKind::OperationFailed);
    let said = "+***67 was not assigned: The assignment target has no Teams Phone license (order id ";
    assert!(carla.message().starts_with(said), "{carla}");
    assert_eq!(carla.operation(), Some("numberAssignments.assignNumber"));
    let shown = carla.to_string();
    assert!(
        !shown.contains("..") && !shown.contains(FREE) && shown.contains("licence, usage location"),
        "{shown}"
    );
    assert_eq!(fixture.holder(FREE), None);
}

#[tokio::test]
async fn a_number_that_fails_in_an_order_that_succeeds_is_a_failure() {
    let fixture = Fixture::build().await;
    fixture.fault(json!({"method": "GET", "path": "operations", "effect": {"kind": "all", "effects": [
        {"kind": "set", "pointer": "/numbers/0/status", "value": "failed"},
        {"kind": "set", "pointer": "/numbers/0/statusDetail", "value": "+12061234567 is taken by ben@contoso.example.."},
    ]}}));
    let error = fixture
        .client
        .numbers()
        .assign(FREE, ANA)
        .await
        .expect_err("its number failed");
    assert_eq!(error.kind(), ErrorKind::OperationFailed);
    assert!(
        error
            .message()
            .starts_with("+***67 was not assigned: +***67 is taken by b***@contoso.example (order id"),
        "{error}"
    );
}

#[tokio::test]
async fn an_order_that_never_ends_can_be_taken_up_later() {
    let fixture = Fixture::build().await;
    fixture.fault(json!({"method": "GET", "path": "operations", "effect": {"kind": "set", "pointer": "/status", "value": "paused"}}));
    let deadline = Duration::from_secs(120);
    let error = fixture
        .client
        .numbers()
        .assign(FREE, ANA)
        .with_timeout(deadline)
        .await
        .expect_err("never ends");
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    let token = error.resume_token().expect("a token").to_owned();
    fixture.emulator.clear_faults();
    let running = fixture
        .client
        .follow::<trunkline::teams_administration::TelephoneNumberLongRunningOperation>(&token)
        .expect("is a token");
    assert!(running.wait().await.expect("ends").succeeded());
}
