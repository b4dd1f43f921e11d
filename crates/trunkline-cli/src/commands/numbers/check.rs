//! The numbers that texts are read as.

use std::io::{BufRead, stdin};

use serde_json::{Value, json};
use trunkline::telephone::NumberError;
use trunkline::{Client, Country, ErrorKind, TelephoneNumber};

use crate::arguments::Check;
use crate::commands::Report;
use crate::document::{Column, Document};
use crate::failure::Failure;

const COLUMNS: &[Column] = &[
    Column::shown("text", "/text"),
    Column::shown("number", "/number"),
    Column::further("phoneMethod", "/phoneMethod"),
    Column::further("code", "/code"),
    Column::shown("what", "/what").below(),
    Column::shown("nextStep", "/nextStep").below(),
];

/// Reads each text as every command reads it. The exit code is 1 when one of them is no number.
pub(super) fn run(check: &Check, client: &Client) -> Result<Report, Failure> {
    let country = check.dialled.country.or_else(|| client.country());
    let mut records = Vec::new();
    let reads_input = check.numbers.is_empty() || check.numbers.iter().any(|number| number == "-");
    for number in check.numbers.iter().filter(|number| *number != "-") {
        records.push(record(number, country));
    }
    if reads_input {
        for line in stdin().lock().split(b'\n') {
            let line = line.map_err(|error| {
                let what = format!("standard input cannot be read: {error}");
                Failure::refused(
                    ErrorKind::InvalidInput,
                    what,
                    "Pass the numbers as arguments, or one per line on standard input",
                )
            })?;
            let line = line.strip_suffix(b"\r").unwrap_or(&line);
            if !line.trim_ascii().is_empty() {
                records.push(record(&String::from_utf8_lossy(line), country));
            }
        }
    }
    let refused = records.iter().any(|record| record["number"].is_null());
    Ok(Report {
        document: Some(Document::new(Value::Array(records), COLUMNS)),
        code: u8::from(refused),
    })
}

fn record(text: &str, country: Option<Country>) -> Value {
    match TelephoneNumber::read(text, country) {
        Ok(number) => json!({
            "text": text,
            "number": number.to_string(),
            "phoneMethod": number.to_phone_method().to_string(),
        }),
        Err(error) => refused(text, &error),
    }
}

fn refused(text: &str, error: &NumberError) -> Value {
    json!({
        "text": text,
        "number": null,
        "code": error.kind().code(),
        "what": error.what(),
        "nextStep": error.advice(),
    })
}
