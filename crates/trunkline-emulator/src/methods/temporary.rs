//! Temporary access passes.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Kind;
use super::members::{items_mut, refresh, with_context};
use crate::body::{self, Shape, optional};
use crate::call::Call;
use crate::clock::graph_text;
use crate::error::Failure;
use crate::message::Reply;
use crate::policy;

/// `POST temporaryAccessPassMethods`: replaces a pass that is still there. The secret is shown this once.
pub(super) fn create(call: &mut Call<'_>, id: &str) -> Result<Reply, Failure> {
    let members = body::object(call.request, true)?;
    body::check(
        &members,
        &[
            optional("id", Shape::Text),
            optional("startDateTime", Shape::Text),
            optional("lifetimeInMinutes", Shape::Integer),
            optional("isUsableOnce", Shape::Boolean),
        ],
    )?;
    body::check_type(&members, Kind::TemporaryAccessPass.type_name())?;
    if call.is_self(id) {
        return Err(Failure::forbidden());
    }
    let policy = policy::configuration(&call.world.methods_policy, "TemporaryAccessPass").cloned();
    let policy = policy.unwrap_or_default();
    let default_lifetime = policy["defaultLifetimeInMinutes"].as_i64().unwrap_or(60);
    let lifetime = members.get("lifetimeInMinutes").and_then(Value::as_i64);
    let lifetime = lifetime.unwrap_or(default_lifetime);
    if !(10..=43_200).contains(&lifetime) {
        return Err(Failure::invalid_property(
            "lifetimeInMinutes",
            "A lifetime is between 10 and 43200 minutes.",
        ));
    }
    let is_once_only = policy["isUsableOnce"] == json!(true);
    let is_usable_once = members.get("isUsableOnce").and_then(Value::as_bool);
    if is_once_only && is_usable_once == Some(false) {
        return Err(Failure::invalid_property(
            "isUsableOnce",
            "The policy allows passes for one use alone.",
        ));
    }
    let start = match body::text(&members, "startDateTime") {
        None => call.now,
        Some(text) => text
            .parse::<Timestamp>()
            .map_err(|_| Failure::invalid_property("startDateTime", "The value is not a date-time with an offset."))?,
    };
    let mut entity = json!({
        "@odata.type": Kind::TemporaryAccessPass.type_name(),
        "id": uuid::Uuid::new_v4().to_string(),
        "temporaryAccessPass": null,
        "createdDateTime": graph_text(call.now),
        "startDateTime": graph_text(start),
        "lifetimeInMinutes": lifetime,
        "isUsableOnce": is_usable_once.unwrap_or(is_once_only),
        "isUsable": false,
        "methodUsabilityReason": "NotYetValid",
    });
    refresh(&mut entity, call.now);
    let items = items_mut(call, id, Kind::TemporaryAccessPass);
    items.clear();
    items.push(entity.clone());
    let secret = uuid::Uuid::new_v4().simple().to_string();
    entity["temporaryAccessPass"] = json!(&secret[..8]);
    Ok(Reply::json(
        201,
        with_context(call, id, Kind::TemporaryAccessPass, entity),
    ))
}
