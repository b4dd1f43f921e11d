//! Refusals that a recent multifactor sign-in resolves.
//!
//! Since January 2026 the service refuses users who manage credentials when the multifactor sign-in of their session is older
//! than ten minutes, and wants a token with [`RECENT_SIGN_IN`]. Some of these answers contain a claims challenge, others give no
//! reason.

use http::StatusCode;

use crate::clock::{Timestamp, later};
use crate::error::{Error, ErrorKind};
use crate::request::operation::Operation;
use crate::sending::failure::Failure;
use crate::signing::authorization::is_permitted;
use crate::signing::challenge::{self, Claims, METHOD, RECENT, RECENT_SIGN_IN, names_method};
use crate::signing::token_view::{TokenKind, TokenView};

/// The claims that a refusal asks for: stated in the answer, or likely by the operation and the token.
pub(crate) fn claims_of(failure: &Failure, operation: &Operation, view: Option<&TokenView>, now: Timestamp) -> Claims {
    let stated = challenge::claims(&failure.headers);
    let is_application = view.is_some_and(|view| view.kind() == TokenKind::Application);
    if stated != Claims::None || failure.foreign || failure.status != StatusCode::FORBIDDEN || is_application {
        return stated;
    }
    if names_method(&failure.body) {
        return Claims::Required(RECENT_SIGN_IN.to_owned());
    }
    let may_want_it = operation
        .descriptor()
        .is_some_and(|descriptor| descriptor.recent_sign_in);
    let explained = view.is_some_and(|view| !is_permitted(operation, view) || is_recent(view, now));
    if may_want_it && !explained {
        Claims::Likely
    } else {
        Claims::None
    }
}

/// Whether the token says that its user has just signed in with a second factor.
fn is_recent(view: &TokenView, now: Timestamp) -> bool {
    let has_method = view
        .authentication_methods
        .iter()
        .any(|method| method.eq_ignore_ascii_case(METHOD));
    has_method && view.issued_on().is_some_and(|issued| now < later(issued, RECENT))
}

/// Adds the claims of the token that the service wants to the error of a 401 or 403.
pub(crate) fn with_challenge(error: Error, claims: Claims) -> Error {
    match &claims {
        Claims::None => error,
        Claims::Malformed => error
            .with_kind(ErrorKind::Authentication)
            .with_next_step("Report the request id to Microsoft: the claims that the service asks for cannot be read"),
        Claims::Required(json) if names_method(json) => error
            .with_kind(ErrorKind::Authentication)
            .with_message("the service requires a multifactor sign-in within the last ten minutes")
            .with_next_step("Sign in again with the claims of this error, and repeat the request within ten minutes")
            .with_claims_of(claims),
        Claims::Required(_) => error
            .with_kind(ErrorKind::Authentication)
            .with_next_step("Sign in again with the claims that the service asks for")
            .with_claims_of(claims),
        Claims::Likely => {
            let step = format!(
                "{}. Or the multifactor sign-in is older than ten minutes: sign in again with the claims {RECENT_SIGN_IN}",
                error.next_step()
            );
            error.with_next_step(step).with_claims_of(claims)
        }
    }
}
