//! `trunkline profile`, and what a profile does to other commands.

use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::harness::{Outcome, Session, binary, run};

struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn with(text: &str) -> Self {
        let desk = Self::new();
        std::fs::write(desk.path(), text).expect("written");
        desk
    }

    fn path(&self) -> std::path::PathBuf {
        self.0.path().join("profiles.toml")
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.path()).expect("profiles")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = binary(arguments);
        command.env("TRUNKLINE_CONFIG_DIR", self.0.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        run(&mut self.command(arguments))
    }

    fn json(&self, arguments: &[&str]) -> Value {
        self.run(&[arguments, &["-o", "json"]].concat()).document()
    }
}

/// The value of a setting and its origin, as `profile show` has them.
fn setting<'s>(shown: &'s Value, name: &str) -> (&'s Value, &'s str) {
    let all = shown.as_array().expect("a list");
    let found = all.iter().find(|entry| entry["setting"] == name).expect("the setting");
    (&found["value"], found["from"].as_str().expect("a text"))
}

#[test]
fn profiles_are_added_listed_used_and_removed() {
    let desk = Desk::new();
    let empty = desk.run(&["profile", "list"]);
    assert!(empty.stdout.contains("There are no profiles"), "{empty}");
    let add = desk.run(&[
        "profile",
        "add",
        "contoso",
        "--tenant",
        "contoso.example",
        "--client-id",
        "app-1",
        "--country",
        "US",
    ]);
    assert_eq!(add.code, Some(0), "{add}");
    assert!(add.stdout.contains("used for commands that name none"), "{add}");
    let second = desk.run(&[
        "profile",
        "add",
        "fabrikam",
        "--tenant",
        "fabrikam.example",
        "--column",
        "user=E-mail",
        "--column",
        "number=Line",
    ]);
    assert_eq!(second.code, Some(0), "{second}");
    let table = desk.run(&["profile", "list"]);
    assert!(
        table
            .stdout
            .lines()
            .any(|line| line.starts_with('*') && line.contains("contoso")),
        "{table}"
    );
    let shown = desk.json(&["profile", "show", "fabrikam"]);
    assert_eq!(setting(&shown, "columns.user").0, "E-mail");
    assert_eq!(desk.run(&["profile", "use", "fabrikam"]).code, Some(0));
    assert_eq!(setting(&desk.json(&["profile", "show"]), "profile").0, "fabrikam");

    let twice = desk.run(&["profile", "add", "contoso"]);
    assert!(twice.stderr.contains("there is a profile 'contoso' already"), "{twice}");
    for bad in ["a b", "-x", "", "a/b", "ü"] {
        let refused = desk.run(&["profile", "add", "--", bad]);
        assert_eq!(refused.code, Some(1), "{bad} {refused}");
    }
    assert_eq!(desk.run(&["profile", "remove", "fabrikam"]).code, Some(0));
    let gone = desk.run(&["profile", "use", "fabrikam"]);
    assert!(
        gone.stderr.contains("there is no profile 'fabrikam'") && gone.stderr.contains("contoso"),
        "{gone}"
    );
    assert_eq!(setting(&desk.json(&["profile", "show"]), "profile").0, &Value::Null);
}

