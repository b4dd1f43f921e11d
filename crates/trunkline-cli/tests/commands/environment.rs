//! Arguments and variables with invalid text are refused by name, and output suits the terminal.

use super::harness::{Session, binary, run, snapshot};

#[cfg(unix)]
mod unreadable {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use super::super::harness::{Session, binary, run};

    #[test]
    fn arguments_that_are_no_utf_8_are_errors_of_usage() {
        let session = Session::new();
        let bad = OsStr::from_bytes(b"caf\xe9");
        for before in [
            &[][..],
            &["numbers"],
            &["numbers", "get"],
            &["numbers", "list", "--output"],
            &["numbers", "list", "--tenant"],
            &["-o", "json", "numbers", "get"],
            &["phones", "list"],
            &["bulk", "apply"],
            &["bulk", "plan", "rows.csv", "--country"],
        ] {
            let outcome = run(session.command(before).arg(bad));
            assert_eq!(outcome.code, Some(1), "{before:?} {outcome}");
            assert!(!outcome.stderr.contains("panicked"), "{outcome}");
            assert!(!outcome.stderr.is_empty(), "{outcome}");
        }
        assert!(session.emulator.requests().is_empty(), "nothing was sent");
    }

    #[test]
    fn variables_that_are_no_utf_8_are_refused_by_name() {
        let session = Session::new();
        let bad = OsStr::from_bytes(b"http://127.0.0.1:9/caf\xe9");
        for (variable, arguments) in [
            ("TRUNKLINE_ENDPOINT", &["numbers", "list"][..]),
            ("TRUNKLINE_TENANT", &["numbers", "list"]),
            ("TRUNKLINE_CLOUD", &["numbers", "list"]),
            ("TRUNKLINE_CREDENTIAL", &["numbers", "list"]),
            ("TRUNKLINE_TOKEN", &["numbers", "list"]),
            ("TRUNKLINE_OUTPUT", &["numbers", "list"]),
            ("TRUNKLINE_TIME_SCALE", &["numbers", "list"]),
            ("TRUNKLINE_TOKEN", &["permissions", "numberAssignments.list", "--check"]),
            (
                "AZURE_CLIENT_SECRET",
                &["numbers", "list", "--credential", "environment"],
            ),
            ("AZURE_CLIENT_ID", &["numbers", "list", "--credential", "environment"]),
            (
                "AZURE_CLIENT_ID",
                &["numbers", "list", "--credential", "managed-identity"],
            ),
            ("AZURE_CLIENT_ID", &["numbers", "list", "--credential", "device-code"]),
            ("TRUNKLINE_ENDPOINT", &["bulk", "export", "-"]),
        ] {
            let mut command = session.command(arguments);
            let outcome = run(command
                .env("AZURE_CLIENT_ID", "11111111-2222-3333-4444-555555555555")
                .env("AZURE_CLIENT_SECRET", "x")
                .env(variable, bad));
            assert_eq!(outcome.code, Some(1), "{variable} {outcome}");
            assert!(
                outcome.stderr.contains(&format!("{variable} is not UTF-8")),
                "{variable} {outcome}"
            );
        }
        assert!(session.emulator.requests().is_empty(), "nothing was sent");
        let own = run(binary(&["numbers", "list"])
            .env("TRUNKLINE_TOKEN", "x")
            .env("AZURE_TENANT_ID", bad));
        assert!(own.stderr.contains("AZURE_TENANT_ID is not UTF-8"), "{own}");
    }
}

