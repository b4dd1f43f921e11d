//! `trunkline bulk`.

use std::path::Path;

use serde_json::Value;

use super::desk::Desk;
use super::harness::Outcome;

const GOOD: &str = "action,number,user,role\nassign,+12065550101,ana@contoso.example,\nunassign,+12065550100,,\n\
                    setPhone,+1 2065550199,carla@contoso.example,mobile\n";

fn lines(outcome: &Outcome) -> Vec<Value> {
    let read = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    outcome.stdout.lines().map(read).collect()
}

fn only_owner(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path).expect("a file").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", path.display());
    }
}

#[test]
fn a_plan_says_what_changes_in_every_form_and_changes_nothing() {
    let rows = format!("{GOOD}assign,+12065550104,ben@contoso.example,\n");
    let desk = Desk::new(&rows);
    let table = desk.run(&["bulk", "plan", "rows.csv", "--save", "rows.plan"]);
    assert_eq!(table.code, Some(3), "{table}");
    for words in [
        "Taken away (1)\n",
        "\n- 3    unassign ",
        "Blocked (1)\n  Choose a number with the capability userAssignment (1 row: 5)\n    row 5, assign +12065550104",
        "Changes (2)\n",
        "\n+ 2    assign ",
        "held by ana@contoso.example",
        "bulk apply rows.plan",
        "4 rows: 3 to change",
    ] {
        assert!(table.stdout.contains(words), "{words}: {table}");
    }
    only_owner(&desk.path("rows.plan"));
    let document = desk.run(&["bulk", "plan", "rows.csv", "-o", "json"]).json();
    assert_eq!(document["summary"]["change"], 3, "{document:#}");
    assert_eq!(document["summary"]["refused"], 1);
    assert_eq!(document["rows"][0]["row"], 2);
    assert_eq!(document["cloud"], "global");
    let jsonl = lines(&desk.run(&["bulk", "plan", "rows.csv", "-o", "jsonl"]));
    assert_eq!(jsonl.iter().filter(|line| !line["row"].is_null()).count(), 4);
    assert_eq!(jsonl.last().expect("lines")["summary"], document["summary"]);
    let csv = desk.run(&["bulk", "plan", "rows.csv", "-o", "csv"]);
    assert_eq!(csv.stdout.lines().count(), 5, "{csv}");
    assert!(
        csv.stdout
            .starts_with("row,verdict,action,number,user,role,now,then,code,what,nextStep,losses\n")
    );
    assert!(desk.session.emulator.orders().is_empty());
    assert!(!desk.path("rows.journal").exists());
}

#[test]
fn a_file_with_errors_is_reported_by_row_and_column_and_not_planned() {
    let desk = Desk::new("number,user\n1.20656E+10,ana@contoso.example\n+12065550101,ana@contoso.example\n");
    let outcome = desk.run(&["bulk", "plan", "rows.csv", "--save", "rows.plan"]);
    assert_eq!(outcome.code, Some(1), "{outcome}");
    assert!(
        outcome.stdout.contains("error: Take the number from its source again"),
        "{outcome}"
    );
    assert!(outcome.stdout.contains("(column number, row 2; "), "{outcome}");
    let details = desk.run(&["bulk", "plan", "rows.csv", "--details"]);
    assert!(details.stdout.contains("error: row 2, number: "), "{details}");
    assert!(outcome.stderr.contains("--skip-unreadable"), "{outcome}");
    assert!(!desk.path("rows.plan").exists());
    let document = desk.run(&["bulk", "plan", "rows.csv", "-o", "json"]).json();
    let errors: Vec<_> = document["problems"]
        .as_array()
        .expect("problems")
        .iter()
        .filter(|problem| problem["severity"] == "error")
        .collect();
    assert_eq!(
        (errors.len(), &errors[0]["row"], &errors[0]["kind"]),
        (1, &Value::from(2), &"scientificNumber".into())
    );
    let skipping = desk.run(&["bulk", "plan", "rows.csv", "--skip-unreadable", "-o", "json"]);
    assert_eq!(skipping.code, Some(3), "{skipping}");
    assert_eq!(skipping.json()["summary"]["change"], 1);
    for (arguments, words) in [
        (&["bulk", "plan", "none.csv"][..], "none.csv cannot be read"),
        (
            &["bulk", "plan", "rows.csv", "--country", "XX"],
            "no supported country has these letters",
        ),
        (&["bulk", "plan", "rows.csv", "--action", "hire"], "no such action"),
        (&["bulk", "plan", "rows.csv", "--pick-city", "Seattle"], "--pick"),
    ] {
        let outcome = desk.run(arguments);
        assert_eq!(outcome.code, Some(1), "{outcome}");
        assert!(outcome.stderr.contains(words), "{words}: {outcome}");
    }
}

