//! Users, their licences and the organisation.

use serde_json::{Value, json};

use crate::error::Failure;
use crate::graph::Call;
use crate::message::Reply;
use crate::odata::{present, project};
use crate::place::Owner;
use crate::schema::{USER_DEFAULT, USERS};

/// `GET users`.
pub(crate) fn list(call: &mut Call<'_>) -> Result<Reply, Failure> {
    let strict = call.settings.strict;
    call.options.only(
        strict,
        &["$filter", "$select", "$top", "$skiptoken", "$count", "$orderby"],
    )?;
    let top = call.options.top.unwrap_or(call.settings.page_size.min(100));
    if strict && !(1..=999).contains(&top) {
        return Err(Failure::new(
            400,
            "Request_UnsupportedQuery",
            "The page size must be between 1 and 999.",
        ));
    }
    let page = top.clamp(1, 999);
    let from = call.start()?;
    let mut options = call.options.clone();
    if options.select.is_none() {
        options.select = Some(USER_DEFAULT.iter().map(|name| (*name).to_owned()).collect());
    }
    let listing = USERS.list(|_| call.world.users.iter(), &options, from, page, strict)?;
    let next = listing.next.map(|next| call.next_link("users", next));
    // The count belongs to the first page alone.
    let count = (call.options.count && from == 0).then_some(listing.total);
    Ok(Reply::json(
        200,
        present(call.context("users"), listing.items, count, next),
    ))
}

/// `GET users/{id}` and `GET me`.
pub(crate) fn get(call: &mut Call<'_>, owner: &Owner) -> Result<Reply, Failure> {
    call.options.only(call.settings.strict, &["$select", "$expand"])?;
    USERS.check_select(&call.options, call.settings.strict)?;
    let id = call.owner_id(owner)?;
    let mut body = entity(call, &id, call.options.select.as_deref());
    body["@odata.context"] = json!(call.context("users/$entity"));
    Ok(Reply::json(200, body))
}

/// A user as an answer shows it, with its default properties unless others are selected.
pub(crate) fn entity(call: &Call<'_>, id: &str, select: Option<&[String]>) -> Value {
    let default: Vec<String> = USER_DEFAULT.iter().map(|name| (*name).to_owned()).collect();
    let user = call.world.user(id).cloned().unwrap_or_default();
    project(&user, Some(select.unwrap_or(&default)))
}

/// `GET users/{id}/licenseDetails`.
pub(crate) fn licenses(call: &mut Call<'_>, owner: &Owner) -> Result<Reply, Failure> {
    call.options.only(call.settings.strict, &["$select"])?;
    let id = call.owner_id(owner)?;
    let licenses = call
        .world
        .account(&id)
        .map(|account| account.licenses.clone())
        .unwrap_or_default();
    let items = licenses
        .iter()
        .map(|item| project(item, call.options.select.as_deref()))
        .collect();
    Ok(Reply::json(
        200,
        present(
            call.context(&format!("users('{id}')/licenseDetails")),
            items,
            None,
            None,
        ),
    ))
}

/// `GET organization`.
pub(crate) fn organization(call: &mut Call<'_>) -> Result<Reply, Failure> {
    call.options.only(call.settings.strict, &["$select"])?;
    let item = project(&call.world.organization, call.options.select.as_deref());
    Ok(Reply::json(
        200,
        present(call.context("organization"), vec![item], None, None),
    ))
}
