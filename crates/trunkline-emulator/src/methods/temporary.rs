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
    let lifetime = members.get("lifetimeInMinutes").and_then(Value::as_i64).unwrap_or(60);
    if !(10..=43_200).contains(&lifetime) {
        return Err(Failure::invalid_property(
            "lifetimeInMinutes",
            "A lifetime is between 10 and 43200 minutes.",
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
        "isUsableOnce": members.get("isUsableOnce").and_then(Value::as_bool).unwrap_or(false),
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
