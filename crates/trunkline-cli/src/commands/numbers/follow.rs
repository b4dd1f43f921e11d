//! Orders: wait for the end of one, or show how far it is.

use std::future::IntoFuture;

use trunkline::Client;
use trunkline::teams_administration::NumberAssignment;

use super::{columns, warn};
use crate::arguments::Follow;
use crate::commands::{Report, people};
use crate::document::{Document, printable};
use crate::failure::Failure;
use crate::interrupt::unless_interrupted;
use crate::printer::Printer;
use crate::progress::Reporter;

pub(super) async fn run(follow: &Follow, client: &Client, printer: Printer) -> Result<Report, Failure> {
    let text = follow.order.trim();
    if follow.no_wait {
        return show(text, client).await;
    }
    let reporter = Reporter::new(printer);
    let teller = reporter.clone();
    let mut intent = client.numbers().follow(text);
    intent = intent.with_progress(move |progress| teller.tell_resumed(progress));
    if let Some(timeout) = follow.timeout {
        intent = intent.with_timeout(timeout);
    }
    let outcome = unless_interrupted(&reporter, intent.into_future()).await?;
    warn(printer, &outcome.warnings);
    let mut sentence = outcome.to_string();
    let holder = outcome.after.as_ref().and_then(NumberAssignment::holder);
    if let Some(holder) = holder
        && let Some(name) = people::names(client, printer, [holder]).await.get(holder)
    {
        sentence = people::with_name(&sentence, holder, name, printer.view().ids);
    }
    let sentence = printable(&sentence).into_owned();
    Ok(Document::new(serde_json::to_value(&outcome)?, columns::FOLLOWED)
        .with_text(sentence)
        .into())
}

/// The order as it is now.
async fn show(text: &str, client: &Client) -> Result<Report, Failure> {
    let order = client.numbers().follow(text).operation()?;
    let state = serde_json::to_value(order.poll().await?.value)?;
    Ok(Document::new(state, columns::OPERATION).into())
}
