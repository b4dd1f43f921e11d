//! The intents against the emulator: what an administrator means, with answers lost, orders failing and numbers taken.
//! Client and emulator share one clock that moves only when somebody waits, so nothing here takes time.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use trunkline::numbers::{Change, LocationChange};
use trunkline::phones::{PhoneChange, PhoneRole};
use trunkline::{Client, Credential, ErrorKind, TestClock};
use trunkline::teams_administration::{ActivationState, NumberType};
use trunkline_emulator::{ClockMode, Emulator, EmulatorBuilder, Fault};

const FREE: &str = "+12061234567";
const ANA: &str = "a0000000-0000-4000-8000-000000000001";
const BEN: &str = "a0000000-0000-4000-8000-000000000002";

struct House {
    emulator: Emulator,
    client: Client,
    clock: TestClock,
}

impl House {
    async fn build() -> Self {
        Self::with(|emulator| emulator).await
    }

    async fn with(settings: impl FnOnce(EmulatorBuilder) -> EmulatorBuilder) -> Self {
        let builder = settings(Emulator::builder().clock(ClockMode::Manual));
        let emulator = builder.start().await.expect("a port is free");
        let clock = TestClock::new(emulator.now());
        let driven = emulator.clock();
        clock.on_advance(move |by| driven.advance(by));
        let client = Client::builder()
            .endpoint(emulator.url())
            .credential(Credential::token(emulator.token()))
            .clock(Arc::new(clock.clone()))
            .build()
            .expect("builds");
        Self { emulator, client, clock }
    }

    /// How long everybody has waited.
    fn waited(&self) -> Duration {
        self.clock.waits().iter().sum()
    }

    /// Orders that the number be ana's, and waits for nothing.
    async fn place(&self, number: &str) -> String {
        let management = self.client.graph().admin().teams().telephone_number_management();
        let call = management.number_assignments().assign_number(number, ANA, NumberType::CallingPlan);
        call.await.expect("is accepted").into_value().token()
    }

    fn fault(&self, fault: Value) {
        let fault: Fault = serde_json::from_value(fault).expect("is a fault");
        self.emulator.fault(fault);
    }

    /// How often a path with this end was asked for by this method.
    fn sent(&self, method: &str, end: &str) -> usize {
        let requests = self.emulator.requests();
        requests.iter().filter(|request| request.method == method && request.path.ends_with(end)).count()
    }

    fn holder(&self, number: &str) -> Option<String> {
        let state = self.emulator.state();
        let numbers = state["numbers"].as_array().expect("a list");
        let found = numbers.iter().find(|entry| entry["telephoneNumber"] == number).expect("is there");
        found["assignmentTargetId"].as_str().map(str::to_owned)
    }
}

#[tokio::test]
async fn assigning_waits_reads_back_and_is_a_no_op_the_second_time() {
    let house = House::build().await;
    let outcome = house.client.numbers().assign("+1 (206) 123-4567", "ana@contoso.example").await.expect("assigns");
    assert_eq!(outcome.change, Change::Done);
    assert_eq!(outcome.after.assignment_target_id.as_deref(), Some(ANA));
    assert!(outcome.before.assignment_target_id.value().is_none());
    assert_eq!(outcome.orders.len(), 1);
    assert!(outcome.orders[0].verdicts.iter().all(|verdict| verdict.succeeded));
    let again = house.client.numbers().assign(FREE, ANA).await.expect("is so already");
    assert_eq!(again.change, Change::Already);
    assert_eq!(house.sent("POST", "assignNumber"), 1);
}

#[tokio::test]
async fn a_number_of_another_is_moved_only_when_asked() {
    let house = House::build().await;
    let error = house.client.numbers().assign("+12065550100", "ana@contoso.example").await.expect_err("is ben's");
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.next_step().contains("move_to"), "{error}");
    assert_eq!(house.sent("POST", "assignNumber"), 0);
    let outcome = house.client.numbers().move_to("+12065550100", "ana@contoso.example").await.expect("moves");
    assert_eq!((outcome.orders.len(), outcome.before.assignment_target_id.as_deref()), (2, Some(BEN)));
    assert_eq!(house.holder("+12065550100").as_deref(), Some(ANA));
}

