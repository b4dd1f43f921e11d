//! The judge: compares what the service has and did with what the binary says. Its sentences, precisely:
//!
//! - **Lost**: a line of the file that is not in the report exactly once, or that has no ending.
//! - **Sent twice**: an order (assign, unassign) or a creation that the service accepted more often than the file asks for
//!   it. A change that sets a value (`PATCH`, `DELETE`, `updateNumber`, SMS sign-in on or off) may be carried out again
//!   only after one whose answer may have been lost: a fault struck it, or the process was killed while it was on its way.
//!   Counted is what was accepted, whether or not an answer left. One thing is no second order: an order whose answer may
//!   have been lost, and which then failed, leaves no trace that anybody could read. Repeating after the proof orders it
//!   again; that is counted by itself, and does not happen with `--no-repeat`.
//! - **Sent unasked**: a change that no row of the file asks for, or one about a thing that no row names.
//! - **Falsely reported**: done or already although the service has it otherwise; done although nothing was carried out;
//!   already although something was; failed or skipped although it is as wanted, or although the thing is neither as before
//!   nor as the row says; unknown although no answer was lost (with `--no-repeat` also: although no kill may have come
//!   between the journal and the request); no reason, or no next step.
//! - **Touched**: a thing that no row is about, and that is not as before.
//! - **Given up**: a row that can be as wanted, and is not, though nothing stood in the way: only the option `--no-repeat`,
//!   or a fault that kept planning from reading, excuses it.
//! - **Taken, not given**: in a tenant that keeps released numbers from being assigned, and without a released brake,
//!   numbers that were taken for somebody and given to nobody, beyond those of the one assignment that found it out, and of
//!   one more for each assignment that went well after a number was released for it.
//! - **Not brought back**: a number whose holder, or a phone method whose number, is not as before when the run was undone,
//!   unless the plan of the way back said so before it began. In a tenant that blocks released numbers the report may say it,
//!   too. Emergency locations of free numbers and signing in by text message are not compared: `undo` does not restore them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use trunkline_emulator::AcceptedOrder;

use crate::back::{needlessly_taken, not_brought_back};
use crate::evidence::{Change, Evidence, is_carried_out};
use crate::truth::{Intent, Thing, digits};
use crate::world::{Prospect, Row};

/// A sentence of the judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    /// `lost`, `sent twice`, …
    pub(crate) kind: &'static str,
    pub(crate) line: Option<u32>,
    pub(crate) what: String,
}

/// The verdict on a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    /// Rows by ending.
    pub(crate) endings: BTreeMap<String, u64>,
    /// Changes that set a value once more after a lost answer.
    pub(crate) repeated: u64,
    /// Changes whose answers may have been lost.
    pub(crate) answers_lost: u64,
    /// Orders accepted again after one that failed and whose answer may have been lost.
    pub(crate) traceless: u64,
    /// Rows that could have been, and are not, for a reason that excuses it.
    pub(crate) excused: u64,
}

/// Judges a run.
pub(crate) fn judge(evidence: &Evidence) -> (Vec<Violation>, Figures) {
    let mut judge = Judge {
        evidence,
        violations: Vec::new(),
        figures: Figures::default(),
    };
    let reports = judge.count_rows();
    judge.count_changes();
    for row in &evidence.rows {
        if let Some(reported) = reports.get(&row.line) {
            judge.look_at(row, reported);
        }
    }
    judge.look_at_others();
    judge.look_at_the_whole(&reports);
    (judge.violations, judge.figures)
}

struct Judge<'e> {
    evidence: &'e Evidence,
    violations: Vec<Violation>,
    figures: Figures,
}

fn ending(reported: &Value) -> &str {
    reported["ending"].as_str().unwrap_or_default()
}

fn ordered(order: &AcceptedOrder) -> Change {
    match &order.target {
        Some(target) => Change::Assign(order.number.clone(), target.clone()),
        None => Change::Unassign(order.number.clone()),
    }
}

fn is_good(ending: &str) -> bool {
    matches!(ending, "done" | "already")
}

impl<'e> Judge<'e> {
    fn found(&mut self, kind: &'static str, line: Option<u32>, what: impl Into<String>) {
        self.violations.push(Violation {
            kind,
            line,
            what: what.into(),
        });
    }

