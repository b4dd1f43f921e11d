//! The login authority: tokens for clients and users, and errors in its own shape.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::address::query_pairs;
use crate::clock::graph_text;
use crate::message::{Reply, Request};
use crate::settings::Settings;
use crate::state::{OTHER_TENANT_DOMAINS, OTHER_TENANT_ID, World};
use crate::token::{self, TokenRequest};

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A sign-in on another device that has begun.
#[derive(Clone, Debug)]
struct Device {
    polls: u32,
    expires: Timestamp,
    tenant: String,
    scope: String,
}

/// State of the authority.
#[derive(Clone, Debug, Default)]
pub(crate) struct Login {
    devices: HashMap<String, Device>,
}

/// The data for the answer to a login request.
pub(crate) struct Desk<'a> {
    pub(crate) world: &'a World,
    pub(crate) settings: &'a Settings,
    pub(crate) root: &'a str,
    pub(crate) now: Timestamp,
    pub(crate) request_id: &'a str,
}

/// An error of the authority.
struct Refusal {
    status: u16,
    error: &'static str,
    code: u32,
    text: String,
}

fn refuse(error: &'static str, code: u32, text: impl Into<String>) -> Refusal {
    let status = if error == "invalid_client" { 401 } else { 400 };
    Refusal {
        status,
        error,
        code,
        text: text.into(),
    }
}

/// Whether a path belongs to the authority, and its tenant and endpoint if so.
pub(crate) fn endpoint(path: &str) -> Option<(String, &'static str)> {
    let lower = path.trim_start_matches('/').to_ascii_lowercase();
    let (tenant, rest) = lower.split_once('/')?;
    let name = match rest {
        "oauth2/v2.0/token" => "token",
        "oauth2/v2.0/devicecode" => "devicecode",
        "v2.0/.well-known/openid-configuration" => "configuration",
        _ => return None,
    };
    Some((tenant.to_owned(), name))
}

impl Login {
    /// Answers a request to the authority.
    pub(crate) fn answer(&mut self, desk: &Desk<'_>, tenant: &str, endpoint: &str, request: &Request) -> Reply {
        let method = if endpoint == "configuration" { "GET" } else { "POST" };
        if request.method != method {
            return Reply::empty(405).with_header("Allow", method);
        }
        let form: HashMap<String, String> = query_pairs(&String::from_utf8_lossy(&request.body))
            .into_iter()
            .collect();
        let result = match endpoint {
            "configuration" => configuration(desk, tenant),
            "devicecode" => self.begin_device(desk, tenant, &form),
            _ => self.token(desk, tenant, &form),
        };
        match result {
            Ok(body) if endpoint == "configuration" => {
                Reply::json(200, body).with_header("Cache-Control", "max-age=86400, private")
            }
            Ok(body) => Reply::json(200, body).with_header("Cache-Control", "no-store"),
            Err(refusal) => {
                let text = format!(
                    "AADSTS{}: {} Trace ID: {} Timestamp: {}",
                    refusal.code,
                    refusal.text,
                    desk.request_id,
                    graph_text(desk.now)
                );
                Reply::json(
                    refusal.status,
                    json!({
                        "error": refusal.error,
                        "error_description": text,
                        "error_codes": [refusal.code],
                        "timestamp": graph_text(desk.now),
                        "trace_id": desk.request_id,
                        "correlation_id": request.header("client-request-id").unwrap_or(desk.request_id),
                    }),
                )
            }
        }
    }

    fn begin_device(
        &mut self,
        desk: &Desk<'_>,
        tenant: &str,
        form: &HashMap<String, String>,
    ) -> Result<Value, Refusal> {
        let tenant = tenant_id(desk, tenant, true)?;
        client_id(form)?;
        let scope = form.get("scope").cloned().unwrap_or_default();
        let code = format!("emulator-device-{}", uuid::Uuid::new_v4().simple());
        let expires = desk
            .now
            .saturating_add(SignedDuration::from_mins(15))
            .unwrap_or(desk.now);
        self.devices.insert(
            code.clone(),
            Device {
                polls: 0,
                expires,
                tenant,
                scope,
            },
        );
        let page = format!("{}/devicelogin", desk.root);
        Ok(json!({
            "device_code": code,
            "user_code": "EMULATOR",
            "verification_uri": page,
            "expires_in": 900,
            "interval": 5,
            "message": format!("To sign in, open {page} and enter the code EMULATOR."),
        }))
    }

