//! The certificate authorities to trust: the system's or Mozilla's, as the features say, read before the first certificate is verified.
//!
//! Reading them takes tens of milliseconds. A client that talks to an emulator over plain HTTP never needs them.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use crate::clock::Timestamp;
use crate::error::{Error, ErrorKind, Result};
use crate::mask;

/// Authorities of a PEM file.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`] when it holds none, or one that cannot be read.
pub(crate) fn read_pem(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>> {
    let invalid = |what: String| Error::new(ErrorKind::InvalidInput, what);
    let certificates = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| invalid(format!("the certificates cannot be read: {error}")))?;
    let mut store = RootCertStore::empty();
    for certificate in &certificates {
        store
            .add(certificate.clone())
            .map_err(|error| invalid(format!("a certificate is not that of a certificate authority: {error}")))?;
    }
    if certificates.is_empty() {
        return Err(invalid("the text contains no certificate".to_owned()));
    }
    Ok(certificates)
}

/// How connections are secured: TLS 1.2 or newer, always verified.
pub(crate) fn client_config(extra: Extra, protocols: &[&[u8]]) -> Result<ClientConfig> {
    static PROVIDER: OnceLock<Arc<CryptoProvider>> = OnceLock::new();
    let provider = PROVIDER
        .get_or_init(|| Arc::new(rustls::crypto::ring::default_provider()))
        .clone();
    let verifier = LazyVerifier {
        provider: provider.clone(),
        extra,
        verifier: OnceLock::new(),
    };
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::new(ErrorKind::InvalidInput, format!("TLS is not available: {error}")))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    Ok(config)
}

/// Authorities that are trusted besides the system's.
#[derive(Debug, Clone, Default)]
pub(crate) struct Extra {
    pub(crate) certificates: Vec<CertificateDer<'static>>,
    /// Variables that name a PEM file each, or a folder of them. One that is not set, or empty, names none.
    pub(crate) variables: Vec<&'static str>,
}

/// Verifies as rustls does, with roots that are read on first use.
#[derive(Debug)]
struct LazyVerifier {
    provider: Arc<CryptoProvider>,
    extra: Extra,
    verifier: OnceLock<Result<Arc<WebPkiServerVerifier>, rustls::Error>>,
}

impl LazyVerifier {
    fn build(&self) -> Result<Arc<WebPkiServerVerifier>, rustls::Error> {
        let mut roots = roots()?.clone();
        for certificate in &self.extra.certificates {
            roots.add(certificate.clone())?;
        }
        for name in &self.extra.variables {
            if let Some(value) = std::env::var_os(name).filter(|value| !value.is_empty()) {
                roots.add_parsable_certificates(of_variable(name, Path::new(&value))?);
            }
        }
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), self.provider.clone())
            .build()
            .map_err(|error| of_authorities(format!("{error}; {NO_ROOTS}")))
    }
}

/// The next step when there are no authorities to trust.
const NO_ROOTS: &str = if cfg!(any(feature = "native-roots", feature = "webpki-roots")) {
    "is ca-certificates installed?"
} else {
    "name them, or build with the feature native-roots or webpki-roots"
};

/// How the reason begins when the authorities themselves are at fault.
const NO_AUTHORITIES: &str = "the authorities to trust cannot be read: ";

fn of_authorities(reason: String) -> rustls::Error {
    rustls::Error::General(format!("{NO_AUTHORITIES}{reason}"))
}

/// Whether an error of TLS says that the authorities cannot be read.
pub(crate) fn is_of_authorities(text: &str) -> bool {
    text.starts_with(NO_AUTHORITIES)
}

/// The certificates of the file or folder that a variable names.
fn of_variable(name: &str, path: &Path) -> Result<Vec<CertificateDer<'static>>, rustls::Error> {
    #[cfg(not(feature = "native-roots"))]
    return Err(of_authorities(format!(
        "{name} names {}, and this program was built without the feature native-roots",
        path.display()
    )));
    #[cfg(feature = "native-roots")]
    native_certificates(name, path)
}

#[cfg(feature = "native-roots")]
fn native_certificates(name: &str, path: &Path) -> Result<Vec<CertificateDer<'static>>, rustls::Error> {
    let (file, folder) = if path.is_dir() {
        (None, Some(path))
    } else {
        (Some(path), None)
    };
    let found = rustls_native_certs::load_certs_from_paths(file, folder);
    if found.certs.is_empty() {
        let path = path.display();
        let why = match found.errors.first() {
            Some(error) => format!("{name} names {path}: {error}"),
            None => format!("{name} names {path}, which holds no certificate"),
        };
        return Err(of_authorities(why));
    }
    Ok(found.certs)
}

