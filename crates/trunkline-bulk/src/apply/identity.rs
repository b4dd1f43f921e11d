//! Whose the client is: plans and journals are of one tenant and cloud, and a run is somebody's.

use futures_util::TryStreamExt;
use trunkline::{Client, ErrorKind};

use crate::error::{BulkError, BulkErrorKind};
use crate::journal::{Owner, Runner};

/// Finds out the tenant: from the token, from the client's settings, or by asking. A token of another tenant than the
/// client's is refused here, before anything is read or written.
pub(crate) async fn owner(client: &Client) -> Result<Owner, BulkError> {
    let core = client.core();
    let known = match client.verify_tenant().await {
        Ok(known) => known,
        Err(error) if error.kind() == ErrorKind::WrongTenant => return Err(error.into()),
        // The authority does not say which tenant a domain is. Reading goes on, and the first write asks again.
        Err(_) => core.token_view().await?.and_then(|view| view.tenant),
    };
    let tenant = match known {
        Some(tenant) => tenant,
        None => read_identity(client).await?,
    };
    Ok(Owner {
        tenant,
        cloud: core.cloud().name().to_owned(),
    })
}

/// Finds out from the token who starts a run.
pub(super) async fn runner(client: &Client) -> Result<Option<Runner>, BulkError> {
    let token = client.core().token_view().await?;
    Ok(token.as_ref().and_then(Runner::of))
}

async fn read_identity(client: &Client) -> Result<String, BulkError> {
    let mut all = client.graph().organization().list().items();
    let first = all.try_next().await?;
    first
        .and_then(|organisation| organisation.id.value().cloned())
        .ok_or_else(|| {
            BulkError::new(
                BulkErrorKind::OtherTenant,
                "the tenant of the client is not known",
                "Set the tenant's id: --tenant ID (Python: tenant=\"ID\", Node: tenant: \"ID\")",
            )
        })
}
