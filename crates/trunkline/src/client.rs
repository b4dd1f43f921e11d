//! The client, and how it is made.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use trunkline_core::Pem;
use trunkline_core::batch::Batch;
use trunkline_core::clock::Clock;
use trunkline_core::cloud::Cloud;
use trunkline_core::codec::Decode;
use trunkline_core::descriptor::OperationTable;
use trunkline_core::error::{Error, ErrorKind, Result};
use trunkline_core::limits::LimitTable;
use trunkline_core::long_running::LongRunning;
use trunkline_core::observer::{CallEvent, Observer};
use trunkline_core::pace::Pace;
use trunkline_core::retry::RetryPolicy;
use trunkline_core::telephone::Country;
use trunkline_core::throttle::{ThrottleScope, ThrottleState};
use trunkline_core::transport::Transport;

use crate::configuration::{Authority, Connection, Deployment, cloud_from_name, is_name};
use crate::country::IntoCountry;
use crate::credential::{ClientSource, Credential};
use crate::generated::handles::Graph;

/// Microsoft Graph for phone numbers, for one tenant.
///
/// Cheap to clone and safe to share; clones share connections and tokens.
///
/// ```
/// use trunkline::{Client, Credential};
///
/// # fn main() -> trunkline::Result<()> {
/// let client = Client::builder().cloud("us-gov-l4").credential(Credential::managed_identity(None)).build()?;
/// assert_eq!(client.core().cloud(), trunkline::Cloud::UsGovL4);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    core: trunkline_core::Client,
    country: Option<Country>,
}

impl Client {
    /// Begins a client of the global cloud.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// The client of the core, for operations that no method offers.
    #[must_use]
    pub fn core(&self) -> &trunkline_core::Client {
        &self.core
    }

    /// Closes connections that nobody uses, those to the authority included. What is under way comes to its end, and later
    /// requests open new connections.
    pub fn close(&self) {
        self.core.close();
    }

    /// Every operation, at the path where Graph documents it.
    #[must_use]
    pub fn graph(&self) -> Graph {
        Graph::new(&self.core)
    }

    /// The country of numbers that are written without a plus, as it was given to the builder.
    #[must_use]
    pub fn country(&self) -> Option<Country> {
        self.country
    }

    /// Compares the token's tenant with the one the client was built for, as the first write does, and gives the id of the
    /// tenant that requests go to; `None` when neither token nor client names one by its id.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WrongTenant`] when the token is of another tenant or there is no such tenant; what signing in and asking
    /// the authority can fail with.
    pub async fn verify_tenant(&self) -> Result<Option<String>> {
        self.core.verify_tenant().await
    }

    /// How fast it may send at present, and what the service asked to wait for, by group of operations: for showing the
    /// progress of a job.
    #[must_use]
    pub fn throttle(&self) -> ThrottleState {
        self.core.throttle()
    }

    /// An empty batch.
    pub fn batch(&self) -> Batch {
        self.core.batch()
    }

    /// The same client for a job of many requests: what it reads while other readings are under way goes with them, in
    /// batches of up to twenty. Answers, errors and repetitions of each reading are those that it has by itself.
    #[must_use]
    pub fn gathering_reads(&self) -> Self {
        Self {
            core: self.core.gathering_reads(),
            country: self.country,
        }
    }

    /// The same client, all of whose requests end by a moment on the scale of its clock.
    pub(crate) fn ending_at(&self, end: Duration) -> Self {
        let mut bounded = self.clone();
        bounded.core = self.core.ending_at(end);
        bounded
    }

    /// Resumes a long-running operation from the text of [`LongRunning::token`], in this process or another.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] when the text is no such token, [`ErrorKind::UntrustedLink`] when it is of another
    /// service.
    pub fn follow<T: Decode + Send + 'static>(&self, token: &str) -> Result<LongRunning<T>> {
        self.core.follow(token)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.core, formatter)
    }
}

/// Builds a [`Client`]. [`build`](Self::build) returns the error of any setter.
#[must_use = "a builder does nothing until it is built"]
pub struct ClientBuilder {
    cloud: Result<Cloud>,
    root: Option<String>,
    authority: Option<String>,
    tenant: Option<String>,
    version: Option<String>,
    scopes: Option<Vec<String>>,
    credential: Option<Credential>,
    operations: OperationTable,
    throttle: ThrottleScope,
    pace: Pace,
    limits: LimitTable,
    unknown_members: bool,
    allow_endpoint: bool,
    country: Option<Result<Country>>,
    observer: Option<Observer>,
    pub(crate) connection: Connection,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            cloud: Ok(Cloud::Global),
            root: None,
            authority: None,
            tenant: None,
            version: None,
            scopes: None,
            credential: None,
            operations: *crate::generated::OPERATIONS,
            throttle: ThrottleScope::default(),
            pace: Pace::none(),
            limits: crate::generated::DESCRIPTION.limits(),
            unknown_members: true,
            allow_endpoint: false,
            country: None,
            observer: None,
            connection: Connection::default(),
        }
    }
}

