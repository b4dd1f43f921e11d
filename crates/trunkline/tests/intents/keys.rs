//! A service that answers with something else than what was looked up by its key: nothing is decided or sent on that.

use serde_json::{Value, json};
use trunkline::phones::PhoneRole;
use trunkline::{Error, ErrorKind};

use super::{ANA, BEN, FREE, Fixture};

const HELD: &str = "+12065550100";

/// Every list of numbers is this one, whatever was asked.
fn dropped_filter(rows: &Value) -> Value {
    json!({"method": "GET", "path": "*/numberAssignments", "effect": {"kind": "set", "pointer": "/value", "value": rows}})
}

fn row(number: &str, holder: Option<&str>) -> Value {
    let status = if holder.is_some() { "userAssigned" } else { "unassigned" };
    json!({"id": number, "telephoneNumber": number, "numberType": "directRouting", "activationState": "activated",
        "capabilities": ["userAssignment"], "assignmentStatus": status, "assignmentTargetId": holder,
        "isoCountryCode": "US"})
}

fn is_mismatch(error: &Error, asked: &str, answered: &str) {
    assert_eq!(error.kind(), ErrorKind::UnexpectedBody, "{error}");
    assert!(error.is_key_mismatch(), "{error}");
    assert_eq!(
        error.message(),
        format!("asked for {asked}, the service answered with {answered}")
    );
    assert!(!error.may_have_reached_service(), "{error}");
}

#[tokio::test]
async fn another_number_than_the_one_asked_for_is_never_taken_for_it() {
    let rows = [
        // The one that was asked for is the second, and not there at all.
        json!([row(FREE, None), row(HELD, Some(BEN))]),
        json!([row(FREE, None)]),
        // With an extension it is another number.
        json!([row("+12065550100;ext=67", None)]),
    ];
    for rows in rows {
        let fixture = Fixture::build().await;
        fixture.fault(dropped_filter(&rows));
        let numbers = fixture.client.numbers();
        let here = Some("10c00000-0000-4000-8000-000000000002".to_owned());
        let errors = [
            numbers.get(HELD).await.expect_err("is another"),
            numbers.assign(HELD, ANA).await.expect_err("is another"),
            numbers.move_to(HELD, ANA).await.expect_err("is another"),
            numbers.unassign(HELD).await.expect_err("is another"),
            numbers.set_location(HELD, here).await.expect_err("is another"),
            numbers.unassign(HELD).verify().await.expect_err("is another"),
        ];
        for error in errors {
            is_mismatch(&error, "+***00", "+***67");
        }
        let changed = fixture.emulator.requests();
        assert!(changed.iter().all(|request| request.method == "GET"), "nothing is sent");
    }
}

#[tokio::test]
async fn the_number_is_the_same_however_the_service_spells_it() {
    for spelled in ["+12065550100", "tel:+12065550100"] {
        let fixture = Fixture::build().await;
        fixture.fault(dropped_filter(&json!([row(spelled, Some(BEN))])));
        assert!(
            fixture.client.numbers().get(HELD).await.expect("reads").is_some(),
            "{spelled}"
        );
    }
}

#[tokio::test]
async fn a_number_that_comes_twice_is_one_unless_the_two_differ() {
    let fixture = Fixture::build().await;
    fixture.fault(dropped_filter(&json!([row(HELD, Some(BEN)), row(HELD, Some(BEN))])));
    assert!(fixture.client.numbers().get(HELD).await.expect("is one").is_some());
    fixture.emulator.clear_faults();
    fixture.fault(dropped_filter(&json!([row(HELD, Some(BEN)), row(HELD, None)])));
    let error = fixture.client.numbers().unassign(HELD).await.expect_err("are two");
    assert_eq!(error.kind(), ErrorKind::UnexpectedBody);
    assert!(error.message().contains("two different records of +***00"), "{error}");
}

#[tokio::test]
async fn conditions_that_the_service_drops_are_noticed() {
    let fixture = Fixture::build().await;
    fixture.fault(dropped_filter(&json!([row(HELD, Some(BEN))])));
    let query = || fixture.client.numbers().list();
    let mismatches = [
        (query().unassigned(), "asked for free numbers"),
        (query().held_by(ANA), "asked for numbers held by"),
        (
            query().number_type(&"callingPlan".into()),
            "asked for numbers of type callingPlan",
        ),
        (query().country("DE"), "asked for numbers of DE"),
    ];
    for (query, message) in mismatches {
        let error = query.clone().first().await.expect_err("is another");
        assert!(
            error.is_key_mismatch() && error.message().starts_with(message),
            "{error}"
        );
        let error = query.all().await.expect_err("is another");
        assert!(error.is_key_mismatch(), "{error}");
    }
    let fitting = query().held_by(BEN).number_type(&"directRouting".into()).country("us");
    assert_eq!(fitting.all().await.expect("fulfils all").len(), 1);
}

