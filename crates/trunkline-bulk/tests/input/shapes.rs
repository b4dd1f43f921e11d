//! Headings, rows and quotation marks: where things stand, and where they do not.

use trunkline::Change;
use trunkline_bulk::input::ProblemKind as Kind;
use trunkline_bulk::input::Severity;

use super::workbook::{text, workbook};
use super::{complaints, pair, read};

const ANA: &str = "ana@contoso.example";

#[test]
fn columns_nobody_knows_are_named_and_columns_with_one_meaning_have_to_agree() {
    let input = read(format!("number,city,user,UPN\n+12065550100,Seattle,{ANA},{ANA}\n"));
    assert_eq!(
        complaints(&input),
        [(1, "city", Kind::UnknownColumn), (1, "UPN", Kind::SameMeaning)]
    );
    assert_eq!(input.len(), 1);
    let header = "LineUri,UPN,Phone Number,Identity\n";
    for (row, disagrees) in [
        (
            "tel:+12065550100,ana@contoso.example,+1 206 555 0100,ANA@contoso.example",
            None,
        ),
        (
            "+12065550100,ana@contoso.example,'+12065550100,ana@contoso.example",
            None,
        ),
        (
            "+12065550100,ana@contoso.example,+12065550101,ana@contoso.example",
            Some("Phone Number"),
        ),
        (
            "+12065550100,ana@contoso.example,,ana@contoso.example",
            Some("Phone Number"),
        ),
        (
            ",ana@contoso.example,+12065550100,ana@contoso.example",
            Some("Phone Number"),
        ),
        (
            "+12065550100,ana@contoso.example,+12065550100,a0000000-0000-4000-8000-000000000001",
            Some("Identity"),
        ),
        ("+12065550100,ana@contoso.example", Some("Phone Number")),
        (",,,", None),
    ] {
        let csv = read(format!("{header}{row}\n"));
        let cells = |row: &str| row.split(',').map(text).collect::<Vec<_>>();
        let xlsx = read(workbook([("Numbers", vec![cells(header.trim()), cells(row)])]));
        for input in [csv, xlsx] {
            let found = input
                .problems()
                .iter()
                .find(|problem| problem.severity == Severity::Error);
            assert_eq!(found.and_then(|problem| problem.column.as_deref()), disagrees, "{row}");
            assert!(found.is_none_or(|problem| (problem.row, problem.kind) == (2, Kind::DuplicateColumn)));
            assert_eq!(input.unreadable().len(), usize::from(disagrees.is_some()));
        }
    }
    let input = read(format!(
        "{{\"number\":\"+12065550100\",\"user\":\"{ANA}\",\"city\":1}}\n\
         {{\"number\":\"+12065550101\",\"upn\":\"bo@contoso.example\",\"user\":\"bo@contoso.example\",\"city\":2}}\n"
    ));
    assert_eq!(
        complaints(&input),
        [(1, "city", Kind::UnknownColumn), (2, "user", Kind::DuplicateColumn)]
    );
}

#[test]
fn rows_are_counted_as_a_spreadsheet_counts_them() {
    for end in ["\n", "\r\n"] {
        let text = format!(
            "note,number,user\n\n\"two\nlines\",+12065550100,{ANA}\n,,\n\"\",bad,bo@contoso.example\n\n\n,+12065550102,cy@contoso.example"
        )
        .replace('\n', end);
        let input = read(&text);
        assert_eq!(
            input.rows().iter().map(|row| row.row).collect::<Vec<_>>(),
            [3, 8],
            "{end:?}"
        );
        assert_eq!(
            complaints(&input),
            [(1, "note", Kind::UnknownColumn), (5, "number", Kind::BadNumber)]
        );
        assert_eq!(input.seen(), 3);
    }
}

#[test]
fn a_quotation_mark_that_is_not_closed_swallows_no_row_silently() {
    let input = read(format!(
        "number,user,note\n+12065550100,{ANA},\"open\n+12065550101,bo@contoso.example,\"x\"\n+12065550102,cy@contoso.example,\n"
    ));
    assert!(
        complaints(&input).contains(&(2, "", Kind::Quotation)),
        "{:?}",
        complaints(&input)
    );
    assert!(!input.problems().is_free_of_errors());
    let input = read(format!(
        "number,user,note\n+12065550100,{ANA},\"open\n+12065550101,bo@contoso.example,"
    ));
    assert!(complaints(&input).contains(&(2, "", Kind::Quotation)));
    let input = read(format!("number,user,note\n+12065550100,{ANA},5\" pipe\n"));
    assert_eq!(complaints(&input), [(1, "note", Kind::UnknownColumn)]);
    let input = read(format!(
        "number,user\n+12065550100,{ANA},tail\n+12065550101,bo@contoso.example,\n"
    ));
    assert_eq!(complaints(&input), [(2, "", Kind::ExtraCells)]);
}

