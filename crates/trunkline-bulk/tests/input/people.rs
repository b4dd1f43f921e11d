//! Files as people write them: each cell is read as it is meant, or refused with a problem that names it.

use trunkline_bulk::input::InputError;
use trunkline_bulk::input::ProblemKind as Kind;

use super::workbook::{text, workbook};
use super::{complaints, error, pair, read};

const ANA: &str = "ana@contoso.example";

fn wanted(number: &str, user: &str) -> (String, String) {
    (number.to_owned(), user.to_owned())
}

#[test]
fn a_text_that_is_guarded_from_spreadsheets_is_read_with_a_note() {
    let case = "number,user\n=\"+12065550101\",ana@contoso.example\n\"=\"\"+12065550102\"\"\",dev@contoso.example\n";
    let input = read(case);
    let rows: Vec<_> = input.rows().iter().map(pair).collect();
    assert_eq!(
        rows,
        [
            wanted("+12065550101", ANA),
            wanted("+12065550102", "dev@contoso.example")
        ]
    );
    assert_eq!(complaints(&input), [(2, "number", Kind::GuardedText)]);
    let note = input.problems().iter().last().expect("the note");
    assert!(note.what.contains("2 cells"), "{note}");
    for cell in [
        "\t+12065550101",
        "'+12065550101",
        "+12065550101'",
        "'+12065550101'",
        "\" \t'+12065550101\"",
    ] {
        let input = read(format!("number,user\n{cell},{ANA}\n"));
        let rows: Vec<_> = input.rows().iter().map(pair).collect();
        assert_eq!(rows, [wanted("+12065550101", ANA)], "{cell:?}");
        assert_eq!(complaints(&input), [(2, "number", Kind::GuardedText)], "{cell:?}");
    }
    // The inner part is checked as strictly as before.
    for (cell, kind) in [
        ("=\"12065550101\"", Kind::NoPlus),
        ("'2065550101", Kind::NoPlus),
        ("=\"+1206\"&\"5550101\"", Kind::Formula),
        ("=HYPERLINK(1)", Kind::Formula),
        ("=\"=1\"", Kind::Formula),
        ("+1206\t5550101", Kind::ControlCharacter),
    ] {
        let input = read(format!("number,user\n{cell},{ANA}\n"));
        assert!(
            input.is_empty() && complaints(&input).contains(&(2, "number", kind)),
            "{cell:?}"
        );
    }
    // A name can begin with an apostrophe; headings can be guarded, too.
    let input = read(format!(
        "=\"number\";'user'\n+12065550101;'{ANA}\n+12065550102;=\"{ANA}\"\n"
    ));
    let users: Vec<_> = input.rows().iter().map(|row| pair(row).1).collect();
    assert_eq!(users, [format!("'{ANA}"), ANA.to_owned()]);
    // In a workbook, a formula of one text is read like that text.
    for (formula, value, kind) in [
        ("\"+12065550101\"", "+12065550101", Kind::GuardedText),
        ("\"+12065550101\"", "+12065550102", Kind::Formula),
        ("A1", "+12065550101", Kind::Formula),
    ] {
        let header = vec![text("number"), text("user")];
        let cell = format!("<c t='str'><f>{formula}</f><v>{value}</v></c>");
        let input = read(workbook([("Numbers", vec![header, vec![cell, text(ANA)]])]));
        assert_eq!(complaints(&input), [(2, "number", kind)], "{formula}");
    }
    let header = vec![text("number"), text("user")];
    let row = vec![text(" '+12065550100 "), text(ANA)];
    let input = read(workbook([("Numbers", vec![header, row])]));
    assert_eq!(pair(&input.rows()[0]), wanted("+12065550100", ANA));
}

#[test]
fn a_line_of_json_with_a_key_twice_is_refused_by_its_name() {
    for (line, key, words) in [
        (
            r#"{"number":"+12065550101","number":"+12065550102","user":"ana@contoso.example"}"#,
            "number",
            "twice",
        ),
        (
            r#"{"Number":"+12065550102","NUMBER":"+12065550103","user":"dev@contoso.example"}"#,
            "NUMBER",
            "number",
        ),
        (
            r#"{"number":null,"phone":"+12065550103","user":"dev@contoso.example"}"#,
            "phone",
            "number",
        ),
        (
            r#"{"number":"+12065550101","user":"ana@contoso.example","note":1,"note":2}"#,
            "note",
            "twice",
        ),
    ] {
        // The same keys once, in another line, are fine.
        let input = read(format!(
            "{{\"number\":\"+12065550199\",\"user\":\"{ANA}\",\"note\":1}}\n{line}\n"
        ));
        assert_eq!(input.len(), 1, "{line}");
        let problem = input
            .problems()
            .iter()
            .find(|problem| problem.row == 2)
            .expect("the problem");
        assert_eq!(
            (problem.kind, problem.column.as_deref()),
            (Kind::DuplicateColumn, Some(key)),
            "{line}"
        );
        assert!(problem.what.contains(words), "{problem}");
        assert_eq!(input.unreadable().first().map(|row| row.row), Some(2));
    }
}

