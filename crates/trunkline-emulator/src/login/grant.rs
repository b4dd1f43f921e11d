//! The answers with tokens.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::desk::{Desk, Form, PROTOCOL_SCOPES};
use super::refusal::{Refusal, refuse};
use crate::token::{self, TokenRequest};

/// A user who signed in, for the scopes that were asked for.
pub(super) struct SignIn {
    pub(super) tenant: String,
    pub(super) user: String,
    pub(super) scope: String,
}

/// Time that tokens are valid, in seconds.
const LIFETIME_SECONDS: i64 = 3600;

/// A token for an application.
pub(super) fn for_application(desk: &Desk<'_>, form: &Form, tenant: String, permissions: Option<Vec<String>>) -> Value {
    let scope = form.get("scope").unwrap_or_default();
    let wish = TokenRequest {
        tenant: Some(tenant),
        permissions,
        audience: scope.strip_suffix("/.default").map(str::to_owned),
        ..of_client(form)
    };
    answer(desk, &wish)
}

/// The tokens for a user: of access, to renew it if that was asked for, and about the user if that was.
pub(super) fn for_user(desk: &Desk<'_>, form: &Form, sign_in: &SignIn) -> Result<Value, Refusal> {
    let asks = |protocol: &str| sign_in.scope.split_whitespace().any(|scope| scope == protocol);
    let resource_scopes: Vec<&str> = sign_in
        .scope
        .split_whitespace()
        .filter(|scope| !PROTOCOL_SCOPES.contains(scope))
        .collect();
    let resource = resource_of(desk, &resource_scopes)?;
    let wanted: Vec<String> = resource_scopes
        .iter()
        .map(|scope| scope.rsplit('/').next().unwrap_or(scope).to_owned())
        .collect();
    // `.default` means everything that was consented to.
    let is_default = wanted.is_empty() || wanted.iter().any(|name| name == ".default");
    let wish = TokenRequest {
        tenant: Some(sign_in.tenant.clone()),
        user: Some(sign_in.user.clone()),
        permissions: (!is_default).then_some(wanted),
        audience: resource.map(str::to_owned),
        ..of_client(form)
    };
    let mut body = answer(desk, &wish);
    let granted = wish.permissions.unwrap_or_else(|| crate::permission::every(true));
    let mut scopes: Vec<String> = granted
        .iter()
        .map(|permission| resource.map_or_else(|| permission.clone(), |resource| format!("{resource}/{permission}")))
        .collect();
    // Clients look for what they asked for among what they got.
    scopes.extend(
        resource_scopes
            .iter()
            .filter(|_| is_default)
            .map(|scope| (*scope).to_owned()),
    );
    scopes.extend(
        PROTOCOL_SCOPES
            .iter()
            .filter(|scope| asks(scope) && **scope != OFFLINE)
            .map(|scope| (*scope).to_owned()),
    );
    body["scope"] = json!(scopes.join(" "));
    if asks(OFFLINE) {
        // Each one is another, as the service gives a new one with every renewal and leaves the earlier ones valid.
        let id = uuid::Uuid::new_v4().simple().to_string();
        let held = json!([sign_in.tenant, sign_in.user, sign_in.scope, id]).to_string();
        body["refresh_token"] = json!(format!("{REFRESH}{}", URL_SAFE_NO_PAD.encode(held)));
    }
    if asks("openid") {
        body["id_token"] = json!(token::sign(&id_claims(desk, form, sign_in)));
    }
    if form.get("client_info") == Some("1") {
        let info = json!({ "uid": sign_in.user, "utid": sign_in.tenant }).to_string();
        body["client_info"] = json!(URL_SAFE_NO_PAD.encode(info));
    }
    Ok(body)
}

const OFFLINE: &str = "offline_access";
const REFRESH: &str = "emulator-refresh.";

/// The sign-in that a refresh token is about.
pub(super) fn read_refresh(text: &str) -> Option<SignIn> {
    let bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix(REFRESH)?).ok()?;
    let (tenant, user, scope, _): (_, _, _, String) = serde_json::from_slice(&bytes).ok()?;
    Some(SignIn { tenant, user, scope })
}

