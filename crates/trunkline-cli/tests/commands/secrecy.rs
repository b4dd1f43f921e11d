//! No token and no secret in any output, whatever is asked for.

use super::harness::{Outcome, Session, run};

const LOUD: [&str; 2] = ["--verbose", "--show-pii"];

#[test]
fn tokens_are_never_shown() {
    let session = Session::new();
    let token = session.emulator.token();
    let payload = token.split('.').nth(1).expect("a payload").to_owned();
    for arguments in [
        &["numbers", "list"][..],
        &["numbers", "get", "+12065550199"],
        &["numbers", "assign", "+12065550101", "ana@contoso.example"],
        &["numbers", "assign", "+12065550101", "ana@contoso.example", "--dry-run"],
        &["phones", "set", "ana@contoso.example", "mobile", "+12065550188"],
        &["permissions", "numberAssignments.list", "--check"],
        &["numbers", "list", "--filter", "nonsense"],
    ] {
        for form in ["table", "json", "csv"] {
            let outcome = session.run(&[arguments, &LOUD, &["--output", form]].concat());
            assert_hidden(&outcome, &payload);
        }
    }
}

#[test]
fn a_token_that_is_not_accepted_is_not_shown_either() {
    let session = Session::new();
    let canary = "canary-7f3a-token";
    let outcome = run(session
        .command(&[&["numbers", "list"], &LOUD[..]].concat())
        .env("TRUNKLINE_TOKEN", canary));
    assert_eq!(outcome.code, Some(1), "{outcome}");
    assert_hidden(&outcome, canary);
}

#[test]
fn secrets_of_the_environment_are_not_shown() {
    let session = Session::new();
    let canary = "canary-7f3a-secret";
    let mut command = session.command(&[&["numbers", "list"], &LOUD[..]].concat());
    let outcome = run(command
        .env_remove("TRUNKLINE_TOKEN")
        .env("AZURE_TENANT_ID", "contoso.example")
        .env("AZURE_CLIENT_ID", trunkline_emulator::DEFAULT_CLIENT_ID)
        .env("AZURE_CLIENT_SECRET", canary));
    assert_eq!(outcome.code, Some(1), "{outcome}");
    assert!(outcome.stderr.contains("kind authentication"), "{outcome}");
    assert_hidden(&outcome, canary);
}

#[test]
fn the_environment_signs_in() {
    let session = Session::new();
    let mut command = session.command(&["numbers", "get", "+12065550100", "-o", "json"]);
    let outcome = run(command
        .env_remove("TRUNKLINE_TOKEN")
        .env("AZURE_TENANT_ID", "contoso.example")
        .env("AZURE_CLIENT_ID", trunkline_emulator::DEFAULT_CLIENT_ID)
        .env("AZURE_CLIENT_SECRET", trunkline_emulator::DEFAULT_CLIENT_SECRET));
    assert_eq!(outcome.document()["telephoneNumber"], "+12065550100");
}

#[test]
fn what_is_said_besides_results_is_masked() {
    let session = Session::new();
    let arguments = ["numbers", "assign", "+12065550101", "ana@contoso.example", "--verbose"];
    let masked = session.run(&arguments);
    assert!(
        !masked.stderr.contains("2065550101") && !masked.stderr.contains("ana@"),
        "{masked}"
    );
    let full = session.run(&["numbers", "unassign", "+12065550101", "--show-pii"]);
    assert!(full.stderr.contains("+12065550101"), "{full}");
}

fn assert_hidden(outcome: &Outcome, secret: &str) {
    assert!(!outcome.everything().contains(secret), "{outcome}");
}
