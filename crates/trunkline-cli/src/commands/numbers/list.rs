//! `trunkline numbers list`, `get` and `next-free`.

use futures_util::TryStreamExt;
use serde_json::Value;
use trunkline::Client;
use trunkline::numbers::NumberList;
use trunkline::teams_administration::NumberType;

use super::{columns, one};
use crate::arguments::{Conditions, List, NextFree};
use crate::commands::{Report, people};
use crate::document::Document;
use crate::failure::Failure;
use crate::names::Names;
use crate::printer::Printer;

pub(super) async fn list(list: &List, client: &Client, printer: Printer) -> Result<Report, Failure> {
    let mut query = narrowed(client.numbers().list(), &list.conditions);
    if list.unassigned {
        query = query.unassigned();
    }
    if let Some(user) = &list.held_by {
        query = query.held_by(&object_id(client, user).await?);
    }
    // Reading stops with the page on which there are enough.
    let limit = list.limit.unwrap_or(usize::MAX);
    let mut numbers = Vec::new();
    let mut pages = query.pages();
    while numbers.len() < limit
        && let Some(page) = pages.try_next().await?
    {
        if let Some(doubt) = page.doubt() {
            printer.note(&format!("this list may be incomplete: {doubt}"));
        }
        numbers.extend(page.items);
    }
    numbers.truncate(limit);
    if numbers.is_empty() {
        printer.note("no number matches");
    }
    let names = super::names(client, printer, &numbers).await;
    let records: Vec<Value> = numbers.iter().map(serde_json::to_value).collect::<Result<_, _>>()?;
    Ok(Document::new(Value::Array(records), columns::NUMBER)
        .with_names(names)
        .into())
}

pub(super) async fn next_free(next: &NextFree, client: &Client) -> Result<Report, Failure> {
    let found = narrowed(client.numbers().next_free(), &next.conditions).first().await?;
    one(
        found,
        Names::new(),
        "no free number for a user matches",
        "Widen the conditions, or acquire numbers",
    )
}

pub(super) fn narrowed(mut query: NumberList, conditions: &Conditions) -> NumberList {
    if let Some(name) = &conditions.number_type {
        query = query.number_type(&NumberType::from(name.as_str()));
    }
    if let Some(country) = &conditions.country {
        query = query.country(country);
    }
    if let Some(city) = &conditions.city {
        query = query.city(city);
    }
    if let Some(prefix) = &conditions.prefix {
        query = query.prefix(prefix);
    }
    if let Some(filter) = &conditions.filter {
        query = query.filter(filter);
    }
    query
}

/// Numbers are held by object ids, and not only by those of users.
async fn object_id(client: &Client, user: &str) -> Result<String, Failure> {
    if !people::is_principal_name(user) {
        return Ok(user.to_owned());
    }
    let user = people::request(client, user).await?.into_value();
    user.id
        .into_option()
        .ok_or_else(|| Failure::Unexpected("the service returned a user without an id".to_owned()))
}
