//! Pages and workbooks: `numbers map`, and what `bulk plan`, `verify`, `report` and `export` write for people.

use super::desk::Desk;

#[test]
fn the_map_counts_every_number_of_the_inventory() {
    let desk = Desk::new("");
    let listed = desk.session.json(&["numbers", "list"]);
    let all = listed.as_array().expect("numbers").len() as u64;
    let map = desk.session.json(&["numbers", "map"]);
    assert_eq!(map["counts"]["numbers"], all);
    let blocks = map["blocks"].as_array().expect("blocks");
    let sum: u64 = blocks.iter().filter_map(|block| block["numbers"].as_u64()).sum();
    assert_eq!(sum, all);
    let letters = |block: &serde_json::Value| block["cells"].as_str().unwrap_or_default().replace('.', "").len() as u64;
    assert_eq!(blocks.iter().map(letters).sum::<u64>(), all);
    for places in map["places"].as_array().expect("places") {
        let counts = places["places"].as_array().expect("places").iter();
        let sum: u64 = counts
            .map(|place| place["free"].as_u64().unwrap_or(0) + place["inUse"].as_u64().unwrap_or(0))
            .sum();
        assert_eq!(sum, all, "{places}");
    }
    let text = desk.run(&["numbers", "map"]);
    assert_eq!(text.code, Some(0), "{text}");
    for words in [
        "BLOCK",
        "FREE",
        "IN USE",
        "+120655501xx",
        "CITY",
        &format!("{all} numbers: "),
    ] {
        assert!(text.stdout.contains(words), "{words}: {text}");
    }
    let widest = text.stdout.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(80), "{widest:?}: {text}");
    let runs = desk.run(&["numbers", "map", "--blocks", "run", "--by", "city", "-o", "csv"]);
    assert!(runs.stdout.contains(" to +1206555"), "{runs}");
}

#[test]
fn the_map_of_a_plan_marks_what_changes_and_what_is_blocked() {
    let desk = Desk::new("number,user\n+12065550120,ana@contoso.example\n+12065550199,ben@contoso.example\n");
    let arguments = ["bulk", "plan", "rows.csv", "--save", "rows.plan", "--html", "plan.html"];
    let planned = desk.run(&arguments);
    assert_eq!(planned.code, Some(3), "one row is blocked: {planned}");
    let map = desk.run(&[
        "numbers",
        "map",
        "--plan",
        "rows.plan",
        "--html",
        "map.html",
        "-o",
        "json",
    ]);
    assert_eq!(map.code, Some(0), "{map}");
    let counts = &map.document()["counts"];
    assert_eq!(
        (&counts["willChange"], &counts["blocked"]),
        (&1.into(), &1.into()),
        "{map}"
    );
    let page = desk.text("map.html");
    assert!(page.contains("row 2: held by ana@contoso.example"), "{page}");
    assert!(page.contains("rows.plan"), "{page}");
    let page = desk.text("plan.html");
    for words in ["Blocked by cause", "Taken away", "+12065550199", "rows.csv"] {
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[test]
fn rows_that_cannot_be_read_are_corrected_in_a_file_of_their_own() {
    let desk =
        Desk::new("number,user,team\n12065550120,ana@contoso.example,Sales\n+12065550121,ben@contoso.example,\n");
    let refused = desk.run(&["bulk", "plan", "rows.csv", "--unreadable", "correct.csv"]);
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(refused.stderr.contains("wrote 1 row to correct.csv"), "{refused}");
    let text = desk.text("correct.csv");
    assert!(text.contains("Sales") && text.contains("has no plus"), "{text}");
    std::fs::write(desk.path("correct.csv"), text.replace("12065550120", "+12065550120")).expect("room for it");
    let planned = desk.run(&["bulk", "plan", "correct.csv", "--unreadable", "rest.xlsx"]);
    assert_eq!(planned.code, Some(0), "{planned}");
    assert!(
        planned
            .stderr
            .contains("every row can be read; rest.xlsx was not written"),
        "{planned}"
    );
    assert!(!desk.path("rest.xlsx").exists());
    let workbook = desk.run(&[
        "bulk",
        "plan",
        "rows.csv",
        "--skip-unreadable",
        "--unreadable",
        "correct.xlsx",
    ]);
    assert_eq!(workbook.code, Some(3), "{workbook}");
    let again = desk.run(&["bulk", "plan", "correct.xlsx", "--country", "US"]);
    assert_eq!(again.code, Some(0), "{again}");
}

#[test]
fn verify_is_kept_and_the_report_and_the_export_are_workbooks_that_plan_again() {
    let desk = Desk::new("number,user\n+12065550120,ana@contoso.example\n");
    for arguments in [
        &["bulk", "plan", "rows.csv", "--save", "rows.plan"][..],
        &["bulk", "apply", "rows.plan", "--yes"],
        &["bulk", "verify", "rows.journal"],
        &[
            "bulk",
            "report",
            "rows.journal",
            "--html",
            "run.html",
            "--xlsx",
            "run.xlsx",
        ],
        &["bulk", "export", "now.xlsx"],
    ] {
        let outcome = desk.run(arguments);
        assert_eq!(outcome.code, Some(0), "{arguments:?} {outcome}");
    }
    let page = desk.text("run.html");
    for words in ["rows.csv", "1 of 1 rows in place", "in place", "with trunkline"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    for workbook in ["run.xlsx", "now.xlsx"] {
        let bytes = std::fs::read(desk.path(workbook)).expect("is written");
        assert!(bytes.starts_with(b"PK"), "{workbook} is no workbook");
        let again = desk.run(&["bulk", "plan", workbook, "-o", "json"]);
        let plan = again.document();
        assert_eq!(plan["summary"]["change"], 0, "{workbook}: {again}");
        assert!(plan["summary"]["already"].as_u64() >= Some(1), "{workbook}: {again}");
    }
}
