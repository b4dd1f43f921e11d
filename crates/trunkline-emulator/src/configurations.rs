//! Teams configurations of users, and Teams policies.

use serde_json::{Map, Value, json};

use crate::address::Options;
use crate::body::{self, Shape, optional, required};
use crate::clock::graph_text;
use crate::error::Failure;
use crate::graph::Call;
use crate::message::Reply;
use crate::numbers::is_guid;
use crate::odata::{present, project};
use crate::schema::{CONFIGURATIONS, USERS};
use crate::state::World;
use crate::users;

const CONTEXT: &str = "admin/teams/userConfigurations";

/// The Teams configuration of a user, computed from the user, the licences and the numbers.
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
    for (name, value) in [
        ("accountType", json!("user")),
        ("effectivePolicyAssignments", json!([])),
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

/// How many configurations satisfy the filter.
pub(crate) fn count(call: &Call<'_>) -> Result<usize, Failure> {
    let all = all(call);
    let listing = CONFIGURATIONS.list(|_| all.iter(), &call.options, 0, 0, call.settings.strict)?;
    Ok(listing.total)
}

/// `GET userConfigurations`.
pub(crate) fn list(call: &mut Call<'_>) -> Result<Reply, Failure> {
    let strict = call.settings.strict;
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
    call.options.only(call.settings.strict, &["$select", "$expand"])?;
    CONFIGURATIONS.check_select(&call.options, call.settings.strict)?;
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
    call.options.only(call.settings.strict, &["$select"])?;
    USERS.check_select(&call.options, call.settings.strict)?;
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
    options.only(call.settings.strict, &["$select"])?;
    USERS.check_select(&options, call.settings.strict)?;
    Ok(Expanded {
        user: true,
        select: options.select,
    })
}

/// `GET policy/getPolicyId(type='…',name='…')`.
pub(crate) fn policy_identifiers(call: &mut Call<'_>, arguments: &[(String, String)]) -> Result<Reply, Failure> {
    let argument = |name: &str| {
        let found = arguments
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str());
        found.ok_or_else(|| Failure::invalid(format!("The function needs the parameter '{name}'.")))
    };
    let (policy_type, name) = (argument("type")?, argument("name")?);
    let items = call
        .world
        .teams_policies
        .iter()
        .filter(|policy| {
            let known = policy["name"].as_str().unwrap_or_default();
            // Policies are asked for without the prefix their names carry.
            let bare = known.strip_prefix("Tag:").unwrap_or(known);
            policy["policyType"]
                .as_str()
                .is_some_and(|known| known.eq_ignore_ascii_case(policy_type))
                && (bare.eq_ignore_ascii_case(name) || known.eq_ignore_ascii_case(name))
        })
        .map(|policy| {
            json!({
                "@odata.type": "#microsoft.graph.teamsAdministration.policyIdentifierDetail",
                "name": policy["name"],
                "policyId": policy["policyId"],
            })
        })
        .collect();
    let context = "Collection(microsoft.graph.teamsAdministration.policyIdentifierDetail)";
    Ok(Reply::json(200, present(call.context(context), items, None, None)))
}

/// `POST userAssignments/assign` and `/unassign`. Either every item is carried out or none.
pub(crate) fn change_policies(call: &mut Call<'_>, assign: bool) -> Result<Reply, Failure> {
    let members = body::object(call.request, false)?;
    body::check_parameters(&members, &[required("value", Shape::List)])?;
    let items = members["value"].as_array().cloned().unwrap_or_default();
    if items.is_empty() {
        return Err(Failure::invalid_property("value", "The list of assignments is empty."));
    }
    let mut changes = Vec::new();
    for item in &items {
        let item = item
            .as_object()
            .ok_or_else(|| Failure::invalid_property("value", "An assignment is an object."))?;
        changes.push(check_assignment(call.world, item, assign)?);
    }
    let now = graph_text(call.now);
    for (user, policy_type, policy) in changes {
        let account = call.world.accounts.entry(user).or_default();
        let held = account
            .teams
            .entry("effectivePolicyAssignments")
            .or_insert_with(|| json!([]));
        if let Some(held) = held.as_array_mut() {
            held.retain(|entry| {
                entry["policyType"].as_str() != Some(policy_type.as_str())
                    || entry["policyAssignment"]["assignmentType"] != json!("direct") && !assign
            });
            if let Some(policy) = policy {
                let name = policy["name"].as_str().unwrap_or_default();
                held.push(json!({
                    "policyType": policy_type,
                    "policyAssignment": {
                        "displayName": name.strip_prefix("Tag:").unwrap_or(name),
                        "assignmentType": "direct",
                        "policyId": policy["policyId"],
                        "groupId": null,
                    },
                }));
            }
        }
        account.teams.insert("modifiedDateTime".to_owned(), json!(now));
    }
    Ok(Reply::empty(204))
}

type PolicyChange = (String, String, Option<Value>);

fn check_assignment(world: &World, item: &Map<String, Value>, assign: bool) -> Result<PolicyChange, Failure> {
    body::check_type(item, "#microsoft.graph.teamsAdministration.teamsPolicyUserAssignment")?;
    body::check(
        item,
        &[
            optional("id", Shape::Text),
            required("userId", Shape::Text),
            required("policyType", Shape::Text),
            if assign {
                required("policyId", Shape::Text)
            } else {
                optional("policyId", Shape::Text)
            },
        ],
    )?;
    let user = body::text(item, "userId").unwrap_or_default();
    if !is_guid(user) {
        return Err(Failure::invalid_property("userId", "The value is not an object id."));
    }
    let user = world.user(user).ok_or_else(|| Failure::no_such_resource(user))?;
    let user = user["id"].as_str().unwrap_or_default().to_owned();
    let policy_type = body::text(item, "policyType").unwrap_or_default();
    let known = world
        .teams_policies
        .iter()
        .find(|policy| policy["policyType"].as_str() == Some(policy_type));
    let Some(known) = known else {
        return Err(Failure::invalid_property(
            "policyType",
            "No policy of this type exists.",
        ));
    };
    let policy_type = known["policyType"].as_str().unwrap_or_default().to_owned();
    if !assign {
        return Ok((user, policy_type, None));
    }
    let policy_id = body::text(item, "policyId");
    let policy = world
        .teams_policies
        .iter()
        .find(|policy| policy["policyId"].as_str() == policy_id && policy["policyType"].as_str() == Some(&policy_type));
    match policy {
        Some(policy) => Ok((user, policy_type, Some(policy.clone()))),
        None => Err(Failure::invalid_property("policyId", "No policy with this id exists.")),
    }
}