    /// Every row is reported once.
    fn count_rows(&mut self) -> BTreeMap<u32, &'e Value> {
        let evidence = self.evidence;
        let mut reports = BTreeMap::new();
        for reported in &evidence.report {
            let line = reported["row"].as_u64().and_then(|line| u32::try_from(line).ok());
            let line = line.unwrap_or_default();
            if reports.insert(line, reported).is_some() {
                self.found("lost", Some(line), "the report has the line twice");
            }
            *self.figures.endings.entry(ending(reported).to_owned()).or_default() += 1;
        }
        for row in &evidence.rows {
            if !reports.contains_key(&row.line) {
                self.found("lost", Some(row.line), "the line has no ending in the report");
            }
        }
        reports
    }

    /// Every change of the service against what the file asks for.
    fn count_changes(&mut self) {
        let evidence = self.evidence;
        let allowed: BTreeSet<Change> = evidence
            .rows
            .iter()
            .flat_map(|row| Change::of_intent(&row.intent))
            .collect();
        let mut orders: BTreeMap<Change, u64> = BTreeMap::new();
        for order in &evidence.orders {
            *orders.entry(ordered(order)).or_default() += 1;
        }
        for (change, count) in &orders {
            let line = self.line_of(change);
            if !allowed.contains(change) {
                self.found(
                    "sent unasked",
                    line,
                    format!("{change:?} was accepted, and no row asks for it"),
                );
            } else if *count > 1 && !self.all_but_the_last_left_no_trace(change) {
                self.found("sent twice", line, format!("{change:?} was accepted {count} times"));
            } else {
                self.figures.traceless += count - 1;
            }
        }
        let mut earlier: BTreeMap<Change, bool> = BTreeMap::new();
        for request in &evidence.requests {
            let Some(change) = Change::of(request) else { continue };
            let is_lost = evidence.may_be_lost(request);
            self.figures.answers_lost += u64::from(is_lost);
            if !is_carried_out(request) {
                continue;
            }
            let line = self.line_of(&change);
            if !allowed.contains(&change) {
                self.found(
                    "sent unasked",
                    line,
                    format!("{change:?} was carried out, and no row asks for it"),
                );
            }
            let is_creation = request.method == "POST" && matches!(change, Change::SetPhone(..));
            if let Some(was_lost) = earlier.get(&change).copied()
                && !change.is_order()
            {
                if is_creation || !was_lost {
                    let at = &request.at;
                    self.found(
                        "sent twice",
                        line,
                        format!("{change:?} was carried out once more at {at}"),
                    );
                } else {
                    self.figures.repeated += 1;
                }
            }
            if change.is_order() && orders.get(&change).copied().unwrap_or_default() == 0 {
                self.found(
                    "evidence",
                    line,
                    format!("{change:?} was carried out and is not among the orders"),
                );
            }
            earlier.insert(change, is_lost);
        }
    }

    /// Whether every order of a change but the last failed, after an answer that may have been lost.
    fn all_but_the_last_left_no_trace(&self, change: &Change) -> bool {
        let evidence = self.evidence;
        let mut same: Vec<_> = evidence
            .orders
            .iter()
            .filter(|order| ordered(order) == *change)
            .collect();
        same.pop();
        let is_lost = |order: &AcceptedOrder| {
            let own = evidence
                .requests
                .iter()
                .find(|request| request.at == order.at && Change::of(request).as_ref() == Some(change));
            own.is_some_and(|request| evidence.may_be_lost(request))
        };
        same.iter().all(|order| order.status == "failed" && is_lost(order))
    }

    fn line_of(&self, change: &Change) -> Option<u32> {
        let thing = change.thing()?;
        let row = self.evidence.rows.iter().find(|row| row.intent.thing() == thing);
        row.map(|row| row.line)
    }

    /// One row: what is said of it, and what is so.
    fn look_at(&mut self, row: &Row, reported: &Value) {
        let evidence = self.evidence;
        let line = Some(row.line);
        let said = ending(reported);
        let holds = row.intent.holds(&evidence.after);
        let thing = row.intent.thing();
        let wanted = Change::of_intent(&row.intent);
        let was_carried_out = evidence
            .changes_of(&thing)
            .any(|(request, change)| is_carried_out(request) && wanted.contains(&change));
        let falsely = "falsely reported";
        match said {
            "done" | "already" => {
                if !holds {
                    self.found(falsely, line, format!("{said}, and it is not so"));
                }
                if (said == "done") != was_carried_out {
                    let what = if was_carried_out { "a change was" } else { "nothing was" };
                    self.found(falsely, line, format!("{said}, and {what} carried out"));
                }
            }
            "failed" | "skipped" => {
                // Planned upon what another row would make of it: that did not come, so it stays as it was.
                let is_spared = reported["failure"]["kind"] == "neededStep" && row.intent.holds(&evidence.before);
                if holds && !is_spared {
                    self.found(falsely, line, format!("{said}, and it is as the row wants it"));
                } else if !self.is_explained(row, reported) {
                    self.found(
                        falsely,
                        line,
                        format!("{said}, and it is neither as before nor as reported"),
                    );
                }
                self.has_reason(row, reported);
            }
            "unknown" => {
                let is_lost = |(request, _): (&_, Change)| evidence.may_be_lost(request);
                // Journalled, and killed before it left: nobody can tell, and it must not be sent again.
                let came = |change: &Change| evidence.changes_of(&thing).any(|(_, other)| other == *change);
                let never_came = wanted.iter().any(|change| !came(change));
                let was_about_to_leave = !evidence.repeats && never_came && !evidence.kills.is_empty();
                if !was_about_to_leave && !evidence.changes_of(&thing).any(is_lost) {
                    self.found(falsely, line, "unknown, and no answer was lost");
                }
                self.has_reason(row, reported);
            }
            "" | "open" if self.may_stay_open(row) => {}
            "pending" | "notSeen" => self.found("lost", line, format!("{said} at the very end")),
            other => self.found("lost", line, format!("the ending `{other}` is none")),
        }
        self.look_at_what_was_read(row, reported);
        if row.prospect == Prospect::Cannot && is_good(said) {
            self.found("evidence", line, "the campaign took the row for one that cannot be");
        }
        if row.prospect == Prospect::Can && !is_good(said) {
            let is_refused = evidence
                .plan
                .get(&row.line)
                .is_some_and(|planned| planned["verdict"] == "refused");
            let is_held = matches!(said, "" | "open") && self.may_stay_open(row);
            if evidence.repeats && !is_held && !(evidence.was_planned_in_faults && is_refused) {
                self.found("given up", line, format!("{said}, and nothing stood in the way"));
            } else {
                self.figures.excused += 1;
            }
        }
    }

    /// Whether the thing of a row that failed is as it was, or as its first steps leave it.
    fn is_explained(&self, row: &Row, reported: &Value) -> bool {
        let (before, after) = (&self.evidence.before, &self.evidence.after);
        match &row.intent {
            Intent::Assign { number, takes, .. } => {
                let (was, is) = (before.numbers.get(number), after.numbers.get(number));
                let holder = |truth: Option<&crate::truth::NumberTruth>| truth.and_then(|truth| truth.holder.clone());
                let is_released = *takes && holder(is).is_none();
                let is_reported = reported["after"]["holder"].as_str() == holder(is).as_deref();
                let activation = is.map_or("", |found| found.activation.as_str());
                let says = reported["failure"]["what"].as_str().unwrap_or_default();
                // Assigned, and of no use: the row names the state.
                let is_named = activation == "assignmentFailed" && says.contains(activation);
                holder(was) == holder(is) || is_released || is_reported || is_named
            }
            Intent::Unassign { number } | Intent::Locate { number, .. } => {
                let location_or_holder = |truth: &crate::truth::Truth| {
                    truth
                        .numbers
                        .get(number)
                        .map(|found| (found.holder.clone(), found.location.clone()))
                };
                location_or_holder(before) == location_or_holder(after)
            }
            Intent::SetPhone { user, role, .. } | Intent::RemovePhone { user, role } => {
                let number = |truth: &crate::truth::Truth| truth.phone(user, role).map(|found| digits(&found.number));
                number(before) == number(after)
            }
            Intent::Sms { user, .. } => before.phone(user, "mobile") == after.phone(user, "mobile"),
        }
    }

    /// Whether a row may be open at the end: the tenant blocks released numbers, the row takes a number for somebody or needs
    /// one to be taken, and nothing was taken for it.
    fn may_stay_open(&self, row: &Row) -> bool {
        let evidence = self.evidence;
        let held = |number: &str| {
            evidence
                .before
                .numbers
                .get(number)
                .and_then(|found| found.holder.clone())
        };
        let is_exchange = match &row.intent {
            Intent::Assign { user, takes, .. } => {
                *takes
                    || evidence
                        .before
                        .numbers
                        .values()
                        .any(|found| found.holder.as_ref() == Some(user))
            }
            Intent::Unassign { number } => evidence.rows.iter().any(|other| match &other.intent {
                Intent::Assign { user, .. } => held(number).as_ref() == Some(user),
                _ => false,
            }),
            _ => false,
        };
        let thing = row.intent.thing();
        evidence.is_blocking && is_exchange && evidence.after.words(&thing) == evidence.before.words(&thing)
    }

    fn has_reason(&mut self, row: &Row, reported: &Value) {
        let failure = &reported["failure"];
        for name in ["kind", "what", "nextStep"] {
            if failure[name].as_str().is_none_or(str::is_empty) {
                let what = format!("{} without `{name}` in its reason", ending(reported));
                self.found("falsely reported", Some(row.line), what);
            }
        }
    }

    /// The last state in the report is the state at the end, and its orders belong to the number.
    fn look_at_what_was_read(&mut self, row: &Row, reported: &Value) {
        let evidence = self.evidence;
        if let (Thing::Number(number), true) = (row.intent.thing(), is_good(ending(reported))) {
            let is = evidence
                .after
                .numbers
                .get(&number)
                .and_then(|found| found.holder.as_deref());
            let read = &reported["after"];
            if !read.is_null() && read["holder"].as_str() != is {
                self.found("falsely reported", Some(row.line), "what was read back is not so");
            }
            for operation in reported["operations"].as_array().into_iter().flatten() {
                let is_own =
                    |order: &AcceptedOrder| Some(order.id.as_str()) == operation.as_str() && order.number == number;
                if !evidence.orders.iter().any(is_own) {
                    self.found(
                        "falsely reported",
                        Some(row.line),
                        "an operation that is not the number's",
                    );
                }
            }
        }
    }

    /// Numbers and phones that no row names have not changed.
    fn look_at_others(&mut self) {
        let evidence = self.evidence;
        let things: BTreeSet<Thing> = evidence.rows.iter().map(|row| row.intent.thing()).collect();
        for (number, was) in &evidence.before.numbers {
            let is = evidence.after.numbers.get(number);
            if !things.contains(&Thing::Number(number.clone())) && is != Some(was) {
                self.found("touched", None, format!("{number}, which no row is about"));
            }
        }
        let methods = evidence.before.phones.keys().chain(evidence.after.phones.keys());
        for (user, role) in methods.collect::<BTreeSet<_>>() {
            let is_meant = things.contains(&Thing::Phone(user.clone(), role.clone()))
                || role == "mobile" && things.contains(&Thing::Sms(user.clone()));
            if !is_meant && evidence.before.phone(user, role) != evidence.after.phone(user, role) {
                self.found("touched", None, format!("{role} of {user}, which no row is about"));
            }
        }
    }

    /// The summary and the exit code say what the rows say.
    fn look_at_the_whole(&mut self, reports: &BTreeMap<u32, &Value>) {
        let evidence = self.evidence;
        let ended = reports
            .values()
            .filter(|reported| !matches!(ending(reported), "" | "open"))
            .count();
        let open = if evidence.is_blocking {
            evidence.rows.len().saturating_sub(ended)
        } else {
            0
        };
        if evidence.header["open"].as_u64() != Some(open as u64) {
            self.found("lost", None, format!("{} rows are open", evidence.header["open"]));
        }
        if let Some(taken) = needlessly_taken(evidence) {
            self.found("taken, not given", None, format!("{} are nobody's", taken.join(", ")));
        }
        for what in not_brought_back(evidence) {
            self.found("not brought back", None, what);
        }
        for name in ["done", "notSeen", "already", "failed", "skipped", "pending", "unknown"] {
            let counted = reports.values().filter(|reported| ending(reported) == name).count();
            if evidence.header["summary"][name].as_u64() != Some(counted as u64) {
                let what = format!(
                    "the summary says {} {name}, the rows {counted}",
                    evidence.header["summary"][name]
                );
                self.found("falsely reported", None, what);
            }
        }
        let all_are_good = reports.values().all(|reported| is_good(ending(reported)));
        let expected = match (evidence.is_braked, all_are_good) {
            (true, _) => 1,
            (false, true) => 0,
            (false, false) => 3,
        };
        if evidence.exit_code != Some(expected) {
            let what = format!("the exit code is {:?}, not {expected}", evidence.exit_code);
            self.found("falsely reported", None, what);
        }
        if evidence.requests.first().is_some_and(|request| request.sequence != 1) {
            self.found("evidence", None, "the emulator forgot requests: there were too many");
        }
    }
}
