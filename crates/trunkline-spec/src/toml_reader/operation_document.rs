//! The operations of an area's file, word for word.

use serde::Deserialize;
use toml::Spanned;

use crate::model::{Body, Cloud, Method, PageSize, Permissions};

/// `[[operation]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OperationEntry {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) kind: KindName,
    pub(super) method: Method,
    pub(super) call: Option<Spanned<String>>,
    pub(super) call_parameters: Option<Spanned<Vec<String>>>,
    pub(super) target: Option<Spanned<String>>,
    pub(super) documentation: String,
    pub(super) success: Spanned<Vec<u16>>,
    pub(super) result: Spanned<String>,
    #[serde(default)]
    pub(super) query: Vec<Spanned<String>>,
    pub(super) page_size: Option<Spanned<PageSize>>,
    pub(super) throttling: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) roles: Vec<String>,
    #[serde(default)]
    pub(super) recent_sign_in: bool,
    pub(super) reference: Option<String>,
    pub(super) source: String,
    #[serde(default)]
    pub(super) corrections: Vec<String>,
    pub(super) deprecated: Option<String>,
    pub(super) idempotency: Spanned<IdempotencyEntry>,
    pub(super) long_running: Option<Spanned<LongRunningEntry>>,
    pub(super) body: Option<Body>,
    #[serde(rename = "path")]
    pub(super) paths: Vec<Spanned<PathEntry>>,
}

/// The kind of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum KindName {
    Get,
    List,
    Create,
    Update,
    Delete,
    Action,
    Function,
    Batch,
}

/// `[operation.idempotency]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IdempotencyEntry {
    pub(super) kind: IdempotencyName,
    pub(super) by: Option<Spanned<String>>,
    pub(super) how: Option<String>,
}

/// Whether an operation may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum IdempotencyName {
    Safe,
    Idempotent,
    Confirm,
    Never,
}

/// `[operation.long_running]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LongRunningEntry {
    pub(super) location: String,
    pub(super) operation: String,
    pub(super) status: String,
    pub(super) succeeded: Vec<String>,
    pub(super) failed: Vec<String>,
    pub(super) details: Option<String>,
}

/// `[[operation.path]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PathEntry {
    pub(super) path: Spanned<String>,
    pub(super) clouds: Vec<Cloud>,
    #[serde(default)]
    pub(super) permissions: PermissionsEntry,
}

/// `[operation.path.permissions]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PermissionsEntry {
    pub(super) delegated: Option<Spanned<Permissions>>,
    pub(super) application: Option<Spanned<Permissions>>,
}
