//! State that leaves the process as text and comes back, in this process or another, in any language.
//!
//! The text is opaque to everybody else, holds no secret, and is not trusted when it comes back: every address in it is
//! checked like one of the service's.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind, Result};

/// Writes `state` as text.
pub(crate) fn write<S: Serialize>(state: &S) -> String {
    // Plain structures of text and numbers always serialise.
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(state).unwrap_or_default())
}

/// Reads what [`write`] wrote. `what` names it in the error.
pub(crate) fn read<S: DeserializeOwned>(text: &str, what: &'static str) -> Result<S> {
    let invalid = || {
        Error::new(ErrorKind::InvalidInput, format!("the text is not {what}"))
            .with_next_step("Pass the text exactly as it was saved")
    };
    if text.len() > 64 * 1024 {
        return Err(invalid());
    }
    let bytes = URL_SAFE_NO_PAD.decode(text.trim()).map_err(|_| invalid())?;
    serde_json::from_slice(&bytes).map_err(|error| invalid().with_source(error))
}
