//! Numbers with an order of somebody else's under way: nothing is ordered on top of it.

use std::time::Duration;

use serde_json::{Value, json};
use trunkline::numbers::NumberChange;
use trunkline::{Error, ErrorKind};

use super::{ANA, BEN, FREE, Fixture};

const PLACE: &str = "10c00000-0000-4000-8000-000000000002";

fn number(state: &str, holder: Option<&str>) -> Value {
    let status = if holder.is_some() { "userAssigned" } else { "unassigned" };
    json!({"numbers": [{
        "id": "a-number", "telephoneNumber": FREE, "numberType": "callingPlan", "activationState": state,
        "capabilities": ["userAssignment"], "assignmentTargetId": holder, "assignmentStatus": status,
        "numberSource": "online", "supportedCustomerActions": ["locationUpdate"], "locationId": null,
    }]})
}

fn is_refusal(error: &Error, state: &str, next_step: &str) {
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
    assert!(
        error.message().contains("another order is in progress") && error.message().contains(state),
        "{error}"
    );
    assert!(error.next_step().contains(next_step), "{error}");
    assert!(!error.may_have_reached_service(), "{error}");
}

#[tokio::test]
async fn two_programs_do_not_order_the_same_free_number() {
    let fixture = Fixture::with(|emulator| emulator.stage_duration(Duration::from_secs(60))).await;
    fixture.place(FREE).await;
    fixture.emulator.advance(Duration::from_secs(61));
    let error = fixture
        .client
        .numbers()
        .assign(FREE, BEN)
        .await
        .expect_err("is being assigned");
    is_refusal(&error, "assignmentPending", "Wait");
    assert_eq!(
        fixture.sent("POST", "assignNumber"),
        1,
        "the first program's order only"
    );
}

#[tokio::test]
async fn what_has_something_pending_is_left_alone() {
    for state in ["assignmentPending", "updatePending", "somethingNewer"] {
        for holder in [None, Some(BEN)] {
            let fixture = Fixture::with(|emulator| emulator.seed(number(state, holder))).await;
            let numbers = fixture.client.numbers();
            if holder.is_none() {
                is_refusal(
                    &numbers.assign(FREE, ANA).await.expect_err("is pending"),
                    state,
                    "follow",
                );
            }
            is_refusal(
                &numbers.move_to(FREE, ANA).await.expect_err("is pending"),
                state,
                "follow",
            );
            is_refusal(&numbers.unassign(FREE).await.expect_err("is pending"), state, "follow");
            let place = Some(PLACE.to_owned());
            is_refusal(
                &numbers.set_location(FREE, place).await.expect_err("is pending"),
                state,
                "follow",
            );
            for action in ["assignNumber", "unassignNumber", "updateNumber"] {
                assert_eq!(fixture.sent("POST", action), 0, "{state} {holder:?} {action}");
            }
        }
    }
}

#[tokio::test]
async fn what_failed_is_at_rest_and_can_be_ordered_anew() {
    for state in ["assignmentFailed", "updateFailed"] {
        let fixture = Fixture::with(|emulator| emulator.seed(number(state, None))).await;
        let outcome = fixture.client.numbers().assign(FREE, ANA).await.expect("assigns");
        assert_eq!(
            (outcome.change, fixture.sent("POST", "assignNumber")),
            (NumberChange::Done, 1)
        );
        let fixture = Fixture::with(|emulator| emulator.seed(number(state, Some(BEN)))).await;
        fixture.client.numbers().unassign(FREE).await.expect("unassigns");
        assert_eq!(fixture.holder(FREE), None);
    }
}
