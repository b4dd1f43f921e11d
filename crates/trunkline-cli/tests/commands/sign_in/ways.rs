//! Each way to sign in other than the device code, and HTTPS.

use std::path::Path;

use trunkline_emulator::{DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, Emulator};

use super::desk::{AppService, Desk};
use crate::harness::run;

/// The PEM file of an application.
fn pem() -> &'static str {
    concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../trunkline/src/credential/testdata/certificate.pem"
    )
}

#[test]
fn a_client_secret_comes_from_standard_input_and_is_kept() {
    let desk = Desk::new();
    let arguments = desk.login_words(&["--credential", "client-secret"]);
    let nothing = desk.run(&arguments);
    assert_eq!(nothing.code, Some(1), "{nothing}");
    assert!(
        nothing.stderr.contains("standard input holds no client secret"),
        "{nothing}"
    );

    let with_input = |secret: &str| desk.run_with_input(&mut desk.command(&arguments), secret);
    let wrong = with_input("canary-7f3a-not-the-secret\n");
    assert_eq!(wrong.code, Some(1), "{wrong}");
    assert!(
        wrong.stderr.contains("AADSTS7000215") && !wrong.everything().contains("canary"),
        "{wrong}"
    );
    assert!(desk.stored().is_empty());

    let right = with_input(&format!("{DEFAULT_CLIENT_SECRET}\r\n"));
    assert_eq!(right.code, Some(0), "{right}");
    assert!(
        right.stdout.contains(&format!("the application {DEFAULT_CLIENT_ID}")),
        "{right}"
    );
    assert!(!right.everything().contains(DEFAULT_CLIENT_SECRET), "{right}");
    assert!(!desk.profiles().contains(DEFAULT_CLIENT_SECRET));
    assert_eq!(desk.run(&["numbers", "list"]).code, Some(0));
    desk.run(&["logout"]);
    let out = desk.run(&["numbers", "list"]);
    assert!(out.stderr.contains("no client secret is kept"), "{out}");
}

#[test]
fn no_client_secret_is_ignored_in_silence() {
    let desk = Desk::new();
    let arguments = desk.login_words(&["--credential", "client-secret"]);
    let log_in = |variable: &str, input: &str| {
        desk.run_with_input(desk.command(&arguments).env("AZURE_CLIENT_SECRET", variable), input)
    };
    let both = log_in("canary-7f3a-another", DEFAULT_CLIENT_SECRET);
    assert_eq!(both.code, Some(1), "{both}");
    assert!(
        both.stderr
            .contains("standard input and AZURE_CLIENT_SECRET hold different client secrets"),
        "{both}"
    );
    assert_eq!(desk.sign_ins(), 0);
    let lines = log_in(
        "canary-7f3a-another",
        "one
two
",
    );
    assert_eq!(lines.code, Some(1), "{lines}");

    let variable = log_in(DEFAULT_CLIENT_SECRET, "");
    assert_eq!(variable.code, Some(0), "{variable}");
    assert!(
        variable
            .stderr
            .contains("The client secret of AZURE_CLIENT_SECRET is taken"),
        "{variable}"
    );
    let same = log_in(
        DEFAULT_CLIENT_SECRET,
        &format!(
            "{DEFAULT_CLIENT_SECRET}
"
        ),
    );
    assert_eq!(same.code, Some(0), "{same}");
    let input = log_in("", DEFAULT_CLIENT_SECRET);
    assert_eq!(input.code, Some(0), "{input}");
    assert!(
        input.stderr.contains("The client secret of standard input is taken"),
        "{input}"
    );
    for outcome in [both, lines, variable, same, input] {
        assert!(!outcome.everything().contains("canary"), "{outcome}");
        assert!(!outcome.everything().contains(DEFAULT_CLIENT_SECRET), "{outcome}");
    }
}

#[test]
fn a_pipe_that_nobody_writes_to_does_not_hold_up_a_login_by_the_variable() {
    let desk = Desk::new();
    let (reader, writer) = std::io::pipe().expect("a pipe");
    let login = run(desk
        .command(&desk.login_words(&["--credential", "client-secret"]))
        .env("AZURE_CLIENT_SECRET", DEFAULT_CLIENT_SECRET)
        .stdin(reader));
    drop(writer);
    assert_eq!(login.code, Some(0), "{login}");
    assert!(login.stderr.contains("AZURE_CLIENT_SECRET is taken"), "{login}");
}

#[test]
fn the_secret_that_signed_in_is_the_one_that_the_profile_goes_on_by() {
    let desk = Desk::new();
    let arguments = desk.login_words(&["--credential", "client-secret"]);
    let login = desk.run_with_input(&mut desk.command(&arguments), DEFAULT_CLIENT_SECRET);
    assert_eq!(login.code, Some(0), "{login}");
    let list = || {
        run(desk
            .command(&["numbers", "list"])
            .env("AZURE_CLIENT_SECRET", "canary-7f3a"))
    };
    assert_eq!(list().code, Some(0), "{}", list());
    // Where none is kept the variable has it.
    desk.run(&["logout"]);
    assert!(list().stderr.contains("AADSTS7000215"), "{}", list());
    let by_variable = run(desk
        .command(&["numbers", "list"])
        .env("AZURE_CLIENT_SECRET", DEFAULT_CLIENT_SECRET));
    assert_eq!(by_variable.code, Some(0), "{by_variable}");
}

