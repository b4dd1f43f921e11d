//! The certificate authorities to trust: the system's or Mozilla's, as the features say, read before the first certificate is verified.
//! And the certificate that the client shows.
//!
//! Reading the system's takes tens of milliseconds. A client that talks to an emulator over plain HTTP never needs them.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, InconsistentKeys, RootCertStore, SignatureScheme};

use crate::clock::Timestamp;
use crate::error::{Error, ErrorKind, Result};
use crate::mask;
use crate::sending::pem::Pem;

/// The certificate authorities of `certificate_authorities`.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`](crate::error::ErrorKind::InvalidInput) when there is none, or one that cannot be used.
pub(crate) fn authorities(pem: &Pem) -> Result<Vec<CertificateDer<'static>>> {
    const NEXT_STEP: &str = "Give the certificates of the authorities as PEM";
    let text = pem.read("certificate_authorities")?;
    text.check()?;
    let certificates = CertificateDer::pem_slice_iter(text.bytes())
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| {
            text.error("holds a certificate that cannot be read", NEXT_STEP)
                .with_source(error)
        })?;
    let mut store = RootCertStore::empty();
    for certificate in &certificates {
        store.add(certificate.clone()).map_err(|error| {
            text.error("holds a certificate that is not that of an authority", NEXT_STEP)
                .with_source(error)
        })?;
    }
    if certificates.is_empty() {
        return Err(text.error("holds no certificate", NEXT_STEP));
    }
    Ok(certificates)
}

/// A certificate that the client shows to servers that ask for one, with its key.
pub(crate) type Identity = Arc<CertifiedKey>;

/// The certificate and key of `client_certificate`.
///
/// # Errors
///
/// [`ErrorKind::InvalidInput`](crate::error::ErrorKind::InvalidInput) when one of them is missing or cannot be used. Nothing of the
/// key is in it.
pub(crate) fn identity(pem: &Pem) -> Result<Identity> {
    const NEXT_STEP: &str = "Give PEM with the certificate, the certificates of its issuers if there are any, and its key without a password";
    let text = pem.read("client_certificate")?;
    text.check()?;
    let fault = |what| text.error(what, NEXT_STEP);
    if text.contains("-----BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED") {
        let next_step = "Take the password off: `openssl pkey -in FILE.pem -out PLAIN.pem`, and append the certificate";
        return Err(text.error("holds a key with a password", next_step));
    }
    let chain = CertificateDer::pem_slice_iter(text.bytes())
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| fault("holds a certificate that cannot be read"))?;
    if chain.is_empty() {
        return Err(fault("holds no certificate"));
    }
    let key = PrivateKeyDer::from_pem_slice(text.bytes()).map_err(|error| match error {
        pem::Error::NoItemsFound => fault("holds no key"),
        _ => fault("holds a key that cannot be read"),
    })?;
    match CertifiedKey::from_der(chain, key, &provider()) {
        Ok(identity) => Ok(Arc::new(identity)),
        Err(rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => {
            Err(fault("holds a key that does not belong to its first certificate"))
        }
        Err(rustls::Error::InvalidCertificate(_)) => Err(fault("holds a certificate that cannot be read")),
        Err(_) => Err(fault(
            "holds a key of an unsupported kind: RSA of 2048 bits or more, ECDSA on P-256 or P-384, and Ed25519 are supported",
        )),
    }
}

fn provider() -> Arc<CryptoProvider> {
    static PROVIDER: OnceLock<Arc<CryptoProvider>> = OnceLock::new();
    PROVIDER
        .get_or_init(|| Arc::new(rustls::crypto::ring::default_provider()))
        .clone()
}

/// How connections are secured: TLS 1.2 or newer, always verified.
pub(crate) fn client_config(extra: Extra, identity: Option<Identity>, protocols: &[&[u8]]) -> Result<ClientConfig> {
    let provider = provider();
    let verifier = LazyVerifier {
        provider: provider.clone(),
        extra,
        verifier: OnceLock::new(),
    };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::new(ErrorKind::InvalidInput, format!("TLS is not available: {error}")))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match identity {
        Some(identity) => builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(identity))),
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    Ok(config)
}

/// Authorities that are trusted besides the system's.
#[derive(Debug, Clone, Default)]
pub(crate) struct Extra {
    pub(crate) certificates: Vec<CertificateDer<'static>>,
    /// Variables of which the first that is set names a PEM file, or a folder of them. One that is empty counts as not set.
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
        let value_of = |name: &&'static str| Some((*name, std::env::var_os(name).filter(|value| !value.is_empty())?));
        if let Some((name, value)) = self.extra.variables.iter().find_map(value_of) {
            roots.add_parsable_certificates(of_variable(name, Path::new(&value))?);
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
        let config = client_config(Extra::default(), None, &[b"h2", b"http/1.1"]).unwrap();
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
    fn what_is_no_authority_is_refused() {
        for (pem, words) in [
            ("", "certificate_authorities is not PEM"),
            ("hello", "certificate_authorities is not PEM"),
            (
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                "certificate_authorities holds a certificate that is not that of an authority",
            ),
            (
                "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
                "certificate_authorities holds no certificate",
            ),
        ] {
            let error = authorities(&Pem::from(pem)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{pem}");
            assert!(error.message().starts_with(words), "{error}");
        }
    }
}
