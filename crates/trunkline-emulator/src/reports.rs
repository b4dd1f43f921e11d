//! Reports on registered methods, computed from the methods of users.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::call::Call;
use crate::clock::graph_text;
use crate::error::Failure;
use crate::message::Reply;
use crate::methods::Kind;
use crate::odata::present;
use crate::schema::{INCLUDED_ROLES, INCLUDED_TYPES, REGISTRATIONS};

/// The row of one user.
fn details(call: &Call<'_>, user: &Value) -> Value {
    let id = user["id"].as_str().unwrap_or_default();
    let account = call.world.account(id).cloned().unwrap_or_default();
    let mut methods: Vec<&'static str> = Vec::new();
    for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Password) {
        for item in account.methods.get(kind.segment()).into_iter().flatten() {
            methods.push(kind.registered_name(item["phoneType"].as_str()));
        }
    }
    let has = |name: &str| methods.contains(&name);
    let passwordless = has("passKeyDeviceBound") || has("windowsHelloForBusiness") || has("macOsSecureEnclaveKey");
    let registered = methods
        .iter()
        .any(|name| *name != "email" && *name != "temporaryAccessPass");
    let preferred = if has("microsoftAuthenticatorPush") {
        "push"
    } else if has("softwareOneTimePasscode") {
        "oath"
    } else if has("mobilePhone") {
        "sms"
    } else {
        // The service is documented to answer with empty text here, which is no member of the enumeration.
        ""
    };
    let systems: Vec<&str> = [preferred].into_iter().filter(|name| !name.is_empty()).collect();
    json!({
        "id": id,
        "userPrincipalName": user["userPrincipalName"],
        "userDisplayName": user["displayName"],
        "userType": if user["userType"] == json!("Guest") { "guest" } else { "member" },
        "isAdmin": !account.directory_roles.is_empty(),
        "isSsprRegistered": has("mobilePhone") || has("email"),
        "isSsprEnabled": true,
        "isSsprCapable": has("mobilePhone") || has("email"),
        "isMfaRegistered": registered,
        "isMfaCapable": registered && user["accountEnabled"] != json!(false),
        "isPasswordlessCapable": passwordless,
        "lastUpdatedDateTime": graph_text(call.now),
        "methodsRegistered": methods,
        "isSystemPreferredAuthenticationMethodEnabled": true,
        "systemPreferredAuthenticationMethods": systems,
        "userPreferredMethodForSecondaryAuthentication": preferred,
    })
}

/// Number of rows that satisfy the filter.
pub(crate) fn count(call: &Call<'_>) -> Result<usize, Failure> {
    let all: Vec<Value> = call.world.users.iter().map(|user| details(call, user)).collect();
    let listing = REGISTRATIONS.list(|_| all.iter(), &call.options, 0, 0, !call.settings.lenient)?;
    Ok(listing.total)
}

/// `GET userRegistrationDetails`.
pub(crate) fn list(call: &mut Call<'_>) -> Result<Reply, Failure> {
    call.options
        .only(!call.settings.lenient, &["$filter", "$orderby", "$skiptoken"])?;
    let from = call.start()?;
    let all: Vec<Value> = call.world.users.iter().map(|user| details(call, user)).collect();
    let listing = REGISTRATIONS.list(
        |_| all.iter(),
        &call.options,
        from,
        call.settings.page_size,
        !call.settings.lenient,
    )?;
    let place = "reports/authenticationMethods/userRegistrationDetails";
    let next = listing.next.map(|next| call.next_link(place, next));
    Ok(Reply::json(
        200,
        present(call.context(place), listing.items, None, next),
    ))
}