/// The one resource of the scopes; none if they are written without it.
fn resource_of<'s>(desk: &Desk<'_>, scopes: &[&'s str]) -> Result<Option<&'s str>, Refusal> {
    let mut resource = None;
    for scope in scopes {
        let Some((named, _)) = scope.rsplit_once('/').filter(|(named, _)| named.contains("://")) else {
            continue;
        };
        check_resource(desk, named)?;
        match resource {
            Some(earlier) if earlier != named => {
                return Err(refuse(
                    "invalid_scope",
                    28_000,
                    "The scopes are of more than one resource; ask for a token for each.",
                ));
            }
            _ => resource = Some(named),
        }
    }
    Ok(resource)
}

/// An application asks for `{resource}/.default` and nothing else.
pub(super) fn check_application_scope(desk: &Desk<'_>, scope: Option<&str>) -> Result<(), Refusal> {
    let scope = scope.ok_or_else(|| refuse("invalid_request", 900_144, "The request must contain 'scope'."))?;
    let Some(resource) = scope.strip_suffix("/.default") else {
        return Err(refuse(
            "invalid_scope",
            1_002_012,
            format!("The scope '{scope}' does not end in '/.default'."),
        ));
    };
    check_resource(desk, resource)
}

fn check_resource(desk: &Desk<'_>, resource: &str) -> Result<(), Refusal> {
    let resource = resource.trim_end_matches('/');
    if desk.settings.hosts.is_root(resource) || resource == desk.settings.cloud.graph_root() {
        Ok(())
    } else {
        Err(refuse(
            "invalid_resource",
            500_011,
            format!("The resource '{resource}' was not found in the tenant."),
        ))
    }
}

/// The claims of an id token: who signed in, for the client alone.
fn id_claims(desk: &Desk<'_>, form: &Form, sign_in: &SignIn) -> Value {
    let user = desk.world.user(&sign_in.user).cloned().unwrap_or_default();
    let client = form.get("client_id").unwrap_or_default();
    let now = desk.now.as_second();
    json!({
        "aud": client,
        "iss": format!("{}/{}/v2.0", desk.root, sign_in.tenant),
        "iat": now,
        "nbf": now,
        "exp": now.saturating_add(LIFETIME_SECONDS),
        // One user has another subject in every application.
        "sub": URL_SAFE_NO_PAD.encode(ring::digest::digest(
            &ring::digest::SHA256,
            format!("{client} {}", sign_in.user).as_bytes(),
        )),
        "oid": sign_in.user,
        "tid": sign_in.tenant,
        "name": user["displayName"],
        "preferred_username": user["userPrincipalName"],
        "uti": uuid::Uuid::new_v4().simple().to_string(),
        "ver": "2.0",
    })
}

/// Whether the claims of a request ask for a recent sign-in with a second factor.
pub(super) fn wants_recent_sign_in(claims: &Value) -> bool {
    let methods = claims["access_token"]["amr"]["values"].as_array();
    methods.is_some_and(|methods| methods.iter().any(|method| method == token::RECENT_SIGN_IN))
}

/// The claims that a token takes from its request: the client, and the capabilities in `claims`.
fn of_client(form: &Form) -> TokenRequest {
    let claims = form.claims();
    let capabilities = claims["access_token"]["xms_cc"]["values"]
        .as_array()
        .into_iter()
        .flatten();
    TokenRequest {
        recent_sign_in: wants_recent_sign_in(&claims),
        client_id: form.get("client_id").map(str::to_owned),
        capabilities: capabilities.filter_map(Value::as_str).map(str::to_owned).collect(),
        expires_in_seconds: Some(LIFETIME_SECONDS),
        ..TokenRequest::default()
    }
}

fn answer(desk: &Desk<'_>, wish: &TokenRequest) -> Value {
    json!({
        "token_type": "Bearer",
        "expires_in": LIFETIME_SECONDS,
        "ext_expires_in": LIFETIME_SECONDS,
        "access_token": token::issue(wish, desk.world, desk.root, desk.now),
    })
}
