//! Standard output and standard error, and the form of each.

use super::harness::{Session, binary, run, snapshot};

#[test]
fn help_is_a_result() {
    snapshot("help", &run(&mut binary(&["--help"])));
    snapshot("help-assign", &run(&mut binary(&["numbers", "assign", "-h"])));
    let version = run(&mut binary(&["--version"]));
    assert_eq!((version.code, version.stderr.as_str()), (Some(0), ""));
}

#[test]
fn the_three_forms_of_a_list() {
    let session = Session::new();
    let list = |form: &str| session.run(&["numbers", "list", "--limit", "2", "--output", form]);
    snapshot("form-table", &list("table"));
    snapshot("form-json", &list("json"));
    snapshot("form-csv", &list("csv"));
}

#[test]
fn csv_keeps_numbers_and_defuses_formulas() {
    let session = Session::new();
    session
        .emulator
        .seed(&serde_json::json!({"numbers": [
            {"telephoneNumber": "+12065550101", "numberType": "callingPlan", "assignmentStatus": "unassigned",
             "capabilities": ["userAssignment"], "city": "=HYPERLINK(\"https://evil.example\",\"Seattle\")"},
        ]}))
        .expect("a seed");
    let csv = session.run(&["numbers", "list", "--output", "csv"]);
    let row = csv.stdout.lines().nth(1).expect("a row");
    assert!(
        row.starts_with("+12065550101,") && row.contains("\"'=HYPERLINK("),
        "{csv}"
    );
}

#[test]
fn quiet_says_nothing_but_errors() {
    let session = Session::new();
    let quiet = session.run(&["numbers", "assign", "+12065550101", "ana@contoso.example", "--quiet"]);
    assert_eq!((quiet.code, quiet.stderr.as_str()), (Some(0), ""), "{quiet}");
    let failed = session.run(&["numbers", "get", "+12065550199", "-q"]);
    assert_eq!(failed.stderr.lines().count(), 1, "{failed}");
}

#[test]
fn the_format_can_come_from_the_environment() {
    let session = Session::new();
    let outcome = run(session
        .command(&["numbers", "get", "+12065550100"])
        .env("TRUNKLINE_OUTPUT", "json"));
    assert_eq!(outcome.document()["telephoneNumber"], "+12065550100");
    let outcome = run(session
        .command(&["numbers", "get", "+12065550100"])
        .env("TRUNKLINE_OUTPUT", "yaml"));
    snapshot("unknown-form", &outcome);
}

#[test]
fn nothing_is_coloured_where_colours_are_not_wanted() {
    let session = Session::new();
    for arguments in [
        &["numbers", "list"][..],
        &["numbers", "get", "1"],
        &["numbers", "assign"],
        &["--help"],
    ] {
        let plain = session.run(arguments);
        assert!(!plain.everything().contains('\u{1b}'), "{plain}");
        let forced = run(session
            .command(arguments)
            .env("CLICOLOR_FORCE", "1")
            .env("NO_COLOR", "1"));
        assert!(!forced.everything().contains('\u{1b}'), "{forced}");
    }
}

#[test]
fn a_reader_that_has_enough_is_no_error() {
    use std::process::Stdio;

    let session = Session::new();
    let mut child = session
        .command(&["numbers", "list", "-o", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    drop(child.stdout.take());
    let outcome = super::harness::Outcome::from(child.wait_with_output().expect("it ends"));
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""), "{outcome}");
}
