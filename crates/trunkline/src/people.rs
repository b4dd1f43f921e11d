//! Users, named by principal name or object id.

use trunkline_core::mask::{self, is_guid};

use crate::generated::graph::User;
use crate::ids::named;
use crate::{Client, Error, ErrorKind, Request, Result};

/// The properties of a user that an intent reads before it changes anything.
const PROPERTIES: [&str; 5] = [
    "id",
    "displayName",
    "userPrincipalName",
    "usageLocation",
    "accountEnabled",
];

/// The object id of a user given by object id or principal name.
///
/// An id is taken as it is: it may be that of a resource account or of a policy instance, which `/users` does not know.
/// Principal names are resolved because some operations accept them and have no effect.
pub(crate) async fn object_id(client: &Client, user: &str) -> Result<String> {
    if is_guid(user) {
        if named(Some(user)).is_none() {
            return Err(Error::new(ErrorKind::InvalidInput, "an id of zeros names no user")
                .with_next_step("Give the principal name, such as ana@contoso.example, or the object id"));
        }
        return Ok(user.to_owned());
    }
    let user = find(client, user).await?;
    user.id.into_option().ok_or_else(|| {
        Error::new(ErrorKind::Decode, "the service returned a user without an id").with_operation("users.get")
    })
}

impl User {
    /// Refuses another user than the one that was looked up by object id or principal name. The user must have been read with
    /// `id` and `userPrincipalName`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnexpectedBody`]; see [`Error::is_key_mismatch`].
    pub fn check_key(&self, asked: &str) -> Result<()> {
        let own = if is_guid(asked.trim()) {
            self.id.as_deref()
        } else {
            self.user_principal_name.as_deref()
        };
        // Principal names do not differ by the case of their letters, whatever the alphabet.
        if own.is_some_and(|own| own.to_lowercase() == asked.trim().to_lowercase()) {
            return Ok(());
        }
        let shown = |name: &str| format!("the user {}", mask::text(name));
        let own = own.map_or_else(|| "a user without that property".to_owned(), shown);
        Err(Error::key_mismatch(shown(asked.trim()), own).with_operation("users.get"))
    }
}

/// The request that reads a user.
pub(crate) fn request(client: &Client, user: &str) -> Request<User> {
    let get = client.graph().users().by_id(user).get();
    get.with_query("$select", PROPERTIES.join(","))
}

/// The user of that principal name or id.
pub(crate) async fn find(client: &Client, user: &str) -> Result<User> {
    if user.trim().is_empty() {
        return Err(Error::new(ErrorKind::InvalidInput, "no user was named")
            .with_next_step("Give the principal name, such as ana@contoso.example, or the object id"));
    }
    match request(client, user).await {
        Ok(found) => {
            let found = found.into_value();
            found.check_key(user)?;
            Ok(found)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let message = format!("there is no user {}", mask::text(user));
            Err(error.with_message(message).with_next_step(
                "Check the spelling of the principal name and that the user is of this tenant, or give the object id",
            ))
        }
        Err(error) => Err(error),
    }
}
