//! Why a request got no answer: the faults of connections, proxies and TLS, in words.

use std::error::Error as StandardError;

use rustls::AlertDescription;

use crate::sending::certificates;
use crate::sending::transport::{TransportError, TransportFault};

/// To whom the request went: scheme, host and port, and who names a proxy, if there is one.
fn peer(error: &reqwest::Error, proxy: Option<&str>) -> String {
    let Some(url) = error.url() else {
        return "the service".to_owned();
    };
    let origin = url.origin().ascii_serialization();
    match proxy {
        Some(name) => format!("{origin} ({name} is set)"),
        None => origin,
    }
}

/// The fault of a request that `proxy` names the proxy of.
#[cold]
pub(crate) fn explain(error: reqwest::Error, proxy: Option<&str>) -> TransportError {
    let mut next_step = None;
    let (fault, message) = if let Some(reason) = certificate_fault(&error) {
        let message = format!("the certificate of {} is not trusted: {reason}", peer(&error, proxy));
        (TransportFault::NotTrusted, message)
    } else if let Some(reason) = identity_fault(&error) {
        next_step = Some(reason.next_step());
        let message = format!("no connection to {}: {}", peer(&error, proxy), reason.message());
        (TransportFault::NotConnected, message)
    } else if error.is_connect() {
        let (cause, advice) = cause(&error);
        next_step = advice;
        let message = format!("no connection to {}{cause}", peer(&error, proxy));
        (TransportFault::NotConnected, message)
    } else if error.is_timeout() {
        (
            TransportFault::TimedOut,
            "the service did not answer in time".to_owned(),
        )
    } else if error.is_builder() {
        (TransportFault::Unusable, "the request cannot be sent".to_owned())
    } else if error.is_body() || error.is_decode() {
        (TransportFault::Lost, "the answer was cut off".to_owned())
    } else {
        (TransportFault::Lost, "the connection was lost".to_owned())
    };
    TransportError {
        next_step,
        ..TransportError::new(fault, message).with_source(error.without_url())
    }
}

/// Why a server refused the handshake because of the client's certificate.
#[derive(Clone, Copy)]
enum IdentityFault {
    Missing,
    Refused,
}

impl IdentityFault {
    fn message(self) -> &'static str {
        match self {
            Self::Missing => "it requires a client certificate",
            Self::Refused => "it does not accept the client certificate",
        }
    }

    fn next_step(self) -> &'static str {
        match self {
            Self::Missing => "Create the client with a client certificate",
            Self::Refused => "Check that the client certificate has not expired and that the server trusts its issuer",
        }
    }
}

/// The fault of the client's certificate, if that is the cause. In TLS 1.3 a server may refuse it after the client has sent its
/// request. That is not executed all the same: these alerts answer the certificate of a handshake, and there is no second one.
fn identity_fault(error: &reqwest::Error) -> Option<IdentityFault> {
    let found = chain(error).find_map(|current| current.downcast_ref::<rustls::Error>())?;
    let rustls::Error::AlertReceived(alert) = found else {
        return None;
    };
    match alert {
        AlertDescription::CertificateRequired => Some(IdentityFault::Missing),
        AlertDescription::BadCertificate
        | AlertDescription::UnsupportedCertificate
        | AlertDescription::CertificateRevoked
        | AlertDescription::CertificateExpired
        | AlertDescription::CertificateUnknown
        | AlertDescription::UnknownCA => Some(IdentityFault::Refused),
        _ => None,
    }
}

/// The system's codes for having no descriptor left, of the process and of the system: those of Unix, and of Windows.
const NO_DESCRIPTORS: [i32; 3] = [24, 23, 10_024];

/// The next step for a proxy that requires a password.
const PROXY_PASSWORD: &str = "Write both before the host of the proxy's address: http://user:password@host:port";

/// Why there is no connection, as far as the chain of causes tells, and the next step where that is known.
fn cause(error: &reqwest::Error) -> (&'static str, Option<&'static str>) {
    let mut cause = if error.is_timeout() {
        ": it did not answer in time"
    } else {
        ""
    };
    for current in chain(error) {
        // The cause of a failed look-up or proxy does not matter.
        let fault = current.downcast_ref::<std::io::Error>();
        if fault
            .and_then(std::io::Error::raw_os_error)
            .is_some_and(|code| NO_DESCRIPTORS.contains(&code))
        {
            let full = ": this process has as many files and connections open as it may have (ulimit -n)";
            return (full, None);
        }
        let text = current.to_string();
        if text.contains("dns error") {
            return (": its name was not found", None);
        }
        if text.contains("proxy auth") {
            return (
                ": the proxy requires a user name and a password, or did not accept them",
                Some(PROXY_PASSWORD),
            );
        }
        if text.contains("tunnel") || text.contains("proxy") || text.contains("SOCKS") {
            return (": the proxy refused the connection", None);
        }
        if current.is::<rustls::Error>() {
            return (": TLS failed", None);
        }
        if let Some(fault) = current.downcast_ref::<std::io::Error>() {
            cause = match fault.kind() {
                std::io::ErrorKind::ConnectionRefused => ": it was refused",
                std::io::ErrorKind::ConnectionReset | std::io::ErrorKind::UnexpectedEof => ": it was closed at once",
                std::io::ErrorKind::TimedOut => ": it did not answer in time",
                std::io::ErrorKind::HostUnreachable | std::io::ErrorKind::NetworkUnreachable => {
                    ": it cannot be reached from here"
                }
                _ => cause,
            };
        }
    }
    (cause, None)
}

/// The fault of the certificate, if that is the cause.
fn certificate_fault(error: &reqwest::Error) -> Option<String> {
    let found = chain(error).find_map(|current| current.downcast_ref::<rustls::Error>())?;
    match found {
        rustls::Error::InvalidCertificate(fault) => Some(certificates::reason(fault)),
        rustls::Error::General(text) if certificates::is_of_authorities(text) => Some(text.clone()),
        _ => None,
    }
}

/// The error and what it was caused by, one after the other.
fn chain(error: &reqwest::Error) -> impl Iterator<Item = &(dyn StandardError + 'static)> {
    let first: &(dyn StandardError + 'static) = error;
    std::iter::successors(Some(first), |current| deeper(*current))
}

fn deeper<'e>(error: &'e (dyn StandardError + 'static)) -> Option<&'e (dyn StandardError + 'static)> {
    // An error of input and output names what its cause was caused by, and skips the cause itself.
    let fault = error.downcast_ref::<std::io::Error>();
    match fault.and_then(std::io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}
