//! Graph's table of permissions, compared with the operations of the spec.
//!
//! The table (`permissions.json`, in the format of the tool kibali) lists for each permission the methods and paths it
//! opens, and marks where it is the least privileged one. Paths are compared without regard to case, to what path
//! parameters are called and to what stands in the parentheses of functions.

mod table;

use std::collections::BTreeSet;

pub use self::table::{PathPermissions, PermissionTable, SchemePermissions, read_permissions, read_permissions_text};
use crate::compare::{Comparison, FoundDifference};
use crate::model::{Cloud, Permissions};
use crate::spec::{DifferenceKind, Spec};

/// Compares the permissions of every path of every operation with the table.
#[must_use]
pub fn compare_permissions(spec: &Spec, table: &PermissionTable) -> Comparison {
    let mut comparison = Comparison::default();
    for operation in &spec.model.operations {
        comparison.counts.operations += 1;
        for path in &operation.paths {
            comparison.counts.paths += 1;
            let subject = format!("{} {}", operation.method.name(), path.path);
            let Some(entry) = table.find(operation.method, &path.path) else {
                let ours = "permissions".to_owned();
                comparison
                    .differences
                    .push(difference(&subject, "no entry".to_owned(), ours));
                continue;
            };
            for (scheme, ours, theirs) in [
                ("delegated", &path.delegated, &entry.delegated_work),
                ("application", &path.application, &entry.application),
            ] {
                comparison.counts.permissions += 1;
                comparison
                    .differences
                    .extend(scheme_differences(&subject, scheme, ours.as_ref(), theirs));
            }
        }
    }
    comparison.settle(&spec.differences, Cloud::Global, |kind| {
        kind == DifferenceKind::Permissions
    });
    comparison
}

fn difference(subject: &str, found: String, ours: String) -> FoundDifference {
    FoundDifference {
        kind: DifferenceKind::Permissions,
        subject: subject.to_owned(),
        found,
        ours,
    }
}

fn scheme_differences(
    subject: &str,
    scheme: &str,
    ours: Option<&Permissions>,
    theirs: &SchemePermissions,
) -> Vec<FoundDifference> {
    let offered = !theirs.accepted.is_empty();
    let Some(ours) = ours else {
        let found = format!("{scheme}: {}", words(theirs.accepted.iter()));
        return if offered {
            vec![difference(subject, found, format!("{scheme}: not offered"))]
        } else {
            Vec::new()
        };
    };
    let accepted: BTreeSet<String> = ours.least.iter().chain(&ours.higher).cloned().collect();
    if !offered {
        let ours = format!("{scheme}: {}", words(accepted.iter()));
        return vec![difference(subject, format!("{scheme}: not offered"), ours)];
    }
    let mut differences = Vec::new();
    let missing = words(theirs.accepted.difference(&accepted));
    let extra = words(accepted.difference(&theirs.accepted));
    if accepted != theirs.accepted {
        let found = format!("{scheme} also accepts {missing}");
        differences.push(difference(subject, found, format!("{scheme} also accepts {extra}")));
    }
    let least: BTreeSet<String> = ours.least.iter().cloned().collect();
    if least != theirs.least {
        let found = format!("{scheme} least: {}", words(theirs.least.iter()));
        differences.push(difference(
            subject,
            found,
            format!("{scheme} least: {}", words(least.iter())),
        ));
    }
    differences
}

fn words<'name>(names: impl Iterator<Item = &'name String>) -> String {
    let names: Vec<&str> = names.map(String::as_str).collect();
    if names.is_empty() {
        "nothing".to_owned()
    } else {
        names.join(", ")
    }
}