#[tokio::test]
async fn unassigning_frees_the_number_and_is_a_no_op_the_second_time() {
    let house = House::build().await;
    let outcome = house.client.numbers().unassign("+12065550100").await.expect("unassigns");
    assert_eq!(outcome.change, Change::Done);
    assert_eq!(house.holder("+12065550100"), None);
    let again = house.client.numbers().unassign("+12065550100").await.expect("is free");
    assert_eq!(again.change, Change::Already);
    assert_eq!(house.sent("POST", "unassignNumber"), 1);
}

#[tokio::test]
async fn what_cannot_work_is_refused_before_anything_is_sent() {
    let house = House::build().await;
    let numbers = house.client.numbers();
    for (number, to, kind) in [
        ("1.20656E+10", "ana@contoso.example", ErrorKind::InvalidInput),
        ("not a number", "ana@contoso.example", ErrorKind::InvalidInput),
        ("+12065559999", "ana@contoso.example", ErrorKind::NotFound),
        (FREE, "nobody@contoso.example", ErrorKind::NotFound),
        (FREE, " ", ErrorKind::InvalidInput),
    ] {
        let error = numbers.assign(number, to).await.expect_err("cannot work");
        assert_eq!(error.kind(), kind, "{number} to {to}: {error}");
        assert!(!error.to_string().contains('\n') && !error.next_step().is_empty(), "{error}");
    }
    let error = numbers.assign(FREE, ANA).number_type("directRouting").await.expect_err("is a calling plan number");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(house.sent("POST", "assignNumber"), 0);
}

#[tokio::test]
async fn an_answer_lost_after_the_order_was_placed_does_not_place_it_twice() {
    let effects = [json!({"kind": "drop"}), json!({"kind": "status", "status": 504}), json!({"kind": "html", "status": 502})];
    for effect in effects {
        let house = House::build().await;
        house.fault(json!({"method": "POST", "path": "assignNumber", "nth": 1, "commit": true, "effect": effect}));
        let outcome = house.client.numbers().assign(FREE, ANA).await.expect("is settled by reading");
        assert_eq!((outcome.change, house.sent("POST", "assignNumber")), (Change::Done, 1));
        assert_eq!(outcome.orders[0].id, None);
    }
}

#[tokio::test]
async fn an_order_that_never_arrived_is_unknown_and_not_placed_again() {
    let house = House::build().await;
    house.fault(json!({"method": "POST", "path": "assignNumber", "nth": 1, "effect": {"kind": "drop"}}));
    let assign = house.client.numbers().assign(FREE, ANA).with_deadline(Duration::from_secs(5));
    let error = assign.await.expect_err("nobody knows");
    assert_eq!((error.kind(), house.sent("POST", "assignNumber")), (ErrorKind::UnknownOutcome, 1));
    assert!(error.may_have_reached_service());
    for part in ["+***67", "numberAssignments.list", "was not sent again", "60 seconds"] {
        assert!(error.next_step().contains(part), "{part}: {error}");
    }
    assert_eq!(house.holder(FREE), None);
}

#[tokio::test]
async fn an_order_is_repeated_after_reading_only_when_asked_and_once() {
    let drop = |nth: u32, times: u32| {
        json!({"method": "POST", "path": "assignNumber", "nth": nth, "times": times, "effect": {"kind": "drop"}})
    };
    let house = House::build().await;
    house.fault(drop(1, 1));
    let outcome = house.client.numbers().assign(FREE, ANA).with_repeat_after_read_back(true).await.expect("arrives");
    assert_eq!((outcome.change, house.sent("POST", "assignNumber")), (Change::Done, 2));
    assert!(house.waited() >= Duration::from_secs(600), "the number is read for all of the deadline first");
    assert_eq!(house.holder(FREE).as_deref(), Some(ANA));

    let house = House::build().await;
    house.fault(drop(1, 9));
    let error = house.client.numbers().assign(FREE, ANA).with_repeat_after_read_back(true).await.expect_err("is lost");
    assert_eq!((error.kind(), house.sent("POST", "assignNumber")), (ErrorKind::UnknownOutcome, 2));

    // What is seen to be under way is never repeated.
    let house = House::with(|emulator| emulator.stage_duration(Duration::from_secs(50))).await;
    house.fault(json!({"method": "POST", "path": "assignNumber", "nth": 1, "commit": true, "effect": {"kind": "drop"}}));
    let assign = house.client.numbers().assign(FREE, ANA).with_deadline(Duration::from_secs(1));
    let error = assign.with_repeat_after_read_back(true).await.expect_err("is pending");
    assert_eq!((error.kind(), house.sent("POST", "assignNumber")), (ErrorKind::UnknownOutcome, 1));
}