#[test]
fn every_value_says_where_it_comes_from() {
    let desk = Desk::with(
        "use = \"contoso\"\n[profiles.contoso]\ntenant = \"contoso.example\"\ncloud = \"us-gov-l4\"\noutput = \"json\"\n",
    );
    let file = desk.path();
    let file = file.to_str().expect("UTF-8");
    let shown = desk.run(&["profile", "show"]).document();
    assert_eq!(setting(&shown, "tenant"), (&json!("contoso.example"), file));
    assert_eq!(setting(&shown, "output"), (&json!("json"), file));
    assert_eq!(setting(&shown, "credential"), (&json!("environment"), "default"));
    assert_eq!(setting(&shown, "client-id"), (&Value::Null, "not set"));
    let shown = run(desk
        .command(&["profile", "show", "--cloud", "china"])
        .env("TRUNKLINE_CLOUD", "global")
        .env("TRUNKLINE_TENANT", "fabrikam.example")
        .env("AZURE_TENANT_ID", "other.example")
        .env("AZURE_CLIENT_ID", "app-2")
        .env("TRUNKLINE_TOKEN", "x"))
    .document();
    assert_eq!(setting(&shown, "cloud"), (&json!("china"), "option --cloud"));
    assert_eq!(
        setting(&shown, "tenant"),
        (&json!("fabrikam.example"), "variable TRUNKLINE_TENANT")
    );
    assert_eq!(
        setting(&shown, "client-id"),
        (&json!("app-2"), "variable AZURE_CLIENT_ID")
    );
    assert_eq!(
        setting(&shown, "credential"),
        (&json!("token"), "variable TRUNKLINE_TOKEN")
    );
    // Variables of other tools do not move a profile to another tenant.
    let shown = run(desk
        .command(&["profile", "show"])
        .env("AZURE_TENANT_ID", "other.example"))
    .document();
    assert_eq!(setting(&shown, "tenant"), (&json!("contoso.example"), file));
}

#[test]
fn a_profile_feeds_the_commands() {
    let session = Session::new();
    let desk = Desk::with(&format!(
        "[profiles.emulator]\nendpoint = \"{}\"\ntenant = \"contoso.example\"\ncountry = \"US\"\noutput = \"json\"\n",
        session.emulator.url()
    ));
    let token = session.emulator.token();
    let number = run(desk
        .command(&["numbers", "get", "(206) 555-0101", "--profile", "emulator"])
        .env("TRUNKLINE_TOKEN", &token));
    assert_eq!(number.document()["telephoneNumber"], "+12065550101");
    let by_variable = run(desk
        .command(&["numbers", "get", "206-555-0101"])
        .env("TRUNKLINE_PROFILE", "emulator")
        .env("TRUNKLINE_TOKEN", &token));
    assert_eq!(by_variable.document()["telephoneNumber"], "+12065550101");
    let unknown = desk.run(&["numbers", "list", "--profile", "nowhere"]);
    assert_eq!(unknown.code, Some(1), "{unknown}");
    assert!(unknown.stderr.contains("there is no profile 'nowhere'"), "{unknown}");
}

#[test]
fn a_mistake_in_the_file_has_a_line_and_an_advice() {
    for (text, line, words) in [
        (
            "[profiles.a]\ntennant = \"x\"\n",
            2,
            &["'tennant' is not a setting", "Use one of tenant"][..],
        ),
        (
            "[profiles.a]\nclient_id = \"x\"\n",
            2,
            &["'client_id'", "Write it client-id"],
        ),
        (
            "\n[profiles.a]\nclient_secret = \"canary\"\n",
            3,
            &["would be a secret", "keyring", "AZURE_CLIENT_SECRET", "certificate"],
        ),
        ("[profiles.a]\nclient-secret = \"canary\"\n", 2, &["would be a secret"]),
        ("[profiles.a]\nrefreshToken = \"canary\"\n", 2, &["would be a secret"]),
        (
            "[profiles.a]\ncloud = \"moon\"\n",
            2,
            &["'moon' is not valid for cloud", "global"],
        ),
        (
            "[profiles.a]\ncredential = \"password\"\n",
            2,
            &["'password'", "device-code"],
        ),
        (
            "[profiles.a]\ncountry = \"USA\"\n",
            2,
            &["'USA' is not valid for country"],
        ),
        ("[profiles.a]\ntenant = 7\n", 2, &["must be a text, not a number"]),
        (
            "[profiles.a]\ntenant = \"a b\"\n",
            2,
            &["'a b' is not valid for tenant"],
        ),
        ("[profiles.a]\ntenant = \"\"\n", 2, &["tenant is empty"]),
        ("[profiles.a]\nendpoint = \"localhost\"\n", 2, &["complete address"]),
        ("profiles = 3\n", 1, &["must be a table"]),
        ("colour = \"blue\"\n", 1, &["'colour' is not a setting"]),
        (
            "# one\nuse = \"b\"\n[profiles.a]\n",
            2,
            &["there is no profile 'b' to use", "Choose one of a"],
        ),
        ("[profiles.\"a b\"]\n", 1, &["'a b' cannot name a profile"]),
        ("[profiles.a]\ntenant = \"x\"\ntenant = \"canary\"\n", 3, &["not TOML"]),
        ("[profiles.a\n", 1, &["not TOML"]),
        ("[profiles.a.columns]\nuser = 3\n", 2, &["user must be a text"]),
        (
            "[profiles.a.columns]\nusr = \"Mail\"\n",
            2,
            &["'usr' is not a setting", "user"],
        ),
    ] {
        let desk = Desk::with(text);
        for command in [
            &["numbers", "list"][..],
            &["profile", "add", "z"],
            &["login", "--tenant", "contoso.example"],
        ] {
            let refused = desk.run(command);
            assert_eq!(refused.code, Some(1), "{text} {refused}");
            let place = format!("profiles.toml, line {line}: ");
            assert!(refused.stderr.contains(&place), "{text} {refused}");
            for word in words {
                assert!(refused.stderr.contains(word), "{word} {text} {refused}");
            }
            assert!(!refused.everything().contains("canary"), "{refused}");
            assert_eq!(desk.text(), text, "nothing is lost");
        }
    }
}

