//! A row that ended or was left open: as a line, and as a record.

use serde_json::Value;
use trunkline_bulk::journal::JournalRow;
use trunkline_bulk::{Event, Failure};

use super::people::People;
use crate::document::printable;

/// A row for people. The service's own words come last.
pub(super) fn line(
    row: &JournalRow,
    ending: &str,
    failure: Option<&Failure>,
    warnings: &[String],
    ids: bool,
) -> String {
    let planned = &row.planned;
    let mut text = String::new();
    if let Some(failure) = failure {
        text.push_str(&format!(
            ": {}. {}",
            failure.what.trim_end_matches('.'),
            failure.next_step
        ));
    }
    for warning in warnings {
        text.push_str(&format!("; {warning}"));
    }
    complete(row, &mut text);
    for loss in &row.losses {
        text.push_str(&format!("; {loss}"));
    }
    if let Some(words) = failure.and_then(Failure::service_words) {
        text.push_str(&format!(". The service said: {words}"));
    }
    let people = People::of_row(&planned.wanted, &planned.before, ids);
    let line = format!("row {} {ending}: {}{text}", planned.row, people.about(&planned.wanted));
    format!("{}\n", printable(&line))
}

/// An event as JSON, with what its row takes from others, and with numbers and names in full: it is a result.
pub(super) fn record(event: &Event, row: Option<&JournalRow>) -> Result<Value, serde_json::Error> {
    let mut value = serde_json::to_value(event)?;
    let Some(row) = row else {
        return Ok(value);
    };
    if !row.losses.is_empty() {
        value["losses"] = serde_json::to_value(&row.losses)?;
    }
    for pointer in ["/failure/what", "/failure/nextStep"] {
        if let Some(Value::String(text)) = value.pointer_mut(pointer) {
            complete(row, text);
        }
    }
    let warnings = value.get_mut("warnings").and_then(Value::as_array_mut);
    for warning in warnings.into_iter().flatten() {
        if let Value::String(text) = warning {
            complete(row, text);
        }
    }
    Ok(value)
}

/// Puts the numbers and names of a row into a sentence that was written for logs, too.
fn complete(row: &JournalRow, sentence: &mut String) {
    row.planned.names().put_into(sentence);
    row.planned.wanted.names(&row.losses).put_into(sentence);
}