#[tokio::test]
async fn a_slow_order_whose_answer_was_lost_is_placed_once_however_long_it_takes() {
    let faults = [
        (json!({"kind": "drop"}), true, ErrorKind::UnknownOutcome),
        (json!({"kind": "status", "status": 503}), true, ErrorKind::UnknownOutcome),
        (json!({"kind": "replaceLocation"}), false, ErrorKind::AcceptedUntracked),
    ];
    for (effect, commit, kind) in faults {
        let fault = json!({"method": "POST", "path": "assignNumber", "nth": 1, "commit": commit, "effect": effect});
        for deadline in [Some(Duration::from_secs(3)), None] {
            let house = House::with(|emulator| emulator.stage_duration(Duration::from_secs(600))).await;
            house.fault(fault.clone());
            let mut assign = house.client.numbers().assign(FREE, ANA);
            if let Some(deadline) = deadline {
                assign = assign.with_deadline(deadline);
            }
            let error = assign.await.expect_err("is not at its end");
            assert_eq!((error.kind(), house.sent("POST", "assignNumber")), (kind, 1), "{error}");
            assert!(error.may_have_reached_service() && error.next_step().contains("was not sent again"), "{error}");
        }
        let house = House::with(|emulator| emulator.stage_duration(Duration::from_secs(600))).await;
        house.fault(fault);
        let patient = house.client.numbers().assign(FREE, ANA).with_deadline(Duration::from_secs(1800));
        let outcome = patient.await.expect("is settled by reading");
        assert_eq!((outcome.change, house.sent("POST", "assignNumber")), (Change::Done, 1));
    }
}

#[tokio::test]
async fn a_lost_unassignment_is_settled_by_reading_too() {
    let house = House::build().await;
    house.fault(json!({"method": "POST", "path": "unassignNumber", "nth": 1, "commit": true, "effect": {"kind": "drop"}}));
    let outcome = house.client.numbers().unassign("+12065550100").await.expect("is settled by reading");
    assert_eq!((outcome.change, house.sent("POST", "unassignNumber")), (Change::Done, 1));
    let house = House::build().await;
    house.fault(json!({"method": "POST", "path": "unassignNumber", "nth": 1, "effect": {"kind": "drop"}}));
    let error = house.client.numbers().unassign("+12065550100").await.expect_err("never arrived");
    assert_eq!((error.kind(), house.sent("POST", "unassignNumber")), (ErrorKind::UnknownOutcome, 1));
}

