//! Damage that spreadsheets, editors and people do to files.

use trunkline::{Action, Change};
use trunkline_bulk::input::ProblemKind as Kind;
use trunkline_bulk::input::{Column, Format, InputOptions, Severity};

use trunkline::Country;

use super::{complaints, pair, problems, read, read_with};

const ANA: &str = "ana@contoso.example";

fn wanted() -> (String, String) {
    ("+12065550100".to_owned(), ANA.to_owned())
}

#[test]
fn one_file_in_every_encoding_and_with_every_separator() {
    let text = format!("number,user\r\n+12065550100,{ANA}\r\n");
    let utf_16 = |text: &str, little: bool| -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
            .collect()
    };
    let marked = format!("\u{feff}{text}");
    for (name, bytes) in [
        ("plain", text.clone().into_bytes()),
        ("UTF-8 with a mark", marked.clone().into_bytes()),
        ("UTF-16 LE with a mark", utf_16(&marked, true)),
        ("UTF-16 BE with a mark", utf_16(&marked, false)),
        ("UTF-16 LE", utf_16(&text, true)),
        ("UTF-16 BE", utf_16(&text, false)),
        ("semicolons", text.replace(',', ";").into_bytes()),
        ("tabs", text.replace(',', "\t").into_bytes()),
        (
            "a named separator",
            format!("sep=;\r\n{}", text.replace(',', ";")).into_bytes(),
        ),
        ("line feeds", text.replace("\r\n", "\n").into_bytes()),
        ("returns", text.replace("\r\n", "\r").into_bytes()),
        ("no end of line", text.trim_end().to_owned().into_bytes()),
        (
            "quotation marks",
            format!("\"number\",\"user\"\n\"+12065550100\",\"{ANA}\"\n").into_bytes(),
        ),
        (
            "blank cells",
            format!("number,user\n,\n +12065550100 , {ANA} \n,,\n").into_bytes(),
        ),
        (
            "JSON",
            format!("{{\"number\": \"+12065550100\", \"user\": \"{ANA}\"}}\n").into_bytes(),
        ),
        (
            "JSON with a mark",
            format!("\u{feff}\n {{\"Number\": \"+12065550100\", \"UPN\": \"{ANA}\"}}").into_bytes(),
        ),
    ] {
        let input = read(&bytes);
        assert_eq!(input.rows().iter().map(pair).collect::<Vec<_>>(), [wanted()], "{name}");
        assert_eq!(complaints(&input), [], "{name}");
        let json = name.starts_with("JSON");
        assert_eq!(input.format(), if json { Format::JsonLines } else { Format::Csv });
        assert_eq!(input.columns(), [Column::Number, Column::User]);
    }
}

#[test]
fn every_trap_of_numbers_has_a_problem_of_its_own() {
    for (number, kind) in [
        ("1.20656E+10", Kind::ScientificNumber),
        ("\"1,20656E+10\"", Kind::ScientificNumber),
        ("1.20656e10", Kind::ScientificNumber),
        ("12065550100", Kind::NoPlus),
        ("2065550100", Kind::NoPlus),
        ("-12065550100", Kind::NoPlus),
        ("tel:12065550100", Kind::NoPlus),
        ("tel:tel:12065550100", Kind::BadNumber),
        ("12065550100.0", Kind::StoredAsNumber),
        ("02079460000", Kind::NationalNumber),
        ("0012065550100", Kind::InternationalPrefix),
        ("+１２０６５５５０１００", Kind::OtherDigits),
        ("+١٢٠٦٥٥٥٠١٠٠", Kind::OtherDigits),
        ("+1206***00", Kind::MaskedNumber),
        ("+120655", Kind::BadNumber),
        ("+1 206 555 0100 555 555", Kind::BadNumber),
        ("+02065550100", Kind::BadNumber),
        ("n/a", Kind::BadNumber),
        ("+12065550100;ext=", Kind::BadNumber),
        ("+12065550100;ext=1;ext=2", Kind::BadNumber),
        ("=\"+1206\"&\"5550100\"", Kind::Formula),
        ("=A1", Kind::Formula),
        ("\"+1206\n5550100\"", Kind::ControlCharacter),
        ("+1206\u{200b}5550100", Kind::ControlCharacter),
        ("\u{202a}+12065550100\u{202c}", Kind::ControlCharacter),
        ("\0", Kind::ControlCharacter),
        ("", Kind::EmptyCell),
        (" ", Kind::EmptyCell),
    ] {
        let input = read(format!("user\tnumber\n{ANA}\t{number}\n"));
        assert_eq!(complaints(&input), [(2, "number", kind)], "{number:?}");
        assert!(input.is_empty(), "{number:?}");
        assert_eq!(input.seen(), 1);
        let problem = input.problems().iter().next_back().expect("there is one");
        assert_eq!(problem.severity, Severity::Error);
        let value = problem.value.as_deref().unwrap_or_default();
        assert!(!value.contains("5550100"), "{value} is not masked");
        assert!(!problem.next_step.is_empty());
    }
}

