//! `trunkline phones`.

use super::harness::{Session, snapshot};

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
