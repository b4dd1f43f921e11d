//! `trunkline doctor`.

use serde_json::Value;
use trunkline_emulator::{DEFAULT_TENANT_ID, Emulator, OTHER_TENANT_ID, TokenRequest};

use super::harness::{Outcome, Session, binary, file, run};

fn checks(outcome: &Outcome) -> Vec<Value> {
    let document: Value = serde_json::from_str(&outcome.stdout).unwrap_or_else(|error| panic!("{error}: {outcome}"));
    assert_eq!(document["isGood"], outcome.code == Some(0), "{outcome}");
    document["checks"].as_array().expect("checks").clone()
}

fn check<'c>(checks: &'c [Value], name: &str) -> &'c Value {
    let found = checks
        .iter()
        .find(|check| check["name"].as_str().unwrap_or_default().starts_with(name));
    found.unwrap_or_else(|| panic!("{name}: {checks:?}"))
}

#[test]
fn a_sound_setup_is_ok() {
    let session = Session::new();
    let outcome = session.run(&["doctor", "--output", "json"]);
    assert_eq!(outcome.code, Some(0), "{outcome}");
    let checks = checks(&outcome);
    for name in ["token", "tenant", "cloud", "permissions", "service", "clock", "proxy"] {
        assert_eq!(check(&checks, name)["standing"], "ok", "{name}: {checks:?}");
    }
    let text = session.run(&["doctor"]);
    assert!(text.stdout.lines().all(|line| line.starts_with("ok ")), "{text}");
}

#[test]
fn what_is_missing_is_named_for_the_rows_of_a_file_alone() {
    let session = Session::new();
    let token = session.emulator.issue_token(TokenRequest {
        permissions: Some(vec![
            "TeamsTelephoneNumber.ReadWrite.All".to_owned(),
            "User.ReadBasic.All".to_owned(),
        ]),
        ..TokenRequest::default()
    });
    let examine = |rows: &str| {
        let file = file(rows);
        let path = file.path().to_string_lossy().into_owned();
        run(session
            .command(&["doctor", &path, "--output", "json"])
            .env("TRUNKLINE_TOKEN", &token))
    };
    let numbers = examine("number,user\n+12065550101,ana@contoso.example\n");
    assert_eq!(numbers.code, Some(0), "{numbers}");
    let found = checks(&numbers);
    // Planning goes on without licences.
    assert_eq!(check(&found, "permission LicenseAssignment")["standing"], "warning");

    let phones = examine("action,number,user,role\nsetPhone,+1 2065550142,ana@contoso.example,mobile\n");
    assert_eq!(phones.code, Some(1), "{phones}");
    let found = checks(&phones);
    let missing = check(&found, "permission UserAuthMethod-Phone.ReadWrite.All");
    assert_eq!(missing["standing"], "failed");
    assert!(missing["what"].as_str().expect("words").contains("row 2"), "{missing}");
    assert!(
        missing["nextStep"].as_str().expect("words").contains("administrator"),
        "{missing}"
    );
    // The command that is named prints commands.
    let command = missing["command"].as_str().expect("a command");
    assert_eq!(command, "trunkline permissions --for phones --application", "{missing}");
    let words: Vec<&str> = command.split(' ').skip(1).collect();
    let registration = run(&mut binary(&words));
    assert_eq!(registration.code, Some(0), "{registration}");
    assert!(
        registration.stdout.contains("UserAuthMethod-Phone.ReadWrite.All"),
        "{registration}"
    );

    // A plan says so, too, before anything is sent.
    let file = file("number,user\n+12065550101,ana@contoso.example\n");
    let reader = session.emulator.issue_token(TokenRequest {
        permissions: Some(vec![
            "TeamsTelephoneNumber.Read.All".to_owned(),
            "User.Read.All".to_owned(),
        ]),
        ..TokenRequest::default()
    });
    let plan = run(session
        .command(&["bulk", "plan", &file.path().to_string_lossy(), "-o", "json"])
        .env("TRUNKLINE_TOKEN", reader));
    assert_eq!(plan.code, Some(3), "{plan}");
    let plan: Value = serde_json::from_str(&plan.stdout).expect("JSON");
    assert_eq!(plan["rows"][0]["findings"][0]["code"], "missingPermission", "{plan:#}");
}