#[tokio::test]
async fn a_move_that_fails_half_way_says_what_is_certain() {
    let numbers = ["is free now; assign it again", "its assignment is under way: read the number", "is unknown: read the number"];
    let cases = [
        // Refused: it certainly did not happen.
        (json!({"kind": "status", "status": 403}), false, "ana", ErrorKind::PermissionDenied, numbers[0]),
        (json!({"kind": "drop"}), false, "ana", ErrorKind::UnknownOutcome, numbers[2]),
        (json!({"kind": "header", "name": "x-none"}), false, "carla", ErrorKind::OperationFailed, numbers[0]),
    ];
    for (effect, commit, to, kind, words) in cases {
        let house = House::build().await;
        house.fault(json!({"method": "POST", "path": "/assignNumber", "commit": commit, "effect": effect}));
        let to = format!("{to}@contoso.example");
        let error = house.client.numbers().move_to("+12065550100", to).await.expect_err("fails half way");
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.next_step().contains("+***00 was taken from its holder"), "{error}");
        assert!(error.next_step().contains(words), "{error}");
    }
    let house = House::build().await;
    house.fault(json!({"method": "GET", "path": "operations", "nth": 2, "times": 1000,
        "effect": {"kind": "set", "pointer": "/status", "value": "paused"}}));
    let error = house.client.numbers().move_to("+12065550100", ANA).await.expect_err("never ends");
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    assert!(error.next_step().contains(numbers[1]) && error.resume_token().is_some(), "{error}");
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
        let house = House::with(|emulator| emulator.seed(held_by_ana(state))).await;
        let error = house.client.numbers().assign(FREE, ANA).await.expect_err("does not work");
        assert_eq!((error.kind(), house.sent("POST", "assignNumber")), (ErrorKind::OperationFailed, 0));
        assert!(error.message().contains(state) && error.next_step().contains("Unassign the number"), "{error}");
    }
    let house = House::with(|emulator| emulator.seed(held_by_ana("assignmentPending"))).await;
    // It is in service from the fifth look on.
    house.fault(json!({"method": "GET", "path": "numberAssignments", "nth": 5, "times": 1000,
        "effect": {"kind": "set", "pointer": "/value/0/activationState", "value": "activated"}}));
    let outcome = house.client.numbers().assign(FREE, ANA).await.expect("comes into service");
    assert_eq!((outcome.change, house.sent("POST", "assignNumber")), (Change::Already, 0));
    let house = House::with(|emulator| emulator.seed(held_by_ana("assignmentPending"))).await;
    let error = house.client.numbers().assign(FREE, ANA).with_deadline(Duration::from_secs(90)).await.expect_err("stays");
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    assert!(!error.message().contains("order succeeded"), "{error}");
}

#[tokio::test]
async fn the_success_of_an_order_is_kept_when_reading_back_fails() {
    let house = House::build().await;
    house.fault(json!({"method": "GET", "path": "numberAssignments", "nth": 2, "times": 1000, "effect": {"kind": "status", "status": 403}}));
    let error = house.client.numbers().assign(FREE, ANA).await.expect_err("cannot be read back");
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert!(error.may_have_reached_service());
    assert!(error.message().starts_with("the order succeeded (order id "), "{error}");
    assert!(error.next_step().starts_with("Read +***67 before anything else"), "{error}");
    // A service that is down for a while is waited for.
    let house = House::build().await;
    house.fault(json!({"method": "GET", "path": "numberAssignments", "nth": 2, "times": 12, "effect": {"kind": "status", "status": 503}}));
    assert_eq!(house.client.numbers().assign(FREE, ANA).await.expect("comes back").change, Change::Done);
}

#[tokio::test]
async fn reading_back_takes_what_is_left_of_the_deadline() {
    let slow = |emulator: EmulatorBuilder| emulator.activation_delay(Duration::from_secs(300));
    let house = House::with(slow).await;
    let outcome = house.client.numbers().assign(FREE, ANA).await.expect("five minutes are within ten");
    assert_eq!(outcome.after.activation_state, Some(ActivationState::Activated));
    let house = House::with(slow).await;
    let error = house.client.numbers().assign(FREE, ANA).with_deadline(Duration::from_secs(120)).await.expect_err("late");
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.message().contains("the order succeeded") && error.message().contains("assignmentPending"), "{error}");
    assert!(house.waited() <= Duration::from_secs(125), "{:?}", house.waited());
}