#[test]
fn an_extension_that_the_separator_cuts_off_is_found() {
    let input = read(format!("user;number;note\n{ANA};+12065550100;ext=12;\n"));
    assert_eq!(
        complaints(&input),
        [(1, "note", Kind::UnknownColumn), (2, "number", Kind::SplitExtension)]
    );
    let input = read(format!("user;number\n{ANA};\"+12065550100;ext=12\"\n"));
    assert_eq!(pair(&input.rows()[0]).0, "+12065550100;ext=12");
}

#[test]
fn bytes_that_are_no_text_are_reported_where_they_matter() {
    let mut text = format!("number,user,note\n+12065550100,{ANA},caf").into_bytes();
    text.extend_from_slice(b"\xe9\n+12065550101,zo\xeb@contoso.example,\n");
    let input = read(&text);
    assert_eq!(
        complaints(&input),
        [(1, "note", Kind::UnknownColumn), (3, "user", Kind::NotText)]
    );
    assert_eq!(input.len(), 1);
}

#[test]
fn json_has_no_apostrophes_to_take_away_but_those_of_numbers() {
    let input = read("{\"number\": \"+12065550100\", \"user\": \"'-a@contoso.example\"}\n");
    assert_eq!(pair(&input.rows()[0]).1, "'-a@contoso.example");
    let input = read("number,user\n'+12065550100,'-a@contoso.example\n");
    assert_eq!(pair(&input.rows()[0]).1, "-a@contoso.example");
    // A number is read alike wherever it stands.
    let input = read("{\"number\": \"'+12065550100\", \"user\": \"a@contoso.example\"}\n");
    assert_eq!(pair(&input.rows()[0]).0, "+12065550100");
}

#[test]
fn json_is_strict_about_kinds() {
    for (line, column, kind) in [
        (
            r#"{"number": 12065550100, "user": "ana@contoso.example"}"#,
            "number",
            Kind::StoredAsNumber,
        ),
        (
            r#"{"number": ["+12065550100"], "user": "ana@contoso.example"}"#,
            "number",
            Kind::WrongKind,
        ),
        (
            r#"{"number": "+12065550100", "user": {"id": 1}}"#,
            "user",
            Kind::WrongKind,
        ),
        (
            r#"{"number": "+12065550100", "user": "ana@contoso.example""#,
            "",
            Kind::BadJson,
        ),
        (r#"{"number": "+12065550100"} {}"#, "", Kind::BadJson),
        (r#"["+12065550100"]"#, "", Kind::BadJson),
        ("{\"user\": \"\\ud800\"}", "", Kind::BadJson),
    ] {
        let input = read(format!("{{\"action\": null}}\n{line}\n"));
        assert_eq!(complaints(&input), [(2, column, kind)], "{line}");
    }
    // Nobody reads the notes, whatever JSON allows there.
    let deep = "[".repeat(120) + &"]".repeat(120);
    for notes in ["1e400", "\"\\ud800\"", &deep] {
        let line = format!("{{\"number\": \"+12065550100\", \"user\": \"ana@contoso.example\", \"notes\": {notes}}}");
        let input = read(line);
        assert_eq!(input.rows().len(), 1, "{notes}");
        assert_eq!(complaints(&input), [(1, "notes", Kind::UnknownColumn)], "{notes}");
    }
    // An empty cell of a program that writes null for it.
    let input = read("{\"number\": \"+12065550100\", \"user\": \"ana@contoso.example\", \"location\": null}\n");
    assert_eq!(complaints(&input), []);
    assert!(matches!(&input.rows()[0].change, Change::Assign { location: None, .. }));
    // Also where nobody reads it.
    let input = read(b"{\"action\": null}\n{\"notes\": \"\xff\"}\n");
    assert_eq!(complaints(&input), [(2, "", Kind::BadJson)]);
    let input = read(
        "{\"action\":\"setLocation\",\"number\":\"+12065550100\",\"location\":null}\n\
         {\"action\":\"smsSignIn\",\"user\":\"ana@contoso.example\",\"smsSignIn\":true}\n",
    );
    assert_eq!(complaints(&input), []);
    assert!(matches!(
        input.rows()[1].change,
        Change::SmsSignIn { enabled: true, .. }
    ));
}