#[test]
fn a_file_that_releases_and_assigns_is_warned_of_what_graph_does_not_show() {
    let session = Session::new();
    let examine = |rows: &str| {
        let file = file(rows);
        let outcome = session.run(&["doctor", &file.path().to_string_lossy(), "--output", "json"]);
        assert_eq!(outcome.code, Some(0), "a warning is no failure: {outcome}");
        checks(&outcome)
    };
    for rows in [
        "action,number,user\nmove,+12065550100,ana@contoso.example\n",
        "action,number,user\nunassign,+12065550100,\nassign,+12065550110,ana@contoso.example\n",
    ] {
        let found = examine(rows);
        let blocks = check(&found, "released numbers");
        assert_eq!(blocks["standing"], "warning", "{blocks}");
        let words = blocks["what"].as_str().expect("words");
        assert!(
            words.contains("AssignmentBlockedForever") && words.contains("2 mails"),
            "{words}"
        );
        let command = blocks["command"].as_str().expect("a command");
        assert!(command.starts_with("Get-CsPhoneNumberTenantConfiguration"), "{command}");
    }
    for rows in [
        "number,user\n+12065550110,ana@contoso.example\n",
        "action,number\nunassign,+12065550100\n",
    ] {
        let found = examine(rows);
        assert!(
            found.iter().all(|check| check["name"] != "released numbers"),
            "{found:?}"
        );
    }
}

#[test]
fn what_cannot_be_reached_or_is_refused_is_failed_with_a_next_step() {
    let closed = run(binary(&["doctor", "-o", "json"])
        .env("TRUNKLINE_ENDPOINT", "http://127.0.0.1:9")
        .env("TRUNKLINE_TOKEN", "canary-7f3a-token"));
    assert_eq!(closed.code, Some(1), "{closed}");
    assert_eq!(check(&checks(&closed), "service")["standing"], "failed");

    let session = Session::new();
    let refused = run(session
        .command(&["doctor", "-o", "json"])
        .env("TRUNKLINE_TOKEN", "canary-7f3a-token"));
    assert_eq!(refused.code, Some(1), "{refused}");
    let found = checks(&refused);
    assert_eq!(check(&found, "token")["standing"], "warning");
    assert_eq!(check(&found, "sign-in")["standing"], "failed");

    let nothing = run(session.command(&["doctor", "-o", "json"]).env_remove("TRUNKLINE_TOKEN"));
    assert_eq!(check(&checks(&nothing), "settings")["standing"], "failed");
    for outcome in [closed, refused, nothing] {
        assert!(!outcome.everything().contains("canary"), "{outcome}");
    }
}

#[test]
fn a_clock_that_is_wrong_is_noticed() {
    let session = Session::of(Emulator::builder());
    session.emulator.advance(std::time::Duration::from_secs(3000));
    let outcome = session.run(&["doctor", "-o", "json"]);
    let found = checks(&outcome);
    assert_eq!(check(&found, "clock")["standing"], "failed", "{found:?}");
    let proxy = run(session
        .command(&["doctor", "-o", "json"])
        .env("HTTP_PROXY", "http://user:canary-7f3a@proxy.contoso.example:3128"));
    assert!(
        check(&checks(&proxy), "proxy")["what"]
            .as_str()
            .expect("words")
            .contains("HTTP_PROXY names http://proxy.contoso.example:3128")
    );
    assert!(!proxy.everything().contains("canary"), "{proxy}");
}

#[test]
fn a_tenant_that_is_named_by_a_domain_is_compared_with_the_tokens() {
    let session = Session::new();
    for (named, standing, said) in [
        ("contoso.example", "ok", DEFAULT_TENANT_ID),
        ("contoso.onmicrosoft.com", "ok", "(contoso.onmicrosoft.com)"),
        ("fabrikam.onmicrosoft.com", "failed", OTHER_TENANT_ID),
        ("nowhere.example", "failed", "there is no tenant nowhere.example"),
    ] {
        let outcome = session.run(&["doctor", "--tenant", named, "--output", "json"]);
        let found = checks(&outcome);
        let tenant = check(&found, "tenant");
        assert_eq!(tenant["standing"], standing, "{named}: {tenant}");
        assert!(
            tenant["what"].as_str().is_some_and(|what| what.contains(said)),
            "{named}: {tenant}"
        );
        assert_eq!(outcome.code, Some(u8::from(standing == "failed").into()), "{outcome}");
    }
}

