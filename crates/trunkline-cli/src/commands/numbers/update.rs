//! The emergency location, the network site and the lookup options of a number.

use serde_json::json;
use trunkline::numbers::{NumberChange, NumberOutcome};
use trunkline::teams_administration::UpdateNumber;
use trunkline::{Call, Client, ErrorKind};

use super::{number_assignments, of_country, outcome, warn};
use crate::arguments::Update;
use crate::commands::Report;
use crate::failure::Failure;
use crate::printer::Printer;

pub(super) async fn run(update: &Update, client: &Client, printer: Printer) -> Result<Report, Failure> {
    let numbers = of_country(client, update.dialled);
    let written = numbers.parse_number(&update.number)?.to_string();
    let mut ended = None;
    if let Some(location) = location(update) {
        let mut intent = numbers.set_location(&update.number, location);
        if let Some(deadline) = update.waiting.deadline {
            intent = intent.with_deadline(deadline);
        }
        let done = intent.await?;
        warn(printer, &done.warnings);
        ended = Some((serde_json::to_value(&done)?, sentence(&done)));
    }
    if let Some(call) = further(update, client)? {
        let before = numbers.find(&update.number).await?;
        if before.is_none() {
            let message = format!("the tenant has no number {}", trunkline::mask::number(&written));
            return Err(Failure::refused(
                ErrorKind::NotFound,
                message,
                "Check the number, or acquire it first",
            ));
        }
        call.await?;
        // An accepted change is done, also when it cannot be read back.
        let after = numbers.find(&update.number).await.unwrap_or_else(|error| {
            printer.warning(&format!(
                "the service accepted the change, but reading it back failed: {}",
                error.message()
            ));
            None
        });
        let is_seen = after.is_some();
        let number = after
            .as_ref()
            .and_then(|after| after.telephone_number.as_deref())
            .unwrap_or(&written);
        let sentence = match is_seen {
            true => format!("{number} is updated"),
            false => format!("done, not yet seen: {number} is updated"),
        };
        let json = match ended {
            // The first part is what the whole began with.
            Some((mut json, _)) => {
                json["change"] = "done".into();
                json["after"] = serde_json::to_value(after)?;
                json
            }
            None => json!({
                "change": "done", "number": number, "before": before, "after": after, "orders": [], "warnings": [],
            }),
        };
        ended = Some((json, sentence));
    }
    // The arguments name at least one change.
    let (json, sentence) = ended.unwrap_or_default();
    Ok(outcome(json, sentence))
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

/// The location to set, or none to clear it; absent when it stays.
pub(super) fn location(update: &Update) -> Option<Option<String>> {
    match &update.location {
        Some(id) => Some(Some(id.clone())),
        None => update.clear_location.then_some(None),
    }
}

/// The call for what is not the location.
pub(super) fn further(update: &Update, client: &Client) -> Result<Option<Call<UpdateNumber, ()>>, Failure> {
    if update.network_site.is_none() && update.reverse_lookup.is_empty() {
        return Ok(None);
    }
    let number = of_country(client, update.dialled).parse_number(&update.number)?;
    let mut call = number_assignments(client).update_number(number.to_string());
    if let Some(site) = &update.network_site {
        call = call.network_site_id(site.as_str());
    }
    if !update.reverse_lookup.is_empty() {
        call = call.reverse_number_lookup_options(update.reverse_lookup.clone());
    }
    Ok(Some(call))
}
