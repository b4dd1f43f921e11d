//! Chooses the proxy for a server from the environment.
//!
//! Read here and not by the HTTP library, so that what cannot be read is refused instead of passed by, and is the same for
//! everything that connects.

use std::ffi::OsString;
use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

use crate::error::{Error, ErrorKind, Result, language};
use crate::sending::link::is_loopback;

/// The supported kinds of proxy. `socks5h` and `socks4a` have the proxy look up names.
const KINDS: [&str; 6] = ["http", "https", "socks5", "socks5h", "socks4", "socks4a"];

/// How a server is reached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Route {
    /// The variable that names a proxy, and its address.
    proxy: Option<(String, Url)>,
    /// Why a proxy that is named is not used.
    exception: Option<&'static str>,
    /// Entries of `NO_PROXY` that mean nothing.
    not_understood: Vec<String>,
}

impl Route {
    /// The way to the server of `root`, as the environment has it: `HTTPS_PROXY` for `https` and `HTTP_PROXY` for `http`, else
    /// `ALL_PROXY`, in capitals or small letters, unless `NO_PROXY` names the server. This computer is reached directly.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] when a variable that decides cannot be read, or names a kind of proxy that is not
    /// supported.
    pub fn of(root: &Url) -> Result<Self> {
        Self::read(root, |name| std::env::var_os(name))
    }

    fn read(root: &Url, variable: impl Fn(&str) -> Option<OsString>) -> Result<Self> {
        let own = if root.scheme() == "http" {
            "HTTP_PROXY"
        } else {
            "HTTPS_PROXY"
        };
        // A web server hands the header `Proxy` of a request to its scripts in this variable.
        let is_script = own == "HTTP_PROXY" && variable("REQUEST_METHOD").is_some();
        let names = [own, "ALL_PROXY"]
            .into_iter()
            .filter(|name| !(is_script && *name == own));
        let mut found = None;
        for name in names {
            found = first_of(name, &variable)?;
            if found.is_some() {
                break;
            }
        }
        let Some((name, text)) = found else {
            return Ok(Self::default());
        };
        let mut route = Self {
            proxy: Some((name.clone(), address(&name, &text)?)),
            ..Self::default()
        };
        if is_loopback(root) {
            route.exception = Some("not used for this computer");
            return Ok(route);
        }
        if let Some((_, list)) = first_of("NO_PROXY", &variable)? {
            let mut is_named = false;
            for entry in list
                .split([',', ' ', '\t'])
                .map(str::trim)
                .filter(|entry| !entry.is_empty())
            {
                match Exception::read(entry) {
                    Some(exception) => is_named |= exception.matches(root),
                    None => route.not_understood.push(entry.to_owned()),
                }
            }
            route.exception = is_named.then_some("not used, as NO_PROXY names the server");
        }
        for entry in &route.not_understood {
            tracing::warn!(target: "trunkline", entry, "an entry of NO_PROXY is not understood and means nothing");
        }
        Ok(route)
    }

    /// A proxy that the program names itself.
    ///
    /// # Errors
    ///
    /// As [`of`](Self::of).
    pub(crate) fn through(address_of_proxy: &str) -> Result<Self> {
        let name = language::current().option("proxy");
        let url = address(&name, address_of_proxy.trim())?;
        Ok(Self {
            proxy: Some((name.into_owned(), url)),
            ..Self::default()
        })
    }

    /// Whether the proxy itself is reached over TLS.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.proxy().is_some_and(|proxy| proxy.scheme() == "https")
    }

    /// The address of the proxy that is used, with its user name and password.
    pub(crate) fn proxy(&self) -> Option<&Url> {
        self.exception.is_none().then_some(())?;
        self.proxy.as_ref().map(|(_, url)| url)
    }

    /// The variable that names the proxy that is used.
    pub(crate) fn variable(&self) -> Option<&str> {
        self.exception.is_none().then_some(())?;
        self.proxy.as_ref().map(|(name, _)| name.as_str())
    }

    /// Entries of `NO_PROXY` that mean nothing: neither a name, nor an address, nor a network.
    #[must_use]
    pub fn not_understood(&self) -> &[String] {
        &self.not_understood
    }
}

impl fmt::Display for Route {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((name, url)) = &self.proxy else {
            return formatter.write_str("none is set");
        };
        // Without its user name and password.
        let host = url.host_str().unwrap_or_default();
        write!(formatter, "{name} names {}://{host}", url.scheme())?;
        if let Some(port) = url.port() {
            write!(formatter, ":{port}")?;
        }
        match self.exception {
            Some(why) => write!(formatter, ", {why}"),
            None => Ok(()),
        }
    }
}

