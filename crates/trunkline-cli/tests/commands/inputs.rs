//! `bulk plan` with files as people write them.

use super::harness::{Outcome, Session, run};

/// Runs a command in a folder with one file.
fn run_with(name: &str, content: &[u8], arguments: &[&str]) -> Outcome {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join(name), content).expect("room for it");
    let session = Session::new();
    let outcome = run(session.command(arguments).current_dir(folder.path()));
    assert!(session.emulator.orders().is_empty(), "planning changed something");
    outcome
}

#[test]
fn what_a_workbook_hides_is_planned_only_when_somebody_chose() {
    let file = include_bytes!("../../../trunkline-bulk/tests/input/cases/x02-hidden-rows.xlsx");
    let plan = |arguments: &[&str]| run_with("x.xlsx", file, &[&["bulk", "plan", "x.xlsx"], arguments].concat());
    let refused = plan(&[]);
    assert_eq!(refused.code, Some(1), "{refused}");
    for words in ["2 rows", "3, 4", "--hidden include", "--hidden skip"] {
        assert!(refused.stderr.contains(words), "{words}: {refused}");
    }
    let seen = plan(&["--hidden", "skip"]);
    assert!(
        seen.stdout.contains("1 row:") && seen.stdout.contains("left out"),
        "{seen}"
    );
    let all = plan(&["--hidden", "include"]);
    assert!(all.stdout.contains("3 rows:"), "{all}");
}

#[test]
fn rows_that_cannot_be_read_are_rows_of_the_plan() {
    let file = b"number,user\n+12065550101,ana@contoso.example\n12065550102,ben@contoso.example\n";
    let arguments = ["bulk", "plan", "rows.csv", "--skip-unreadable"];
    let text = run_with("rows.csv", file, &arguments);
    assert_eq!(text.code, Some(3), "{text}");
    for words in [
        "ben@contoso.example",
        "the number has no plus",
        "1 of them cannot be read",
        &format!("rows.csv, {} bytes, SHA-256 ", file.len()),
    ] {
        assert!(text.stdout.contains(words), "{words}: {text}");
    }
    let json = run_with("rows.csv", file, &[&arguments[..], &["-o", "json"]].concat());
    let document = json.json();
    assert_eq!(document["rows"][1]["row"], 3, "{json}");
    assert_eq!(document["rows"][1]["wanted"]["action"], "unreadable");
    assert_eq!(document["rows"][1]["wanted"]["user"]["name"], "ben@contoso.example");
    assert_eq!(
        (&document["source"]["name"], &document["source"]["bytes"]),
        (&"rows.csv".into(), &file.len().into())
    );
    assert_eq!(document["source"]["digest"], document["sourceDigest"]);
    assert_eq!(
        (&document["summary"]["rows"], &document["summary"]["unreadable"]),
        (&2.into(), &1.into())
    );
}
