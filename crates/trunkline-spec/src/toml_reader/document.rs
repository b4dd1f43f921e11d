//! The content of an area's file, word for word: types, callables and roots.

use serde::Deserialize;
use toml::Spanned;

use super::operation_document::OperationEntry;
use super::ordered::Ordered;
use crate::model::{Cloud, RootKind, Sensitivity};

/// A file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AreaDocument {
    pub(super) area: Spanned<AreaEntry>,
    #[serde(default, rename = "enum")]
    pub(super) enums: Vec<Spanned<EnumEntry>>,
    #[serde(default, rename = "entity")]
    pub(super) entities: Vec<Spanned<EntityEntry>>,
    #[serde(default, rename = "complex")]
    pub(super) complexes: Vec<Spanned<EntityEntry>>,
    #[serde(default, rename = "action")]
    pub(super) actions: Vec<Spanned<CallableEntry>>,
    #[serde(default, rename = "function")]
    pub(super) functions: Vec<Spanned<CallableEntry>>,
    #[serde(default, rename = "root")]
    pub(super) roots: Vec<Spanned<RootEntry>>,
    #[serde(default, rename = "operation")]
    pub(super) operations: Vec<Spanned<OperationEntry>>,
}

/// `[area]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AreaEntry {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) namespace: String,
    pub(super) documentation: String,
}

/// `[[enum]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EnumEntry {
    pub(super) name: String,
    #[serde(default)]
    pub(super) flags: bool,
    pub(super) documentation: String,
    pub(super) source: String,
    pub(super) clouds: Vec<Cloud>,
    pub(super) members: Ordered<MemberEntry>,
}

/// A member of `[enum.members]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MemberEntry {
    pub(super) value: i64,
    pub(super) documentation: String,
    #[serde(default)]
    pub(super) prefer: bool,
}

/// `[[entity]]` or `[[complex]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EntityEntry {
    pub(super) name: String,
    pub(super) base: Option<String>,
    #[serde(default)]
    pub(super) r#abstract: bool,
    #[serde(default)]
    pub(super) open: bool,
    #[serde(default)]
    pub(super) has_stream: bool,
    #[serde(default)]
    pub(super) partial: bool,
    #[serde(default)]
    pub(super) key: Vec<String>,
    pub(super) key_sensitivity: Option<Sensitivity>,
    pub(super) documentation: String,
    pub(super) source: String,
    pub(super) clouds: Vec<Cloud>,
    #[serde(default)]
    pub(super) properties: Ordered<PropertyEntry>,
    #[serde(default)]
    pub(super) navigation: Ordered<NavigationEntry>,
}

/// A property of a type.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PropertyEntry {
    pub(super) r#type: String,
    #[serde(default = "yes")]
    pub(super) nullable: bool,
    #[serde(default)]
    pub(super) sensitivity: Sensitivity,
    pub(super) grammar: Option<String>,
    pub(super) range: Option<(i64, i64)>,
    pub(super) deprecated: Option<String>,
    #[serde(default)]
    pub(super) filter: Vec<String>,
    #[serde(default)]
    pub(super) orderby: bool,
    pub(super) documentation: String,
    #[serde(default)]
    pub(super) corrections: Vec<String>,
}

/// A navigation property of a type.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NavigationEntry {
    pub(super) r#type: String,
    #[serde(default)]
    pub(super) contained: bool,
    #[serde(default = "yes")]
    pub(super) nullable: bool,
    pub(super) key: Option<String>,
    pub(super) documentation: String,
}

/// `[[action]]` or `[[function]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CallableEntry {
    pub(super) name: String,
    pub(super) binding: Option<String>,
    #[serde(default)]
    pub(super) parameters: Vec<Spanned<ParameterEntry>>,
    pub(super) returns: Option<ReturnsEntry>,
    pub(super) documentation: String,
    pub(super) source: String,
    pub(super) composable: Option<bool>,
}

/// A parameter.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ParameterEntry {
    pub(super) name: String,
    pub(super) r#type: String,
    #[serde(default = "yes")]
    pub(super) nullable: bool,
    pub(super) required: Option<bool>,
    pub(super) grammar: Option<String>,
    #[serde(default)]
    pub(super) sensitivity: Sensitivity,
    pub(super) documentation: String,
}

/// The result.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReturnsEntry {
    pub(super) r#type: String,
    #[serde(default = "yes")]
    pub(super) nullable: bool,
}

/// `[[root]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RootEntry {
    pub(super) name: String,
    pub(super) kind: RootKind,
    pub(super) r#type: String,
    pub(super) key: Option<String>,
    pub(super) documentation: String,
}

fn yes() -> bool {
    true
}
