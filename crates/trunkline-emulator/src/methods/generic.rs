//! Requests that all kinds of methods share: lists, reads and deletions.

use serde_json::{Value, json};

use super::members::{
    all_members, find_mut, has_id, items_mut, members, missing, prepare, shown, with_context, without_device,
};
use super::{Kind, passkey, phone, temporary};
use crate::body::{self, Shape, optional, required};
use crate::call::Call;
use crate::clock::zoneless_text;
use crate::error::Failure;
use crate::message::Reply;
use crate::odata::{present, project};
use crate::place::Owner;

/// `GET methods`: all kinds together, each with its type.
pub(crate) fn list_all(call: &mut Call<'_>, owner: &Owner) -> Result<Reply, Failure> {
    let id = prepare(call, owner)?;
    let items: Vec<Value> = all_members(call, &id)
        .iter()
        .map(|item| without_device(project(item, None)))
        .collect();
    let context = call.context(&format!("users('{id}')/authentication/methods"));
    Ok(Reply::json(200, present(context, items, None, None)))
}

/// Number of methods of a user: of one kind, or of all.
pub(crate) fn count(call: &mut Call<'_>, owner: &Owner, kind: Option<Kind>) -> Result<usize, Failure> {
    let id = prepare(call, owner)?;
    Ok(match kind {
        Some(kind) => members(call, &id, kind).len(),
        None => all_members(call, &id).len(),
    })
}

/// `GET methods/{id}`.
pub(crate) fn get_any(call: &mut Call<'_>, owner: &Owner, key: &str) -> Result<Reply, Failure> {
    let id = prepare(call, owner)?;
    let found = all_members(call, &id).into_iter().find(|item| has_id(item, key));
    let item = found.ok_or_else(|| missing(key))?;
    let mut item = without_device(project(&item, None));
    item["@odata.context"] = json!(call.context(&format!("users('{id}')/authentication/methods/$entity")));
    Ok(Reply::json(200, item))
}

/// `GET` of one kind's collection.
pub(crate) fn list(call: &mut Call<'_>, owner: &Owner, kind: Kind) -> Result<Reply, Failure> {
    let id = prepare(call, owner)?;
    let items = members(call, &id, kind)
        .into_iter()
        .map(|item| shown(item, kind))
        .collect();
    let context = call.context(&format!("users('{id}')/authentication/{}", kind.segment()));
    Ok(Reply::json(200, present(context, items, None, None)))
}

/// `GET` of one method.
pub(crate) fn get(call: &mut Call<'_>, owner: &Owner, kind: Kind, key: &str) -> Result<Reply, Failure> {
    let id = prepare(call, owner)?;
    let found = members(call, &id, kind).into_iter().find(|item| has_id(item, key));
    let item = found.ok_or_else(|| missing(key))?;
    Ok(Reply::json(200, with_context(call, &id, kind, shown(item, kind))))
}

/// `GET` of the device of a resource account's key.
pub(crate) fn get_device(call: &mut Call<'_>, owner: &Owner, key: &str) -> Result<Reply, Failure> {
    let id = prepare(call, owner)?;
    let found = members(call, &id, Kind::ResourceAccountKey)
        .into_iter()
        .find(|item| has_id(item, key));
    let mut device = found.ok_or_else(|| missing(key))?["device"].take();
    if device.is_null() {
        return Err(Failure::new(
            404,
            "resourceNotFound",
            format!("The device of the authentication method '{key}' does not exist."),
        ));
    }
    device["@odata.context"] = json!(call.context("devices/$entity"));
    Ok(Reply::json(200, device))
}

/// `POST` to a collection.
pub(crate) fn create(call: &mut Call<'_>, owner: &Owner, kind: Kind) -> Result<Reply, Failure> {
    let id = prepare(call, owner)?;
    // The documentation rules self-service out for phones alone.
    if kind == Kind::Phone {
        refuse_self(call, &id)?;
    }
    match kind {
        Kind::Phone => phone::create(call, &id),
        Kind::Email => create_email(call, &id),
        Kind::Fido2 => passkey::create(call, &id),
        Kind::TemporaryAccessPass => temporary::create(call, &id),
        _ => create_external(call, &id),
    }
}

