//! The files next to the areas: corrections, throttling, differences.

use std::collections::HashSet;

use serde::Deserialize;
use toml::Spanned;

use super::source::Source;
use crate::model::Cloud;
use crate::place::{Problem, Problems};
use crate::spec::{Correction, Difference, DifferenceKind};
use crate::throttling::{ThrottlingGroup, ThrottlingWindow};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct CorrectionsDocument {
    #[serde(default)]
    correction: Vec<Spanned<Correction>>,
}

/// Reads `corrections.toml`.
pub(super) fn corrections(source: &Source, problems: &mut Vec<Problem>) -> Vec<Correction> {
    let mut seen = HashSet::new();
    let mut corrections = Vec::new();
    for entry in parse::<CorrectionsDocument>(source, problems).correction {
        let place = source.place(entry.span());
        let entry = entry.into_inner();
        if !seen.insert(entry.id.clone()) {
            problems.add(&place, format!("the correction {} is declared twice", entry.id));
        }
        for (what, text) in [
            ("id", &entry.id),
            ("says", &entry.says),
            ("contradicts", &entry.contradicts),
            ("ours", &entry.ours),
        ] {
            problems.filled(&place, format_args!("correction {}: {what}", entry.id), text);
        }
        corrections.push(entry);
    }
    corrections
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ThrottlingDocument {
    #[serde(default)]
    group: Vec<Spanned<ThrottlingGroup>>,
}

/// Reads `throttling.toml`.
pub(super) fn throttling(
    source: &Source,
    corrections: &[Correction],
    problems: &mut Vec<Problem>,
) -> Vec<ThrottlingGroup> {
    let mut seen = HashSet::new();
    let mut groups = Vec::new();
    for entry in parse::<ThrottlingDocument>(source, problems).group {
        let place = source.place(entry.span());
        let entry = entry.into_inner();
        let name = &entry.name;
        if !seen.insert(name.clone()) {
            problems.add(&place, format!("the throttling group {name} is declared twice"));
        }
        problems.filled(
            &place,
            format_args!("throttling group {name}: documentation"),
            &entry.documentation,
        );
        problems.filled(&place, format_args!("throttling group {name}: source"), &entry.source);
        for ThrottlingWindow {
            count, seconds, tenant, ..
        } in &entry.windows
        {
            if *count == 0 || *seconds == 0 {
                problems.add(&place, format!("throttling group {name}: a window counts at least one"));
            }
            if let Some(tenant) = tenant.as_ref().filter(|tenant| !entry.tenants.contains_key(*tenant)) {
                problems.add(
                    &place,
                    format!("throttling group {name}: tenants does not describe {tenant}"),
                );
            }
        }
        for id in entry
            .corrections
            .iter()
            .filter(|id| !corrections.iter().any(|entry| entry.id == **id))
        {
            problems.add(&place, format!("throttling group {name}: there is no correction {id}"));
        }
        groups.push(entry);
    }
    groups
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct DifferencesDocument {
    #[serde(default)]
    difference: Vec<Spanned<DifferenceEntry>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DifferenceEntry {
    kind: DifferenceKind,
    subject: String,
    cloud: Option<Cloud>,
    found: String,
    ours: String,
    reason: String,
}

/// Reads `differences.toml`.
pub(super) fn differences(source: &Source, problems: &mut Vec<Problem>) -> Vec<Difference> {
    let mut seen = HashSet::new();
    let mut differences = Vec::new();
    for entry in parse::<DifferencesDocument>(source, problems).difference {
        let place = source.place(entry.span());
        let DifferenceEntry {
            kind,
            subject,
            cloud,
            found,
            ours,
            reason,
        } = entry.into_inner();
        if !seen.insert((kind, subject.clone(), cloud)) {
            problems.add(&place, format!("the difference {kind} {subject} is recorded twice"));
        }
        for (what, text) in [
            ("subject", &subject),
            ("found", &found),
            ("ours", &ours),
            ("reason", &reason),
        ] {
            problems.filled(&place, format_args!("difference {kind} {subject}: {what}"), text);
        }
        let line = place.line;
        differences.push(Difference {
            kind,
            subject,
            cloud,
            found,
            ours,
            reason,
            file: place.file.to_string(),
            line,
        });
    }
    differences
}

fn parse<T: Default + serde::de::DeserializeOwned>(source: &Source, problems: &mut Vec<Problem>) -> T {
    source.parse().unwrap_or_else(|problem| {
        problems.push(problem);
        T::default()
    })
}
