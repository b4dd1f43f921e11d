//! Plans: what intents would read and send. Nothing is sent for them, and they are what happens.

use serde_json::json;
use trunkline::phones::PhoneRole;
use trunkline::{DecisionAction, ErrorKind, Plan, PlanAction};

use super::{ANA, BEN, FREE, Fixture};

const PLACE: &str = "10c00000-0000-4000-8000-000000000002";

/// Action, method and end of the path of every step.
fn words(plan: &Plan) -> Vec<String> {
    let steps = plan.steps.iter().map(|step| {
        let end = step.operation.path().rsplit(['/', '.']).next().unwrap_or_default();
        format!("{} {} {end}", step.action.as_str(), step.operation.method())
    });
    steps.collect()
}

#[tokio::test]
async fn what_is_not_known_is_planned_with_every_branch() {
    let fixture = Fixture::build().await;
    let numbers = fixture.client.numbers();
    let plan = numbers
        .move_to(FREE, "ana@contoso.example")
        .plan()
        .expect("can be planned");
    let look = "read GET numberAssignments";
    let wait = "wait GET %3Cid%20of%20the%20operation%3E";
    assert_eq!(
        words(&plan),
        [
            "read GET example",
            look,
            // Whether there are numbers with an extension of it.
            look,
            "send POST unassignNumber",
            wait,
            look,
            "send POST assignNumber",
            wait,
            look
        ]
    );
    assert!(plan.decision.is_none());
    let steps = serde_json::to_value(&plan.steps).expect("is JSON");
    assert_eq!(
        steps[6]["operation"]["body"]["assignmentTargetId"],
        "<object id of the user>"
    );
    assert_eq!(steps[6]["operation"]["body"]["numberType"], "<type of the number>");
    let phones = fixture.client.phones(BEN);
    let set = phones
        .set(PhoneRole::Office, "+1 2065550188")
        .plan()
        .expect("can be planned");
    assert_eq!(
        set.steps.iter().filter(|step| step.action == PlanAction::Send).count(),
        2
    );
    assert!(fixture.emulator.requests().is_empty(), "nothing is read or sent");
    for error in [
        numbers.unassign("no number").plan().expect_err("is none"),
        numbers
            .set_location(FREE, Some(" ".to_owned()))
            .plan()
            .expect_err("is none"),
        phones
            .set(PhoneRole::Office, "2065550188")
            .plan()
            .expect_err("has no plus"),
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    }
}

#[tokio::test]
async fn what_is_known_is_planned_exactly_and_happens_so() {
    let fixture = Fixture::build().await;
    let numbers = fixture.client.numbers();
    for number in [FREE, "+12065550100"] {
        let known = numbers.get(number).await.expect("reads").expect("is there");
        let intent = numbers.move_to(number, ANA).location(PLACE).known(known);
        let plan = intent.plan().expect("can be planned");
        assert!(matches!(
            plan.decision.as_ref().map(|decision| &decision.action),
            Some(DecisionAction::Send(_))
        ));
        fixture.emulator.clear_log();
        intent.await.expect("moves");
        let mut sent = Vec::new();
        for request in fixture.emulator.requests() {
            if request.method == "POST" {
                sent.push((request.path.clone(), request.body.clone()));
            }
        }
        let mut planned = Vec::new();
        for step in plan.steps.iter().filter(|step| step.action == PlanAction::Send) {
            planned.push((
                format!("/v1.0{}", step.operation.path()),
                Some(step.operation.to_json()["body"].clone()),
            ));
        }
        assert_eq!(sent, planned, "{number}");
        // The user has this number now; another of the same category would fail.
        numbers.unassign(number).await.expect("unassigns");
    }
    let known = numbers.get(FREE).await.expect("reads").expect("is there");
    let nothing = numbers.unassign(FREE).known(known).plan().expect("can be planned");
    assert!(nothing.steps.is_empty());
    let bens = numbers.get("+12065550101").await.expect("reads").expect("is there");
    let other = numbers.unassign(FREE).known(bens).plan().expect_err("is of another");
    assert_eq!(other.kind(), ErrorKind::InvalidInput);
    let phones = fixture.client.phones(ANA);
    let methods = phones.list().await.expect("reads");
    let remove = phones
        .remove(PhoneRole::Mobile)
        .known(methods)
        .plan()
        .expect("can be planned");
    assert_eq!(words(&remove)[0], format!("send DELETE {}", PhoneRole::Mobile.id()));
    // The state is known although the user is not: nothing is read that the change does not read either.
    let methods = phones.list().await.expect("reads");
    let phones = fixture.client.phones("ana@contoso.example");
    let remove = phones
        .remove(PhoneRole::Mobile)
        .known(methods)
        .plan()
        .expect("can be planned");
    assert_eq!(
        words(&remove)[..2],
        [
            "read GET example".to_owned(),
            format!("send DELETE {}", PhoneRole::Mobile.id())
        ]
    );
    let known = numbers.get(FREE).await.expect("reads").expect("is there");
    let assign = numbers
        .assign(FREE, "ana@contoso.example")
        .known(known)
        .plan()
        .expect("can be planned");
    assert_eq!(words(&assign)[..2], ["read GET example", "send POST assignNumber"]);
}

#[tokio::test]
async fn a_number_is_compared_with_what_is_wanted() {
    let fixture = Fixture::build().await;
    let numbers = fixture.client.numbers();
    let verified = numbers.unassign(FREE).verify().await.expect("reads");
    assert!(verified.holds());
    let verified = numbers.assign(FREE, ANA).verify().await.expect("reads");
    assert!(!verified.holds());
    assert_eq!(verified.decision.expect("can be").steps().len(), 1);
    let verified = numbers.assign("+12065550100", ANA).verify().await.expect("reads");
    assert_eq!(verified.decision.expect_err("is ben's").reason.code(), "held");
    let error = numbers
        .assign("+12065559999", ANA)
        .verify()
        .await
        .expect_err("is nobody's");
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn an_order_is_followed_from_its_id() {
    let fixture = Fixture::build().await;
    let token = fixture.place(FREE).await;
    let running = fixture
        .client
        .follow::<trunkline::teams_administration::TelephoneNumberLongRunningOperation>(&token);
    let id = running.expect("is a token").id().to_owned();
    let outcome = fixture.client.numbers().follow(&id).await.expect("ends");
    let after = outcome.after.expect("is read back");
    assert_eq!(
        (after.assignment_target_id.as_deref(), outcome.order.id.as_ref()),
        (Some(ANA), Some(&id))
    );
    fixture.fault(
        json!({"method": "GET", "path": "operations", "effect": {"kind": "all", "effects": [
            {"kind": "set", "pointer": "/status", "value": "failed"},
            {"kind": "set", "pointer": "/numbers/0/status", "value": "failed"},
            {"kind": "set", "pointer": "/numbers/0/statusDetail", "value": "No licence."},
        ]}}),
    );
    let error = fixture.client.numbers().follow(&id).await.expect_err("failed");
    assert!(
        error
            .message()
            .starts_with("the number was not changed: No licence (order id "),
        "{error}"
    );
    fixture.emulator.clear_faults();
    let error = fixture.client.numbers().follow("a-none").await.expect_err("is none");
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    let error = fixture.client.numbers().follow(" ").await.expect_err("is empty");
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
}
