//! Runs the fuzz targets, where cargo-fuzz is installed.

use anyhow::{Context, Result};
use xshell::cmd;

use crate::Verdict;
use crate::project::Project;

/// Options of `fuzz`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Targets to run, all of them by default
    targets: Vec<String>,
    /// How long each target runs
    #[arg(long, default_value_t = 60)]
    seconds: u64,
}

/// Runs each target for a while. Machines without cargo-fuzz or nightly say so and are no failure.
pub(crate) fn run(arguments: &Arguments, project: &Project) -> Result<Verdict> {
    let folder = project.path("fuzz/fuzz_targets");
    let mut targets = arguments.targets.clone();
    if targets.is_empty() {
        if !folder.is_dir() {
            println!("skipped: there are no fuzz targets (fuzz/fuzz_targets does not exist)");
            return Ok(Verdict::Good);
        }
        for entry in std::fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "rs") {
                targets.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
            }
        }
        targets.sort();
    }
    let shell = project.shell()?;
    if cmd!(shell, "cargo fuzz --version")
        .quiet()
        .ignore_stderr()
        .read()
        .is_err()
    {
        println!("skipped: cargo-fuzz is not installed; run: cargo install cargo-fuzz (it needs a nightly toolchain)");
        return Ok(Verdict::Good);
    }
    let limit = format!("-max_total_time={}", arguments.seconds);
    let mut verdict = Verdict::Good;
    for target in &targets {
        println!("fuzz {target}, {} s", arguments.seconds);
        if cmd!(shell, "cargo +nightly fuzz run {target} -- {limit}")
            .quiet()
            .run()
            .is_err()
        {
            println!("{target} failed; the input is in fuzz/artifacts/{target}");
            verdict = Verdict::Bad;
        }
    }
    Ok(verdict)
}