/// A cloud, by value or by name.
///
/// Implemented for [`Cloud`] and for text such as `"us-gov-l4"`.
pub trait IntoCloud: sealed::Sealed {
    /// The cloud.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`], which names the known clouds, when there is none of that name.
    fn into_cloud(self) -> Result<Cloud>;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for trunkline_core::Cloud {}
    impl Sealed for &str {}
    impl Sealed for &String {}
    impl Sealed for String {}
}

impl IntoCloud for Cloud {
    fn into_cloud(self) -> Result<Cloud> {
        Ok(self)
    }
}

impl IntoCloud for &str {
    fn into_cloud(self) -> Result<Cloud> {
        cloud_from_name(self)
    }
}

impl IntoCloud for &String {
    fn into_cloud(self) -> Result<Cloud> {
        cloud_from_name(self)
    }
}

impl IntoCloud for String {
    fn into_cloud(self) -> Result<Cloud> {
        cloud_from_name(&self)
    }
}

impl ClientBuilder {
    /// The cloud: a [`Cloud`], or its name `global`, `us-gov-l4`, `us-gov-l5` or `china`. Global unless set.
    pub fn cloud(mut self, cloud: impl IntoCloud) -> Self {
        self.cloud = cloud.into_cloud();
        self
    }

    /// The tenant, by id or domain. A token of another tenant is refused: with an id before anything is sent, with a domain
    /// before the first write, when its authority is asked once which tenant that is.
    pub fn tenant(mut self, tenant: impl Into<String>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }

    /// The country of numbers that are written without a plus, such as `US`: `(206) 555-0100` is then `+12065550100`.
    /// Without one they are refused; a single method may be given another.
    pub fn country(mut self, country: impl IntoCountry) -> Self {
        self.country = Some(country.into_country());
        self
    }

    /// Sets the credential. Without one, requests carry no token.
    pub fn credential(mut self, credential: impl Into<Credential>) -> Self {
        self.credential = Some(credential.into());
        self
    }

    /// One address for both the service and the authority: an emulator's. It must be on this computer unless
    /// [`allow_endpoint`](Self::allow_endpoint) is called.
    pub fn endpoint(mut self, address: impl Into<String>) -> Self {
        let address = address.into();
        self.authority = Some(address.clone());
        self.root = Some(address);
        self
    }

    /// Another address of the service than the cloud's, without the version.
    pub fn root(mut self, address: impl Into<String>) -> Self {
        self.root = Some(address.into());
        self
    }

    /// Another authority than the cloud's: scheme, host and port.
    pub fn authority(mut self, address: impl Into<String>) -> Self {
        self.authority = Some(address.into());
        self
    }

    /// Allows a root and an authority that are neither Microsoft's nor on this computer, and showing them tokens and
    /// secrets. An authority must still be encrypted.
    pub fn allow_endpoint(mut self, allowed: bool) -> Self {
        self.allow_endpoint = allowed;
        self
    }

