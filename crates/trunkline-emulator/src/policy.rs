//! The tenant's policy on authentication methods.

use serde_json::{Map, Value, json};

use crate::body::{self, Property, Shape, optional};
use crate::call::Call;
use crate::clock::graph_text;
use crate::error::Failure;
use crate::message::Reply;
use crate::schema::{METHOD_STATES, MIGRATION_STATES};

/// The policy of a fresh tenant.
pub(crate) fn default_policy() -> Value {
    let everyone = |more: Value| {
        let mut target = json!({ "id": "all_users", "targetType": "group", "isRegistrationRequired": false });
        if let (Value::Object(target), Value::Object(more)) = (&mut target, more) {
            target.extend(more);
        }
        json!([target])
    };
    let configuration = |name: &str, id: &str, state: &str, more: Value| {
        let mut entity = json!({
            "@odata.type": format!("#microsoft.graph.{name}AuthenticationMethodConfiguration"),
            "id": id,
            "state": state,
            "excludeTargets": [],
        });
        if let (Value::Object(entity), Value::Object(more)) = (&mut entity, more) {
            entity.extend(more);
        }
        entity
    };
    let plain = || everyone(json!({}));
    json!({
        "id": "authenticationMethodsPolicy",
        "displayName": "Authentication Methods Policy",
        "description": "Which methods the users of the tenant may register and use.",
        "policyVersion": "1.5",
        "policyMigrationState": "migrationComplete",
        "lastModifiedDateTime": "2025-01-26T10:47:26.6044384Z",
        "reconfirmationInDays": 0,
        "registrationEnforcement": {
            "authenticationMethodsRegistrationCampaign": {
                "snoozeDurationInDays": 1,
                "state": "default",
                "excludeTargets": [],
                "includeTargets": [{
                    "id": "all_users",
                    "targetType": "group",
                    "targetedAuthenticationMethod": "microsoftAuthenticator",
                }],
            },
        },
        "authenticationMethodConfigurations": [
            configuration("fido2", "Fido2", "enabled", json!({
                "isSelfServiceRegistrationAllowed": true,
                "isAttestationEnforced": false,
                "keyRestrictions": { "isEnforced": false, "enforcementType": "block", "aaGuids": [] },
                "includeTargets": plain(),
            })),
            configuration("microsoftAuthenticator", "MicrosoftAuthenticator", "enabled", json!({
                "isSoftwareOathEnabled": true,
                "includeTargets": everyone(json!({ "authenticationMode": "any" })),
            })),
            configuration("sms", "Sms", "enabled", json!({
                "includeTargets": everyone(json!({ "isUsableForSignIn": true })),
            })),
            configuration("temporaryAccessPass", "TemporaryAccessPass", "enabled", json!({
                "defaultLifetimeInMinutes": 60,
                "defaultLength": 8,
                "minimumLifetimeInMinutes": 60,
                "maximumLifetimeInMinutes": 480,
                "isUsableOnce": false,
                "includeTargets": plain(),
            })),
            configuration("softwareOath", "SoftwareOath", "enabled", json!({ "includeTargets": plain() })),
            configuration("voice", "Voice", "disabled", json!({
                "isOfficePhoneAllowed": false,
                "includeTargets": plain(),
            })),
            configuration("email", "Email", "enabled", json!({
                "allowExternalIdToUseEmailOtp": "default",
                "includeTargets": plain(),
            })),
            configuration("x509Certificate", "X509Certificate", "disabled", json!({
                "certificateUserBindings": [],
                "authenticationModeConfiguration": {
                    "x509CertificateAuthenticationDefaultMode": "x509CertificateSingleFactor",
                    "rules": [{
                        "x509CertificateRuleType": "issuerSubjectAndPolicyOID",
                        "identifier": "1.2.3.4",
                        "x509CertificateAuthenticationMode": "x509CertificateMultiFactor",
                    }],
                },
                "includeTargets": plain(),
            })),
        ],
    })
}

