//! Who has registered what.

use trunkline::Entity;
use trunkline::graph::AuthenticationMethodsRoot;

use super::Table;
use crate::call::Call;
use crate::plan::{list, value};

fn reports(call: &Call<'_>) -> Result<Entity<AuthenticationMethodsRoot>, String> {
    Ok(call.graph_at("reports")?.reports().authentication_methods())
}

pub(super) const CALLS: Table = &[
    ("userRegistrationDetails.list", |call| {
        list!(call, reports(call)?.user_registration_details().list())
    }),
    ("userRegistrationDetails.get", |call| {
        value!(call, reports(call)?.user_registration_details().by_id(call.id()?).get())
    }),
    ("reports.usersRegisteredByFeature", |call| {
        value!(call, reports(call)?.users_registered_by_feature())
    }),
    ("reports.usersRegisteredByMethod", |call| {
        value!(call, reports(call)?.users_registered_by_method())
    }),
    ("reports.usersRegisteredByFeatureFiltered", |call| {
        let (types, roles) = (call.text("includedUserTypes")?, call.text("includedUserRoles")?);
        let reports = reports(call)?;
        value!(
            call,
            reports.users_registered_by_feature_by_included_user_types_and_included_user_roles(types, roles)
        )
    }),
    ("reports.usersRegisteredByMethodFiltered", |call| {
        let (types, roles) = (call.text("includedUserTypes")?, call.text("includedUserRoles")?);
        let reports = reports(call)?;
        value!(
            call,
            reports.users_registered_by_method_by_included_user_types_and_included_user_roles(types, roles)
        )
    }),
];
