//! The tenant a client is for, and whether a token is of it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OnceCell;

use crate::clock::BoxFuture;
use crate::error::{Error, ErrorKind, Result};
use crate::mask;
use crate::sending::deadline::in_time;
use crate::signing::token::CachedToken;

/// Names at which an authority signs in people of any organisation: they name no tenant.
const ANY_TENANT: [&str; 2] = ["common", "organizations"];

/// Finds the tenant that a domain belongs to: an authority, as a rule.
pub trait TenantDirectory: Send + Sync {
    /// The tenant's id; `None` when there is no tenant of that name.
    ///
    /// # Errors
    ///
    /// Anything. The client keeps the kind, and sends no write.
    fn tenant_id<'a>(&'a self, domain: &'a str) -> BoxFuture<'a, Result<Option<String>>>;

    /// Closes connections that nobody uses, of a directory that has some.
    fn close(&self) {}
}

/// The tenant as the client's builder was given it, and its id once that is known.
pub(crate) struct Tenant {
    name: Option<String>,
    directory: Option<Arc<dyn TenantDirectory>>,
    /// Id of a tenant that is named by a domain. Asked for once, before the first write.
    found: OnceCell<String>,
}

impl Tenant {
    /// Finds the id of the tenant before a write with `token`, unless it is known. `remaining` is real time.
    pub(crate) async fn find_for(&self, token: &CachedToken, remaining: Option<Duration>) -> Result<()> {
        if !self.has_to_be_found() || token.tenant().is_none() {
            return Ok(());
        }
        // On the heap: at most the first write of a client asks.
        let search = Box::pin(self.find(token.tenant()));
        let late = "the authority did not name the tenant before the deadline";
        in_time(remaining, late, search).await
    }

    pub(crate) fn new(name: Option<String>, directory: Option<Arc<dyn TenantDirectory>>) -> Self {
        Self {
            name,
            directory,
            found: OnceCell::new(),
        }
    }

    pub(crate) fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    pub(crate) fn close(&self) {
        if let Some(directory) = &self.directory {
            directory.close();
        }
    }

    /// The domain whose tenant id is not known yet.
    fn unresolved(&self) -> Option<&str> {
        let name = self.name()?;
        let is_any = ANY_TENANT.iter().any(|any| any.eq_ignore_ascii_case(name));
        (!is_any && !mask::is_guid(name) && !self.found.initialized()).then_some(name)
    }

    /// The tenant's id, as far as it is known without asking.
    pub(crate) fn id(&self) -> Option<&str> {
        let name = self.name()?;
        if mask::is_guid(name) {
            return Some(name);
        }
        self.found.get().map(String::as_str)
    }

    /// Whether [`find`](Self::find) would ask.
    fn has_to_be_found(&self) -> bool {
        self.unresolved().is_some()
    }

    /// Asks the directory for the id of a tenant that is named by a domain, unless it is known. `token_tenant` is the tenant
    /// of the token that is about to be sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WrongTenant`] when there is no such tenant; otherwise that of the directory.
    pub(crate) async fn find(&self, token_tenant: Option<&str>) -> Result<()> {
        let Some(name) = self.unresolved() else { return Ok(()) };
        let shown = mask::text(name);
        let not_compared =
            |why: &str| format!("the token's tenant could not be compared with {shown}, so nothing was sent: {why}");
        let Some(directory) = &self.directory else {
            let message = not_compared("the client has no authority that could name the id of that tenant");
            return Err(Error::new(ErrorKind::InvalidInput, message).with_next_step(GIVE_THE_ID));
        };
        let ask = async {
            match directory.tenant_id(name).await {
                Ok(Some(id)) => Ok(id),
                Ok(None) => {
                    let of_token =
                        token_tenant.map_or_else(String::new, |id| format!("; the token is for tenant {id}"));
                    let message = format!("there is no tenant {shown} in this cloud{of_token}");
                    Err(Error::new(ErrorKind::WrongTenant, message)
                        .with_next_step("Check the spelling of the tenant and the cloud, or use the tenant's id"))
                }
                Err(error) => {
                    let message = not_compared(error.message());
                    Err(of_authority(error).with_message(message).with_next_step(GIVE_THE_ID))
                }
            }
        };
        self.found.get_or_try_init(|| ask).await.map(|_| ())
    }

    /// Refuses the token of another tenant. A token that does not name its tenant is compared with nothing.
    pub(crate) fn check(&self, token_tenant: Option<&str>) -> Result<()> {
        let (Some(name), Some(expected), Some(found)) = (self.name(), self.id(), token_tenant) else {
            return Ok(());
        };
        if expected.eq_ignore_ascii_case(found) {
            return Ok(());
        }
        let expected = if name == expected {
            format!("tenant {expected}")
        } else {
            format!("{}, which is tenant {expected}", mask::text(name))
        };
        let message = format!("the token is for tenant {found}, but the client is for {expected}");
        Err(Error::new(ErrorKind::WrongTenant, message))
    }
}

/// The error of an authority that did not answer the question. That something is not there or not permitted at the authority
/// says nothing about what the write is for.
fn of_authority(error: Error) -> Error {
    let error = error.without_target().with_may_have_reached_service(false);
    match error.kind() {
        ErrorKind::Throttled
        | ErrorKind::Service
        | ErrorKind::Timeout
        | ErrorKind::Connection
        | ErrorKind::Redirected
        | ErrorKind::UnexpectedBody
        | ErrorKind::InvalidInput
        | ErrorKind::Cancelled => error,
        _ => error.with_kind(ErrorKind::Authentication),
    }
}

const GIVE_THE_ID: &str = "Use the tenant's id instead of its domain, or check the connection to the authority";
