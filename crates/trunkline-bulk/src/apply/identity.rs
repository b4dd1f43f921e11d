//! Whose the client is: plans and journals are of one tenant and cloud.

use futures_util::TryStreamExt;
use trunkline::Client;

use crate::error::{BulkError, BulkErrorKind};
use crate::journal::Owner;

/// Finds out the tenant: from the token, from the client's settings, or by asking.
pub(crate) async fn owner(client: &Client) -> Result<Owner, BulkError> {
    let core = client.core();
    let told = core.token_view().await?.and_then(|view| view.tenant);
    let set = || core.tenant().filter(|tenant| is_id(tenant)).map(str::to_owned);
    let tenant = match told.or_else(set) {
        Some(tenant) => tenant,
        None => asked(client).await?,
    };
    Ok(Owner {
        tenant,
        cloud: core.cloud().name().to_owned(),
    })
}

async fn asked(client: &Client) -> Result<String, BulkError> {
    let mut all = client.graph().organization().list().items();
    let first = all.try_next().await?;
    first
        .and_then(|organisation| organisation.id.value().cloned())
        .ok_or_else(|| {
            BulkError::new(
                BulkErrorKind::OtherTenant,
                "it cannot be found out which tenant the client is for",
                "Give the tenant's id when the client is made",
            )
        })
}

/// Whether it is an id, not a domain.
fn is_id(tenant: &str) -> bool {
    tenant.len() == 36 && tenant.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}
