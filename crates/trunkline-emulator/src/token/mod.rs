//! Tokens: legible, signed with a key that everybody has, and good for nothing outside an emulator.

mod key;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::message::Request;
use crate::permission::{self, Caller};
use crate::state::World;

pub(crate) use key::{is_signed, public_keys, sign};

/// The contents of a token. The default is an application token of the default tenant with every permission.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct TokenRequest {
    /// The tenant it is for; the emulator's own if absent.
    pub tenant: Option<String>,
    /// The signed-in user, by object id or user principal name. Absent makes it an application token.
    pub user: Option<String>,
    /// Scopes or roles. Absent means every one the permission table knows for this kind of token.
    pub permissions: Option<Vec<String>>,
    /// Directory roles of the user, by name or template id. Absent leaves the `wids` claim out, and then roles are not
    /// examined.
    pub directory_roles: Option<Vec<String>>,
    /// Lifetime in seconds from now; negative for a token that has already expired. An hour if absent.
    pub expires_in_seconds: Option<i64>,
    /// The client it is issued to.
    pub client_id: Option<String>,
    /// The audience; the emulator's Graph root if absent.
    pub audience: Option<String>,
    /// Client capabilities such as `cp1`.
    pub capabilities: Vec<String>,
    /// Whether the user has just signed in with a second factor: the token's `amr` then holds `ngcmfa`.
    pub recent_sign_in: bool,
}

/// The reason why a token was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rejection {
    Malformed,
    Foreign,
    Expired,
    Audience,
    Tenant,
}

impl Rejection {
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::Malformed => "The access token is not a well-formed JWT.",
            Self::Foreign => "The access token was not issued here. The emulator accepts only tokens of its own.",
            Self::Expired => "The access token's lifetime is over.",
            Self::Audience => "The access token is meant for another audience.",
            Self::Tenant => "The access token belongs to a tenant that is not served here.",
        }
    }
}

/// Writes a token.
pub(crate) fn issue(request: &TokenRequest, world: &World, root: &str, now: Timestamp) -> String {
    let user = request
        .user
        .as_deref()
        .map(|key| world.user(key).cloned().unwrap_or_else(|| json!({ "id": key })));
    let permissions = request
        .permissions
        .clone()
        .unwrap_or_else(|| permission::every(user.is_some()));
    let mut claims = Map::new();
    // A tenant that is not here may be asked for: Graph refuses such a token.
    let foreign = request.tenant.as_deref().filter(|name| !world.is_tenant(name));
    let tenant = foreign.unwrap_or_else(|| world.tenant_id()).to_owned();
    let client = request
        .client_id
        .clone()
        .unwrap_or_else(|| crate::state::DEFAULT_CLIENT_ID.to_owned());
    let issued = now.as_second();
    claims.insert("aud".to_owned(), json!(request.audience.as_deref().unwrap_or(root)));
    claims.insert("iss".to_owned(), json!(format!("{root}/{tenant}/v2.0")));
    claims.insert("iat".to_owned(), json!(issued));
    claims.insert("nbf".to_owned(), json!(issued));
    claims.insert(
        "exp".to_owned(),
        json!(issued.saturating_add(request.expires_in_seconds.unwrap_or(3600))),
    );
    claims.insert("tid".to_owned(), json!(tenant));
    claims.insert("appid".to_owned(), json!(client));
    claims.insert("uti".to_owned(), json!(uuid::Uuid::new_v4().simple().to_string()));
    claims.insert("ver".to_owned(), json!("1.0"));
    claims.insert("emu".to_owned(), json!(true));
    match &user {
        Some(user) => {
            claims.insert("idtyp".to_owned(), json!("user"));
            claims.insert("oid".to_owned(), user["id"].clone());
            claims.insert("upn".to_owned(), user["userPrincipalName"].clone());
            claims.insert("name".to_owned(), user["displayName"].clone());
            claims.insert("scp".to_owned(), json!(permissions.join(" ")));
            let methods: &[&str] = if request.recent_sign_in {
                &["pwd", RECENT_SIGN_IN, "mfa"]
            } else {
                &["pwd", "mfa"]
            };
            claims.insert("amr".to_owned(), json!(methods));
        }
        None => {
            claims.insert("idtyp".to_owned(), json!("app"));
            claims.insert("oid".to_owned(), json!(client));
            claims.insert("roles".to_owned(), json!(permissions));
        }
    }
    if let Some(roles) = &request.directory_roles {
        let ids: Vec<String> = roles.iter().map(|role| permission::role_id(role)).collect();
        claims.insert("wids".to_owned(), json!(ids));
    }
    if !request.capabilities.is_empty() {
        claims.insert("xms_cc".to_owned(), json!(request.capabilities));
    }
    sign(&Value::Object(claims))
}

