//! A change that the service accepted is done, whether or not a read shows it at once.

use std::time::Duration;

use serde_json::{Value, json};
use trunkline::ErrorKind;
use trunkline::numbers::NumberChange;
use trunkline::phones::{PhoneChange, PhoneOutcome, PhoneRole};

use super::{ANA, BEN, FREE, Fixture};

const CARLA: &str = "carla@contoso.example";
const LIST: &str = "*/authentication/phoneMethods";

/// Readings of the methods, counted from one, that are answered so.
fn readings(nth: u32, times: u32, effect: Value) -> Value {
    json!({"method": "GET", "path": LIST, "nth": nth, "times": times, "effect": effect})
}

fn shows(methods: Value) -> Value {
    json!({"kind": "set", "pointer": "/value", "value": methods})
}

fn mobile(number: &str, state: &str) -> Value {
    json!({"id": PhoneRole::Mobile.id(), "phoneType": "mobile", "phoneNumber": number, "smsSignInState": state})
}

fn number(outcome: &PhoneOutcome) -> Option<&str> {
    outcome.after.as_ref()?.phone_number.as_deref()
}

#[tokio::test]
async fn readings_from_before_the_change_are_read_again() {
    let effects = [
        shows(json!([])),
        json!({"kind": "status", "status": 404, "code": "resourceNotFound"}),
        json!({"kind": "status", "status": 503}),
        json!({"kind": "html", "status": 502}),
        json!({"kind": "html", "status": 200}),
        json!({"kind": "html", "status": 404}),
    ];
    for effect in effects {
        let fixture = Fixture::build().await;
        fixture.fault(readings(2, 3, effect.clone()));
        let outcome = fixture
            .client
            .phones(CARLA)
            .set(PhoneRole::Mobile, "+1 206 555 0198")
            .await
            .expect("is done");
        assert_eq!((outcome.change, outcome.seen), (PhoneChange::Created, true), "{effect}");
        assert_eq!(number(&outcome), Some("+1 2065550198"));
        assert_eq!(fixture.sent("POST", "phoneMethods"), 1);
        assert!(fixture.waited() < Duration::from_secs(60), "{:?}", fixture.waited());
    }
}

#[tokio::test]
async fn a_removal_is_read_again_when_old_and_new_take_turns() {
    let fixture = Fixture::build().await;
    let office = json!([
        mobile("+1 2065550142", "ready"),
        {"id": PhoneRole::Office.id(), "phoneType": "office", "phoneNumber": "+1 2065550143"},
    ]);
    // Still there, not found, still there, and then gone.
    fixture.fault(readings(2, 1, shows(office.clone())));
    fixture.fault(readings(3, 1, json!({"kind": "status", "status": 404})));
    fixture.fault(readings(4, 1, shows(office)));
    let removed = fixture
        .client
        .phones(BEN)
        .remove(PhoneRole::Office)
        .await
        .expect("is done");
    assert_eq!((removed.change, removed.seen), (PhoneChange::Removed, true));
    assert!(removed.after.is_none());
}

#[tokio::test]
async fn what_is_accepted_and_never_seen_is_done() {
    let fixture = Fixture::build().await;
    let phones = fixture.client.phones(CARLA);
    fixture.fault(readings(2, 1000, shows(json!([]))));
    let created = phones.set(PhoneRole::Mobile, "+1 206 555 0198").await.expect("is done");
    assert_eq!((created.change, created.seen), (PhoneChange::Created, false));
    assert_eq!(
        created.to_string(),
        "done, not yet seen: the mobile phone of carla@contoso.example is set to +1 2065550198"
    );
    assert_eq!(created.warnings.len(), 1, "{:?}", created.warnings);
    assert!(
        created.warnings[0].contains("for 60 seconds still showed no such phone method"),
        "{:?}",
        created.warnings
    );
    assert!(fixture.waited() <= Duration::from_secs(60), "{:?}", fixture.waited());

    let fixture = Fixture::build().await;
    let before = json!([mobile("+1 2065550100", "ready")]);
    fixture.fault(readings(1, 1000, shows(before)));
    let ana = fixture.client.phones(ANA);
    let changed = ana.set(PhoneRole::Mobile, "+1 206 555 0198").await.expect("is done");
    assert_eq!((changed.change, changed.seen), (PhoneChange::Updated, false));
    assert_eq!(number(&changed), Some("+1 2065550100"), "what was read last");
    let off = ana.disable_sms_sign_in().await.expect("is done");
    assert!(!off.seen && off.to_string().ends_with("is switched off"), "{off}");
    let removed = ana.remove(PhoneRole::Mobile).await.expect("is done");
    assert_eq!((removed.change, removed.seen), (PhoneChange::Removed, false));
    assert!(removed.to_string().starts_with("done, not yet seen: "), "{removed}");

    // The service does not let the methods be read any more.
    let fixture = Fixture::build().await;
    fixture.fault(readings(2, 1000, json!({"kind": "status", "status": 403})));
    let unread = fixture
        .client
        .phones(CARLA)
        .set(PhoneRole::Mobile, "+1 206 555 0198")
        .await
        .expect("is done");
    assert!(
        !unread.seen && unread.warnings[0].contains("reading it back failed"),
        "{unread:?}"
    );
}

