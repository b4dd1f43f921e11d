//! A judge that cannot find anything proves nothing: what a run left behind is changed in one place, and the judge has to
//! notice each change.

use serde_json::{Value, json};

use crate::evidence::{Change, Evidence, is_carried_out};
use crate::judge::judge;
use crate::truth::{Intent, Thing};
use crate::world::Row;

/// A change to the evidence, and the sentence that has to follow. False where a run has nothing that it could change.
type Mutation = (&'static str, &'static str, fn(&mut Evidence) -> bool);

const MUTATIONS: &[Mutation] = &[
    ("an order is accepted twice", "sent twice", |evidence| {
        let Some(mut order) = evidence.orders.first().cloned() else {
            return false;
        };
        order.id.push('2');
        evidence.orders.push(order);
        true
    }),
    ("a method is created twice", "sent twice", |evidence| {
        repeat_request(evidence, |request, change| {
            request == "POST" && matches!(change, Change::SetPhone(..))
        })
    }),
    (
        "a value is set twice although it was answered",
        "sent twice",
        |evidence| {
            evidence.kills.clear();
            repeat_request(evidence, |_, change| {
                matches!(change, Change::RemovePhone(..) | Change::Sms(..))
            })
        },
    ),
    ("an order that no row asks for", "sent unasked", |evidence| {
        let Some(mut order) = evidence.orders.first().cloned() else {
            return false;
        };
        order.target = Some("b0000000-0000-4000-8000-000000000499".to_owned());
        evidence.orders.push(order);
        true
    }),
    ("a row is missing in the report", "lost", |evidence| {
        evidence.report.pop().is_some()
    }),
    ("a row is in the report twice", "lost", |evidence| {
        let Some(row) = evidence.report.first().cloned() else {
            return false;
        };
        evidence.report.push(row);
        true
    }),
    ("a change is not seen at the very end", "lost", |evidence| {
        tell(evidence, |_, reported, _| is(reported, &["done"]), "notSeen")
    }),
    ("a row has not ended", "lost", |evidence| {
        evidence.header["open"] = json!(1);
        true
    }),
    ("a failure is reported as done", "falsely reported", |evidence| {
        tell(evidence, |_, reported, _| is(reported, &["failed", "skipped"]), "done")
    }),
    (
        "a change is reported as already correct",
        "falsely reported",
        |evidence| tell(evidence, |_, reported, _| is(reported, &["done"]), "already"),
    ),
    ("an unchanged row is reported as done", "falsely reported", |evidence| {
        tell(evidence, |_, reported, _| is(reported, &["already"]), "done")
    }),
    ("a change is reported as failed", "falsely reported", |evidence| {
        tell(evidence, |_, reported, _| is(reported, &["done"]), "failed")
    }),
    (
        "a change is reported as unknown although it was answered",
        "falsely reported",
        |evidence| {
            evidence.kills.clear();
            let is_answered = |row: &Row, reported: &Value, evidence: &Evidence| {
                is(reported, &["done"])
                    && evidence
                        .changes_of(&row.intent.thing())
                        .all(|(request, _)| request.faults.is_empty())
            };
            tell(evidence, is_answered, "unknown")
        },
    ),
    ("a reason has no next step", "falsely reported", |evidence| {
        let found = evidence
            .report
            .iter_mut()
            .find(|reported| is(reported, &["failed", "skipped"]));
        let Some(reported) = found else { return false };
        reported["failure"]["nextStep"] = json!("");
        true
    }),
    (
        "a number is somebody else's in the end",
        "falsely reported",
        |evidence| {
            let good = evidence.report.iter().filter(|reported| is(reported, &["done"]));
            let lines: Vec<Value> = good.map(|reported| reported["row"].clone()).collect();
            for row in &evidence.rows {
                if let (Intent::Assign { number, .. }, true) = (&row.intent, lines.contains(&json!(row.line)))
                    && let Some(found) = evidence.after.numbers.get_mut(number)
                {
                    found.holder = Some("b0000000-0000-4000-8000-000000000499".to_owned());
                    return true;
                }
            }
            false
        },
    ),
    ("what was undone does not come back", "not brought back", |evidence| {
        let Some(back) = &mut evidence.way_back else {
            return false;
        };
        let is_plain = |row: &&Value| row["verdict"] == "change" && row["findings"].is_null();
        let Some(row) = back.plan.iter().find(is_plain) else {
            return false;
        };
        let wanted = &row["wanted"];
        if let Some(found) = wanted["number"]
            .as_str()
            .and_then(|number| back.after.numbers.get_mut(number))
        {
            found.holder = Some("b0000000-0000-4000-8000-000000000499".to_owned());
            return true;
        }
        let text = |value: &Value| value.as_str().unwrap_or("mobile").to_owned();
        let at = (text(&wanted["user"]["id"]), text(&wanted["role"]));
        let found = back.after.phones.remove(&at);
        found.is_some()
    }),
    ("numbers are taken that nobody gets", "taken, not given", |evidence| {
        evidence.is_blocking = true;
        let mut taken = 0;
        for row in &evidence.rows {
            if let Intent::Assign {
                number, takes: true, ..
            } = &row.intent
                && let Some(found) = evidence.after.numbers.get_mut(number)
            {
                found.holder = None;
                taken += 1;
            }
        }
        taken > 20
    }),
    ("a number that no row names is changed", "touched", |evidence| {
        let named: Vec<Thing> = evidence.rows.iter().map(|row| row.intent.thing()).collect();
        let other = evidence
            .after
            .numbers
            .iter_mut()
            .find(|(number, _)| !named.contains(&Thing::Number((*number).clone())));
        let Some((_, found)) = other else { return false };
        found.location = Some("elsewhere".to_owned());
        true
    }),
    ("the exit code says that all is well", "falsely reported", |evidence| {
        let is_all_good = evidence.exit_code == Some(0);
        evidence.exit_code = Some(if is_all_good { 3 } else { 0 });
        true
    }),
    ("the summary counts one too many", "falsely reported", |evidence| {
        let done = evidence.header["summary"]["done"].as_u64().unwrap_or_default();
        evidence.header["summary"]["done"] = json!(done + 1);
        true
    }),
];

