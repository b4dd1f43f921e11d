//! `trunkline phones`.

use trunkline_emulator::{ClockMode, Emulator};

use super::harness::{Outcome, Session, run, snapshot};

#[test]
fn list_shows_the_methods() {
    let session = Session::new();
    snapshot("phones", &session.run(&["phones", "list", "ben@contoso.example"]));
    snapshot(
        "phones-csv",
        &session.run(&["phones", "list", "ben@contoso.example", "-o", "csv"]),
    );
    snapshot("phones-none", &session.run(&["phones", "list", "dev@contoso.example"]));
    snapshot(
        "phones-unknown-user",
        &session.run(&["phones", "list", "nobody@contoso.example"]),
    );
}

#[test]
fn set_adds_changes_and_does_nothing_twice() {
    let session = Session::new();
    let set = |number: &str| session.run(&["phones", "set", "dev@contoso.example", "Mobile", number]);
    snapshot("phone-set", &set("+1 206-555-0180"));
    snapshot("phone-set-again", &set("+1 (206) 555 0180"));
    snapshot("phone-change", &set("+1 2065550181"));
    snapshot(
        "phone-alternate-first",
        &session.run(&[
            "phones",
            "set",
            "carla@contoso.example",
            "alternateMobile",
            "+12065550182",
        ]),
    );
}

#[test]
fn remove_removes_in_the_right_order() {
    let session = Session::new();
    let remove = |role: &str| session.run(&["phones", "remove", "ben@contoso.example", role]);
    snapshot("phone-remove-too-early", &remove("mobile"));
    snapshot("phone-remove", &remove("office"));
    snapshot("phone-remove-again", &remove("office"));
}

#[test]
fn sign_in_is_switched_and_shown() {
    let session = Session::new();
    let switch = |switch: &str| session.run(&["phones", "sms-sign-in", "ana@contoso.example", switch]);
    snapshot("sign-in-status", &switch("status"));
    snapshot("sign-in-off", &switch("off"));
    assert_eq!(
        session.json(&["phones", "sms-sign-in", "ana@contoso.example", "status"])["smsSignInState"],
        "notEnabled"
    );
    snapshot("sign-in-on", &switch("on"));
    snapshot(
        "sign-in-no-mobile",
        &session.run(&["phones", "sms-sign-in", "dev@contoso.example", "status"]),
    );
}

/// Start of the scaled clock, as `TRUNKLINE_TIME_SCALE` takes it.
const EPOCH: &str = "2026-01-15T09:00:00Z";

/// A session on a fast clock, in which `times` reads of phone methods after the first get `effect`.
fn stale(times: u32, effect: serde_json::Value) -> Session {
    let epoch = EPOCH.parse().expect("a moment");
    let session = Session::of(Emulator::builder().clock(ClockMode::Scaled { factor: 600, epoch }));
    let fault = serde_json::json!({"method": "GET", "path": "*/authentication/phoneMethods", "nth": 2, "times": times,
        "effect": effect});
    session.emulator.fault(serde_json::from_value(fault).expect("a fault"));
    session
}

fn fast(session: &Session, arguments: &[&str]) -> Outcome {
    run(session
        .command(arguments)
        .env("TRUNKLINE_TIME_SCALE", format!("600@{EPOCH}")))
}

#[test]
fn a_change_that_is_accepted_and_not_yet_visible_is_done() {
    let empty = || serde_json::json!({"kind": "set", "pointer": "/value", "value": []});
    let missing = serde_json::json!({"kind": "status", "status": 404, "code": "resourceNotFound"});
    let set = ["phones", "set", "carla@contoso.example", "mobile", "+1 206 555 0198"];
    // Two hours of the scaled clock are twelve seconds, enough for a busy computer.
    let patient = [&set[..], &["--timeout", "2h"]].concat();
    for effect in [empty(), missing.clone()] {
        let seen = fast(&stale(3, effect), &patient);
        assert_eq!(seen.code, Some(0), "{seen}");
        assert_eq!(
            seen.stdout.trim(),
            "the mobile phone of carla@contoso.example is +1 2065550198"
        );
    }
    let unseen = fast(&stale(1000, empty()), &set);
    assert_eq!(unseen.code, Some(0), "{unseen}");
    assert_eq!(
        unseen.stdout.trim(),
        "done, not yet seen: the mobile phone of carla@contoso.example is set to +1 2065550198"
    );
    assert!(
        unseen.stderr.contains("the service accepted the change, but reading"),
        "{unseen}"
    );
    let in_time = [&set[..], &["--timeout", "600s", "--output", "json"]].concat();
    let document = fast(&stale(1000, missing), &in_time).document();
    assert_eq!(
        (&document["seen"], &document["change"]),
        (&false.into(), &"created".into())
    );
    let off = ["phones", "sms-sign-in", "ana@contoso.example", "off"];
    let off = fast(&stale(1000, empty()), &off);
    assert_eq!(
        off.stdout.trim(),
        "done, not yet seen: SMS sign-in of ana@contoso.example is switched off"
    );
}