#[test]
fn an_endpoint_that_is_none_is_refused_and_the_service_is_not_asked() {
    for endpoint in [
        " ",
        "localhost",
        "localhost:8080",
        "127.0.0.1:8080",
        "//127.0.0.1",
        "ftp://127.0.0.1",
        "http://",
        "http://[::1",
        "nonsense",
        "http://127.0.0.1:99999",
    ] {
        let outcome = run(binary(&["numbers", "list"])
            .env("TRUNKLINE_TOKEN", "x")
            .env("TRUNKLINE_ENDPOINT", endpoint));
        assert_eq!(outcome.code, Some(1), "{endpoint} {outcome}");
        assert!(outcome.stderr.contains("TRUNKLINE_ENDPOINT"), "{endpoint} {outcome}");
        assert!(outcome.stderr.contains("kind invalidInput"), "{endpoint} {outcome}");
        let option = run(binary(&["numbers", "list", "--endpoint", endpoint]).env("TRUNKLINE_TOKEN", "x"));
        assert_eq!(option.code, Some(1), "{endpoint} {option}");
        assert!(option.stderr.contains("--endpoint"), "{endpoint} {option}");
    }
}

#[test]
fn the_tenant_that_is_named_is_that_of_the_application() {
    let session = Session::new();
    let signs_in = |arguments: &[&str], tenant: Option<&str>| {
        let mut command = session.command(arguments);
        command
            .env_remove("TRUNKLINE_TOKEN")
            .env_remove("TRUNKLINE_TENANT")
            .env("AZURE_CLIENT_ID", trunkline_emulator::DEFAULT_CLIENT_ID)
            .env("AZURE_CLIENT_SECRET", trunkline_emulator::DEFAULT_CLIENT_SECRET);
        if let Some(tenant) = tenant {
            command.env("AZURE_TENANT_ID", tenant);
        }
        run(&mut command)
    };
    let named = ["numbers", "get", "+12065550100", "--tenant", "contoso.example"];
    for tenant in [None, Some("elsewhere.example")] {
        let outcome = signs_in(&named, tenant);
        assert_eq!(outcome.code, Some(0), "{outcome}");
    }
    let unnamed = signs_in(&["numbers", "get", "+12065550100"], None);
    assert!(unnamed.stderr.contains("AZURE_TENANT_ID"), "{unnamed}");
}

#[test]
fn an_authority_that_cannot_be_reached_is_no_reason_to_sign_in_again() {
    // Nobody listens at port 1, `.invalid` is never a name, and the emulator speaks no TLS.
    let session = Session::new();
    let without_tls = session.emulator.url().replace("http://", "https://");
    for endpoint in ["http://127.0.0.1:1", "https://nowhere.invalid", &without_tls] {
        for credential in ["environment", "device-code"] {
            let outcome = run(binary(&[
                "numbers",
                "list",
                "--credential",
                credential,
                "--endpoint",
                endpoint,
                "--allow-endpoint",
                "--tenant",
                "contoso.example",
                "--attempt-timeout",
                "2s",
            ])
            .env("AZURE_CLIENT_ID", "11111111-2222-3333-4444-555555555555")
            .env("AZURE_CLIENT_SECRET", "x"));
            assert_eq!(outcome.code, Some(1), "{outcome}");
            let text = outcome.stderr.to_lowercase();
            assert!(text.contains("kind connection"), "{outcome}");
            assert!(!text.contains("sign in again"), "{outcome}");
            assert!(!text.contains("check the credential"), "{outcome}");
        }
    }
}

