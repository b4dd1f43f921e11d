//! An application, and how it is checked before anything is sent.

use std::path::PathBuf;

use trunkline_core::error::{Error, ErrorKind, Result};

use crate::configuration::is_name;

/// An application and the tenant it signs in to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Application {
    pub(crate) tenant: String,
    pub(crate) client: String,
}

impl Application {
    pub(crate) fn new(tenant: impl Into<String>, client: impl Into<String>) -> Self {
        Self {
            tenant: tenant.into(),
            client: client.into(),
        }
    }

    /// Whether both can be part of an address and of a form.
    pub(super) fn check(&self) -> Result<()> {
        if !is_name(&self.tenant) {
            return Err(invalid("the credential's tenant is neither an id nor a domain"));
        }
        if !is_name(&self.client) {
            return Err(invalid("the credential's client id is not an application id"));
        }
        Ok(())
    }
}

pub(super) fn invalid(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidInput, message)
}

/// A Kubernetes service account that is federated to an application.
#[derive(Clone, Debug)]
pub(crate) struct Federation {
    pub(crate) application: Application,
    pub(crate) token_file: PathBuf,
}