#[test]
fn every_form_of_a_number_is_understood() {
    for (number, expected) in [
        ("+12065550100", "+12065550100"),
        ("tel:+1-206-555-0100", "+12065550100"),
        ("TEL:+12065550100", "+12065550100"),
        ("+1 (206) 555-0100", "+12065550100"),
        ("+1 2065550100", "+12065550100"),
        ("+1 2065550100x123", "+12065550100;ext=123"),
        ("+12065550100;ext=012", "+12065550100;ext=012"),
    ] {
        let input = read(format!("user,number\n{ANA},{number}\n"));
        assert_eq!(complaints(&input), [], "{number}");
        assert_eq!(pair(&input.rows()[0]).0, expected);
    }
    let input = read(format!("user,number\n{ANA},+1\u{a0}206\u{a0}555\u{a0}0100\n"));
    assert_eq!(complaints(&input), [(2, "number", Kind::NoBreakSpace)]);
    assert_eq!(pair(&input.rows()[0]), wanted());
}

#[test]
fn national_numbers_need_a_country_and_get_it() {
    let options = InputOptions {
        country: Country::from_letters("US"),
        ..InputOptions::default()
    };
    let text = format!("user,number\n{ANA},(206) 555-0100\nbo@contoso.example,555-0100\n");
    let input = read_with(&text, &options);
    assert_eq!(pair(&input.rows()[0]), wanted());
    assert_eq!(complaints(&input), [(3, "number", Kind::BadNumber)]);
    assert_eq!(complaints(&read(&text))[0].2, Kind::NoPlus, "nothing is guessed");
}

#[test]
fn users_locations_and_words_are_strict() {
    for (row, column, kind) in [
        ("assign,+12065550100,ana", "user", Kind::BadUser),
        (
            "assign,+12065550100,Ana Lima <ana@contoso.example>",
            "user",
            Kind::BadUser,
        ),
        ("assign,+12065550100,ana@contoso", "user", Kind::BadUser),
        ("assign,+12065550100,ana@bo@contoso.example", "user", Kind::BadUser),
        ("assign,+12065550100,ana/..@contoso.example", "user", Kind::BadUser),
        ("assign,+12065550100,ana\u{a0}@contoso.example", "user", Kind::OddSpace),
        ("assign,+12065550100,=ana@contoso.example", "user", Kind::Formula),
        ("assign,+12065550100,", "user", Kind::EmptyCell),
        (
            "assign,+12065550100,ana@contoso.example,,Seattle",
            "location",
            Kind::BadLocation,
        ),
        (
            "assign,+12065550100,ana@contoso.example,,none",
            "location",
            Kind::LocationOfAssignment,
        ),
        (
            "assign,+12065550100,ana@contoso.example,main",
            "category",
            Kind::UnknownWord,
        ),
        (
            "assign,+12065550100,ana@contoso.example,,,carrier",
            "numberType",
            Kind::UnknownWord,
        ),
        ("delete,+12065550100,", "action", Kind::UnknownAction),
        (",+12065550100,ana@contoso.example", "action", Kind::MissingAction),
        (
            "setPhone,+12065550100,ana@contoso.example,,,,home",
            "role",
            Kind::UnknownWord,
        ),
        ("removePhone,,ana@contoso.example", "role", Kind::EmptyCell),
        (
            "smsSignIn,,ana@contoso.example,,,,,maybe",
            "smsSignIn",
            Kind::UnknownWord,
        ),
        ("setLocation,+12065550100", "location", Kind::EmptyCell),
    ] {
        let input = read(format!(
            "action,number,user,category,location,numberType,role,smsSignIn\n{row}\n"
        ));
        assert_eq!(problems(&input), [(2, column, kind)], "{row}");
        assert!(input.is_empty());
    }
    for user in [
        ANA,
        "o'neil@contoso.example",
        "ana_fabrikam.example#EXT#@contoso.example",
        "6ad9a6bc-6a1c-4f9b-8f3e-0d9ef5a3c111",
    ] {
        let input = read(format!("number,user\n+12065550100,{user}\n"));
        assert_eq!(complaints(&input), [], "{user}");
    }
}

