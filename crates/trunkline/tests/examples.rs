//! The examples, carried out on the emulator.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "the examples are programs, whose `main` signs in for real"
)]

#[path = "../examples/assign_and_wait.rs"]
mod assign_and_wait;
#[path = "../examples/errors.rs"]
mod errors;
#[path = "../examples/numbers_to_csv.rs"]
mod numbers_to_csv;
#[path = "../examples/phones.rs"]
mod phones;
#[path = "../examples/users.rs"]
mod users;

use std::collections::HashSet;
use std::sync::Arc;

use trunkline::{Client, Credential, TestClock};
use trunkline_emulator::{ClockMode, Emulator};

const ANA: &str = "ana@contoso.example";
const FREE: &str = "+12061234567";

/// An emulator and its client, for whom waiting takes no time.
async fn emulated() -> (Emulator, Client) {
    let builder = Emulator::builder().clock(ClockMode::Manual);
    let emulator = builder.start().await.expect("a port is free");
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
async fn a_number_is_assigned() {
    let (_emulator, client) = emulated().await;
    let outcome = assign_and_wait::assign(&client, FREE, ANA).await.expect("assigns");
    assert_eq!(outcome.number, FREE);
    let found = client.numbers().get(FREE).await.expect("reads").expect("is there");
    assert!(found.assignment_target_id.is_value(), "{found:?}");
}

#[tokio::test]
async fn errors_say_what_to_do_next() {
    let (_emulator, client) = emulated().await;
    for (number, user, words) in [
        ("+12065550100", ANA, "somebody else holds it"),
        ("+12065550199", ANA, "no such number"),
        ("no number", ANA, "number"),
        (FREE, ANA, FREE),
    ] {
        let line = errors::assign(&client, number, user).await;
        assert!(line.contains(words), "{number}: {line}");
    }
}

#[tokio::test]
async fn numbers_become_csv() {
    let (_emulator, client) = emulated().await;
    let mut file = Vec::new();
    let count = numbers_to_csv::write_numbers(&client, &mut file).await.expect("writes");
    let text = String::from_utf8(file).expect("is text");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("number,city,status"));
    let numbers: HashSet<&str> = lines.filter_map(|line| line.split(',').next()).collect();
    assert_eq!(numbers.len(), count);
    assert!(numbers.contains(FREE), "{text}");
}

#[tokio::test]
async fn a_phone_is_set() {
    let (_emulator, client) = emulated().await;
    let lines = phones::set_mobile(&client, ANA, "+1 206-555-0188").await.expect("sets");
    assert!(lines.contains(&"mobile: +1 2065550188".to_owned()), "{lines:?}");
}

#[tokio::test]
async fn users_are_found() {
    let (_emulator, client) = emulated().await;
    assert_eq!(users::users_named(&client, "An").await.expect("lists"), [ANA]);
    assert!(
        users::users_named(&client, "it's nobody")
            .await
            .expect("lists")
            .is_empty()
    );
}
