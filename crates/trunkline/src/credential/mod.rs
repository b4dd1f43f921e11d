//! Credentials: the ways to sign in.
//!
//! A client has exactly one [`Credential`], chosen by name. There is no chain that tries one after another: what signs
//! in on a laptop must not be able to sign in as somebody else on a server.
//!
//! | Constructor | Speaks for | Needs |
//! |---|---|---|
//! | [`Credential::client_secret`] | an application | a secret |
//! | [`Credential::client_certificate`] | an application | a certificate and its RSA key, as PEM text |
//! | [`Credential::managed_identity`] | an Azure resource | a virtual machine, App Service or container in Azure |
//! | [`Credential::workload_identity`] | a Kubernetes service account | the workload identity webhook |
//! | [`Credential::developer_tools`] | the developer | `az login` or `azd auth login` |
//! | [`Credential::device_code`] | a user | a browser anywhere, for one short code |
//! | [`Credential::from_environment`] | an application | the variables `AZURE_*` |
//! | [`Credential::callback`], [`Credential::source`] | whoever your code signs in | your code |
//! | [`Credential::token`] | whoever it was given to | a token; it is never renewed |
//!
//! Nothing is read, signed or sent before the first request needs a token. Requests for tokens take the client's own
//! connections (proxy, certificate authorities, timeouts), go to the authority of the client's cloud only, and follow
//! no redirect.
//!
//! Tokens are asked for with the capability `cp1`: the service may end them early, for instance when the user is
//! disabled, and answers with a claims challenge. The client asks for another token with these claims, once.

#[cfg(feature = "identity")]
mod application;
#[cfg(feature = "identity")]
mod azure;
#[cfg(feature = "identity")]
mod certificate;
#[cfg(feature = "identity")]
mod device_code;
#[cfg(feature = "identity")]
mod environment;
#[cfg(feature = "identity")]
mod refusal;
#[cfg(feature = "identity")]
mod session;
mod source;
#[cfg(feature = "identity")]
mod store;
#[cfg(all(test, feature = "identity"))]
mod tests;

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use trunkline_core::error::Result;
use trunkline_core::secret::AccessToken;
use trunkline_core::token::{OwnedTokenRequest, StaticToken, TokenCallback, TokenSource};

#[cfg(feature = "identity")]
use crate::ProgressResult;
#[cfg(feature = "identity")]
use crate::configuration::is_name;
#[cfg(feature = "identity")]
use application::{Application, Federation, invalid};
#[cfg(feature = "identity")]
pub use certificate::ClientCertificate;
#[cfg(feature = "identity")]
pub use device_code::DeviceCodePrompt;
pub(crate) use source::ClientSource;
#[cfg(feature = "identity")]
pub use store::{StoredTokens, TokenOwner, TokenStore};

/// One way to sign in. See the [module](self) for which to take.
///
/// Cheap to clone; clones share what was signed in to. Neither `Debug` nor any error shows its secrets.
#[derive(Clone)]
pub struct Credential(Kind);

#[derive(Clone)]
pub(crate) enum Kind {
    Source(Arc<dyn TokenSource>),
    #[cfg(feature = "identity")]
    Secret {
        application: Application,
        secret: trunkline_core::secret::Secret,
    },
    #[cfg(feature = "identity")]
    Certificate {
        application: Application,
        certificate: ClientCertificate,
    },
    #[cfg(feature = "identity")]
    ManagedIdentity {
        client: Option<String>,
    },
    #[cfg(feature = "identity")]
    WorkloadIdentity(Option<Federation>),
    #[cfg(feature = "identity")]
    DeveloperTools,
    #[cfg(feature = "identity")]
    DeviceCode(Arc<device_code::DeviceCode>),
}

impl Credential {
    /// A token that is at hand. It is never renewed: once it ends, requests fail.
    pub fn token(token: impl Into<String>) -> Self {
        Self::source(StaticToken::new(token))
    }

