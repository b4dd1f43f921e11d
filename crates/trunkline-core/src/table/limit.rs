//! Published limits of the service as data.

/// The groups of operations that have limits of their own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LimitTable(pub &'static [LimitGroup]);

/// Operations that count against the same limits.
#[derive(Debug, PartialEq, Eq)]
pub struct LimitGroup {
    /// The name that an operation has in `throttling`.
    pub name: &'static str,
    /// How many, per how long, for whom.
    pub windows: &'static [LimitWindow],
    /// The cost of a request in resource units, by kind of request. Empty when the group counts requests.
    pub cost: &'static [(&'static str, i64)],
}

/// A number of units per time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitWindow {
    /// Who shares it.
    pub scope: LimitScope,
    /// The unit that it counts.
    pub unit: LimitUnit,
    /// How many.
    pub count: u64,
    /// Per so many seconds.
    pub seconds: u64,
    /// Only in tenants of this size.
    pub tenant: Option<&'static str>,
}

/// Who shares a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LimitScope {
    /// One application in one tenant.
    AppTenant,
    /// One application over all tenants.
    App,
    /// All applications in one tenant.
    Tenant,
}

/// The unit of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LimitUnit {
    /// Requests.
    Request,
    /// Resource units, of which a request costs one or more.
    ResourceUnit,
    /// Writes.
    Write,
}
