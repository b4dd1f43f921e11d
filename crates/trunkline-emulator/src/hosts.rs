//! By which names the emulator may be asked. A web page that made its own name point to this computer is refused.

use std::net::IpAddr;

use http::uri::Authority;

/// The names that are allowed, in addition to those of this computer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hosts {
    allowed: Vec<String>,
}

impl Hosts {
    pub(crate) fn allow(&mut self, name: &str) {
        self.allowed.push(name.trim().to_owned());
    }

    /// The first allowed name that is none: it can then never be asked for.
    pub(crate) fn wrong(&self) -> Option<&str> {
        let is_name = |name: &str| {
            let parsed = name.parse::<Authority>();
            parsed.is_ok_and(|parsed| !parsed.host().is_empty()) && !name.contains(['@', '*', '/'])
        };
        self.allowed.iter().map(String::as_str).find(|name| !is_name(name))
    }

    /// Whether a `Host` is one of this computer or an allowed one. The port does not matter: it may be forwarded.
    pub(crate) fn permits(&self, authority: &str) -> bool {
        let Ok(parsed) = authority.parse::<Authority>() else {
            return false;
        };
        // The part before an @ is not the host.
        if authority.contains('@') {
            return false;
        }
        let host = parsed.host();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        bare.parse::<IpAddr>()
            .is_ok_and(|address| address.to_canonical().is_loopback())
            || is_localhost(host)
            || self
                .allowed
                .iter()
                .any(|name| name.eq_ignore_ascii_case(host) || name.eq_ignore_ascii_case(authority))
    }

    /// Whether an `Origin`, which browsers send along, is a page of this computer or of an allowed name.
    pub(crate) fn permits_origin(&self, origin: &str) -> bool {
        origin
            .split_once("://")
            .is_some_and(|(_, authority)| self.permits(authority))
    }

    /// Whether a root, such as the audience of a token, is the emulator under one of its names.
    pub(crate) fn is_root(&self, root: &str) -> bool {
        host_of(root).is_some_and(|host| self.permits(host))
    }

    /// The allowed names without their ports, which a certificate has to name.
    pub(crate) fn bare_names(&self) -> Vec<String> {
        let parsed = self.allowed.iter().filter_map(|name| name.parse::<Authority>().ok());
        parsed.map(|name| name.host().to_owned()).collect()
    }
}

/// The host, with its port, of an address that is nothing but a scheme and a host.
pub(crate) fn host_of(url: &str) -> Option<&str> {
    let host = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"))?;
    let is_host = host.parse::<Authority>().is_ok() && !host.contains(['@', '/', '?', '#']);
    is_host.then_some(host)
}

fn is_localhost(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    // A dot at the end says that the name is whole.
    let host = host.strip_suffix('.').unwrap_or(&host);
    host == "localhost" || host.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_this_computer_and_allowed_ones_are_permitted() {
        let mut hosts = Hosts::default();
        hosts.allow("emulator.test");
        for right in [
            "localhost",
            "LOCALHOST:8080",
            "127.0.0.1:1",
            "127.8.8.8",
            "[::1]:8080",
            "[::ffff:127.0.0.1]:8080",
            "localhost.:8080",
            "graph.localhost",
            "Emulator.test:80",
        ] {
            assert!(hosts.permits(right), "{right}");
        }
        for wrong in [
            "",
            "contoso.example",
            "localhost.contoso.example:80",
            "192.0.2.1:80",
            "user@localhost",
            "localhost/path",
            "notlocalhost",
            "0.0.0.0:80",
            "[::]:80",
            "127.0.0.1.contoso.example",
        ] {
            assert!(!hosts.permits(wrong), "{wrong}");
        }
        assert_eq!(hosts.wrong(), None);
        for wrong in [
            "",
            "http://emulator.test",
            "emulator.test/path",
            "*",
            "user@localhost",
            "two names",
        ] {
            let mut hosts = Hosts::default();
            hosts.allow(wrong);
            assert_eq!(hosts.wrong(), Some(wrong));
        }
        assert!(hosts.permits_origin("http://localhost:3000"));
        assert!(hosts.is_root("https://localhost:8443") && !hosts.is_root("ftp://localhost"));
        assert!(!hosts.permits_origin("null") && !hosts.permits_origin("https://contoso.example"));
    }
}
