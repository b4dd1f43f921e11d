//! The login authority: the endpoints at which clients learn about it and get tokens.

mod client;
mod desk;
mod device;
mod discovery;
mod grant;
mod refusal;

use serde_json::Value;

use self::desk::{CLIENT_CREDENTIALS, DEVICE_CODE, Form, REFRESH_TOKEN, tenant_id};
use self::device::Devices;
use self::grant::SignIn;
use self::refusal::{Refusal, refuse};
use crate::error::Identity;
use crate::message::{Reply, Request};
use crate::token;

pub(crate) use desk::Desk;
pub use refusal::SignInError;

/// State of the authority.
#[derive(Clone, Debug, Default)]
pub(crate) struct Login {
    devices: Devices,
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