#[test]
fn a_plan_is_applied_verified_reported_and_undone() {
    let desk = Desk::planned(GOOD);
    let text = desk.run(&["bulk", "apply", "rows.plan", "--yes"]);
    assert_eq!(text.code, Some(0), "{text}");
    assert!(
        text.stdout
            .contains("row 2 done: assign +12065550101 ana@contoso.example"),
        "{text}"
    );
    assert!(
        text.stdout
            .ends_with("3 rows: 3 done. 1 number was taken from its holder. The journal is rows.journal\n"),
        "{text}"
    );
    only_owner(&desk.path("rows.journal"));
    // Once more is nothing more.
    let orders = desk.session.emulator.orders().len();
    let again = desk.run(&["bulk", "apply", "rows.plan", "--yes", "-o", "json"]);
    assert_eq!(
        (again.code, again.json()["summary"]["done"].clone()),
        (Some(0), Value::from(3)),
        "{again}"
    );
    assert_eq!(desk.session.emulator.orders().len(), orders);

    let status = desk.run(&["bulk", "status", "rows.journal", "-o", "json"]);
    assert_eq!(
        (status.code, status.json()["runs"].as_array().map(Vec::len)),
        (Some(0), Some(2)),
        "{status}"
    );
    let verified = desk.run(&["bulk", "verify", "rows.journal", "-o", "json"]);
    assert_eq!(
        (verified.code, verified.json()["summary"]["hold"].clone()),
        (Some(0), Value::from(3)),
        "{verified}"
    );

    let report = desk.run(&[
        "bulk",
        "report",
        "rows.journal",
        "--html",
        "r.html",
        "--csv",
        "r.csv",
        "--jsonl",
        "-",
        "--masked",
    ]);
    assert_eq!(report.code, Some(0), "{report}");
    assert_eq!(report.stdout.lines().count(), 4, "{report}");
    only_owner(&desk.path("r.html"));
    for name in ["r.html", "r.csv"] {
        let text = std::fs::read_to_string(desk.path(name)).expect("a report");
        assert!(
            !text.contains("+12065550101") && !text.contains("ana@contoso"),
            "{text}"
        );
    }
    assert_eq!(desk.run(&["bulk", "report", "rows.journal"]).code, Some(1));

    let back = desk.run(&["bulk", "undo", "rows.journal", "--save", "back.plan"]);
    assert_eq!(back.code, Some(0), "{back}");
    assert_eq!(desk.run(&["bulk", "apply", "back.plan", "--yes"]).code, Some(0));
    assert_eq!(desk.session.number("+12065550101")["assignmentStatus"], "unassigned");
    let drifted = desk.run(&["bulk", "verify", "rows.journal", "--wait", "0s"]);
    assert_eq!(drifted.code, Some(3), "{drifted}");
    assert!(drifted.stdout.contains("row 2 drifted"), "{drifted}");
}

#[test]
fn events_are_lines_and_failures_say_what_to_do() {
    let desk = Desk::planned(&format!("{GOOD}assign,+12065550102,nobody@contoso.example,\n"));
    let outcome = desk.run(&["bulk", "apply", "rows.plan", "--yes", "-o", "jsonl"]);
    assert_eq!(outcome.code, Some(3), "{outcome}");
    let events = lines(&outcome);
    assert_eq!(events[0]["kind"], "started");
    assert_eq!(events.last().expect("events")["kind"], "ended");
    let ended: Vec<_> = events.iter().filter(|event| event["kind"] == "row").collect();
    assert_eq!(ended.len(), 4);
    let refused = ended.iter().find(|event| event["row"] == 5).expect("row 5");
    assert_eq!(
        (&refused["ending"], &refused["failure"]["kind"]),
        (&"skipped".into(), &"unknownUser".into())
    );
    assert!(refused["failure"]["nextStep"].is_string());
}

#[test]
fn nothing_is_applied_that_does_not_belong_together() {
    let desk = Desk::planned(GOOD);
    assert_eq!(desk.run(&["bulk", "apply", "rows.plan", "--yes"]).code, Some(0));
    std::fs::write(desk.path("other.csv"), "action,number\nunassign,+12065550114\n").expect("room for it");
    desk.run(&["bulk", "plan", "other.csv", "--save", "other.plan"]);
    for (arguments, kind) in [
        (
            &["bulk", "apply", "other.plan", "--yes", "--journal", "rows.journal"][..],
            "otherPlan",
        ),
        (&["bulk", "apply", "rows.csv", "--yes"], "plan"),
        (&["bulk", "apply", "none.plan", "--yes"], "plan"),
        (&["bulk", "resume", "none.journal"], "journal"),
        (&["bulk", "status", "rows.csv"], "journal"),
    ] {
        let outcome = desk.run(&[arguments, &["-o", "json"]].concat());
        assert_eq!(outcome.code, Some(1), "{outcome}");
        let error = outcome.error();
        assert_eq!(error["kind"], kind, "{outcome}");
        assert!(
            error["nextStep"].as_str().is_some_and(|step| !step.is_empty()),
            "{outcome}"
        );
    }
}

