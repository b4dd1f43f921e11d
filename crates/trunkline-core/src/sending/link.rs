//! The client's root, and every address that is checked against it.
//!
//! `@odata.nextLink`, `Location` and `resourceLocation` are text that a server wrote. Nothing is sent to such an
//! address, and no token goes with it, before it passed [`Root::check`].

use std::borrow::Cow;
use std::sync::{Arc, PoisonError, RwLock};

use url::Url;

use crate::error::{Error, ErrorKind, Result};
use crate::mask;
use crate::request::operation::Operation;
use crate::request::path;

/// Scheme, host and port of the service with the version below which every path lies.
#[derive(Debug, Clone)]
pub(crate) struct Root {
    /// For instance `https://graph.microsoft.com/v1.0`.
    base: String,
    /// The same without the version's path: `https://graph.microsoft.com`.
    origin: String,
    /// The path of the base: `/v1.0`.
    prefix: String,
    url: Url,
    /// The addresses of operations without a key, as far as they were sent: building one takes longer than all of its
    /// headers.
    fixed: Arc<RwLock<Vec<(&'static str, Url)>>>,
}

impl Root {
    pub(crate) fn new(root: &Url, version: &str) -> Result<Self> {
        let invalid = |what: &str| Error::new(ErrorKind::InvalidInput, format!("the root address {what}"));
        if !matches!(root.scheme(), "https" | "http") || root.host_str().is_none_or(str::is_empty) {
            return Err(invalid("must be an http or https address"));
        }
        if !root.username().is_empty() || root.password().is_some() {
            return Err(invalid("must not hold a user name or password"));
        }
        if root.query().is_some() || root.fragment().is_some() {
            return Err(invalid("must not hold a query or fragment"));
        }
        let sound = !version.is_empty()
            && version
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
        if !sound || version.starts_with('.') {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "the version must be a word such as v1.0",
            ));
        }
        let origin = root.origin().ascii_serialization();
        let prefix = format!("{}/{version}", root.path().trim_end_matches('/'));
        let base = format!("{origin}{prefix}");
        let url = Url::parse(&base).map_err(|error| invalid("cannot be read").with_source(error))?;
        Ok(Self {
            base,
            origin,
            prefix,
            url,
            fixed: Arc::default(),
        })
    }

    /// The base, without a slash at the end.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// Scheme, host and port.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    pub(crate) fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    pub(crate) fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or_default()
    }

    /// Whether it is this computer: the only place beyond Microsoft's that a client talks to unasked.
    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(&self.url)
    }

    /// The address of an operation.
    pub(crate) fn url_of(&self, operation: &Operation) -> Result<Url> {
        if let Some(link) = operation.link() {
            return Ok(link.clone());
        }
        let Some(path) = operation.fixed_path() else {
            return self.build(operation);
        };
        // A path of the table is one text in memory, so it is known by where it lies.
        let held = self.fixed.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, url)) = held.iter().find(|(known, _)| std::ptr::eq(*known, path)) {
            return Ok(url.clone());
        }
        drop(held);
        let url = self.build(operation)?;
        let mut held = self.fixed.write().unwrap_or_else(PoisonError::into_inner);
        if !held.iter().any(|(known, _)| std::ptr::eq(*known, path)) {
            held.push((path, url.clone()));
        }
        Ok(url)
    }

    fn build(&self, operation: &Operation) -> Result<Url> {
        path::check_path(operation.path())?;
        // Scheme, host and port were read once; reading them again would cost more than the path does.
        let mut url = self.url.clone();
        url.set_path(&[self.url.path(), operation.path()].concat());
        let mut query = String::new();
        path::push_query(&mut query, operation.query_options());
        url.set_query(query.strip_prefix('?'));
        Ok(url)
    }

    /// Whether scheme, host and port are the root's, and nothing else precedes the path.
    pub(crate) fn is_origin_of(&self, url: &Url) -> bool {
        url.scheme() == self.url.scheme()
            && url.host_str() == self.url.host_str()
            && url.port_or_known_default() == self.url.port_or_known_default()
            && url.username().is_empty()
            && url.password().is_none()
    }

    /// The path of an address below the version; `None` when it lies elsewhere.
    pub(crate) fn below<'u>(&self, url: &'u Url) -> Option<&'u str> {
        let path = url.path();
        let (start, rest) = (path.get(..self.prefix.len())?, path.get(self.prefix.len()..)?);
        (start.eq_ignore_ascii_case(&self.prefix) && rest.starts_with('/')).then_some(rest)
    }

    /// The same with the query: what a batch names, and a text that is kept.
    pub(crate) fn relative(&self, url: &Url) -> Option<String> {
        let path = self.below(url)?;
        Some(match url.query() {
            Some(query) => format!("{path}?{query}"),
            None => path.to_owned(),
        })
    }

    /// Reads a link of the service's: absolute, relative to the host, or relative to the version.
    ///
    /// The text itself is compared, not only what a parser makes of it: two parsers that read one text differently are
    /// how such checks are passed by.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UntrustedLink`], naming the host at most.
    pub(crate) fn check(&self, text: &str) -> Result<Url> {
        let refuse = |why: &str| {
            let message = format!("the service named an address that {why}: {}", shown_host(text));
            Err(Error::new(ErrorKind::UntrustedLink, message))
        };
        if text.len() > 32 * 1024 {
            return refuse("is too long");
        }
        if text.bytes().any(|byte| !byte.is_ascii_graphic() || byte == b'\\') {
            return refuse("has characters that are not valid in an address");
        }
        let absolute = if let Some(rest) = text.strip_prefix(&*self.origin) {
            if !rest.starts_with('/') {
                return refuse("is not on the client's host");
            }
            Cow::Borrowed(text)
        } else if text.starts_with("//") || has_scheme(text) {
            return refuse("is not on the client's host");
        } else if text.starts_with('/') {
            Cow::Owned(format!("{}{text}", self.origin))
        } else if !text.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '$') {
            return refuse("is not an address");
        } else {
            Cow::Owned(format!("{}/{text}", self.base))
        };
        let Ok(url) = Url::parse(&absolute) else {
            return refuse("cannot be read");
        };
        if !self.is_origin_of(&url) {
            return refuse("is not on the client's host");
        }
        if url.fragment().is_some() {
            return refuse("holds a fragment");
        }
        if self.below(&url).is_none_or(|rest| rest == "/") || holds_hidden_dots(&absolute) {
            return refuse("is not below the client's version");
        }
        Ok(url)
    }
}

