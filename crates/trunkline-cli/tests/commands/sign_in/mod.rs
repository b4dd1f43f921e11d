//! `trunkline login`, `logout` and `whoami`.

mod choice;
mod desk;
mod failures;
#[cfg(unix)]
mod guide;
mod ways;

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use trunkline_emulator::DEFAULT_CLIENT_ID;

use super::harness::{Outcome, run};
use desk::{Desk, later, text};

#[test]
fn who_signed_in_once_needs_no_options_afterwards() {
    let desk = Desk::new();
    let login = desk.login(&[]);
    assert_eq!(login.code, Some(0), "{login}");
    assert!(login.stderr.contains("enter the code EMULATOR"), "{login}");
    assert!(
        login.stderr.contains("kept in a file that only you can read"),
        "{login}"
    );
    for part in [
        "Signed in as ana@contoso.example",
        "contoso.example (",
        "more (--output json lists them)",
        "device-code",
        "profile      contoso",
    ] {
        assert!(login.stdout.contains(part), "{part} {login}");
    }
    let before = desk.sign_ins();
    assert_eq!(
        desk.json(&["numbers", "get", "+12065550101"])["telephoneNumber"],
        "+12065550101"
    );
    let assigned = desk.run(&["numbers", "assign", "+12065550101", "ana@contoso.example"]);
    assert_eq!(assigned.code, Some(0), "{assigned}");
    // The token is kept too. The one question to the authority was which tenant contoso.example is.
    assert_eq!(desk.sign_ins(), before);

    let who = desk.json(&["whoami"]);
    assert_eq!(
        (
            &who["profile"],
            &who["kind"],
            &who["name"],
            &who["tenant"],
            &who["credential"]
        ),
        (
            &json!("contoso"),
            &json!("user"),
            &json!("ana@contoso.example"),
            &json!("contoso.example"),
            &json!("device-code")
        )
    );
    assert!(
        who["tokenExpiresOn"].is_string() && who["tenantId"].is_string(),
        "{who}"
    );
    assert!(who["keptIn"].as_str().expect("a path").contains("sign-ins"), "{who}");
}

#[test]
fn a_token_near_its_end_is_renewed_and_the_new_refresh_token_kept() {
    let desk = Desk::new();
    desk.login(&["--quiet"]);
    let [file] = &desk.stored()[..] else {
        panic!("{:?}", desk.stored())
    };
    let before = text(file);
    let renewed = run(desk
        .command(&["numbers", "get", "+12065550101"])
        .env("TRUNKLINE_TIME_SCALE", later(Duration::from_secs(3600))));
    assert_eq!(renewed.code, Some(0), "{renewed}");
    assert!(!renewed.stderr.contains("EMULATOR"), "{renewed}");
    let refresh = |text: &str| serde_json::from_str::<Value>(text).expect("JSON")["refreshToken"].clone();
    assert_ne!(refresh(&before), refresh(&text(file)));
    assert_eq!(desk.run(&["whoami"]).code, Some(0));
}

#[cfg(unix)]
#[test]
fn files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    desk.login(&["--store", "file"]);
    let mode = |path: &Path| std::fs::metadata(path).expect("it exists").permissions().mode() & 0o777;
    let [file] = &desk.stored()[..] else {
        panic!("{:?}", desk.stored())
    };
    assert_eq!(mode(file), 0o600);
    assert_eq!(mode(file.parent().expect("a folder")), 0o700);
    assert_eq!(mode(&desk.folder.path().join("profiles.toml")), 0o600);
    assert!(!desk.profiles().contains("eyJ"), "{}", desk.profiles());

    std::fs::set_permissions(file, PermissionsExt::from_mode(0o644)).expect("changed");
    let refused = desk.run(&["numbers", "list"]);
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(refused.stderr.contains("can be read by others"), "{refused}");
    assert!(refused.stderr.contains("chmod 600"), "{refused}");
}