#[test]
fn hostile_texts_are_shown_harmlessly() {
    let desk = Desk::new(
        "number,user,\u{1b}[31mcity\n+12065550101,\u{1b}]0;x\u{7}@contoso.example,x\n\
         +12065550102,\u{202e}ana@contoso.example,x\n=cmd|'/C calc'!A0,ana@contoso.example,x\n",
    );
    for form in ["table", "json", "jsonl", "csv"] {
        let outcome = desk.run(&["bulk", "plan", "rows.csv", "-o", form]);
        assert_eq!(outcome.code, Some(1), "{outcome}");
        let everything = outcome.everything();
        assert!(
            !everything.contains('\u{1b}') && !everything.contains('\u{202e}') && !everything.contains('\u{7}'),
            "{everything:?}"
        );
    }
}

#[test]
fn no_token_and_no_number_is_on_standard_error() {
    let desk = Desk::planned(&format!("{GOOD}assign,+12065550102,nobody@contoso.example,\n"));
    let token = desk.session.emulator.token();
    let payload = token.split('.').nth(1).expect("a payload").to_owned();
    for arguments in [
        &["bulk", "plan", "rows.csv"][..],
        &["bulk", "apply", "rows.plan", "--yes"],
        &["bulk", "resume", "rows.journal"],
        &["bulk", "verify", "rows.journal"],
        &["bulk", "undo", "rows.journal"],
        &["bulk", "export"],
        &["doctor", "rows.csv"],
    ] {
        let outcome = desk.run(&[arguments, &["--verbose"]].concat());
        assert!(!outcome.everything().contains(&payload), "{outcome}");
        assert!(
            !outcome.stderr.contains("+1206555") && !outcome.stderr.contains("ana@contoso"),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn an_export_is_a_file_with_nothing_to_do() {
    let desk = Desk::new("");
    assert_eq!(desk.run(&["bulk", "export", "now.csv", "--phones"]).code, Some(0));
    let plan = desk.run(&["bulk", "plan", "now.csv", "-o", "json"]);
    let summary = plan.json()["summary"].clone();
    assert_eq!((plan.code, &summary["change"]), (Some(0), &Value::from(0)), "{plan}");
    let lines = desk.run(&["bulk", "export", "-o", "jsonl"]);
    assert!(lines.stdout.lines().count() > 3, "{lines}");
}

#[cfg(unix)]
mod stopping {
    use std::io::{BufRead, BufReader, Read};
    use std::process::{Child, Command, Stdio};
    use std::time::Duration;

    use trunkline_emulator::Emulator;

    use super::*;
    use crate::harness::Session;

    fn begin(desk: &Desk) -> (Child, impl BufRead + use<>) {
        let mut child = desk
            .command(&["bulk", "apply", "rows.plan", "--yes", "-o", "jsonl"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        while !line.contains("\"accepted\"") {
            line.clear();
            assert_ne!(
                stdout.read_line(&mut line).expect("a line"),
                0,
                "it ended before an order was accepted"
            );
        }
        (child, stdout)
    }

    #[test]
    fn ctrl_c_stops_politely_another_process_is_refused_and_resuming_goes_on() {
        // The order does not end while anybody looks.
        let builder = Emulator::builder().stage_duration(Duration::from_secs(600));
        let rows = "number,user\n+12065550101,ana@contoso.example\n";
        let desk = Desk::planned_of(Session::of(builder), rows);
        let (mut child, mut stdout) = begin(&desk);
        let second = desk.run(&["bulk", "apply", "rows.plan", "--yes", "-o", "json"]);
        assert_eq!(
            (second.code, second.error()["kind"].clone()),
            (Some(1), "busy".into()),
            "{second}"
        );

        let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        assert!(sent.expect("kill").success());
        let (mut rest, mut said) = (String::new(), String::new());
        stdout.read_to_string(&mut rest).expect("text");
        child
            .stderr
            .take()
            .expect("a pipe")
            .read_to_string(&mut said)
            .expect("text");
        assert_eq!(child.wait().expect("it ends").code(), Some(1), "{rest}{said}");
        assert!(said.contains("bulk resume rows.journal"), "{said}");
        assert!(said.contains("\"kind\":\"stopped\""), "{said}");
        assert!(rest.contains("\"ending\":\"pending\""), "{rest}");
        assert_eq!(desk.run(&["bulk", "status", "rows.journal"]).code, Some(3));

        desk.session.emulator.advance(Duration::from_secs(1300));
        let resumed = desk.run(&["bulk", "resume", "rows.journal", "-o", "json"]);
        assert_eq!(resumed.code, Some(0), "{resumed}");
        assert_eq!(desk.session.emulator.orders().len(), 1);
    }
}