#[test]
fn every_action_is_read() {
    let location = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";
    let input = read(format!(
        "Action;Line URI;User Principal Name;location id;phone_type;SMS sign-in;category;policy kind;Policy\n\
         Assign;+12065550100;{ANA};;;;;;\n\
         MOVE;+12065550101;bo@contoso.example;{location};;;private;;\n\
         unassign;+12065550102;;;;;;;\n\
         set location;+12065550103;;NONE;;;;;\n\
         Set-Phone;+1 2065550104;{ANA};;Mobile;;;;\n\
         remove_phone;;{ANA};;alternate mobile;;;;\n\
         smsSignIn;;{ANA};;;On;;;\n\
         set policy;;{ANA};;;;;voice routing;Tag:UnitedStates\n\
         clearPolicy;;{ANA};;;;;dial plan;\n"
    ));
    assert_eq!(problems(&input), []);
    let actions: Vec<Action> = input.rows().iter().map(|row| row.change.action()).collect();
    assert_eq!(actions, Action::ALL);
    assert_eq!(
        input.rows().iter().map(|row| row.row).collect::<Vec<_>>(),
        [2, 3, 4, 5, 6, 7, 8, 9, 10]
    );
    assert_eq!(input.rows()[7].change.policy_type(), Some("OnlineVoiceRoutingPolicy"));
    assert_eq!(input.rows()[7].change.end(), "policy UnitedStates");
    let row = &input.rows()[4];
    assert!(matches!(&row.change, Change::SetPhone { number, .. } if number == "+1 2065550104"));
}

#[test]
fn a_column_that_an_action_does_not_use_is_a_note() {
    let input = read(format!(
        "action,number,user,role\nassign,+12065550100,{ANA},mobile\nsetPhone,+1 2065550100x12,{ANA},mobile\n"
    ));
    assert_eq!(
        problems(&input),
        [(2, "role", Kind::UnusedCell), (3, "number", Kind::MobileExtension)]
    );
    assert_eq!(input.len(), 2);
}

#[test]
fn an_assignment_is_assumed_only_where_nothing_else_can_be_meant() {
    let input = read(format!("number,user\n+12065550100,{ANA}\n"));
    assert_eq!(problems(&input), [(1, "", Kind::ActionAssumed)]);
    assert!(matches!(
        super::error(format!("number,user,role\n+12065550100,{ANA},mobile\n")),
        trunkline_bulk::input::InputError::NoAction { .. }
    ));
    let options = InputOptions {
        action: Some(Action::SetPhone),
        ..InputOptions::default()
    };
    let input = read_with(format!("number,user,role\n+12065550100,{ANA},mobile\n"), &options);
    assert_eq!(input.rows()[0].change.action(), Action::SetPhone);
    let input = read(format!(
        "{{\"user\":\"{ANA}\",\"role\":\"mobile\"}}\n{{\"user\":\"{ANA}\",\"number\":\"+12065550100\"}}\n"
    ));
    assert_eq!(
        problems(&input),
        [(1, "action", Kind::MissingAction), (2, "", Kind::ActionAssumed)]
    );
}

#[test]
fn a_number_is_left_open_only_when_it_is_to_be_picked() {
    let text = format!("user,number\n{ANA},\nbo@contoso.example,+12065550100\n");
    assert_eq!(complaints(&read(&text)), [(2, "number", Kind::EmptyCell)]);
    let options = InputOptions {
        pick: true,
        ..InputOptions::default()
    };
    let input = read_with(&text, &options);
    assert!(matches!(&input.rows()[0].change, Change::Assign { number, picked: true, .. } if number.is_empty()));
    assert_eq!(complaints(&input), []);
    assert_eq!(read_with(format!("user\n{ANA}\n"), &options).len(), 1);
}

#[test]
fn a_row_that_is_wrong_or_repeated_changes_no_other_however_many_there_are() {
    let mut text = String::from("action,number,user,numberType\n");
    let (mut wanted, mut wrong) = (Vec::new(), Vec::new());
    for index in 0..300_u32 {
        let line = index + 2;
        let (mut number, mut kind) = (12_065_550_000_u64 + u64::from(index), "directRouting");
        match index % 50 {
            // Its user was read before its last cell was found wrong.
            7 => {
                kind = "pigeon";
                wrong.push((line, "numberType", Kind::UnknownWord));
            }
            // The first numbers again, a few rows or hundreds of rows later.
            9 | 31 => {
                number = 12_065_550_001;
                wrong.push((line, "", Kind::NumberTwice));
            }
            _ => wanted.push((format!("+{number}"), format!("user{index}@contoso.example"))),
        }
        text.push_str(&format!("assign,+{number},user{index}@contoso.example,{kind}\n"));
    }
    let input = read(&text);
    assert_eq!(complaints(&input), wrong);
    assert_eq!(input.rows().iter().map(pair).collect::<Vec<_>>(), wanted);
}

