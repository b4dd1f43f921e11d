//! The meaning of an authority's refusal, and the next step.

use serde_json::Value;
use trunkline_core::error::{Error, ErrorKind, RetryAdvice};

/// The next step for an error number of Entra.
const STEPS: [(u32, &str); 29] = [
    (
        7_000_215,
        "Use the value of the client secret, not its id; create a new one if it is lost",
    ),
    (7_000_222, "The client secret has expired: create a new one"),
    (7_000_216, "Add a client secret or a certificate to the application"),
    (
        7_000_218,
        "The application is not allowed to sign in without a secret: allow public client flows in its registration",
    ),
    (7_000_112, "The application is disabled in this tenant: enable it"),
    (
        700_016,
        "Check client id and tenant: the tenant does not know this application",
    ),
    (
        700_027,
        "Check that this certificate is registered with the application, and this computer's clock",
    ),
    (700_024, "Check this computer's clock: the assertion is not valid now"),
    (
        700_030,
        "Check that this certificate is registered with the application",
    ),
    (
        700_213,
        "Check subject and issuer of the application's federated credential",
    ),
    (
        70_021,
        "Check subject and issuer of the application's federated credential",
    ),
    (90_002, "Check the tenant: there is none of that name in this cloud"),
    (900_023, "Check the tenant: it is neither an id nor a domain"),
    (900_382, "Use the cloud that the tenant is in"),
    (65_001, "Have an administrator consent to the application's permissions"),
    (500_011, "Check the cloud: the tenant does not know this service"),
    (50_034, "Check the tenant: the user is not in it"),
    (50_053, "The account is locked: try later, or have it unlocked"),
    (50_057, "The account is disabled: have it enabled"),
    (50_076, "Sign in again: the authority asks for a second factor"),
    (
        50_078,
        "Sign in again: the sign-in with a second factor is too long ago",
    ),
    (50_079, "Sign in again: the user must register a second factor"),
    (50_158, "Sign in again: a policy asks for more"),
    (53_003, "A conditional access policy does not allow this sign-in"),
    (53_000, "A conditional access policy asks for a managed device"),
    (
        50_173,
        "Sign in again: the session was revoked, for instance by a new password",
    ),
    (
        50_105,
        "Assign the user to the application, which takes assigned users only",
    ),
    (70_043, "Sign in again: a policy has ended the session"),
    (700_082, "Sign in again: the session expired because it was not used"),
];

/// The next step for an error code of OAuth.
const CODES: [(&str, &str); 8] = [
    ("invalid_client", "Check the client id and its secret or certificate"),
    (
        "unauthorized_client",
        "Check the client id, and that the application is allowed to sign in this way",
    ),
    ("invalid_grant", "Sign in again"),
    ("interaction_required", "Sign in again"),
    ("expired_token", "Sign in again, and enter the code in time"),
    ("authorization_declined", "Sign in again, and confirm it"),
    ("access_denied", "Sign in again, and confirm it"),
    ("invalid_scope", "Check the scopes, and the cloud"),
];

/// Adds the next step to an authority's refusal. Failures of the connection keep their kind.
pub(super) fn explain(error: Error) -> Error {
    let Some(status) = error.status() else { return error };
    if status.is_server_error() || status.as_u16() == 429 || status.is_redirection() || error.is_foreign_answer() {
        return error;
    }
    let numbers = numbers(error.body().unwrap_or_default());
    let known = numbers.iter().find_map(|number| {
        let (_, step) = STEPS.iter().find(|(known, _)| known == number)?;
        Some(format!("{step} (AADSTS{number})"))
    });
    let step = known.or_else(|| {
        let step = CODES
            .iter()
            .find(|(code, _)| error.has_code(code))
            .map(|(_, step)| *step);
        match (step, numbers.first()) {
            (step, Some(number)) => {
                let step = step.unwrap_or("Follow the message of the authority");
                Some(format!(
                    "{step}; see https://login.microsoftonline.com/error?code={number}"
                ))
            }
            (Some(step), None) => Some(step.to_owned()),
            (None, None) => None,
        }
    });
    let error = error
        .with_kind(ErrorKind::Authentication)
        .with_retry_advice(RetryAdvice::Never);
    match step {
        Some(step) => error.with_next_step(step),
        None => error.with_next_step("Check the credential: tenant, client id, secret or certificate"),
    }
}