/// The claims of a token, whoever signed it. Nothing if it is none.
pub(crate) fn claims_of(token: &str) -> Option<Value> {
    part_of(token, 1)
}

/// The tenant of a request, as its token says. The token is not examined.
pub(crate) fn tenant_of(request: &Request) -> Option<String> {
    let claims = claims_of(request.header("authorization")?)?;
    claims["tid"].as_str().map(str::to_owned)
}

/// The header of a token: its algorithm and key.
pub(crate) fn header_of(token: &str) -> Option<Value> {
    part_of(token, 0)
}

fn part_of(token: &str, at: usize) -> Option<Value> {
    let parts: Vec<&str> = token.split('.').collect();
    let [_, _, _] = parts[..] else { return None };
    let bytes = URL_SAFE_NO_PAD.decode(parts[at].trim_end_matches('=')).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// The authentication method that stands for a recent sign-in with a second factor.
pub(crate) const RECENT_SIGN_IN: &str = "ngcmfa";

/// Time for which such a sign-in counts as recent, in seconds.
const RECENT_SECONDS: i64 = 600;

/// Whether an authorization header has the token of a user whose sign-in with a second factor is not recent.
pub(crate) fn is_stale(header: &str, now: Timestamp) -> bool {
    let claims = claims_of(header).unwrap_or_default();
    let methods = claims["amr"].as_array();
    let has_method = methods.is_some_and(|methods| methods.iter().any(|method| method == RECENT_SIGN_IN));
    let issued = claims["iat"].as_i64().unwrap_or_default();
    let is_user = claims.get("scp").is_some();
    is_user && !(has_method && now.as_second() < issued.saturating_add(RECENT_SECONDS))
}

/// Reads and examines a token.
pub(crate) fn verify(
    token: &str,
    is_served: impl Fn(&str) -> bool,
    accepts: impl Fn(&str) -> bool,
    now: Timestamp,
) -> Result<Caller, Rejection> {
    let claims = claims_of(token).ok_or(Rejection::Malformed)?;
    if !is_signed(token) {
        return Err(Rejection::Foreign);
    }
    if claims["exp"].as_i64().is_none_or(|end| end <= now.as_second()) {
        return Err(Rejection::Expired);
    }
    let audience = claims["aud"].as_str().unwrap_or_default().trim_end_matches('/');
    if !accepts(audience) {
        return Err(Rejection::Audience);
    }
    if !claims["tid"].as_str().is_some_and(is_served) {
        return Err(Rejection::Tenant);
    }
    let texts = |value: &Value| -> Vec<String> {
        value
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    };
    let permissions = match claims["scp"].as_str() {
        Some(scopes) => scopes.split_whitespace().map(str::to_owned).collect(),
        None => texts(&claims["roles"]),
    };
    Ok(Caller {
        tenant: claims["tid"].as_str().map(str::to_owned),
        user: claims.get("scp").and(claims["oid"].as_str()).map(str::to_owned),
        permissions,
        directory_roles: claims.get("wids").map(texts),
    })
}
