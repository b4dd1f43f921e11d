//! The result of a comparison.

use std::fmt;

use super::pattern::matches;
use crate::model::Cloud;
use crate::spec::{Difference, DifferenceKind};

/// The result of a comparison.
#[derive(Debug, Clone, Default)]
pub struct Comparison {
    /// Differences that nobody recorded: errors.
    pub differences: Vec<FoundDifference>,
    /// Differences that are recorded, each with its record.
    pub recorded: Vec<(FoundDifference, Difference)>,
    /// Records that nothing matches: errors.
    pub outdated: Vec<Difference>,
    /// Notes: worth knowing, and no errors.
    pub notes: Vec<Note>,
    /// Counts of compared elements.
    pub counts: Counts,
}

/// Something that differs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FoundDifference {
    /// The kind of difference.
    pub kind: DifferenceKind,
    /// Its subject, as `differences.toml` would name it.
    pub subject: String,
    /// The form on the other side.
    pub found: String,
    /// The form in the spec.
    pub ours: String,
}

impl fmt::Display for FoundDifference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kind,
            subject,
            found,
            ours,
        } = self;
        write!(formatter, "{kind} {subject}: found {found}; the spec has {ours}")
    }
}

/// Something worth knowing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// Its subject.
    pub kind: DifferenceKind,
    /// Its subject, as `differences.toml` would name it.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// Whether it is news: false for members left out of a type that is declared partial.
    pub shown: bool,
}

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}: {}", self.kind, self.subject, self.text)
    }
}

/// Counts of compared elements.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Structured types.
    pub types: usize,
    /// Structural properties.
    pub properties: usize,
    /// Navigation properties.
    pub navigation: usize,
    /// Enumerations.
    pub enums: usize,
    /// Their members.
    pub members: usize,
    /// Actions and functions.
    pub callables: usize,
    /// Their parameters.
    pub parameters: usize,
    /// Roots.
    pub roots: usize,
    /// Operations.
    pub operations: usize,
    /// Their paths.
    pub paths: usize,
    /// Sets of permissions: one for each path and scheme.
    pub permissions: usize,
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = [
            (self.operations, "operations"),
            (self.paths, "paths"),
            (self.types, "types"),
            (self.properties, "properties"),
            (self.navigation, "navigation properties"),
            (self.enums, "enums"),
            (self.members, "members"),
            (self.callables, "actions and functions"),
            (self.parameters, "parameters"),
            (self.roots, "roots"),
            (self.permissions, "sets of permissions"),
        ];
        let words: Vec<String> = counted
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        formatter.write_str(&words.join(", "))
    }
}

impl Comparison {
    /// Whether nothing differs but what is recorded, and everything recorded still differs.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.differences.is_empty() && self.outdated.is_empty()
    }

    /// Notes that are news.
    pub fn news(&self) -> impl Iterator<Item = &Note> {
        self.notes.iter().filter(|note| note.shown)
    }

    /// One line: how much was compared, and what came of it.
    #[must_use]
    pub fn summary(&self) -> String {
        format!(
            "compared {}: {} unrecorded, {} recorded, {} outdated, {} notes",
            self.counts,
            self.differences.len(),
            self.recorded.len(),
            self.outdated.len(),
            self.news().count()
        )
    }

    /// Sorts what was found, and parts what is recorded from what is not.
    pub(crate) fn settle(
        &mut self,
        records: &[Difference],
        cloud: Cloud,
        responsible: impl Fn(DifferenceKind) -> bool,
    ) {
        let mut used = vec![false; records.len()];
        let mut record = |kind: DifferenceKind, subject: &str| {
            let mut found = None;
            for (record, used) in records.iter().zip(&mut used) {
                let here = record.cloud.is_none_or(|own| own == cloud);
                if record.kind == kind && here && matches(&record.subject, subject) {
                    *used = true;
                    found = found.or(Some(record));
                }
            }
            found
        };
        let mut differences = std::mem::take(&mut self.differences);
        differences.sort();
        for difference in differences {
            match record(difference.kind, &difference.subject) {
                Some(record) => self.recorded.push((difference, record.clone())),
                None => self.differences.push(difference),
            }
        }
        self.notes.sort();
        for note in &mut self.notes {
            if record(note.kind, &note.subject).is_some() {
                note.shown = false;
            }
        }
        let records = records.iter().zip(used).filter(|(record, used)| {
            let due = record.cloud.unwrap_or(Cloud::Global) == cloud;
            !used && due && record.kind.is_compared() && responsible(record.kind)
        });
        self.outdated = records.map(|(record, _)| record.clone()).collect();
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {} {}", self.file, self.line, self.kind, self.subject)
    }
}
