//! The country of numbers, and numbers and outcomes as results, for all commands about numbers.

use serde_json::Value;
use trunkline::numbers::HolderKind;
use trunkline::teams_administration::NumberAssignment;
use trunkline::{Client, Collection, ErrorKind};

use super::columns;
use crate::arguments::Dialled;
use crate::commands::Report;
use crate::commands::people;
use crate::document::Document;
use crate::failure::Failure;
use crate::names::Names;
use crate::printer::Printer;

/// The methods for numbers, with the country that the command line names.
pub(super) fn of_country(client: &Client, dialled: Dialled) -> trunkline::numbers::Numbers {
    match dialled.country {
        Some(country) => client.numbers().country(country),
        None => client.numbers(),
    }
}

/// The names of the holders of numbers.
pub(super) async fn names(client: &Client, printer: Printer, numbers: &[NumberAssignment]) -> Names {
    let mut names = people::names(client, printer, numbers.iter().filter_map(NumberAssignment::holder)).await;
    // Policies and bridges have no name, and their ids say nothing to people.
    for number in numbers {
        if let Some(holder) = number.holder() {
            let kind = HolderKind::of_status(number.assignment_status.value(), holder);
            if kind != HolderKind::Unknown && !kind.is_account() {
                names
                    .entry(holder.to_owned())
                    .or_insert_with(|| kind.words().to_owned());
            }
        }
    }
    names
}

/// A number as a result, or the refusal that there is none.
pub(super) fn one(
    number: Option<NumberAssignment>,
    names: Names,
    missing: &str,
    next_step: &str,
) -> Result<Report, Failure> {
    match number {
        Some(number) => Ok(Document::new(serde_json::to_value(number)?, columns::NUMBER)
            .with_names(names)
            .into()),
        None => Err(Failure::refused(ErrorKind::NotFound, missing, next_step)),
    }
}

/// The warnings of an outcome, to standard error; they are in the outcome too.
pub(in crate::commands) fn warn(printer: Printer, warnings: &[String]) {
    for warning in warnings {
        printer.warning(&printer.shown(warning));
    }
}

/// An outcome as a result: a sentence for people.
pub(super) fn outcome(json: Value, sentence: String) -> Report {
    Document::new(json, columns::OUTCOME)
        .with_text(crate::document::printable(&sentence))
        .into()
}

/// The collection of numbers in the graph.
pub(super) fn number_assignments(client: &Client) -> Collection<NumberAssignment> {
    client
        .graph()
        .admin()
        .teams()
        .telephone_number_management()
        .number_assignments()
}
