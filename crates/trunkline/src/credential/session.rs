//! The one way to an authority.
//!
//! To the core an authority is a service like any other: a client without a token source, with the connections of the
//! client it signs in for. So proxies, certificate authorities, timeouts and retries hold for tokens too, and no
//! redirect is followed.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::Method;
use trunkline_core::Client;
use trunkline_core::clock::{Clock, SystemClock, Timestamp};
use trunkline_core::descriptor::OperationDescriptor;
use trunkline_core::error::{Error, ErrorKind, Result};
use trunkline_core::operation::Operation;
use trunkline_core::token_view::TokenView;
use url::{Host, Url, form_urlencoded};

use crate::configuration::{Connection, client_of_authority};

/// Maximum time to connect to an endpoint of managed identities: it is on this host, or does not exist.
const METADATA_CONNECT: Duration = Duration::from_secs(3);

/// Assumed lifetime of a token, in seconds, when neither its authority nor the token states one.
const UNSTATED: i64 = 5 * 60;

/// A shorter secret would be found in any text. Authorities make secrets of 30 characters and more.
const SHORTEST_SECRET: usize = 8;

/// Fields of a form whose values are secret.
const SECRET_FIELDS: [&str; 4] = ["client_secret", "client_assertion", "refresh_token", "device_code"];

/// Headers whose values are secret.
const SECRET_HEADERS: [&str; 1] = ["x-identity-header"];

/// Asking twice gives two tokens, which does no harm.
const fn descriptor(method: Method) -> OperationDescriptor {
    OperationDescriptor {
        id: "authority.token",
        method,
        title: "Get a token",
        ..OperationDescriptor::UNKNOWN
    }
}

static FORM: OperationDescriptor = descriptor(Method::POST);
static METADATA: OperationDescriptor = descriptor(Method::GET);

/// The parts of a client that a credential needs to sign in for it.
pub(crate) struct Session {
    authority: Url,
    connection: Connection,
    clock: Arc<dyn Clock>,
    /// The clients made so far, by their base: one, as a rule.
    clients: Mutex<Vec<(String, Client)>>,
}

/// A request to an authority, as the libraries that speak its protocol write it.
pub(super) struct Ask {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    /// Whether it is for a managed identity, whose endpoint is on this host.
    pub(super) metadata: bool,
}

impl Session {
    pub(crate) fn new(authority: Url, connection: Connection) -> Self {
        let clock = connection.clock.clone().unwrap_or_else(|| Arc::new(SystemClock::new()));
        Self {
            authority,
            connection,
            clock,
            clients: Mutex::default(),
        }
    }

    /// Closes connections to the authority that nobody uses.
    pub(super) fn close(&self) {
        let clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner).clone();
        clients.iter().for_each(|(_, client)| client.close());
    }

    pub(super) fn authority(&self) -> &Url {
        &self.authority
    }

    pub(super) fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// An address below the authority: `/{tenant}/oauth2/v2.0/{name}`.
    pub(super) fn endpoint(&self, tenant: &str, name: &str) -> Result<Url> {
        let path = format!("/{tenant}/oauth2/v2.0/{name}");
        self.authority
            .join(&path)
            .map_err(|error| super::application::invalid("the credential's tenant makes no address").with_source(error))
    }

    /// Sends a request and returns the body of the success.
    ///
    /// # Errors
    ///
    /// The errors of the core, with none of the request's secrets in them; [`ErrorKind::UntrustedLink`] when the address is
    /// not the authority's.
    pub(super) async fn exchange(&self, ask: Ask) -> Result<String> {
        let secrets = secrets_of(&ask);
        let (client, operation) = self.prepare(ask)?;
        match client.execute(&operation).await {
            Ok(response) => Ok(response.into_value().into_string()),
            // The request of the caller was not sent.
            Err(error) => Err(without(error, &secrets).with_may_have_reached_service(false)),
        }
    }

    fn prepare(&self, ask: Ask) -> Result<(Client, Operation)> {
        let permitted = if ask.metadata {
            is_metadata(&ask.url)
        } else {
            same_origin(&ask.url, &self.authority)
        };
        if !permitted {
            let host = trunkline_core::mask::text(ask.url.host_str().unwrap_or_default());
            let message = format!("sign-in would go to {host}, which is not the client's authority");
            return Err(Error::new(ErrorKind::UntrustedLink, message));
        }
        // The core puts every path below a version; here the tenant stands in its place.
        let (version, rest) = split_path(ask.url.path())
            .ok_or_else(|| Error::new(ErrorKind::InvalidInput, "the sign-in address has no path"))?;
        let client = self.client(&ask.url, version, ask.metadata)?;
        let descriptor = if ask.method == Method::POST { &FORM } else { &METADATA };
        let mut operation = Operation::new(ask.method.clone(), rest).with_descriptor(descriptor);
        for (name, value) in ask.url.query_pairs() {
            operation.set_query(name.into_owned(), value);
        }
        for (name, value) in &ask.headers {
            operation.set_header(name, value)?;
        }
        if ask.method == Method::POST {
            operation = operation.body(ask.body);
        }
        Ok((client, operation))
    }

    fn client(&self, url: &Url, version: &str, metadata: bool) -> Result<Client> {
        let origin = url.origin().ascii_serialization();
        let base = format!("{origin}/{version}");
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, client)) = clients.iter().find(|(known, _)| *known == base) {
            return Ok(client.clone());
        }
        let root = Url::parse(&origin)
            .map_err(|error| Error::new(ErrorKind::InvalidInput, "the authority has no address").with_source(error))?;
        let connection = if metadata {
            of_metadata(self.connection.clone())
        } else {
            self.connection.clone()
        };
        // The address was checked above, and when the client was built.
        let client = client_of_authority(&connection, root, version)?;
        clients.push((base, client.clone()));
        Ok(client)
    }

    /// Lifetime in seconds of a token whose authority states none: from the token itself, else a few minutes.
    pub(super) fn unstated_lifetime(&self, token: &str) -> i64 {
        let end = TokenView::read(token).and_then(|view| view.expires_on());
        end.map_or(UNSTATED, |end| end.duration_since(self.clock().now()).as_secs().max(0))
    }

    /// The moment `seconds` from now.
    pub(super) fn after(&self, seconds: i64) -> Timestamp {
        let now = self.clock().now();
        now.checked_add(jiff::SignedDuration::from_secs(seconds))
            .unwrap_or(Timestamp::MAX)
    }
}

