//! The transport over the network.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hashbrown::HashMap;
use http::header::{ACCEPT_ENCODING, CONTENT_LENGTH};
use http::{HeaderValue, Method};
use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use tokio::runtime::{Handle, Id};
use url::Url;

use crate::clock::{BoxFuture, Clock};
use crate::error::{Error, ErrorKind, Result, language};
use crate::sending::certificates::{self, Extra, Identity};
use crate::sending::connection_fault::explain;
use crate::sending::generated::HttpOptions;
use crate::sending::proxy::Route;
use crate::sending::transport::{HttpRequest, HttpResponse, Transport, TransportError, TransportFault};

/// How many runtimes keep their connections. Each thread that blocks has a runtime; the oldest goes first.
const RUNTIMES: usize = 1024;

/// How long a connection may have been idle before it is not used any more. What stands in between may have forgotten it, and
/// a write that goes on it has an unknown outcome although nothing arrived.
const IDLE: Duration = Duration::from_secs(20);

/// The same for writes that must not be sent twice: a new connection costs less than an outcome that nobody knows.
const IDLE_BEFORE_WRITE: Duration = Duration::from_secs(2);

/// How long the connection itself waits for a sign of life before it asks for one, and for the answer.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// How long opening a connection may take unless set.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How many requests are in progress at once unless set: fewer than half of the 256 descriptors that some systems give a
/// process, and more than the service's limits need.
const CONNECTIONS: usize = 64;

/// How much of the body of a failure is read. What explains it is at its start.
const MAXIMUM_FAILURE: usize = 64 * 1024;

/// Which versions of HTTP to speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HttpVersion {
    /// HTTP/2 where TLS negotiates it, else HTTP/1.1.
    #[default]
    Automatic,
    /// HTTP/1.1 only.
    Http1,
    /// HTTP/2 only, also without TLS.
    Http2,
}

/// The settings of connections.
#[derive(Debug, Clone, Default)]
pub(crate) struct HttpSettings {
    pub(crate) options: HttpOptions,
    pub(crate) ignore_proxies: bool,
    pub(crate) authorities: Vec<CertificateDer<'static>>,
    /// Variables of which the first that is set names further authorities.
    pub(crate) authority_variables: Vec<&'static str>,
    /// The certificate that servers are shown.
    pub(crate) identity: Option<Identity>,
    /// A proxy that the program names.
    pub(crate) proxy: Option<Route>,
}

/// Sends over the network.
///
/// A connection belongs to the runtime that opened it, so there is one pool for each runtime that sends: one for an
/// async program, one for each thread that blocks.
pub(crate) struct HttpTransport {
    settings: HttpSettings,
    route: Route,
    tls: ClientConfig,
    clock: Arc<dyn Clock>,
    pools: Mutex<Pools>,
}

#[derive(Default)]
struct Pools {
    of: HashMap<Id, Pool>,
    order: VecDeque<Id>,
}

/// The connections of a runtime.
struct Pool {
    client: reqwest::Client,
    /// When one of them was last used, on the clock's scale.
    last_used: Duration,
}

impl HttpSettings {
    /// How many requests are in progress at once.
    pub(crate) fn connections(&self) -> usize {
        self.options.maximum_connections.unwrap_or(CONNECTIONS).max(1)
    }

    /// The way to this root. No proxy stands between this computer and itself, and none must see what is said there.
    fn route(&self, root: &Url) -> Result<Route> {
        match &self.proxy {
            _ if self.ignore_proxies => Ok(Route::default()),
            Some(named) => Ok(named.clone()),
            None => Route::of(root),
        }
    }
}