#[test]
fn the_command_that_signs_in_again_is_for_the_same_place() {
    let session = Session::new();
    let url = session.emulator.url();
    let folder = tempfile::tempdir().expect("a folder");
    let profiles = format!(
        "use = \"here\"\n[profiles.here]\ntenant = \"fabrikam.onmicrosoft.com\"\nendpoint = \"{url}\"\n\
         [profiles.there]\ntenant = \"contoso.example\"\n"
    );
    std::fs::write(folder.path().join("profiles.toml"), profiles).expect("written");
    // The token is of another tenant than all of these name.
    let command = |options: &[&str], variables: &[(&str, &str)]| {
        let mut doctor = binary(&[&["doctor", "-o", "json"], options].concat());
        doctor
            .env("TRUNKLINE_CONFIG_DIR", folder.path())
            .env("TRUNKLINE_TOKEN", session.emulator.token())
            .envs(variables.iter().copied());
        let found = checks(&run(&mut doctor));
        check(&found, "tenant")["command"].as_str().map(str::to_owned)
    };
    let other = "fabrikam.onmicrosoft.com";
    let login = |words: &str| Some(format!("trunkline login {words}"));
    assert_eq!(command(&[], &[]), login("--profile here"));
    assert_eq!(command(&["--profile", "here"], &[]), login("--profile here"));
    assert_eq!(command(&["--tenant", other], &[]), login("--profile here"));
    assert_eq!(
        command(&["--tenant", "nowhere.example"], &[]),
        login(&format!("--tenant nowhere.example --endpoint {url}"))
    );
    assert_eq!(
        command(&["--profile", "there", "--tenant", other, "--endpoint", url], &[]),
        login(&format!("--profile there --tenant {other} --endpoint {url}"))
    );
    assert_eq!(
        command(&["--cloud", "global"], &[("TRUNKLINE_PROFILE", "here")]),
        login("--profile here --cloud global")
    );
    assert_eq!(
        command(&["--tenant", "nowhere.example", "--allow-endpoint"], &[]),
        login(&format!("--tenant nowhere.example --endpoint {url} --allow-endpoint"))
    );
}

#[test]
fn an_application_of_microsofts_cannot_be_granted_what_is_missing() {
    let session = Session::new();
    // As `az account get-access-token --resource-type ms-graph` gives it.
    let token = session.emulator.issue_token(TokenRequest {
        user: Some("gina@contoso.example".to_owned()),
        client_id: Some("04b07795-8ddb-461a-bbee-02f9e1bf7b46".to_owned()),
        permissions: Some(
            ["User.Read", "Directory.AccessAsUser.All", "Group.ReadWrite.All"]
                .map(str::to_owned)
                .to_vec(),
        ),
        directory_roles: Some(vec!["Global Administrator".to_owned()]),
        ..TokenRequest::default()
    });
    let rows = file("number,user\n+12065550101,ana@contoso.example\n");
    let path = rows.path().to_string_lossy().into_owned();
    let run_as = |arguments: &[&str]| run(session.command(arguments).env("TRUNKLINE_TOKEN", &token));
    let outcome = run_as(&["doctor", &path, "--output", "json"]);
    assert_eq!(outcome.code, Some(1), "{outcome}");
    let found = checks(&outcome);
    let application = check(&found, "application");
    assert!(
        application["what"]
            .as_str()
            .is_some_and(|what| what.contains("the Azure CLI")),
        "{application}"
    );
    let missing = check(&found, "permission TeamsTelephoneNumber.ReadWrite.All");
    assert_eq!(missing["standing"], "failed");
    for said in [application, missing] {
        let step = said["nextStep"].as_str().unwrap_or_default();
        assert!(
            step.contains("an application of your own") && !step.contains("administrator"),
            "{said}"
        );
    }
    let refused = run_as(&["numbers", "assign", "+12065550101", "ana@contoso.example", "-o", "json"]);
    assert_eq!(refused.code, Some(1), "{refused}");
    let step = refused.error()["nextStep"].as_str().unwrap_or_default().to_owned();
    assert!(
        step.contains("the Azure CLI") && step.contains("an application of your own"),
        "{refused}"
    );
}

#[test]
#[cfg(unix)]
fn a_person_is_asked_what_graph_does_not_show() {
    use super::pseudo_terminal::{Terminal, plain};

    let session = Session::new();
    let file = file("action,number,user\nmove,+12065550100,ana@contoso.example\n");
    let path = file.path().to_string_lossy().into_owned();
    for (answer, code, words) in [
        (
            &b"yes\n"[..],
            1,
            "failed   released numbers: you said that this tenant blocks",
        ),
        (
            b"y\n",
            1,
            "Remove-CsPhoneNumberTenantConfiguration -AssignmentBlockedForever",
        ),
        (b"no\n", 0, "ok       released numbers: you said"),
        (b"\n", 0, "warning  released numbers: "),
    ] {
        let shown = Terminal::of(120)
            .answering(answer)
            .show(&mut session.command(&["doctor", &path]));
        assert_eq!(shown.code, Some(code), "{shown:?}");
        let text = plain(&shown.text);
        assert!(
            text.contains("Does this tenant block released numbers? [yes/no/unknown] "),
            "{text}"
        );
        assert!(text.contains(words), "{words}: {text}");
    }
}
