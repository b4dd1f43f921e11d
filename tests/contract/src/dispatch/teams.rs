//! Teams users and their policies.

use trunkline::teams_administration::TeamsPolicyUserAssignment;

use super::Table;
use crate::plan::{list, nothing, value};

pub(super) const CALLS: Table = &[
    ("userConfigurations.list", |call| {
        list!(
            call,
            call.graph_at("admin")?.admin().teams().user_configurations().list()
        )
    }),
    ("userConfigurations.get", |call| {
        let users = call.graph_at("admin")?.admin().teams().user_configurations();
        value!(call, users.by_id(call.id()?).get())
    }),
    ("userConfigurations.getUser", |call| {
        let users = call.graph_at("admin")?.admin().teams().user_configurations();
        value!(call, users.by_id(call.id()?).user().get())
    }),
    ("teamsPolicies.getPolicyId", |call| {
        let policy = call.graph_at("admin")?.admin().teams().policy();
        list!(call, policy.get_policy_id(call.text("type")?, call.text("name")?))
    }),
    ("policyAssignments.assign", |call| {
        let assignments = call.graph_at("admin")?.admin().teams().policy().user_assignments();
        nothing!(
            call,
            assignments
                .assign(call.value::<Vec<TeamsPolicyUserAssignment>>("value")?)
                .request()
        )
    }),
    ("policyAssignments.unassign", |call| {
        let assignments = call.graph_at("admin")?.admin().teams().policy().user_assignments();
        nothing!(
            call,
            assignments
                .unassign(call.value::<Vec<TeamsPolicyUserAssignment>>("value")?)
                .request()
        )
    }),
];
