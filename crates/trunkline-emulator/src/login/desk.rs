//! A request to the authority, and the data to answer it from.

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::Value;

use super::refusal::{Refusal, refuse};
use crate::address::query_pairs;
use crate::message::Request;
use crate::settings::Settings;
use crate::state::{OTHER_TENANT_DOMAINS, OTHER_TENANT_ID, World};

pub(super) const CLIENT_CREDENTIALS: &str = "client_credentials";
pub(super) const REFRESH_TOKEN: &str = "refresh_token";
pub(super) const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// The kinds of proof for which a client gets a token.
pub(super) const GRANTS: &[&str] = &[CLIENT_CREDENTIALS, REFRESH_TOKEN, DEVICE_CODE];

/// Scopes that are about the sign-in, and belong to no resource.
pub(super) const PROTOCOL_SCOPES: &[&str] = &["openid", "profile", "email", "offline_access"];

/// The data for the answer to a login request.
pub(crate) struct Desk<'a> {
    pub(crate) world: &'a World,
    pub(crate) settings: &'a Settings,
    pub(crate) root: &'a str,
    pub(crate) now: Timestamp,
}

/// The fields of a request: those of its body, and those behind the path of one that reads.
pub(super) struct Form(HashMap<String, String>);

impl Form {
    pub(super) fn of(request: &Request) -> Self {
        let body = String::from_utf8_lossy(&request.body);
        let text = if request.method == "GET" {
            &request.query
        } else {
            &*body
        };
        Self(query_pairs(text).into_iter().collect())
    }

    /// A field that is not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The claims that the client wants to find in the token.
    pub(super) fn claims(&self) -> Value {
        let claims = self.get("claims").and_then(|text| serde_json::from_str(text).ok());
        claims.unwrap_or_default()
    }
}

/// The tenant a path's segment means.
pub(super) fn tenant_id(desk: &Desk<'_>, name: &str, with_user: bool) -> Result<String, Refusal> {
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
