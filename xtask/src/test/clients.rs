//! Clients of others, installed at fixed versions, on the emulator.

use std::process::{Command, Stdio};

use anyhow::Result;

use super::{Context, Outcome, node};
use crate::{Verdict, clients};

/// Runs all of them.
pub(super) fn run(context: &Context<'_>) -> Result<Outcome> {
    if let Some(missing) = node::missing(context) {
        return Ok(missing);
    }
    for (program, argument) in [("python3", "--version"), ("curl", "--version")] {
        if Command::new(program)
            .arg(argument)
            .stdout(Stdio::null())
            .status()
            .is_err()
        {
            return Ok(Outcome::Skipped(format!("there is no {program} here")));
        }
    }
    let verdict = clients::run(&clients::Arguments::everything(), context.project)?;
    Ok(Outcome::of(
        verdict == Verdict::Good,
        "a client did something else than tests/clients/clients.toml expects, see above",
    ))
}
