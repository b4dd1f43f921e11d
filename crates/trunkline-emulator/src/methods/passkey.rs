//! Passkeys: options to create one, and its registration.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::Kind;
use super::members::{items_mut, prepare, with_context};
use crate::body::{self, Shape, optional, required};
use crate::call::Call;
use crate::clock::graph_text;
use crate::error::Failure;
use crate::message::Reply;
use crate::place::Owner;
use crate::policy;

/// `GET fido2Methods/creationOptions`.
pub(crate) fn creation_options(call: &mut Call<'_>, owner: &Owner) -> Result<Reply, Failure> {
    let id = prepare(call, owner)?;
    let is_allowed = policy::configuration(&call.world.methods_policy, "Fido2")
        .is_some_and(|configuration| configuration["isSelfServiceRegistrationAllowed"] == json!(true));
    if !is_allowed {
        return Err(Failure::invalid(
            "The policy for passkeys does not allow self-service set-up.",
        ));
    }
    let user = call.world.user(&id).cloned().unwrap_or_default();
    let timeout = call
        .now
        .saturating_add(SignedDuration::from_mins(5))
        .unwrap_or(call.now);
    let excluded: Vec<Value> = items_mut(call, &id, Kind::Fido2)
        .iter()
        .map(|item| json!({ "id": item["id"], "type": "public-key", "transports": [] }))
        .collect();
    let body = json!({
        "@odata.context": call.context("microsoft.graph.webauthnCredentialCreationOptions"),
        "@odata.type": "#microsoft.graph.webauthnCredentialCreationOptions",
        "challengeTimeoutDateTime": graph_text(timeout),
        "publicKey": {
            "rp": { "id": "login.emulator.example", "name": "Trunkline emulator" },
            "user": {
                "id": URL_SAFE_NO_PAD.encode(&id),
                "displayName": user["displayName"],
                "name": user["userPrincipalName"],
            },
            "challenge": URL_SAFE_NO_PAD.encode(uuid::Uuid::new_v4().to_string()),
            "pubKeyCredParams": [{ "type": "public-key", "alg": -7 }, { "type": "public-key", "alg": -257 }],
            "timeout": 60_000,
            "excludeCredentials": excluded,
            "authenticatorSelection": {
                "authenticatorAttachment": "cross-platform",
                "requireResidentKey": true,
                "userVerification": "required",
            },
            "attestation": "direct",
            "extensions": {},
        },
    });
    Ok(Reply::json(200, body))
}

/// `POST fido2Methods`.
pub(super) fn create(call: &mut Call<'_>, id: &str) -> Result<Reply, Failure> {
    let members = body::object(call.request, false)?;
    body::check(
        &members,
        &[
            optional("id", Shape::Text),
            optional("displayName", Shape::Text),
            required("publicKeyCredential", Shape::Object),
        ],
    )?;
    body::check_type(&members, Kind::Fido2.type_name())?;
    let credential = &members["publicKeyCredential"];
    if let Some(credential) = credential.as_object() {
        body::check_type(credential, "#microsoft.graph.webauthnPublicKeyCredential")?;
    }
    let response = &credential["response"];
    if !credential["id"].is_string()
        || !response["clientDataJSON"].is_string()
        || !response["attestationObject"].is_string()
    {
        return Err(Failure::invalid_property(
            "publicKeyCredential",
            "The credential lacks its id or its attestation.",
        ));
    }
    let entity = json!({
        "@odata.type": Kind::Fido2.type_name(),
        "id": credential["id"],
        "displayName": members.get("displayName").cloned().unwrap_or(Value::Null),
        "createdDateTime": graph_text(call.now),
        "aaGuid": "de1e552d-db1d-4423-a619-566b625cdc84",
        "model": "Emulated key",
        "attestationCertificates": [],
        "attestationLevel": "attested",
        "passkeyType": "deviceBound",
    });
    items_mut(call, id, Kind::Fido2).push(entity.clone());
    Ok(Reply::json(201, with_context(call, id, Kind::Fido2, entity)))
}
