//! The way back: after a run its journal is undone, and the judge compares the state with the one before the run.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::evidence::Evidence;
use crate::truth::{Intent, NumberTruth, PhoneTruth, Truth, digits};

/// The plan of `bulk undo`, and the state after applying it.
#[derive(Clone, Debug, Default)]
pub(crate) struct WayBack {
    /// The rows of its plan.
    pub(crate) plan: Vec<Value>,
    /// The report on each row.
    pub(crate) report: Vec<Value>,
    /// The state long after it was applied.
    pub(crate) after: Truth,
}

impl WayBack {
    /// The rows of the plan about a number, or about a phone method.
    fn rows_about<'b>(&'b self, number: Option<&str>, phone: Option<(&str, &str)>) -> Vec<&'b Value> {
        let is_about = |row: &&Value| {
            let wanted = &row["wanted"];
            if let Some(number) = number {
                return wanted["number"] == number && wanted["role"].is_null();
            }
            let role = wanted["role"].as_str();
            let role = role.or_else(|| (wanted["action"] == "smsSignIn").then_some("mobile"));
            phone.is_some_and(|(user, of)| wanted["user"]["id"] == user && role == Some(of))
        };
        self.plan.iter().filter(is_about).collect()
    }

    fn ending(&self, line: &Value) -> Option<&str> {
        let reported = self.report.iter().find(|reported| reported["row"] == *line)?;
        reported["ending"].as_str()
    }
}

/// Differences from the former state that the plan of the undo did not announce.
pub(crate) fn not_brought_back(evidence: &Evidence) -> Vec<String> {
    let Some(back) = &evidence.way_back else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (number, was) in &evidence.before.numbers {
        let is = back.after.numbers.get(number);
        let rows = back.rows_about(Some(number), None);
        // Whether a number is in service is not for a client to say.
        let differs = |is: &NumberTruth| {
            let activation = was.activation.clone();
            NumberTruth {
                activation,
                ..is.clone()
            } != *was
        };
        if is.is_none_or(differs)
            && !is_announced(&rows)
            && !is_blocked(evidence, back, &rows, was, is)
            && !is_in_no_use(back, &rows, was, is)
        {
            found.push(format!(
                "{number} was {was:?} and is {is:?}; the way back: {}",
                statement(back, &rows)
            ));
        }
    }
    let methods = evidence.before.phones.keys().chain(back.after.phones.keys());
    for (user, role) in methods.collect::<BTreeSet<_>>() {
        let (was, is) = (evidence.before.phone(user, role), back.after.phone(user, role));
        let rows = back.rows_about(None, Some((user, role)));
        let state = |found: Option<&PhoneTruth>| found.map(|found| (digits(&found.number), found.is_for_sms));
        if state(was) != state(is) && !is_announced(&rows) {
            found.push(format!(
                "{role} of {user} was {was:?} and is {is:?}; the way back: {}",
                statement(back, &rows)
            ));
        }
    }
    found
}

fn is_announced(rows: &[&Value]) -> bool {
    rows.iter()
        .any(|row| row["verdict"] == "refused" || row["findings"].as_array().is_some_and(|found| !found.is_empty()))
}

/// Where the tenant keeps released numbers from being assigned, which no plan can see: the row says that it did not go
/// well, or is open.
fn is_blocked(
    evidence: &Evidence,
    back: &WayBack,
    rows: &[&Value],
    was: &NumberTruth,
    is: Option<&NumberTruth>,
) -> bool {
    let is_missing = was.holder.is_some() && is.is_some_and(|is| is.holder.is_none());
    let is_said = |row: &&Value| !matches!(back.ending(&row["row"]), Some("done" | "already"));
    // The brake of the way back holds them: an exchange that was carried out stays as it is.
    let is_open = |row: &&Value| matches!(back.ending(&row["row"]), None | Some("open"));
    let is_explained = rows.iter().all(is_open) || is_missing && rows.iter().all(is_said);
    evidence.is_blocking && !rows.is_empty() && is_explained
}

/// Whether the number is its former holder's again and the service cannot bring it into use: the row has failed and says
/// so, and nothing more was asked of the number.
fn is_in_no_use(back: &WayBack, rows: &[&Value], was: &NumberTruth, is: Option<&NumberTruth>) -> bool {
    let is_failed = |row: &&Value| back.ending(&row["row"]) == Some("failed");
    is.is_some_and(|is| is.holder == was.holder && is.activation != was.activation) && rows.iter().any(is_failed)
}

fn statement(back: &WayBack, rows: &[&Value]) -> String {
    if rows.is_empty() {
        return "no row is about it".to_owned();
    }
    let words = rows.iter().map(|row| {
        let ending = back.ending(&row["row"]).unwrap_or("open");
        let failure = back.report.iter().find(|reported| reported["row"] == row["row"]);
        let failure = failure.map_or(Value::Null, |reported| reported["failure"]["what"].clone());
        format!("{} {} {ending} {failure}", row["wanted"], row["verdict"])
    });
    words.collect::<Vec<_>>().join("; ")
}

/// The numbers that were taken for somebody and given to nobody, when they are more than one assignment needs. Each
/// assignment that went well after a number was released for it lets one more begin.
pub(crate) fn needlessly_taken(evidence: &Evidence) -> Option<Vec<String>> {
    if !evidence.is_blocking {
        return None;
    }
    let holder = |truth: &Truth, number: &str| truth.numbers.get(number).and_then(|found| found.holder.clone());
    let assigned = || {
        evidence.rows.iter().filter_map(|row| match &row.intent {
            Intent::Assign {
                number, user, takes, ..
            } => Some((number, user, *takes)),
            _ => None,
        })
    };
    let taken: Vec<String> = assigned()
        .filter(|(_, _, takes)| *takes)
        .map(|(number, ..)| number.clone())
        .filter(|number| holder(&evidence.before, number).is_some() && holder(&evidence.after, number).is_none())
        .collect();
    let is_for_one = assigned().any(|(number, user, _)| {
        taken
            .iter()
            .all(|taken| taken == number || holder(&evidence.before, taken).as_ref() == Some(user))
    });
    let good = evidence.rows.iter().filter(|row| match &row.intent {
        Intent::Assign { user, takes: false, .. } => {
            let held = |number: &&NumberTruth| number.holder.as_ref() == Some(user);
            row.intent.holds(&evidence.after)
                && !row.intent.holds(&evidence.before)
                && evidence.before.numbers.values().any(|number| held(&number))
        }
        _ => false,
    });
    let begun = good.count() + 1;
    let is_spared = is_for_one || begun > 1 && taken.len() <= 2 * begun;
    (!taken.is_empty() && !is_spared).then_some(taken)
}
