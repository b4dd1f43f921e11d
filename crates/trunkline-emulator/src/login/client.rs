//! How an application proves who it is: a secret, a token signed with its certificate, or a token of another authority.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use rustls::pki_types::{CertificateDer, SignatureVerificationAlgorithm};
use serde_json::Value;
use webpki::EndEntityCert;
use webpki::ring::{RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256_LEGACY_KEY};

use super::desk::{Desk, Form};
use super::refusal::{Refusal, refuse};
use crate::token;

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The application that a request names.
pub(super) fn client_id(form: &Form) -> Result<&str, Refusal> {
    form.get("client_id")
        .ok_or_else(|| refuse("invalid_request", 900_144, "The request must contain 'client_id'."))
}

/// The application as the seed describes it.
fn known<'w>(desk: &Desk<'w>, id: &str) -> Option<&'w Value> {
    desk.world.clients.iter().find(|client| {
        client["appId"]
            .as_str()
            .is_some_and(|known| known.eq_ignore_ascii_case(id))
    })
}

/// Examines the secret or the assertion of an application, and gives the permissions that it holds. Applications that the
/// seed does not name are let in with every permission, so that a test can bring its own id.
pub(super) fn permissions(desk: &Desk<'_>, form: &Form) -> Result<Option<Vec<String>>, Refusal> {
    let id = client_id(form)?;
    if form.get("client_secret").or(form.get("client_assertion")).is_none() {
        return Err(refuse(
            "invalid_client",
            7_000_216,
            "The request must contain 'client_secret' or 'client_assertion'.",
        ));
    }
    check(desk, form)?;
    let granted = known(desk, id).and_then(|client| client["permissions"].as_array());
    Ok(granted.map(|list| list.iter().filter_map(Value::as_str).map(str::to_owned).collect()))
}

/// Examines the secret or the assertion, if the request has one: an application that a person holds in the hand has none.
pub(super) fn check(desk: &Desk<'_>, form: &Form) -> Result<(), Refusal> {
    let id = client_id(form)?;
    let known = known(desk, id);
    if let Some(secret) = form.get("client_secret") {
        let right = known.and_then(|client| client["secret"].as_str());
        return if right.is_some_and(|right| right != secret) {
            Err(refuse(
                "invalid_client",
                7_000_215,
                "The client secret is not the right one.",
            ))
        } else {
            Ok(())
        };
    }
    match form.get("client_assertion") {
        Some(assertion) if form.get("client_assertion_type") == Some(ASSERTION) => {
            check_assertion(desk, id, known, assertion)
        }
        Some(_) => Err(refuse(
            "invalid_request",
            900_144,
            "A request with 'client_assertion' must contain its 'client_assertion_type'.",
        )),
        None => Ok(()),
    }
}

/// A token by which an application proves who it is.
struct Assertion<'a> {
    text: &'a str,
    header: Value,
    claims: Value,
}

impl Assertion<'_> {
    /// Whether a claim is the id of the application.
    fn names(&self, claim: &str, application: &str) -> bool {
        let named = self.claims[claim].as_str();
        named.is_some_and(|named| named.eq_ignore_ascii_case(application))
    }
}

fn check_assertion(desk: &Desk<'_>, id: &str, known: Option<&Value>, text: &str) -> Result<(), Refusal> {
    let malformed = || refuse("invalid_client", 50_027, "The client assertion is not a valid token.");
    let parts = token::header_of(text).zip(token::claims_of(text));
    let (header, claims) = parts.ok_or_else(malformed)?;
    // A date of a token may have a fraction: msal for Python writes one.
    let now = desk.now.as_duration().as_secs_f64();
    let is_over = claims["exp"].as_f64().is_none_or(|end| end <= now);
    let is_early = claims["nbf"]
        .as_f64()
        .is_some_and(|start| start > now + CLOCK_SKEW_SECONDS);
    if is_over || is_early {
        return Err(refuse(
            "invalid_client",
            700_024,
            "The client assertion is not within its time of validity.",
        ));
    }
    let assertion = Assertion { text, header, claims };
    if assertion.names("iss", id) {
        check_own_assertion(desk, id, known, &assertion)
    } else {
        check_federated_assertion(desk, known, &assertion)
    }
}

/// Time by which the clock of a client may be ahead.
const CLOCK_SKEW_SECONDS: f64 = 300.0;

