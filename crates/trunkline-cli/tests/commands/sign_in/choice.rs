//! The profile that a sign-in is for, and what it changes there.

use trunkline_emulator::{DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET};

use super::desk::Desk;
use crate::harness::run;

const CLIENT: &str = "11111111-2222-3333-4444-555555555555";

fn desk_with(profiles: &str) -> Desk {
    let desk = Desk::new();
    let text = profiles.replace("ENDPOINT", desk.session.emulator.url());
    std::fs::write(desk.folder.path().join("profiles.toml"), text).expect("written");
    desk
}

#[test]
fn a_profile_of_the_same_tenant_at_another_place_is_left_alone() {
    let profiles = format!("[profiles.contoso]\ntenant = \"contoso.example\"\nclient-id = \"{CLIENT}\"\n");
    for cloud in ["", "cloud = \"us-gov-l4\"\nendpoint = \"ENDPOINT\"\n"] {
        let desk = desk_with(&format!("{profiles}{cloud}"));
        let before = desk.profiles();
        let words = desk.login_words(&["--cloud", "global"]);
        let refused = desk.run(&words);
        assert_eq!(refused.code, Some(1), "{refused}");
        assert!(
            refused
                .stderr
                .contains("a profile 'contoso' of another tenant, cloud or endpoint"),
            "{refused}"
        );
        assert_eq!((desk.profiles(), desk.sign_ins()), (before.clone(), 0));
        let named = desk.run(&[&words[..], &["--profile", "emulator"]].concat());
        assert_eq!(named.code, Some(0), "{named}");
        assert!(
            desk.profiles().contains(before.trim_end()),
            "{}\n{before}",
            desk.profiles()
        );
    }
}

#[test]
fn a_profile_at_the_same_place_is_taken_and_a_change_of_it_is_named() {
    let desk = desk_with(&format!(
        "[profiles.other]\ntenant = \"fabrikam.example\"\n\n\
         [profiles.home]\ntenant = \"contoso.example\"\nendpoint = \"ENDPOINT/\"\nclient-id = \"{CLIENT}\"\n"
    ));
    let login = desk.run(&["login", "--tenant", "contoso.example", "--client-id", DEFAULT_CLIENT_ID]);
    assert_eq!(login.code, Some(0), "{login}");
    assert!(login.stdout.contains("The profile home is used"), "{login}");
    for change in [
        format!("client-id of the profile home was {CLIENT} and is now {DEFAULT_CLIENT_ID}"),
        "credential of the profile home was not set and is now device-code".to_owned(),
    ] {
        assert!(login.stderr.contains(&change), "{change} {login}");
    }
    // Nothing changes the second time.
    let again = desk.run(&["login", "--tenant", "contoso.example"]);
    assert_eq!(again.code, Some(0), "{again}");
    assert!(!again.stderr.contains("of the profile home"), "{again}");
}

#[test]
fn of_several_profiles_at_the_same_place_none_is_guessed() {
    let desk = desk_with(
        "use = \"a\"\n[profiles.a]\ntenant = \"contoso.example\"\nendpoint = \"ENDPOINT\"\n\
         [profiles.b]\ntenant = \"Contoso.example\"\nendpoint = \"ENDPOINT\"\n\
         [profiles.c]\ntenant = \"contoso.example\"\n",
    );
    let refused = desk.login(&[]);
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(
        refused.stderr.contains("a, b") && refused.stderr.contains("--profile a"),
        "{refused}"
    );
    assert_eq!(desk.sign_ins(), 0);
    let named = desk.login(&["--profile", "b"]);
    assert_eq!(named.code, Some(0), "{named}");
    // Without a tenant it is the one in use.
    assert_eq!(desk.run(&["login"]).code, Some(0));
}

