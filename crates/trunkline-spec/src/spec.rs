//! Trunkline's spec: the model, and what stands next to it.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use crate::model::{Cloud, Model};

/// Everything in the folder `spec`.
#[derive(Debug, Clone, Default)]
pub struct Spec {
    /// Types, callables, roots and operations of all areas.
    pub model: Model,
    /// The areas, sorted by name.
    pub areas: Vec<Area>,
    /// Where the documentation contradicts itself, in the file's order.
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
    /// What it is about.
    pub documentation: String,
    /// Ids of its operations, in the file's order.
    pub operations: Vec<String>,
}

/// A place where the documentation is wrong or contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// What `corrections` of an operation or property names, for instance `T1`.
    pub id: String,
    /// What it is about.
    pub subject: String,
    /// What the documentation says.
    pub says: String,
    /// What speaks against it.
    pub contradicts: String,
    /// What we do.
    pub ours: String,
    /// Who acts on it.
    pub r#where: Vec<Actor>,
}

/// Who acts on a correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Actor {
    /// The client.
    Client,
    /// The emulator.
    Emulator,
}

/// A group of operations with common limits.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThrottlingGroup {
    /// What `throttling` of an operation names.
    pub name: String,
    /// What it is about.
    pub documentation: String,
    /// Where the numbers come from.
    pub source: String,
    /// Corrections that apply.
    #[serde(default)]
    pub corrections: Vec<String>,
    /// Published limits.
    pub windows: Vec<ThrottlingWindow>,
    /// Sizes of tenants that windows speak of, and what they mean.
    #[serde(default)]
    pub tenants: BTreeMap<String, String>,
    /// Resource units of a request, by what it does.
    #[serde(default)]
    pub cost: BTreeMap<String, i64>,
    /// A header by which a caller states its priority.
    pub header: Option<ThrottlingHeader>,
}

/// So many per so long.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThrottlingWindow {
    /// Who shares the limit.
    pub scope: ThrottlingScope,
    /// What is counted.
    pub unit: ThrottlingUnit,
    /// How many.
    pub count: u64,
    /// Per so many seconds.
    pub seconds: u64,
    /// Only in tenants of this size.
    pub tenant: Option<String>,
}

/// Who shares a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThrottlingScope {
    /// One application in one tenant.
    AppTenant,
    /// One application over all tenants.
    App,
    /// All applications in one tenant.
    Tenant,
}

/// What a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThrottlingUnit {
    /// Requests.
    Request,
    /// Resource units, of which a request costs one or more.
    ResourceUnit,
    /// Writes.
    Write,
}

/// A header by which a caller states its priority.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThrottlingHeader {
    /// Its name.
    pub name: String,
    /// Its values.
    pub values: Vec<String>,
}

/// A difference from the metadata or the permissions table that is known and right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What differs.
    pub kind: DifferenceKind,
    /// Its subject, see [`DifferenceKind`]. A `*` stands for any text.
    pub subject: String,
    /// The cloud whose metadata differs. `None`: that of the global cloud, and maybe others.
    pub cloud: Option<Cloud>,
    /// What the metadata or the table has, in words.
    pub found: String,
    /// What the spec has, in words.
    pub ours: String,
    /// Why that is right.
    pub reason: String,
    /// The file that records it.
    pub file: String,
    /// The line there.
    pub line: usize,
}

/// What may differ.
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
    /// What is written differs from the documentation; for people, nothing compares it.
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
