//! Suggested numbers: for cells that lack their plus, from the inventory.

use super::{Finding, Plan, Severity};
use crate::Bulk;
use crate::error::BulkError;
use crate::input::{Input, Suggestion};
use crate::snapshot::suggestions;

/// The finding of a row whose number was suggested.
pub(super) const SUGGESTED: &str = "suggestedNumber";

impl Bulk {
    /// Looks for numbers of the tenant with exactly the digits of cells that lack their plus. A suggestion is made only where one
    /// number has these digits and no other number ends with them. [`PlanOptions::accept_suggestions`](super::PlanOptions) takes
    /// all of them.
    ///
    /// # Errors
    ///
    /// [`BulkErrorKind::Service`](crate::BulkErrorKind::Service) when the inventory cannot be read. Nothing is read when no row
    /// can have a suggestion.
    ///
    /// ```no_run
    /// use trunkline_bulk::{Bulk, input};
    ///
    /// # async fn run(client: trunkline::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let rows = input::read_file("cutover.xlsx", &input::InputOptions::default())?;
    /// for suggestion in Bulk::new(&client).suggestions(&rows).await? {
    ///     println!("row {}: {} may be {}", suggestion.row, suggestion.text, suggestion.number);
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn suggestions(&self, input: &Input) -> Result<Vec<Suggestion>, BulkError> {
        suggestions::known(&self.client, input.possible_suggestions()).await
    }
}

/// Says of each row whose number was suggested that it was.
pub(super) fn note(plan: &mut Plan, input: &Input) {
    let mut rows = plan.rows.iter_mut();
    for suggestion in input.accepted() {
        let Some(row) = rows.find(|row| row.row == suggestion.row) else {
            return;
        };
        row.findings.push(Finding {
            severity: Severity::Warning,
            code: SUGGESTED.to_owned(),
            what: format!(
                "the cell holds {:?} without a plus; {} is the number of the tenant with these digits",
                suggestion.text, suggestion.number
            ),
            next_step: "Check that this number is meant".to_owned(),
        });
    }
}
