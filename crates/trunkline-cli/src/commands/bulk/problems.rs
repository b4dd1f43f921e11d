//! Problems of a file, shown before anything else.

use serde_json::Value;
use trunkline_bulk::input::{Input, Problem, Severity};

/// The problems as JSON, those that were kept.
pub(super) fn json(input: &Input) -> Result<Vec<Value>, serde_json::Error> {
    input.problems().iter().map(serde_json::to_value).collect()
}

/// One line per problem, and one for those that were only counted.
pub(super) fn text(input: &Input) -> String {
    let mut text = String::new();
    for problem in input.problems() {
        text.push_str(&format!("{}: {problem}\n", word(problem)));
    }
    match input.problems().left_out() {
        0 => {}
        more => text.push_str(&format!("… and {more} more\n")),
    }
    text
}

fn word(problem: &Problem) -> &'static str {
    match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}