#[test]
fn a_byte_order_mark_before_any_line_of_json_is_no_part_of_it() {
    let line = |number: &str| format!("\u{feff}{{\"number\":\"{number}\",\"user\":\"u{number}@contoso.example\"}}\n");
    let input = read([line("+12065550101"), line("+12065550102"), "\u{feff}\n".to_owned()].concat());
    assert_eq!((input.len(), complaints(&input)), (2, vec![]));
}

#[test]
fn cells_that_are_not_read_are_reported() {
    let input = read(format!(
        "number,mail,user,,\n+12065550100,{ANA},{ANA},,\n,ben@contoso.example,,x,\n"
    ));
    assert_eq!(
        complaints(&input),
        [
            (1, "mail", Kind::UnknownColumn),
            (1, "column D", Kind::UnknownColumn),
            (3, "", Kind::UnreadRow)
        ]
    );
    let words: Vec<_> = input
        .problems()
        .iter()
        .map(|problem| problem.what.to_string())
        .collect();
    assert!(words[0].contains("filled in 2 rows, first in row 2"), "{words:?}");
    assert!(words[2].contains("filled in 1 row, first in row 3"), "{words:?}");
    let input = read(format!(
        "{{\"number\":\"+12065550100\",\"user\":\"{ANA}\"}}\n{{\"phone_no\":\"+12065550101\"}}\n"
    ));
    assert_eq!(
        complaints(&input),
        [(2, "phone_no", Kind::UnknownColumn), (2, "", Kind::UnreadRow)]
    );
    // Text from a clipboard often ends with empty columns.
    let input = read(format!("number\tuser\t\t\n+12065550101\t{ANA}\t\t\n\t\t\t\n"));
    assert_eq!((input.len(), complaints(&input)), (1, vec![]));
    // A column of comments is ignored with a warning that quotes them.
    let input = read(include_bytes!("cases/x10-note.xlsx"));
    let warning = input
        .problems()
        .iter()
        .find(|problem| problem.kind == Kind::UnknownColumn);
    let warning = warning.expect("the warning").to_string();
    assert!(
        warning.contains("Comment") && warning.contains("row 3 (DO NOT PORT YET)"),
        "{warning}"
    );
}

#[test]
fn a_row_within_a_cell_is_an_unclosed_quotation_mark() {
    let file = "number,user,note\n+12065550100,ana@contoso.example,\"open\n+12065550101,ben@contoso.example,\"\n\
                +12065550102,carla@contoso.example,\"two\nlines, and a comma\"\n";
    let input = read(file);
    assert!(
        complaints(&input).contains(&(2, "", Kind::Quotation)),
        "{:?}",
        complaints(&input)
    );
    assert_eq!(
        input.rows().iter().map(|row| pair(row).0).collect::<Vec<_>>(),
        ["+12065550102"]
    );
}

#[test]
fn refusals_list_the_headings_the_words_that_are_known_and_the_option() {
    let cases: [(&[u8], &str); 4] = [
        (include_bytes!("cases/c07-mail-phone-semicolon.csv"), "mail, phone"),
        (
            include_bytes!("cases/c11-no-header.csv"),
            "+***01, a***@contoso.example",
        ),
        (b"Aktion;Ort;Name\nx;y;z\n", "Aktion, Ort, Name"),
        (b"one,two\nthree,four\n", "one, two"),
    ];
    for (file, headings) in cases {
        let refused = error(file);
        assert!(refused.to_string().contains(headings), "{refused}");
        let all = format!("{refused}. {}", refused.next_step());
        for words in ["number", "user", "--column user=Mail", "columns={\"user\": \"Mail\"}"] {
            assert!(all.contains(words), "{words}: {all}");
        }
    }
    let refused = error("one,two\nthree,four\n").to_string();
    assert!(refused.contains("user (also upn, userPrincipalName"), "{refused}");
}

#[test]
fn lines_of_separators_above_the_header_are_blank() {
    let input = read(format!(",,\n ,\n\nnumber,user,location\n+12065550101,{ANA},\n"));
    assert_eq!(input.rows().iter().map(|row| row.row).collect::<Vec<_>>(), [5]);
    assert!(matches!(error(",,\n,,\n"), InputError::Empty));
}

#[test]
fn files_of_other_tools_are_never_read_as_something_else() {
    // Two columns with one meaning, in what PowerShell exports.
    let file = "Identity,UserPrincipalName,LineUri,PhoneNumber\na0000000-0000-4000-8000-000000000001,ana@contoso.example,tel:+12065550101,+12065550101\n";
    let input = read(file);
    assert!(!input.problems().is_free_of_errors());
    // An empty cell takes no number away.
    let input = read("UserPrincipalName,TelephoneNumber\nana@contoso.example,+12065550101\nben@contoso.example,\n");
    assert_eq!(
        (input.len(), complaints(&input)),
        (1, vec![(3, "number", Kind::EmptyCell)])
    );
    for case in [
        &include_bytes!("cases/x06-strict.xlsx")[..],
        include_bytes!("cases/x09-rich-text.xlsx"),
    ] {
        let input = read(case);
        assert_eq!(
            input.rows().iter().map(pair).collect::<Vec<_>>(),
            [wanted("+12065550101", ANA)]
        );
    }
}