/// A token that the application signed itself, with the key of a certificate.
fn check_own_assertion(
    desk: &Desk<'_>,
    id: &str,
    known: Option<&Value>,
    assertion: &Assertion<'_>,
) -> Result<(), Refusal> {
    if !assertion.names("sub", id) {
        return Err(refuse(
            "invalid_client",
            700_021,
            "The subject of the client assertion is not the application that 'client_id' names.",
        ));
    }
    if !is_audience(desk, &assertion.claims["aud"]) {
        return Err(refuse(
            "invalid_client",
            700_023,
            "The audience of the client assertion is not the token endpoint of this tenant.",
        ));
    }
    let header = &assertion.header;
    let certificate = match known.and_then(|client| client["keyCredentials"].as_array()) {
        Some(registered) => {
            let mut certificates = registered.iter().filter_map(|entry| certificate_of(&entry["key"]));
            let named = certificates.find(|certificate| is_named(certificate, header));
            named.ok_or_else(|| wrong_signature("the certificate that it names is not registered"))?
        }
        // Without a list, any certificate will do: it is examined if it is part of the token.
        None => match certificate_of(&header["x5c"][0]) {
            Some(certificate) => certificate,
            None => return Ok(()),
        },
    };
    check_signature(&CertificateDer::from(certificate), assertion)
}

fn check_signature(certificate: &CertificateDer<'_>, assertion: &Assertion<'_>) -> Result<(), Refusal> {
    let algorithm: &dyn SignatureVerificationAlgorithm = match assertion.header["alg"].as_str() {
        Some("RS256") => RSA_PKCS1_2048_8192_SHA256,
        Some("PS256") => RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
        _ => return Err(wrong_signature("its algorithm is neither RS256 nor PS256")),
    };
    let (signed, signature) = assertion.text.rsplit_once('.').unwrap_or_default();
    let signature = URL_SAFE_NO_PAD.decode(signature.trim_end_matches('='));
    EndEntityCert::try_from(certificate)
        .and_then(|certificate| {
            certificate.verify_signature(algorithm, signed.as_bytes(), &signature.unwrap_or_default())
        })
        .map_err(|_| wrong_signature("it was not made with the key of the certificate that it names"))
}

fn wrong_signature(reason: &str) -> Refusal {
    let text = format!("The client assertion's signature is not one of the application's: {reason}.");
    refuse("invalid_client", 700_027, text)
}

/// Whether an audience is this authority: its token endpoint or its issuer, under any of its names.
fn is_audience(desk: &Desk<'_>, audience: &Value) -> bool {
    audience.as_str().is_some_and(|audience| {
        let path = audience.splitn(4, '/').nth(3).unwrap_or_default();
        let root = audience.strip_suffix(path).unwrap_or_default().trim_end_matches('/');
        desk.settings.hosts.is_root(root)
            && (path.ends_with("/oauth2/v2.0/token") || path.ends_with("/oauth2/token") || path.ends_with("/v2.0"))
    })
}

/// A certificate as bytes: base64, with or without the lines of a PEM file around it.
fn certificate_of(text: &Value) -> Option<Vec<u8>> {
    let lines = text.as_str()?.lines().filter(|line| !line.starts_with("-----"));
    STANDARD.decode(lines.map(str::trim).collect::<String>()).ok()
}

/// Whether the header of a token names the certificate by one of its thumbprints.
fn is_named(certificate: &[u8], header: &Value) -> bool {
    let thumbprint = |algorithm| URL_SAFE_NO_PAD.encode(digest(algorithm, certificate));
    let names = |member: &str, expected: &str| {
        header[member]
            .as_str()
            .is_some_and(|text| text.trim_end_matches('=') == expected)
    };
    names("x5t#S256", &thumbprint(&SHA256)) || names("x5t", &thumbprint(&SHA1_FOR_LEGACY_USE_ONLY))
}

/// A token of another authority that the application trusts. Its signature is examined only if this authority made it: the keys of
/// others are not here.
fn check_federated_assertion(desk: &Desk<'_>, known: Option<&Value>, assertion: &Assertion<'_>) -> Result<(), Refusal> {
    let claims = &assertion.claims;
    let is_ours = claims["iss"].as_str().is_some_and(|issuer| {
        let root = issuer.split('/').take(3).collect::<Vec<_>>().join("/");
        desk.settings.hosts.is_root(&root)
    });
    if is_ours && !token::is_signed(assertion.text) {
        return Err(refuse(
            "invalid_client",
            50_027,
            "The client assertion says that it was issued here, and is not signed with the key of this authority.",
        ));
    }
    let Some(trusted) = known.and_then(|client| client["federatedIdentityCredentials"].as_array()) else {
        return Ok(());
    };
    let no_match = |code, subject: &str| {
        let text = format!("No federated identity credential of the application has the {subject} of the assertion.");
        Err(refuse("invalid_client", code, text))
    };
    let mut left: Vec<&Value> = trusted.iter().collect();
    left.retain(|entry| entry["issuer"] == claims["iss"]);
    if left.is_empty() {
        return no_match(700_211, "issuer");
    }
    left.retain(|entry| entry["subject"] == claims["sub"]);
    if left.is_empty() {
        return no_match(700_213, "subject");
    }
    left.retain(|entry| {
        let audiences = entry["audiences"].as_array();
        audiences.is_some_and(|audiences| audiences.contains(&claims["aud"]))
    });
    if left.is_empty() {
        return no_match(700_212, "audience");
    }
    Ok(())
}
