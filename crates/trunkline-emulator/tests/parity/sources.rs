//! The entries themselves: unique names, sources, reasons.

use std::collections::BTreeSet;

use crate::entries::{self, Kind};

#[test]
fn ids_are_unique_and_in_kebab_case() {
    let mut seen = BTreeSet::new();
    for entry in entries::all() {
        let is_kebab = entry.id.split('-').all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        });
        assert!(is_kebab, "'{}' is not in kebab case", entry.id);
        assert!(seen.insert(entry.id.clone()), "'{}' occurs twice", entry.id);
        assert!(!entry.all_steps().is_empty());
    }
    assert!(seen.len() >= 200, "{} entries", seen.len());
}

#[test]
fn every_entry_has_a_source_and_every_difference_a_reason() {
    let mut wrong = Vec::new();
    for entry in entries::all() {
        let source = &entry.source;
        let is_named = match source.kind {
            Kind::Documentation | Kind::Thread => source.at.starts_with("https://"),
            Kind::Metadata => source.at.contains("csdl") || source.at.contains("permissions.json"),
            // A guess has no place to look it up.
            Kind::Guess => source.at.is_empty(),
        };
        if !is_named {
            wrong.push(format!(
                "{}: a source of kind {:?} at '{}'",
                entry.id, source.kind, source.at
            ));
        }
        if source.says.trim().is_empty() || entry.behaviour.trim().is_empty() {
            wrong.push(format!("{}: nothing is said", entry.id));
        }
        if entry.equal == entry.why.as_ref().is_some_and(|why| !why.trim().is_empty()) {
            wrong.push(format!(
                "{}: 'why' belongs to every difference, and to nothing else",
                entry.id
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
