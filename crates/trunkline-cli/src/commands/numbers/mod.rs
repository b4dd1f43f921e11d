//! `trunkline numbers`.

mod change;
mod check;
mod columns;
mod operation;
mod plans;
mod query;
mod update;

use serde_json::Value;
use trunkline::teams_administration::NumberAssignment;
use trunkline::{Client, ErrorKind};

use super::Report;
use super::people::{self, Names};
use crate::arguments::{Dialled, Format, Numbers};
use crate::connection::Connection;
use crate::document::Document;
use crate::failure::Failure;
use crate::printer::Printer;

pub(super) async fn run(command: &Numbers, connection: &Connection<'_>, printer: Printer) -> Result<Report, Failure> {
    match command {
        Numbers::List(list) => query::list(list, &connection.client()?, printer).await,
        Numbers::Get(get) => {
            let client = connection.client()?;
            let numbers = of_country(&client, get.dialled);
            let found = numbers.find(&get.number).await?;
            let number = numbers.parse_number(&get.number)?.to_string();
            let names = names(&client, printer, found.as_slice()).await;
            one(
                found,
                names,
                &format!("the tenant has no number {}", trunkline::mask::number(&number)),
                "Check the number",
            )
        }
        Numbers::Check(check) => check::run(check, &connection.offline()?),
        Numbers::NextFree(next) => query::next_free(next, &connection.client()?).await,
        Numbers::Assign(assign) if assign.dry_run => plans::assign(assign, &connection.offline()?),
        Numbers::Assign(assign) => change::assign(assign, &connection.client()?, printer).await,
        Numbers::Unassign(unassign) if unassign.dry_run => plans::unassign(unassign, &connection.offline()?),
        Numbers::Unassign(unassign) => change::unassign(unassign, &connection.client()?, printer).await,
        Numbers::Update(update) if update.dry_run => plans::update(update, &connection.offline()?),
        Numbers::Update(update) => update::run(update, &connection.client()?, printer).await,
        Numbers::Operation(operation) => operation::run(operation, &connection.client()?, printer).await,
    }
}

/// The methods for numbers, with the country that the command line names.
fn of_country(client: &Client, dialled: Dialled) -> trunkline::numbers::Numbers {
    match dialled.country {
        Some(country) => client.numbers().country(country),
        None => client.numbers(),
    }
}

/// The names of the holders of numbers, where people read the result. Programs get the ids alone, and need no further
/// request.
async fn names(client: &Client, printer: Printer, numbers: &[NumberAssignment]) -> Names {
    if printer.format() != Format::Table {
        return Names::new();
    }
    people::names(client, numbers.iter().filter_map(NumberAssignment::holder)).await
}

/// A number as a result, or the refusal that there is none.
fn one(number: Option<NumberAssignment>, names: Names, missing: &str, next_step: &str) -> Result<Report, Failure> {
    match number {
        Some(number) => Ok(Document::new(serde_json::to_value(number)?, columns::NUMBER)
            .with_names(names)
            .into()),
        None => Err(Failure::refused(ErrorKind::NotFound, missing, next_step)),
    }
}

/// The warnings of an outcome, to standard error; they are in the outcome too.
pub(super) fn warn(printer: Printer, warnings: &[String]) {
    for warning in warnings {
        printer.warning(warning);
    }
}

/// An outcome as a result: a sentence for people.
fn outcome(json: Value, sentence: String) -> Report {
    Document::new(json, columns::OUTCOME)
        .with_text(crate::document::printable(&sentence))
        .into()
}
