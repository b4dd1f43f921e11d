//! `trunkline permissions`.

use trunkline_emulator::TokenRequest;

use super::harness::{Session, binary, run, snapshot};

#[test]
fn an_operation_is_described() {
    snapshot(
        "permissions",
        &run(&mut binary(&["permissions", "numberAssignments.assignNumber"])),
    );
    snapshot(
        "permissions-places",
        &run(&mut binary(&["permissions", "phonemethods.list"])),
    );
    snapshot(
        "permissions-json",
        &run(&mut binary(&["permissions", "phoneMethods.create", "-o", "json"])),
    );
    snapshot(
        "permissions-typo",
        &run(&mut binary(&["permissions", "numberAssignment.asignNumber"])),
    );
    snapshot(
        "permissions-nonsense",
        &run(&mut binary(&["permissions", "frobnicate"])),
    );
}

#[test]
fn all_operations_are_listed() {
    let all = run(&mut binary(&["permissions", "--output", "json"])).document();
    let count = trunkline::OPERATIONS.0.len();
    assert_eq!(all.as_array().map(Vec::len), Some(count));
    let table = run(&mut binary(&["permissions"]));
    assert_eq!(table.stdout.lines().count(), count + 1);
    let csv = run(&mut binary(&["permissions", "--output", "csv"]));
    assert_eq!(csv.stdout.lines().count(), count + 1);
}

#[test]
fn a_token_is_checked_by_what_it_says() {
    let session = Session::new();
    let check = |permissions: &[&str], operation: &str| {
        let token = session.emulator.issue_token(TokenRequest {
            permissions: Some(permissions.iter().map(ToString::to_string).collect()),
            ..TokenRequest::default()
        });
        run(binary(&["permissions", operation, "--check", "-o", "json"]).env("TRUNKLINE_TOKEN", token))
    };
    let fine = check(&["TeamsTelephoneNumber.ReadWrite.All"], "numberAssignments.list");
    assert_eq!(fine.document()["check"]["by"], "TeamsTelephoneNumber.ReadWrite.All");
    let short = check(&["TeamsTelephoneNumber.Read.All"], "numberAssignments.assignNumber");
    assert_eq!(short.code, Some(1));
    let document: serde_json::Value = serde_json::from_str(&short.stdout).unwrap();
    assert_eq!(document["check"]["missing"][0], "TeamsTelephoneNumber.ReadWrite.All");
    assert_eq!(short.stderr, "");
    snapshot(
        "permissions-no-token",
        &run(&mut binary(&["permissions", "numberAssignments.list", "--check"])),
    );
    snapshot(
        "permissions-opaque-token",
        &run(binary(&["permissions", "numberAssignments.list", "--check"]).env("TRUNKLINE_TOKEN", "opaque")),
    );
    let delegated = session.emulator.issue_token(TokenRequest {
        user: Some("ana@contoso.example".to_owned()),
        permissions: Some(vec!["User.Read".to_owned()]),
        ..TokenRequest::default()
    });
    let lacking = run(binary(&["permissions", "numberAssignments.get", "--check"]).env("TRUNKLINE_TOKEN", delegated));
    snapshot("permissions-lacking", &lacking);
}