#[test]
fn logout_removes_the_sign_in_and_says_what_stays_valid() {
    let desk = Desk::new();
    desk.login(&[]);
    let out = desk.run(&["logout"]);
    assert_eq!(out.code, Some(0), "{out}");
    assert!(out.stdout.contains("Signed out of the profile contoso"), "{out}");
    assert!(out.stdout.contains("revokeSignInSessions"), "{out}");
    assert!(desk.stored().is_empty());
    let before = desk.sign_ins();
    for command in [&["numbers", "list"][..], &["whoami"]] {
        let refused = desk.run(command);
        assert_eq!(refused.code, Some(1), "{refused}");
        assert!(
            refused.stderr.contains("not signed in with the profile contoso"),
            "{refused}"
        );
        assert!(
            refused.stderr.contains("trunkline login --profile contoso"),
            "{refused}"
        );
    }
    assert_eq!(desk.sign_ins(), before, "nobody is asked for a code that nobody sees");
    let again = desk.run(&["logout"]);
    assert!(again.stdout.contains("No sign-in was kept"), "{again}");
    // The profile knows the rest.
    assert_eq!(desk.run(&["login"]).code, Some(0));
    assert_eq!(desk.run(&["numbers", "list"]).code, Some(0));
}

#[test]
fn two_tenants_have_two_profiles_and_two_sign_ins() {
    let desk = Desk::new();
    desk.login(&[]);
    let endpoint = desk.session.emulator.url();
    let other = desk.run(&[
        "login",
        "--tenant",
        "fabrikam.example",
        "--client-id",
        DEFAULT_CLIENT_ID,
        "--endpoint",
        endpoint,
    ]);
    assert_eq!(other.code, Some(0), "{other}");
    assert_eq!(desk.stored().len(), 2);
    let list = desk.json(&["profile", "list"]);
    let names: Vec<(&Value, &Value)> = list
        .as_array()
        .expect("a list")
        .iter()
        .map(|profile| (&profile["name"], &profile["inUse"]))
        .collect();
    assert_eq!(
        names,
        [(&json!("contoso"), &json!(false)), (&json!("fabrikam"), &json!(true))]
    );
    assert_eq!(desk.json(&["whoami"])["tenant"], "fabrikam.example");
    assert_eq!(
        desk.json(&["whoami", "--profile", "contoso"])["tenant"],
        "contoso.example"
    );
    // Graph serves one tenant here, and refuses the other's token.
    assert_eq!(desk.run(&["numbers", "list", "--profile", "fabrikam"]).code, Some(1));
    assert_eq!(desk.run(&["numbers", "list", "--profile", "contoso"]).code, Some(0));
    desk.run(&["profile", "use", "contoso"]);
    assert_eq!(desk.run(&["numbers", "list"]).code, Some(0));
    let removed = desk.run(&["profile", "remove", "fabrikam"]);
    assert!(removed.stdout.contains("and so is its sign-in"), "{removed}");
    assert_eq!(desk.stored().len(), 1);
    assert_eq!(desk.run(&["numbers", "list"]).code, Some(0));
}

#[test]
fn commands_at_the_same_time_share_a_sign_in() {
    let desk = Desk::new();
    desk.login(&[]);
    let scale = later(Duration::from_secs(3600));
    let children: Vec<_> = (0..6)
        .map(|_| {
            desk.command(&["numbers", "get", "+12065550101"])
                .env("TRUNKLINE_TIME_SCALE", &scale)
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("the binary starts")
        })
        .collect();
    for child in children {
        let outcome = Outcome::from(child.wait_with_output().expect("it ends"));
        assert_eq!(outcome.code, Some(0), "{outcome}");
    }
    assert_eq!(desk.stored().len(), 1, "{:?}", desk.stored());
    assert_eq!(desk.run(&["whoami"]).code, Some(0));
}

#[test]
fn the_most_talkative_command_shows_no_token() {
    let desk = Desk::new();
    let login = desk.login(&["--verbose", "--show-pii"]);
    assert_eq!(login.code, Some(0), "{login}");
    for form in ["table", "json", "csv", "jsonl"] {
        for command in ["whoami", "logout"] {
            desk.run(&[command, "--verbose", "--show-pii", "-o", form]);
        }
    }
}