#[tokio::test]
async fn an_order_is_followed_from_its_token_and_its_number_read_back() {
    let house = House::build().await;
    let token = house.place(FREE).await;
    let outcome = house.client.numbers().follow(&token).await.expect("ends");
    assert_eq!(outcome.after.as_ref().and_then(|after| after.assignment_target_id.as_deref()), Some(ANA));
    assert!(outcome.warnings.is_empty() && outcome.order.verdicts[0].succeeded, "{outcome:?}");
    assert_eq!(outcome.to_string(), format!("{FREE} is assigned to {ANA}"));
    assert_eq!(house.sent("POST", "assignNumber"), 1);

    house.fault(json!({"method": "GET", "path": "operations", "effect": {"kind": "remove", "pointer": "/numbers/0/resourceLocation"}}));
    let outcome = house.client.numbers().follow(&token).await.expect("ended");
    assert_eq!((outcome.after, outcome.warnings.len()), (None, 1));

    // Nothing is sent elsewhere, whatever the order says of its number.
    house.emulator.clear_faults();
    house.fault(json!({"method": "GET", "path": "operations",
        "effect": {"kind": "set", "pointer": "/numbers/0/resourceLocation", "value": "https://evil.example/users/a"}}));
    let outcome = house.client.numbers().follow(&token).await.expect("ended");
    assert_eq!((outcome.after, outcome.warnings.len()), (None, 1));

    let error = house.client.numbers().follow("no token").await.expect_err("is none");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[tokio::test]
async fn following_waits_for_the_number_and_tells_of_a_failure() {
    let house = House::with(|emulator| emulator.activation_delay(Duration::from_secs(200))).await;
    let token = house.place(FREE).await;
    let outcome = house.client.numbers().follow(&token).await.expect("comes into service");
    assert_eq!(outcome.after.expect("is read").activation_state, Some(ActivationState::Activated));
    let house = House::build().await;
    house.fault(json!({"method": "GET", "path": "operations", "effect": {"kind": "all", "effects": [
        {"kind": "set", "pointer": "/status", "value": "failed"},
        {"kind": "set", "pointer": "/numbers/0/status", "value": "failed"},
        {"kind": "set", "pointer": "/numbers/0/statusDetail", "value": "No licence."},
    ]}}));
    let token = house.place(FREE).await;
    let error = house.client.numbers().follow(&token).await.expect_err("failed");
    assert_eq!(error.kind(), ErrorKind::OperationFailed);
    assert!(error.message().starts_with("the number was not assigned: No licence (order id "), "{error}");
}

#[tokio::test]
async fn what_cannot_be_settled_is_unknown_and_says_what_to_read() {
    let house = House::build().await;
    house.fault(json!({"method": "POST", "path": "assignNumber", "nth": 1, "commit": true, "effect": {"kind": "drop"}}));
    house.fault(json!({"method": "GET", "path": "numberAssignments", "nth": 2, "times": 1000, "effect": {"kind": "status", "status": 403}}));
    let error = house.client.numbers().assign(FREE, ANA).await.expect_err("cannot be read back");
    assert_eq!(error.kind(), ErrorKind::UnknownOutcome);
    assert!(error.may_have_reached_service());
    assert_eq!(house.sent("POST", "assignNumber"), 1);
}

#[tokio::test]
async fn an_order_accepted_without_a_location_is_settled_by_reading() {
    let house = House::build().await;
    house.fault(json!({"method": "POST", "path": "assignNumber", "nth": 1, "effect": {"kind": "replaceLocation"}}));
    let outcome = house.client.numbers().assign(FREE, ANA).await.expect("is settled by reading");
    assert_eq!((outcome.change, house.sent("POST", "assignNumber")), (Change::Done, 1));
}

#[tokio::test]
async fn an_order_that_fails_says_why_in_the_services_words() {
    let house = House::build().await;
    let carla = house.client.numbers().assign(FREE, "carla@contoso.example").await.expect_err("has no licence");
    assert_eq!(carla.kind(), ErrorKind::OperationFailed);
    let said = "+***67 was not assigned: The assignment target has no Teams Phone license (order id ";
    assert!(carla.message().starts_with(said), "{carla}");
    assert_eq!(carla.operation(), Some("numberAssignments.assignNumber"));
    let shown = carla.to_string();
    assert!(!shown.contains("..") && !shown.contains(FREE) && shown.contains("licence, usage location"), "{shown}");
    assert_eq!(house.holder(FREE), None);
}

#[tokio::test]
async fn a_number_that_fails_in_an_order_that_succeeds_is_a_failure() {
    let house = House::build().await;
    house.fault(json!({"method": "GET", "path": "operations", "effect": {"kind": "all", "effects": [
        {"kind": "set", "pointer": "/numbers/0/status", "value": "failed"},
        {"kind": "set", "pointer": "/numbers/0/statusDetail", "value": "+12061234567 is taken by ben@contoso.example.."},
    ]}}));
    let error = house.client.numbers().assign(FREE, ANA).await.expect_err("its number failed");
    assert_eq!(error.kind(), ErrorKind::OperationFailed);
    assert!(error.message().starts_with("+***67 was not assigned: +***67 is taken by b***@contoso.example (order id"), "{error}");
}

#[tokio::test]
async fn who_and_what_is_unknown_is_named() {
    let house = House::build().await;
    let error = house.client.numbers().assign(FREE, "ada@contoso.example").await.expect_err("is nobody");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.message().starts_with("there is no user a***@contoso.example"), "{error}");
    assert!(error.next_step().contains("spelling"), "{error}");
    let error = house.client.phones("ada@contoso.example").list().await.expect_err("is nobody");
    assert!(error.message().starts_with("there is no user a***@contoso.example"), "{error}");
    for (written, suggests) in [("2061234567", true), ("+12065559999", false)] {
        let error = house.client.numbers().assign(written, ANA).await.expect_err("is not the tenant's");
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert_eq!(error.next_step().contains("with a plus and its country code"), suggests, "{error}");
    }
}

