//! Changes to a user: their time, and their outcome in every form.

use serde_json::Value;
use trunkline::Client;

use super::{Report, people};
use crate::document::{Column, Document, printable};
use crate::failure::Failure;
use crate::plan::Plan;
use crate::printer::Printer;

/// An intent with the timeout of the command line.
macro_rules! in_time {
    ($intent:expr, $waiting:expr) => {
        match $waiting.timeout {
            Some(timeout) => $intent.with_timeout(timeout),
            None => $intent,
        }
    };
}
pub(super) use in_time;

/// The outcome of a change to a user, by object id, and the sentence that tables show of it.
pub(super) struct Changed<'o> {
    pub(super) outcome: Value,
    pub(super) user: &'o str,
    pub(super) warnings: &'o [String],
    pub(super) sentence: String,
}

impl Changed<'_> {
    /// Prints the warnings, and makes the result. Tables name the user, which may take one more request.
    pub(super) async fn report(
        self,
        columns: &'static [Column],
        client: &Client,
        printer: Printer,
    ) -> Result<Report, Failure> {
        for warning in self.warnings {
            printer.warning(&printer.shown(warning));
        }
        let mut text = self.sentence;
        if text.contains(self.user) {
            let names = people::names(client, printer, [self.user]).await;
            if let Some(name) = names.get(self.user) {
                text = people::with_name(&text, self.user, name, printer.view().ids);
            }
        }
        let text = printable(&text).into_owned();
        Ok(Document::new(self.outcome, columns).with_text(text).into())
    }
}

/// The plan of a change, which sends nothing.
pub(super) fn planned(plan: impl Into<Plan>) -> Result<Report, Failure> {
    Ok(plan.into().into_document().into())
}