/// The connection to an endpoint of managed identities.
fn of_metadata(mut connection: Connection) -> Connection {
    // Proxies do not reach it, and must not see what it answers.
    connection.no_proxy = true;
    connection.proxy = None;
    // It is neither the service nor its authority.
    connection.client_certificate = None;
    connection.http.connect_timeout = Some(METADATA_CONNECT);
    connection
}

fn same_origin(url: &Url, authority: &Url) -> bool {
    url.origin() == authority.origin() && url.username().is_empty() && url.password().is_none()
}

/// Whether it is an address at which Azure offers managed identities: of this host or link, and no other.
fn is_metadata(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback() || address.is_link_local(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// `/a/b/c` as `a` and `/b/c`.
fn split_path(path: &str) -> Option<(&str, &str)> {
    let path = path.strip_prefix('/')?;
    let slash = path.find('/')?;
    Some(path.split_at(slash)).filter(|(first, _)| !first.is_empty())
}

/// The secrets in a request, plain and as a form writes them.
fn secrets_of(ask: &Ask) -> Vec<String> {
    let fields = form_urlencoded::parse(&ask.body);
    let fields = fields
        .filter(|(name, _)| SECRET_FIELDS.contains(&name.as_ref()))
        .map(|(_, value)| value);
    let headers = ask
        .headers
        .iter()
        .filter(|(name, _)| SECRET_HEADERS.contains(&name.to_ascii_lowercase().as_str()));
    let mut secrets: Vec<String> = fields
        .chain(headers.map(|(_, value)| Cow::Borrowed(value.as_str())))
        .map(Cow::into_owned)
        .collect();
    let encoded: Vec<String> = secrets
        .iter()
        .map(|secret| form_urlencoded::byte_serialize(secret.as_bytes()).collect())
        .collect();
    secrets.extend(encoded);
    secrets.retain(|secret| secret.len() >= SHORTEST_SECRET);
    secrets
}

/// The error, unless something between here and the authority mirrored a secret into it.
fn without(error: Error, secrets: &[String]) -> Error {
    let headers = error
        .headers()
        .into_iter()
        .flatten()
        .map(|(_, value)| String::from_utf8_lossy(value.as_bytes()));
    let mut texts: Vec<Cow<'_, str>> = headers.collect();
    texts.extend(error.body().map(Cow::Borrowed));
    texts.extend(error.service_message().map(Cow::Borrowed));
    texts.extend(error.codes().iter().map(|code| Cow::Borrowed(code.as_str())));
    texts.push(Cow::Owned(format!("{error:?}")));
    if !texts
        .iter()
        .any(|text| secrets.iter().any(|secret| text.contains(secret.as_str())))
    {
        return error;
    }
    let status = error
        .status()
        .map_or_else(String::new, |status| format!(" {}", status.as_u16()));
    Error::new(
        error.kind(),
        format!("the authority answered{status} and repeated a secret; its words are withheld"),
    )
    .with_retry_advice(error.retry_advice())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_of_managed_identities_are_on_this_host_or_link() {
        for (text, expected) in [
            ("http://169.254.169.254/metadata/identity/oauth2/token", true),
            ("http://169.254.130.4:8081/msi/token", true),
            ("http://127.0.0.1:41741/msi/token/", true),
            ("http://localhost:12356/msi/token", true),
            ("http://10.0.0.1/msi/token", false),
            ("https://identity.example/msi/token", false),
            ("http://169.254.169.254.example/metadata", false),
        ] {
            assert_eq!(is_metadata(&Url::parse(text).unwrap()), expected, "{text}");
        }
    }

    #[test]
    fn endpoints_of_managed_identities_get_neither_a_proxy_nor_a_certificate() {
        let connection = of_metadata(Connection {
            proxy: Some("http://proxy.example:8080".to_owned()),
            client_certificate: Some("PEM".into()),
            ..Connection::default()
        });
        assert!(connection.proxy.is_none() && connection.no_proxy && connection.client_certificate.is_none());
    }

    #[test]
    fn paths_are_split_after_the_first_segment() {
        assert_eq!(
            split_path("/contoso/oauth2/v2.0/token"),
            Some(("contoso", "/oauth2/v2.0/token"))
        );
        assert_eq!(split_path("/msi/token/"), Some(("msi", "/token/")));
        assert_eq!(split_path("/token"), None);
        assert_eq!(split_path("//token"), None);
    }
}
