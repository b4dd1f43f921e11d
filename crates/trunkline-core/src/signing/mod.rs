//! Tokens: where they come from, what they permit, and the one place that attaches one to a request
//! ([`authorization`]). Knows no operation's answer and sends nothing itself.

pub(crate) mod authorization;
pub(crate) mod challenge;
pub(crate) mod recent_sign_in;
pub mod secret;
pub mod tenant;
pub mod token;
pub mod token_view;
