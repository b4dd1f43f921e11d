//! Finding a user, for conditions, and what holders are called, for people to read.

use std::collections::BTreeSet;
use std::time::Duration;

use trunkline::graph::User;
use trunkline::mask::is_guid;
use trunkline::{Client, Request, RetryPolicy};

use crate::arguments::Format;
use crate::names::{Names, shown_name};
use crate::printer::Printer;

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

/// How long names are waited for in all. They are an addition to a result that is there already.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many ids one filter compares with, and how many filters go together: limits of the service.
const IN_ONE_FILTER: usize = 15;
const TOGETHER: usize = 20;

/// The names of holders, where people read the result. Those that are no accounts are absent, and shown by their ids.
/// Programs get the ids alone, and need no further request.
pub(crate) async fn names(client: &Client, printer: Printer, ids: impl IntoIterator<Item = &str>) -> Names {
    if printer.format() != Format::Table {
        return Names::new();
    }
    let ids: BTreeSet<&str> = ids.into_iter().filter(|id| is_guid(id)).collect();
    let ids: Vec<&str> = ids.into_iter().collect();
    let clock = client.core().clock();
    let start = clock.elapsed();
    let mut names = Names::new();
    for (index, part) in ids.chunks(IN_ONE_FILTER * TOGETHER).enumerate() {
        let left = PATIENCE.saturating_sub(clock.elapsed().saturating_sub(start));
        let read = match part {
            _ if left.is_zero() => Err("reading them takes too long".to_owned()),
            [id] => read_one(client, id, left).await,
            part => read_many(client, part, left).await,
        };
        match read {
            Ok(read) => names.extend(read),
            Err(why) => {
                let unread = ids.len() - index * IN_ONE_FILTER * TOGETHER;
                let people = if unread == 1 {
                    "1 holder is"
                } else {
                    &format!("{unread} holders are")
                };
                printer.note(&format!(
                    "{people} shown by id, because the names cannot be read: {why}"
                ));
                break;
            }
        }
    }
    for name in names.values() {
        printer.knows_name(name);
    }
    names
}

async fn read_one(client: &Client, id: &str, patience: Duration) -> Result<Vec<(String, String)>, String> {
    let one = request(client, id)
        .with_retry(RetryPolicy::never())
        .with_timeout(patience);
    match one.await {
        Ok(user) => Ok(named(user.into_value()).into_iter().collect()),
        Err(error) if error.is_not_found() => Ok(Vec::new()),
        Err(error) => Err(error.message().to_owned()),
    }
}

async fn read_many(client: &Client, ids: &[&str], patience: Duration) -> Result<Vec<(String, String)>, String> {
    let mut batch = client.batch().with_retry(RetryPolicy::never()).with_timeout(patience);
    let handles: Vec<_> = ids
        .chunks(IN_ONE_FILTER)
        .map(|ids| {
            let ids: Vec<String> = ids.iter().map(|id| format!("'{id}'")).collect();
            let list = client.graph().users().list().select(&["id", "userPrincipalName"]);
            batch.add_list(list.filter(format!("id in ({})", ids.join(","))))
        })
        .collect();
    let mut answers = batch.send().await;
    let mut found = Vec::new();
    for handle in handles {
        let page = answers.take(handle).map_err(|error| error.message().to_owned())?;
        found.extend(page.into_value().items.into_iter().filter_map(named));
    }
    Ok(found)
}

fn named(user: User) -> Option<(String, String)> {
    Some((user.id.into_option()?, user.user_principal_name.into_option()?))
}

/// A text in which a name stands for an id.
pub(crate) fn with_name(text: &str, id: &str, name: &str, ids: bool) -> String {
    text.replace(id, &shown_name(name, id, ids))
}
