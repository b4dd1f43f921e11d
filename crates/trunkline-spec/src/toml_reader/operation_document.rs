//! The operations of an area's file, word for word.

use serde::Deserialize;
use toml::Spanned;

use super::clouds::CloudName;
use crate::model::{Method, PageSize};

/// `[[operation]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OperationEntry {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) kind: KindName,
    pub(super) method: MethodName,
    pub(super) call: Option<Spanned<String>>,
    pub(super) call_parameters: Option<Spanned<Vec<String>>>,
    pub(super) target: Option<Spanned<String>>,
    pub(super) documentation: String,
    pub(super) success: Spanned<Vec<u16>>,
    pub(super) result: Spanned<String>,
    #[serde(default)]
    pub(super) query: Vec<Spanned<String>>,
    pub(super) page_size: Option<Spanned<PageSizeEntry>>,
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
    pub(super) body: Option<Spanned<BodyEntry>>,
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

/// HTTP methods.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum MethodName {
    Get,
    Post,
    Patch,
    Put,
    Delete,
}

impl From<MethodName> for Method {
    fn from(name: MethodName) -> Self {
        match name {
            MethodName::Get => Self::Get,
            MethodName::Post => Self::Post,
            MethodName::Patch => Self::Patch,
            MethodName::Put => Self::Put,
            MethodName::Delete => Self::Delete,
        }
    }
}

/// Page sizes of a list.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageSizeEntry {
    pub(super) default: u32,
    pub(super) maximum: u32,
}

impl From<PageSizeEntry> for PageSize {
    fn from(entry: PageSizeEntry) -> Self {
        Self {
            default: entry.default,
            maximum: entry.maximum,
        }
    }
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
    pub(super) location: Spanned<String>,
    pub(super) operation: Spanned<String>,
    pub(super) status: Spanned<String>,
    pub(super) succeeded: Spanned<Vec<String>>,
    pub(super) failed: Spanned<Vec<String>>,
    pub(super) details: Option<Spanned<String>>,
}

/// `[operation.body]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BodyEntry {
    #[serde(default)]
    pub(super) required: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) optional: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) odata_type: bool,
}

/// `[[operation.path]]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PathEntry {
    pub(super) path: Spanned<String>,
    pub(super) clouds: Vec<CloudName>,
    #[serde(default)]
    pub(super) permissions: PermissionsEntry,
}

/// `[operation.path.permissions]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PermissionsEntry {
    pub(super) delegated: Option<Spanned<SchemeEntry>>,
    pub(super) application: Option<Spanned<SchemeEntry>>,
}

/// Permissions of one scheme.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SchemeEntry {
    pub(super) least: Vec<String>,
    #[serde(default)]
    pub(super) higher: Vec<String>,
}