#[test]
fn comments_and_order_are_kept() {
    let text = "# mine\nuse = \"a\" # today\n\n# the first tenant\n[profiles.a]\ntenant = \"contoso.example\" # home\n\n\
                [profiles.b]\n# nothing yet\n";
    let desk = Desk::with(text);
    assert_eq!(desk.run(&["profile", "use", "b"]).code, Some(0));
    assert_eq!(desk.text(), text.replace("use = \"a\"", "use = \"b\""));
    assert_eq!(
        desk.run(&["profile", "add", "c", "--tenant", "fabrikam.example"]).code,
        Some(0)
    );
    let added = desk.text();
    assert!(
        added.starts_with(&text.replace("use = \"a\"", "use = \"b\"")),
        "{added}"
    );
    assert!(
        added.contains("[profiles.c]\ntenant = \"fabrikam.example\"\n"),
        "{added}"
    );
    let new = Desk::new();
    new.run(&["profile", "add", "c", "--tenant", "fabrikam.example"]);
    let text = new.text();
    assert!(text.starts_with("# Profiles of trunkline"), "{text}");
    assert!(!text.contains("[profiles]\n"), "{text}");
    assert!(
        text.ends_with("\nuse = \"c\"\n\n[profiles.c]\ntenant = \"fabrikam.example\"\n"),
        "{text}"
    );
}