#[test]
fn contradicting_rows_name_each_other() {
    let location = "3f2504e0-4f89-11d3-9a0c-0305e82c330";
    for (first, second, kind) in [
        (
            "assign,+12065550100,ana@contoso.example",
            "assign,+1 (206) 555-0100,bo@contoso.example",
            Some(Kind::NumberTwice),
        ),
        (
            "assign,+12065550100,ana@contoso.example",
            "unassign,+12065550100",
            Some(Kind::NumberTwice),
        ),
        (
            "assign,+12065550100,ana@contoso.example",
            "assign,+12065550101,ANA@contoso.example",
            Some(Kind::UserTwice),
        ),
        (
            "assign,+12065550100,ana@contoso.example",
            "move,+12065550101,ana@contoso.example,primary",
            Some(Kind::UserTwice),
        ),
        (
            "assign,+12065550100,ana@contoso.example",
            "assign,+12065550101,ana@contoso.example,private",
            None,
        ),
        (
            "assign,+12065550100,ana@contoso.example",
            "assign,+12065550100;ext=1,bo@contoso.example",
            None,
        ),
        (
            "assign,+12065550100,ana@contoso.example",
            "assign,+1 206 555 0100,Ana@contoso.example",
            Some(Kind::SameRowTwice),
        ),
        (
            "assign,+12065550100,ana@contoso.example",
            "unassign,+12065550101,ana@contoso.example",
            None,
        ),
        (
            "setPhone,+1 2065550100,ana@contoso.example,,,mobile",
            "removePhone,,ana@contoso.example,,,mobile",
            Some(Kind::PhoneTwice),
        ),
        (
            "setPhone,+1 2065550100,ana@contoso.example,,,mobile",
            "setPhone,+1 2065550100,bo@contoso.example,,,mobile",
            None,
        ),
        (
            "smsSignIn,,ana@contoso.example,,,,on",
            "smsSignIn,,ana@contoso.example,,,,off",
            Some(Kind::SignInTwice),
        ),
        (
            "setLocation,+12065550100,,,{1}",
            "setLocation,+12065550100,,,{2}",
            Some(Kind::LocationTwice),
        ),
        (
            "assign,+12065550100,ana@contoso.example,,{1}",
            "setLocation,+12065550100,,,none",
            Some(Kind::LocationTwice),
        ),
        (
            "assign,+12065550100,ana@contoso.example,,{1}",
            "setLocation,+12065550100,,,{1}",
            None,
        ),
    ] {
        let fill = |row: &str| {
            row.replace("{1}", &format!("{location}1"))
                .replace("{2}", &format!("{location}2"))
        };
        let text = format!(
            "action,number,user,category,location,role,smsSignIn\n{}\n\n{}\n",
            fill(first),
            fill(second)
        );
        let input = read(&text);
        let found = problems(&input);
        let expected: Vec<_> = kind.map(|kind| (4, "", kind)).into_iter().collect();
        assert_eq!(found, expected, "{first} | {second}");
        assert_eq!(input.len(), if kind.is_some() { 1 } else { 2 });
        for problem in input.problems() {
            assert!(problem.what.contains("row 2"), "{problem}");
        }
        let free = matches!(kind, None | Some(Kind::SameRowTwice));
        assert_eq!(input.problems().is_free_of_errors(), free);
    }
}

#[test]
fn two_ways_of_writing_numbers_are_reported_once() {
    let input = read(
        "number,user\n+12065550100;ext=1,ana@contoso.example\n+12065550101,bo@contoso.example\n+1 2065550102x3,cy@contoso.example\n",
    );
    assert_eq!(complaints(&input), [(2, "number", Kind::MixedGrammars)]);
    let options = InputOptions {
        country: Country::from_letters("US"),
        ..InputOptions::default()
    };
    let input = read_with(
        "number,user\n+12065550100,ana@contoso.example\n2065550101,bo@contoso.example\n",
        &options,
    );
    assert_eq!(complaints(&input), [(2, "number", Kind::MixedGrammars)]);
    let what = input.problems().iter().last().unwrap().what.to_string();
    assert!(what.contains("with a plus in row 2, without a plus in row 3"), "{what}");
}
