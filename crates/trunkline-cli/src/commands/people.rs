//! The request that finds a user, for conditions.

use trunkline::graph::User;
use trunkline::{Client, Request};

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
