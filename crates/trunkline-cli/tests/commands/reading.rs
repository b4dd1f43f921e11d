//! Numbers as arguments: with a plus, or with the country that they belong to.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use trunkline_emulator::Emulator;

use super::harness::{Outcome, Session, binary, run};

const ANA: &str = "ana@contoso.example";

#[test]
fn a_number_without_a_plus_is_refused_by_every_command_and_nothing_is_asked() {
    let session = Session::new();
    for number in [
        "(206) 555-1010",
        "12065551010",
        "0044 20 7946 0000",
        "+44 (0)7700 900125",
        "+44 07700 900125",
    ] {
        for command in [
            &["numbers", "get", number][..],
            &["numbers", "assign", number, ANA],
            &["numbers", "assign", number, ANA, "--dry-run"],
            &["numbers", "assign", number, ANA, "--move"],
            &["numbers", "unassign", number],
            &["numbers", "unassign", number, "--dry-run"],
            &["numbers", "set-location", number, "--clear"],
            &["numbers", "update", number, "--network-site", "x"],
            &["numbers", "update", number, "--network-site", "x", "--dry-run"],
            &["phones", "set", ANA, "mobile", number],
            &["phones", "set", ANA, "mobile", number, "--dry-run"],
        ] {
            let mut json = command.to_vec();
            json.extend(["--output", "json"]);
            let refused = session.run(&json);
            assert_eq!(
                (refused.code, &refused.error()["kind"]),
                (Some(1), &json!("invalidInput")),
                "{refused}"
            );
        }
    }
    let refused = session.run(&["numbers", "unassign", "(206) 555-1010"]);
    assert!(refused.stderr.contains("--country US"), "{refused}");
    let refused = session.run(&["phones", "set", ANA, "mobile", "+44 (0)7700 900125"]);
    assert!(refused.stderr.contains("without the zero: +44"), "{refused}");
    assert!(session.emulator.requests().is_empty());
}

#[test]
fn a_country_says_what_a_number_without_a_plus_is() {
    let session = Session::new();
    let found = session.json(&["numbers", "get", "(206) 555-0100", "--country", "us"]);
    assert_eq!(found["telephoneNumber"], "+12065550100");
    let assigned = session.json(&["numbers", "assign", "206.555.0101", ANA, "--country", "US"]);
    assert_eq!(assigned["number"], "+12065550101");
    let moved = session.json(&[
        "numbers",
        "set-location",
        "(206) 555-0101",
        "--clear",
        "--country",
        "US",
    ]);
    assert_eq!(moved["number"], "+12065550101");
    let taken = session.json(&["numbers", "unassign", "(206) 555-0101", "--country", "US", "--no-wait"]);
    assert_eq!(taken["number"], "+12065550101");
    let set = session.json(&["phones", "set", ANA, "mobile", "07700 900125", "--country", "GB"]);
    assert_eq!(set["after"]["phoneNumber"], "+44 7700900125");
    // In that country and nothing else.
    for number in ["020 7946 0000", "442079460000", "0044 20 7946 0000"] {
        let refused = session.run(&["numbers", "get", number, "--country", "US"]);
        assert_eq!(refused.code, Some(1), "{refused}");
    }
    for country in ["XX", "USA", ""] {
        let refused = session.run(&["numbers", "get", "+12065550100", "--country", country]);
        assert_eq!(refused.code, Some(1), "{refused}");
        assert!(refused.stderr.contains("two letters"), "{refused}");
    }
}

/// A shell ends the command at the semicolon of `+12065550113;ext=42`.
#[test]
fn a_main_number_is_not_released_by_what_a_shell_left_of_an_extension() {
    let seed = json!({"numbers": [
        {"telephoneNumber": "+12065550113", "numberType": "directRouting",
            "assignmentTargetId": "a0000000-0000-4000-8000-000000000008",
            "assignmentCategory": "primary", "assignmentStatus": "voiceApplicationAssigned"},
        {"telephoneNumber": "+12065550113;ext=42", "numberType": "directRouting",
            "assignmentTargetId": "a0000000-0000-4000-8000-000000000002",
            "assignmentCategory": "primary", "assignmentStatus": "userAssigned"}
    ]});
    let session = Session::of(Emulator::builder().stage_duration(Duration::ZERO).seed(seed));
    let holder = |number: &str| session.number(number)["assignmentTargetId"].clone();
    for command in [
        &["numbers", "unassign", "+12065550113"][..],
        &["numbers", "assign", "+12065550113", ANA, "--move"],
    ] {
        let refused = session.run(command);
        assert_eq!(refused.code, Some(1), "{refused}");
        assert!(refused.stderr.contains("+12065550113x42"), "{refused}");
        assert!(refused.stderr.contains("--base"), "{refused}");
        assert_ne!(holder("+12065550113"), Value::Null);
    }
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), "action,number,user\nunassign,+12065550113,\n").expect("written");
    let path = file.path().to_str().expect("UTF-8");
    let plan = session.run(&["bulk", "plan", path]);
    assert!(plan.stdout.contains("--base"), "{plan}");
    let plan = session.run(&["bulk", "plan", path, "--base"]);
    assert_eq!(plan.code, Some(0), "{plan}");
    let done = session.run(&["numbers", "unassign", "+12065550113x42"]);
    assert_eq!(done.code, Some(0), "{done}");
    assert_eq!(holder("+12065550113;ext=42"), Value::Null);
    let done = session.run(&["numbers", "unassign", "+12065550113", "--base"]);
    assert_eq!((done.code, holder("+12065550113")), (Some(0), Value::Null), "{done}");
    let help = session.run(&["numbers", "unassign", "--help"]);
    assert!(help.stdout.contains("+12065550113x42"), "{help}");
}

