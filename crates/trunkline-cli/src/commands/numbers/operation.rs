//! Orders: show one, or take up waiting for it.

use std::time::Duration;

use futures_util::TryStreamExt;
use trunkline::teams_administration::TelephoneNumberLongRunningOperation;
use trunkline::{Client, ErrorKind, LongRunning};

use super::columns;
use crate::arguments::Operation;
use crate::commands::Report;
use crate::document::Document;
use crate::failure::Failure;
use crate::interrupt::unless_interrupted;
use crate::printer::Printer;
use crate::progress::Reporter;

type Order = LongRunning<TelephoneNumberLongRunningOperation>;

pub(super) async fn run(operation: &Operation, client: &Client, printer: Printer) -> Result<Report, Failure> {
    let order = match client.resume::<TelephoneNumberLongRunningOperation>(&operation.operation) {
        Ok(order) => order,
        // A token of another service is a token; anything else is an id.
        Err(error) if error.kind() != ErrorKind::InvalidInput => return Err(error.into()),
        Err(_) if operation.wait => {
            return Err(Failure::refused(
                ErrorKind::InvalidInput,
                "an order can be waited for by its resume token only",
                "Give the token that was printed when the order was placed, or leave --wait away to look once",
            ));
        }
        Err(_) => {
            let management = client.graph().admin().teams().telephone_number_management();
            let found = management
                .operations()
                .by_id(&operation.operation)
                .get()
                .await?
                .into_value();
            return document(&found);
        }
    };
    if !operation.wait {
        return document(&order.poll().await?.value);
    }
    let reporter = Reporter::new(printer);
    reporter.resumed(order.token());
    document(&unless_interrupted(&reporter, wait(&order, operation.deadline, &reporter)).await?)
}

/// Waits for the end and shows the stages.
async fn wait(
    order: &Order,
    deadline: Option<Duration>,
    reporter: &Reporter,
) -> trunkline::Result<TelephoneNumberLongRunningOperation> {
    let mut stages = match deadline {
        Some(deadline) => order.stages_for(deadline),
        None => order.stages(),
    };
    while let Some(stage) = stages.try_next().await? {
        reporter.stage(&stage.status);
        if let Some(finished) = stage.into_finished() {
            return finished.into_success();
        }
    }
    // Stages end with the end of the order, or with an error.
    order.wait().await?.into_success()
}

fn document(operation: &TelephoneNumberLongRunningOperation) -> Result<Report, Failure> {
    Ok(Document::new(serde_json::to_value(operation)?, columns::OPERATION).into())
}
