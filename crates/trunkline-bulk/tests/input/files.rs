//! Files that people have: titles, instructions and totals around the rows, headings of their own, exports of other tools.

use trunkline::phones::PhoneRole;
use trunkline::{Action, Change};
use trunkline_bulk::input::ProblemKind as Kind;
use trunkline_bulk::input::{self, Column, Input, InputError, InputOptions};

use super::workbook::{text, workbook};
use super::{complaints, error, pair, read, read_with};

const ANA: &str = "ana@contoso.example";
const PLACE: &str = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";

fn with(pairs: &[(Column, &str)]) -> InputOptions {
    let columns = pairs.iter();
    columns.fold(InputOptions::default(), |options, (column, heading)| {
        options.column(*column, *heading)
    })
}

fn refused(file: impl AsRef<[u8]>, options: &InputOptions) -> InputError {
    input::read(file.as_ref(), options).expect_err("it is refused")
}

fn pairs(input: &Input) -> Vec<(u32, String, String)> {
    let pair = |row| {
        let (number, user) = pair(row);
        (row.row, number, user)
    };
    input.rows().iter().map(pair).collect()
}

fn only(row: u32) -> Vec<(u32, String, String)> {
    vec![(row, "+12065550101".to_owned(), ANA.to_owned())]
}

#[test]
fn the_header_is_found_below_a_title_and_a_note_says_so() {
    let cases: [(&[u8], u32, &str); 3] = [
        (
            include_bytes!("cases/c02-type-line.csv"),
            2,
            "the header is in row 2; row 1 above it was skipped (#TYPE Selected.",
        ),
        (
            include_bytes!("cases/c03-title-row.csv"),
            3,
            "the header is in row 3; row 1 above it was skipped (Number block for order 4711)",
        ),
        (
            include_bytes!("cases/x04-title-row.xlsx"),
            3,
            "the header is in row 3; row 1 above it was skipped (Number block for order 4711)",
        ),
    ];
    for (file, header, words) in cases {
        let input = read(file);
        assert_eq!(pairs(&input), only(header + 1), "{words}");
        let notes: Vec<_> = input
            .problems()
            .iter()
            .filter(|note| note.kind == Kind::SkippedRows)
            .collect();
        assert_eq!((notes.len(), notes[0].row), (1, header));
        assert!(notes[0].what.starts_with(words), "{}", notes[0]);
    }
    let blank = read(include_bytes!("cases/c03b-blank-first-row.csv"));
    assert_eq!((pairs(&blank), complaints(&blank)), (only(3), vec![]));
}

#[test]
fn csv_and_workbooks_find_their_header_alike() {
    let rows: [&[&str]; 8] = [
        &["Cutover of Monday"],
        &[""],
        &["Questions", "helpdesk@contoso.example"],
        &["Phone"],
        &["Site", "UPN", "Phone number"],
        &["Seattle", ANA, "+12065550101"],
        &["Site", "UPN", "Phone number"],
        &["Total", "", "1"],
    ];
    let csv: Vec<String> = rows.iter().map(|row| row.join(";")).collect();
    let cells = |row: &&[&str]| row.iter().map(|cell| text(cell)).collect::<Vec<_>>();
    let xlsx = workbook([("Numbers", rows.iter().map(cells).collect::<Vec<_>>())]);
    for input in [read(csv.join("\n")), read(xlsx)] {
        assert_eq!(pairs(&input), only(6));
        assert_eq!(
            complaints(&input),
            [
                (5, "Site", Kind::UnknownColumn),
                (5, "", Kind::SkippedRows),
                (7, "", Kind::RepeatedHeader),
                (8, "", Kind::TotalRow)
            ]
        );
        assert_eq!(input.seen(), 1);
    }
}

#[test]
fn a_row_of_data_is_never_the_header() {
    for file in [
        format!("+12065550101,{ANA}\nnumber,user\n+12065550102,ben@contoso.example\n"),
        format!("smsSignIn,{ANA},enabled\n"),
        format!("{ANA},mobile\n"),
    ] {
        assert!(matches!(error(&file), InputError::NoKnownColumn { .. }), "{file}");
    }
    let far = format!("{}number,user\n+12065550101,{ANA}\n", "text\n".repeat(20));
    assert!(matches!(error(&far), InputError::NoKnownColumn { .. }));
    assert_eq!(pairs(&read(&far[5..])), only(21));
    // A quotation mark above the header could have swallowed rows.
    let open = format!("\"open\nnumber,user\n+12065550101,{ANA}\n");
    assert!(matches!(error(open), InputError::NoKnownColumn { .. }));
}

