//! Errors and exit codes.

use trunkline_emulator::{Effect, Emulator, Fault, OTHER_TENANT_ID};

use super::harness::{Session, binary, file, run, snapshot};

#[test]
fn what_was_not_understood_is_1() {
    snapshot("usage", &run(&mut binary(&["numbers", "assign"])));
    snapshot("usage-command", &run(&mut binary(&["number"])));
    snapshot(
        "unknown-cloud",
        &run(&mut binary(&["numbers", "list", "--cloud", "moon"])),
    );
    snapshot(
        "unknown-cloud-variable",
        &run(binary(&["numbers", "list"])
            .env("TRUNKLINE_CLOUD", "moon")
            .env("TRUNKLINE_TOKEN", "x")),
    );
    snapshot(
        "unknown-role",
        &run(&mut binary(&["phones", "remove", "ana@contoso.example", "pager"])),
    );
    let json = run(&mut binary(&["numbers", "list", "--cloud", "moon", "--output", "json"]));
    assert_eq!(
        (json.code, json.error()["kind"].as_str()),
        (Some(1), Some("invalidInput"))
    );
    let json = run(binary(&["numbers", "list", "--limit", "many"]).env("TRUNKLINE_OUTPUT", "json"));
    assert_eq!(
        (json.code, json.error()["kind"].as_str()),
        (Some(1), Some("invalidInput"))
    );
}

#[test]
fn settings_that_cannot_work_are_1() {
    snapshot("no-credential", &run(&mut binary(&["numbers", "list"])));
    let token = run(binary(&["numbers", "list", "--credential", "token"]).env("TRUNKLINE_TOKEN", " "));
    snapshot("empty-token", &token);
    let named = run(binary(&["numbers", "list"]).env("TRUNKLINE_CREDENTIAL", "guess"));
    snapshot("unknown-credential", &named);
    let foreign = run(binary(&["numbers", "list", "--endpoint", "https://evil.example"]).env("TRUNKLINE_TOKEN", "x"));
    snapshot("foreign-endpoint", &foreign);
    // Once it is allowed it is tried; nobody answers there.
    let allowed = [
        "numbers",
        "list",
        "--endpoint",
        "https://endpoint.invalid",
        "--allow-endpoint",
    ];
    let allowed = run(binary(&allowed)
        .env("TRUNKLINE_TOKEN", "x")
        .env("TRUNKLINE_OUTPUT", "json"));
    assert_eq!(
        (allowed.code, allowed.error()["kind"].as_str()),
        (Some(1), Some("connection")),
        "{allowed}"
    );
    let device = run(&mut binary(&["numbers", "list", "--credential", "device-code"]));
    snapshot("device-code-without-tenant", &device);
}

#[test]
fn a_token_of_another_tenant_is_not_sent() {
    let session = Session::new();
    let outcome = session.run(&["numbers", "list", "--tenant", OTHER_TENANT_ID, "-o", "json"]);
    assert_eq!(
        (outcome.code, outcome.error()["kind"].as_str()),
        (Some(1), Some("wrongTenant")),
        "{outcome}"
    );
    assert_eq!(session.emulator.requests(), []);
}

#[test]
fn a_write_for_a_domain_of_another_tenant_is_not_sent() {
    let session = Session::new();
    for arguments in [
        &["numbers", "assign", "+12065550101", "ana@contoso.example"][..],
        &["phones", "set", "ana@contoso.example", "mobile", "+1 2065550143"],
    ] {
        let before = session.run(&["numbers", "get", "+12065550101", "-o", "json"]);
        let outcome = session.run(&[arguments, &["--tenant", "fabrikam.onmicrosoft.com", "-o", "json"]].concat());
        assert_eq!(
            (outcome.code, outcome.error()["kind"].as_str()),
            (Some(1), Some("wrongTenant")),
            "{outcome}"
        );
        let requests = session.emulator.requests();
        assert!(
            requests.iter().all(|request| request.method == "GET"),
            "nothing is written: {requests:?}"
        );
        let after = session.run(&["numbers", "get", "+12065550101", "-o", "json"]);
        assert_eq!(before.stdout, after.stdout);
    }
    let outcome = session.run(&[
        "numbers",
        "assign",
        "+12065550101",
        "ana@contoso.example",
        "--tenant",
        "contoso.onmicrosoft.com",
    ]);
    assert_eq!(outcome.code, Some(0), "{outcome}");
}

#[test]
fn a_bad_number_is_refused_before_anything_is_sent() {
    let session = Session::new();
    for arguments in [
        &["numbers", "get", "number"][..],
        &["numbers", "assign", "ana", "+12065550100"],
        &["numbers", "unassign", "-"],
        &["phones", "set", "ana@contoso.example", "office", "12"],
    ] {
        let outcome = session.run(&[arguments, &["--output", "json"]].concat());
        assert_eq!(outcome.code, Some(1), "{outcome}");
        assert_eq!(outcome.error()["kind"], "invalidInput", "{outcome}");
    }
    assert_eq!(session.emulator.requests(), []);
    snapshot("bad-number", &session.run(&["numbers", "get", "+1 206 KLONDIKE"]));
}

#[test]
fn an_unreachable_endpoint_is_1() {
    let address = {
        // Its port is free again once it is gone.
        let emulator = Emulator::start_blocking().expect("a free port");
        emulator.url().to_owned()
    };
    let outcome = run(binary(&["numbers", "get", "+12065550100", "--endpoint", &address]).env("TRUNKLINE_TOKEN", "x"));
    assert_eq!(outcome.code, Some(1), "{outcome}");
    assert!(outcome.stderr.contains("kind connection"), "{outcome}");
}

#[test]
fn what_the_service_refuses_is_1_and_what_makes_no_sense_is_2() {
    let session = Session::new();
    let status = |status, code: &str| Effect::Status {
        status,
        code: Some(code.to_owned()),
        message: Some("The number +12065550100 of ana@contoso.example is not free.".to_owned()),
        retry_after: None,
        retry_after_date: None,
        headers: std::collections::BTreeMap::new(),
        body: None,
    };
    let list = ["numbers", "list"];
    session.emulator.fault(Fault::new(status(403, "Forbidden")));
    snapshot("refused", &session.run(&list));
    let full = session.run(&["numbers", "list", "--show-pii"]);
    assert!(full.stderr.contains("+12065550100 of ana@contoso.example"), "{full}");
    let json = session.run(&["numbers", "list", "-o", "json"]);
    assert_eq!(json.error()["kind"], "permissionDenied");
    assert!(!json.stderr.contains("2065550100"), "{json}");
    session.emulator.clear_faults();
    session.emulator.fault(Fault::new(Effect::Html { status: 200 }));
    let nonsense = session.run(&list);
    assert_eq!(nonsense.code, Some(2), "{nonsense}");
}

#[test]
fn a_seed_that_cannot_be_read_is_1() {
    let seed = file("{");
    let outcome = run(&mut binary(&[
        "emulator",
        "--seed",
        seed.path().to_str().expect("UTF-8"),
    ]));
    assert_eq!(outcome.code, Some(1), "{outcome}");
    assert!(outcome.stderr.contains("is not JSON"), "{outcome}");
    let missing = run(&mut binary(&["emulator", "--seed", "/nowhere/seed.json"]));
    assert_eq!(missing.code, Some(1), "{missing}");
}