impl HttpTransport {
    pub(crate) fn new(settings: HttpSettings, root: &Url, clock: Arc<dyn Clock>) -> Result<Self> {
        let protocols: &[&[u8]] = match settings.options.http_version.unwrap_or_default() {
            HttpVersion::Automatic => &[b"h2", b"http/1.1"],
            HttpVersion::Http1 => &[b"http/1.1"],
            HttpVersion::Http2 => &[b"h2"],
        };
        let extra = Extra {
            certificates: settings.authorities.clone(),
            variables: settings.authority_variables.clone(),
        };
        let route = settings.route(root)?;
        if settings.identity.is_some() && route.is_encrypted() {
            return Err(refuse_identity(&route));
        }
        let tls = certificates::client_config(extra, settings.identity.clone(), protocols)?;
        Ok(Self {
            route,
            settings,
            tls,
            clock,
            pools: Mutex::default(),
        })
    }

    /// The connections of the current runtime; new ones where the old were idle for longer than `longest`.
    fn pool(&self, longest: Duration) -> Result<reqwest::Client, TransportError> {
        let id = runtime()?;
        let now = self.clock.elapsed();
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pool) = pools.of.get_mut(&id) {
            if self.clock.real(now.saturating_sub(pool.last_used)) >= longest {
                pool.client = self.connect()?;
            }
            pool.last_used = now;
            return Ok(pool.client.clone());
        }
        let client = self.connect()?;
        if pools.order.len() == RUNTIMES
            && let Some(oldest) = pools.order.pop_front()
        {
            pools.of.remove(&oldest);
        }
        pools.order.push_back(id);
        let pool = Pool {
            client: client.clone(),
            last_used: now,
        };
        pools.of.insert(id, pool);
        Ok(client)
    }

    /// A connection of the current runtime was used until now.
    fn used(&self) {
        let Ok(id) = runtime() else { return };
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pool) = pools.of.get_mut(&id) {
            pool.last_used = self.clock.elapsed();
        }
    }

    fn connect(&self) -> Result<reqwest::Client, TransportError> {
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            // Without this it would keep a copy of every request for a repetition that never comes.
            .retry(reqwest::retry::never().max_retries_per_request(0))
            .referer(false)
            .tcp_nodelay(true)
            .tcp_keepalive(KEEP_ALIVE)
            .tcp_keepalive_interval(KEEP_ALIVE)
            .http2_keep_alive_interval(self.settings.options.http2_keep_alive.unwrap_or(KEEP_ALIVE))
            .http2_keep_alive_timeout(KEEP_ALIVE)
            .http2_keep_alive_while_idle(true)
            // Never as long as `IDLE`: this is measured in whole milliseconds.
            .pool_idle_timeout(IDLE - Duration::from_secs(1))
            .connect_timeout(self.settings.options.connect_timeout.unwrap_or(CONNECT_TIMEOUT))
            .pool_max_idle_per_host(self.settings.connections())
            // The environment was read when the client was built.
            .no_proxy()
            .tls_backend_preconfigured(self.tls.clone());
        builder = match self.settings.options.http_version.unwrap_or_default() {
            HttpVersion::Automatic => builder,
            HttpVersion::Http1 => builder.http1_only(),
            HttpVersion::Http2 => builder.http2_prior_knowledge(),
        };
        if let Some(proxy) = self.route.proxy() {
            let proxy = reqwest::Proxy::all(proxy.clone()).map_err(|error| {
                TransportError::new(TransportFault::Unusable, "the proxy cannot be used")
                    .with_source(error.without_url())
            })?;
            builder = builder.proxy(proxy);
        }
        builder.build().map_err(|error| {
            let message = "the network client cannot be set up";
            TransportError::new(TransportFault::Unusable, message).with_source(error.without_url())
        })
    }

    /// Hands a request over. Not a part of the future, which would be as large as the request.
    fn begin(
        &self,
        request: HttpRequest,
    ) -> Result<impl Future<Output = reqwest::Result<reqwest::Response>>, TransportError> {
        let longest = if request.method == Method::POST {
            IDLE_BEFORE_WRITE
        } else {
            IDLE
        };
        let pool = self.pool(longest)?;
        let HttpRequest {
            method,
            url,
            headers,
            body,
            timeout,
            maximum_body: _,
        } = request;
        let mut outgoing = reqwest::Request::new(method, url);
        *outgoing.headers_mut() = headers;
        *outgoing.timeout_mut() = timeout;
        match body {
            Some(body) => *outgoing.body_mut() = Some(body.into()),
            // Nobody below adds it, and gateways answer 411 to a write without.
            None if matches!(*outgoing.method(), Method::POST | Method::PUT | Method::PATCH) => {
                outgoing
                    .headers_mut()
                    .insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
            }
            None => {}
        }
        debug_assert!(
            !outgoing.headers().contains_key(ACCEPT_ENCODING),
            "the transport negotiates compression"
        );
        Ok(pool.execute(outgoing))
    }

    /// Reads the answer to what was handed over.
    async fn receive(
        &self,
        begun: impl Future<Output = reqwest::Result<reqwest::Response>>,
        is_head: bool,
        maximum_body: usize,
    ) -> Result<HttpResponse, TransportError> {
        let proxy = self.route.variable();
        let mut incoming = begun.await.map_err(|error| explain(error, proxy))?;
        let status = incoming.status();
        let limit = if status.is_success() {
            maximum_body
        } else {
            MAXIMUM_FAILURE.min(maximum_body)
        };
        let announced = incoming
            .content_length()
            .and_then(|length| usize::try_from(length).ok())
            .unwrap_or(0);
        let mut response = HttpResponse {
            status,
            headers: std::mem::take(incoming.headers_mut()),
            ..Default::default()
        };
        if is_head {
            return Ok(response);
        }
        if announced > limit && status.is_success() {
            response.cut = Some(too_large(limit));
            return Ok(response);
        }
        // Nothing is to come. HTTP/2 may announce that and yet end the stream later only.
        if incoming.content_length() == Some(0) && incoming.version() <= http::Version::HTTP_11 {
            return Ok(response);
        }
        // A length that lies costs no memory beyond this; what comes is counted.
        response.body = Vec::with_capacity(announced.min(limit).min(8 << 20));
        loop {
            match incoming.chunk().await {
                Ok(Some(chunk)) if response.body.len() + chunk.len() > limit => {
                    let room = limit - response.body.len();
                    response.body.extend_from_slice(&chunk[..room]);
                    // A failure is a failure however long its text.
                    response.cut = status.is_success().then(|| too_large(limit));
                    return Ok(response);
                }
                Ok(Some(chunk)) => response.body.extend_from_slice(&chunk),
                Ok(None) => return Ok(response),
                Err(error) => {
                    response.cut = Some(explain(error, proxy));
                    return Ok(response);
                }
            }
        }
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        let (is_head, maximum_body) = (request.method == Method::HEAD, request.maximum_body);
        let begun = self.begin(request);
        Box::pin(async move {
            let received = self.receive(begun?, is_head, maximum_body).await;
            self.used();
            received
        })
    }

    fn close(&self) {
        let closed = std::mem::take(&mut *self.pools.lock().unwrap_or_else(PoisonError::into_inner));
        drop(closed);
        crate::blocking::settle();
    }
}

/// The runtime that the caller is in.
fn runtime() -> Result<Id, TransportError> {
    Handle::try_current().map(|handle| handle.id()).map_err(|_| {
        let message = "an async call needs a tokio runtime; without one, use the blocking form";
        TransportError::new(TransportFault::Unusable, message)
    })
}

fn too_large(limit: usize) -> TransportError {
    TransportError::new(
        TransportFault::TooLarge,
        format!("the body is larger than the allowed {limit} bytes"),
    )
}

/// A proxy that is reached over TLS could ask for the certificate, which is for the service alone.
#[cold]
fn refuse_identity(route: &Route) -> Error {
    let option = language::current().option("client_certificate");
    let message = format!("{option} is not used through a proxy over https, which would get it as well: {route}");
    Error::new(ErrorKind::InvalidInput, message).with_next_step("Name the proxy as http://host:port")
}
