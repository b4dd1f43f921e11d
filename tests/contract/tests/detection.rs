//! The runner itself: a case that says something else than what happens is found out, whatever it is that differs.

use serde_json::{Value, json};
use trunkline_contract::case::{self, Case, CaseFile, Outcome};
use trunkline_contract::run;

/// A change to a case as it is in its file.
type Change = (&'static str, fn(&mut Value) -> bool);

const CHANGES: &[Change] = &[
    ("the method", |case| {
        let method = &mut case["request"]["method"];
        *method = json!(if method == "PUT" { "GET" } else { "PUT" });
        true
    }),
    ("the path", |case| append(&mut case["request"]["path"], "x")),
    ("the encoding of the path", |case| {
        let path = case["request"]["path"].as_str().unwrap_or_default().replace('@', "%40");
        let changed = case["request"]["path"] != json!(path);
        case["request"]["path"] = json!(path);
        changed
    }),
    ("an option more", |case| {
        push(&mut case["request"]["query"], json!(["$top", "7"]))
    }),
    ("an option less", |case| {
        case["request"]["query"]
            .as_array_mut()
            .is_some_and(|query| query.pop().is_some())
    }),
    ("a header", |case| {
        case["request"]["headers"]["x-expected"] = json!("y");
        true
    }),
    ("a member of the body", |case| {
        let body = &mut case["request"]["body"];
        let there = body.is_object();
        if there {
            body["unexpected"] = json!(null);
        }
        there
    }),
    ("a body at all", |case| {
        let body = &mut case["request"]["body"];
        *body = if body.is_null() { json!({}) } else { Value::Null };
        true
    }),
    ("one more page", |case| {
        let exchange = json!({"request": case["request"], "response": case["response"]});
        case["then"] = json!([exchange]);
        true
    }),
    ("nothing sent", |case| {
        case["request"] = Value::Null;
        case["response"] = Value::Null;
        true
    }),
    ("a member of the value", |case| {
        let value = &mut case["outcome"]["value"];
        let there = value.is_object();
        if there {
            value["unexpected"] = json!(1);
        }
        there
    }),
    ("an item", |case| push(&mut case["outcome"]["items"], json!({}))),
    ("the kind of the ending", |case| {
        let none = case["outcome"]["none"].is_boolean();
        case["outcome"] = if none {
            json!({"value": {}})
        } else {
            json!({"none": true})
        };
        true
    }),
    ("the kind of the error", |case| {
        let error = case["outcome"]["error"].is_object();
        if error {
            case["outcome"]["error"]["kind"] = json!("cancelled");
        }
        error
    }),
    ("the id of the operation", |case| {
        append(&mut case["outcome"]["long_running"]["id"], "x")
    }),
    ("what the 202 carries", |case| {
        let running = &mut case["outcome"]["long_running"];
        let there = running.is_object();
        if there {
            running["value"] = json!({"newPassword": "Other-1-Example"});
        }
        there
    }),
    ("an argument nobody uses", |case| {
        case["arguments"]["noSuchArgument"] = json!(1);
        true
    }),
];

fn append(text: &mut Value, more: &str) -> bool {
    let Some(old) = text.as_str() else { return false };
    *text = json!(format!("{old}{more}"));
    true
}

fn push(list: &mut Value, item: Value) -> bool {
    list.as_array_mut().map(|items| items.push(item)).is_some()
}

/// A case of each operation that sends something, and a few that fail, as their files have them.
fn samples() -> Vec<(String, Value)> {
    let files: Vec<CaseFile> = case::read_all().unwrap();
    let fits = |case: &Case| case.known.is_none() && case.request.is_some();
    let optioned = |case: &Case| fits(case) && case.request.as_ref().is_some_and(|request| !request.query.is_empty());
    let failing = |case: &Case| fits(case) && matches!(case.outcome, Outcome::Error(_));
    // One with options tells more.
    let usual = files.iter().filter_map(|file| {
        let index = file
            .cases
            .iter()
            .position(optioned)
            .or_else(|| file.cases.iter().position(fits))?;
        Some((file, index))
    });
    let failures = files
        .iter()
        .filter_map(|file| Some((file, file.cases.iter().position(failing)?)));
    usual
        .chain(failures.take(3))
        .map(|(file, index)| (file.operation.clone(), as_written(file, index)))
        .collect()
}

fn as_written(file: &CaseFile, index: usize) -> Value {
    let path = case::spec_folder()
        .join("examples")
        .join(format!("{}.json", file.operation));
    let text = std::fs::read_to_string(path).unwrap();
    let text: Value = serde_json::from_str(&text).unwrap();
    text["cases"][index].clone()
}

#[tokio::test]
async fn every_change_of_a_case_is_found_out() {
    let mut found = vec![0; CHANGES.len()];
    for (operation, original) in samples() {
        for (index, (what, change)) in CHANGES.iter().enumerate() {
            let mut changed = original.clone();
            // Indexing for a change may make members; only a change that applies is run.
            if !change(&mut changed) || operation == "batch.send" && what.starts_with("an argument") {
                continue;
            }
            let case: Case =
                serde_json::from_value(changed).unwrap_or_else(|error| panic!("{operation}, {what}: {error}"));
            let differences = run::recorded(&operation, &case).await;
            assert!(
                differences.as_ref().map_or(true, |differences| !differences.is_empty()),
                "{operation}: nobody noticed that {what} differs"
            );
            found[index] += 1;
        }
    }
    for ((what, _), count) in CHANGES.iter().zip(found) {
        assert!(count > 0, "{what} was never changed");
    }
}

#[tokio::test]
async fn what_differs_in_the_emulator_is_found_out() {
    for file in case::read_all().unwrap() {
        let Some(case) = file.cases.iter().find(|case| case.emulator.is_some()) else {
            continue;
        };
        let expected = case.emulator.as_ref().map(|run| run.status).unwrap_or_default();
        let other = json!({"status": expected + 1});
        let other = serde_json::from_value(other).unwrap();
        let differences = run::emulated(&file.operation, case, &other).await.unwrap();
        assert!(!differences.is_empty(), "{}: nobody noticed the status", file.operation);
        let other = json!({"status": expected, "contains": {"noSuchMember": 1}});
        let other = serde_json::from_value(other).unwrap();
        let differences = run::emulated(&file.operation, case, &other).await.unwrap();
        assert!(!differences.is_empty(), "{}: nobody noticed the member", file.operation);
    }
}
