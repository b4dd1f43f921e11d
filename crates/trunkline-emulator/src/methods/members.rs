//! The methods of a user as they are stored, and as a caller may see them.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::Kind;
use crate::call::Call;
use crate::error::Failure;
use crate::odata::project;
use crate::permission::{mask_phone, sees_masked};
use crate::place::Owner;
use crate::settings::CloudProfile;

/// The checks every authentication path shares: no query options, and a user that exists.
pub(super) fn prepare(call: &Call<'_>, owner: &Owner) -> Result<String, Failure> {
    call.options.only(!call.settings.lenient, &[])?;
    call.owner_id(owner)
}

pub(super) fn missing(key: &str) -> Failure {
    Failure::new(
        404,
        "resourceNotFound",
        format!("The user has no authentication method '{key}'."),
    )
}

pub(super) fn has_id(item: &Value, key: &str) -> bool {
    item["id"].as_str().is_some_and(|id| id.eq_ignore_ascii_case(key))
}

/// The methods of all kinds. Collections that a seed brings and this crate does not know come last: a client meets
/// unknown derived types that way.
pub(super) fn all_members(call: &Call<'_>, id: &str) -> Vec<Value> {
    let global = call.settings.cloud == CloudProfile::Global;
    let served = Kind::ALL.into_iter().filter(|kind| global || !kind.is_global_only());
    let mut items: Vec<Value> = served.flat_map(|kind| members(call, id, kind)).collect();
    let collections = call.world.account(id).into_iter().flat_map(|account| &account.methods);
    for (_, unknown) in collections.filter(|(name, _)| Kind::of_segment(name).is_none()) {
        items.extend(unknown.iter().cloned());
    }
    items
}

/// The methods of one kind, as this caller may see them.
pub(super) fn members(call: &Call<'_>, id: &str, kind: Kind) -> Vec<Value> {
    let stored = call
        .world
        .account(id)
        .and_then(|account| account.methods.get(kind.segment()));
    let mut items = stored.cloned().unwrap_or_default();
    if kind == Kind::Phone && !call.is_self(id) && sees_masked(call.caller) {
        items.iter_mut().for_each(mask_phone);
    }
    if kind == Kind::TemporaryAccessPass {
        items.iter_mut().for_each(|item| refresh(item, call.now));
    }
    items
}

/// The methods of one kind, to change.
pub(super) fn items_mut<'a>(call: &'a mut Call<'_>, id: &str, kind: Kind) -> &'a mut Vec<Value> {
    let account = call.world.accounts.entry(id.to_owned()).or_default();
    account.methods.entry(kind.segment().to_owned()).or_default()
}

pub(super) fn find_mut<'a>(call: &'a mut Call<'_>, id: &str, kind: Kind, key: &str) -> Option<&'a mut Value> {
    items_mut(call, id, kind).iter_mut().find(|item| has_id(item, key))
}

/// An entity as a collection of its own kind shows it.
pub(super) fn shown(item: Value, kind: Kind) -> Value {
    let mut item = without_device(project(&item, None));
    if !kind.shows_type()
        && let Some(members) = item.as_object_mut()
    {
        members.remove("@odata.type");
    }
    item
}

/// A method without its device: that is a navigation property, with a path of its own.
pub(super) fn without_device(mut item: Value) -> Value {
    if let Some(members) = item.as_object_mut() {
        members.remove("device");
    }
    item
}

pub(super) fn with_context(call: &Call<'_>, id: &str, kind: Kind, mut item: Value) -> Value {
    item["@odata.context"] = json!(call.context(&format!("users('{id}')/authentication/{}/$entity", kind.segment())));
    item
}

/// Brings a pass's usability up to the present.
pub(super) fn refresh(item: &mut Value, now: Timestamp) {
    let Some(start) = item["startDateTime"]
        .as_str()
        .and_then(|text| text.parse::<Timestamp>().ok())
    else {
        return;
    };
    let lifetime = SignedDuration::from_mins(item["lifetimeInMinutes"].as_i64().unwrap_or(60));
    let end = start.saturating_add(lifetime).unwrap_or(start);
    let (usable, reason) = if now < start {
        (false, "NotYetValid")
    } else if now >= end {
        (false, "Expired")
    } else {
        (true, "EnabledByPolicy")
    };
    item["isUsable"] = json!(usable);
    item["methodUsabilityReason"] = json!(reason);
}
