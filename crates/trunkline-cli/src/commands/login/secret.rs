//! The secret of an application, from standard input or the environment.

use std::io::{IsTerminal, Read};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use trunkline::{ErrorKind, Secret};

use crate::environment;
use crate::failure::Failure;
use crate::printer::Printer;

/// Longer than any secret.
const MAXIMUM: u64 = 4096;

/// How long standard input may be silent where the variable has a secret. A pipeline or a remote shell can leave a pipe open
/// that nobody writes to, and a login that needs nothing of it must not wait forever.
const PATIENCE: Duration = Duration::from_secs(2);

/// Reads it, and notes where it is from. It is never an option: others on the computer can read the options of a process.
///
/// # Errors
///
/// When there is none, or when standard input and the variable have different ones: neither is ignored in silence.
pub(super) fn read(printer: Printer) -> Result<Secret, Failure> {
    let name = environment::AZURE_SECRET.name;
    let of_variable = environment::AZURE_SECRET
        .value()?
        .map(|secret| secret.trim().to_owned());
    let of_input = of_input(of_variable.is_some())?;
    match (of_input, of_variable) {
        (Some(input), Some(variable)) if input != variable => Err(Failure::refused(
            ErrorKind::InvalidInput,
            format!("standard input and {name} hold different client secrets"),
            "Unset the variable, or leave standard input empty (`< /dev/null`)",
        )),
        (Some(input), _) => {
            printer.note("The client secret of standard input is taken");
            Ok(Secret::new(input))
        }
        (None, Some(secret)) => {
            printer.note(&format!("The client secret of {name} is taken"));
            Ok(Secret::new(secret))
        }
        (None, None) => Err(refused("standard input holds no client secret")),
    }
}

/// The secret in standard input; `None` when there is nothing in it.
fn of_input(has_another: bool) -> Result<Option<String>, Failure> {
    if std::io::stdin().is_terminal() {
        // A terminal would show it.
        return match has_another {
            true => Ok(None),
            false => Err(refused("the client secret is not read from a terminal")),
        };
    }
    let (send, receive) = mpsc::channel();
    let reader = std::thread::Builder::new().name("standard input".to_owned());
    let started = reader.spawn(move || {
        let mut text = String::new();
        let read = std::io::stdin().lock().take(MAXIMUM).read_to_string(&mut text);
        // Nobody waits for it any longer when it took too long.
        let _ = send.send(read.map(|_| text));
    });
    started.map_err(|_| refused("standard input cannot be read"))?;
    let read = match has_another {
        true => receive.recv_timeout(PATIENCE),
        false => receive.recv().map_err(|_| RecvTimeoutError::Disconnected),
    };
    let text = match read {
        Ok(Ok(text)) => text,
        Err(RecvTimeoutError::Timeout) => return Ok(None),
        Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => return Err(refused("standard input holds no text")),
    };
    let secret = text.trim_start_matches('\u{feff}').trim();
    if secret.lines().count() > 1 {
        return Err(refused("standard input holds more than one line"));
    }
    Ok(Some(secret).filter(|secret| !secret.is_empty()).map(str::to_owned))
}

fn refused(message: &str) -> Failure {
    Failure::refused(
        ErrorKind::InvalidInput,
        message,
        format!(
            "Write the secret's value to standard input (`trunkline login --credential client-secret < FILE`), or set {}",
            environment::AZURE_SECRET.name
        ),
    )
}
