//! The intents against the emulator: what an administrator means, with answers lost, orders failing and numbers taken.
//! Client and emulator share one clock that moves only when somebody waits, so nothing here takes time.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use trunkline::numbers::{Change, LocationChange};
use trunkline::phones::{PhoneChange, PhoneRole};
use trunkline::{Client, Credential, ErrorKind, TestClock};
use trunkline_emulator::{ClockMode, Emulator, Fault};

const FREE: &str = "+12061234567";
const ANA: &str = "a0000000-0000-4000-8000-000000000001";
const BEN: &str = "a0000000-0000-4000-8000-000000000002";

struct House {
    emulator: Emulator,
    client: Client,
}

impl House {
    async fn build() -> Self {
        let emulator = Emulator::builder().clock(ClockMode::Manual).start().await.expect("a port is free");
        let clock = TestClock::new(emulator.now());
        let driven = emulator.clock();
        clock.on_advance(move |by| driven.advance(by));
        let client = Client::builder()
            .endpoint(emulator.url())
            .credential(Credential::token(emulator.token()))
            .clock(Arc::new(clock))
            .build()
            .expect("builds");
        Self { emulator, client }
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
async fn an_order_that_never_arrived_is_placed_after_reading_proved_it() {
    let house = House::build().await;
    house.fault(json!({"method": "POST", "path": "assignNumber", "nth": 1, "effect": {"kind": "drop"}}));
    let outcome = house.client.numbers().assign(FREE, ANA).await.expect("the second one arrives");
    assert_eq!((outcome.change, house.sent("POST", "assignNumber")), (Change::Done, 2));
    assert_eq!(house.holder(FREE).as_deref(), Some(ANA));
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
    assert!(carla.to_string().to_lowercase().contains("licen"), "{carla}");
    assert_eq!(house.holder(FREE), None);
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
