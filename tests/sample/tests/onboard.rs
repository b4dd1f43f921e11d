//! How a program is tested: on an emulator of its own, whose faults it chooses and whose requests it counts.

use std::sync::Arc;

use trunkline::{Client, Credential, ErrorKind, TestClock};
use trunkline_emulator::{ClockMode, Effect, Emulator, Fault};
use trunkline_sample::onboard;

const ANA: &str = "ana@contoso.example";
const NUMBER: &str = "+12061234567";
const MOBILE: &str = "+1 206-555-0188";

/// An emulator and a client that share a clock, which moves when somebody waits: waiting takes no time.
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
async fn a_user_is_onboarded_once() {
    let (emulator, client) = emulated().await;
    onboard(&client, ANA, NUMBER, MOBILE).await.expect("onboards");
    emulator.clear_log();
    onboard(&client, ANA, NUMBER, MOBILE).await.expect("changes nothing");
    assert!(emulator.requests().iter().all(|request| request.method == "GET"));
}

#[tokio::test]
async fn a_refused_phone_is_an_error_with_a_next_step() {
    let (emulator, client) = emulated().await;
    emulator.fault(Fault::new(Effect::status(403)).method("POST").path("phoneMethods"));
    let error = onboard(&client, ANA, NUMBER, MOBILE).await.expect_err("is refused");
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert!(!error.next_step().is_empty());
}
