//! Sign-ins that fail: each says why, and leaves what was there.

use std::time::Duration;

use serde_json::json;
use trunkline_emulator::{DEFAULT_CLIENT_ID, OTHER_TENANT_ID};

use super::desk::{Desk, later, text};
use crate::harness::run;

#[test]
fn a_sign_in_that_has_ended_is_removed_and_named() {
    let desk = Desk::new();
    desk.login(&[]);
    desk.refuse_sign_ins("expiredRefreshToken");
    let before = desk.sign_ins();
    let refused = run(desk
        .command(&["numbers", "list"])
        .env("TRUNKLINE_TIME_SCALE", later(Duration::from_secs(3600))));
    assert_eq!(desk.sign_ins(), before + 1, "no code is made that nobody sees");
    assert!(desk.stored().is_empty(), "{refused}");
    let next = desk.run(&["numbers", "list"]);
    for outcome in [refused, next] {
        assert_eq!(outcome.code, Some(1), "{outcome}");
        for words in [
            "not signed in with the profile contoso",
            "or it has ended",
            "trunkline login --profile contoso",
        ] {
            assert!(outcome.stderr.contains(words), "{words} {outcome}");
        }
    }
}

#[test]
fn nobody_enters_the_code() {
    let desk = Desk::new();
    desk.login(&[]);
    let kept = text(&desk.stored()[0]);
    for (error, words) in [
        ("expiredCode", "in time"),
        ("declined", "confirm"),
        ("conditionalAccess", "conditional access"),
    ] {
        let desk_error = Desk::new();
        desk_error.refuse_sign_ins(error);
        let refused = desk_error.login(&[]);
        assert_eq!(refused.code, Some(1), "{refused}");
        assert!(refused.stderr.to_lowercase().contains(words), "{words} {refused}");
        assert!(desk_error.stored().is_empty());
        assert!(!desk_error.folder.path().join("profiles.toml").exists());
    }
    // A sign-in that fails leaves the earlier one.
    desk.refuse_sign_ins("expiredCode");
    assert_eq!(desk.login(&[]).code, Some(1));
    assert_eq!(text(&desk.stored()[0]), kept);
    assert_eq!(desk.run(&["numbers", "list"]).code, Some(0));
}

#[test]
fn a_sign_in_that_fails_late_leaves_the_earlier_one() {
    let desk = Desk::new();
    desk.login(&[]);
    let (kept, profiles) = (text(&desk.stored()[0]), desk.profiles());
    let configuration = "/.well-known/openid-configuration";
    for (effect, words) in [
        (json!({"kind": "status", "status": 400}), "could not be compared"),
        (
            json!({"kind": "set", "pointer": "/issuer", "value": format!("http://127.0.0.1/{OTHER_TENANT_ID}/v2.0")}),
            "the token is for tenant",
        ),
    ] {
        // It comes after the token: the tenant of the token is compared with the one that was named.
        desk.fault(json!({"path": configuration, "times": 1, "effect": effect}));
        let before = desk.sign_ins();
        let refused = desk.login(&[]);
        assert_eq!(refused.code, Some(1), "{refused}");
        assert!(refused.stderr.contains(words), "{words} {refused}");
        assert!(desk.sign_ins() > before, "somebody signed in");
        assert_eq!(text(&desk.stored()[0]), kept);
        assert_eq!(desk.profiles(), profiles);
    }
    assert_eq!(desk.run(&["numbers", "list"]).code, Some(0));
}

#[cfg(unix)]
#[test]
fn a_profile_that_cannot_be_written_leaves_the_earlier_sign_in() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    desk.login(&[]);
    let kept = text(&desk.stored()[0]);
    let mode = |mode| std::fs::set_permissions(desk.folder.path(), PermissionsExt::from_mode(mode)).expect("changed");
    mode(0o500);
    let refused = desk.login(&[]);
    mode(0o700);
    // The superuser may write everywhere.
    if refused.code == Some(0) {
        return;
    }
    assert!(refused.stderr.contains("profiles.toml"), "{refused}");
    assert_eq!(text(&desk.stored()[0]), kept);
}