fn is(reported: &Value, endings: &[&str]) -> bool {
    endings.contains(&reported["ending"].as_str().unwrap_or_default())
}

/// Another ending for the first row of a kind.
fn tell(evidence: &mut Evidence, wanted: impl Fn(&Row, &Value, &Evidence) -> bool, ending: &str) -> bool {
    let found = evidence.report.iter().position(|reported| {
        let row = evidence.rows.iter().find(|row| reported["row"] == row.line);
        row.is_some_and(|row| wanted(row, reported, evidence))
    });
    let Some(at) = found else { return false };
    evidence.report[at]["ending"] = json!(ending);
    evidence.report[at]["failure"] = json!({ "kind": "service", "what": "It failed.", "nextStep": "Try." });
    true
}

fn repeat_request(evidence: &mut Evidence, wanted: impl Fn(&str, &Change) -> bool) -> bool {
    let found = evidence.requests.iter().find(|request| {
        let change = Change::of(request);
        is_carried_out(request)
            && request.faults.is_empty()
            && change.is_some_and(|change| wanted(&request.method, &change))
    });
    let Some(request) = found.cloned() else { return false };
    evidence.requests.push(request);
    true
}

/// Changes the evidence of a run that is in order in each way. Answers how many changes there were, and those that the
/// judge did not notice.
pub(crate) fn prove(evidence: &Evidence) -> (usize, Vec<&'static str>) {
    let (known, _) = judge(evidence);
    let mut tried = 0;
    let mut unnoticed = Vec::new();
    for (says, kind, change) in MUTATIONS {
        let mut changed = evidence.clone();
        if !change(&mut changed) {
            continue;
        }
        tried += 1;
        let (violations, _) = judge(&changed);
        let is_new = |violation: &&crate::judge::Violation| !known.contains(violation);
        if !violations
            .iter()
            .filter(is_new)
            .any(|violation| violation.kind == *kind)
        {
            unnoticed.push(*says);
        }
    }
    (tried, unnoticed)
}
