//! Teams configurations of users.

use serde_json::{Value, json};

use crate::address::Options;
use crate::call::Call;
use crate::error::Failure;
use crate::message::Reply;
use crate::numbers::is_guid;
use crate::odata::{present, project};
use crate::schema::{CONFIGURATIONS, USERS};
use crate::state::World;
use crate::users;

const CONTEXT: &str = "admin/teams/userConfigurations";

/// The Teams configuration of a user, computed from the user, the licences, the numbers and the policies.
fn configuration(world: &World, user: &Value) -> Value {
    let id = user["id"].as_str().unwrap_or_default();
    let account = world.account(id);
    let mut entity = account.map(|account| account.teams.clone()).unwrap_or_default();
    let numbers: Vec<Value> = world
        .numbers_of(id)
        .map(|number| {
            json!({
                "telephoneNumber": number["telephoneNumber"],
                "assignmentCategory": number["assignmentCategory"],
            })
        })
        .collect();
    let licensed = account.is_some_and(|account| account.has_plan("MCOEV") || account.has_plan("MCOEV_VIRTUALUSER"));
    let mut features = Vec::new();
    if account.is_some_and(|account| account.has_plan("TEAMS1")) {
        features.push("Teams");
    }
    if licensed {
        features.push("PhoneSystem");
    }
    let mut set = |name: &str, value: Value| entity.insert(name.to_owned(), value);
    set("id", json!(id));
    set("userPrincipalName", user["userPrincipalName"].clone());
    set("tenantId", json!(world.tenant_id()));
    set("isEnterpriseVoiceEnabled", json!(licensed && !numbers.is_empty()));
    set("telephoneNumbers", Value::Array(numbers));
    set("featureTypes", json!(features));
    set("effectivePolicyAssignments", json!(world.policies.effective(id)));
    for (name, value) in [
        ("accountType", json!("user")),
        ("createdDateTime", json!("2024-01-01T00:00:00Z")),
        ("modifiedDateTime", json!("2024-01-01T00:00:00Z")),
    ] {
        entity.entry(name).or_insert(value);
    }
    Value::Object(entity)
}

fn all(call: &Call<'_>) -> Vec<Value> {
    let users = call.world.users.iter();
    users.map(|user| configuration(call.world, user)).collect()
}

/// Number of configurations that satisfy the filter.
pub(crate) fn count(call: &Call<'_>) -> Result<usize, Failure> {
    let all = all(call);
    let listing = CONFIGURATIONS.list(|_| all.iter(), &call.options, 0, 0, !call.settings.lenient)?;
    Ok(listing.total)
}

/// `GET userConfigurations`.
pub(crate) fn list(call: &mut Call<'_>) -> Result<Reply, Failure> {
    let strict = !call.settings.lenient;
    let offered = [
        "$select",
        "$filter",
        "$top",
        "$expand",
        "$orderby",
        "$skiptoken",
        "$count",
    ];
    call.options.only(strict, &offered)?;
    let Expanded { user: expands, select } = expanded(call)?;
    let context = call.selected_context(CONTEXT, shown(expands, select.as_deref()).as_deref());
    let from = call.start()?;
    let all = all(call);
    let page = call.options.top.unwrap_or(call.settings.page_size);
    let mut options = call.options.clone();
    // The expanded user is found by id, so the id stays until the user is in place.
    let drop_id = expands
        && options
            .select
            .as_ref()
            .is_some_and(|select| !select.iter().any(|name| name == "id"));
    if drop_id && let Some(select) = options.select.as_mut() {
        select.push("id".to_owned());
    }
    let mut listing = CONFIGURATIONS.list(|_| all.iter(), &options, from, page, strict)?;
    if expands {
        for item in &mut listing.items {
            let id = item["id"].as_str().unwrap_or_default().to_owned();
            item["user"] = users::entity(call, &id, select.as_deref());
            if drop_id && let Some(members) = item.as_object_mut() {
                members.remove("id");
            }
        }
    }
    let next = listing
        .next
        .filter(|_| page > 0 && call.settings.next_links)
        .map(|next| call.next_link(CONTEXT, next));
    let count = call.options.count.then_some(listing.total);
    Ok(Reply::json(200, present(context, listing.items, count, next)))
}

/// `GET userConfigurations/{id}`.
pub(crate) fn get(call: &mut Call<'_>, id: &str) -> Result<Reply, Failure> {
    call.options.only(!call.settings.lenient, &["$select", "$expand"])?;
    CONFIGURATIONS.check_select(&call.options, !call.settings.lenient)?;
    let expanded = expanded(call)?;
    let user = find(call, id)?;
    let mut body = project(&configuration(call.world, &user), call.options.select.as_deref());
    if expanded.user {
        body["user"] = users::entity(call, id, expanded.select.as_deref());
    }
    let expansion = shown(expanded.user, expanded.select.as_deref());
    let context = call.selected_context(CONTEXT, expansion.as_deref());
    body["@odata.context"] = json!(format!("{context}/$entity"));
    Ok(Reply::json(200, body))
}

/// `GET userConfigurations/{id}/user`.
pub(crate) fn user(call: &mut Call<'_>, id: &str) -> Result<Reply, Failure> {
    call.options.only(!call.settings.lenient, &["$select"])?;
    USERS.check_select(&call.options, !call.settings.lenient)?;
    find(call, id)?;
    let mut body = users::entity(call, id, call.options.select.as_deref());
    body["@odata.context"] = json!(call.entity_context("users"));
    Ok(Reply::json(200, body))
}

/// The key is an object id; a user principal name finds nothing here.
fn find(call: &Call<'_>, id: &str) -> Result<Value, Failure> {
    let user = if is_guid(id) { call.world.user(id) } else { None };
    user.cloned()
        .ok_or_else(|| Failure::not_found("No configuration exists for this user."))
}

/// The properties that `$expand` names.
struct Expanded {
    user: bool,
    select: Option<Vec<String>>,
}

/// An expanded user as context URLs name it: `user(id,mail)`, `user()` where nothing is selected.
fn shown(expands: bool, select: Option<&[String]>) -> Option<String> {
    expands.then(|| format!("user({})", select.unwrap_or_default().join(",")))
}

/// Reads `$expand=user` and `$expand=user($select=id,mail)`.
fn expanded(call: &Call<'_>) -> Result<Expanded, Failure> {
    let only_user = || Failure::invalid("Only 'user' can be expanded.");
    let one = match call.options.expand.as_deref() {
        None | Some([]) => {
            return Ok(Expanded {
                user: false,
                select: None,
            });
        }
        Some([one]) => one.as_str(),
        Some(_) => return Err(only_user()),
    };
    let (name, inside) = match one.split_once('(') {
        Some((name, rest)) => {
            let inside = rest.strip_suffix(')');
            (
                name,
                inside.ok_or_else(|| Failure::invalid("A parenthesis of '$expand' is not closed."))?,
            )
        }
        None => (one, ""),
    };
    if name.trim() != "user" {
        return Err(only_user());
    }
    let options = Options::parse(&inside.replace(';', "&"))?;
    options.only(!call.settings.lenient, &["$select"])?;
    USERS.check_select(&options, !call.settings.lenient)?;
    Ok(Expanded {
        user: true,
        select: options.select,
    })
}