/// The roots of the features that were chosen, read once for the whole process.
fn roots() -> Result<&'static RootCertStore, rustls::Error> {
    static ROOTS: OnceLock<Result<RootCertStore, rustls::Error>> = OnceLock::new();
    let roots = ROOTS.get_or_init(|| {
        #[cfg_attr(not(any(feature = "native-roots", feature = "webpki-roots")), allow(unused_mut))]
        let mut roots = RootCertStore::empty();
        #[cfg(feature = "native-roots")]
        roots.add_parsable_certificates(system_roots()?);
        #[cfg(feature = "webpki-roots")]
        roots.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
        Ok(roots)
    });
    roots.as_ref().map_err(Clone::clone)
}

/// The system's roots: those of `SSL_CERT_FILE` and `SSL_CERT_DIR` where these are set.
#[cfg(feature = "native-roots")]
fn system_roots() -> Result<Vec<CertificateDer<'static>>, rustls::Error> {
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!(target: "trunkline", %error, "some certificate authorities of this system cannot be read");
    }
    let named: Vec<String> = ["SSL_CERT_FILE", "SSL_CERT_DIR"]
        .into_iter()
        .filter_map(|name| {
            Some(format!(
                "{name} names {}",
                Path::new(&std::env::var_os(name)?).display()
            ))
        })
        .collect();
    if found.certs.is_empty() && !named.is_empty() {
        let why = found.errors.first().map_or_else(
            || ", which holds no certificate".to_owned(),
            |error| format!(": {error}"),
        );
        return Err(of_authorities(format!("{}{why}", named.join(" and "))));
    }
    Ok(found.certs)
}

/// The fault of a certificate, in words.
pub(crate) fn reason(fault: &CertificateError) -> String {
    let day = |time: &UnixTime| {
        let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        let moment = Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX);
        moment.strftime("%Y-%m-%d").to_string()
    };
    match fault {
        CertificateError::ExpiredContext { not_after, .. } => {
            format!("it expired on {}, or this computer's clock is wrong", day(not_after))
        }
        CertificateError::Expired => "it has expired, or this computer's clock is wrong".to_owned(),
        CertificateError::NotValidYetContext { not_before, .. } => {
            format!(
                "it is valid from {}, or this computer's clock is wrong",
                day(not_before)
            )
        }
        CertificateError::NotValidYet => "it is not valid yet, or this computer's clock is wrong".to_owned(),
        CertificateError::NotValidForNameContext { presented, .. } if !presented.is_empty() => {
            let names: Vec<String> = presented.iter().take(4).map(|name| of_name(name)).collect();
            format!("it is for another host: {}", names.join(", "))
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it is for another host".to_owned()
        }
        CertificateError::UnknownIssuer => {
            "its issuer is not trusted here: it is self-signed, or comes from a proxy that inspects TLS".to_owned()
        }
        CertificateError::Revoked => "it was revoked".to_owned(),
        CertificateError::BadSignature => "its signature is not its issuer's".to_owned(),
        // An authority's certificate in the place of a server's: it signed itself.
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            "it is self-signed, and not trusted here".to_owned()
        }
        other => mask::printable(&other.to_string()).into_owned(),
    }
}

/// `DnsName("a.example")` as `a.example`.
fn of_name(presented: &str) -> String {
    let inner = presented.split('"').nth(1).unwrap_or(presented);
    mask::printable(inner).into_owned()
}

impl ServerCertVerifier for LazyVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verifier = self
            .verifier
            .get_or_init(|| self.build())
            .as_ref()
            .map_err(Clone::clone)?;
        verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(
            message,
            certificate,
            signed,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(
            message,
            certificate,
            signed,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn making_a_configuration_reads_no_roots() {
        let start = std::time::Instant::now();
        let config = client_config(Extra::default(), &[b"h2", b"http/1.1"]).unwrap();
        assert!(
            start.elapsed() < std::time::Duration::from_millis(20),
            "{:?}",
            start.elapsed()
        );
        assert_eq!(config.alpn_protocols.len(), 2);
    }

    #[test]
    #[cfg(feature = "native-roots")]
    fn a_variable_that_leads_nowhere_is_named() {
        for (path, words) in [
            (
                "/dev/null",
                "REQUESTS_CA_BUNDLE names /dev/null, which holds no certificate",
            ),
            ("/nowhere/ca.pem", "REQUESTS_CA_BUNDLE names /nowhere/ca.pem"),
        ] {
            let error = of_variable("REQUESTS_CA_BUNDLE", Path::new(path)).unwrap_err();
            let rustls::Error::General(text) = &error else {
                panic!("{error}")
            };
            assert!(text.contains(words) && is_of_authorities(text), "{text}");
        }
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/runtime/certificates");
        let file = folder.join("authority.pem");
        assert_eq!(of_variable("X", &file).unwrap().len(), 1);
    }

    #[test]
    fn text_without_certificates_is_refused() {
        for pem in [
            "",
            "hello",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ] {
            assert_eq!(
                read_pem(pem.as_bytes()).unwrap_err().kind(),
                ErrorKind::InvalidInput,
                "{pem}"
            );
        }
    }
}