/// The first of a variable in capitals and in small letters that is not empty.
fn first_of(name: &str, variable: &impl Fn(&str) -> Option<OsString>) -> Result<Option<(String, String)>> {
    for name in [name.to_owned(), name.to_ascii_lowercase()] {
        let Some(value) = variable(&name) else { continue };
        let value = value
            .into_string()
            .map_err(|_| refused(&name, "cannot be read: it is not UTF-8"))?;
        let value = value.trim();
        if !value.is_empty() {
            return Ok(Some((name, value.to_owned())));
        }
    }
    Ok(None)
}

fn refused(name: &str, why: &str) -> Error {
    Error::new(ErrorKind::InvalidInput, format!("{name} {why}")).with_next_step(
        "Write it as http://host:port or socks5h://host:port, with user:password@ before the host if needed",
    )
}

/// The address of a proxy. Nothing of the text is shown: it may hold a password.
fn address(name: &str, text: &str) -> Result<Url> {
    let whole = if text.contains("://") {
        text.to_owned()
    } else {
        format!("http://{text}")
    };
    let url = Url::parse(&whole).map_err(|error| refused(name, &format!("cannot be read: {error}")))?;
    if !KINDS.contains(&url.scheme()) {
        return Err(refused(
            name,
            &format!("names a proxy of the kind {}, which is not supported", url.scheme()),
        ));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(refused(name, "names no host"));
    }
    Ok(url)
}

/// An entry of `NO_PROXY`, with the port if it names one.
enum Exception {
    Everything,
    /// The name itself unless only what is below it is meant, and everything below it.
    Name {
        name: String,
        only_below: bool,
        port: Option<u16>,
    },
    Address(IpAddr, Option<u16>),
    Network(IpAddr, u8),
}

impl Exception {
    fn read(entry: &str) -> Option<Self> {
        if entry == "*" {
            return Some(Self::Everything);
        }
        if let Some((network, bits)) = entry.split_once('/') {
            let network: IpAddr = network.parse().ok()?;
            let bits = bits
                .parse()
                .ok()
                .filter(|bits| *bits <= if network.is_ipv4() { 32 } else { 128 })?;
            return Some(Self::Network(network, bits));
        }
        if let Ok(address) = entry.trim_start_matches('[').trim_end_matches(']').parse() {
            return Some(Self::Address(address, None));
        }
        let (host, port) = match entry.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse().ok()?)),
            None => (entry, None),
        };
        if let Ok(address) = host.trim_start_matches('[').trim_end_matches(']').parse() {
            return Some(Self::Address(address, port));
        }
        let only_below = host.starts_with("*.");
        let name = host
            .trim_start_matches('*')
            .trim_start_matches('.')
            .trim_end_matches('.');
        let is_name = !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'));
        is_name.then(|| Self::Name {
            name: name.to_ascii_lowercase(),
            only_below,
            port,
        })
    }

    fn matches(&self, root: &Url) -> bool {
        let is_port = |port: &Option<u16>| port.is_none() || *port == root.port_or_known_default();
        let address = match root.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            _ => None,
        };
        match self {
            Self::Everything => true,
            Self::Address(own, port) => address == Some(*own) && is_port(port),
            Self::Network(network, bits) => address.is_some_and(|address| is_within(address, *network, *bits)),
            Self::Name { name, only_below, port } => {
                let host = root.host_str().unwrap_or_default().trim_end_matches('.');
                let is_below = host
                    .strip_suffix(name.as_str())
                    .is_some_and(|before| before.ends_with('.'));
                address.is_none() && is_port(port) && (is_below || !only_below && host == name)
            }
        }
    }
}

