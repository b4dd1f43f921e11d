//! Rows that cannot be read, written for a person and read again.

use trunkline_bulk::input::{self, Input, InputOptions, ProblemKind, unguarded};
use trunkline_bulk::write_unreadable;

const CSV: &str = "Team;Phone Number;UPN;Note\n\
    Sales;+12065550100;ana@contoso.example;fine\n\
    Sales;12065550101;ben@contoso.example;=cmd\n\
    Support;+12065550102;no user;'quoted\n\
    Support;;;\n\
    Support;+1206;dev@contoso.example;\n";

fn read(bytes: &[u8], country: Option<&str>) -> Input {
    let options = InputOptions {
        keep_unreadable: true,
        country: country.map(|code| code.parse().expect("a country")),
        ..InputOptions::default()
    };
    input::read(bytes, &options).expect("a file")
}

/// The rows to correct, as a file of that name.
fn written(input: &Input, name: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    assert_eq!(
        write_unreadable(input, &path).expect("written"),
        input.unreadable().len() as u64
    );
    std::fs::read(path).expect("is there")
}

fn kinds(input: &Input) -> Vec<ProblemKind> {
    input.unreadable().iter().map(|row| row.kind).collect()
}

/// Numbers and users, without the apostrophe that keeps spreadsheets from calculating them.
fn shown(input: &Input) -> Vec<(Option<&str>, Option<&str>)> {
    input
        .unreadable()
        .iter()
        .map(|row| (row.number.as_deref().map(unguarded), row.user.as_deref().map(unguarded)))
        .collect()
}

#[test]
fn what_was_written_is_wrong_in_the_same_way_and_our_columns_are_ignored() {
    let input = read(CSV.as_bytes(), None);
    assert_eq!(input.unreadable().len(), 3);
    for name in ["rows.csv", "rows.xlsx", "ROWS.XLSX"] {
        let again = read(&written(&input, name), None);
        assert_eq!(kinds(&again), kinds(&input), "{name}");
        assert_eq!(shown(&again), shown(&input), "{name}");
        assert_eq!(again.len(), 0);
        let unknown = again
            .problems()
            .iter()
            .filter(|problem| problem.kind == ProblemKind::UnknownColumn);
        let unknown: Vec<_> = unknown.filter_map(|problem| problem.column.as_deref()).collect();
        assert_eq!(unknown, ["Team", "Note"], "{name}: our own columns are not theirs");
        // And once more: neither apostrophes nor our columns pile up.
        let text = String::from_utf8(written(&again, "again.csv")).expect("UTF-8");
        assert_eq!(text.matches("trunkline: problem").count(), 1, "{text}");
        assert!(!text.contains("''+"), "{text}");
    }
}

#[test]
fn a_person_corrects_the_file_and_plans_it() {
    let input = read(CSV.as_bytes(), None);
    let text = String::from_utf8(written(&input, "rows.csv")).expect("UTF-8");
    assert!(text.contains("the number has no plus"), "{text}");
    assert!(text.contains("trunkline: row in the file"), "{text}");
    assert!(
        text.contains("'=cmd") && text.contains("''quoted"),
        "no cell is a formula: {text}"
    );
    let corrected = text
        .replace("12065550101", "'+12065550101")
        .replace("no user", "carla@contoso.example")
        .replace("'+1206,", "'+12065550104,");
    let again = read(corrected.as_bytes(), None);
    assert!(again.problems().is_free_of_errors(), "{:?}", again.problems());
    let numbers: Vec<_> = again.rows().iter().filter_map(|row| row.change.number()).collect();
    assert_eq!(numbers, ["+12065550101", "+12065550102", "+12065550104"]);
}

#[test]
fn cells_of_a_workbook_stay_what_they_are() {
    // A number that is stored as a number, with a plus that is its format alone.
    let file = include_bytes!("cases/x05-plus-by-format.xlsx");
    let input = read(file, None);
    assert!(!input.unreadable().is_empty());
    let again = read(&written(&input, "rows.xlsx"), None);
    assert_eq!(kinds(&again), kinds(&input));
    assert_eq!(shown(&again), shown(&input));
}

#[test]
fn lines_of_json_become_rows() {
    let lines = "{\"number\":\"12065550100\",\"user\":\"ana@contoso.example\",\"team\":\"Sales\"}\n\
        {\"number\":\"+12065550101\",\"user\":\"ben@contoso.example\"}\n\
        {\"number\":\n";
    let input = read(lines.as_bytes(), None);
    assert_eq!(input.unreadable().len(), 2);
    let text = String::from_utf8(written(&input, "rows.csv")).expect("UTF-8");
    assert!(text.contains("Sales") && text.contains("ana@contoso.example"), "{text}");
    assert!(text.contains("{\"\"number\"\":"), "{text}");
    let again = read(text.as_bytes(), Some("US"));
    assert_eq!(again.len(), 1, "{:?}", again.problems());
}

#[test]
fn nothing_is_written_without_such_rows_and_other_names_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = read(b"number,user\n+12065550100,ana@contoso.example\n", None);
    assert_eq!(
        write_unreadable(&good, &folder.path().join("rows.xlsx")).expect("nothing to do"),
        0
    );
    assert_eq!(std::fs::read_dir(folder.path()).expect("reads").count(), 0);
    let bad = read(CSV.as_bytes(), None);
    let refused = write_unreadable(&bad, &folder.path().join("rows.jsonl")).expect_err("another format");
    assert_eq!(refused.kind(), trunkline_bulk::BulkErrorKind::Option);
    let unkept = input::read(CSV.as_bytes(), &InputOptions::default()).expect("a file");
    write_unreadable(&unkept, &folder.path().join("rows.csv")).expect_err("the rows were not kept");
}
