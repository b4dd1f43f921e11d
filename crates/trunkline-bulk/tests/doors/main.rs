//! Every door reads a text as the same number, or refuses it: crate, intents of numbers and phones, their plans, and files.
//! The doors of other processes (command line, Python, Node) read the texts of `table.rs` in their own tests.

mod table;

use proptest::prelude::*;
use serde_json::json;
use trunkline::phones::PhoneRole;
use trunkline::{Change, Client, Country, PhoneMethodNumber, TelephoneNumber};
use trunkline_bulk::input::{self, InputOptions};

const ANA: &str = "a0000000-0000-4000-8000-000000000001";

/// A client that nobody answers: nothing here is sent.
fn client(country: Option<Country>) -> Client {
    let builder = Client::builder().endpoint("http://127.0.0.1:9");
    let builder = match country {
        Some(country) => builder.country(country),
        None => builder,
    };
    builder.build().expect("builds")
}

/// The numbers in the file's only row: of Teams, and of phone methods in the form of Teams.
fn in_file(file: &[u8], country: Option<Country>) -> Option<String> {
    let options = InputOptions {
        country,
        ..InputOptions::default()
    };
    let input = input::read(file, &options).expect("a file");
    assert!(input.len() <= 1);
    match &input.rows().first()?.change {
        Change::Unassign { number, .. } => Some(number.clone()),
        Change::SetPhone { number, .. } => {
            let number = PhoneMethodNumber::from_service(number).expect("is a number");
            Some(number.to_telephone_number().to_string())
        }
        other => panic!("{other:?}"),
    }
}

/// The number that each entry point reads from a text.
fn doors(text: &str, country: Option<Country>) -> Vec<(&'static str, Option<String>)> {
    let teams = |number: TelephoneNumber| number.to_string();
    let method = |number: PhoneMethodNumber| number.to_telephone_number().to_string();
    let (of_client, plain) = (client(country), client(None));
    let numbers = match country {
        Some(country) => plain.numbers().country(country),
        None => plain.numbers(),
    };
    let sent = |plan: trunkline::Result<trunkline::Plan>, member: &str| {
        plan.ok()?
            .steps
            .iter()
            .find_map(|step| step.operation.to_json()["body"][member].as_str().map(str::to_owned))
    };
    let phone = plain.phones(ANA).set(PhoneRole::Office, text);
    let phone = match country {
        Some(country) => phone.country(country),
        None => phone,
    };
    let phone = phone.plan().ok().and_then(|plan| {
        let body = plan.steps.iter().find_map(|step| {
            let body = step.operation.to_json();
            body["body"]["phoneNumber"].as_str().map(str::to_owned)
        });
        PhoneMethodNumber::from_service(&body?).ok().map(method)
    });
    let line = json!({"action": "unassign", "number": text}).to_string();
    let phone_line = json!({"action": "setPhone", "number": text, "user": ANA, "role": "office"}).to_string();
    let csv = format!("action;number\nunassign;\"{}\"\n", text.replace('"', "\"\""));
    vec![
        ("crate", TelephoneNumber::read(text, country).ok().map(teams)),
        (
            "crate, phone methods",
            PhoneMethodNumber::read(text, country).ok().map(method),
        ),
        ("client", of_client.numbers().parse_number(text).ok().map(teams)),
        ("numbers", numbers.parse_number(text).ok().map(teams)),
        (
            "plan of unassign",
            sent(numbers.unassign(text).plan(), "telephoneNumber"),
        ),
        (
            "plan of assign",
            sent(of_client.numbers().assign(text, ANA).plan(), "telephoneNumber"),
        ),
        ("plan of set", phone),
        ("JSON lines", in_file(line.as_bytes(), country)),
        ("JSON lines, phone methods", in_file(phone_line.as_bytes(), country)),
        ("CSV", in_file(csv.as_bytes(), country)),
    ]
}

fn agreed(text: &str, country: Option<Country>) -> Option<String> {
    let all = doors(text, country);
    for (door, number) in &all {
        assert_eq!(
            number, &all[0].1,
            "{door} reads {text:?} in {country:?} otherwise than the crate"
        );
    }
    all.into_iter().next().and_then(|(_, number)| number)
}

/// Texts that look like numbers, and texts that do not.
fn texts() -> impl Strategy<Value = String> {
    let written = (
        "(|'|=\"|\t| |tel:|\\(|\u{a0})",
        "(\\+|\\+|\\+|00|011|)",
        "(1|44|49|39|7|47|20|378|225|)",
        "( |-|\\)| \\(0\\)|0| 0|8 | 1 |)",
        "[0-9]{0,4}([ ().\\-/]|)[0-9]{2,9}([ \\-.]|)[0-9]{0,4}",
        "(;ext=|x| ext\\. ?|X|;EXT=|)[0-9]{0,5}",
        "(|'|\"|\n| |\\.0|E\\+10)",
    )
        .prop_map(|(guard, plus, code, gap, digits, extension, end)| {
            [guard, plus, code, gap, digits, extension, end].concat()
        });
    prop_oneof![
        6 => written,
        2 => "[+0-9 ().\\-/xX;=et'\"\t\u{a0}*EeA,]{0,24}",
        1 => any::<String>(),
    ]
}

fn countries() -> impl Strategy<Value = Option<Country>> {
    let all: Vec<Country> = Country::all().collect();
    let some = ["US", "GB", "DE", "IT", "DK", "RU", "HU", "IN"].map(Country::from_letters);
    prop_oneof![
        2 => Just(None),
        3 => proptest::sample::select(some.to_vec()),
        1 => proptest::sample::select(all).prop_map(Some),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn all_doors_agree_on_every_text(text in texts(), country in countries()) {
        let number = agreed(&text, country);
        // Without a plus and without a country nothing is read, whatever stands there.
        if country.is_none() && !text.contains('+') {
            prop_assert_eq!(number, None);
        }
    }

    /// Every entry point reads the written form of a number as the same number.
    #[test]
    fn what_is_written_is_read_again(text in texts(), country in countries()) {
        if let Ok(number) = TelephoneNumber::read(&text, country) {
            let again = [number.to_string(), number.to_phone_method().to_string()];
            for written in again {
                prop_assert_eq!(agreed(&written, None), Some(number.to_string()));
            }
        }
    }
}
