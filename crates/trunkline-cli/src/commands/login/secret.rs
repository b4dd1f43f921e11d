//! The secret of an application, from the environment or standard input.

use std::io::{IsTerminal, Read};

use trunkline::ErrorKind;

use crate::environment;
use crate::failure::Failure;

/// Longer than any secret.
const MAXIMUM: u64 = 4096;

/// Reads it. It is never an option: others on the computer can read the options of a process.
pub(super) fn read() -> Result<String, Failure> {
    if let Some(secret) = environment::AZURE_SECRET.value()? {
        return Ok(secret.trim().to_owned());
    }
    let refused = |message: &str| {
        Failure::refused(
            ErrorKind::InvalidInput,
            message,
            format!(
                "Write the secret's value to standard input (`trunkline login --credential client-secret < FILE`), or set {}",
                environment::AZURE_SECRET.name
            ),
        )
    };
    let input = std::io::stdin();
    if input.is_terminal() {
        // A terminal would show it.
        return Err(refused("the client secret is not read from a terminal"));
    }
    let mut text = String::new();
    if input.lock().take(MAXIMUM).read_to_string(&mut text).is_err() {
        return Err(refused("standard input holds no text"));
    }
    let secret = text.trim_start_matches('\u{feff}').trim();
    if secret.is_empty() {
        return Err(refused("standard input holds no client secret"));
    }
    if secret.lines().count() > 1 {
        return Err(refused("standard input holds more than one line"));
    }
    Ok(secret.to_owned())
}
