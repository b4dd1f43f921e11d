//! Runs the demo: both main jobs on an embedded emulator.

use std::process::Command;

use anyhow::{Context, Result};

use crate::Verdict;
use crate::project::Project;

/// Options of `demo`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// Builds and runs the example `demo` of the crate `trunkline`.
pub(crate) fn run(arguments: &Arguments, project: &Project) -> Result<Verdict> {
    let status = command(project, arguments.json)
        .status()
        .context("cannot start cargo")?;
    Ok(if status.success() { Verdict::Good } else { Verdict::Bad })
}

/// The command that runs it.
pub(crate) fn command(project: &Project, json: bool) -> Command {
    let mut command = Command::new("cargo");
    command
        .current_dir(&project.root)
        .args(["run", "--quiet", "--package", "trunkline", "--example", "demo", "--"]);
    if json {
        command.arg("--json");
    }
    command
}
