//! Files that commands write, and journals that are copied, taken away or applied twice.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use trunkline_emulator::Emulator;

use super::desk::Desk;
use super::harness::{Outcome, Session, run};

const ROWS: &str = "number,user\n+12065550101,ana@contoso.example\n";

/// An emulator whose orders take so long at each stage.
fn ordering_for(stage: Duration) -> Session {
    Session::of(Emulator::builder().stage_duration(stage))
}

impl Desk {
    /// A process that applies the plan, and got as far as an order.
    fn applying(&self) -> std::process::Child {
        let mut child = self
            .session
            .command(&["bulk", "apply", "rows.plan", "--yes", "-o", "jsonl"])
            .current_dir(self.folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut lines = BufReader::new(child.stdout.as_mut().expect("a pipe")).lines();
        while self.session.emulator.orders().is_empty() {
            // Progress is said twice a second.
            lines.next().expect("it goes on").expect("text");
        }
        child
    }
}

#[test]
fn one_plan_has_one_journal_at_a_time() {
    let desk = Desk::of(ordering_for(Duration::from_secs(600)), ROWS);
    let planned = desk.run(&["bulk", "plan", "rows.csv", "--save", "rows.plan"]);
    assert_eq!(planned.code, Some(0), "{planned}");
    let mut first = desk.applying();
    let ordered = desk.session.emulator.orders().len();
    let second = [
        "bulk",
        "apply",
        "rows.plan",
        "--yes",
        "--journal",
        "second.journal",
        "--timeout",
        "1s",
    ];
    for arguments in [&second[..], &["bulk", "apply", "rows.plan", "--yes"]] {
        let refused = desk.run(arguments);
        assert_eq!(refused.code, Some(1), "{refused}");
        if arguments.len() > 4 {
            for words in [
                format!("process {}", first.id()),
                "rows.journal".to_owned(),
                "since 20".to_owned(),
            ] {
                assert!(refused.stderr.contains(&words), "{words}: {refused}");
            }
        }
    }
    assert_eq!(desk.session.emulator.orders().len(), ordered, "nothing was ordered");
    assert!(!desk.path("second.journal").exists());

    // The claim ends with its process, however that ends.
    first.kill().expect("is killed");
    first.wait().expect("ends");
    let free = desk.run(&second);
    assert!(!free.stderr.contains("being applied by"), "{free}");
    assert!(desk.path("second.journal").exists(), "{free}");
}

#[test]
fn a_copy_of_a_journal_without_its_log_is_refused_by_every_command() {
    let desk = Desk::of(ordering_for(Duration::from_secs(600)), ROWS);
    desk.run(&["bulk", "plan", "rows.csv", "--save", "rows.plan"]);
    let mut first = desk.applying();
    first.kill().expect("is killed");
    first.wait().expect("ends");
    let ordered = desk.session.emulator.orders().len();
    std::fs::copy(desk.path("rows.journal"), desk.path("copy.journal")).expect("copies");
    for command in [
        &["bulk", "resume", "copy.journal"][..],
        &["bulk", "apply", "rows.plan", "--yes", "--journal", "copy.journal"],
        &["bulk", "status", "copy.journal"],
        &["bulk", "report", "copy.journal", "--csv", "-"],
        &["bulk", "undo", "copy.journal"],
        &["bulk", "verify", "copy.journal"],
    ] {
        let refused = desk.run(command);
        assert_eq!(refused.code, Some(1), "{command:?} {refused}");
        assert!(refused.stderr.contains("-wal"), "{command:?} {refused}");
    }
    assert_eq!(desk.session.emulator.orders().len(), ordered, "nothing was ordered");
    // Where it lies, it is whole.
    assert_ne!(desk.run(&["bulk", "status", "rows.journal"]).code, Some(1));
}

/// Containers often have no home. Without a folder for claims a run goes on and says what it lacks.
#[cfg(target_os = "linux")]
#[test]
fn a_run_that_cannot_claim_its_plan_says_so() {
    let desk = Desk::new(ROWS);
    desk.run(&["bulk", "plan", "rows.csv", "--save", "rows.plan"]);
    let apply = |variable: &str, journal: &str| {
        let mut command = desk
            .session
            .command(&["bulk", "apply", "rows.plan", "--yes", "--journal", journal]);
        command.env_remove("TRUNKLINE_STATE_DIR").env(variable, "/proc/nowhere");
        run(command.current_dir(desk.folder.path()))
    };
    let named = apply("TRUNKLINE_STATE_DIR", "named.journal");
    assert_eq!(named.code, Some(1), "{named}");
    assert!(named.stderr.contains("TRUNKLINE_STATE_DIR names"), "{named}");
    assert!(desk.session.emulator.orders().is_empty());
    let homeless = apply("HOME", "homeless.journal");
    assert_eq!(homeless.code, Some(0), "{homeless}");
    assert!(homeless.stderr.contains("would not be noticed"), "{homeless}");
    assert!(homeless.stderr.contains("TRUNKLINE_STATE_DIR can name"), "{homeless}");
}

#[cfg(unix)]
#[test]
fn a_journal_that_is_deleted_during_a_run_stops_it() {
    let desk = Desk::of(ordering_for(Duration::from_millis(300)), ROWS);
    desk.run(&["bulk", "plan", "rows.csv", "--save", "rows.plan"]);
    let first = desk.applying();
    std::fs::remove_file(desk.path("rows.journal")).expect("removes");
    let outcome = Outcome::from(first.wait_with_output().expect("ends"));
    assert_eq!(outcome.code, Some(1), "{outcome}");
    assert!(outcome.stderr.contains("rows.journal no longer exists"), "{outcome}");
}

#[test]
fn a_file_has_the_format_that_its_name_says() {
    let desk = Desk::new(ROWS);
    for name in ["now.xlsm", "now.XLS", "now.ods", "now.json", "now.parquet", "now.html"] {
        let outcome = desk.run(&["bulk", "export", name]);
        assert_eq!(outcome.code, Some(1), "{name} {outcome}");
        assert!(
            outcome.stderr.contains("as CSV, as a workbook or as JSON lines"),
            "{name} {outcome}"
        );
        assert!(!desk.path(name).exists());
    }
    assert!(desk.session.emulator.requests().is_empty(), "nothing was read");
    for (arguments, first) in [
        (&["bulk", "export", "now.csv"][..], "number"),
        (&["bulk", "export", "now"], "number"),
        (&["bulk", "export", "now.jsonl"], "{"),
        (&["bulk", "export", "lines.jsonl", "-o", "json"], "{"),
    ] {
        let outcome = desk.run(arguments);
        assert_eq!(outcome.code, Some(0), "{outcome}");
        let text = std::fs::read_to_string(desk.path(arguments[2])).expect("is written");
        assert!(
            text.starts_with(first) || text.contains("number"),
            "{arguments:?} {text}"
        );
        assert_eq!(text.starts_with('{'), first == "{", "{arguments:?} {text}");
    }
    let outcome = desk.run(&["bulk", "plan", "rows.csv", "--save", "rows.csv"]);
    assert_eq!(outcome.code, Some(1), "{outcome}");
    assert_eq!(std::fs::read_to_string(desk.path("rows.csv")).expect("is there"), ROWS);
}

/// There is neither the file of rows nor the journal: what is refused is refused before they are looked for.
#[test]
fn a_file_of_another_format_is_refused_before_anything_is_read() {
    let desk = Desk::new("");
    for arguments in [
        &["bulk", "export", "other.csv", "-o", "jsonl"][..],
        &["bulk", "export", "other.jsonl", "-o", "csv"],
        &["bulk", "export", "other.xlsx", "-o", "csv"],
        &["bulk", "plan", "none.csv", "--save", "rows.csv"],
        &["bulk", "plan", "none.csv", "--save", "people.xlsx"],
        &["bulk", "plan", "none.csv", "--html", "page.xlsx"],
        &["bulk", "plan", "none.csv", "--unreadable", "rows.jsonl"],
        &["bulk", "undo", "none.journal", "--save", "back.csv"],
        &["bulk", "report", "none.journal", "--csv", "table.xlsx"],
        &["bulk", "report", "none.journal", "--xlsx", "table.csv"],
        &["bulk", "report", "none.journal", "--html", "page.csv"],
        &["bulk", "report", "none.journal", "--jsonl", "record.json"],
        &["numbers", "map", "--html", "map.csv"],
    ] {
        let outcome = desk.run(arguments);
        assert_eq!(outcome.code, Some(1), "{arguments:?} {outcome}");
        assert!(
            outcome.stderr.contains("name that ends with .") || outcome.stderr.contains("an ending that fits"),
            "{outcome}"
        );
    }
    assert!(desk.session.emulator.requests().is_empty(), "nothing was read");
}

/// Standard output has the result, and no file is called `-`.
#[test]
fn a_page_or_a_plan_on_standard_output_is_refused_before_anything_is_read() {
    let desk = Desk::new("");
    for arguments in [
        &["bulk", "plan", "none.csv", "--html", "-"][..],
        &["bulk", "plan", "none.csv", "--save", "-"],
        &["bulk", "plan", "none.csv", "--unreadable", "-"],
        &["bulk", "undo", "none.journal", "--save", "-"],
        &["bulk", "report", "none.journal", "--html", "-"],
        &["numbers", "map", "--html", "-", "--plan", "none.plan"],
    ] {
        let outcome = desk.run(&[arguments, &["-o", "json"]].concat());
        assert_eq!(outcome.code, Some(1), "{arguments:?} {outcome}");
        let error = outcome.error();
        assert_eq!(error["kind"], "invalidInput", "{outcome}");
        let next_step = error["nextStep"].as_str().unwrap_or_default();
        assert!(next_step.starts_with("Name a file after --"), "{outcome}");
        assert!(!desk.path("-").exists(), "{arguments:?}");
    }
    assert!(desk.session.emulator.requests().is_empty(), "nothing was read");
}

/// Characters that clear a screen, turn a text around, end a line or a string.
const HOSTILE: &str = "a\u{1b}[2Jb\u{9b}31mc\u{202e}d\u{2028}e\u{7}f\u{0}g\u{7f}h\u{200f}i\u{feff}j\u{2066}k\u{61c}l";

fn assert_plain(what: &str, text: &str) {
    let raw: Vec<char> = text
        .chars()
        .filter(|character| trunkline::mask::is_unprintable(*character) && *character != '\n')
        .collect();
    assert!(raw.is_empty(), "{what}: {raw:?} in {text:?}");
}

#[test]
fn no_output_has_raw_control_characters() {
    let desk = Desk::new("number,user\n+12065550160,ana@contoso.example\n");
    let state = desk.session.emulator.state();
    let mut users = state["users"].as_array().expect("a list").iter();
    let ana = users.find(|user| user["userPrincipalName"] == "ana@contoso.example");
    let mut ana = ana.expect("is there").clone();
    ana["displayName"] = HOSTILE.into();
    desk.session
        .emulator
        .seed(&json!({
            "numbers": [
                {"telephoneNumber": "+12065550160", "numberType": "callingPlan", "assignmentStatus": "unassigned",
                 "capabilities": ["userAssignment"], "city": HOSTILE},
            ],
            "users": [ana],
        }))
        .expect("a seed");
    for form in ["table", "csv", "json", "jsonl"] {
        let outcome = desk.run(&["numbers", "list", "-o", form]);
        assert_eq!(outcome.code, Some(0), "{outcome}");
        assert!(outcome.stdout.contains("[2J"), "{form}: {outcome}");
        assert_plain(form, &outcome.everything());
        let read: Option<Value> = match form {
            "json" => serde_json::from_str(&outcome.stdout).ok(),
            "jsonl" => outcome
                .stdout
                .lines()
                .map(|line| serde_json::from_str::<Value>(line).ok())
                .collect::<Option<Vec<_>>>()
                .map(Value::Array),
            _ => continue,
        };
        let read = read.expect("is JSON");
        assert!(
            read.as_array()
                .expect("a list")
                .iter()
                .any(|number| number["city"] == HOSTILE)
        );
    }
    for form in ["table", "json", "jsonl", "csv"] {
        let planned = desk.run(&["bulk", "plan", "rows.csv", "--save", "rows.plan", "-o", form]);
        assert_eq!(planned.code, Some(0), "{planned}");
        assert_plain("plan", &planned.everything());
    }
    let plan = std::fs::read_to_string(desk.path("rows.plan")).expect("is written");
    assert_plain("plan file", &plan);
    let applied = desk.run(&["bulk", "apply", "rows.plan", "--yes", "-o", "jsonl"]);
    assert_eq!(applied.code, Some(0), "{applied}");
    assert_plain("apply", &applied.everything());
    let all = ["--csv", "r.csv", "--html", "r.html", "--jsonl", "r.jsonl"];
    let reported = desk.run(&[&["bulk", "report", "rows.journal"], &all[..]].concat());
    assert_eq!(reported.code, Some(0), "{reported}");
    for name in ["r.csv", "r.jsonl"] {
        // Spreadsheets know UTF-8 by a mark at the begin.
        let text = std::fs::read_to_string(desk.path(name)).expect("is written");
        assert_plain(name, text.trim_start_matches('\u{feff}').replace("\r\n", "\n").as_str());
    }
    let page = std::fs::read_to_string(desk.path("r.html")).expect("is written");
    assert_plain("page", &page.replace('\t', ""));
    let missing = desk.run(&[
        "numbers",
        "list",
        "--filter",
        HOSTILE.split('\u{0}').next().expect("a part"),
        "-o",
        "json",
    ]);
    assert_plain("error", &missing.everything());
}
