//! Finding a user, for conditions, and what holders are called, for people to read.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use trunkline::graph::User;
use trunkline::mask::is_guid;
use trunkline::{Client, Request, RetryPolicy};

/// The properties of a user that intents read.
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

/// Principal names by object id.
pub(crate) type Names = HashMap<String, String>;

/// How long names are waited for. They are an addition to a result that is there already.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many ids one filter compares with, and how many filters go together: limits of the service.
const IN_ONE_FILTER: usize = 15;
const TOGETHER: usize = 20;

/// The names of holders, with one request. Those that cannot be read are absent, and shown by their ids.
pub(crate) async fn names(client: &Client, ids: impl IntoIterator<Item = &str>) -> Names {
    let ids: BTreeSet<&str> = ids.into_iter().filter(|id| is_guid(id)).collect();
    let ids: Vec<&str> = ids.into_iter().collect();
    let mut names = Names::new();
    let mut keep = |user: User| {
        if let (Some(id), Some(name)) = (user.id.into_option(), user.user_principal_name.into_option()) {
            names.insert(id, name);
        }
    };
    if let [id] = ids.as_slice() {
        let one = request(client, id)
            .with_retry(RetryPolicy::never())
            .with_timeout(PATIENCE);
        if let Ok(user) = one.await {
            keep(user.into_value());
        }
        return names;
    }
    if ids.is_empty() {
        return names;
    }
    let mut batch = client.batch().with_retry(RetryPolicy::never()).with_timeout(PATIENCE);
    let handles: Vec<_> = ids
        .chunks(IN_ONE_FILTER)
        .take(TOGETHER)
        .map(|ids| {
            let ids: Vec<String> = ids.iter().map(|id| format!("'{id}'")).collect();
            let list = client.graph().users().list().select(&["id", "userPrincipalName"]);
            batch.add_list(list.filter(format!("id in ({})", ids.join(","))))
        })
        .collect();
    let mut answers = batch.send().await;
    for handle in handles {
        if let Ok(page) = answers.take(handle) {
            page.into_value().items.into_iter().for_each(&mut keep);
        }
    }
    names
}

/// A text in which an id is accompanied by the name.
pub(crate) fn with_name(text: &str, id: &str, name: &str) -> String {
    text.replace(id, &format!("{name} ({id})"))
}
