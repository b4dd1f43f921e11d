//! The emergency location of a number.

use trunkline::numbers::{NumberChange, NumberOutcome};
use trunkline::{Client, numbers};

use super::{of_country, outcome, warn};
use crate::arguments::SetLocation;
use crate::commands::Report;
use crate::commands::change::in_time;
use crate::failure::Failure;
use crate::printer::Printer;

pub(super) async fn run(set: &SetLocation, client: &Client, printer: Printer) -> Result<Report, Failure> {
    let done = in_time!(intent(set, client), set.waiting).await?;
    warn(printer, &done.warnings);
    Ok(outcome(serde_json::to_value(&done)?, sentence(&done)))
}

/// The change.
pub(super) fn intent(set: &SetLocation, client: &Client) -> numbers::SetLocation {
    of_country(client, set.dialled).set_location(&set.number, set.location.clone())
}

/// The outcome of changing the location.
fn sentence(outcome: &NumberOutcome) -> String {
    let already = if outcome.change == NumberChange::Already {
        " already; nothing was sent"
    } else {
        ""
    };
    match outcome.after.location() {
        Some(id) => format!("the emergency location of {} is {id}{already}", outcome.number),
        None => format!("{} has no emergency location{already}", outcome.number),
    }
}