/// `GET userRegistrationDetails/{id}`.
pub(crate) fn get(call: &mut Call<'_>, id: &str) -> Result<Reply, Failure> {
    call.options.only(!call.settings.lenient, &[])?;
    let user = call
        .world
        .user(id)
        .cloned()
        .ok_or_else(|| Failure::not_found("No row exists for this user."))?;
    let mut body = details(call, &user);
    body["@odata.context"] = json!(call.context("reports/authenticationMethods/userRegistrationDetails/$entity"));
    Ok(Reply::json(200, body))
}

struct Included {
    types: String,
    roles: String,
}

/// The parameters of both summaries: none, or both.
fn included(arguments: &[(String, String)]) -> Result<Included, Failure> {
    let value = |name: &str, members: &[&str]| {
        let found = arguments
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str());
        match found {
            None if arguments.is_empty() => Ok("all".to_owned()),
            None => Err(Failure::invalid(format!("The function needs the parameter '{name}'."))),
            Some("null") => Ok("all".to_owned()),
            Some(value) if members.contains(&value) => Ok(value.to_owned()),
            Some(value) => Err(Failure::invalid(format!("'{value}' is not a value of '{name}'."))),
        }
    };
    if arguments.len() > 2 {
        return Err(Failure::invalid("The function has two parameters."));
    }
    Ok(Included {
        types: value("includedUserTypes", INCLUDED_TYPES)?,
        roles: value("includedUserRoles", INCLUDED_ROLES)?,
    })
}

fn rows(call: &Call<'_>, included: &Included) -> Vec<Value> {
    let all = call.world.users.iter().map(|user| details(call, user));
    all.filter(|row| included.types == "all" || row["userType"].as_str() == Some(&included.types))
        .filter(|row| match included.roles.as_str() {
            "all" => true,
            "user" => row["isAdmin"] == json!(false),
            _ => row["isAdmin"] == json!(true),
        })
        .collect()
}

/// `GET usersRegisteredByFeature`.
pub(crate) fn by_feature(call: &mut Call<'_>, arguments: &[(String, String)]) -> Result<Reply, Failure> {
    let included = included(arguments)?;
    let rows = rows(call, &included);
    let count = |property: &str| rows.iter().filter(|row| row[property] == json!(true)).count();
    let counts: Vec<Value> = [
        ("ssprRegistered", "isSsprRegistered"),
        ("ssprEnabled", "isSsprEnabled"),
        ("ssprCapable", "isSsprCapable"),
        ("passwordlessCapable", "isPasswordlessCapable"),
        ("mfaCapable", "isMfaCapable"),
    ]
    .iter()
    .map(|(feature, property)| json!({ "feature": feature, "userCount": count(property) }))
    .collect();
    Ok(Reply::json(
        200,
        json!({
            "@odata.context": call.context("microsoft.graph.userRegistrationFeatureSummary"),
            "@odata.type": "#microsoft.graph.userRegistrationFeatureSummary",
            "totalUserCount": rows.len(),
            "userTypes": included.types,
            "userRoles": included.roles,
            "userRegistrationFeatureCounts": counts,
        }),
    ))
}

/// `GET usersRegisteredByMethod`.
pub(crate) fn by_method(call: &mut Call<'_>, arguments: &[(String, String)]) -> Result<Reply, Failure> {
    let included = included(arguments)?;
    let rows = rows(call, &included);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for name in rows
        .iter()
        .filter_map(|row| row["methodsRegistered"].as_array())
        .flatten()
        .filter_map(Value::as_str)
    {
        *counts.entry(name.to_owned()).or_default() += 1;
    }
    let counts: Vec<Value> = counts
        .into_iter()
        .map(|(name, count)| json!({ "authenticationMethod": name, "userCount": count }))
        .collect();
    Ok(Reply::json(
        200,
        json!({
            "@odata.context": call.context("microsoft.graph.userRegistrationMethodSummary"),
            "@odata.type": "#microsoft.graph.userRegistrationMethodSummary",
            "totalUserCount": rows.len(),
            "userTypes": included.types,
            "userRoles": included.roles,
            "userRegistrationMethodCounts": counts,
        }),
    ))
}