/// `PATCH` of a method; only phones and the address for mail can be changed.
pub(crate) fn update(call: &mut Call<'_>, owner: &Owner, kind: Kind, key: &str) -> Result<Reply, Failure> {
    let id = prepare(call, owner)?;
    refuse_self(call, &id)?;
    if kind == Kind::Phone {
        return phone::update(call, &id, key);
    }
    let address = email_address(call)?;
    let item = find_mut(call, &id, kind, key).ok_or_else(|| missing(key))?;
    item["emailAddress"] = json!(address);
    Ok(Reply::empty(204))
}

/// Refuses users who act on themselves, whatever the permission table lists.
fn refuse_self(call: &Call<'_>, id: &str) -> Result<(), Failure> {
    if call.is_self(id) {
        return Err(Failure::forbidden());
    }
    Ok(())
}

/// `DELETE` of a method.
pub(crate) fn delete(call: &mut Call<'_>, owner: &Owner, kind: Kind, key: &str) -> Result<Reply, Failure> {
    let id = prepare(call, owner)?;
    let items = items_mut(call, &id, kind);
    let at = items
        .iter()
        .position(|item| has_id(item, key))
        .ok_or_else(|| missing(key))?;
    if kind == Kind::Phone {
        phone::check_deletion(items, at)?;
    }
    let is_default = items[at]["@emulator.default"] == json!(true);
    if is_default {
        return Err(Failure::invalid(
            "The method is the user's default for sign-in and cannot be deleted.",
        ));
    }
    items.remove(at);
    Ok(Reply::empty(204))
}

fn create_email(call: &mut Call<'_>, id: &str) -> Result<Reply, Failure> {
    let address = email_address(call)?;
    let items = items_mut(call, id, Kind::Email);
    if !items.is_empty() {
        return Err(Failure::invalid("The user already has an email method."));
    }
    let entity = json!({
        "@odata.type": Kind::Email.type_name(),
        "id": "3ddfcfc8-9383-446f-83cc-3ab9be4be18f",
        "emailAddress": address,
        "createdDateTime": null,
    });
    items.push(entity.clone());
    Ok(Reply::json(
        201,
        with_context(call, id, Kind::Email, shown(entity, Kind::Email)),
    ))
}

fn email_address(call: &Call<'_>) -> Result<String, Failure> {
    let members = body::object(call.request, false)?;
    body::check(
        &members,
        &[optional("id", Shape::Text), required("emailAddress", Shape::Text)],
    )?;
    body::check_type(&members, Kind::Email.type_name())?;
    let address = body::text(&members, "emailAddress").unwrap_or_default();
    let fits = address.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !host.contains('@') && !address.contains(char::is_whitespace)
    });
    if fits {
        Ok(address.to_owned())
    } else {
        Err(Failure::invalid_property(
            "emailAddress",
            "The value is not an email address.",
        ))
    }
}

fn create_external(call: &mut Call<'_>, id: &str) -> Result<Reply, Failure> {
    let members = body::object(call.request, false)?;
    body::check(
        &members,
        &[
            optional("id", Shape::Text),
            required("configurationId", Shape::Text),
            required("displayName", Shape::Text),
        ],
    )?;
    body::check_type(&members, Kind::External.type_name())?;
    let entity = json!({
        "@odata.type": Kind::External.type_name(),
        "id": uuid::Uuid::new_v4().to_string(),
        // The sample of the documentation has no zone here.
        "createdDateTime": zoneless_text(call.now),
        "configurationId": members["configurationId"],
        "displayName": members["displayName"],
    });
    items_mut(call, id, Kind::External).push(entity.clone());
    Ok(Reply::json(201, with_context(call, id, Kind::External, entity)))
}