    fn token(&mut self, desk: &Desk<'_>, tenant: &str, form: &HashMap<String, String>) -> Result<Value, Refusal> {
        let field = |name: &str| form.get(name).map(String::as_str).filter(|value| !value.is_empty());
        let grant = field("grant_type")
            .ok_or_else(|| refuse("invalid_request", 900_144, "The request must contain 'grant_type'."))?;
        match grant {
            "client_credentials" => {
                let tenant = tenant_id(desk, tenant, false)?;
                let permissions = client_permissions(desk, form)?;
                application_scope(desk, field("scope"))?;
                Ok(answer(
                    desk,
                    TokenRequest {
                        tenant: Some(tenant),
                        permissions,
                        ..for_client(form)
                    },
                    None,
                ))
            }
            DEVICE_CODE | "device_code" => self.device_token(desk, form),
            "refresh_token" => {
                let tenant = tenant_id(desk, tenant, true)?;
                let held = field("refresh_token").and_then(read_refresh);
                let held = held.ok_or_else(|| refuse("invalid_grant", 70_000, "The refresh token is not valid."))?;
                if held.0 != tenant {
                    return Err(refuse(
                        "invalid_grant",
                        700_005,
                        "The refresh token belongs to another tenant.",
                    ));
                }
                let claims = field("claims").and_then(|text| serde_json::from_str(text).ok());
                if claims.is_some_and(|claims| wants_recent_sign_in(&claims)) {
                    return Err(refuse(
                        "interaction_required",
                        50_078,
                        "Presented multi-factor authentication has expired, you must refresh it.",
                    ));
                }
                let scope = field("scope").map_or(held.2, str::to_owned);
                delegated(desk, form, tenant, &held.1, &scope)
            }
            _ => Err(refuse(
                "unsupported_grant_type",
                70_003,
                format!("The grant type '{grant}' is not supported."),
            )),
        }
    }

    fn device_token(&mut self, desk: &Desk<'_>, form: &HashMap<String, String>) -> Result<Value, Refusal> {
        client_id(form)?;
        let code = form.get("device_code").cloned().unwrap_or_default();
        let device = self.devices.get_mut(&code);
        let device = device.ok_or_else(|| refuse("bad_verification_code", 70_018, "The device code is not known."))?;
        if desk.now >= device.expires {
            return Err(refuse("expired_token", 70_019, "The device code's time is over."));
        }
        device.polls += 1;
        if device.polls <= desk.settings.device_code_polls {
            return Err(refuse(
                "authorization_pending",
                70_016,
                "The user has not signed in yet.",
            ));
        }
        let device = device.clone();
        self.devices.remove(&code);
        let user = desk
            .world
            .users
            .first()
            .and_then(|user| user["id"].as_str())
            .unwrap_or_default()
            .to_owned();
        delegated(desk, form, device.tenant, &user, &device.scope)
    }
}

