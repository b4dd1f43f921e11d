//! The authority: where people and applications sign in, and which tenant a domain belongs to.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use trunkline_core::clock::BoxFuture;
use trunkline_core::error::{Error, ErrorKind, Result};
use trunkline_core::mask;
use trunkline_core::operation::Operation;
use trunkline_core::tenant::TenantDirectory;
use trunkline_core::throttle::ThrottleScope;
use url::Url;

use super::Connection;

/// Maximum size of an authority's answer.
const MAXIMUM_ANSWER: usize = 1 << 20;

/// Path of an authority's description of a tenant, below the tenant's name.
const DESCRIPTION: &str = "/v2.0/.well-known/openid-configuration";

/// Maximum total wait for an authority that fails.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Error numbers with which an authority says that it does not know a tenant.
const UNKNOWN_TENANT: [&str; 2] = ["AADSTS90002", "AADSTS900023"];

/// A client that talks to the authority at `origin`, below `segment`: to the core an authority is a service like any other,
/// without a token source, with the connections of the client it is asked for. The caller has checked the address.
pub(crate) fn client_of_authority(
    connection: &Connection,
    origin: Url,
    segment: &str,
) -> Result<trunkline_core::Client> {
    connection
        .apply(trunkline_core::Client::builder())
        .set_root(origin)
        .set_version(segment)
        .with_maximum_body(MAXIMUM_ANSWER)
        .with_throttle_scope(ThrottleScope::Client)
        .with_unknown_enum_members(false)
        .with_allowed_endpoint()
        .build()
}

/// Finds tenants at the authority of a client.
pub(crate) struct Authority {
    address: Url,
    connection: Connection,
    /// The client of the last question. A client asks about one tenant.
    client: Mutex<Option<trunkline_core::Client>>,
}

impl Authority {
    pub(crate) fn new(address: Url, mut connection: Connection) -> Self {
        // Jobs have the patience for hours; whoever waits for the answer has a write that will ask again.
        let policy = connection.retry.unwrap_or_default();
        connection.retry = Some(policy.with_budget(LONGEST_WAIT));
        Self {
            address,
            connection,
            client: Mutex::default(),
        }
    }

    async fn ask(&self, domain: &str) -> Result<Option<String>> {
        let client = client_of_authority(&self.connection, self.address.clone(), domain)?;
        *self.client.lock().unwrap_or_else(PoisonError::into_inner) = Some(client.clone());
        match client.execute(&Operation::get(DESCRIPTION)).await {
            Ok(answer) => id_in(answer.into_value().as_str()).map(Some),
            Err(error) if is_unknown(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl TenantDirectory for Authority {
    fn tenant_id<'a>(&'a self, domain: &'a str) -> BoxFuture<'a, Result<Option<String>>> {
        Box::pin(self.ask(domain))
    }

    fn close(&self) {
        if let Some(client) = &*self.client.lock().unwrap_or_else(PoisonError::into_inner) {
            client.close();
        }
    }
}

/// Whether the authority says that there is no such tenant.
fn is_unknown(error: &Error) -> bool {
    let is_refusal = error.status().is_some_and(|status| status.is_client_error());
    let body = error.body().unwrap_or_default();
    is_refusal && !error.is_foreign_answer() && UNKNOWN_TENANT.iter().any(|number| contains_number(body, number))
}

/// Whether `number` stands in `text`, and not as the beginning of a longer one.
fn contains_number(text: &str, number: &str) -> bool {
    text.match_indices(number)
        .any(|(at, _)| !text[at + number.len()..].starts_with(|next: char| next.is_ascii_digit()))
}

/// The tenant's id in the description of a tenant: a segment of the issuer, `https://login.microsoftonline.com/{id}/v2.0`.
fn id_in(description: &str) -> Result<String> {
    let description: Value = serde_json::from_str(description).unwrap_or_default();
    let issuer = description["issuer"].as_str().unwrap_or_default();
    let id = issuer.split('/').find(|segment| mask::is_guid(segment));
    id.map(str::to_owned).ok_or_else(|| {
        Error::new(
            ErrorKind::UnexpectedBody,
            "the authority's description of the tenant does not hold the tenant's id",
        )
    })
}

/// Whether the authority takes it as the name of a tenant or application. Anything else would change the address it is put into.
pub(crate) fn is_name(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    !text.is_empty() && text.bytes().all(is_plain) && text.bytes().any(|byte| byte != b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_issuer_names_the_tenant() {
        const ID: &str = "6ad9a6bc-6a1c-4f9b-8f3e-0d9ef5a3c111";
        for issuer in [
            format!("https://login.microsoftonline.com/{ID}/v2.0"),
            format!("https://login.partner.microsoftonline.cn/{ID}/v2.0"),
            format!("https://sts.windows.net/{ID}/"),
            format!("http://127.0.0.1:8080/{ID}/v2.0"),
        ] {
            let description = serde_json::json!({"issuer": issuer}).to_string();
            assert_eq!(id_in(&description).unwrap(), ID);
        }
        for description in [
            "",
            "[]",
            "{}",
            r#"{"issuer":7}"#,
            r#"{"issuer":"https://login.microsoftonline.com/{tenantid}/v2.0"}"#,
            r#"{"issuer":"https://login.microsoftonline.com/6ad9a6bc6a1c4f9b8f3e0d9ef5a3c111/v2.0"}"#,
        ] {
            assert_eq!(
                id_in(description).unwrap_err().kind(),
                ErrorKind::UnexpectedBody,
                "{description}"
            );
        }
    }

    #[test]
    fn numbers_are_whole() {
        assert!(contains_number("AADSTS90002: Tenant 'x' not found.", "AADSTS90002"));
        assert!(!contains_number(
            "AADSTS900021: Requested tenant identifier",
            "AADSTS90002"
        ));
        assert!(contains_number("AADSTS900021 AADSTS90002", "AADSTS90002"));
    }
}