fn is_within(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    let common =
        |one: u128, other: u128, width: u32| (one ^ other).checked_shr(width - u32::from(bits)).unwrap_or(0) == 0;
    match (address, network) {
        (IpAddr::V4(one), IpAddr::V4(other)) => common(one.to_bits().into(), other.to_bits().into(), 32),
        (IpAddr::V6(one), IpAddr::V6(other)) => common(one.to_bits(), other.to_bits(), 128),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(root: &str, variables: &[(&str, &str)]) -> Result<Route> {
        Route::read(&Url::parse(root).unwrap(), |name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| OsString::from(value))
        })
    }

    fn used(root: &str, variables: &[(&str, &str)]) -> Option<String> {
        route(root, variables).unwrap().proxy().map(ToString::to_string)
    }

    const GRAPH: &str = "https://graph.microsoft.com";

    #[test]
    fn the_first_variable_that_says_something_decides() {
        for (root, variables, expected) in [
            (GRAPH, &[][..], None),
            (GRAPH, &[("HTTPS_PROXY", "http://a:1")], Some("http://a:1/")),
            (GRAPH, &[("https_proxy", "http://a:1")], Some("http://a:1/")),
            (
                GRAPH,
                &[("HTTPS_PROXY", ""), ("https_proxy", "http://a:1")],
                Some("http://a:1/"),
            ),
            (
                GRAPH,
                &[("HTTPS_PROXY", " "), ("ALL_PROXY", "socks5h://a:1")],
                Some("socks5h://a:1"),
            ),
            (GRAPH, &[("HTTPS_PROXY", "a:8080")], Some("http://a:8080/")),
            (GRAPH, &[("HTTP_PROXY", "http://a:1")], None),
            (
                "http://graph.example",
                &[("HTTP_PROXY", "http://a:1")],
                Some("http://a:1/"),
            ),
            ("http://graph.example", &[("HTTPS_PROXY", "http://a:1")], None),
            (
                "http://graph.example",
                &[("HTTP_PROXY", "http://a:1"), ("REQUEST_METHOD", "GET")],
                None,
            ),
            ("https://localhost:1", &[("HTTPS_PROXY", "http://a:1")], None),
            ("http://127.0.0.1:1", &[("ALL_PROXY", "http://a:1")], None),
        ] {
            assert_eq!(used(root, variables).as_deref(), expected, "{root} {variables:?}");
        }
    }

    #[test]
    fn exceptions_are_read_as_curl_and_go_read_them() {
        for (root, list, direct) in [
            (GRAPH, "*", true),
            (GRAPH, "graph.microsoft.com", true),
            (GRAPH, "GRAPH.microsoft.com.", true),
            (GRAPH, "microsoft.com", true),
            (GRAPH, ".microsoft.com", true),
            (GRAPH, "*.microsoft.com", true),
            (GRAPH, "*.graph.microsoft.com", false),
            (GRAPH, ".graph.microsoft.com", true),
            (GRAPH, "rosoft.com", false),
            (GRAPH, "example.com, graph.microsoft.com", true),
            (GRAPH, "example.com graph.microsoft.com", true),
            (GRAPH, "graph.microsoft.com:443", true),
            (GRAPH, "graph.microsoft.com:8443", false),
            ("https://10.1.2.3", "10.1.2.3", true),
            ("https://10.1.2.3", "10.0.0.0/8", true),
            ("https://10.1.2.3", "10.1.2.0/24", true),
            ("https://10.1.2.3", "10.1.3.0/24", false),
            ("https://10.1.2.3", "0.0.0.0/0", true),
            ("https://10.1.2.3", "2.3", false),
            ("https://[fd00::1]:8443", "fd00::/8", true),
            ("https://[fd00::1]:8443", "[fd00::1]", true),
            ("https://[fd00::1]:8443", "[fd00::1]:8443", true),
            ("https://[fd00::1]:8443", "[fd00::1]:443", false),
        ] {
            let variables = [("HTTPS_PROXY", "http://a:1"), ("no_proxy", list)];
            assert_eq!(used(root, &variables).is_none(), direct, "{root} {list}");
        }
        let odd = [
            ("HTTPS_PROXY", "http://a:1"),
            ("NO_PROXY", "10.0.0.0/99, a*b, x:y, ok.example"),
        ];
        assert_eq!(
            route(GRAPH, &odd).unwrap().not_understood(),
            ["10.0.0.0/99", "a*b", "x:y"]
        );
    }

    #[test]
    fn what_cannot_be_read_is_refused_and_no_password_is_shown() {
        for (value, words) in [
            ("http://", "HTTPS_PROXY cannot be read"),
            ("http://user:hunter2@host:port", "HTTPS_PROXY cannot be read"),
            ("ftp://user:hunter2@host", "the kind ftp, which is not supported"),
            ("socks6://host", "the kind socks6"),
            ("http://[::1", "HTTPS_PROXY cannot be read"),
        ] {
            let error = route(GRAPH, &[("HTTPS_PROXY", value)]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert!(error.message().contains(words), "{value}: {error}");
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
        let shown = route(GRAPH, &[("HTTPS_PROXY", "socks5h://user:hunter2@proxy.example:1080")]).unwrap();
        assert_eq!(shown.to_string(), "HTTPS_PROXY names socks5h://proxy.example:1080");
        let direct = [("HTTPS_PROXY", "http://a:1"), ("NO_PROXY", "*")];
        assert!(
            route(GRAPH, &direct)
                .unwrap()
                .to_string()
                .ends_with("NO_PROXY names the server")
        );
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_text_is_refused() {
        use std::os::unix::ffi::OsStringExt;
        let read = Route::read(&Url::parse(GRAPH).unwrap(), |name| {
            (name == "HTTPS_PROXY").then(|| OsString::from_vec(b"http://\xff:1".to_vec()))
        });
        assert!(read.unwrap_err().message().contains("HTTPS_PROXY"));
    }
}