/// Describes the authority of one tenant. Its addresses hold the tenant's id, whichever of its names was asked for.
fn configuration(desk: &Desk<'_>, name: &str) -> Result<Value, Refusal> {
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
    Ok(json!({
        "issuer": format!("{root}/{issuer}/v2.0"),
        "token_endpoint": format!("{root}/{tenant}/oauth2/v2.0/token"),
        "device_authorization_endpoint": format!("{root}/{tenant}/oauth2/v2.0/devicecode"),
        "authorization_endpoint": format!("{root}/{tenant}/oauth2/v2.0/authorize"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
        "response_types_supported": ["code"],
        "cloud_graph_host_name": root,
        "msgraph_host": root.trim_start_matches("http://"),
    }))
}

/// The tenant a path's segment means.
fn tenant_id(desk: &Desk<'_>, name: &str, with_user: bool) -> Result<String, Refusal> {
    if desk.world.is_tenant(name) {
        return Ok(desk.world.tenant_id().to_owned());
    }
    let is_other = |known: &&str| known.eq_ignore_ascii_case(name);
    if [OTHER_TENANT_ID].iter().chain(&OTHER_TENANT_DOMAINS).any(is_other) {
        return Ok(OTHER_TENANT_ID.to_owned());
    }
    if matches!(name, "common" | "organizations") {
        return if with_user {
            Ok(desk.world.tenant_id().to_owned())
        } else {
            Err(refuse(
                "invalid_request",
                90_014,
                "An application signs in at its tenant, not at a common endpoint.",
            ))
        };
    }
    Err(refuse(
        "invalid_request",
        90_002,
        format!("Tenant '{name}' not found. Check the tenant id and that the cloud is the right one."),
    ))
}

fn client_id(form: &HashMap<String, String>) -> Result<&str, Refusal> {
    form.get("client_id")
        .map(String::as_str)
        .filter(|id| !id.is_empty())
        .ok_or_else(|| refuse("invalid_request", 900_144, "The request must contain 'client_id'."))
}

/// Examines a client's secret or assertion, and gives the permissions it holds. Clients the seed does not name are let
/// in with every permission, so that a test can bring its own id.
fn client_permissions(desk: &Desk<'_>, form: &HashMap<String, String>) -> Result<Option<Vec<String>>, Refusal> {
    let id = client_id(form)?;
    let known = desk.world.clients.iter().find(|client| {
        client["appId"]
            .as_str()
            .is_some_and(|known| known.eq_ignore_ascii_case(id))
    });
    let field = |name: &str| form.get(name).map(String::as_str).filter(|value| !value.is_empty());
    match (field("client_secret"), field("client_assertion")) {
        (Some(secret), _) => {
            if known.is_some_and(|client| client["secret"].as_str().is_some_and(|right| right != secret)) {
                return Err(refuse(
                    "invalid_client",
                    7_000_215,
                    "The client secret is not the right one.",
                ));
            }
        }
        (None, Some(assertion)) => {
            if field("client_assertion_type") != Some(ASSERTION) || assertion.split('.').count() != 3 {
                return Err(refuse(
                    "invalid_client",
                    50_027,
                    "The client assertion is not a valid token.",
                ));
            }
        }
        (None, None) => {
            return Err(refuse(
                "invalid_client",
                7_000_216,
                "The request must contain 'client_secret' or 'client_assertion'.",
            ));
        }
    }
    let granted = known.and_then(|client| client["permissions"].as_array());
    Ok(granted.map(|list| list.iter().filter_map(Value::as_str).map(str::to_owned).collect()))
}

/// An application asks for `{resource}/.default` and nothing else.
fn application_scope(desk: &Desk<'_>, scope: Option<&str>) -> Result<(), Refusal> {
    let scope = scope.ok_or_else(|| refuse("invalid_request", 900_144, "The request must contain 'scope'."))?;
    let Some(resource) = scope.strip_suffix("/.default") else {
        return Err(refuse(
            "invalid_scope",
            1_002_012,
            format!("The scope '{scope}' does not end in '/.default'."),
        ));
    };
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

fn delegated(
    desk: &Desk<'_>,
    form: &HashMap<String, String>,
    tenant: String,
    user: &str,
    scope: &str,
) -> Result<Value, Refusal> {
    const PROTOCOL: [&str; 4] = ["openid", "profile", "email", "offline_access"];
    let wanted: Vec<String> = scope
        .split_whitespace()
        .map(|name| name.rsplit('/').next().unwrap_or(name).to_owned())
        .filter(|name| !PROTOCOL.contains(&name.as_str()))
        .collect();
    // `.default` means everything that was consented to.
    let permissions = if wanted.is_empty() || wanted.iter().any(|name| name == ".default") {
        None
    } else {
        Some(wanted)
    };
    let refresh = format!(
        "emulator-refresh.{}",
        URL_SAFE_NO_PAD.encode(json!([tenant, user, scope]).to_string())
    );
    let wish = TokenRequest {
        tenant: Some(tenant),
        user: Some(user.to_owned()),
        permissions,
        ..for_client(form)
    };
    Ok(answer(desk, wish, Some(refresh)))
}

fn read_refresh(text: &str) -> Option<(String, String, String)> {
    let bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix("emulator-refresh.")?).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Whether the claims of a request ask for a recent sign-in with a second factor.
fn wants_recent_sign_in(claims: &Value) -> bool {
    let methods = claims["access_token"]["amr"]["values"].as_array();
    methods.is_some_and(|methods| methods.iter().any(|method| method == token::RECENT_SIGN_IN))
}

/// The claims that a token takes from its request: the client, and the capabilities in `claims`.
fn for_client(form: &HashMap<String, String>) -> TokenRequest {
    let claims: Value = form
        .get("claims")
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    let capabilities = claims["access_token"]["xms_cc"]["values"]
        .as_array()
        .into_iter()
        .flatten();
    TokenRequest {
        recent_sign_in: wants_recent_sign_in(&claims),
        client_id: form.get("client_id").cloned(),
        capabilities: capabilities.filter_map(Value::as_str).map(str::to_owned).collect(),
        ..TokenRequest::default()
    }
}

fn answer(desk: &Desk<'_>, wish: TokenRequest, refresh: Option<String>) -> Value {
    let mut body = json!({
        "token_type": "Bearer",
        "expires_in": 3600,
        "ext_expires_in": 3600,
        "access_token": token::issue(&wish, desk.world, desk.root, desk.now),
    });
    if let Some(refresh) = refresh {
        body["refresh_token"] = json!(refresh);
        body["scope"] = json!(
            wish.permissions
                .map_or_else(|| ".default".to_owned(), |names| names.join(" "))
        );
    }
    body
}
