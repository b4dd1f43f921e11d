//! Options of `spec/trunkline` that no single method of a builder sets: the functions that their `with` names.

use std::sync::Arc;

use serde_json::Value;
use trunkline::numbers::NumberList;
use trunkline::{Action, ClientBuilder, Country, Result, TestClock};
use trunkline_bulk::input::{Column, action_from_name};
use trunkline_bulk::{BulkError, RowRanges};
use trunkline_emulator::{ClockMode, EmulatorBuilder};

use crate::ArgumentError;
use crate::arguments::BooleanOrText;

pub(crate) fn proxy(builder: ClientBuilder, proxy: BooleanOrText) -> ClientBuilder {
    match proxy {
        BooleanOrText::Boolean(true) => builder,
        BooleanOrText::Boolean(false) => builder.no_proxy(),
        BooleanOrText::Text(address) => builder.proxy(address),
    }
}

pub(crate) fn test_time(builder: ClientBuilder, fast: bool) -> ClientBuilder {
    if fast {
        builder.clock(Arc::new(TestClock::default()))
    } else {
        builder
    }
}

pub(crate) fn number(query: NumberList, number: String) -> Result<NumberList> {
    query.number_as_written(&number)
}

pub(crate) fn unassigned(query: NumberList, is_wanted: bool) -> NumberList {
    if is_wanted { query.unassigned() } else { query }
}

pub(crate) fn for_users(query: NumberList, is_wanted: bool) -> NumberList {
    if is_wanted { query.for_users() } else { query }
}

pub(crate) fn country(letters: &str) -> Result<Country, ArgumentError> {
    let wrong = |_| ArgumentError::wrong_value("country must be two letters, for instance \"US\"".to_owned());
    letters.parse().map_err(wrong)
}

pub(crate) fn delimiter(text: &str) -> Result<u8, ArgumentError> {
    match text.as_bytes() {
        [byte] => Ok(*byte),
        _ => Err(ArgumentError::wrong_value(
            "delimiter must be one character of ASCII".to_owned(),
        )),
    }
}

pub(crate) fn action(name: &str) -> Result<Action, ArgumentError> {
    action_from_name(name).ok_or_else(|| ArgumentError::wrong_value(format!("there is no action {name:?}")))
}

pub(crate) fn actions(names: &[String]) -> Result<Vec<Action>, ArgumentError> {
    names.iter().map(|name| action(name)).collect()
}

pub(crate) fn rows(text: &str) -> Result<RowRanges, ArgumentError> {
    let wrong = |error: BulkError| ArgumentError::wrong_value(format!("rows: {}. {}", error.what(), error.next_step()));
    text.parse().map_err(wrong)
}

/// Columns of a file of rows with their headings.
pub(crate) fn columns(pairs: Vec<(String, String)>) -> Result<Vec<(Column, String)>, ArgumentError> {
    let column = |(name, heading): (String, String)| match Column::from_name(&name) {
        Some(column) => Ok((column, heading)),
        None => {
            let known: Vec<&str> = Column::ALL.into_iter().map(Column::name).collect();
            let what = format!("there is no field {name:?} of rows; columns takes {}", known.join(", "));
            Err(ArgumentError::wrong_value(what))
        }
    };
    pairs.into_iter().map(column).collect()
}

pub(crate) fn manual_clock(builder: EmulatorBuilder, is_manual: bool) -> EmulatorBuilder {
    builder.clock(if is_manual {
        ClockMode::Manual
    } else {
        ClockMode::System
    })
}

/// One seed, or a list of them.
pub(crate) fn seed(builder: EmulatorBuilder, seed: Value) -> EmulatorBuilder {
    match seed {
        Value::Array(seeds) => seeds.into_iter().fold(builder, EmulatorBuilder::seed),
        seed => builder.seed(seed),
    }
}

pub(crate) fn numbers(builder: EmulatorBuilder, count: usize) -> EmulatorBuilder {
    builder.seed(trunkline_emulator::bulk_numbers(count))
}

pub(crate) fn allow_hosts(builder: EmulatorBuilder, names: Vec<String>) -> EmulatorBuilder {
    names.iter().fold(builder, |builder, name| builder.allow_host(name))
}
