//! The login authority: the endpoints at which clients learn about it and get tokens.

mod client;
mod device;
mod discovery;
mod grant;
mod refusal;

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::Value;

use self::device::Devices;
use self::grant::SignIn;
use self::refusal::{Refusal, refuse};
use crate::address::query_pairs;
use crate::error::Identity;
use crate::message::{Reply, Request};
use crate::settings::Settings;
use crate::state::{OTHER_TENANT_DOMAINS, OTHER_TENANT_ID, World};
use crate::token;

pub use refusal::SignInError;

const CLIENT_CREDENTIALS: &str = "client_credentials";
const REFRESH_TOKEN: &str = "refresh_token";
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// What a client may show to get a token.
const GRANTS: &[&str] = &[CLIENT_CREDENTIALS, REFRESH_TOKEN, DEVICE_CODE];

/// Scopes that are about the sign-in, and belong to no resource.
const PROTOCOL_SCOPES: &[&str] = &["openid", "profile", "email", "offline_access"];

/// State of the authority.
#[derive(Clone, Debug, Default)]
pub(crate) struct Login {
    devices: Devices,
}

/// The data for the answer to a login request.
pub(crate) struct Desk<'a> {
    pub(crate) world: &'a World,
    pub(crate) settings: &'a Settings,
    pub(crate) root: &'a str,
    pub(crate) now: Timestamp,
}

/// The fields of a request: those of its body, and those behind the path of one that reads.
struct Form(HashMap<String, String>);

impl Form {
    fn of(request: &Request) -> Self {
        let body = String::from_utf8_lossy(&request.body);
        let text = if request.method == "GET" {
            &request.query
        } else {
            &*body
        };
        Self(query_pairs(text).into_iter().collect())
    }

    /// A field that is not empty.
    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The claims that the client wants to find in the token.
    fn claims(&self) -> Value {
        let claims = self.get("claims").and_then(|text| serde_json::from_str(text).ok());
        claims.unwrap_or_default()
    }
}

/// An address of the authority, behind the name of the tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Token,
    DeviceCode,
    Configuration,
    Keys,
    Instance,
}

impl Endpoint {
    fn method(self) -> &'static str {
        match self {
            Self::Token | Self::DeviceCode => "POST",
            Self::Configuration | Self::Keys | Self::Instance => "GET",
        }
    }

    /// How long an answer may be kept.
    fn cache_control(self) -> &'static str {
        match self {
            Self::Token | Self::DeviceCode => "no-store",
            Self::Configuration | Self::Keys | Self::Instance => "max-age=86400, private",
        }
    }

    /// Whether somebody signs in here, so that an error of signing in can be asked for.
    pub(crate) fn signs_in(self) -> bool {
        matches!(self, Self::Token | Self::DeviceCode)
    }
}

/// Whether a path belongs to the authority, and its tenant and endpoint if so.
pub(crate) fn endpoint(path: &str) -> Option<(String, Endpoint)> {
    let lower = path.trim_start_matches('/').to_ascii_lowercase();
    let (tenant, rest) = lower.split_once('/')?;
    let endpoint = match rest {
        "oauth2/v2.0/token" => Endpoint::Token,
        "oauth2/v2.0/devicecode" => Endpoint::DeviceCode,
        "v2.0/.well-known/openid-configuration" => Endpoint::Configuration,
        "discovery/v2.0/keys" => Endpoint::Keys,
        "discovery/instance" => Endpoint::Instance,
        _ => return None,
    };
    Some((tenant.to_owned(), endpoint))
}

impl Login {
    /// Answers a request to the authority.
    pub(crate) fn answer(
        &mut self,
        desk: &Desk<'_>,
        (tenant, endpoint): (&str, Endpoint),
        request: &Request,
        ids: &Identity,
    ) -> Reply {
        if request.method != endpoint.method() {
            return Reply::empty(405).with_header("Allow", endpoint.method());
        }
        let form = Form::of(request);
        let result = match endpoint {
            Endpoint::Configuration => discovery::configuration(desk, tenant),
            Endpoint::Keys => Ok(token::public_keys()),
            Endpoint::Instance => discovery::instance(desk, form.get("authorization_endpoint")),
            Endpoint::DeviceCode => self.devices.begin(desk, tenant, &form),
            Endpoint::Token => self.token(desk, tenant, &form),
        };
        match result {
            Ok(body) => Reply::json(200, body).with_header("Cache-Control", endpoint.cache_control()),
            Err(refusal) => refusal.into_reply(desk.root, ids),
        }
    }

    fn token(&mut self, desk: &Desk<'_>, tenant: &str, form: &Form) -> Result<Value, Refusal> {
        let grant = form
            .get("grant_type")
            .ok_or_else(|| refuse("invalid_request", 900_144, "The request must contain 'grant_type'."))?;
        match grant {
            CLIENT_CREDENTIALS => {
                let tenant = tenant_id(desk, tenant, false)?;
                let permissions = client::permissions(desk, form)?;
                grant::check_application_scope(desk, form.get("scope"))?;
                Ok(grant::for_application(desk, form, tenant, permissions))
            }
            // The second name is an older one.
            DEVICE_CODE | "device_code" => {
                client::check(desk, form)?;
                let device = self.devices.end(desk, form)?;
                let first = desk.world.users.first();
                let user = first.and_then(|user| user["id"].as_str()).unwrap_or_default();
                let sign_in = SignIn {
                    tenant: device.tenant,
                    user: user.to_owned(),
                    scope: device.scope,
                    nonce: None,
                };
                grant::for_user(desk, form, &sign_in)
            }
            REFRESH_TOKEN => {
                client::check(desk, form)?;
                renew(desk, tenant, form)
            }
            _ => Err(refuse(
                "unsupported_grant_type",
                70_003,
                format!("The grant type '{grant}' is not supported."),
            )),
        }
    }
}

/// New tokens for a refresh token.
fn renew(desk: &Desk<'_>, tenant: &str, form: &Form) -> Result<Value, Refusal> {
    let tenant = tenant_id(desk, tenant, true)?;
    let held = form.get("refresh_token").and_then(grant::read_refresh);
    let held = held.ok_or_else(|| refuse("invalid_grant", 70_000, "The refresh token is not valid."))?;
    if held.tenant != tenant {
        return Err(refuse(
            "invalid_grant",
            700_005,
            "The refresh token belongs to another tenant.",
        ));
    }
    if grant::wants_recent_sign_in(&form.claims()) {
        return Err(refuse(
            "interaction_required",
            50_078,
            "Presented multi-factor authentication has expired, you must refresh it.",
        ));
    }
    let scope = form.get("scope").map_or(held.scope, str::to_owned);
    grant::for_user(desk, form, &SignIn { scope, ..held })
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