#[tokio::test]
async fn a_user_without_methods_in_one_reading_has_not_lost_sms_sign_in() {
    let fixture = Fixture::build().await;
    fixture.fault(readings(2, 2, shows(json!([]))));
    let off = fixture.client.phones(ANA).disable_sms_sign_in().await.expect("is done");
    assert!(off.seen && off.after.is_some(), "{off:?}");
    assert_eq!(
        fixture
            .emulator
            .requests()
            .iter()
            .filter(|request| request.method == "GET")
            .count(),
        4
    );
}

#[tokio::test]
async fn a_state_that_forbids_signing_in_counts_when_it_is_new_or_stays() {
    let refusal = json!([mobile("+1 2065550100", "phoneNumberNotUnique")]);
    let fixture = Fixture::build().await;
    fixture.fault(readings(1, 1, shows(json!([mobile("+1 2065550100", "notEnabled")]))));
    fixture.fault(readings(2, 1, shows(refusal.clone())));
    let error = fixture
        .client
        .phones(ANA)
        .enable_sms_sign_in()
        .await
        .expect_err("is refused");
    assert_eq!(error.kind(), ErrorKind::OperationFailed, "{error}");
    assert!(
        error.message().contains("phoneNumberNotUnique") && fixture.waited().is_zero(),
        "{error}"
    );

    let fixture = Fixture::build().await;
    fixture.fault(readings(1, 1000, shows(refusal.clone())));
    let error = fixture
        .client
        .phones(ANA)
        .enable_sms_sign_in()
        .await
        .expect_err("stays");
    assert_eq!(error.kind(), ErrorKind::OperationFailed, "{error}");
    assert!((5..=10).contains(&fixture.waited().as_secs()), "{:?}", fixture.waited());

    // It was that of before, and the other user's number has changed since.
    let fixture = Fixture::build().await;
    fixture.fault(readings(1, 3, shows(refusal)));
    let on = fixture.client.phones(ANA).enable_sms_sign_in().await.expect("is on");
    assert!(on.seen && on.change == PhoneChange::Updated);
}