#[test]
fn rows_of_totals_are_skipped_unless_they_name_somebody() {
    for (row, kind) in [
        ("Total,,", Some(Kind::TotalRow)),
        ("Total:,,298", Some(Kind::TotalRow)),
        ("Summe,Gesamt,=COUNTA(C2:C3)", Some(Kind::TotalRow)),
        (",,", None),
        (",Anzahl,2", Some(Kind::TotalRow)),
        ("Total,ben@contoso.example,", Some(Kind::EmptyCell)),
        ("Total,,+12065550102", Some(Kind::EmptyCell)),
        ("Total,,12065550102", Some(Kind::EmptyCell)),
        ("Sum,Wong,", Some(Kind::EmptyCell)),
        ("Totally,,", Some(Kind::UnreadRow)),
    ] {
        let input = read(format!("Site,user,number\nSeattle,{ANA},+12065550101\n{row}\n"));
        let found: Vec<Kind> = complaints(&input)
            .into_iter()
            .filter(|found| found.0 == 3)
            .map(|found| found.2)
            .collect();
        assert_eq!(found.first().copied(), kind, "{row}");
        assert_eq!(input.len(), 1);
    }
    // The sum of numbers that are stored as numbers is no telephone number, and the count of a workbook is a formula.
    let rows = |total: &str| {
        let row = |cells: [String; 3]| cells.to_vec();
        workbook([(
            "Numbers",
            vec![
                row([text("Site"), text("user"), text("number")]),
                row([text("Seattle"), text(ANA), text("+12065550101")]),
                row([text("Total"), text(""), total.to_owned()]),
            ],
        )])
    };
    for total in ["<c><v>1</v></c>", "<c><f>COUNTA(C2:C2)</f><v>1</v></c>"] {
        assert!(
            complaints(&read(rows(total))).contains(&(3, "", Kind::TotalRow)),
            "{total}"
        );
    }
    let sum = read(rows("<c><v>24131100201</v></c>"));
    assert_eq!(sum.unreadable().len(), 1, "a number may be a telephone number");
}

#[test]
fn a_mapping_counts_before_the_headings_that_are_known() {
    let file = include_bytes!("cases/c07-mail-phone-semicolon.csv");
    let input = read_with(file, &with(&[(Column::User, "Mail")]));
    assert_eq!(pairs(&input), only(2));
    // The usual heading is not read then, and a warning says why.
    let file = format!("UPN,Work Mail,Phone\nbo@contoso.example,{ANA},+12065550101\n");
    let input = read_with(&file, &with(&[(Column::User, "work_mail")]));
    assert_eq!(
        (pairs(&input), complaints(&input)),
        (only(2), vec![(1, "UPN", Kind::UnknownColumn)])
    );
    let warning = input
        .problems()
        .iter()
        .find(|problem| problem.kind == Kind::UnknownColumn);
    assert!(warning.is_some_and(|warning| warning.what.contains("another heading was named for user")));
    // A heading that usually means something else is not read twice.
    let file = format!("Phone,Identity,Number\nfloor 2,{ANA},+12065550101\n");
    let input = read_with(&file, &with(&[(Column::Number, "Number"), (Column::User, "Identity")]));
    assert_eq!(pairs(&input), only(2));
    let json = format!("{{\"Mail\": \"{ANA}\", \"upn\": \"x\", \"phone\": \"+12065550101\"}}\n");
    assert_eq!(pairs(&read_with(&json, &with(&[(Column::User, "mail")]))), only(1));
}

