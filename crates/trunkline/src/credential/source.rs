//! A credential in the hands of one client.

use std::fmt;
#[cfg(feature = "identity")]
use std::sync::Arc;

use trunkline_core::clock::BoxFuture;
use trunkline_core::error::Result;
use trunkline_core::secret::AccessToken;
use trunkline_core::token::{TokenRequest, TokenSource};

use super::{Credential, Kind};
#[cfg(feature = "identity")]
use super::{azure, certificate, session::Session};

/// Gets tokens by a credential, through the connections of its client.
pub(crate) struct ClientSource {
    credential: Credential,
    #[cfg(feature = "identity")]
    session: Arc<Session>,
}

impl ClientSource {
    #[cfg(feature = "identity")]
    pub(crate) fn new(
        credential: Credential,
        authority: url::Url,
        connection: crate::configuration::Connection,
    ) -> Self {
        Self {
            credential,
            session: Arc::new(Session::new(authority, connection)),
        }
    }

    #[cfg(not(feature = "identity"))]
    pub(crate) fn new(credential: Credential, _: url::Url, _: crate::configuration::Connection) -> Self {
        Self { credential }
    }

    async fn ask(&self, request: TokenRequest<'_>) -> Result<AccessToken> {
        tracing::debug!(target: "trunkline", credential = self.credential.name(), fresh = request.fresh, "getting a token");
        #[cfg(feature = "identity")]
        let session = &self.session;
        match self.credential.kind() {
            Kind::Source(source) => source.token(request).await,
            #[cfg(feature = "identity")]
            Kind::Secret { application, secret } => azure::client_secret(session, application, secret, request).await,
            #[cfg(feature = "identity")]
            Kind::Certificate {
                application,
                certificate,
            } => {
                let audience = session.endpoint(&application.tenant, "token")?;
                let now = session.clock().now();
                let assertion = certificate::assertion(certificate, application, audience.as_str(), now)?;
                azure::client_assertion(session, application, assertion, request).await
            }
            #[cfg(feature = "identity")]
            Kind::ManagedIdentity { client } => azure::managed_identity(session, client.as_deref(), request).await,
            #[cfg(feature = "identity")]
            Kind::WorkloadIdentity(federation) => azure::workload_identity(session, federation.as_ref(), request).await,
            #[cfg(feature = "identity")]
            Kind::DeveloperTools => azure::developer_tools(session, azure_identity::new_executor(), request).await,
            #[cfg(feature = "identity")]
            Kind::DeviceCode(device) => device.token(session, request).await,
        }
    }
}

impl TokenSource for ClientSource {
    fn token<'a>(&'a self, request: TokenRequest<'a>) -> BoxFuture<'a, Result<AccessToken>> {
        Box::pin(self.ask(request))
    }

    fn asks_a_person(&self) -> bool {
        match self.credential.kind() {
            Kind::Source(source) => source.asks_a_person(),
            #[cfg(feature = "identity")]
            Kind::DeviceCode(_) => true,
            #[cfg(feature = "identity")]
            _ => false,
        }
    }

    fn close(&self) {
        match self.credential.kind() {
            Kind::Source(source) => source.close(),
            #[cfg(feature = "identity")]
            _ => {}
        }
        #[cfg(feature = "identity")]
        self.session.close();
    }
}

impl fmt::Debug for ClientSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("ClientSource").field(&self.credential).finish()
    }
}
