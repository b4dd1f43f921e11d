//! Orders: show one, or resume waiting for it.

use std::future::IntoFuture;

use trunkline::numbers::Follow;
use trunkline::teams_administration::{NumberAssignment, TelephoneNumberLongRunningOperation};
use trunkline::{Client, ErrorKind, LongRunning};

use super::{columns, warn};
use crate::arguments::{Format, Operation};
use crate::commands::{Report, people};
use crate::document::{Document, printable};
use crate::failure::Failure;
use crate::interrupt::unless_interrupted;
use crate::printer::Printer;
use crate::progress::Reporter;

pub(super) async fn run(operation: &Operation, client: &Client, printer: Printer) -> Result<Report, Failure> {
    let text = operation.operation.trim();
    let order = match client.resume::<TelephoneNumberLongRunningOperation>(text) {
        Ok(order) => order,
        // A token of another service is a token; anything else is an id.
        Err(error) if error.kind() != ErrorKind::InvalidInput => return Err(error.into()),
        Err(_) if operation.wait => {
            return follow(client.numbers().follow_operation(text), operation, client, printer).await;
        }
        Err(_) => {
            let management = client.graph().admin().teams().telephone_number_management();
            let state = management.operations().by_id(text).get();
            let order = LongRunning::of(state, "numberAssignments.assignNumber", text)?;
            return document(&order.poll().await?.value);
        }
    };
    if operation.wait {
        follow(client.numbers().follow(text), operation, client, printer).await
    } else {
        document(&order.poll().await?.value)
    }
}

/// Waits for the end, and reads the number back.
async fn follow(follow: Follow, operation: &Operation, client: &Client, printer: Printer) -> Result<Report, Failure> {
    let reporter = Reporter::new(printer);
    let teller = reporter.clone();
    let mut follow = follow.with_progress(move |progress| teller.tell_resumed(progress));
    if let Some(deadline) = operation.deadline {
        follow = follow.with_deadline(deadline);
    }
    let outcome = unless_interrupted(&reporter, follow.into_future()).await?;
    warn(printer, &outcome.warnings);
    let mut sentence = outcome.to_string();
    let holder = outcome.after.as_ref().and_then(NumberAssignment::holder);
    if let (Format::Table, Some(holder)) = (printer.format(), holder)
        && let Some(name) = people::names(client, [holder]).await.get(holder)
    {
        sentence = people::with_name(&sentence, holder, name);
    }
    let sentence = printable(&sentence).into_owned();
    Ok(Document::new(serde_json::to_value(&outcome)?, columns::FOLLOWED)
        .with_text(sentence)
        .into())
}

fn document(operation: &TelephoneNumberLongRunningOperation) -> Result<Report, Failure> {
    Ok(Document::new(serde_json::to_value(operation)?, columns::OPERATION).into())
}