/// Entra's error numbers: `error_codes`, or as the description begins.
fn numbers(body: &str) -> Vec<u32> {
    let Ok(body) = serde_json::from_str::<Value>(body) else {
        return Vec::new();
    };
    let listed = body["error_codes"].as_array().into_iter().flatten();
    let mut numbers: Vec<u32> = listed
        .filter_map(|number| u32::try_from(number.as_u64()?).ok())
        .collect();
    let description = body["error_description"].as_str().unwrap_or_default();
    if let Some(rest) = description.strip_prefix("AADSTS") {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        numbers.extend(digits.parse::<u32>());
    }
    numbers
}

/// The claims that a refusal asks for.
pub(super) fn claims(error: &Error) -> Option<String> {
    let body: Value = serde_json::from_str(error.body()?).ok()?;
    let claims = body["claims"].as_str().filter(|claims| !claims.is_empty())?;
    Some(claims.to_owned())
}

/// The claims to ask for a token with: what the service asked for, and that this client understands such requests.
///
/// # Errors
///
/// [`ErrorKind::Authentication`] when what the service asked for is not an object.
pub(super) fn request_claims(asked: Option<&str>) -> trunkline_core::error::Result<String> {
    let mut claims: Value = match asked {
        Some(text) => serde_json::from_str(text)
            .ok()
            .filter(Value::is_object)
            .ok_or_else(|| {
                Error::new(
                    ErrorKind::Authentication,
                    "the service asks for claims that cannot be read",
                )
            })?,
        None => Value::Object(serde_json::Map::new()),
    };
    if !claims["access_token"].is_object() {
        claims["access_token"] = Value::Object(serde_json::Map::new());
    }
    claims["access_token"]["xms_cc"] = serde_json::json!({"values": ["cp1"]});
    Ok(claims.to_string())
}

/// The error of a credential that cannot ask for claims.
pub(super) fn claims_unsupported(credential: &str, step: &'static str) -> Error {
    let message = format!("claims unsupported: the service asks for claims, which {credential} cannot ask for");
    Error::new(ErrorKind::Authentication, message).with_next_step(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guide_has_every_number_with_its_step() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/sign-in.md");
        let guide = std::fs::read_to_string(path).unwrap();
        for (number, step) in STEPS {
            assert!(
                guide.contains(&format!("| AADSTS{number} | {step} |")),
                "{number}: {step}"
            );
        }
        assert_eq!(guide.matches("| AADSTS").count(), STEPS.len());
    }

    #[test]
    fn numbers_are_read_from_either_place() {
        assert_eq!(numbers(r#"{"error_codes":[7000215]}"#), [7_000_215]);
        assert_eq!(
            numbers(r#"{"error_description":"AADSTS90002: Tenant 'x' not found."}"#),
            [90_002]
        );
        assert_eq!(
            numbers(r#"{"error_codes":["x",-1],"error_description":"AADSTS"}"#),
            [0_u32; 0]
        );
        assert_eq!(numbers("<html>"), [0_u32; 0]);
    }

    #[test]
    fn claims_keep_what_was_asked_and_add_the_capability() {
        let claims = request_claims(Some(r#"{"access_token":{"nbf":{"essential":true,"value":"1"}}}"#)).unwrap();
        let claims: Value = serde_json::from_str(&claims).unwrap();
        assert_eq!(claims["access_token"]["nbf"]["value"], "1");
        assert_eq!(claims["access_token"]["xms_cc"]["values"][0], "cp1");
        assert_eq!(
            request_claims(None).unwrap(),
            r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#
        );
        assert!(request_claims(Some("[]")).is_err());
    }
}
