//! The emulator's table of permissions against the one that Graph publishes (`permissions.json`).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::metadata::file;

/// The permissions of one method and path: on behalf of somebody, and of an application.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Permissions {
    delegated: BTreeSet<String>,
    application: BTreeSet<String>,
}

/// Paths are compared in lower case, with `{id}` for any key and without the arguments of functions.
fn key(method: &str, path: &str) -> String {
    let path = path.to_ascii_lowercase();
    let segments = path.split('/').map(|segment| {
        if segment.starts_with('{') {
            "{id}"
        } else {
            segment.split('(').next().unwrap_or_default()
        }
    });
    format!("{method} {}", segments.collect::<Vec<_>>().join("/"))
}

fn published(text: &str) -> BTreeMap<String, Permissions> {
    let file: Value = serde_json::from_str(text).unwrap();
    let mut table: BTreeMap<String, Permissions> = BTreeMap::new();
    for (name, permission) in file["permissions"].as_object().unwrap() {
        for set in permission["pathSets"].as_array().into_iter().flatten() {
            let has = |scheme: &str| {
                set["schemeKeys"]
                    .as_array()
                    .is_some_and(|keys| keys.contains(&scheme.into()))
            };
            let methods = set["methods"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str);
            for method in methods {
                for path in set["paths"].as_object().unwrap().keys() {
                    let entry = table.entry(key(method, path)).or_default();
                    if has("DelegatedWork") {
                        entry.delegated.insert(name.clone());
                    }
                    if has("Application") {
                        entry.application.insert(name.clone());
                    }
                }
            }
        }
    }
    table
}

fn served() -> Vec<(String, Permissions)> {
    let lines = include_str!("../../data/permissions.txt").lines();
    lines
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let columns: Vec<&str> = line.split(' ').collect();
            let [method, path, delegated, application] = columns[..] else {
                panic!("not four columns: {line}");
            };
            let list = |text: &str| text.split(',').filter(|name| *name != "-").map(str::to_owned).collect();
            let permissions = Permissions {
                delegated: list(delegated),
                application: list(application),
            };
            (key(method, path), permissions)
        })
        .collect()
}

/// Paths of the directory, which dozens of permissions open: the emulator's table lists the usual ones.
fn is_directory(key: &str) -> bool {
    [
        "/users",
        "/users/{id}",
        "/me",
        "/users/{id}/licensedetails",
        "/me/licensedetails",
        "/organization",
    ]
    .iter()
    .any(|path| key.split_once(' ').is_some_and(|(_, known)| known == *path))
}

/// Keys of resource accounts: their pages are newer than the published table, which has no path of theirs.
fn is_newer(key: &str) -> bool {
    key.contains("/resourceaccountkeyauthenticationmethods")
}

#[test]
fn served_paths_have_the_published_permissions() {
    let Some(text) = file("permissions.json") else { return };
    let published = published(&text);
    let served = served();
    let mut wrong = Vec::new();
    for (key, ours) in &served {
        if is_newer(key) {
            assert!(!published.contains_key(key), "{key} is published now: compare it");
            continue;
        }
        let theirs = published.get(key).cloned().unwrap_or_default();
        let agrees = if is_directory(key) {
            ours.delegated.is_subset(&theirs.delegated) && ours.application.is_subset(&theirs.application)
        } else {
            *ours == theirs
        };
        if !agrees {
            let list = |left: &BTreeSet<String>, right: &BTreeSet<String>| {
                left.difference(right).cloned().collect::<Vec<_>>().join(",")
            };
            wrong.push(format!(
                "{key}: only here {} | {}; only there {} | {}",
                list(&ours.delegated, &theirs.delegated),
                list(&ours.application, &theirs.application),
                list(&theirs.delegated, &ours.delegated),
                list(&theirs.application, &ours.application)
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        served.len(),
        wrong.join("\n")
    );
    assert!(served.len() >= 100, "{} paths", served.len());
}
