//! `Debug` output masks personal data: logging an intent, its outcome or a model shows no number, name, password or pass.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use serde_json::json;
use trunkline::graph::{
    PasswordAuthenticationMethod, PhoneAuthenticationMethod, TemporaryAccessPassAuthenticationMethod, User,
};
use trunkline::phones::PhoneRole;
use trunkline::teams_administration::{NumberAssignment, NumberType, TelephoneNumberLongRunningOperation};
use trunkline::{Client, Credential, TelephoneNumber, TestClock};
use trunkline_emulator::{ClockMode, Emulator, Fault};

const NUMBER: &str = "+12061234567";
const NAME: &str = "ana@contoso.example";
const ANA: &str = "a0000000-0000-4000-8000-000000000001";
const PASSWORD: &str = "canary-Passw0rd!";
const PASS: &str = "canaryTAP-7Q";

/// Pieces of what must not be seen, whatever the spelling around them.
const CANARIES: [&str; 9] = [
    "2061234567",
    "206123",
    "206 123",
    "555-0199",
    "5550199",
    "ana@",
    "ana.nobody",
    PASSWORD,
    PASS,
];

#[track_caller]
fn assert_silent(value: &dyn Debug) {
    for shown in [format!("{value:?}"), format!("{value:#?}")] {
        for canary in CANARIES {
            assert!(!shown.contains(canary), "{canary} is in {shown}");
        }
    }
}

async fn fixture() -> (Emulator, Client) {
    let emulator = Emulator::builder()
        .clock(ClockMode::Manual)
        .start()
        .await
        .expect("a port is free");
    let clock = TestClock::new(emulator.now());
    let driven = emulator.clock();
    clock.on_advance(move |by| driven.advance(by));
    let client = Client::builder()
        .endpoint(emulator.url())
        .credential(Credential::token(emulator.token()))
        .clock(Arc::new(clock))
        .build()
        .expect("builds");
    (emulator, client)
}

#[tokio::test]
async fn an_intent_that_was_not_sent_shows_nothing() {
    let (_emulator, client) = fixture().await;
    let numbers = client.numbers();
    for written in [NUMBER, "+1 (206) 123-4567", "12061234567"] {
        assert_silent(&numbers.assign(written, NAME).location(NUMBER).with_progress(|_| {}));
        assert_silent(&numbers.move_to(written, NAME));
        assert_silent(&numbers.unassign(written));
        assert_silent(&numbers.set_location(written, Some(NAME.to_owned())));
        assert_silent(&client.phones(NAME).set(PhoneRole::Mobile, written));
    }
    // A name where a number should be.
    assert_silent(&numbers.assign(NAME, NUMBER));
    assert_silent(&numbers.follow(NUMBER));
    let phones = client.phones(NAME);
    assert_silent(&phones);
    assert_silent(&phones.remove(PhoneRole::Mobile));
    assert_silent(&phones.enable_sms_sign_in());
    let number = TelephoneNumber::parse(NUMBER).expect("is one");
    let query = numbers.list().number(&number).prefix(NUMBER).city(NAME).held_by(NAME);
    assert_silent(&query.filter(format!("telephoneNumber eq '{NUMBER}' and x eq '{NAME}'")));
    assert_silent(&numbers);
    assert_silent(&client);
}

#[tokio::test]
async fn outcomes_progress_and_errors_show_nothing() {
    let (emulator, client) = fixture().await;
    let reports = Arc::new(Mutex::new(Vec::new()));
    let listener = reports.clone();
    let assign = client.numbers().assign(NUMBER, NAME).with_progress(move |progress| {
        if let trunkline::ChangeProgress::Accepted { token, .. } = progress {
            assert!(
                !format!("{progress:?}").contains(token.as_str()),
                "a token is worth a request"
            );
        }
        listener.lock().expect("is whole").push(progress.clone());
    });
    let mut outcome = assign.await.expect("assigns");
    for progress in reports.lock().expect("is whole").iter() {
        assert_silent(progress);
    }
    assert_silent(&outcome);
    outcome.orders[0].verdicts[0].detail = Some(format!("{NUMBER} of {NAME}"));
    outcome.warnings.push(format!("{NUMBER} of {NAME}"));
    assert_silent(&outcome);
    assert_silent(&outcome.orders[0]);

    let management = client.graph().admin().teams().telephone_number_management();
    let call = management
        .number_assignments()
        .unassign_number(NUMBER, NumberType::CallingPlan);
    let token = call.await.expect("is accepted").into_value().token();
    assert_silent(&client.numbers().follow(&token).await.expect("ends"));

    let phones = client.phones(NAME);
    assert_silent(&phones.set(PhoneRole::Mobile, "+1 206-555-0199").await.expect("sets"));
    assert_silent(&phones.remove(PhoneRole::Mobile).await.expect("removes"));

    let failing: [Fault; 2] = [
        json!({"method": "POST", "path": "assignNumber", "effect": {"kind": "drop"}}),
        json!({"method": "POST", "path": "phoneMethods", "effect": {"kind": "status", "status": 400,
            "message": format!("{NUMBER} of {NAME}")}}),
    ]
    .map(|fault| serde_json::from_value(fault).expect("is a fault"));
    for fault in failing {
        emulator.fault(fault);
    }
    let errors = [
        client.numbers().assign(NUMBER, NAME).await.expect_err("is lost"),
        client
            .numbers()
            .assign("+12065550199", "ana.nobody@contoso.example")
            .await
            .expect_err("is nobody"),
        phones
            .set(PhoneRole::Mobile, "+1 206-555-0199")
            .await
            .expect_err("is refused"),
    ];
    for error in errors {
        assert_silent(&error);
        assert_silent(&error.to_string());
        assert_silent(&error.to_json().to_string());
    }
}

#[test]
fn models_with_something_to_hide_show_nothing() {
    let number: NumberAssignment =
        serde_json::from_value(json!({"id": "x", "telephoneNumber": NUMBER, "assignmentTargetId": ANA}))
            .expect("reads");
    let user: User = serde_json::from_value(json!({
        "userPrincipalName": NAME, "mail": NAME, "mobilePhone": NUMBER, "businessPhones": [NUMBER],
    }))
    .expect("reads");
    let phone = PhoneAuthenticationMethod::new(NUMBER, trunkline::graph::AuthenticationPhoneType::Mobile);
    let password: PasswordAuthenticationMethod = serde_json::from_value(json!({"password": PASSWORD})).expect("reads");
    let pass: TemporaryAccessPassAuthenticationMethod =
        serde_json::from_value(json!({"temporaryAccessPass": PASS})).expect("reads");
    let order: TelephoneNumberLongRunningOperation = serde_json::from_value(json!({
        "id": "x", "numbers": [{"resourceLocation": format!("https://graph.microsoft.com/v1.0/x/{NUMBER}")}],
    }))
    .expect("reads");
    // Values of unknown fields are masked as well.
    let unknown: User = serde_json::from_value(json!({"canary": NUMBER, "other": {"deep": NAME}})).expect("reads");
    assert_silent(&number);
    assert_silent(&user);
    assert_silent(&phone);
    assert_silent(&password);
    assert_silent(&pass);
    assert_silent(&order);
    assert_silent(&unknown);
}
