//! The addresses of the service and of its authority.

use trunkline_core::cloud::Cloud;
use trunkline_core::error::{Error, ErrorKind, Result};
use url::{Host, Url};

/// The service's root and its authority, checked.
#[derive(Debug, Clone)]
pub(crate) struct Deployment {
    pub(crate) cloud: Cloud,
    /// `None`: the cloud's own.
    pub(crate) root: Option<Url>,
    pub(crate) authority: Url,
}

impl Deployment {
    /// Checks what the caller gave. `allowed`: also addresses that are neither Microsoft's nor this computer's.
    pub(crate) fn new(cloud: Cloud, root: Option<&str>, authority: Option<&str>, allowed: bool) -> Result<Self> {
        let root = root.map(|text| address("root", text)).transpose()?;
        let given = authority.map(|text| address("authority", text)).transpose()?;
        let authority = match given {
            Some(authority) => authority,
            None => address("authority", cloud.authority())?,
        };
        if !is_microsoft(&authority) {
            let name = authority.origin().ascii_serialization();
            if !is_this_computer(&authority) && !allowed {
                return Err(invalid(format!(
                    "the authority {name} is neither Microsoft's nor on this computer"
                ))
                .with_next_step("Allow the endpoint explicitly if it is the right one"));
            }
            if authority.scheme() == "http" && !is_this_computer(&authority) {
                return Err(invalid(format!(
                    "secrets are not sent to {name}, because the connection is not encrypted"
                ))
                .with_next_step("Use an https address for the authority"));
            }
        }
        Ok(Self { cloud, root, authority })
    }
}

/// Reads a cloud's name.
pub(crate) fn cloud_from_name(name: &str) -> Result<Cloud> {
    Cloud::from_name(name.trim()).ok_or_else(|| {
        let known: Vec<&str> = Cloud::ALL.iter().map(|cloud| cloud.name()).collect();
        let shown: String = name.chars().take(40).collect();
        invalid(format!("there is no cloud {shown:?}")).with_next_step(format!("Use one of {}", known.join(", ")))
    })
}

fn invalid(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidInput, message)
}

/// Reads the address of a server. The text itself is not shown: it could hold a password.
fn address(what: &'static str, text: &str) -> Result<Url> {
    let wrong = |why: &str| invalid(format!("the {what} address {why}"));
    let url = Url::parse(text.trim()).map_err(|error| wrong("cannot be read").with_source(error))?;
    if !matches!(url.scheme(), "https" | "http") || url.host_str().is_none_or(str::is_empty) {
        return Err(wrong("must begin with https:// or http:// and name a host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("must not hold a user name or password"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("must not hold a query or fragment"));
    }
    if what == "authority" && url.path() != "/" {
        return Err(wrong("must be a host without a path; the credential adds the tenant"));
    }
    Ok(url)
}

/// Whether it is one of Microsoft's authorities.
fn is_microsoft(url: &Url) -> bool {
    // China has a second name for the same authority.
    const PARTNER: &str = "https://login.partner.microsoftonline.cn";
    let origin = url.origin().ascii_serialization();
    Cloud::ALL.iter().any(|cloud| cloud.authority() == origin) || origin == PARTNER
}

/// Whether it is this computer.
pub(crate) fn is_this_computer(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_cloud_is_answered_with_the_known_ones() {
        assert_eq!(cloud_from_name(" US-Gov-L4 ").unwrap(), Cloud::UsGovL4);
        let error = cloud_from_name("moon").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let text = error.to_string();
        assert!(
            text.contains("\"moon\"") && text.contains("global, us-gov-l4, us-gov-l5, china"),
            "{text}"
        );
    }

    #[test]
    fn secrets_go_to_microsoft_and_this_computer_unless_allowed() {
        for (authority, allowed, fine) in [
            ("https://login.microsoftonline.us", false, true),
            ("https://login.partner.microsoftonline.cn/", false, true),
            ("http://127.0.0.1:8080", false, true),
            ("http://[::1]:8080", false, true),
            ("http://localhost", false, true),
            ("https://login.example", false, false),
            ("https://login.example", true, true),
            ("http://login.example", true, false),
            ("http://login.microsoftonline.com", false, false),
            ("https://login.microsoftonline.com.example", false, false),
            ("https://user:canary@127.0.0.1", false, false),
            ("https://127.0.0.1/contoso", false, false),
            ("ftp://127.0.0.1", false, false),
            ("127.0.0.1:8080", false, false),
        ] {
            let outcome = Deployment::new(Cloud::Global, None, Some(authority), allowed);
            assert_eq!(outcome.is_ok(), fine, "{authority}: {outcome:?}");
            assert!(!format!("{outcome:?}").contains("canary"));
        }
    }
}
