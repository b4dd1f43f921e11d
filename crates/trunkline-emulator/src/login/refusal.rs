//! Errors of the authority, in its own shape.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::Identity;
use crate::message::Reply;

/// An error of the authority.
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) error: &'static str,
    /// The number behind `AADSTS`.
    pub(crate) code: u32,
    pub(crate) text: String,
    /// A finer kind of the same error, which some of them have.
    pub(crate) suberror: Option<&'static str>,
    /// The claims that the next request has to ask for.
    pub(crate) claims: Option<Value>,
}

/// An error with the status that belongs to its kind.
pub(crate) fn refuse(error: &'static str, code: u32, text: impl Into<String>) -> Refusal {
    let status = match error {
        "invalid_client" => 401,
        "temporarily_unavailable" => 503,
        _ => 400,
    };
    Refusal {
        status,
        error,
        code,
        text: text.into(),
        suberror: None,
        claims: None,
    }
}

impl Refusal {
    /// The answer.
    pub(crate) fn into_reply(self, root: &str, ids: &Identity) -> Reply {
        let at = ids.at.strftime("%Y-%m-%d %H:%M:%SZ").to_string();
        let text = format!(
            "AADSTS{}: {} Trace ID: {} Correlation ID: {} Timestamp: {at}",
            self.code, self.text, ids.request_id, ids.client_request_id
        );
        let mut body = json!({
            "error": self.error,
            "error_description": text,
            "error_codes": [self.code],
            "timestamp": at,
            "trace_id": ids.request_id,
            "correlation_id": ids.client_request_id,
            "error_uri": format!("{root}/error?code={}", self.code),
        });
        if let Some(suberror) = self.suberror {
            body["suberror"] = json!(suberror);
        }
        if let Some(claims) = self.claims {
            body["claims"] = json!(claims.to_string());
        }
        Reply::json(self.status, body)
    }
}

/// An error of the login authority that a fault asks for: the kind `signInError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SignInError {
    /// `AADSTS7000215`: the secret is not the right one.
    WrongSecret,
    /// `AADSTS7000222`: the secrets of the application have expired.
    ExpiredSecret,
    /// `AADSTS700027`: the certificate is not one of the application's.
    UnknownCertificate,
    /// `AADSTS700016`: the tenant does not have the application.
    UnknownApplication,
    /// `AADSTS65001`: nobody consented to what the application asks for.
    ConsentMissing,
    /// `AADSTS53003`: a policy of conditional access does not let the sign-in through.
    ConditionalAccess,
    /// `AADSTS50076`: a second factor is needed; the answer says which claims to ask for.
    SecondFactorNeeded,
    /// `AADSTS50057`: the user's account is switched off.
    DisabledUser,
    /// `AADSTS700082`: the refresh token was not used for too long.
    ExpiredRefreshToken,
    /// `AADSTS50173`: the refresh token was revoked, for example by a new password.
    RevokedRefreshToken,
    /// `AADSTS70019`: the device code expired before anybody entered it.
    ExpiredCode,
    /// The user declined to sign in on the other device.
    Declined,
    /// `AADSTS90033`: the authority is not available for the moment.
    Unavailable,
}

impl SignInError {
    pub(crate) fn refusal(self) -> Refusal {
        match self {
            Self::WrongSecret => refuse("invalid_client", 7_000_215, "The client secret is not the right one."),
            Self::ExpiredSecret => refuse(
                "invalid_client",
                7_000_222,
                "The client secrets of the application have expired.",
            ),
            Self::UnknownCertificate => refuse(
                "invalid_client",
                700_027,
                "The certificate that signed the client assertion is not registered with the application.",
            ),
            Self::UnknownApplication => refuse(
                "unauthorized_client",
                700_016,
                "The application was not found in the tenant. Nobody there has installed it or consented to it.",
            ),
            Self::ConsentMissing => Refusal {
                suberror: Some("consent_required"),
                ..refuse(
                    "invalid_grant",
                    65_001,
                    "Neither the user nor an administrator has consented to the use of the application.",
                )
            },
            Self::ConditionalAccess => Refusal {
                suberror: Some("message_only"),
                ..refuse(
                    "invalid_grant",
                    53_003,
                    "Access was blocked by a policy of conditional access.",
                )
            },
            Self::SecondFactorNeeded => Refusal {
                suberror: Some("basic_action"),
                claims: Some(json!({ "access_token": { "capolids": { "essential": true, "values": [POLICY] } } })),
                ..refuse(
                    "interaction_required",
                    50_076,
                    "The user must use multi-factor authentication to get at the resource.",
                )
            },
            Self::DisabledUser => refuse("invalid_grant", 50_057, "The user account is disabled."),
            Self::ExpiredRefreshToken => Refusal {
                suberror: Some("bad_token"),
                ..refuse(
                    "invalid_grant",
                    700_082,
                    "The refresh token has expired, as it was not used for too long.",
                )
            },
            Self::RevokedRefreshToken => Refusal {
                suberror: Some("bad_token"),
                ..refuse(
                    "invalid_grant",
                    50_173,
                    "The refresh token was revoked; the user has to sign in again.",
                )
            },
            Self::ExpiredCode => refuse("expired_token", 70_019, "The device code has expired."),
            Self::Declined => refuse("authorization_declined", 70_000, "The user declined the sign-in."),
            Self::Unavailable => refuse(
                "temporarily_unavailable",
                90_033,
                "The service is not available for the moment. Try again later.",
            ),
        }
    }
}

/// The policy that a second factor is asked for by.
const POLICY: &str = "ca000000-0000-4000-8000-000000000001";