/// `name:` before any slash.
fn has_scheme(text: &str) -> bool {
    let head = text.split(['/', '?', '#', '(']).next().unwrap_or_default();
    head.contains(':') || head.contains('@')
}

/// Dot segments of any spelling in the path. A parser resolves them; what stands behind the host may do so again.
fn holds_hidden_dots(absolute: &str) -> bool {
    // A segment of dots begins with one, or with what is encoded.
    let mut after_slash = false;
    let is_suspicious = absolute
        .bytes()
        .take_while(|byte| !matches!(byte, b'?' | b'#'))
        .any(|byte| {
            let found = byte == b'%' || after_slash && byte == b'.';
            after_slash = byte == b'/';
            found
        });
    if !is_suspicious {
        return false;
    }
    let path = absolute.split(['?', '#']).next().unwrap_or_default();
    let path = path
        .to_ascii_lowercase()
        .replace("%25", "%")
        .replace("%2e", ".")
        .replace("%2f", "/")
        .replace("%5c", "/");
    path.split('/').any(|segment| segment == ".." || segment == ".")
}

/// The host of an address, as far as it can be read, and never its query.
fn shown_host(text: &str) -> String {
    let rest = text.split_once("//").map_or(text, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let shown: String = host.chars().take(80).collect();
    let shown = mask::text(&shown);
    if shown.is_empty() {
        "(no host)".to_owned()
    } else {
        shown
    }
}

/// Whether an address is of this computer.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn root() -> Root {
        Root::new(&Url::parse("https://graph.microsoft.com").unwrap(), "v1.0").unwrap()
    }

    /// Every hostile form: the authority, the scheme and the path are each written in every way we could think of.
    fn corpus() -> Vec<String> {
        let mut corpus = Vec::new();
        let hosts = [
            "graph.microsoft.com.evil.example",
            "graph.microsoft.com@evil.example",
            "evil.example",
            "user:pw@graph.microsoft.com",
            "user@graph.microsoft.com",
            "@graph.microsoft.com",
            ":@graph.microsoft.com",
            "graph.microsoft.com:8443",
            "graph.microsoft.com:80",
            "graph.microsoft.com:",
            "graph.microsoft.com:443",
            "graph.microsoft.com.",
            "GRAPH.microsoft.com",
            "Graph.Microsoft.Com",
            "graph.microsoft.us",
            "graph.microsoft.co",
            "dod-graph.microsoft.us",
            "microsoftgraph.chinacloudapi.cn",
            "xn--grph-1na.microsoft.com",
            "gráph.microsoft.com",
            "grаph.microsoft.com",
            "graph。microsoft。com",
            "graph.microsoft.com%2eevil.example",
            "graph%2emicrosoft.com",
            "graph.microsoft.com%00.evil.example",
            "graph.microsoft.com%09",
            "127.0.0.1",
            "2130706433",
            "0x7f.1",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "localhost",
            "169.254.169.254",
            "evil.example#graph.microsoft.com",
            "evil.example?graph.microsoft.com",
            "evil.example\\@graph.microsoft.com",
            "graph.microsoft.com\\.evil.example",
            "graph.microsoft.com\t.evil.example",
            "graph.microsoft.com\n.evil.example",
            "graph.microsoft.com ",
            "graph-microsoft.com",
            "agraph.microsoft.com",
            "graph.microsoft.com,evil.example",
            "graph.microsoft.com;evil",
            "graph.microsoft.com\u{200b}",
            "\u{202e}moc.tfosorcim.hparg",
            "",
        ];
        let schemes = [
            "https://",
            "http://",
            "HTTPS://",
            "ftp://",
            "//",
            "https:/",
            "https:",
            "https:\\\\",
            "file://",
            "ws://",
        ];
        for host in hosts {
            for scheme in ["https://", "http://", "//", "https:///"] {
                corpus.push(format!("{scheme}{host}/v1.0/users"));
            }
        }
        for scheme in &schemes[1..] {
            corpus.push(format!("{scheme}graph.microsoft.com/v1.0/users"));
        }
        let paths = [
            "/beta/users",
            "/v1.0",
            "/v1.0beta/users",
            "/v1.00/users",
            "/v1/users",
            "/",
            "",
            "/v1.0/../beta/users",
            "/v1.0/%2e%2e/beta/users",
            "/v1.0/.%2E/beta",
            "/v1.0/%252e%252e/beta",
            "/v1.0/..%2fbeta",
            "/v1.0/..%5cbeta",
            "/v1.0\\..\\beta",
            "//v1.0/users",
            "/%76beta/v1.0/users",
            "/v1.0/users#x",
            "/v1.0/us ers",
            "/v1.0/us\ters",
            "/v1.0/us\r\ners",
            "/x/v1.0/users",
            ";/v1.0/users",
            "/v1.0%2fusers",
            "/v1.0?users",
            "/v1%2e0x/users",
            "/v1.0/./users",
            "/v1.0/é",
        ];
        for path in paths {
            corpus.push(format!("https://graph.microsoft.com{path}"));
        }
        corpus.extend(
            [
                "javascript:alert(1)",
                "data:text/html,x",
                "mailto:a@b",
                "/beta/users",
                "//evil.example",
                "..",
                "../beta",
                "./x",
                "../../x",
                "%2e%2e/beta",
                "a@evil.example",
                "x:y/z",
                "\\\\evil\\share",
                "/\\evil.example/v1.0/",
                "",
            ]
            .map(str::to_owned),
        );
        corpus
    }

    #[test]
    fn every_hostile_link_is_refused_and_shows_no_query() {
        let root = root();
        let corpus = corpus();
        assert!(corpus.len() >= 200, "{}", corpus.len());
        for link in corpus {
            let with_query = format!("{link}?$skiptoken=canary");
            for text in [link.clone(), with_query] {
                match root.check(&text) {
                    Ok(url) => panic!("accepted {text:?} as {url}"),
                    Err(error) => {
                        assert_eq!(error.kind(), ErrorKind::UntrustedLink);
                        assert!(!error.to_string().contains("canary"), "{error}");
                        assert!(!error.to_string().contains("pw"), "{error}");
                    }
                }
            }
        }
    }

    #[test]
    fn links_of_the_service_are_accepted_as_they_are() {
        let root = root();
        for (text, expected) in [
            (
                "https://graph.microsoft.com/v1.0/users?$skiptoken=a%2Fb",
                "https://graph.microsoft.com/v1.0/users?$skiptoken=a%2Fb",
            ),
            (
                "https://graph.microsoft.com/V1.0/users('a.b')",
                "https://graph.microsoft.com/V1.0/users('a.b')",
            ),
            (
                "/v1.0/admin/operations('x')",
                "https://graph.microsoft.com/v1.0/admin/operations('x')",
            ),
            (
                "admin/operations/x?a=b",
                "https://graph.microsoft.com/v1.0/admin/operations/x?a=b",
            ),
            (
                "operations('a:b')",
                "https://graph.microsoft.com/v1.0/operations('a:b')",
            ),
        ] {
            assert_eq!(root.check(text).unwrap().as_str(), expected);
        }
    }

    #[test]
    fn unsound_roots_are_refused() {
        for (text, version) in [
            ("ftp://graph.microsoft.com", "v1.0"),
            ("https://u:p@graph.microsoft.com", "v1.0"),
            ("https://h?x", "v1.0"),
            ("https://h", ""),
            ("https://h", ".."),
            ("https://h", "a/b"),
            ("data:x", "v1.0"),
        ] {
            assert!(
                Root::new(&Url::parse(text).unwrap(), version).is_err(),
                "{text} {version}"
            );
        }
        let root = Root::new(&Url::parse("http://LOCALHOST:8080/base/").unwrap(), "v1.0").unwrap();
        assert_eq!(root.base(), "http://localhost:8080/base/v1.0");
        assert!(root.is_loopback());
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_stays_on_the_root(text in "[ -~]{0,60}", tail in "[a-z@:/.?#%\\\\]{0,30}") {
            let root = root();
            for text in [text, format!("https://graph.microsoft.com{tail}"), format!("https://{tail}graph.microsoft.com/v1.0/x")] {
                if let Ok(url) = root.check(&text) {
                    prop_assert_eq!(url.origin().ascii_serialization(), "https://graph.microsoft.com");
                    prop_assert!(url.path().to_ascii_lowercase().starts_with("/v1.0/"));
                    prop_assert!(url.username().is_empty());
                }
            }
        }
    }
}
