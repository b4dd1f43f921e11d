//! Who holds the numbers that rows are about, by name: object ids say nothing to people, and an account may be gone.

use std::collections::{BTreeSet, HashMap};

use futures_util::{StreamExt, TryStreamExt, stream};
use trunkline::mask::is_guid;
use trunkline::{Client, Error};
use trunkline_core::path::literal;

use super::{AT_ONCE, TOGETHER};
use crate::error::BulkError;

const PROPERTIES: [&str; 2] = ["id", "userPrincipalName"];

/// Maximum number of ids in a filter: the service's limit for `in`.
const IN_ONE_FILTER: usize = 15;

/// The directory object of a holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Holder {
    /// An account of this principal name.
    Account(String),
    /// No account of that id.
    Gone,
}

/// Holders by object id, in lower case. One that could not be read is absent.
#[derive(Debug, Default)]
pub(crate) struct Holders {
    found: HashMap<String, Holder>,
}

impl Holders {
    /// Reads what holders are called. Without the permission for that, planning goes on with their ids.
    pub(super) async fn read(client: &Client, ids: BTreeSet<String>) -> Result<Self, BulkError> {
        let ids: Vec<String> = ids.into_iter().filter(|id| is_guid(id)).collect();
        let mut holders = Self::default();
        let filters: Vec<&[String]> = ids.chunks(IN_ONE_FILTER).collect();
        // Gathered: as an iterator of closures the future could not go from thread to thread.
        let chunks: Vec<_> = filters.chunks(TOGETHER).map(|ids| names(client, ids)).collect();
        let mut answers = stream::iter(chunks).buffer_unordered(AT_ONCE);
        while let Some(named) = answers.try_next().await? {
            let Some(named) = named else {
                return Ok(Self::default());
            };
            holders
                .found
                .extend(named.into_iter().map(|(id, name)| (id, Holder::Account(name))));
        }
        // Only a look at the account itself says that it is gone: a filter may leave out what it should not.
        let missing: Vec<&str> = ids
            .iter()
            .filter(|id| !holders.found.contains_key(*id))
            .map(String::as_str)
            .collect();
        let chunks: Vec<_> = missing.chunks(TOGETHER).map(|ids| look_at(client, ids)).collect();
        let mut answers = stream::iter(chunks).buffer_unordered(AT_ONCE);
        while let Some(found) = answers.try_next().await? {
            holders.found.extend(found);
        }
        Ok(holders)
    }

    /// The holder of that id, as far as the directory was asked.
    pub(crate) fn of(&self, id: &str) -> Option<&Holder> {
        self.found.get(&id.to_ascii_lowercase())
    }

    pub(super) fn insert(&mut self, id: &str, holder: Holder) {
        self.found.insert(id.to_ascii_lowercase(), holder);
    }
}

/// Ids in lower case with names; nothing when users may not be listed.
async fn names(client: &Client, filters: &[&[String]]) -> Result<Option<Vec<(String, String)>>, BulkError> {
    let mut batch = client.batch();
    let handles: Vec<_> = filters
        .iter()
        .map(|ids| {
            let ids: Vec<String> = ids.iter().map(|id| literal(id)).collect();
            let list = client.graph().users().list().select(&PROPERTIES);
            batch.add_list(list.filter(format!("id in ({})", ids.join(","))))
        })
        .collect();
    let mut answers = batch.send().await;
    let mut found = Vec::new();
    for handle in handles {
        let page = match answers.take(handle) {
            Ok(page) => page.into_value(),
            Err(error) if error.is_permission_denied() => return Ok(None),
            // Each is looked at by itself then.
            Err(error) if is_of_the_account(&error) => continue,
            Err(error) => return Err(error.into()),
        };
        for user in page.items {
            if let (Some(id), Some(name)) = (user.id.into_option(), user.user_principal_name.into_option()) {
                found.push((id.to_ascii_lowercase(), name));
            }
        }
    }
    Ok(Some(found))
}

async fn look_at(client: &Client, ids: &[&str]) -> Result<Vec<(String, Holder)>, BulkError> {
    let mut batch = client.batch();
    let users = client.graph().users();
    let handles: Vec<_> = ids
        .iter()
        .map(|id| batch.add(users.by_id(*id).get().with_query("$select", PROPERTIES.join(","))))
        .collect();
    let mut answers = batch.send().await;
    let mut found = Vec::new();
    for (id, handle) in ids.iter().zip(handles) {
        let holder = match answers.take(handle) {
            Ok(user) => user.into_value().user_principal_name.into_option().map(Holder::Account),
            Err(error) if error.is_not_found() => Some(Holder::Gone),
            // An account that cannot be read may still exist.
            Err(error) if is_of_the_account(&error) => None,
            Err(error) => return Err(error.into()),
        };
        found.extend(holder.map(|holder| ((*id).to_owned(), holder)));
    }
    Ok(found)
}

fn is_of_the_account(error: &Error) -> bool {
    use trunkline::ErrorKind::{InvalidInput, Rejected};
    error.is_permission_denied() || matches!(error.kind(), InvalidInput | Rejected)
}