#[test]
fn a_mapping_that_cannot_be_is_refused_with_what_is_there() {
    let file = format!("Number block\nUPN,Phone,City\n{ANA},+12065550101,Seattle\n");
    let missing = refused(&file, &with(&[(Column::User, "Mail")]));
    assert_eq!(
        missing.to_string(),
        "no column is headed \"Mail\", which was named for user (the headings are: UPN, Phone, City)"
    );
    assert!(missing.next_step().contains("--column user=Mail"));
    for (pairs, words) in [
        (
            [(Column::User, "UPN"), (Column::Number, "upn")],
            "given to two columns, user and number",
        ),
        (
            [(Column::User, "UPN"), (Column::User, "City")],
            "user is given two headings, \"UPN\" and \"City\"",
        ),
        (
            [(Column::User, ""), (Column::Number, "Phone")],
            "the heading for user is empty",
        ),
    ] {
        let refused = refused(&file, &with(&pairs));
        assert!(matches!(refused, InputError::BadMapping(_)));
        assert!(refused.to_string().contains(words), "{refused}");
    }
    let json = format!("{{\"upn\": \"{ANA}\", \"phone\": \"+12065550101\"}}\n");
    let missing = refused(json, &with(&[(Column::User, "Mail")]));
    assert!(
        matches!(missing, InputError::NoHeading { ref found, .. } if found == "upn, phone"),
        "{missing}"
    );
}

#[test]
fn one_row_for_each_person_sets_each_phone_of_theirs() {
    let input = read(include_bytes!("cases/c06-mfa-wide.csv"));
    let phones: Vec<_> = input
        .rows()
        .iter()
        .map(|row| (row.row, pair(row).1, row.change.role(), pair(row).0))
        .collect();
    let expected = |row, user: &str, role, number: &str| (row, user.to_owned(), Some(role), number.to_owned());
    assert_eq!(
        phones,
        [
            expected(2, ANA, PhoneRole::Mobile, "+1 2065550142"),
            expected(3, "ben@contoso.example", PhoneRole::Mobile, "+1 2065550150"),
            expected(1003, "ben@contoso.example", PhoneRole::AlternateMobile, "+1 2065550151"),
            expected(2002, ANA, PhoneRole::Office, "+1 2065550143x17"),
        ]
    );
    assert_eq!(input.seen(), 4);
    assert_eq!(
        complaints(&input),
        [
            (1, "ForcedUpdate", Kind::UnknownColumn),
            (1, "ForcedRemoval", Kind::UnknownColumn),
            (1, "", Kind::PhonesAssumed)
        ]
    );
    let note = input.problems().iter().last().expect("the note");
    assert!(
        note.what
            .ends_with("row 1002 is the column alternateMobile of row 2, row 2002 is the column office of row 2"),
        "{note}"
    );
}

#[test]
fn what_is_wrong_with_a_phone_names_its_column() {
    let file = "UPN;Handy;Bürotelefon\n\
                ana@contoso.example;+1 2065550142;206 555 0143\n\
                bo;+1 2065550144;+1 2065550145\n\
                cy@contoso.example;;\n\
                ana@contoso.example;+1 2065550146;\n";
    let input = read(file);
    assert_eq!(
        complaints(&input),
        [
            (1, "", Kind::PhonesAssumed),
            (2, "office", Kind::NoPlus),
            (3, "user", Kind::BadUser),
            (4, "", Kind::UnreadRow),
            (5, "", Kind::PhoneTwice)
        ]
    );
    let twice = input.problems().iter().last().expect("the error");
    assert!(twice.what.contains("(row 2)"), "{twice}");
    assert_eq!(input.len(), 1);
    let unreadable: Vec<_> = input.unreadable().iter().map(|row| (row.row, row.kind)).collect();
    assert_eq!(
        unreadable,
        [
            (3, Kind::BadUser),
            (5, Kind::PhoneTwice),
            (1002, Kind::NoPlus),
            (1003, Kind::BadUser)
        ]
    );
    // A column of numbers makes rows of assignments, whatever other phones there are.
    let input = read(format!("UPN,Phone number,Mobile\n{ANA},+12065550101,+12065550199\n"));
    assert_eq!(
        (pairs(&input), complaints(&input)),
        (only(2), vec![(1, "Mobile", Kind::UnknownColumn)])
    );
    let phones = read_with(
        format!("UPN,Phone number,Cell\n{ANA},+12065550101,+12065550199\n"),
        &with(&[(Column::Mobile, "Phone number")]),
    );
    assert_eq!(phones.rows()[0].change.action(), Action::SetPhone);
    assert_eq!(pair(&phones.rows()[0]).0, "+1 2065550101");
}

