//! Shows a text that is longer than the screen through a pager, as git and gh do.

use std::io::Write;
use std::process::{Child, Command, Stdio};

use crate::environment;
use crate::failure::Failure;
use crate::signals::Signals;

/// The pager when none is named: it ends by itself when everything fits, shows colours and leaves the text on the screen.
const USUAL: [&str; 2] = ["less", "-FRX"];

/// The exit codes of a shell that cannot run a command.
const NOT_RUN: [Option<i32>; 2] = [Some(126), Some(127)];

/// Shows a text through the pager. Answers whether it was shown: a pager that is not there, or `cat`, shows nothing.
pub(crate) fn show(text: &str) -> Result<bool, Failure> {
    let named = match environment::TRUNKLINE_PAGER.value()? {
        None => environment::PAGER.value()?,
        named => named,
    };
    let mut command = match named.as_deref().map(str::trim) {
        Some("cat") => return Ok(false),
        Some(named) => shell(named),
        None => {
            let mut command = Command::new(USUAL[0]);
            command.args(&USUAL[1..]);
            command
        }
    };
    // A pager that somebody chose as `less` shows colours as well.
    if !environment::LESS.is_set() {
        command.env(environment::LESS.name, "FRX");
    }
    // Ctrl-C is the pager's while it shows: it leaves a search and goes on.
    let _signals = Signals::new()?;
    match command.stdin(Stdio::piped()).spawn() {
        Ok(pager) => Ok(feed(pager, text)),
        Err(_) => Ok(false),
    }
}

/// A command as its user wrote it, with arguments and quotes.
#[cfg(unix)]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command);
    shell
}

/// A command with arguments that are separated by spaces.
#[cfg(not(unix))]
fn shell(command: &str) -> Command {
    let mut words = command.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words);
    command
}

fn feed(mut pager: Child, text: &str) -> bool {
    if let Some(mut input) = pager.stdin.take() {
        // Whoever leaves the pager has read enough.
        let _ = input.write_all(text.as_bytes());
    }
    match pager.wait() {
        Ok(status) => !NOT_RUN.contains(&status.code()),
        Err(_) => true,
    }
}
