//! The story of a row: what was wanted, planned, asked, done and said of it, for whoever has to find the mistake.

use std::fmt::Write as _;

use crate::evidence::{Evidence, is_carried_out};
use crate::judge::Violation;
use crate::truth::Thing;

/// Tells it.
pub(crate) fn story(violation: &Violation, evidence: &Evidence) -> String {
    let mut text = String::new();
    let row = violation
        .line
        .and_then(|line| evidence.rows.iter().find(|row| row.line == line));
    let Some(row) = row else { return text };
    let thing = row.intent.thing();
    let mut tell = |line: String| {
        let _ = writeln!(text, "    {line}");
    };
    tell(format!("wanted: {:?} ({:?})", row.intent, row.prospect));
    tell(format!("before: {}", evidence.before.words(&thing)));
    tell(format!("at the end: {}", evidence.after.words(&thing)));
    if let Some(planned) = evidence.plan.get(&row.line) {
        tell(format!(
            "planned: {} {} {}",
            planned["verdict"], planned["steps"], planned["findings"]
        ));
    }
    for reported in evidence.report.iter().filter(|reported| reported["line"] == row.line) {
        tell(format!(
            "reported: {} failure {} warnings {} after {}",
            reported["ending"], reported["failure"], reported["warnings"], reported["after"]
        ));
    }
    if let Thing::Number(number) = &thing {
        for order in evidence.orders.iter().filter(|order| order.number == *number) {
            tell(format!("order at {}: {:?}, {}", order.at, order.target, order.status));
        }
    }
    for (request, change) in evidence.changes_of(&thing) {
        let fate = if is_carried_out(request) {
            "carried out"
        } else {
            "not carried out"
        };
        tell(format!(
            "request at {}: {change:?} {fate}, answered {} {:?}",
            request.at, request.status, request.faults
        ));
    }
    for kill in &evidence.kills {
        tell(format!("killed at {kill}"));
    }
    text
}