/// One configuration by its id, without regard to case.
pub(crate) fn configuration<'a>(policy: &'a Value, id: &str) -> Option<&'a Value> {
    let all = policy["authenticationMethodConfigurations"].as_array()?;
    all.iter()
        .find(|entry| entry["id"].as_str().is_some_and(|known| known.eq_ignore_ascii_case(id)))
}

/// Whether a user may sign in by text message. Groups have no members here: `all_users` counts, and the user's own id.
pub(crate) fn allows_sms_sign_in(policy: &Value, user: &str) -> bool {
    let Some(sms) = configuration(policy, "Sms") else {
        return false;
    };
    let meant = |target: &Value| {
        target["id"]
            .as_str()
            .is_some_and(|id| id == "all_users" || id.eq_ignore_ascii_case(user))
    };
    let list = |name: &str| sms[name].as_array().cloned().unwrap_or_default();
    sms["state"] == json!("enabled")
        && list("includeTargets")
            .iter()
            .any(|target| meant(target) && target["isUsableForSignIn"] == json!(true))
        && !list("excludeTargets").iter().any(meant)
}

/// `GET policies/authenticationMethodsPolicy`.
pub(crate) fn get(call: &mut Call<'_>) -> Result<Reply, Failure> {
    call.options.only(!call.settings.lenient, &[])?;
    let mut body = call.world.methods_policy.clone();
    body["@odata.context"] = json!(call.context("authenticationMethodsPolicy"));
    Ok(Reply::json(200, body))
}

/// `PATCH policies/authenticationMethodsPolicy`: 200 with the policy.
pub(crate) fn update(call: &mut Call<'_>) -> Result<Reply, Failure> {
    let members = body::object(call.request, false)?;
    body::check(
        &members,
        &[
            optional("id", Shape::Text),
            optional("displayName", Shape::Text),
            optional("description", Shape::Text),
            optional("policyMigrationState", Shape::Member(MIGRATION_STATES)),
            optional("reconfirmationInDays", Shape::Integer),
            optional("registrationEnforcement", Shape::Object),
        ],
    )?;
    body::check_type(&members, "#microsoft.graph.authenticationMethodsPolicy")?;
    merge(&mut call.world.methods_policy, &members);
    call.world.methods_policy["lastModifiedDateTime"] = json!(graph_text(call.now));
    let mut body = call.world.methods_policy.clone();
    body["@odata.context"] = json!(call.context("authenticationMethodsPolicy"));
    Ok(Reply::json(200, body))
}

/// `GET authenticationMethodConfigurations/{id}`.
pub(crate) fn get_configuration(call: &mut Call<'_>, id: &str) -> Result<Reply, Failure> {
    call.options.only(!call.settings.lenient, &[])?;
    let found = configuration(&call.world.methods_policy, id).cloned();
    let mut body = found.ok_or_else(|| no_configuration(id))?;
    body["@odata.context"] = json!(call.context("authenticationMethodConfigurations/$entity"));
    Ok(Reply::json(200, body))
}

/// `PATCH authenticationMethodConfigurations/{id}`: the type has to be named, and nothing comes back.
pub(crate) fn update_configuration(call: &mut Call<'_>, id: &str) -> Result<Reply, Failure> {
    let members = body::object(call.request, false)?;
    let at = position(&call.world.methods_policy, id).ok_or_else(|| no_configuration(id))?;
    let current = &mut call.world.methods_policy["authenticationMethodConfigurations"][at];
    let named = members.get("@odata.type").and_then(Value::as_str);
    let plain = |name: &str| name.trim_start_matches('#').to_ascii_lowercase();
    match named {
        None => {
            return Err(Failure::invalid_property(
                "@odata.type",
                "The type of the configuration must be named.",
            ));
        }
        Some(named) if Some(plain(named)) != current["@odata.type"].as_str().map(plain) => {
            return Err(Failure::invalid_property(
                "@odata.type",
                "The type is not that of the configuration.",
            ));
        }
        Some(_) => {}
    }
    body::check(&members, &configuration_properties(current))?;
    check_targets(&members, "excludeTargets", &["excludeTarget"])?;
    check_targets(&members, "includeTargets", included(current))?;
    merge(current, &members);
    call.world.methods_policy["lastModifiedDateTime"] = json!(graph_text(call.now));
    Ok(Reply::empty(204))
}

