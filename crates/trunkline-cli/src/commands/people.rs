//! The request that finds a user, for plans and for conditions.

use trunkline::graph::User;
use trunkline::{Client, Request};

use crate::plan::{Plan, placeholder};

/// What intents read of a user.
const PROPERTIES: &str = "id,displayName,userPrincipalName,usageLocation,accountEnabled";

/// The request that turns a principal name into an object id.
pub(super) fn request(client: &Client, user: &str) -> Request<User> {
    client
        .graph()
        .users()
        .by_id(user)
        .get()
        .with_query("$select", PROPERTIES)
}

/// Whether it is a principal name. Everything else is taken for an object id.
pub(super) fn is_principal_name(user: &str) -> bool {
    user.contains('@')
}

/// Plans finding a user, and returns what stands for the object id.
pub(super) fn plan(plan: &mut Plan, client: &Client, user: &str) -> String {
    if !is_principal_name(user) {
        return user.to_owned();
    }
    plan.read(request(client, user).operation(), "find the object id of the user");
    placeholder("object id of the user")
}
