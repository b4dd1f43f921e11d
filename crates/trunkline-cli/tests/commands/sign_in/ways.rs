//! Each way to sign in other than the device code, and HTTPS.

use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use trunkline_emulator::{DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, Emulator};

use super::desk::{AppService, Desk};
use crate::harness::{Outcome, run};

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

    let with_input = |secret: &str| {
        let mut child = desk
            .command(&arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut input = child.stdin.take().expect("a pipe");
        input.write_all(secret.as_bytes()).expect("written");
        drop(input);
        Outcome::from(child.wait_with_output().expect("it ends"))
    };
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
fn a_certificate_needs_a_path_and_nothing_is_kept() {
    let desk = Desk::new();
    let pem = Path::new(env!("CARGO_MANIFEST_DIR")).join("../trunkline/src/credential/testdata/certificate.pem");
    let pem = pem.to_str().expect("UTF-8");
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
        out.stdout.contains("signs in by managed-identity and keeps no sign-in"),
        "{out}"
    );
}