#[tokio::test]
async fn phone_outcomes_name_the_user_as_the_caller_did() {
    let house = House::build().await;
    let dev = house.client.phones("dev@contoso.example");
    let none = dev.remove(PhoneRole::Office).await.expect("has none");
    assert_eq!(none.to_string(), "dev@contoso.example has no office phone; nothing to remove");
    let set = dev.set(PhoneRole::Mobile, "+1 2065550199").await.expect("sets");
    assert_eq!(set.to_string(), "the mobile phone of dev@contoso.example is +1 2065550199");
    let removed = dev.remove(PhoneRole::Mobile).await.expect("removes");
    assert_eq!(removed.to_string(), "dev@contoso.example has no mobile phone any more");
}

#[tokio::test]
async fn an_order_that_never_ends_can_be_taken_up_later() {
    let house = House::build().await;
    house.fault(json!({"method": "GET", "path": "operations", "effect": {"kind": "set", "pointer": "/status", "value": "paused"}}));
    let deadline = Duration::from_secs(120);
    let error = house.client.numbers().assign(FREE, ANA).with_deadline(deadline).await.expect_err("never ends");
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    let token = error.resume_token().expect("a token").to_owned();
    house.emulator.clear_faults();
    let running = house
        .client
        .resume::<trunkline::teams_administration::TelephoneNumberLongRunningOperation>(&token)
        .expect("is a token");
    assert!(running.wait().await.expect("ends").succeeded());
}

#[tokio::test]
async fn the_location_is_set_cleared_and_left_alone() {
    let house = House::build().await;
    let numbers = house.client.numbers();
    let place = || LocationChange::Set("10c00000-0000-4000-8000-000000000002".to_owned());
    assert_eq!(numbers.set_location(FREE, place()).await.expect("sets").change, Change::Done);
    assert_eq!(numbers.set_location(FREE, place()).await.expect("is so").change, Change::Already);
    assert_eq!(numbers.set_location(FREE, LocationChange::Clear).await.expect("clears").change, Change::Done);
    assert_eq!(house.sent("POST", "updateNumber"), 2);
}

#[tokio::test]
async fn a_location_is_read_until_it_shows() {
    let house = House::build().await;
    let place = LocationChange::Set("10c00000-0000-4000-8000-000000000002".to_owned());
    // The inventory is behind for three looks.
    house.fault(json!({"method": "GET", "path": "numberAssignments", "nth": 1, "times": 4,
        "effect": {"kind": "set", "pointer": "/value/0/locationId", "value": null}}));
    assert_eq!(house.client.numbers().set_location(FREE, place.clone()).await.expect("shows").change, Change::Done);
    house.emulator.clear_faults();
    house.fault(json!({"method": "GET", "path": "numberAssignments",
        "effect": {"kind": "set", "pointer": "/value/0/locationId", "value": null}}));
    let set = house.client.numbers().set_location(FREE, place).with_deadline(Duration::from_secs(30));
    let error = set.await.expect_err("never shows");
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    assert!(error.next_step().contains("location's id") && error.may_have_reached_service(), "{error}");
}

