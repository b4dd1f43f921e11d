//! The history of a row, to find the cause of a violation: its intent, plan, requests, orders and report.

use std::fmt::Write as _;

use crate::evidence::{Evidence, is_carried_out};
use crate::judge::Violation;
use crate::truth::Thing;

/// Writes the history of the row of a violation.
pub(crate) fn history(violation: &Violation, evidence: &Evidence) -> String {
    let mut text = String::new();
    let row = violation
        .line
        .and_then(|line| evidence.rows.iter().find(|row| row.line == line));
    let Some(row) = row else { return text };
    let thing = row.intent.thing();
    let mut add = |line: String| {
        let _ = writeln!(text, "    {line}");
    };
    add(format!("wanted: {:?} ({:?})", row.intent, row.prospect));
    add(format!("before: {}", evidence.before.words(&thing)));
    add(format!("at the end: {}", evidence.after.words(&thing)));
    if let Some(planned) = evidence.plan.get(&row.line) {
        add(format!(
            "planned: {} {} {}",
            planned["verdict"], planned["steps"], planned["findings"]
        ));
    }
    for reported in evidence.report.iter().filter(|reported| reported["row"] == row.line) {
        add(format!(
            "reported: {} failure {} warnings {} after {}",
            reported["ending"], reported["failure"], reported["warnings"], reported["after"]
        ));
    }
    if let Thing::Number(number) = &thing {
        for order in evidence.orders.iter().filter(|order| order.number == *number) {
            add(format!("order at {}: {:?}, {}", order.at, order.target, order.status));
        }
    }
    for (request, change) in evidence.changes_of(&thing) {
        let effect = if is_carried_out(request) {
            "carried out"
        } else {
            "not carried out"
        };
        add(format!(
            "request at {}: {change:?} {effect}, answered {} {:?}",
            request.at, request.status, request.faults
        ));
    }
    for kill in &evidence.kills {
        add(format!("killed at {kill}"));
    }
    text
}
