//! The builder of a client.

use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT, USER_AGENT};
use http::{HeaderMap, HeaderValue};
use url::Url;

use crate::clock::{Clock, SystemClock};
use crate::cloud::Cloud;
use crate::error::{Error, ErrorKind, Result};
use crate::sending::certificates;
use crate::sending::context::{Client, Context};
use crate::sending::http_transport::{HttpSettings, HttpTransport};
use crate::sending::limits::LimitTable;
use crate::sending::link::Root;
use crate::sending::observer::{CallEvent, Observer};
use crate::sending::pace::{Pace, Pacer};
use crate::sending::pem::Pem;
use crate::sending::proxy::Route;
use crate::sending::retry::{RetryBudget, RetryPolicy};
use crate::sending::throttle::{Pauses, ThrottleScope};
use crate::sending::transport::Transport;
use crate::signing::authorization::Authorization;
use crate::signing::tenant::{Tenant, TenantDirectory};
use crate::signing::token::{TokenCache, TokenSource};
use crate::table::index::OperationIndex;
use crate::table::operation::OperationTable;

/// Builds a [`Client`]. `set_*` methods describe the service, `with_*` methods the behaviour of the client.
#[must_use = "a builder does nothing until it is built"]
pub struct ClientBuilder {
    root: Option<Url>,
    version: String,
    cloud: Cloud,
    tenant: Option<String>,
    directory: Option<Arc<dyn TenantDirectory>>,
    scopes: Option<Vec<String>>,
    source: Option<Arc<dyn TokenSource>>,
    operations: OperationTable,
    retry: RetryPolicy,
    timeout: Duration,
    maximum_body: usize,
    pub(crate) http: HttpSettings,
    authorities: Vec<Pem>,
    client_certificate: Option<Pem>,
    proxy: Option<String>,
    user_agent: Option<String>,
    clock: Option<Arc<dyn Clock>>,
    transport: Option<Arc<dyn Transport>>,
    throttle: ThrottleScope,
    pace: Pace,
    limits: LimitTable,
    unknown_members: bool,
    allow_endpoint: bool,
    observer: Option<Observer>,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            root: None,
            version: "v1.0".to_owned(),
            cloud: Cloud::Global,
            tenant: None,
            directory: None,
            scopes: None,
            source: None,
            operations: OperationTable::default(),
            retry: RetryPolicy::default(),
            timeout: Duration::from_secs(100),
            maximum_body: 32 << 20,
            http: HttpSettings::default(),
            authorities: Vec::new(),
            client_certificate: None,
            proxy: None,
            user_agent: None,
            clock: None,
            transport: None,
            throttle: ThrottleScope::default(),
            pace: Pace::none(),
            limits: LimitTable::default(),
            unknown_members: true,
            allow_endpoint: false,
            observer: None,
        }
    }
}

impl ClientBuilder {
    /// The cloud to talk to. With a custom root, the cloud whose offer the root has.
    pub fn set_cloud(mut self, cloud: Cloud) -> Self {
        self.cloud = cloud;
        self
    }

    /// Another root than the cloud's, without the version: an emulator, for instance. Only this computer is allowed
    /// unless [`with_allowed_endpoint`](Self::with_allowed_endpoint) is called.
    pub fn set_root(mut self, root: Url) -> Self {
        self.root = Some(root);
        self
    }

    /// Another version than `v1.0`.
    pub fn set_version(mut self, version: impl Into<String>) -> Self {
        self.version = version.into();
        self
    }

    /// The tenant, by id or domain. A token of another tenant is refused before anything is sent. The id of a domain is asked
    /// of [`with_tenant_directory`](Self::with_tenant_directory) before the first write; until then, reads are not compared.
    pub fn set_tenant(mut self, tenant: impl Into<String>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }

    /// Sets the authority that looks up the tenant of a domain. Without one, a client for a domain refuses writes.
    pub fn with_tenant_directory(mut self, directory: impl TenantDirectory + 'static) -> Self {
        self.directory = Some(Arc::new(directory));
        self
    }

