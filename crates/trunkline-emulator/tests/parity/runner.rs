//! Runs all entries and reports all that fail.

use crate::entries::{self, Entry};
use crate::exchange::{Answer, Exchange};
use crate::expectation::differences;

/// The failures of an entry, each with its step, and the answers.
pub(crate) async fn run(exchange: &Exchange, entry: &Entry) -> (Vec<String>, Vec<Answer>) {
    let answers = exchange.answers(entry).await;
    let mut failures = Vec::new();
    for (at, (step, answer)) in entry.all_steps().iter().zip(&answers).enumerate() {
        for difference in differences(&step.expected, answer) {
            failures.push(format!("{} (request {}): {difference}", entry.id, at + 1));
        }
    }
    (failures, answers)
}

#[tokio::test]
async fn the_emulator_does_what_every_entry_says() {
    let exchange = Exchange::new();
    let mut failures = Vec::new();
    let mut failed = 0;
    let entries = entries::all();
    for entry in &entries {
        let (found, _) = run(&exchange, entry).await;
        failed += usize::from(!found.is_empty());
        failures.extend(found);
    }
    assert!(
        failures.is_empty(),
        "{failed} of {} entries differ:\n{}",
        entries.len(),
        failures.join("\n")
    );
}
