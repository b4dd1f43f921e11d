//! The network site and the lookup options of a number.

use serde_json::json;
use trunkline::teams_administration::UpdateNumber;
use trunkline::{Call, Client, ErrorKind};

use super::{number_assignments, of_country, outcome};
use crate::arguments::Update;
use crate::commands::Report;
use crate::failure::Failure;
use crate::printer::Printer;

pub(super) async fn run(update: &Update, client: &Client, printer: Printer) -> Result<Report, Failure> {
    let numbers = of_country(client, update.dialled);
    let written = numbers.parse_number(&update.number)?.to_string();
    let before = numbers.get(&update.number).await?;
    if before.is_none() {
        let message = format!("the tenant has no number {}", trunkline::mask::number(&written));
        return Err(Failure::refused(
            ErrorKind::NotFound,
            message,
            "Check the number, or acquire it first",
        ));
    }
    call(update, client)?.await?;
    // An accepted change is done, also when it cannot be read back.
    let after = numbers.get(&update.number).await.unwrap_or_else(|error| {
        printer.warning(&format!(
            "the service accepted the change, but reading it back failed: {}",
            error.message()
        ));
        None
    });
    let read = after.as_ref().and_then(|after| after.telephone_number.as_deref());
    let number = read.unwrap_or(&written);
    let sentence = match after.is_some() {
        true => format!("{number} is updated"),
        false => format!("done, not yet seen: {number} is updated"),
    };
    let json = json!({
        "change": "done", "number": number, "before": before, "after": after, "orders": [], "warnings": [],
    });
    Ok(outcome(json, sentence))
}

pub(super) fn call(update: &Update, client: &Client) -> Result<Call<UpdateNumber, ()>, Failure> {
    let number = of_country(client, update.dialled).parse_number(&update.number)?;
    let mut call = number_assignments(client).update_number(number.to_string());
    if let Some(site) = &update.network_site {
        call = call.network_site_id(site.as_str());
    }
    if !update.reverse_lookup.is_empty() {
        call = call.reverse_number_lookup_options(update.reverse_lookup.clone());
    }
    Ok(call)
}
