//! The rule about the spec: every operation has a contract case.

use std::collections::BTreeMap;

use super::Finding;
use super::policy::Policy;
use super::tree::{Tree, extension, folder};

/// Every operation has a contract case, and every case an operation.
pub(super) fn cases(tree: &Tree, _policy: &Policy) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut operations: BTreeMap<String, &str> = BTreeMap::new();
    for (path, text) in tree
        .files()
        .filter(|(path, _)| folder(path) == "spec" && extension(path) == "toml")
    {
        match toml::from_str::<toml::Table>(text) {
            Ok(table) => operations.extend(ids(&table).map(|id| (id, path))),
            Err(error) => findings.push(Finding::in_file(path, format!("is no TOML: {}", error.message()))),
        }
    }
    for (id, area) in &operations {
        let path = format!("spec/examples/{id}.json");
        if !tree.has(&path) {
            findings.push(Finding::in_file(
                area,
                format!("operation `{id}` has no contract case; write {path}"),
            ));
        }
    }
    for (path, text) in tree
        .files()
        .filter(|(path, _)| folder(path) == "spec/examples" && extension(path) == "json")
    {
        findings.extend(
            check_case(path, text, &operations)
                .err()
                .map(|reason| Finding::in_file(path, reason)),
        );
    }
    findings
}

/// The ids of an area's operations.
fn ids(table: &toml::Table) -> impl Iterator<Item = String> {
    let operations = table.get("operation").and_then(toml::Value::as_array);
    operations
        .into_iter()
        .flatten()
        .filter_map(|operation| Some(operation.get("id")?.as_str()?.to_owned()))
}

/// Whether a file holds cases of the operation it is named after.
fn check_case(path: &str, text: &str, operations: &BTreeMap<String, &str>) -> Result<(), String> {
    let document: serde_json::Value = serde_json::from_str(text).map_err(|error| format!("is no JSON: {error}"))?;
    let operation = document["operation"].as_str().ok_or("does not name its `operation`")?;
    if path != format!("spec/examples/{operation}.json") {
        return Err(format!("holds cases of `{operation}`; rename it to {operation}.json"));
    }
    if !operations.contains_key(operation) {
        return Err(format!("no area of the spec has an operation `{operation}`"));
    }
    match document["cases"].as_array().is_some_and(|cases| !cases.is_empty()) {
        true => Ok(()),
        false => Err("has no `cases`".to_owned()),
    }
}
