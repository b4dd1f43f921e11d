//! Users, their licences and the organisation.

use serde_json::{Value, json};

use crate::call::Call;
use crate::error::Failure;
use crate::message::Reply;
use crate::odata::filter::Filter;
use crate::odata::{check_select, present, project};
use crate::place::Owner;
use crate::schema::{LICENSE_DETAILS, ORGANIZATION, USER_DEFAULT, USERS};

/// `GET users`.
pub(crate) fn list(call: &mut Call<'_>) -> Result<Reply, Failure> {
    let strict = !call.settings.lenient;
    call.options.only(
        strict,
        &["$filter", "$select", "$top", "$skiptoken", "$count", "$orderby"],
    )?;
    refuse_guests(call)?;
    let advanced = is_eventual(call);
    check_query(call, advanced && call.options.count)?;
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
    // The count belongs to the first page alone, and to requests with the header.
    let count = (call.options.count && from == 0 && advanced).then_some(listing.total);
    Ok(Reply::json(
        200,
        present(call.list_context("users"), listing.items, count, next),
    ))
}

/// Guests read themselves, and no list of users.
fn refuse_guests(call: &Call<'_>) -> Result<(), Failure> {
    let caller = call.caller.user.as_deref().and_then(|id| call.world.user(id));
    match caller {
        Some(user) if user["userType"] == json!("Guest") && call.settings.permission_checks => {
            Err(Failure::forbidden())
        }
        _ => Ok(()),
    }
}

/// Whether the caller takes what the index knows, which may be behind the directory.
fn is_eventual(call: &Call<'_>) -> bool {
    let level = call.request.header("consistencylevel");
    level.is_some_and(|level| level.trim().eq_ignore_ascii_case("eventual"))
}

/// Refuses what only the index answers, where it was not asked: `ne`, `not`, `endswith`, and sorting what was filtered.
fn check_query(call: &Call<'_>, asks_index: bool) -> Result<(), Failure> {
    let Some(filter) = &call.options.filter else {
        return Ok(());
    };
    if asks_index || call.settings.lenient {
        return Ok(());
    }
    let unsupported = |what: &str| {
        let message =
            format!("{what} is not supported without the header 'ConsistencyLevel: eventual' and '$count=true'.");
        Err(Failure::new(400, "Request_UnsupportedQuery", message))
    };
    if call.options.order_by.is_some() {
        return unsupported("Sorting what is filtered");
    }
    match Filter::parse(filter)?.first_of_index() {
        Some(operator) => unsupported(&format!("The operator '{operator}'")),
        None => Ok(()),
    }
}

/// Number of users that satisfy the filter. Only the index counts.
pub(crate) fn count(call: &Call<'_>) -> Result<usize, Failure> {
    let strict = !call.settings.lenient;
    refuse_guests(call)?;
    if strict && !is_eventual(call) {
        return Err(Failure::new(
            400,
            "Request_BadRequest",
            "$count is not supported without the header 'ConsistencyLevel: eventual'.",
        ));
    }
    let listing = USERS.list(|_| call.world.users.iter(), &call.options, 0, 0, strict)?;
    Ok(listing.total)
}

/// Number of licences of a user.
pub(crate) fn count_licenses(call: &Call<'_>, owner: &Owner) -> Result<usize, Failure> {
    let id = call.owner_id(owner)?;
    Ok(call.world.account(&id).map_or(0, |account| account.licenses.len()))
}

/// `GET users/{id}` and `GET me`.
pub(crate) fn get(call: &mut Call<'_>, owner: &Owner) -> Result<Reply, Failure> {
    call.options.only(!call.settings.lenient, &["$select", "$expand"])?;
    USERS.check_select(&call.options, !call.settings.lenient)?;
    let expands_licenses = expands_licenses(call)?;
    let id = call.owner_id(owner)?;
    let mut body = entity(call, &id, call.options.select.as_deref());
    if expands_licenses {
        let licenses = call.world.account(&id).map(|account| account.licenses.clone());
        body["licenseDetails"] = json!(licenses.unwrap_or_default());
    }
    let context = call.selected_context("users", expands_licenses.then_some("licenseDetails()"));
    body["@odata.context"] = json!(format!("{context}/$entity"));
    Ok(Reply::json(200, body))
}

/// Whether `$expand` asks for the licences, the one relationship of a user that is served. A lenient emulator passes over others.
fn expands_licenses(call: &Call<'_>) -> Result<bool, Failure> {
    match call.options.expand.as_deref() {
        None | Some([]) => Ok(false),
        Some([one]) if one == "licenseDetails" => Ok(true),
        Some(_) if call.settings.lenient => Ok(false),
        Some(others) => Err(Failure::invalid(format!(
            "$expand of a user supports 'licenseDetails', and not '{}'.",
            others.join(",")
        ))),
    }
}

/// A user as an answer shows it, with its default properties unless others are selected.
pub(crate) fn entity(call: &Call<'_>, id: &str, select: Option<&[String]>) -> Value {
    let default: Vec<String> = USER_DEFAULT.iter().map(|name| (*name).to_owned()).collect();
    let user = call.world.user(id).cloned().unwrap_or_default();
    project(&user, Some(select.unwrap_or(&default)))
}

/// `GET users/{id}/licenseDetails`.
pub(crate) fn licenses(call: &mut Call<'_>, owner: &Owner) -> Result<Reply, Failure> {
    call.options.only(!call.settings.lenient, &["$select"])?;
    check_select(LICENSE_DETAILS, &call.options, !call.settings.lenient)?;
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
            call.list_context(&format!("users('{id}')/licenseDetails")),
            items,
            None,
            None,
        ),
    ))
}

/// `GET organization`.
pub(crate) fn organization(call: &mut Call<'_>) -> Result<Reply, Failure> {
    call.options.only(!call.settings.lenient, &["$select"])?;
    check_select(ORGANIZATION, &call.options, !call.settings.lenient)?;
    let item = project(&call.world.organization, call.options.select.as_deref());
    Ok(Reply::json(
        200,
        present(call.list_context("organization"), vec![item], None, None),
    ))
}
