//! `bulk apply` of some rows of a plan: a first wave.

use serde_json::{Value, json};

use super::desk::Desk;
use super::harness::Outcome;

/// Rows 2 and 3 swap the numbers of two people; row 5 cannot be, row 7 changes nothing.
const ROWS: &str = "action,number,user,role\n\
    move,+12065550100,gina@contoso.example,\n\
    move,+12065550114,ben@contoso.example,\n\
    assign,+12065550101,ana@contoso.example,\n\
    assign,+12065550102,nobody@contoso.example,\n\
    setPhone,+1 2065550199,carla@contoso.example,mobile\n\
    unassign,+12065550110,,\n\
    setPhone,+1 2065550198,ben@contoso.example,alternateMobile\n";

fn apply(desk: &Desk, options: &[&str]) -> Outcome {
    desk.run(&[&["bulk", "apply", "rows.plan", "--yes"], options].concat())
}

/// The rows that a run ended, in order.
fn ended(desk: &Desk, command: &[&str]) -> Vec<u64> {
    let outcome = desk.run(&[command, &["-o", "jsonl"]].concat());
    let events = outcome
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let rows = events.filter(|event| event["kind"] == "row");
    let mut rows: Vec<u64> = rows.map(|event| event["row"].as_u64().expect("a row")).collect();
    rows.sort_unstable();
    rows
}

#[test]
fn a_first_wave_leaves_the_rest_open_and_resume_goes_on() {
    let desk = Desk::planned(ROWS);
    let first = apply(&desk, &["--rows", "4-5"]);
    assert_eq!(first.code, Some(3), "{first}");
    for words in [
        "row 4 done",
        "row 5 skipped",
        "7 rows: 1 done, 1 skipped, 5 open. 5 rows are left out: 5 not in --rows.",
    ] {
        assert!(first.stdout.contains(words), "{words}: {first}");
    }
    assert!(
        first
            .stderr
            .contains("continue with: trunkline bulk resume rows.journal"),
        "{first}"
    );
    assert_eq!(desk.session.number("+12065550100")["assignmentStatus"], "userAssigned");
    let resume = ["bulk", "resume", "rows.journal"];
    assert_eq!(
        ended(&desk, &[&resume[..], &["--only", "set-phone", "--limit", "1"]].concat()),
        [6]
    );
    assert_eq!(ended(&desk, &resume), [2, 3, 7, 8]);
    let verified = desk.run(&["bulk", "verify", "rows.journal", "-o", "json", "--wait", "0s"]);
    assert_eq!(verified.json()["summary"]["hold"], 6, "{verified}");
}

#[test]
fn rows_that_swap_are_left_out_together_and_it_is_said() {
    let desk = Desk::planned(ROWS);
    let one = apply(&desk, &["--rows", "2,4", "-o", "json"]);
    assert_eq!(one.code, Some(3), "{one}");
    let document = one.json();
    assert_eq!(
        document["narrowed"],
        json!({"byRows": 5, "byOnly": 0, "byLimit": 0, "waiting": 1}),
        "{document:#}"
    );
    let summary = &document["summary"];
    assert_eq!(
        (&summary["done"], &summary["open"], &summary["leftOut"]),
        (&json!(1), &json!(6), &json!(6))
    );
    assert_eq!(
        (&document["isGood"], &document["isAsAsked"]),
        (&json!(false), &json!(true))
    );
    let text = desk.run(&["bulk", "resume", "rows.journal", "--rows", "3"]);
    assert!(text.stdout.contains("1 waiting for a row that is left out"), "{text}");
    // Both together are a swap as it always is.
    assert_eq!(
        ended(&desk, &["bulk", "resume", "rows.journal", "--rows", "2-3"]),
        [2, 3]
    );
    assert_eq!(
        desk.session.number("+12065550114")["assignmentTargetId"],
        "a0000000-0000-4000-8000-000000000002"
    );
}

#[test]
fn a_limit_counts_rows_that_change_something() {
    let desk = Desk::planned(ROWS);
    // The swap is two rows, so the next one takes the place.
    assert_eq!(
        ended(&desk, &["bulk", "apply", "rows.plan", "--yes", "--limit", "1"]),
        [4, 5, 7]
    );
    assert_eq!(
        ended(&desk, &["bulk", "resume", "rows.journal", "--limit", "2"]),
        [2, 3]
    );
}

#[test]
fn options_that_mean_no_row_are_refused_before_anything_is_sent() {
    let desk = Desk::planned(ROWS);
    for (options, words) in [
        (&["--rows", "40-50"][..], "the plan has none of the rows 40-50"),
        (&["--rows", "9-2"], "ends before it begins"),
        (&["--rows", "all"], "neither a row nor a range of rows"),
        (&["--only", "setPolicy"], "no row of the plan has the action setPolicy"),
        (&["--only", "hire"], "no such action"),
        (&["--limit", "0"], "--limit"),
    ] {
        let refused = apply(&desk, options);
        assert_eq!(refused.code, Some(1), "{refused}");
        assert!(refused.stderr.contains(words), "{words}: {refused}");
        assert!(!desk.path("rows.journal").exists(), "{options:?}");
    }
    assert!(desk.session.emulator.orders().is_empty());
}
