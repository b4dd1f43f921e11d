//! Certificates of applications, and the assertions they sign.

use std::fmt;
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PSS_SHA256, RsaKeyPair};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::json;
use trunkline_core::clock::Timestamp;
use trunkline_core::error::{Error, ErrorKind, Result};
use trunkline_core::secret::Secret;

use super::application::Application;

/// Lifetime of an assertion, in seconds. It is used at once.
const LIFETIME: i64 = 10 * 60;

/// A certificate of an application and its private key.
///
/// Both are PEM: one `CERTIFICATE` and one RSA `PRIVATE KEY` (PKCS #8) or `RSA PRIVATE KEY` (PKCS #1) of 2048 bits or
/// more, in any order. Of several certificates the first counts. Keys with a password and PKCS #12 files (`.pfx`,
/// `.p12`) are not read; `openssl pkcs12 -in file.pfx -out file.pem -nodes` makes a PEM file of one.
#[derive(Clone)]
pub struct ClientCertificate(Place);

#[derive(Clone)]
enum Place {
    Text(Secret),
    File(PathBuf),
}

impl ClientCertificate {
    /// A certificate and key that are at hand, as PEM text.
    pub fn from_pem(pem: impl Into<String>) -> Self {
        Self(Place::Text(Secret::new(pem)))
    }

    /// A certificate and key in one PEM file, read each time a token is needed: a renewed file is taken up by itself.
    pub fn from_file(path: impl Into<PathBuf>) -> Self {
        Self(Place::File(path.into()))
    }

    fn read(&self) -> Result<Secret> {
        match &self.0 {
            Place::Text(text) => Ok(text.clone()),
            Place::File(path) => {
                let text = std::fs::read_to_string(path).map_err(|error| {
                    let message = format!("the certificate file {} cannot be read", path.display());
                    Error::new(ErrorKind::Authentication, message)
                        .with_next_step("Name a PEM file that this process may read")
                        .with_source(error)
                })?;
                Ok(Secret::new(text))
            }
        }
    }
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Place::Text(_) => formatter.write_str("ClientCertificate(PEM)"),
            Place::File(path) => formatter.debug_tuple("ClientCertificate").field(path).finish(),
        }
    }
}

/// An assertion that `application` is who it says, for the authority at `audience`: a JWT signed with PS256 under the
/// SHA-256 thumbprint of the certificate, the form Microsoft recommends.
pub(super) fn assertion(
    certificate: &ClientCertificate,
    application: &Application,
    audience: &str,
    now: Timestamp,
) -> Result<Secret> {
    let pem = certificate.read()?;
    let pem = pem.expose().as_bytes();
    let leaf = CertificateDer::from_pem_slice(pem).map_err(|_| unusable("holds no certificate"))?;
    let key = PrivateKeyDer::from_pem_slice(pem).map_err(|_| unusable("holds no private key without a password"))?;
    let pair = match &key {
        PrivateKeyDer::Pkcs8(key) => RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()),
        PrivateKeyDer::Pkcs1(key) => RsaKeyPair::from_der(key.secret_pkcs1_der()),
        _ => return Err(unusable("holds a private key that is not RSA")),
    };
    // Why ring refuses a key is a word such as `TooSmall`; nothing of the key is in it.
    let pair = pair.map_err(|error| unusable(&format!("holds no RSA key of 2048 bits or more ({error})")))?;
    let thumbprint = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, leaf.as_ref()));
    let header = json!({"alg": "PS256", "typ": "JWT", "x5t#S256": thumbprint});
    let second = now.as_second();
    let claims = json!({
        "aud": audience,
        "exp": second.saturating_add(LIFETIME),
        "iss": application.client,
        "jti": uuid::Uuid::new_v4().to_string(),
        "nbf": second,
        "sub": application.client,
    });
    let mut token = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(claims.to_string())
    );
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(&RSA_PSS_SHA256, &SystemRandom::new(), token.as_bytes(), &mut signature)
        .map_err(|_| unusable("cannot sign"))?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(Secret::new(token))
}

fn unusable(why: &str) -> Error {
    Error::new(ErrorKind::Authentication, format!("the client certificate {why}"))
        .with_next_step("Use a certificate and its unencrypted RSA key as PEM text")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::signature::{RSA_PSS_2048_8192_SHA256, UnparsedPublicKey};

    const PEM: &str = include_str!("testdata/certificate.pem");

    #[test]
    fn assertions_are_signed_with_the_key_of_the_certificate() {
        let application = Application::new("contoso.example", "app");
        let now = Timestamp::constant(1_767_225_600, 0);
        let certificate = ClientCertificate::from_pem(PEM);
        let token = assertion(
            &certificate,
            &application,
            "https://login.example/t/oauth2/v2.0/token",
            now,
        )
        .unwrap();
        let (signed, signature) = token.expose().rsplit_once('.').unwrap();
        let (header, claims) = signed.split_once('.').unwrap();
        let json = |part: &str| -> serde_json::Value {
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
        };
        let header = json(header);
        assert_eq!(
            (header["alg"].as_str(), header["typ"].as_str()),
            (Some("PS256"), Some("JWT"))
        );
        // `openssl x509 -in certificate.pem -outform DER | sha256sum`
        let expected = include_str!("testdata/certificate.sha256").trim();
        let thumbprint = URL_SAFE_NO_PAD.decode(header["x5t#S256"].as_str().unwrap()).unwrap();
        let shown: String = thumbprint.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(shown, expected);
        let claims = json(claims);
        assert_eq!(claims["aud"], "https://login.example/t/oauth2/v2.0/token");
        assert_eq!(
            (claims["iss"].as_str(), claims["sub"].as_str()),
            (Some("app"), Some("app"))
        );
        assert_eq!(
            claims["exp"].as_i64().unwrap() - claims["nbf"].as_i64().unwrap(),
            LIFETIME
        );
        let key = PrivateKeyDer::from_pem_slice(PEM.as_bytes()).unwrap();
        let pair = RsaKeyPair::from_pkcs8(key.secret_der()).unwrap();
        let public = UnparsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, pair.public().as_ref());
        public
            .verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap())
            .unwrap();
    }

    #[test]
    fn what_cannot_sign_is_refused_without_showing_it() {
        let application = Application::new("contoso.example", "app");
        let key_only = &PEM[PEM.find("-----BEGIN PRIVATE KEY").unwrap()..];
        let key_only = &key_only[..key_only.find("-----END PRIVATE KEY-----").unwrap() + 25];
        for (pem, expected) in [
            ("", "no certificate"),
            ("canary", "no certificate"),
            (key_only, "no certificate"),
            (include_str!("testdata/encrypted.pem"), "without a password"),
            (include_str!("testdata/elliptic.pem"), "RSA"),
        ] {
            let error = assertion(
                &ClientCertificate::from_pem(pem),
                &application,
                "",
                Timestamp::UNIX_EPOCH,
            )
            .unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Authentication);
            let shown = format!("{error} {error:?} {:?}", ClientCertificate::from_pem(pem));
            assert!(shown.contains(expected), "{shown}");
            assert!(!shown.contains("canary") && !shown.contains("MII"), "{shown}");
        }
        let absent = ClientCertificate::from_file("/nonexistent/application.pem");
        let error = assertion(&absent, &application, "", Timestamp::UNIX_EPOCH).unwrap_err();
        assert!(error.message().contains("/nonexistent/application.pem"), "{error}");
    }
}
