//! The descriptions of the authority that clients read before they sign in.

use serde_json::{Value, json};

use super::desk::{Desk, GRANTS, PROTOCOL_SCOPES, tenant_id};
use super::refusal::{Refusal, refuse};
use crate::hosts::host_of;

/// Describes the authority of one tenant. Its addresses hold the tenant's id, whichever of its names was asked for.
pub(super) fn configuration(desk: &Desk<'_>, name: &str) -> Result<Value, Refusal> {
    let root = desk.root;
    let (tenant, issuer) = if matches!(name, "common" | "organizations") {
        (name.to_owned(), "{tenantid}".to_owned())
    } else {
        let id = tenant_id(desk, name, false).map_err(|refusal| Refusal {
            error: "invalid_tenant",
            ..refusal
        })?;
        (id.clone(), id)
    };
    let host = host_of(root).unwrap_or_default();
    Ok(json!({
        "issuer": format!("{root}/{issuer}/v2.0"),
        "token_endpoint": format!("{root}/{tenant}/oauth2/v2.0/token"),
        "device_authorization_endpoint": format!("{root}/{tenant}/oauth2/v2.0/devicecode"),
        "authorization_endpoint": format!("{root}/{tenant}/oauth2/v2.0/authorize"),
        "jwks_uri": format!("{root}/{tenant}/discovery/v2.0/keys"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
        "grant_types_supported": GRANTS,
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": PROTOCOL_SCOPES,
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "preferred_username", "name", "tid", "ver"],
        "request_uri_parameter_supported": false,
        "cloud_instance_name": host,
        "cloud_graph_host_name": host,
        "msgraph_host": host,
    }))
}

/// Says by which names the authority goes, to a client that asks whether an address is one.
pub(super) fn instance(desk: &Desk<'_>, endpoint: Option<&str>) -> Result<Value, Refusal> {
    let unknown = || {
        refuse(
            "invalid_instance",
            50_049,
            "The 'authorization_endpoint' is not of an authority that is known here.",
        )
    };
    let asked = endpoint.and_then(|endpoint| endpoint.split_once("://"));
    let (host, path) = asked.and_then(|(_, rest)| rest.split_once('/')).ok_or_else(unknown)?;
    if !desk.settings.hosts.permits(host) {
        return Err(unknown());
    }
    let tenant = path.split('/').next().unwrap_or_default();
    Ok(json!({
        "tenant_discovery_endpoint": format!("{}/{tenant}/v2.0/.well-known/openid-configuration", desk.root),
        "api-version": "1.1",
        "metadata": [{ "preferred_network": host, "preferred_cache": host, "aliases": [host] }],
    }))
}
