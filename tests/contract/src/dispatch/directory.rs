//! Users, their licences, and the tenant.

use super::Table;
use crate::plan::{list, value};

pub(super) const CALLS: Table = &[
    ("users.list", |call| list!(call, call.graph_at("users")?.users().list())),
    ("users.get", |call| value!(call, call.user()?.get())),
    ("users.listLicenseDetails", |call| {
        list!(call, call.user()?.license_details().list())
    }),
    ("organization.list", |call| {
        list!(call, call.graph_at("organization")?.organization().list())
    }),
];
