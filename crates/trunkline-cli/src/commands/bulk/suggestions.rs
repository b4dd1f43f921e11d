//! Numbers of the tenant that cells without a plus may mean, for a file that cannot be planned as it is.

use serde_json::Value;
use trunkline::Pace;
use trunkline_bulk::Bulk;
use trunkline_bulk::input::{Input, Suggestion};

use super::counted;
use crate::connection::Connection;
use crate::failure::Failure;
use crate::interrupt::unless_interrupted;
use crate::printer::Printer;
use crate::progress::Reporter;

/// How many suggestions are shown without `--details`.
const SHOWN: usize = 20;

/// Suggestions for the rows of a file.
#[derive(Debug, Default)]
pub(super) struct Suggestions {
    found: Vec<Suggestion>,
    /// Why the inventory could not be read.
    failure: Option<String>,
}

impl Suggestions {
    /// Looks for them, if a row of the file can have one. A file is checked also where nobody is signed in, so a failure is only
    /// shown.
    pub(super) async fn find(input: &Input, connection: &Connection<'_>, printer: Printer) -> Result<Self, Failure> {
        if input.possible_suggestions().is_empty() {
            return Ok(Self::default());
        }
        let client = match connection.client_for_jobs(Pace::documented()) {
            Ok(client) => client,
            Err(_) => return Ok(Self::failed("nobody is signed in")),
        };
        let bulk = Bulk::new(&client);
        let reporter = Reporter::silent(printer);
        let reading = async { Ok::<_, Failure>(bulk.suggestions(input).await) };
        Ok(match unless_interrupted(&reporter, reading).await? {
            Ok(found) => Self { found, failure: None },
            Err(error) => Self::failed(error.what()),
        })
    }

    fn failed(why: &str) -> Self {
        Self {
            found: Vec::new(),
            failure: Some(why.to_owned()),
        }
    }

    /// As JSON.
    pub(super) fn json(&self) -> Result<Vec<Value>, serde_json::Error> {
        self.found.iter().map(serde_json::to_value).collect()
    }

    /// For people: the option first, then cell, text and number.
    pub(super) fn text(&self, details: bool) -> String {
        if let Some(why) = &self.failure {
            return format!("note: Numbers of the tenant could not be suggested for numbers without a plus: {why}\n");
        }
        if self.found.is_empty() {
            return String::new();
        }
        let rows = counted(self.found.len() as u64, "row");
        let mut text = format!(
            "suggestion: Add --accept-suggestions to give {rows} the number of the tenant with exactly the digits of the cell\n"
        );
        let place = |found: &Suggestion| found.cell.clone().unwrap_or_else(|| format!("row {}", found.row));
        let width = self.found.iter().map(|found| place(found).len()).max().unwrap_or(0);
        let shown = if details { self.found.len() } else { SHOWN };
        for found in self.found.iter().take(shown) {
            text.push_str(&format!(
                "  {:<width$}  {} is {}\n",
                place(found),
                found.text,
                found.number
            ));
        }
        match self.found.len().saturating_sub(shown) {
            0 => {}
            more => text.push_str(&format!("  … and {more} more; --details shows them\n")),
        }
        text
    }
}
