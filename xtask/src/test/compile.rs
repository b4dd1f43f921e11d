//! Steps that are cargo's own: formatting, lints, tests, documentation.

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};

use super::tally::Tally;
use super::{Context, Outcome};
use crate::surface;

/// Cargo, at the root of the checkout.
pub(super) fn cargo(context: &Context<'_>, arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(&context.project.root).args(arguments);
    command
}

/// Runs a command and says whether it ended well.
pub(super) fn succeeds(command: &mut Command) -> Result<bool> {
    let status = command
        .status()
        .with_context(|| format!("cannot start {}", command.get_program().display()))?;
    Ok(status.success())
}

/// Runs tests, shows what they print, and counts them.
pub(super) fn count(command: &mut Command) -> Result<(bool, Tally)> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", command.get_program().display()))?;
    let output = child.stdout.take().context("the output of the tests cannot be read")?;
    let mut tally = Tally::default();
    let mut reader = BufReader::new(output);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        std::io::stdout().write_all(&line)?;
        if let Some(counted) = Tally::of_line(&String::from_utf8_lossy(&line)) {
            tally += counted;
        }
        line.clear();
    }
    Ok((child.wait()?.success(), tally))
}

/// `cargo fmt --check`.
pub(super) fn format(context: &Context<'_>) -> Result<Outcome> {
    let good = succeeds(&mut cargo(context, &["fmt", "--all", "--check"]))?;
    Ok(Outcome::of(good, "run: cargo fmt --all"))
}

/// `cargo clippy`, with and without features; warnings are errors.
pub(super) fn clippy(context: &Context<'_>) -> Result<Outcome> {
    let all = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--keep-going",
        "--",
        "--deny",
        "warnings",
    ];
    // For programs that want neither signing in nor authorities.
    let bare = [
        "clippy",
        "-p",
        "trunkline",
        "--no-default-features",
        "--",
        "--deny",
        "warnings",
    ];
    let mut good = true;
    for arguments in [all.as_slice(), bare.as_slice()] {
        good &= succeeds(&mut cargo(context, arguments))?;
    }
    Ok(Outcome::of(good, "mend the warnings above"))
}

/// `cargo test`, to the end even if something fails.
pub(super) fn tests(context: &Context<'_>) -> Result<Outcome> {
    // Tests of the command and of bulk work wait for processes and servers most of the time.
    let threads = 4 * std::thread::available_parallelism().map_or(1, usize::from);
    let mut tests = cargo(context, &["test", "--workspace", "--no-fail-fast"]);
    let (good, tally) = count(tests.env("RUST_TEST_THREADS", threads.to_string()))?;
    Ok(if good {
        Outcome::Passed(tally)
    } else {
        Outcome::Failed(tally, "tests failed, or did not compile, see above".to_owned())
    })
}

/// The native part of the Node package, in the development profile. With an example, cargo chooses the features that tests
/// have, and finds the libraries compiled.
pub(super) fn node_library(context: &Context<'_>) -> Result<Option<PathBuf>> {
    let mut build = cargo(
        context,
        &[
            "build",
            "--workspace",
            // maturin builds it at the same time, with features of its own.
            "--exclude",
            "trunkline-python",
            "--lib",
            "--example",
            "demo",
        ],
    );
    let library = format!("debug/{DLL_PREFIX}trunkline_node{DLL_SUFFIX}");
    Ok(succeeds(&mut build)?.then(|| context.project.target().join(library)))
}

/// `cargo doc`, warnings are errors.
pub(super) fn documentation(context: &Context<'_>) -> Result<Outcome> {
    let good = surface::document(context.project)?;
    Ok(Outcome::of(good, "mend the documentation above"))
}