#[test]
fn headings_and_words_of_a_german_spreadsheet_are_read() {
    let off = |row: &input::Row| matches!(row.change, Change::SmsSignIn { enabled: false, .. });
    let on = |row: &input::Row| matches!(row.change, Change::SmsSignIn { enabled: true, .. });
    let headings = read(include_bytes!("cases/c15-german.csv"));
    assert_eq!((headings.len(), complaints(&headings)), (1, vec![]));
    assert!(on(&headings.rows()[0]));
    let words = read(include_bytes!("cases/c15b-german-words.csv"));
    assert_eq!((words.len(), complaints(&words)), (2, vec![]));
    assert!(on(&words.rows()[0]) && off(&words.rows()[1]));
    let workbook = read(include_bytes!("cases/x07-truth.xlsx"));
    assert_eq!((workbook.len(), complaints(&workbook)), (2, vec![]));
    assert!(workbook.rows().iter().all(on));
}

#[test]
fn an_array_of_json_is_read_element_by_element() {
    let input = read(include_bytes!("cases/j01c-array.json"));
    assert_eq!((pairs(&input), complaints(&input)), (only(1), vec![]));
    let input = read(format!(
        "\u{feff} [ {{\"number\": \"+12065550101\", \"user\": \"{ANA}\"}}, 7, [\"x\"], \"y\", null, {{}},\n\
         {{\"number\": 12065550102, \"user\": \"bo@contoso.example\"}},\n\
         {{\"number\": \"+12065550103\", \"number\": \"+12065550104\", \"user\": \"cy@contoso.example\"}} ]\n"
    ));
    assert_eq!(pairs(&input), only(1));
    assert_eq!(
        complaints(&input),
        [
            (2, "", Kind::BadJson),
            (3, "", Kind::BadJson),
            (4, "", Kind::BadJson),
            (5, "", Kind::BadJson),
            (7, "number", Kind::StoredAsNumber),
            (8, "number", Kind::DuplicateColumn)
        ]
    );
    for broken in ["[{\"number\": \"+12065550101\"}", "[] []", "[{\"user\": }]", "[{} {}]"] {
        assert!(matches!(error(broken), InputError::BadArray { .. }), "{broken}");
    }
    assert!(read("[]").is_empty());
}

#[test]
fn exports_of_powershell_are_read_or_say_what_to_name() {
    // An id and a name of the same person cannot be compared: one of the two is named.
    let file = include_bytes!("cases/c04-get-csonlineuser.csv");
    let problem = read(file)
        .problems()
        .iter()
        .find(|problem| problem.kind == Kind::DuplicateColumn)
        .cloned();
    assert!(problem.is_some_and(|problem| problem.next_step.contains("--column user=UPN")));
    let input = read_with(file, &with(&[(Column::User, "UserPrincipalName")]));
    assert_eq!(pairs(&input), only(2));
    // The id of zeros is no location, and a policy is no user.
    let input = read(include_bytes!("cases/c05-get-csphonenumberassignment.csv"));
    assert_eq!(input.len(), 1);
    assert!(matches!(&input.rows()[0].change, Change::Assign { location: None, .. }));
    assert_eq!(
        input.unreadable().iter().map(|row| row.kind).collect::<Vec<_>>(),
        [Kind::BadUser]
    );
    let zeros = "00000000-0000-0000-0000-000000000000";
    let input = read(format!(
        "action,number,location\nsetLocation,+12065550101,{zeros}\nsetLocation,+12065550102,{PLACE}\n"
    ));
    assert_eq!(
        (input.len(), complaints(&input)),
        (1, vec![(2, "location", Kind::BadLocation)])
    );
    for (file, kind, words) in [
        (
            &include_bytes!("cases/c12-blank-number-removes.csv")[..],
            Kind::EmptyCell,
            "takes nothing away",
        ),
        (
            include_bytes!("cases/c13-local-part.csv"),
            Kind::BadUser,
            "ana@contoso.example",
        ),
        (
            include_bytes!("cases/c14-oc-mobile.csv"),
            Kind::UnknownWord,
            "operatorConnect",
        ),
    ] {
        let input = read(file);
        let problem = input.problems().iter().find(|problem| problem.kind == kind);
        assert!(
            problem.is_some_and(|problem| problem.next_step.contains(words)),
            "{words}: {input:?}"
        );
    }
}
