//! Teams policies: finding their ids, assigning them to users and taking them away.

use serde_json::{Map, Value, json};

use crate::body::{self, Shape, optional, required};
use crate::call::Call;
use crate::clock::graph_text;
use crate::error::Failure;
use crate::message::Reply;
use crate::numbers::is_guid;
use crate::odata::present;
use crate::state::World;

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
        .policies
        .known()
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
        let account = call.world.accounts.entry(user.clone()).or_default();
        account.teams.insert("modifiedDateTime".to_owned(), json!(now));
        match policy {
            Some(policy) => call.world.policies.assign(&user, policy_type, policy),
            None => call.world.policies.unassign(&user, &policy_type),
        }
    }
    Ok(Reply::empty(204))
}

/// Object id of the user, the kind, and the id of the policy to assign.
type PolicyChange = (String, String, Option<String>);

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
    let Some(policy_type) = world.policies.kind(policy_type).map(str::to_owned) else {
        return Err(Failure::invalid_property(
            "policyType",
            "No policy of this type exists.",
        ));
    };
    if !assign {
        return Ok((user, policy_type, None));
    }
    let policy_id = body::text(item, "policyId").unwrap_or_default().to_owned();
    if world.policies.with_id(&policy_type, &policy_id).is_none() {
        return Err(Failure::invalid_property("policyId", "No policy with this id exists."));
    }
    Ok((user, policy_type, Some(policy_id)))
}
