//! Published limits: how many requests a group of operations may send.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A group of operations with common limits.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThrottlingGroup {
    /// The name that `throttling` of an operation refers to.
    pub name: String,
    /// Its subject.
    pub documentation: String,
    /// The source of the numbers.
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
    /// The callers that share the limit.
    pub scope: ThrottlingScope,
    /// The unit that is counted.
    pub unit: ThrottlingUnit,
    /// The number of units.
    pub count: u64,
    /// Per so many seconds.
    pub seconds: u64,
    /// Only in tenants of this size.
    pub tenant: Option<String>,
}

/// The callers that share a limit.
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

/// The unit of a limit.
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