/// The output on standard error when it is a terminal.
#[cfg(target_os = "linux")]
fn on_a_terminal(session: &Session, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let binary = env!("CARGO_BIN_EXE_trunkline");
    let mut command = std::process::Command::new("script");
    command
        .args(["-qec", &format!("{binary} {}", arguments.join(" ")), "/dev/null"])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("TRUNKLINE_ENDPOINT", session.emulator.url())
        .env("TRUNKLINE_TENANT", trunkline_emulator::DEFAULT_TENANT_DOMAIN)
        .env("TRUNKLINE_TOKEN", session.emulator.token())
        .envs(variables.iter().copied())
        .stdin(std::process::Stdio::null());
    let output = command.output().expect("script, which is of util-linux, starts");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[cfg(target_os = "linux")]
#[test]
fn dumb_terminals_and_no_color_get_no_escape_sequences() {
    let session = Session::new();
    let commands: [&[&str]; 5] = [
        &["numbers", "assign", "+12065550101", "ana@contoso.example"],
        &["numbers", "get", "nonsense"],
        &["numbers", "assgn"],
        &["--help"],
        &["numbers", "list", "--verbose"],
    ];
    for arguments in commands {
        for variables in [
            &[("TERM", "dumb")][..],
            &[("TERM", "xterm-256color"), ("NO_COLOR", "1")],
            &[("TERM", "dumb"), ("COLORTERM", "truecolor")],
        ] {
            let text = on_a_terminal(&session, arguments, variables);
            assert!(!text.is_empty() && !text.contains('\u{1b}'), "{variables:?} {text:?}");
        }
    }
    let coloured = on_a_terminal(&session, &["numbers", "get", "nonsense"], &[("TERM", "xterm-256color")]);
    assert!(coloured.contains('\u{1b}'), "the terminal is none: {coloured:?}");
}

#[test]
fn people_are_named() {
    let session = Session::new();
    let held = session.run(&["numbers", "assign", "+12065550100", "ana@contoso.example", "--show-pii"]);
    assert!(
        held.stderr.contains("is held by ben@contoso.example (userAssigned)"),
        "{held}"
    );
    let masked = session.run(&["numbers", "assign", "+12065550100", "ana@contoso.example"]);
    assert!(
        masked.stderr.contains("is held by b***@contoso.example (a0000000-"),
        "{masked}"
    );
    let get = session.run(&["numbers", "get", "+12065550100"]);
    assert!(
        get.stdout.contains("HOLDER                      ben@contoso.example\n"),
        "{get}"
    );
    let get = session.run(&["numbers", "get", "+12065550100", "--ids"]);
    assert!(get.stdout.contains("ben@contoso.example (a0000000-"), "{get}");
    let list = session.run(&["numbers", "list"]);
    assert!(list.stdout.contains("  ben@contoso.example  "), "{list}");
    let ana = "a0000000-0000-4000-8000-000000000001";
    for user in ["ana@contoso.example", ana] {
        let assigned = session.run(&["numbers", "assign", "+12065550101", user]);
        assert!(
            assigned.stdout.contains("is assigned to ana@contoso.example"),
            "{assigned}"
        );
    }
    let unassigned = session.run(&["numbers", "unassign", "+12065550101"]);
    assert!(
        unassigned.stdout.contains("it was assigned to ana@contoso.example"),
        "{unassigned}"
    );
    let set = session.run(&["phones", "set", ana, "mobile", "+12065550188"]);
    assert!(
        set.stdout.contains("ana@contoso.example") && !set.stdout.contains(ana),
        "{set}"
    );
    // Programs get what they got before, with no further request.
    let before = session.emulator.requests().len();
    let json = session.json(&["numbers", "get", "+12065550100"]);
    assert_eq!(json["assignmentTargetId"], "a0000000-0000-4000-8000-000000000002");
    assert_eq!(session.emulator.requests().len(), before + 1);
}

#[test]
fn names_that_cannot_be_read_leave_the_ids() {
    let session = Session::new();
    let fault: trunkline_emulator::Fault = serde_json::from_value(serde_json::json!({
        "path": "*/users/*", "times": 100, "effect": {"kind": "status", "status": 503}
    }))
    .expect("a fault");
    session.emulator.fault(fault);
    let get = session.run(&["numbers", "get", "+12065550100"]);
    assert_eq!(get.code, Some(0), "{get}");
    assert!(get.stdout.contains("  a0000000-0000-4000-8000-000000000002\n"), "{get}");
    assert!(
        get.stderr
            .starts_with("1 holder is shown by id, because the names cannot be read: "),
        "{get}"
    );
}

#[test]
fn white_space_is_no_value() {
    let outcome = run(binary(&["numbers", "list"])
        .env("TRUNKLINE_TOKEN", "x")
        .env("TRUNKLINE_ENDPOINT", " "));
    snapshot("blank-endpoint", &outcome);
}