    /// Asks `callback` for every token: the bridge to whatever signs in already.
    ///
    /// The client keeps a token until shortly before it ends, and asks once for all requests that wait. When
    /// [`claims`](OwnedTokenRequest::claims) is set they must reach the authority; when
    /// [`fresh`](OwnedTokenRequest::fresh) is set a token from a cache will not do.
    ///
    /// ```
    /// use trunkline::{AccessToken, Credential, Timestamp};
    ///
    /// let credential = Credential::callback(|request| async move {
    ///     let _scopes = request.scopes;
    ///     Ok(AccessToken::new("a token from elsewhere", Timestamp::MAX))
    /// });
    /// ```
    pub fn callback<F, R>(callback: F) -> Self
    where
        F: Fn(OwnedTokenRequest) -> R + Send + Sync + 'static,
        R: Future<Output = Result<AccessToken>> + Send + 'static,
    {
        Self::source(TokenCallback::new(callback))
    }

    /// Asks `source` for every token. See [`callback`](Self::callback).
    pub fn source(source: impl TokenSource + 'static) -> Self {
        Self(Kind::Source(Arc::new(source)))
    }
}

#[cfg(feature = "identity")]
impl Credential {
    /// An application with a secret.
    ///
    /// `tenant` is an id or a domain, `client` the application id, `secret` the secret's value, not its id.
    pub fn client_secret(tenant: impl Into<String>, client: impl Into<String>, secret: impl Into<String>) -> Self {
        let application = Application::new(tenant, client);
        Self(Kind::Secret {
            application,
            secret: trunkline_core::secret::Secret::new(secret),
        })
    }

    /// An application with a certificate, which signs a short-lived assertion for each token.
    ///
    /// ```
    /// use trunkline::{ClientCertificate, Credential};
    ///
    /// let certificate = ClientCertificate::from_file("/etc/trunkline/application.pem");
    /// let credential = Credential::client_certificate("contoso.example", "11111111-2222-3333-4444-555555555555", certificate);
    /// ```
    pub fn client_certificate(
        tenant: impl Into<String>,
        client: impl Into<String>,
        certificate: ClientCertificate,
    ) -> Self {
        Self(Kind::Certificate {
            application: Application::new(tenant, client),
            certificate,
        })
    }

    /// The managed identity of the Azure resource this runs on: the system's, or the user-assigned one whose client id
    /// is given. Works on virtual machines and what is built on them, App Service, Functions and Container Apps.
    ///
    /// The tokens of a managed identity cannot be asked for with claims: a claims challenge is an error.
    #[must_use]
    pub fn managed_identity(client: Option<&str>) -> Self {
        Self(Kind::ManagedIdentity {
            client: client.map(str::to_owned),
        })
    }

    /// The Kubernetes service account this runs as, federated to an application. The webhook of workload identity sets
    /// `AZURE_TENANT_ID`, `AZURE_CLIENT_ID` and `AZURE_FEDERATED_TOKEN_FILE`; they are read when a token is needed.
    #[must_use]
    pub fn workload_identity() -> Self {
        Self(Kind::WorkloadIdentity(None))
    }

    /// The developer who is signed in to the Azure CLI, or else to the Azure Developer CLI. Not for servers.
    ///
    /// Their tokens are issued to an application of Microsoft's whose permissions are fixed, and that has none for telephone
    /// numbers or phone methods: for these, sign in with an application of your own.
    ///
    /// The tenant is that of the client, if it has one, else the tool's default; the cloud is the tool's own (`az cloud
    /// set`). The tools take no claims: a claims challenge is an error.
    #[must_use]
    pub fn developer_tools() -> Self {
        Self(Kind::DeveloperTools)
    }

    /// A user, who types a short code into a browser on any device.
    ///
    /// `prompt` must show the code and return at once. It is called when the first token is needed, and again only when
    /// the authority wants the user to come back; in between, tokens are renewed by a refresh token that is kept in
    /// memory, and between processes where [`with_token_store`](Self::with_token_store) says. A prompt that answers with an error ends the sign-in with it: see [`ProgressResult`].
    ///
    /// ```
    /// use trunkline::Credential;
    ///
    /// let client = "11111111-2222-3333-4444-555555555555";
    /// let credential = Credential::device_code("contoso.example", client, |prompt| eprintln!("{}", prompt.message));
    /// ```
    pub fn device_code<H: ProgressResult>(
        tenant: impl Into<String>,
        client: impl Into<String>,
        prompt: impl Fn(&DeviceCodePrompt) -> H + Send + Sync + 'static,
    ) -> Self {
        let application = Application::new(tenant, client);
        Self(Kind::DeviceCode(Arc::new(device_code::DeviceCode::new(
            application,
            Arc::new(move |shown: &DeviceCodePrompt| prompt(shown).into_result()),
        ))))
    }

