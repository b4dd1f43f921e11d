//! `trunkline whoami`: who is signed in, without changing it.

use super::{Report, block_on, identity};
use crate::connection::Connection;
use crate::document::Document;
use crate::failure::Failure;
use crate::interrupt::unless_interrupted;
use crate::printer::Printer;
use crate::progress::Reporter;

pub(super) fn run(connection: &Connection<'_>, printer: Printer) -> Result<Report, Failure> {
    let client = connection.client_without_asking()?;
    let view = block_on(unless_interrupted(
        &Reporter::silent(printer),
        client.core().token_view(),
    ))?;
    let json = identity::describe(connection.settings(), view.as_ref())?;
    let text = identity::sentences(&json);
    Ok(Document::new(json, identity::COLUMNS).with_text(text).into())
}
