//! Numbers that look whole and are not: an extension in a column of its own, a zero that is dialled within a country only.

use trunkline_bulk::input::InputOptions;
use trunkline_bulk::input::ProblemKind as Kind;

use trunkline::Country;

use super::workbook::{text, workbook};
use super::{complaints, pair, read, read_with};

const ANA: &str = "ana@contoso.example";

/// The numbers of the rows.
fn numbers(file: impl AsRef<[u8]>) -> Vec<String> {
    read(file).rows().iter().map(|row| pair(row).0).collect()
}

#[test]
fn an_extension_in_its_own_column_belongs_to_the_number() {
    for (heading, cell, expected) in [
        ("ext", "42", "+12065550113;ext=42"),
        ("extension", "0042", "+12065550113;ext=0042"),
        ("Extension Number", "7", "+12065550113;ext=7"),
        ("EXT", "", "+12065550113"),
    ] {
        let file = format!("number,{heading},user\n+12065550113,{cell},{ANA}\n");
        let input = read(&file);
        assert_eq!(complaints(&input), [], "{heading}");
        assert_eq!(numbers(&file), [expected], "{heading}");
    }
    let lines = format!("{{\"number\": \"+12065550113\", \"ext\": \"42\", \"user\": \"{ANA}\"}}\n");
    assert_eq!(numbers(&lines), ["+12065550113;ext=42"]);
    let sheet = |extension: String| {
        let head = vec![text("number"), text("ext"), text("user")];
        workbook([("Sheet", vec![head, vec![text("+12065550113"), extension, text(ANA)]])])
    };
    assert_eq!(numbers(sheet(text("0042"))), ["+12065550113;ext=0042"]);
    // Every action with a number takes it, phone methods too.
    let file = format!(
        "action,number,ext,user,location,role\nunassign,+12065550113,42,,,\nmove,+12065550114,1,{ANA},,\n\
         setLocation,+12065550115,2,,none,\nsetPhone,+12065550116,3,{ANA},,office\n"
    );
    assert_eq!(complaints(&read(&file)), []);
    assert_eq!(
        numbers(&file),
        [
            "+12065550113;ext=42",
            "+12065550114;ext=1",
            "+12065550115;ext=2",
            "+1 2065550116x3"
        ]
    );
}

#[test]
fn an_extension_that_is_not_certain_is_refused() {
    let head = || vec![text("number"), text("ext"), text("user")];
    let row = || vec![text("+12065550113"), "<c><v>42</v></c>".to_owned(), text(ANA)];
    let input = read(workbook([("Sheet", vec![head(), row()])]));
    assert_eq!(complaints(&input), [(2, "extension", Kind::ExtensionAsNumber)]);
    assert!(input.is_empty());
    let what = input.problems().iter().last().expect("is there").what.to_string();
    assert!(what.contains("0042"), "{what}");
    let lines = format!("{{\"number\": \"+12065550113\", \"ext\": 42, \"user\": \"{ANA}\"}}\n");
    assert_eq!(complaints(&read(&lines)), [(1, "extension", Kind::ExtensionAsNumber)]);
    for (number, extension, kind) in [
        ("+12065550113x7", "42", Kind::OtherExtension),
        ("+12065550113", "4a", Kind::BadNumber),
        ("+12065550113", "1234567890123456", Kind::BadNumber),
    ] {
        let input = read(format!("number,ext,user\n{number},{extension},{ANA}\n"));
        assert_eq!(complaints(&input), [(2, "extension", kind)], "{number} {extension}");
        assert!(input.is_empty());
    }
    assert_eq!(
        numbers(format!("number,ext,user\n+12065550113x42,42,{ANA}\n")),
        ["+12065550113;ext=42"]
    );
    let picking = InputOptions {
        pick: true,
        ..InputOptions::default()
    };
    let input = read_with(format!("number,ext,user\n,42,{ANA}\n,,{ANA}\n"), &picking);
    assert_eq!(complaints(&input), [(2, "extension", Kind::ExtensionAlone)]);
    let open = input.rows().iter().filter(|row| row.change.number() == Some(""));
    assert_eq!(open.count(), 1);
    // The column is not for what has no number.
    let input = read(format!("action,user,role,ext\nremovePhone,{ANA},mobile,42\n"));
    assert_eq!(complaints(&input), [(2, "extension", Kind::UnusedCell)]);
}

#[test]
fn two_extensions_of_one_number_are_two_numbers() {
    let file = format!("number,ext,user\n+12065550113,42,{ANA}\n+12065550113,0042,dev@contoso.example\n");
    assert_eq!(complaints(&read(&file)), []);
    assert_eq!(numbers(&file), ["+12065550113;ext=42", "+12065550113;ext=0042"]);
}

#[test]
fn a_zero_that_is_dialled_within_the_country_only_is_refused() {
    let file = "action,number,user,role\n\
        setPhone,+44 (0)7700 900123,ana@contoso.example,mobile\n\
        setPhone,+44 07700 900124,ben@contoso.example,mobile\n\
        setPhone,+49 (0) 30 23125 000,carla@contoso.example,office\n\
        assign,+44 (0)20 7946 0000,dev@contoso.example,\n\
        setPhone,+39 06 1234 5678,gina@contoso.example,mobile\n";
    let input = read(file);
    let expected: Vec<_> = (2..=5).map(|line| (line, "number", Kind::TrunkDigit)).collect();
    assert_eq!(complaints(&input), expected);
    assert_eq!(numbers(file), ["+39 0612345678"]);
    let problem = input
        .problems()
        .iter()
        .find(|problem| problem.row == 2)
        .expect("is there");
    assert!(problem.next_step.contains("without the zero: +44"), "{problem}");
}

#[test]
fn what_guards_a_number_and_what_blanks_surround_it_is_left_out_in_every_format() {
    for number in [
        "=\"+12065550100\"",
        "'+12065550100",
        "+12065550100'",
        "\t+12065550100",
        "(+1) 206 555 0100",
    ] {
        let csv = format!("number,user\n\"{}\",{ANA}\n", number.replace('"', "\"\""));
        let json = serde_json::json!({"number": number, "user": ANA}).to_string();
        let sheet = workbook([(
            "Sheet",
            vec![vec![text("number"), text("user")], vec![text(number), text(ANA)]],
        )]);
        for file in [csv.into_bytes(), json.into_bytes(), sheet] {
            assert_eq!(numbers(&file), ["+12065550100"], "{number:?}");
        }
    }
}

#[test]
fn the_way_out_for_a_missing_plus_names_the_option() {
    let input = read(format!("number,user\n(206) 555-0100,{ANA}\n020 7946 0000,{ANA}\n"));
    for problem in input.problems().iter().filter(|problem| problem.row > 1) {
        assert!(problem.next_step.contains(".country(\"US\")"), "{problem}");
    }
    let options = InputOptions {
        country: Country::from_letters("GB"),
        ..InputOptions::default()
    };
    let input = read_with(format!("number,user\n0039 06 1234 5678,{ANA}\n"), &options);
    assert_eq!(complaints(&input), [(2, "number", Kind::InternationalPrefix)]);
}
