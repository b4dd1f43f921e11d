//! Compares the spec with Microsoft Graph's own metadata.
//!
//! The spec is a subset: what only the metadata has is no difference. Members of a declared type that the spec leaves
//! out are notes, unless the type is declared partial. Everything else that differs must be recorded in
//! `differences.toml` with its reason, and a record that nothing matches any more is as wrong as a difference that
//! nobody recorded.

mod callables;
mod comparison;
mod enums;
mod operations;
mod pattern;
mod structured;

pub use self::comparison::{Comparison, Counts, FoundDifference, Note};
pub(crate) use self::pattern::normal;
use crate::model::{Cloud, ItemType, Model};
use crate::spec::{DifferenceKind, Spec};

/// Compares the spec with the metadata of the global cloud.
#[must_use]
pub fn compare(spec: &Spec, metadata: &Model) -> Comparison {
    compare_cloud(spec, metadata, Cloud::Global)
}

/// Compares the spec with the metadata of a cloud: types, and paths of operations, that the spec lists for the cloud
/// must be there; types that it does not list must not. A property of a type that the cloud does not have need not be
/// there. Members of enumerations that only the spec has, and actions and functions that no operation offers in the
/// cloud, are differences in the global cloud and notes elsewhere.
#[must_use]
pub fn compare_cloud(spec: &Spec, metadata: &Model, cloud: Cloud) -> Comparison {
    let mut comparer = Comparer {
        ours: &spec.model,
        theirs: metadata,
        cloud,
        comparison: Comparison::default(),
    };
    comparer.structured_types();
    comparer.enumerations();
    comparer.callables();
    comparer.operations();
    let mut comparison = comparer.comparison;
    comparison.settle(&spec.differences, cloud, |kind| kind != DifferenceKind::Permissions);
    comparison
}

/// Compares, and collects what it finds.
struct Comparer<'models> {
    ours: &'models Model,
    theirs: &'models Model,
    cloud: Cloud,
    comparison: Comparison,
}

impl Comparer<'_> {
    fn differs(&mut self, kind: DifferenceKind, subject: &str, found: impl Into<String>, ours: impl Into<String>) {
        self.comparison.differences.push(FoundDifference {
            kind,
            subject: subject.to_owned(),
            found: found.into(),
            ours: ours.into(),
        });
    }

    /// Notes a difference of two values, if they differ.
    fn same<T: PartialEq>(
        &mut self,
        kind: DifferenceKind,
        subject: &str,
        found: T,
        ours: T,
        words: impl Fn(&T) -> String,
    ) {
        if found != ours {
            self.differs(kind, subject, words(&found), words(&ours));
        }
    }

    fn note(&mut self, kind: DifferenceKind, subject: &str, text: &str, shown: bool) {
        self.comparison.notes.push(Note {
            kind,
            subject: subject.to_owned(),
            text: text.to_owned(),
            shown,
        });
    }

    /// Whether the spec lists a type of ours for this cloud.
    fn is_type_here(&self, item: ItemType) -> bool {
        match item {
            ItemType::Primitive(_) => true,
            ItemType::Enum(id) => self.is_here(&self.ours.enumeration(id).clouds),
            ItemType::Structured(id) => self.is_here(&self.ours.structured(id).clouds),
        }
    }

    fn is_here(&self, clouds: &[Cloud]) -> bool {
        clouds.contains(&self.cloud)
    }
}
