//! Problems of a file, shown before anything else: by their causes, or each.

use serde_json::Value;
use trunkline_bulk::input::{Input, ProblemGroup, Severity};

/// The problems as JSON, those that were kept.
pub(super) fn json(input: &Input) -> Result<Vec<Value>, serde_json::Error> {
    input.problems().iter().map(serde_json::to_value).collect()
}

/// The causes of the problems as JSON.
pub(super) fn groups(input: &Input) -> Result<Vec<Value>, serde_json::Error> {
    input.problems().groups().iter().map(serde_json::to_value).collect()
}

/// One entry per cause, what to do first. With `details`, one line per problem, and one for those that were only counted.
pub(super) fn text(input: &Input, details: bool) -> String {
    let problems = input.problems();
    let mut text = String::new();
    if !details {
        for group in problems.groups() {
            text.push_str(&entry(&group));
        }
        return text;
    }
    for problem in problems {
        text.push_str(&format!("{}: {problem}\n", word(problem.severity)));
    }
    match problems.left_out() {
        0 => {}
        more => text.push_str(&format!("… and {more} more\n")),
    }
    text
}

fn entry(group: &ProblemGroup) -> String {
    format!("{}: {group}\n", word(group.severity))
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}
