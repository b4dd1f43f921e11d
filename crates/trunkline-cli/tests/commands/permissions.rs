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
    let document = short.json();
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

/// The commands are carried out by a shell, with an `az` that writes down what it is called with.
#[cfg(unix)]
#[test]
fn the_printed_commands_register_exactly_what_the_features_need() {
    use std::os::unix::fs::PermissionsExt;
    use std::time::Duration;
    use trunkline_emulator::Emulator;

    let session = Session::of(
        Emulator::builder()
            .device_code_polls(0)
            .device_code_interval(Duration::ZERO),
    );
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log");
    let pem =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../trunkline/src/credential/testdata/certificate.pem");
    let tool = format!(
        "#!/bin/sh\necho \"az $*\" >> '{}'\ncase \"$*\" in\n  *'app create'*) echo {};;\n  *'sp show'*) echo \"$*\" | \
         sed \"s/.*value=='\\([^']*\\)'.*/id-of-\\1/\";;\n  *'credential reset'*) echo '{}';;\nesac\n",
        log.display(),
        trunkline_emulator::DEFAULT_CLIENT_ID,
        pem.display(),
    );
    let az = folder.path().join("az");
    std::fs::write(&az, tool).expect("written");
    std::fs::set_permissions(&az, PermissionsExt::from_mode(0o755)).expect("changed");
    let own = std::path::Path::new(env!("CARGO_BIN_EXE_trunkline"))
        .parent()
        .expect("a folder");

    for (kind, list, suffix, credential) in [
        ("--delegated", "oauth2PermissionScopes", "Scope", "device-code"),
        ("--application", "appRoles", "Role", "certificate"),
    ] {
        let _ = std::fs::remove_file(&log);
        let printed = run(&mut binary(&[
            "permissions",
            "--for",
            "numbers,policies",
            kind,
            "--tenant",
            "contoso.example",
        ]));
        assert_eq!(printed.code, Some(0), "{printed}");
        let done = run(std::process::Command::new("sh")
            .args(["-eu", "-c", &printed.stdout])
            .env_clear()
            .env(
                "PATH",
                format!("{}:{}:/usr/bin:/bin", folder.path().display(), own.display()),
            )
            .env("TRUNKLINE_CONFIG_DIR", folder.path().join(kind))
            .env("TRUNKLINE_ENDPOINT", session.emulator.url()));
        assert_eq!(done.code, Some(0), "{done}");
        assert!(done.stdout.contains(credential), "{done}");
        let calls = std::fs::read_to_string(&log).expect("calls");
        for name in [
            "TeamsPolicyUserAssign.ReadWrite.All",
            "TeamsTelephoneNumber.ReadWrite.All",
            "TeamsUserConfiguration.Read.All",
            "User.ReadBasic.All",
        ] {
            assert!(
                calls.contains(&format!("{list}[?value=='{name}'].id")),
                "{name} {calls}"
            );
            assert!(
                calls.contains(&format!("--api-permissions id-of-{name}={suffix}")),
                "{name} {calls}"
            );
        }
        assert_eq!(calls.matches("permission add").count(), 4, "{calls}");
        assert!(calls.contains("admin-consent"), "{calls}");
        assert_eq!(
            calls.contains("--is-fallback-public-client true"),
            kind == "--delegated",
            "{calls}"
        );
    }
}

#[test]
fn registrations_are_printed_for_either_shell() {
    for (name, arguments) in [
        ("registration-az", &["--for", "numbers,phones"][..]),
        (
            "registration-powershell",
            &["--for", "numbers", "--application", "--shell", "powershell"],
        ),
        (
            "registration-powershell-user",
            &["--for", "phones", "--shell", "powershell", "--cloud", "us-gov-l4"],
        ),
        (
            "registration-reports",
            &["--for", "reports", "--application", "--tenant", "contoso.example"],
        ),
        ("registration-json", &["--for", "inventory", "-o", "json"]),
        ("registration-typo", &["--for", "number"]),
        ("registration-china", &["--for", "numbers", "--cloud", "china"]),
    ] {
        let mut all = vec!["permissions"];
        all.extend(arguments);
        snapshot(name, &run(&mut binary(&all)));
    }
}

/// The operations of the feature `bulk` are those that rows of every action need.
#[test]
fn the_feature_for_files_covers_every_action() {
    let bulk = trunkline::Feature::named("bulk").expect("a feature");
    for need in trunkline_bulk::access::Need::of_everything() {
        let listed = if need.is_optional {
            bulk.optional
        } else {
            bulk.operations
        };
        assert!(listed.contains(&need.operation.id), "{}", need.operation.id);
    }
}