#[tokio::test]
async fn the_next_free_number_is_found_by_city_and_country() {
    let house = House::build().await;
    let found = house.client.numbers().next_free().country("us").city("seattle").first().await.expect("reads");
    let found = found.expect("there is one");
    assert_eq!(found.city.as_deref(), Some("Seattle"));
    let all = house.client.numbers().query().prefix("+120655501").all().await.expect("reads");
    assert!(all.len() > 3);
}

#[tokio::test]
async fn a_phone_is_created_changed_and_left_alone() {
    let house = House::build().await;
    let phones = house.client.phones("dev@contoso.example");
    let created = phones.set(PhoneRole::Mobile, "+1 (206) 555-0199").await.expect("creates");
    assert_eq!(created.change, PhoneChange::Created);
    assert_eq!(created.after.as_ref().and_then(|method| method.phone_number.as_deref()), Some("+1 2065550199"));
    let same = phones.set(PhoneRole::Mobile, "+12065550199").await.expect("is so");
    assert_eq!(same.change, PhoneChange::Already);
    let changed = phones.set(PhoneRole::Mobile, "+1 2065550198").await.expect("changes");
    assert_eq!(changed.change, PhoneChange::Updated);
    assert_eq!((house.sent("POST", "phoneMethods"), house.sent("PATCH", PhoneRole::Mobile.id())), (1, 1));
}

#[tokio::test]
async fn phones_keep_their_order() {
    let house = House::build().await;
    let dev = house.client.phones("dev@contoso.example");
    let error = dev.set(PhoneRole::AlternateMobile, "+1 2065550199").await.expect_err("has no mobile");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let ben = house.client.phones(BEN);
    let error = ben.remove(PhoneRole::Mobile).await.expect_err("has an alternate");
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(ben.remove(PhoneRole::AlternateMobile).await.expect("removes").change, PhoneChange::Removed);
    assert_eq!(ben.remove(PhoneRole::AlternateMobile).await.expect("is gone").change, PhoneChange::Already);
    for text in ["2065550100", "+1 ******42", "hello"] {
        assert_eq!(ben.set(PhoneRole::Office, text).await.expect_err("is none").kind(), ErrorKind::InvalidInput);
    }
}

#[tokio::test]
async fn a_conflict_that_created_the_method_is_a_warning() {
    let house = House::build().await;
    house.fault(json!({"method": "POST", "path": "phoneMethods", "nth": 1, "commit": true,
        "effect": {"kind": "status", "status": 409, "code": "phoneNumberNotUnique"}}));
    let phones = house.client.phones("dev@contoso.example");
    let outcome = phones.set(PhoneRole::Mobile, "+1 2065550199").await.expect("the method is there");
    assert_eq!(outcome.change, PhoneChange::Created);
    assert_eq!(outcome.warnings.len(), 1);
    assert_eq!(house.sent("POST", "phoneMethods"), 1);
}

#[tokio::test]
async fn sms_sign_in_is_judged_by_what_is_read_back() {
    let house = House::build().await;
    let ana = house.client.phones("ana@contoso.example");
    assert_eq!(ana.enable_sms_sign_in().await.expect("is on").change, PhoneChange::Already);
    assert_eq!(ana.disable_sms_sign_in().await.expect("turns off").change, PhoneChange::Updated);
    assert_eq!(ana.enable_sms_sign_in().await.expect("turns on").change, PhoneChange::Updated);
    let dev = house.client.phones("dev@contoso.example");
    assert_eq!(dev.enable_sms_sign_in().await.expect_err("has no phone").kind(), ErrorKind::NotFound);
}

#[test]
fn everything_works_blocking() {
    let emulator = Emulator::builder().stage_duration(Duration::ZERO).start_blocking().expect("a port is free");
    let client = Client::builder()
        .endpoint(emulator.url())
        .credential(Credential::token(emulator.token()))
        .build()
        .expect("builds");
    assert!(client.numbers().find_blocking(FREE).expect("reads").is_some());
    let phones = client.phones("ana@contoso.example");
    assert_eq!(phones.list_blocking().expect("reads").len(), 1);
    let outcome = phones.set(PhoneRole::Mobile, "+1 2065550197").send_blocking().expect("sets");
    assert_eq!(outcome.change, PhoneChange::Updated);
}
