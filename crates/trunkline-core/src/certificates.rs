//! Whom to trust: the system's certificate authorities, read when the first certificate is to be verified.
//!
//! Reading them takes tens of milliseconds. A client that talks to an emulator over plain HTTP never needs them.

use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use crate::error::{Error, ErrorKind, Result};

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
            .map_err(|error| invalid(format!("a certificate is not a certificate authority's: {error}")))?;
    }
    if certificates.is_empty() {
        return Err(invalid("there is no certificate in the given text".to_owned()));
    }
    Ok(certificates)
}

/// How connections are secured: TLS 1.2 or newer, always verified.
pub(crate) fn client_config(extra: Vec<CertificateDer<'static>>, protocols: &[&[u8]]) -> Result<ClientConfig> {
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

/// Verifies as rustls does, with roots that are read on first use.
#[derive(Debug)]
struct LazyVerifier {
    provider: Arc<CryptoProvider>,
    extra: Vec<CertificateDer<'static>>,
    verifier: OnceLock<Result<Arc<WebPkiServerVerifier>, rustls::Error>>,
}

impl LazyVerifier {
    fn build(&self) -> Result<Arc<WebPkiServerVerifier>, rustls::Error> {
        let mut roots = system_roots().clone();
        for certificate in &self.extra {
            roots.add(certificate.clone())?;
        }
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), self.provider.clone())
            .build()
            .map_err(|error| {
                rustls::Error::General(format!(
                    "no certificate authority can be used ({error}); is ca-certificates installed?"
                ))
            })
    }
}

/// The system's roots, read once for the whole process.
fn system_roots() -> &'static RootCertStore {
    static ROOTS: OnceLock<RootCertStore> = OnceLock::new();
    ROOTS.get_or_init(|| {
        let found = rustls_native_certs::load_native_certs();
        for error in &found.errors {
            tracing::warn!(%error, "some certificate authorities of this system cannot be read");
        }
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(found.certs);
        roots
    })
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
        let config = client_config(Vec::new(), &[b"h2", b"http/1.1"]).unwrap();
        assert!(
            start.elapsed() < std::time::Duration::from_millis(20),
            "{:?}",
            start.elapsed()
        );
        assert_eq!(config.alpn_protocols.len(), 2);
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