    /// Another version of Graph than `v1.0`.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// Other scopes to ask tokens for than all that were consented to.
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// Sets the retry policy.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.connection.retry = Some(policy);
        self
    }

    /// Limits the time of one attempt; 100 seconds by default.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.connection.attempt_timeout = Some(timeout);
        self
    }

    /// Limits the size of an answer in bytes, decompressed; 32 MiB by default.
    pub fn maximum_body(mut self, bytes: usize) -> Self {
        self.connection.maximum_body = Some(bytes);
        self
    }

    /// Ignores `HTTPS_PROXY` and its like, which are obeyed unless this is called. This computer is always reached
    /// directly.
    pub fn no_proxy(mut self) -> Self {
        self.connection.no_proxy = true;
        self
    }

    /// Trusts these certificate authorities in addition to the system's, for instance that of a company's proxy: PEM text, or a
    /// [`Path`](std::path::Path) of a file.
    pub fn certificate_authorities(mut self, pem: impl Into<Pem>) -> Self {
        self.connection.authorities.push(pem.into());
        self
    }

    /// Shows this certificate to the service and its authority when they ask for one: PEM text, or a [`Path`](std::path::Path)
    /// of a file, with the certificate, those of its issuers if there are any, and its key without a password. No other host is
    /// shown it, so it cannot be combined with a proxy that is reached over https.
    pub fn client_certificate(mut self, pem: impl Into<Pem>) -> Self {
        self.connection.client_certificate = Some(pem.into());
        self
    }

    /// Trusts the certificate authorities of the PEM file, or the folder of such files, that an environment variable names,
    /// besides the system's: for languages whose own programs obey one, such as `NODE_EXTRA_CA_CERTS`. Called several times, the
    /// first variable that is set counts. It is read when the first certificate is verified; one that leads nowhere is an error
    /// then.
    pub fn certificate_authorities_of(mut self, variable: &'static str) -> Self {
        self.connection.authority_variables.push(variable);
        self
    }

    /// Goes through this proxy instead of one that the environment names: `http://`, `https://`, `socks5://` or `socks5h://`,
    /// with `user:password@` before the host if needed. It is used for every address, whatever `NO_PROXY` says, and neither the
    /// user name nor the password is shown.
    pub fn proxy(mut self, address: impl Into<String>) -> Self {
        self.connection.proxy = Some(address.into());
        self
    }

    /// Puts a product such as `helpdesk/2.1` before this library's in `User-Agent`.
    pub fn user_agent(mut self, product: impl Into<String>) -> Self {
        self.connection.user_agent = Some(product.into());
        self
    }

    /// Another clock than the system's: for tests.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.connection.clock = Some(clock);
        self
    }

    /// Another transport than the network, for requests and for sign-in: for tests.
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.connection.transport = Some(transport);
        self
    }

    /// Sets which clients share a pause of the service, and a pace.
    pub fn throttle_scope(mut self, scope: ThrottleScope) -> Self {
        self.throttle = scope;
        self
    }

    /// How fast to send, at most; as requests come, unless set. [`Pace::documented`] keeps what the service publishes for
    /// one application in one tenant. All clients of this process with the same service and tenant keep it together.
    pub fn pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// Whether to ask for enumeration members that are newer than the service's contract; yes unless set.
    pub fn unknown_enum_members(mut self, wanted: bool) -> Self {
        self.unknown_members = wanted;
        self
    }

    /// Calls a function with every event of the client's calls: requests, responses, retries and waits, for hooks and metrics.
    /// It cannot change them, and sees no path, body, token or header; see [`CallEvent`]. It should return at once: the call
    /// waits for it. A panic is caught. Requests for tokens are not among the events.
    ///
    /// ```
    /// # fn main() -> trunkline::Result<()> {
    /// use trunkline::{CallEventKind, Client};
    ///
    /// let client = Client::builder()
    ///     .observer(|event| {
    ///         if let CallEventKind::Retry { wait, reason, .. } = event.kind {
    ///             eprintln!("{}: {reason}, again in {wait:?}", event.operation.unwrap_or(event.method));
    ///         }
    ///     })
    ///     .build()?;
    /// # drop(client);
    /// # Ok(())
    /// # }
    /// ```
    pub fn observer(mut self, observer: impl Fn(&CallEvent<'_>) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Other operations than this crate's: for a graph generated elsewhere.
    pub fn operations(mut self, operations: OperationTable) -> Self {
        self.operations = operations;
        self
    }

    /// Builds the client. Opens no connection, and reads no file but those of [`Pem`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] when the cloud, an address, the tenant, the country, the credential, the certificates or the user
    /// agent cannot be used, or an address is neither Microsoft's nor allowed.
    pub fn build(self) -> Result<Client> {
        let deployment = Deployment::new(
            self.cloud?,
            self.root.as_deref(),
            self.authority.as_deref(),
            self.allow_endpoint,
        )?;
        let mut builder = self.connection.apply(trunkline_core::Client::builder());
        builder = builder
            .set_cloud(deployment.cloud)
            .with_operations(self.operations)
            .with_throttle_scope(self.throttle)
            .with_pace(self.pace)
            .with_limits(self.limits)
            .with_unknown_enum_members(self.unknown_members);
        if let Some(root) = deployment.root {
            builder = builder.set_root(root);
        }
        if let Some(version) = self.version {
            builder = builder.set_version(version);
        }
        if let Some(scopes) = self.scopes {
            builder = builder.set_scopes(scopes);
        }
        if let Some(tenant) = self.tenant {
            let tenant = tenant.trim();
            if tenant.is_empty() {
                return Err(Error::new(ErrorKind::InvalidInput, "the tenant is empty")
                    .with_next_step("Set the tenant's id or one of its domains, or omit it"));
            }
            if !is_name(tenant) {
                return Err(
                    Error::new(ErrorKind::InvalidInput, "the tenant is neither an id nor a domain")
                        .with_next_step("Use the tenant's id, or one of its domains such as contoso.onmicrosoft.com"),
                );
            }
            builder = builder
                .set_tenant(tenant)
                .with_tenant_directory(Authority::new(deployment.authority.clone(), self.connection.clone()));
        }
        if let Some(observer) = self.observer {
            builder = builder.with_observer(move |event| observer(event));
        }
        if self.allow_endpoint {
            builder = builder.with_allowed_endpoint();
        }
        if let Some(credential) = self.credential {
            credential.check()?;
            let source = ClientSource::new(credential, deployment.authority, self.connection.clone());
            builder = builder.with_token_source(source);
        }
        Ok(Client {
            core: builder.build()?,
            country: self.country.transpose()?,
        })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ClientBuilder")
            .field("cloud", &self.cloud.as_ref().ok())
            .field("tenant", &self.tenant)
            .field("credential", &self.credential)
            .finish_non_exhaustive()
    }
}
