//! Texts with the numbers that the crate reads them as, for the tests of other processes: `tests/numbers/table.jsonl`.
//!
//! The texts are put together of what people write around a few numbers that are kept for fiction. Written anew with
//! `TRUNKLINE_WRITE_TABLE=1 cargo test -p trunkline-bulk --test doors`.

use std::path::PathBuf;

use serde_json::json;
use trunkline::{Country, TelephoneNumber};

use super::agreed;

/// Numbers as they are written with spaces, country code first, and as they are dialled within their country.
const NUMBERS: [(&str, &str, &str); 4] = [
    ("1", "206 555 0100", "(206) 555-0100"),
    ("44", "20 7946 0000", "020 7946 0000"),
    ("49", "30 23125 000", "030 23125000"),
    ("39", "06 1234 5678", "06 1234 5678"),
];

const EXTENSIONS: [&str; 4] = ["", ";ext=0042", "x42", " ext. 7"];

const COUNTRIES: [Option<&str>; 5] = [None, Some("US"), Some("GB"), Some("DE"), Some("IT")];

/// Every way to write a number, without what surrounds it.
fn written(code: &str, number: &str, national: &str) -> Vec<String> {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    vec![
        format!("+{code}{digits}"),
        format!("+{code} {number}"),
        format!("+{code}-{}", number.replace(' ', "-")),
        format!("(+{code}) {number}"),
        format!("+{code} (0){number}"),
        format!("+{code} 0{number}"),
        format!("00{code} {number}"),
        format!("011 {code} {number}"),
        format!("{code}{digits}"),
        format!("+{code}{digits}.0"),
        number.to_owned(),
        national.to_owned(),
        format!("0{national}"),
        digits,
    ]
}

fn surrounded(text: &str) -> [String; 6] {
    [
        text.to_owned(),
        format!("  {text}\t"),
        format!("'{text}"),
        format!("=\"{text}\""),
        format!("tel:{text}"),
        format!("\"{text}\""),
    ]
}

/// Texts that are no numbers whatever the country.
const OTHERS: [&str; 8] = [
    "",
    "n/a",
    "+",
    "1.20656E+10",
    "+1 ******00",
    "+1 206 + 5",
    "x42",
    "--help",
];

/// About every eleventh of all combinations, so that each part meets each other one.
fn texts() -> Vec<(String, Option<&'static str>)> {
    let mut texts = Vec::new();
    let mut count = 0_usize;
    for (code, number, national) in NUMBERS {
        for text in written(code, number, national) {
            for extension in EXTENSIONS {
                for text in surrounded(&format!("{text}{extension}")) {
                    for country in COUNTRIES {
                        count += 1;
                        if count.is_multiple_of(11) {
                            texts.push((text.clone(), country));
                        }
                    }
                }
            }
        }
    }
    texts.extend(
        OTHERS
            .iter()
            .flat_map(|text| COUNTRIES.map(|country| ((*text).to_owned(), country))),
    );
    texts
}

#[test]
fn the_table_says_what_every_door_reads() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/numbers/table.jsonl");
    let mut table = String::new();
    let (mut read, mut refused) = (0, 0);
    for (text, letters) in texts() {
        let country = letters.map(|letters| Country::from_letters(letters).expect("is one"));
        let number = agreed(&text, country);
        assert_eq!(
            number,
            TelephoneNumber::read(&text, country)
                .ok()
                .map(|number| number.to_string())
        );
        *if number.is_some() { &mut read } else { &mut refused } += 1;
        table.push_str(&json!({"text": text, "country": letters, "number": number}).to_string());
        table.push('\n');
    }
    assert!(read > 150 && refused > 150, "{read} read, {refused} refused");
    if std::env::var_os("TRUNKLINE_WRITE_TABLE").is_some() {
        std::fs::write(&path, &table).expect("is written");
    }
    let present = std::fs::read_to_string(&path).expect("tests/numbers/table.jsonl");
    assert!(
        present == table,
        "TRUNKLINE_WRITE_TABLE=1 cargo test -p trunkline-bulk --test doors"
    );
}