    /// Other scopes to ask tokens for than the cloud's root with `/.default`.
    pub fn set_scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// Sets the source of tokens. Without one, requests carry no token.
    pub fn with_token_source(mut self, source: impl TokenSource + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// Sets a shared source of tokens.
    pub fn with_shared_token_source(mut self, source: Arc<dyn TokenSource>) -> Self {
        self.source = Some(source);
        self
    }

    /// The operations the client knows.
    pub fn with_operations(mut self, operations: OperationTable) -> Self {
        self.operations = operations;
        self
    }

    /// Sets the retry policy.
    pub fn with_retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Limits the time of one attempt; 100 seconds by default.
    pub fn with_attempt_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Limits the size of an answer, decompressed; 32 MiB by default.
    pub fn with_maximum_body(mut self, bytes: usize) -> Self {
        self.maximum_body = bytes;
        self
    }

    /// Goes through this proxy instead of one that the environment names: `http://`, `https://`, `socks5://` or `socks5h://`,
    /// with `user:password@` before the host if needed. One that cannot be read is refused when the client is built. It is used
    /// for every address, whatever `NO_PROXY` says, and neither the user name nor the password is shown.
    pub fn with_proxy(mut self, address: impl Into<String>) -> Self {
        self.proxy = Some(address.into());
        self
    }

    /// Trusts the certificate authorities of the PEM file, or the folder of such files, that an environment variable names,
    /// besides the system's. Called several times, the first variable that is set counts. It is read when the first certificate
    /// is verified; one that leads nowhere is an error then.
    pub fn with_authorities_of(mut self, variable: &'static str) -> Self {
        self.http.authority_variables.push(variable);
        self
    }

    /// Ignores `HTTPS_PROXY` and its like. A root on this computer is always reached directly.
    pub fn with_no_proxy(mut self) -> Self {
        self.http.ignore_proxies = true;
        self
    }

    /// Trusts these certificate authorities in addition to the system's.
    pub fn with_authorities(mut self, pem: impl Into<Pem>) -> Self {
        self.authorities.push(pem.into());
        self
    }

    /// Shows this certificate to a server that asks for one: the certificate, those of its issuers if there are any, and its key
    /// without a password. It goes to the root alone, and is not used through a proxy over https.
    pub fn with_client_certificate(mut self, pem: impl Into<Pem>) -> Self {
        self.client_certificate = Some(pem.into());
        self
    }

    /// Puts a product before this library's in `User-Agent`.
    pub fn with_user_agent(mut self, product: impl Into<String>) -> Self {
        self.user_agent = Some(product.into());
        self
    }

    /// Another clock than the system's. One that runs faster than the world is taken for a root on this computer only: it
    /// would undercut what a service asks to wait.
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Another transport than the network.
    pub fn with_transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Sets which clients share a pause of the service, and a pace.
    pub fn with_throttle_scope(mut self, scope: ThrottleScope) -> Self {
        self.throttle = scope;
        self
    }

    /// How fast to send, at most; as requests come, unless set. All clients of this process with the same root and tenant
    /// keep the pace together, and the lowest of theirs; those without one neither wait nor count.
    ///
    /// A request that has to wait for its turn does so outside of its attempt's timeout and its retry policy's budget; a
    /// deadline of its own covers the wait. Each request of a batch counts as one. After a 429 the pace is lowered, and
    /// rises again while the service answers, never above what was set.
    pub fn with_pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// The published limits that [`Pace::documented`] means.
    pub fn with_limits(mut self, table: LimitTable) -> Self {
        self.limits = table;
        self
    }

    /// Whether to ask for enumeration members that are newer than the service's contract; yes unless set. Without
    /// them, such values arrive as `unknownFutureValue`.
    pub fn with_unknown_enum_members(mut self, wanted: bool) -> Self {
        self.unknown_members = wanted;
        self
    }

    /// Allows a custom root that is not on this computer, and sending it tokens of Microsoft's.
    pub fn with_allowed_endpoint(mut self) -> Self {
        self.allow_endpoint = true;
        self
    }

    /// Calls a function with every event of the client's calls; see [`CallEvent`]. It should return at once: the call waits for
    /// it. A panic is caught. Requests for tokens are not among the events.
    pub fn with_observer(mut self, observer: impl Fn(&CallEvent<'_>) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Builds the client. Opens no connection, and reads no file but those of [`Pem`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] when the root, version, certificates or user agent are not usable, or the root is
    /// neither Microsoft's nor allowed.
    pub fn build(self) -> Result<Client> {
        let cloud_root = self.cloud.root();
        let root = match self.root {
            Some(root) => root,
            None => Url::parse(cloud_root)
                .map_err(|error| Error::new(ErrorKind::InvalidInput, "the root cannot be read").with_source(error))?,
        };
        let root_url = root;
        let root = Root::new(&root_url, &self.version)?;
        let root_is_microsoft = Cloud::ALL.iter().any(|cloud| root.origin() == cloud.root());
        if !root_is_microsoft && !root.is_loopback() && !self.allow_endpoint {
            let message = format!("the root {} is neither Microsoft's nor on this computer", root.origin());
            return Err(Error::new(ErrorKind::InvalidInput, message)
                .with_next_step("Allow the endpoint explicitly if it is the right one"));
        }
        let mut http = self.http;
        for pem in &self.authorities {
            http.authorities.append(&mut certificates::authorities(pem)?);
        }
        if let Some(pem) = &self.client_certificate {
            http.identity = Some(certificates::identity(pem)?);
        }
        if let Some(proxy) = &self.proxy {
            http.proxy = Some(Route::through(proxy)?);
        }
        let second = Duration::from_secs(1);
        if self.clock.as_ref().is_some_and(|clock| clock.real(second) != second) && !root.is_loopback() {
            let message = format!(
                "time cannot run faster for {}, which is not this computer",
                root.origin()
            );
            return Err(Error::new(ErrorKind::InvalidInput, message).with_next_step("Scale time for an emulator only"));
        }
        // A test's clock must not pause clients of another clock.
        let clock_id = self
            .clock
            .as_ref()
            .map_or(0, |clock| Arc::as_ptr(clock).cast::<()>().addr());
        let clock = self.clock.unwrap_or_else(|| Arc::new(SystemClock::new()));
        let connections = http.connections();
        let transport = match self.transport {
            Some(transport) => transport,
            None => Arc::new(HttpTransport::new(http, &root_url, clock.clone())?),
        };
        let shared = match (&self.tenant, self.throttle) {
            (Some(tenant), ThrottleScope::Process) => {
                Some(format!("{}|{}|{clock_id}", root.origin(), tenant.to_ascii_lowercase()))
            }
            _ => None,
        };
        let limits = self.pace.limits(self.limits)?;
        let pacer = (!self.pace.is_none()).then(|| match shared.clone() {
            Some(key) => Pacer::shared(key, limits, clock.clone()),
            None => Arc::new(Pacer::new(limits, clock.clone())),
        });
        let pauses = shared.map_or_else(Arc::default, Pauses::shared);
        let scopes = self.scopes.unwrap_or_else(|| vec![format!("{cloud_root}/.default")]);
        let tokens = self
            .source
            .map(|source| TokenCache::new(source, scopes, self.tenant.clone(), clock.clone()));
        Ok(Client::new(Context {
            headers: base_headers(self.user_agent.as_deref(), self.unknown_members)?,
            authorization: Authorization {
                tokens,
                tenant: Tenant::new(self.tenant, self.directory),
                allow_foreign_root: self.allow_endpoint,
                root_is_microsoft,
            },
            root,
            cloud: self.cloud,
            operations: self.operations,
            index: OperationIndex::new(self.operations),
            retry: self.retry,
            timeout: self.timeout,
            maximum_body: self.maximum_body,
            clock,
            transport,
            slots: tokio::sync::Semaphore::new(connections.min(tokio::sync::Semaphore::MAX_PERMITS)),
            pauses,
            pacer,
            budget: RetryBudget::new(),
            observer: self.observer,
        }))
    }
}

/// The headers that every request of a client has.
fn base_headers(user_agent: Option<&str>, unknown_members: bool) -> Result<HeaderMap> {
    let own = concat!("trunkline/", env!("CARGO_PKG_VERSION"));
    let product = user_agent.map_or_else(|| own.to_owned(), |product| format!("{product} {own}"));
    let product = HeaderValue::from_str(&product).map_err(|_| {
        Error::new(
            ErrorKind::InvalidInput,
            "the user agent has characters that are not valid in a header",
        )
    })?;
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(USER_AGENT, product);
    if unknown_members {
        headers.insert("prefer", HeaderValue::from_static("include-unknown-enum-members"));
    }
    Ok(headers)
}

impl std::fmt::Debug for ClientBuilder {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("ClientBuilder")
            .field("root", &self.root.as_ref().map(Url::as_str))
            .field("cloud", &self.cloud)
            .field("tenant", &self.tenant)
            .finish_non_exhaustive()
    }
}
