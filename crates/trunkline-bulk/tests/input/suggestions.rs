//! Numbers that lack their plus, as text or stored as numbers.

use trunkline::Country;
use trunkline_bulk::input::ProblemKind as Kind;
use trunkline_bulk::input::{Input, InputOptions, Suggestion};

use super::workbook::{text, workbook};
use super::{complaints, pair, read, read_with};

fn sheet(number: &str, user: &str) -> Vec<u8> {
    let rows = [
        [text("UPN"), text("Phone")],
        [text(user), number.to_owned()],
        [text("bo@contoso.example"), text("+12065550101")],
    ];
    workbook([("Numbers", rows.map(|row| row.to_vec()).to_vec())])
}

fn in_country(letters: &str) -> InputOptions {
    InputOptions {
        country: Country::from_letters(letters),
        ..InputOptions::default()
    }
}

fn possible(input: &Input) -> Vec<(u32, Option<String>, String, String)> {
    let parts = |found: Suggestion| (found.row, found.cell, found.text, found.number);
    input.possible_suggestions().into_iter().map(parts).collect()
}

#[test]
fn a_number_that_is_stored_as_one_may_be_a_number_of_the_tenant() {
    let input = read(sheet("<c><v>12065550100</v></c>", "ana@contoso.example"));
    assert_eq!(complaints(&input), [(2, "number", Kind::StoredAsNumber)]);
    assert_eq!(
        possible(&input),
        [(
            2,
            Some("B2".to_owned()),
            "12065550100".to_owned(),
            "+12065550100".to_owned()
        )]
    );
    assert_eq!((input.len(), input.unreadable().len()), (1, 1));
    let accepted = input.accepting(&input.possible_suggestions());
    let rows: Vec<_> = accepted.rows().iter().map(|row| (row.row, pair(row).0)).collect();
    assert_eq!(rows, [(2, "+12065550100".to_owned()), (3, "+12065550101".to_owned())]);
    assert_eq!(complaints(&accepted), [(2, "number", Kind::SuggestedNumber)]);
    assert_eq!((accepted.unreadable().len(), accepted.accepted().len()), (0, 1));
    assert!(accepted.possible_suggestions().is_empty());
    // Nothing is taken that the tenant does not have.
    let none = input.accepting(&[]);
    assert_eq!(
        (none.len(), complaints(&none)),
        (1, vec![(2, "number", Kind::StoredAsNumber)])
    );
}

#[test]
fn only_what_lacks_nothing_but_the_plus_is_suggested() {
    for (cell, user, expected) in [
        (text("12065550100"), "ana@contoso.example", Some("+12065550100")),
        (text("1 (206) 555-0100"), "ana@contoso.example", Some("+12065550100")),
        (
            text("12065550100x12"),
            "ana@contoso.example",
            Some("+12065550100;ext=12"),
        ),
        (text("1.20656E+10"), "ana@contoso.example", None),
        (text("12065550100.0"), "ana@contoso.example", None),
        (text("0206555010"), "ana@contoso.example", None),
        (text("12065550100"), "ana", None),
        ("<c><v>12065550100.5</v></c>".to_owned(), "ana@contoso.example", None),
        (
            "<c><v>1206555010012345678</v></c>".to_owned(),
            "ana@contoso.example",
            None,
        ),
        ("<c><v>-12065550100</v></c>".to_owned(), "ana@contoso.example", None),
    ] {
        let input = read(sheet(&cell, user));
        let found: Vec<String> = input
            .possible_suggestions()
            .into_iter()
            .map(|found| found.number)
            .collect();
        assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{cell} {user}");
        assert_eq!((input.len(), input.unreadable().len()), (1, 1), "{cell} {user}");
    }
    // Phones of people are in no inventory.
    let input = read("action,user,number,role\nsetPhone,ana@contoso.example,12065550100,mobile\n");
    assert!(input.possible_suggestions().is_empty());
}

#[test]
fn a_suggestion_contradicts_other_rows_like_any_row() {
    let file = "number,user\n+12065550100,ana@contoso.example\n12065550100,bo@contoso.example\n12065550100,ana@contoso.example\n";
    let input = read(file);
    assert_eq!(input.possible_suggestions().len(), 2);
    let accepted = input.accepting(&input.possible_suggestions());
    assert_eq!(
        complaints(&accepted),
        [(3, "", Kind::NumberTwice), (4, "", Kind::SameRowTwice)]
    );
    assert_eq!((accepted.len(), accepted.unreadable().len()), (1, 1));
}

#[test]
fn with_a_country_a_stored_number_is_one_of_that_country_or_nothing() {
    for (letters, cell, expected) in [
        ("US", "<c><v>2065550100</v></c>", Some("+12065550100")),
        ("US", "<c><v>12065550100</v></c>", Some("+12065550100")),
        // The zero is lost, and the country's numbers begin with it.
        ("GB", "<c><v>2079460000</v></c>", None),
        ("US", "<c><v>555</v></c>", None),
    ] {
        let input = read_with(sheet(cell, "ana@contoso.example"), &in_country(letters));
        let first = input.rows().iter().find(|row| row.row == 2).map(|row| pair(row).0);
        assert_eq!(first.as_deref(), expected, "{letters} {cell}");
        let kind = if expected.is_some() {
            Kind::NumberCell
        } else {
            Kind::StoredAsNumber
        };
        assert!(complaints(&input).contains(&(2, "number", kind)), "{letters} {cell}");
    }
    let json = "{\"number\": 2065550100, \"user\": \"ana@contoso.example\"}\n";
    assert_eq!(read_with(json, &in_country("US")).len(), 1);
    assert_eq!(read(json).len(), 0);
    let shown_with_plus = include_bytes!("cases/x05-plus-by-format.xlsx");
    assert_eq!(read(shown_with_plus).possible_suggestions().len(), 1);
    assert_eq!(
        pair(&read_with(shown_with_plus, &in_country("US")).rows()[0]).0,
        "+12065550101"
    );
    assert!(read_with(shown_with_plus, &in_country("DE")).is_empty());
}