#[test]
fn comments_of_the_file_outlive_its_entries() {
    let new = Desk::new();
    for name in ["a", "b", "c"] {
        assert_eq!(
            new.run(&["profile", "add", name, "--tenant", "fabrikam.example"]).code,
            Some(0)
        );
    }
    let header: String = new.text().lines().take_while(|line| line.starts_with('#')).collect();
    assert!(header.contains("No secret belongs here"), "{header}");
    for (command, name) in [
        ("remove", "a"),
        ("use", "c"),
        ("remove", "b"),
        ("remove", "c"),
        ("add", "d"),
    ] {
        let outcome = new.run(&["profile", command, name]);
        assert_eq!(outcome.code, Some(0), "{outcome}");
        let text = new.text();
        let kept: String = text.lines().take_while(|line| line.starts_with('#')).collect();
        assert_eq!(kept, header, "after {command} {name}:\n{text}");
    }
    assert!(new.text().contains("use = \"d\""), "{}", new.text());

    let desk = Desk::with("# of the file\n\n# of a\n[profiles.a]\n\n# of the file too\n\n# of b\n[profiles.b]\n");
    desk.run(&["profile", "use", "b"]);
    assert!(
        desk.text().starts_with("# of the file\n\nuse = \"b\"\n"),
        "{}",
        desk.text()
    );
    desk.run(&["profile", "remove", "a"]);
    let text = desk.text();
    assert!(
        text.contains("# of b\n[profiles.b]") && !text.contains("# of a\n"),
        "{text}"
    );
    desk.run(&["profile", "remove", "b"]);
    let text = desk.text();
    assert!(
        text.contains("# of the file\n") && text.contains("# of the file too") && !text.contains("# of b"),
        "{text}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_cannot_be_written_is_as_it_was() {
    let text = "[profiles.a]\n";
    let desk = Desk::with(text);
    let change = desk.command(&["profile", "use", "a"]);
    let refused = run(&mut super::harness::on_a_full_disk(&change, 0));
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(
        refused.stderr.contains("profiles.toml") && refused.stderr.contains("unchanged"),
        "{refused}"
    );
    assert_eq!(desk.text(), text);
    let files = std::fs::read_dir(desk.0.path()).expect("a folder").count();
    assert_eq!(files, 1, "a part of a file is left");
}

#[test]
fn many_profiles_are_no_burden() {
    // 200 profiles are more than anybody has.
    let profiles: Vec<String> = (0..200)
        .map(|index| format!("[profiles.p{index}]\ntenant = \"contoso.example\"\ncountry = \"US\"\n"))
        .collect();
    let desk = Desk::with(&profiles.concat());
    let listed = desk.json(&["profile", "list"]);
    assert_eq!(listed.as_array().map(Vec::len), Some(200));
}

#[test]
fn what_a_command_keeps_later_files_are_read_by() {
    let session = Session::new();
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let run = |arguments: &[&str]| {
        run(session
            .command(arguments)
            .env("TRUNKLINE_CONFIG_DIR", path("settings"))
            .current_dir(folder.path()))
    };
    let write = |name: &str, text: &str| std::fs::write(path(name), text).expect("room for it");
    write("first.csv", "Who,Line,Site\nana@contoso.example,206 555 0101,HQ\n");
    write(
        "lis.csv",
        "LocationId,Description\n10c00000-0000-4000-8000-000000000001,HQ\n",
    );
    let plan = [
        "bulk",
        "plan",
        "first.csv",
        "--column",
        "user=Who",
        "--column",
        "number=Line",
        "--country",
        "US",
    ];

    let nowhere = run(&[&plan[..], &["--keep"]].concat());
    assert_eq!(nowhere.code, Some(1), "{nowhere}");
    assert!(nowhere.stderr.contains("trunkline profile add NAME"), "{nowhere}");

    let added = run(&["profile", "add", "contoso", "--tenant", "contoso.example"]);
    assert_eq!(added.code, Some(0), "{added}");
    assert_eq!(run(&["profile", "use", "contoso"]).code, Some(0));
    let nothing = run(&["bulk", "plan", "first.csv", "--keep"]);
    assert_eq!(nothing.code, Some(1), "{nothing}");
    let kept = run(&[&plan[..], &["--keep"]].concat());
    assert!(kept.stderr.contains("kept in the profile contoso"), "{kept}");
    let names = run(&["locations", "import", "lis.csv", "--keep"]);
    assert_eq!(names.code, Some(0), "{names}");
    assert!(path("settings").join("contoso.locations.csv").is_file());

    // Another file of the same kind needs no option.
    write("second.csv", "Site;Who;Line\nHQ;ana@contoso.example;206 555 0101\n");
    let second = run(&["bulk", "plan", "second.csv", "-o", "json"]);
    assert_eq!(second.code, Some(0), "{second}");
    let wanted = &second.document()["rows"][0]["wanted"];
    assert_eq!(
        (&wanted["number"], &wanted["location"]),
        (&json!("+12065550101"), &json!("10c00000-0000-4000-8000-000000000001"))
    );
    assert!(
        second.stderr.contains("contoso.locations.csv"),
        "what was read besides is named: {second}"
    );
    // A file that has the known headings, and none of those.
    write("third.csv", "number,user\n+12065550101,ana@contoso.example\n");
    assert_eq!(run(&["bulk", "plan", "third.csv"]).code, Some(0));
    // An option counts before the profile.
    let other = run(&["bulk", "plan", "second.csv", "--column", "user=Owner"]);
    assert_eq!(other.code, Some(1), "{other}");
    assert!(other.stderr.contains("Owner"), "{other}");
}