#[tokio::test]
async fn of_a_masked_number_what_is_left_is_compared() {
    let fixture = Fixture::build().await;
    fixture.fault(readings(1, 3, shows(json!([mobile("+1 XXXXXXXX00", "ready")]))));
    fixture.fault(readings(4, 1000, shows(json!([mobile("+1 XXXXXXXX98", "ready")]))));
    let set = fixture.client.phones(ANA).set(PhoneRole::Mobile, "+1 206 555 0198");
    let outcome = set.await.expect("is done");
    assert!(outcome.seen && number(&outcome) == Some("+1 XXXXXXXX98"), "{outcome:?}");
    assert!(outcome.warnings.iter().any(|warning| warning.contains("masked")));
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_reading_again_and_again() {
    let lost = |method: &str, commit: bool| json!({"method": method, "path": "*/phoneMethods*", "commit": commit, "effect": {"kind": "drop"}});
    let fixture = Fixture::build().await;
    fixture.fault(lost("POST", true));
    fixture.fault(readings(2, 3, shows(json!([]))));
    let phones = fixture.client.phones(CARLA);
    let set = phones.set(PhoneRole::Mobile, "+1 206 555 0198").await.expect("shows");
    assert!(
        set.seen
            && set
                .warnings
                .iter()
                .any(|warning| warning.contains("answer to the request was lost"))
    );

    let fixture = Fixture::build().await;
    fixture.fault(lost("POST", false));
    let phones = fixture.client.phones(CARLA);
    let error = phones
        .set(PhoneRole::Mobile, "+1 206 555 0198")
        .await
        .expect_err("nobody knows");
    assert_eq!(error.kind(), ErrorKind::UnknownOutcome, "{error}");
    assert!(
        error.may_have_reached_service() && error.next_step().contains("did not show the change within 60 seconds"),
        "{error}"
    );
    assert_eq!(fixture.sent("POST", "phoneMethods"), 1);

    let fixture = Fixture::build().await;
    fixture.fault(lost("DELETE", true));
    let removed = fixture
        .client
        .phones(BEN)
        .remove(PhoneRole::Office)
        .await
        .expect("shows");
    assert!(removed.seen && removed.change == PhoneChange::Removed);
}

#[tokio::test]
async fn a_conflict_that_nothing_shows_stays_one() {
    let fixture = Fixture::build().await;
    fixture.fault(readings(1, 1000, shows(json!([]))));
    fixture.fault(
        json!({"method": "POST", "path": LIST, "effect": {"kind": "status", "status": 409, "code": "conflict"}}),
    );
    let error = fixture
        .client
        .phones(CARLA)
        .set(PhoneRole::Mobile, "+1 206 555 0198")
        .await
        .expect_err("is refused");
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
    assert!(fixture.waited() <= Duration::from_secs(10), "{:?}", fixture.waited());
}

#[tokio::test]
async fn a_number_that_is_not_found_after_its_order_is_read_again() {
    let fixture = Fixture::build().await;
    fixture.fault(
        json!({"method": "GET", "path": "*/numberAssignments", "nth": 2, "times": 3, "effect": shows(json!([]))}),
    );
    let outcome = fixture.client.numbers().assign(super::FREE, ANA).await.expect("shows");
    assert_eq!(outcome.after.holder(), Some(ANA));
}

#[tokio::test]
async fn an_order_answered_with_a_web_page_is_settled_by_reading() {
    for status in [200, 202] {
        let fixture = Fixture::build().await;
        fixture.fault(json!({"method": "POST", "path": "/assignNumber", "commit": true, "effect": {"kind": "html", "status": status}}));
        let outcome = fixture.client.numbers().assign(super::FREE, ANA).await.expect("shows");
        assert_eq!(
            (outcome.orders[0].id.as_deref(), fixture.sent("POST", "/assignNumber")),
            (None, 1)
        );
    }
    // Nothing arrived, and nobody knows.
    let fixture = Fixture::build().await;
    fixture.fault(json!({"method": "POST", "path": "/assignNumber", "effect": {"kind": "html", "status": 200}}));
    let error = fixture
        .client
        .numbers()
        .assign(super::FREE, ANA)
        .await
        .expect_err("nobody knows");
    assert_eq!(error.kind(), ErrorKind::UnknownOutcome, "{error}");
    assert!(error.next_step().contains("was not sent again"), "{error}");
}

#[tokio::test]
async fn an_order_whose_number_was_once_seen_pending_is_not_placed_again() {
    let fixture = Fixture::build().await;
    fixture.fault(json!({"method": "POST", "path": "assignNumber", "nth": 1, "effect": {"kind": "drop"}}));
    // One part of the service knows of an order, the others do not yet.
    let pending = json!([
        {"kind": "set", "pointer": "/value/0/assignmentTargetId", "value": ANA},
        {"kind": "set", "pointer": "/value/0/assignmentStatus", "value": "userAssigned"},
        {"kind": "set", "pointer": "/value/0/activationState", "value": "assignmentPending"},
    ]);
    fixture.fault(
        json!({"method": "GET", "path": "*/numberAssignments", "nth": 4, "times": 1,
        "effect": {"kind": "all", "effects": pending}}),
    );
    let assign = fixture.client.numbers().assign(super::FREE, ANA);
    let error = assign
        .with_repeat_after_read_back(true)
        .await
        .expect_err("nobody knows");
    assert_eq!(
        (error.kind(), fixture.sent("POST", "assignNumber")),
        (ErrorKind::UnknownOutcome, 1),
        "{error}"
    );
}

#[tokio::test]
async fn a_location_that_is_accepted_and_does_not_show_is_done() {
    let place = || Some("10c00000-0000-4000-8000-000000000002".to_owned());
    let stale = |effect: Value| json!({"method": "GET", "path": "*numberAssignments*", "nth": 2, "times": 1000, "effect": effect});
    let cases = [
        (
            json!({"kind": "set", "pointer": "/value/0/locationId", "value": null}),
            "for 60 seconds does not show it",
        ),
        (
            json!({"kind": "status", "status": 403}),
            "reading the number back failed",
        ),
    ];
    for (effect, said) in cases {
        let fixture = Fixture::build().await;
        fixture.fault(stale(effect));
        let set = fixture
            .client
            .numbers()
            .set_location(FREE, place())
            .await
            .expect("is done");
        assert_eq!((set.change, set.seen), (NumberChange::Done, false));
        assert_eq!(
            set.to_string(),
            format!("done, not yet seen: the emergency location of {FREE} is changed")
        );
        assert!(set.warnings[0].contains(said), "{:?}", set.warnings);
        assert!(fixture.waited() <= Duration::from_secs(60), "{:?}", fixture.waited());
    }
    let fixture = Fixture::build().await;
    let set = fixture
        .client
        .numbers()
        .set_location(FREE, place())
        .await
        .expect("is done");
    assert!(set.seen && set.warnings.is_empty(), "{set:?}");
}
