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

fn check_assertion(desk: &Desk<'_>, id: &str, known: Option<&Value>, assertion: &str) -> Result<(), Refusal> {
    let malformed = || refuse("invalid_client", 50_027, "The client assertion is not a valid token.");
    let (header, claims) = token::header_of(assertion)
        .zip(token::claims_of(assertion))
        .ok_or_else(malformed)?;
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
    if claims["iss"]
        .as_str()
        .is_some_and(|issuer| issuer.eq_ignore_ascii_case(id))
    {
        check_certificate(desk, id, known, assertion, &header, &claims)
    } else {
        check_federated(known, assertion, desk, &claims)
    }
}

/// Time by which the clock of a client may be ahead.
const CLOCK_SKEW_SECONDS: f64 = 300.0;

/// A token that the application signed itself, with the key of a certificate.
fn check_certificate(
    desk: &Desk<'_>,
    id: &str,
    known: Option<&Value>,
    assertion: &str,
    header: &Value,
    claims: &Value,
) -> Result<(), Refusal> {
    if claims["sub"]
        .as_str()
        .is_none_or(|subject| !subject.eq_ignore_ascii_case(id))
    {
        return Err(refuse(
            "invalid_client",
            700_021,
            "The subject of the client assertion is not the application that 'client_id' names.",
        ));
    }
    if !is_audience(desk, &claims["aud"]) {
        return Err(refuse(
            "invalid_client",
            700_023,
            "The audience of the client assertion is not the token endpoint of this tenant.",
        ));
    }
    let unknown = |reason: &str| {
        let text = format!("The client assertion's signature is not one of the application's: {reason}.");
        refuse("invalid_client", 700_027, text)
    };
    let registered = known.and_then(|client| client["keyCredentials"].as_array());
    let certificate = match registered {
        Some(list) => list
            .iter()
            .filter_map(|entry| certificate_of(&entry["key"]))
            .find(|certificate| is_named(certificate, header))
            .ok_or_else(|| unknown("the certificate that it names is not registered"))?,
        // An application without a list of certificates may use any: the one that came along is what can be examined.
        None => match certificate_of(&header["x5c"][0]) {
            Some(certificate) => certificate,
            None => return Ok(()),
        },
    };
    let algorithm: &dyn SignatureVerificationAlgorithm = match header["alg"].as_str() {
        Some("RS256") => RSA_PKCS1_2048_8192_SHA256,
        Some("PS256") => RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
        _ => return Err(unknown("its algorithm is neither RS256 nor PS256")),
    };
    let (signed, signature) = assertion.rsplit_once('.').unwrap_or_default();
    let signature = URL_SAFE_NO_PAD
        .decode(signature.trim_end_matches('='))
        .unwrap_or_default();
    let certificate = CertificateDer::from(certificate);
    EndEntityCert::try_from(&certificate)
        .and_then(|certificate| certificate.verify_signature(algorithm, signed.as_bytes(), &signature))
        .map_err(|_| unknown("it was not made with the key of the certificate that it names"))
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

/// A token of another authority that the application trusts. The signature of a foreign one cannot be examined here.
fn check_federated(known: Option<&Value>, assertion: &str, desk: &Desk<'_>, claims: &Value) -> Result<(), Refusal> {
    let is_ours = claims["iss"].as_str().is_some_and(|issuer| {
        let root = issuer.split('/').take(3).collect::<Vec<_>>().join("/");
        desk.settings.hosts.is_root(&root)
    });
    if is_ours && !token::is_signed(assertion) {
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
        refuse("invalid_client", code, text)
    };
    let by_issuer: Vec<&Value> = trusted
        .iter()
        .filter(|entry| entry["issuer"] == claims["iss"])
        .collect();
    if by_issuer.is_empty() {
        return Err(no_match(700_211, "issuer"));
    }
    let by_subject: Vec<&Value> = by_issuer
        .into_iter()
        .filter(|entry| entry["subject"] == claims["sub"])
        .collect();
    if by_subject.is_empty() {
        return Err(no_match(700_213, "subject"));
    }
    let has_audience = |entry: &&Value| {
        entry["audiences"]
            .as_array()
            .is_some_and(|audiences| audiences.contains(&claims["aud"]))
    };
    if by_subject.iter().any(has_audience) {
        Ok(())
    } else {
        Err(no_match(700_212, "audience"))
    }
}