/// `numbers check` with these lines on standard input.
fn check(arguments: &[&str], lines: &[u8]) -> Outcome {
    let mut all = vec!["numbers", "check", "--output", "json"];
    all.extend(arguments);
    let mut child = binary(&all)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(lines).expect("is taken");
    drop(input);
    Outcome::from(child.wait_with_output().expect("ends"))
}

#[test]
fn check_shows_what_texts_are_read_as_and_sends_nothing() {
    let outcome = check(
        &["--country", "GB"],
        b"020 7946 0000\r\n\n+1 206 555 0100 x12\n\xff1\n0044 20 7946 0000",
    );
    assert_eq!(outcome.code, Some(1), "{outcome}");
    let records = outcome.json();
    let numbers: Vec<&Value> = records
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| &one["number"])
        .collect();
    assert_eq!(
        numbers,
        [
            &json!("+442079460000"),
            &json!("+12065550100;ext=12"),
            &Value::Null,
            &Value::Null
        ]
    );
    assert_eq!(records[1]["phoneMethod"], "+1 2065550100x12");
    assert_eq!(records[3]["code"], "internationalPrefix");
    let outcome = run(&mut binary(&[
        "numbers",
        "check",
        "+12065550100",
        "(206) 555-0101",
        "--country",
        "US",
    ]));
    assert_eq!(outcome.code, Some(0), "{outcome}");
    assert!(outcome.stdout.contains("+12065550101"), "{outcome}");
    let outcome = check(&[], b"-12065550100\n");
    assert_eq!(outcome.code, Some(1), "{outcome}");
}

/// A row of the table of texts that every door is compared with.
struct TableRow {
    text: String,
    country: Option<String>,
    number: Option<String>,
}

fn table() -> Vec<TableRow> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/numbers/table.jsonl");
    let table = std::fs::read_to_string(path).expect("the table");
    let rows = table.lines().map(|line| {
        let row: Value = serde_json::from_str(line).expect("JSON");
        let text = |name: &str| row[name].as_str().map(str::to_owned);
        TableRow {
            text: text("text").expect("a text"),
            country: text("country"),
            number: text("number"),
        }
    });
    rows.collect()
}

fn of_country<'a>(arguments: &[&'a str], country: Option<&'a str>) -> Vec<&'a str> {
    let mut all = Vec::new();
    all.extend(country.map(|letters| ["--country", letters]).into_iter().flatten());
    [&arguments[..2], &all, &arguments[2..]].concat()
}

/// All texts of a country go to one process, one a line; blank ones are arguments, as blank lines are no texts.
#[test]
fn the_command_line_reads_every_text_of_the_table_as_the_crate_does() {
    let table = table();
    let countries: BTreeSet<Option<&str>> = table.iter().map(|row| row.country.as_deref()).collect();
    assert!(countries.len() >= 5 && countries.contains(&None), "{countries:?}");
    let mut compared = 0;
    for country in countries {
        let rows = || table.iter().filter(|row| row.country.as_deref() == country);
        let (blank, lines): (Vec<_>, Vec<_>) = rows().partition(|row| row.text.trim().is_empty());
        let mut asked = vec!["numbers", "check", "-o", "jsonl", "-"];
        asked.extend(blank.iter().map(|row| row.text.as_str()));
        let mut child = binary(&of_country(&asked, country))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let text: String = lines.iter().map(|row| format!("{}\n", row.text)).collect();
        let mut stdin = child.stdin.take().expect("a pipe");
        stdin.write_all(text.as_bytes()).expect("it reads");
        drop(stdin);
        let outcome = Outcome::from(child.wait_with_output().expect("it ends"));
        // Arguments come before the lines of standard input.
        let expected: Vec<_> = blank.iter().chain(&lines).collect();
        let records: Vec<Value> = outcome
            .stdout
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        assert_eq!(records.len(), expected.len(), "{outcome}");
        for (record, row) in records.iter().zip(expected) {
            assert_eq!(record["text"], row.text.as_str());
            assert_eq!(record["number"].as_str(), row.number.as_deref(), "{country:?} {record}");
            assert_eq!(record["code"].is_null(), row.number.is_some(), "{record}");
            compared += 1;
        }
        assert_eq!(outcome.code, Some(i32::from(rows().any(|row| row.number.is_none()))));
    }
    assert_eq!(compared, table.len());
}

/// The number that arrives at the service, for a part of the table: one process for each text.
#[test]
fn commands_ask_for_the_number_that_the_table_says() {
    let session = Session::new();
    let table = table();
    let mut asked = 0;
    for row in table.iter().step_by(16) {
        session.emulator.clear_log();
        let get = ["numbers", "get", "-o", "json", "--", row.text.as_str()];
        let outcome = session.run(&of_country(&get, row.country.as_deref()));
        let requests = session.emulator.requests();
        let Some(number) = &row.number else {
            assert_eq!(outcome.error()["kind"], "invalidInput", "{outcome}");
            assert!(requests.is_empty(), "{requests:?}");
            continue;
        };
        asked += 1;
        let query = &requests.first().expect("a request").query;
        assert!(
            query.contains(&format!("telephoneNumber eq '{number}'")),
            "{:?} {query}: {outcome}",
            row.text
        );
    }
    assert!(asked >= 10, "{asked}");
}