#[test]
fn a_name_that_no_profile_can_have_is_refused_before_anybody_signs_in() {
    let desk = Desk::new();
    let long = "a".repeat(61);
    for (words, message) in [
        (&["--profile", "a name"][..], "'a name' cannot name a profile"),
        (&["--profile", ""], "'' cannot name a profile"),
        (&["--tenant", "a tenant"], "'a tenant' is not valid for --tenant"),
        (&["--tenant", &long], "cannot name a profile"),
        (&["--client-id", "an id"], "'an id' is not valid for --client-id"),
    ] {
        let command = [
            &["login", "--endpoint", desk.session.emulator.url()][..],
            words,
            // The place, which `words` does not name.
            match words[0] {
                "--tenant" => &["--client-id", DEFAULT_CLIENT_ID],
                "--client-id" => &["--tenant", "contoso.example"],
                _ => &["--tenant", "contoso.example", "--client-id", DEFAULT_CLIENT_ID],
            },
        ]
        .concat();
        let refused = desk.run(&command);
        assert_eq!(refused.code, Some(1), "{refused}");
        assert!(refused.stderr.contains(message), "{message} {refused}");
        assert!(refused.stderr.contains("Use "), "{refused}");
        assert_eq!(desk.sign_ins(), 0, "{refused}");
    }
    assert!(!desk.folder.path().join("profiles.toml").exists());
}

#[test]
fn a_tenant_that_does_not_exist_is_not_remembered() {
    let desk = Desk::new();
    let endpoint = desk.session.emulator.url();
    let refused = desk.run(&[
        "login",
        "--tenant",
        "nowhere.example",
        "--client-id",
        DEFAULT_CLIENT_ID,
        "--endpoint",
        endpoint,
    ]);
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(refused.stderr.contains("AADSTS90002"), "{refused}");
    assert!(!desk.folder.path().join("profiles.toml").exists());
    assert!(desk.stored().is_empty());
}

#[cfg(not(any(windows, target_os = "macos")))]
#[test]
fn a_keyring_that_is_not_there_is_a_clear_error_before_anybody_signs_in() {
    let desk = Desk::new();
    let refused = desk.login(&["--store", "keyring"]);
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(refused.stderr.contains("there is no keyring"), "{refused}");
    assert!(refused.stderr.contains("--store file"), "{refused}");
    assert_eq!(desk.sign_ins(), 0);
    assert!(!desk.folder.path().join("profiles.toml").exists());
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let desk = Desk::new();
    let file = desk.folder.path().join("file");
    std::fs::write(&file, "").expect("written");
    let refused = run(desk.command(&desk.login_words(&[])).env("TRUNKLINE_CONFIG_DIR", &file));
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(
        refused.stderr.contains("sign-ins") && refused.stderr.contains("TRUNKLINE_CONFIG_DIR"),
        "{refused}"
    );
}

#[test]
fn a_file_that_is_damaged_does_not_keep_anybody_from_signing_in_again() {
    let desk = Desk::new();
    desk.login(&[]);
    std::fs::write(&desk.stored()[0], "{").expect("written");
    let refused = desk.run(&["numbers", "list"]);
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(refused.stderr.contains("the kept sign-in cannot be read"), "{refused}");
    assert!(refused.stderr.contains("trunkline login"), "{refused}");
    assert_eq!(desk.login(&[]).code, Some(0));
    assert_eq!(desk.run(&["numbers", "list"]).code, Some(0));
}

#[test]
fn a_variable_that_hides_the_sign_in_is_named() {
    let desk = Desk::new();
    let login = run(desk.command(&desk.login_words(&[])).env("TRUNKLINE_TOKEN", "x"));
    assert_eq!(login.code, Some(0), "{login}");
    assert!(login.stderr.contains("TRUNKLINE_TOKEN is set"), "{login}");
    assert!(login.stdout.contains("ana@contoso.example"), "{login}");
}