/// `DELETE authenticationMethodConfigurations/{id}`: back to the default.
pub(crate) fn reset_configuration(call: &mut Call<'_>, id: &str) -> Result<Reply, Failure> {
    let at = position(&call.world.methods_policy, id).ok_or_else(|| no_configuration(id))?;
    if let Some(default) = configuration(&default_policy(), id) {
        call.world.methods_policy["authenticationMethodConfigurations"][at] = default.clone();
    }
    Ok(Reply::empty(204))
}

fn no_configuration(id: &str) -> Failure {
    Failure::not_found(format!("No configuration '{id}' exists."))
}

fn position(policy: &Value, id: &str) -> Option<usize> {
    let all = policy["authenticationMethodConfigurations"].as_array()?;
    all.iter()
        .position(|entry| entry["id"].as_str().is_some_and(|known| known.eq_ignore_ascii_case(id)))
}

/// The accepted body for a configuration: the properties it has, in the same shape.
fn configuration_properties(current: &Value) -> Vec<Property> {
    // The names outlive the call only if they come from a fixed list.
    const KNOWN: &[(&str, Shape)] = &[
        ("id", Shape::Text),
        ("state", Shape::Member(METHOD_STATES)),
        ("excludeTargets", Shape::List),
        ("includeTargets", Shape::List),
        ("isOfficePhoneAllowed", Shape::Boolean),
        ("isSelfServiceRegistrationAllowed", Shape::Boolean),
        ("isAttestationEnforced", Shape::Boolean),
        ("keyRestrictions", Shape::Object),
        ("isSoftwareOathEnabled", Shape::Boolean),
        ("featureSettings", Shape::Object),
        ("defaultLifetimeInMinutes", Shape::Integer),
        ("defaultLength", Shape::Integer),
        ("minimumLifetimeInMinutes", Shape::Integer),
        ("maximumLifetimeInMinutes", Shape::Integer),
        ("isUsableOnce", Shape::Boolean),
        ("allowExternalIdToUseEmailOtp", Shape::Text),
        ("certificateUserBindings", Shape::List),
        ("authenticationModeConfiguration", Shape::Object),
    ];
    KNOWN
        .iter()
        .filter(|(name, _)| current.get(name).is_some())
        .map(|(name, shape)| optional(name, *shape))
        .collect()
}

/// The types that targets of a configuration can be of.
fn included(configuration: &Value) -> &'static [&'static str] {
    match configuration["id"].as_str() {
        Some("Sms") => &["smsAuthenticationMethodTarget"],
        Some("MicrosoftAuthenticator") => &["microsoftAuthenticatorAuthenticationMethodTarget"],
        Some("Fido2") => &["passkeyAuthenticationMethodTarget", "authenticationMethodTarget"],
        _ => &["authenticationMethodTarget"],
    }
}

/// Refuses targets that say they are of another kind than the list takes.
fn check_targets(members: &Map<String, Value>, list: &str, types: &[&str]) -> Result<(), Failure> {
    for target in members.get(list).and_then(Value::as_array).into_iter().flatten() {
        let Some(target) = target.as_object() else {
            return Err(Failure::invalid_property(
                list,
                format!("An item of '{list}' is an object."),
            ));
        };
        let fits = types
            .iter()
            .any(|name| body::check_type(target, &format!("#microsoft.graph.{name}")).is_ok());
        if !fits {
            let stated = &target["@odata.type"];
            return Err(Failure::invalid_property(
                list,
                format!(
                    "An item of '{list}' states the type {stated}; 'microsoft.graph.{}' is expected.",
                    types[0]
                ),
            ));
        }
    }
    Ok(())
}

fn merge(target: &mut Value, members: &Map<String, Value>) {
    for (name, value) in members {
        if name != "id" && !name.contains("@odata.") {
            target[name.as_str()] = value.clone();
        }
    }
}