#[test]
fn a_sign_in_is_removed_from_where_its_profile_says() {
    for command in [&["logout"][..], &["profile", "remove", "contoso"]] {
        let desk = Desk::new();
        desk.login(&[]);
        let out = run(desk
            .command(command)
            .env("TRUNKLINE_TENANT", "fabrikam.example")
            .env("TRUNKLINE_ENDPOINT", "http://127.0.0.1:9")
            .env("TRUNKLINE_CLOUD", "china")
            .env("AZURE_TENANT_ID", "fabrikam.example")
            .env("AZURE_CLIENT_ID", CLIENT));
        assert_eq!(out.code, Some(0), "{out}");
        assert!(desk.stored().is_empty(), "{out}");
        assert!(out.stdout.contains("revokeSignInSessions"), "{out}");
    }
    let desk = Desk::new();
    desk.login(&[]);
    for (option, value) in [
        ("--tenant", "fabrikam.example"),
        ("--cloud", "china"),
        ("--endpoint", "http://127.0.0.1:9"),
    ] {
        let refused = desk.run(&["logout", option, value]);
        assert_eq!(refused.code, Some(1), "{refused}");
        assert!(
            refused
                .stderr
                .contains(&format!("of the profile contoso is not {value}")),
            "{refused}"
        );
        assert_eq!(desk.stored().len(), 1);
    }
    let named = desk.run(&["logout", "--tenant", "contoso.example"]);
    assert!(named.stdout.contains("Signed out"), "{named}");
}

#[test]
fn signing_out_leaves_what_another_profile_uses_alone() {
    let desk = Desk::new();
    desk.login(&["--profile", "person"]);
    let words = desk.login_words(&["--profile", "server", "--credential", "client-secret"]);
    let server = desk.run_with_input(&mut desk.command(&words), DEFAULT_CLIENT_SECRET);
    assert_eq!((server.code, desk.stored().len()), (Some(0), 2), "{server}");
    let endpoint = desk.session.emulator.url();
    let added = desk.run(&[
        "profile",
        "add",
        "new",
        "--tenant",
        "contoso.example",
        "--client-id",
        DEFAULT_CLIENT_ID,
        "--endpoint",
        endpoint,
    ]);
    assert_eq!(added.code, Some(0), "{added}");
    let none = desk.run(&["logout", "--profile", "new"]);
    assert!(
        none.stdout.contains("No sign-in was kept for the profile new"),
        "{none}"
    );
    assert_eq!(desk.stored().len(), 2);
    let out = desk.run(&["logout", "--profile", "person"]);
    assert!(out.stdout.contains("Signed out of the profile person. A copy"), "{out}");
    assert_eq!(desk.run(&["numbers", "list", "--profile", "server"]).code, Some(0));
    let last = desk.run(&["profile", "remove", "server"]);
    assert!(last.stdout.contains("The client secret stays valid"), "{last}");
    assert!(desk.stored().is_empty());
}

#[test]
fn a_command_for_another_place_does_not_use_the_sign_in() {
    let desk = Desk::new();
    desk.login(&[]);
    let before = desk.sign_ins();
    let refused = desk.run(&["numbers", "list", "--tenant", "fabrikam.example"]);
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(refused.stderr.contains("names another tenant"), "{refused}");
    assert_eq!((desk.sign_ins(), desk.stored().len()), (before, 1));
}

#[test]
fn signing_out_says_who_shared_the_sign_in_and_what_changed() {
    let desk = Desk::new();
    desk.login(&["--profile", "a"]);
    desk.login(&["--profile", "b"]);
    let out = desk.run(&["logout", "--profile", "a"]);
    assert!(out.stdout.contains("It was also the sign-in of b"), "{out}");
    assert!(desk.stored().is_empty());
    let again = desk.run(&["logout", "--profile", "a"]);
    assert!(
        again
            .stdout
            .contains("No sign-in was kept for the profile a. Nothing was changed"),
        "{again}"
    );
    // The place is removed from the profile.
    let other = desk.run(&["logout", "--profile", "b"]);
    assert!(
        other.stdout.contains("No sign-in was kept for the profile b") && !other.stdout.contains("Nothing was changed"),
        "{other}"
    );
    assert!(!desk.profiles().contains("store"), "{}", desk.profiles());
}
