//! Trunkline's spec: the model and its companion data.

use std::fmt;

use serde::Deserialize;

use crate::model::{Cloud, Model};

/// The contents of the folder `spec`.
#[derive(Debug, Clone, Default)]
pub struct Spec {
    /// Types, callables, roots and operations of all areas.
    pub model: Model,
    /// The areas, sorted by name.
    pub areas: Vec<Area>,
    /// Contradictions in the documentation, in the file's order.
    pub corrections: Vec<Correction>,
    /// Known differences from the metadata and the permissions table, in the file's order.
    pub differences: Vec<Difference>,
}

/// A file of the spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// Slug, unique.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// The namespace of its short names.
    pub namespace: String,
    /// Its subject.
    pub documentation: String,
    /// Ids of its operations, in the file's order.
    pub operations: Vec<String>,
}

/// A place where the documentation is wrong or contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// The id that `corrections` of an operation or property name, for instance `T1`.
    pub id: String,
    /// Its subject.
    pub subject: String,
    /// The statement of the documentation.
    pub says: String,
    /// The evidence against it.
    pub contradicts: String,
    /// Our behaviour.
    pub ours: String,
    /// The part that acts on it.
    pub r#where: Vec<Actor>,
}

/// The part that acts on a correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Actor {
    /// The client.
    Client,
    /// The emulator.
    Emulator,
}

/// A difference from the metadata or the permissions table that is known and right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The kind of difference.
    pub kind: DifferenceKind,
    /// Its subject, see [`DifferenceKind`]. A `*` stands for any text.
    pub subject: String,
    /// The cloud whose metadata differs. `None`: that of the global cloud, and maybe others.
    pub cloud: Option<Cloud>,
    /// The form in the metadata or the table, in words.
    pub found: String,
    /// The form in the spec, in words.
    pub ours: String,
    /// The reason why that is right.
    pub reason: String,
    /// The file that records it.
    pub file: String,
    /// The line there.
    pub line: usize,
}

/// Kinds of differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DifferenceKind {
    /// A structured type as a whole: its kind, base, key. Subject: its name.
    Type,
    /// A structural property. Subject: the type's name, a slash, the property's.
    Property,
    /// A navigation property. Subject: as for a structural one.
    Navigation,
    /// An enumeration or a member of one. Subject: its name, with a slash and the member's.
    Enum,
    /// An action or a function. Subject: its name.
    Action,
    /// An annotation forbids what an operation does. Subject: the type.
    Restriction,
    /// A root (subject: its name) or a path of an operation (subject: the method and the path).
    Operation,
    /// Permissions of a path. Subject: the method and the path.
    Permissions,
    /// Where a cloud differs from its documentation; for people, nothing compares it.
    Clouds,
    /// The written text differs from the documentation; for people, nothing compares it.
    Body,
}

impl DifferenceKind {
    /// Whether anything compares it, so that it can turn out to be outdated.
    #[must_use]
    pub fn is_compared(self) -> bool {
        !matches!(self, Self::Clouds | Self::Body)
    }
}

impl fmt::Display for DifferenceKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Type => "type",
            Self::Property => "property",
            Self::Navigation => "navigation",
            Self::Enum => "enum",
            Self::Action => "action",
            Self::Restriction => "restriction",
            Self::Operation => "operation",
            Self::Permissions => "permissions",
            Self::Clouds => "clouds",
            Self::Body => "body",
        })
    }
}
