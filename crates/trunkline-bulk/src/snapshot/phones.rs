//! The phone methods of the users that rows are about.

use std::collections::HashMap;

use futures_util::{StreamExt, TryStreamExt, stream};
use trunkline::graph::PhoneAuthenticationMethod;
use trunkline::{Client, Error};

use super::{AT_ONCE, TOGETHER};
use crate::error::BulkError;

/// Phone methods by the object id of the user.
#[derive(Debug, Default)]
pub(crate) struct PhoneMethods {
    found: HashMap<String, Result<Vec<PhoneAuthenticationMethod>, Error>>,
}

impl PhoneMethods {
    /// Reads the methods of users given by object id.
    pub(crate) async fn read(client: &Client, ids: &[&str]) -> Result<Self, BulkError> {
        // Gathered: as an iterator of closures the future could not go from thread to thread.
        let chunks: Vec<_> = ids.chunks(TOGETHER).map(|ids| read(client, ids)).collect();
        let mut answers = stream::iter(chunks).buffer_unordered(AT_ONCE);
        let mut methods = Self::default();
        while let Some(answered) = answers.try_next().await? {
            methods.found.extend(answered);
        }
        Ok(methods)
    }

    /// The methods of a user, or why they could not be read. `None` when nobody asked.
    pub(crate) fn of(&self, id: &str) -> Option<&Result<Vec<PhoneAuthenticationMethod>, Error>> {
        self.found.get(id)
    }
}

type Found = Vec<(String, Result<Vec<PhoneAuthenticationMethod>, Error>)>;

async fn read(client: &Client, ids: &[&str]) -> Result<Found, BulkError> {
    let users = client.graph().users();
    let mut batch = client.batch();
    let handles: Vec<_> = ids
        .iter()
        .map(|id| batch.add_list(users.by_id(*id).authentication().phone_methods().list()))
        .collect();
    let mut answers = batch.send().await;
    let mut found = Vec::with_capacity(ids.len());
    for (id, handle) in ids.iter().zip(handles) {
        let methods = match answers.take(handle) {
            // Three roles, at most one method each: they fit on the first page.
            Ok(page) => Ok(page.into_value().items),
            // A privileged user may be out of reach where others are not.
            Err(error) if error.is_permission_denied() || error.is_not_found() => Err(error),
            Err(error) => return Err(error.into()),
        };
        found.push(((*id).to_owned(), methods));
    }
    Ok(found)
}