    /// Has `store` keep the sign-in of a [`device_code`](Self::device_code) between processes: a user who signed in once is not
    /// asked again until the authority refuses the refresh token. Other credentials have nothing to keep, and are returned as
    /// they are.
    ///
    /// See [`TokenStore`] for an example.
    #[must_use]
    pub fn with_token_store(self, store: impl TokenStore + 'static) -> Self {
        match self.0 {
            Kind::DeviceCode(device) => Self(Kind::DeviceCode(Arc::new(device.kept_in(Arc::new(store))))),
            kind => Self(kind),
        }
    }
}

impl Credential {
    pub(crate) fn kind(&self) -> &Kind {
        &self.0
    }

    /// Whether it can work at all, as far as that is known without a request.
    pub(crate) fn check(&self) -> Result<()> {
        match &self.0 {
            Kind::Source(_) => Ok(()),
            #[cfg(feature = "identity")]
            Kind::Secret { application, secret } => {
                if secret.expose().is_empty() {
                    return Err(invalid("the credential's secret is empty"));
                }
                application.check()
            }
            #[cfg(feature = "identity")]
            Kind::Certificate { application, .. } => application.check(),
            #[cfg(feature = "identity")]
            Kind::DeviceCode(device) => device.application().check(),
            #[cfg(feature = "identity")]
            Kind::WorkloadIdentity(Some(federation)) => federation.application.check(),
            #[cfg(feature = "identity")]
            Kind::ManagedIdentity { client: Some(client) } if !is_name(client) => {
                Err(invalid("the client id of the managed identity is not an id"))
            }
            #[cfg(feature = "identity")]
            Kind::ManagedIdentity { .. } | Kind::WorkloadIdentity(None) | Kind::DeveloperTools => Ok(()),
        }
    }

    /// Its name in logs and errors.
    pub(crate) fn name(&self) -> &'static str {
        match &self.0 {
            Kind::Source(_) => "token source",
            #[cfg(feature = "identity")]
            Kind::Secret { .. } => "client secret",
            #[cfg(feature = "identity")]
            Kind::Certificate { .. } => "client certificate",
            #[cfg(feature = "identity")]
            Kind::ManagedIdentity { .. } => "managed identity",
            #[cfg(feature = "identity")]
            Kind::WorkloadIdentity(_) => "workload identity",
            #[cfg(feature = "identity")]
            Kind::DeveloperTools => "developer tools",
            #[cfg(feature = "identity")]
            Kind::DeviceCode(_) => "device code",
        }
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Credential");
        shown.field("kind", &self.name());
        #[cfg(feature = "identity")]
        if let Some(application) = self.application() {
            shown
                .field("tenant", &application.tenant)
                .field("client", &application.client);
        }
        shown.finish_non_exhaustive()
    }
}

#[cfg(feature = "identity")]
impl Credential {
    fn application(&self) -> Option<&Application> {
        match &self.0 {
            Kind::Secret { application, .. } | Kind::Certificate { application, .. } => Some(application),
            Kind::WorkloadIdentity(Some(federation)) => Some(&federation.application),
            Kind::DeviceCode(device) => Some(device.application()),
            Kind::Source(_) | Kind::ManagedIdentity { .. } | Kind::WorkloadIdentity(None) | Kind::DeveloperTools => {
                None
            }
        }
    }
}

impl From<AccessToken> for Credential {
    fn from(token: AccessToken) -> Self {
        Self::source(StaticToken::from(token))
    }
}

impl From<Arc<dyn TokenSource>> for Credential {
    fn from(source: Arc<dyn TokenSource>) -> Self {
        Self(Kind::Source(source))
    }
}