#[tokio::test]
async fn another_user_is_never_taken_for_the_one_that_was_named() {
    let other_name = json!({"kind": "set", "pointer": "/userPrincipalName", "value": "ben@contoso.example"});
    let no_name = json!({"kind": "remove", "pointer": "/userPrincipalName"});
    for name in [other_name, no_name] {
        let fixture = Fixture::build().await;
        let effects = json!([{"kind": "set", "pointer": "/id", "value": BEN}, name]);
        fixture.fault(json!({"method": "GET", "path": "*/users/ana@contoso.example",
            "effect": {"kind": "all", "effects": effects}}));
        let error = fixture
            .client
            .numbers()
            .assign(FREE, "ana@contoso.example")
            .await
            .expect_err("is ben");
        assert!(error.is_key_mismatch(), "{error}");
        assert!(
            error.message().starts_with("asked for the user a***@contoso.example"),
            "{error}"
        );
        let phones = fixture.client.phones("ana@contoso.example");
        assert!(phones.list().await.expect_err("is ben").is_key_mismatch());
        let error = phones.remove(PhoneRole::Mobile).await.expect_err("is ben");
        assert!(error.is_key_mismatch() && !error.may_have_reached_service(), "{error}");
        assert_eq!(fixture.sent("POST", "assignNumber") + fixture.sent("DELETE", ""), 0);
    }
    let fixture = Fixture::build().await;
    let upper = fixture.client.phones("ANA@contoso.example").list().await;
    assert_eq!(upper.expect("names have no case").len(), 1);
}

#[tokio::test]
async fn a_phone_method_is_what_its_id_says_and_each_is_there_once() {
    let method = |id: PhoneRole, phone_type: &str, number: &str| json!({"id": id.id(), "phoneType": phone_type, "phoneNumber": number});
    let two_things = json!([method(PhoneRole::Mobile, "office", "+1 2065550100")]);
    let twice = json!([
        method(PhoneRole::Mobile, "mobile", "+1 2065550100"),
        method(PhoneRole::Mobile, "mobile", "+1 2065550101"),
    ]);
    for (methods, words) in [
        (two_things, "the phone method with the id of mobile"),
        (twice, "two different mobile"),
    ] {
        let fixture = Fixture::build().await;
        fixture.fault(json!({"method": "GET", "path": "*/phoneMethods",
            "effect": {"kind": "set", "pointer": "/value", "value": methods}}));
        let error = fixture
            .client
            .phones(ANA)
            .remove(PhoneRole::Mobile)
            .await
            .expect_err("is not one");
        assert_eq!(error.kind(), ErrorKind::UnexpectedBody);
        assert!(error.message().contains(words), "{error}");
        assert_eq!(fixture.sent("DELETE", PhoneRole::Mobile.id()), 0);
    }
}

#[tokio::test]
async fn an_order_and_its_number_are_those_that_were_named() {
    let fixture = Fixture::build().await;
    let token = fixture.place(FREE).await;
    fixture.fault(json!({"method": "GET", "path": "*/operations*",
        "effect": {"kind": "set", "pointer": "/id", "value": "another"}}));
    let error = fixture.client.numbers().follow(&token).await.expect_err("is another");
    assert!(error.is_key_mismatch() && error.resume_token().is_some(), "{error}");
    fixture.emulator.clear_faults();
    fixture.fault(json!({"method": "GET", "path": "*/numberAssignments/*",
        "effect": {"kind": "set", "pointer": "/id", "value": "another"}}));
    let error = fixture.client.numbers().follow(&token).await.expect_err("is another's");
    assert!(error.message().contains("the order succeeded"), "{error}");
    assert!(error.message().contains("asked for the number with id"), "{error}");
}

#[tokio::test]
async fn an_id_of_zeros_names_nobody() {
    let fixture = Fixture::build().await;
    let zeros = "00000000-0000-0000-0000-000000000000";
    let error = fixture
        .client
        .numbers()
        .assign(FREE, zeros)
        .await
        .expect_err("is nobody");
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    let error = fixture.client.phones(zeros).list().await.expect_err("is nobody");
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert!(fixture.emulator.requests().is_empty());
}

#[tokio::test]
async fn where_the_service_writes_zeros_there_is_no_location() {
    let zeros = "00000000-0000-0000-0000-000000000000";
    let fixture = Fixture::build().await;
    fixture.fault(json!({"method": "GET", "path": "*/numberAssignments*",
        "effect": {"kind": "set", "pointer": "/value/*/locationId", "value": zeros}}));
    let numbers = fixture.client.numbers();
    let nothing = numbers.set_location(FREE, None).await.expect("has none");
    assert_eq!(nothing.change, trunkline::numbers::NumberChange::Already);
    assert_eq!(fixture.sent("POST", "updateNumber"), 0);
    fixture.emulator.clear_faults();

    // From a location to none, and none is written as zeros.
    let place = Some("10c00000-0000-4000-8000-000000000002".to_owned());
    numbers.set_location(FREE, place).await.expect("sets");
    fixture.fault(
        json!({"method": "GET", "path": "*/numberAssignments*", "nth": 2, "times": 100,
        "effect": {"kind": "set", "pointer": "/value/*/locationId", "value": zeros}}),
    );
    let cleared = numbers.set_location(FREE, None).await.expect("clears");
    assert_eq!(cleared.change, trunkline::numbers::NumberChange::Done);
    let error = numbers
        .set_location(FREE, Some(zeros.to_owned()))
        .await
        .expect_err("names none");
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
}
