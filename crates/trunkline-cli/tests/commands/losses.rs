//! `trunkline bulk` with numbers that people lose, and with invalid numbers in the inventory.

use serde_json::{Value, json};
use trunkline_emulator::Fault;

use super::desk::Desk;

const LOST: &str = "ben@contoso.example lost +12065550100 (primary), which is free";

#[test]
fn a_number_that_replace_takes_away_stands_in_every_output() {
    let desk = Desk::new("number,user\n+12065550110,ben@contoso.example\n");
    let plan = &["bulk", "plan", "rows.csv", "--replace", "--save", "rows.plan"];
    let table = desk.run(plan);
    assert_eq!(table.code, Some(0), "{table}");
    let line = table.stdout.lines().find(|line| line.contains("+12065550100  ben"));
    let line = line.unwrap_or_else(|| panic!("no line of the number that is lost: {table}"));
    for words in ["- 2    replace", "free; row 2 gives another"] {
        assert!(line.contains(words), "{words}: {table}");
    }
    for words in [
        "1 number is taken from its holder, 1 of them by --replace",
        "warning: 1 number is released. If the tenant keeps released numbers",
        "warning: Up to 2 mails",
    ] {
        assert!(table.stdout.contains(words), "{words}: {table}");
    }
    let document = desk.run(&[plan as &[&str], &["-o", "json"]].concat()).json();
    assert_eq!(
        (&document["summary"]["losses"], &document["summary"]["replaced"]),
        (&json!(1), &json!(1))
    );
    let loss = &document["rows"][0]["losses"][0];
    assert_eq!(
        (&loss["number"], &loss["loserName"]),
        (&json!("+12065550100"), &json!("ben@contoso.example"))
    );
    assert_eq!(document["advice"][0]["code"], "undoMayBeBlocked");
    let csv = desk.run(&[plan as &[&str], &["-o", "csv"]].concat());
    assert!(
        csv.stdout.contains("ben@contoso.example loses +12065550100 (primary)"),
        "{csv}"
    );

    let applied = desk.run(&["bulk", "apply", "rows.plan", "--yes"]);
    assert_eq!(applied.code, Some(0), "{applied}");
    assert!(applied.stdout.contains(LOST), "{applied}");
    assert!(
        applied.stdout.contains("1 number was taken from its holder"),
        "{applied}"
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
        "r.jsonl",
    ]);
    assert_eq!(report.code, Some(0), "{report}");
    assert!(desk.text("r.html").contains(LOST), "{}", desk.text("r.html"));
    assert!(desk.text("r.html").contains("numbers taken from their holders"));
    assert!(desk.text("r.csv").contains(LOST), "{}", desk.text("r.csv"));
    let row: Value = serde_json::from_str(desk.text("r.jsonl").lines().nth(1).expect("a row")).expect("JSON");
    assert_eq!(row["losses"][0]["number"], "+12065550100", "{row:#}");
}

#[test]
fn events_of_a_move_name_its_loser() {
    let desk = Desk::new("action,number,user\nmove,+12065550100,a0000000-0000-4000-8000-000000000001\n");
    let plan = desk.run(&["bulk", "plan", "rows.csv", "--save", "rows.plan"]);
    assert!(plan.stdout.contains("held by ben@contoso.example"), "{plan}");
    assert!(
        plan.stdout.contains("held by ana@contoso.example"),
        "not her id alone: {plan}"
    );
    let applied = desk.run(&["bulk", "apply", "rows.plan", "--yes", "-o", "jsonl"]);
    let events: Vec<Value> = applied
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let row = events.iter().find(|event| event["kind"] == "row").expect("a row");
    assert_eq!(row["losses"][0]["loserName"], "ben@contoso.example", "{row:#}");
    assert_eq!(row["losses"][0]["to"]["principalName"], "ana@contoso.example");
}

#[test]
fn a_line_of_apply_has_numbers_and_names_in_full() {
    let desk = Desk::new("number,user\n+12065550110,ana@contoso.example\n");
    desk.run(&["bulk", "plan", "rows.csv", "--save", "rows.plan"]);
    let mut numbers = desk.session.emulator.state()["numbers"].clone();
    for one in numbers.as_array_mut().expect("numbers") {
        if one["telephoneNumber"] == "+12065550110" {
            one["@emulator.outcome"] =
                json!({"status": "failed", "statusDetail": "no license for ana@contoso.example on +12065550110"});
        }
    }
    desk.session
        .emulator
        .seed(&json!({ "numbers": numbers }))
        .expect("a seed");
    let applied = desk.run(&["bulk", "apply", "rows.plan", "--yes"]);
    assert_eq!(applied.code, Some(3), "{applied}");
    let line = applied
        .stdout
        .lines()
        .find(|line| line.starts_with("row 2"))
        .expect("a line");
    assert!(line.contains("+12065550110") && !line.contains("***"), "{line}");
}

#[test]
fn what_is_no_number_keeps_its_place_in_tables_and_files() {
    let desk = Desk::new("");
    let fault = json!({"method": "GET", "path": "*/numberAssignments", "effect": {"kind": "all", "effects": [
        {"kind": "set", "pointer": "/value/1/telephoneNumber", "value": "tel:12065558888;ext=1234"},
        {"kind": "set", "pointer": "/value/2/telephoneNumber", "value": "1"},
        {"kind": "set", "pointer": "/value/3/telephoneNumber", "value": null}]}});
    let fault: Fault = serde_json::from_value(fault).expect("a fault");
    desk.session.emulator.fault(fault);
    let table = desk.run(&["numbers", "list"]);
    let types = table.stdout.lines().next().expect("headings").find("NUMBER TYPE");
    let at = types.unwrap_or_else(|| panic!("{table}"));
    for line in table.stdout.lines().skip(1) {
        let cell = line.get(at..).unwrap_or_default();
        let is_type = ["callingPlan", "directRouting", "operatorConnect"]
            .iter()
            .any(|name| cell.starts_with(name));
        assert!(is_type, "the columns are shifted: {line:?}\n{table}");
    }
    let exported = desk.run(&["bulk", "export", "now.csv"]);
    assert_eq!(exported.code, Some(0), "{exported}");
    assert!(
        exported
            .stderr
            .contains("have 3 numbers that are not written as numbers are"),
        "{exported}"
    );
    let plan = desk.run(&["bulk", "plan", "now.csv", "--details"]);
    assert_eq!(plan.code, Some(1), "{plan}");
    let errors = plan
        .stdout
        .lines()
        .filter(|line| line.starts_with("error: row "))
        .count();
    assert_eq!(errors, 3, "{plan}");
}