#[test]
fn a_certificate_needs_a_path_and_nothing_is_kept() {
    let desk = Desk::new();
    let pem = pem();
    let missing = desk.login(&["--credential", "certificate"]);
    assert_eq!(missing.code, Some(1), "{missing}");
    assert!(missing.stderr.contains("no certificate is named"), "{missing}");
    let login = desk.login(&["--credential", "certificate", "--certificate", pem]);
    assert_eq!(login.code, Some(0), "{login}");
    assert!(
        login.stdout.contains("an application") || login.stdout.contains("the application"),
        "{login}"
    );
    assert!(desk.stored().is_empty());
    assert_eq!(desk.run(&["numbers", "list"]).code, Some(0));
    // Without a profile the variable names the file.
    let other = Desk::new();
    let by_variable = run(other
        .command(&[
            "numbers",
            "list",
            "--credential",
            "certificate",
            "--tenant",
            "contoso.example",
        ])
        .env("TRUNKLINE_ENDPOINT", other.session.emulator.url())
        .env("AZURE_CLIENT_ID", DEFAULT_CLIENT_ID)
        .env("AZURE_CLIENT_CERTIFICATE_PATH", pem));
    assert_eq!(by_variable.code, Some(0), "{by_variable}");
    let absent = desk.login(&[
        "--credential",
        "certificate",
        "--certificate",
        "/nonexistent/application.pem",
    ]);
    assert!(absent.stderr.contains("/nonexistent/application.pem"), "{absent}");
}

#[test]
fn another_way_to_sign_in_leaves_no_refresh_token_behind() {
    let desk = Desk::new();
    let by_certificate = ["--credential", "certificate", "--certificate", pem()];
    let by_secret = ["--credential", "client-secret"];
    let log_in = |more: &[&str]| {
        let mut command = desk.command(&desk.login_words(more));
        let login = run(command.env("AZURE_CLIENT_SECRET", DEFAULT_CLIENT_SECRET));
        assert_eq!(login.code, Some(0), "{login}");
    };
    let stored = || {
        let name = |path: &Path| path.to_string_lossy().rsplit('_').next().map(str::to_owned);
        let names: Vec<_> = desk.stored().iter().filter_map(|path| name(path)).collect();
        names.join(" ")
    };
    for (way, left) in [
        (&["--credential", "device-code"][..], "tokens"),
        (&by_certificate, ""),
        (&["--credential", "device-code"], "tokens"),
        (&by_secret, "client-secret"),
        (&["--credential", "device-code"], "tokens"),
    ] {
        log_in(way);
        assert_eq!(stored(), left, "{way:?}");
        assert_eq!(desk.run(&["numbers", "list"]).code, Some(0));
    }
    // Another profile of the same application needs it still.
    log_in(&["--credential", "device-code", "--profile", "second"]);
    log_in(&[&by_certificate[..], &["--profile", "contoso"]].concat());
    assert_eq!(stored(), "tokens");
    assert_eq!(desk.run(&["numbers", "list", "--profile", "second"]).code, Some(0));
    // Nobody needs it.
    log_in(&[&by_certificate[..], &["--profile", "second"]].concat());
    assert_eq!(stored(), "");
}

#[test]
fn signing_in_by_https_needs_a_trusted_authority() {
    let folder = tempfile::tempdir().expect("a folder");
    let authority = folder.path().join("authority");
    let desk = Desk::of(Emulator::builder().tls(true).tls_folder(&authority));
    let url = desk.session.emulator.url().to_owned();
    assert!(url.starts_with("https://"), "{url}");
    let certificate = desk.session.emulator.certificate_file().expect("a file").to_owned();
    let login = desk.login_words(&[]);
    let distrusted = desk.run(&login);
    assert_eq!(distrusted.code, Some(1), "{distrusted}");
    assert!(distrusted.stderr.contains("certificate"), "{distrusted}");
    for arguments in [&login[..], &["whoami"], &["numbers", "list"]] {
        let outcome = run(desk.command(arguments).env("SSL_CERT_FILE", &certificate));
        assert_eq!(outcome.code, Some(0), "{outcome}");
    }
}

#[test]
fn a_managed_identity_is_remembered_without_anything_that_is_kept() {
    let desk = Desk::new();
    let refused = desk.run(&["login", "--credential", "token", "--tenant", "contoso.example"]);
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(refused.stderr.contains("nothing to sign in"), "{refused}");
    let endpoint = desk.session.emulator.url();
    let identity = AppService::serve(desk.session.emulator.token());
    let of_service = |arguments: &[&str]| {
        run(desk
            .command(arguments)
            .env("IDENTITY_ENDPOINT", &identity.address)
            .env("IDENTITY_HEADER", "x"))
    };
    let login = of_service(&[
        "login",
        "--credential",
        "managed-identity",
        "--tenant",
        "contoso.example",
        "--endpoint",
        endpoint,
    ]);
    assert_eq!(login.code, Some(0), "{login}");
    assert!(desk.profiles().contains("managed-identity"), "{}", desk.profiles());
    assert!(desk.stored().is_empty());
    let list = of_service(&["numbers", "list"]);
    assert_eq!(list.code, Some(0), "{list}");
    let out = desk.run(&["logout"]);
    assert!(
        out.stdout
            .contains("No sign-in was kept for the profile contoso, which signs in by managed-identity and keeps none"),
        "{out}"
    );
}
