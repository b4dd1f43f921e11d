//! Runs the fault campaign: bulk jobs of the real binary, killed at random moments, judged by what the service has.

use std::process::Command;

use anyhow::{Context, Result};

use crate::Verdict;
use crate::project::Project;

/// Runs that a change must pass. They take three minutes on two cores, most of it in unoptimized code.
pub(crate) const FEW: u64 = 25;

/// Options of `faults`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How many runs; each is a job of 200 rows
    #[arg(long, value_name = "COUNT", default_value_t = FEW)]
    runs: u64,
    /// Where chance begins: the same seed gives the same jobs, faults and kills
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// One run alone, by its number, as a violation names it
    #[arg(long, value_name = "NUMBER")]
    run: Option<u64>,
    /// How many runs go on at a time; most of a run is waiting [default: eight for each processor]
    #[arg(long, value_name = "COUNT")]
    parallel: Option<u64>,
    /// Run what the development profile builds: each run costs more, but building does not
    #[arg(long)]
    dev: bool,
    /// Keep file, plan, journal and errors of runs with violations in this folder
    #[arg(long, value_name = "FOLDER")]
    keep: Option<std::path::PathBuf>,
}

impl Arguments {
    /// The runs of `cargo xtask test`.
    pub(crate) fn few() -> Self {
        Self {
            runs: FEW,
            seed: 1,
            run: None,
            parallel: None,
            dev: true,
            keep: None,
        }
    }
}

/// Builds binary and campaign, and starts the campaign.
pub(crate) fn run(arguments: &Arguments, project: &Project) -> Result<Verdict> {
    let mut build = Command::new("cargo");
    build.current_dir(&project.root).arg("build");
    if !arguments.dev {
        build.arg("--release");
    }
    build.args(["--workspace", "--bin", "trunkline", "--bin", "trunkline-faults"]);
    if arguments.dev {
        // With an example, cargo chooses the features that tests have, and finds the libraries compiled.
        build.args(["--example", "demo"]);
    }
    if !build.status().context("cannot start cargo")?.success() {
        return Ok(Verdict::Bad);
    }
    let built = |name: &str| {
        let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        let folder = if arguments.dev { "debug" } else { "release" };
        project.target().join(folder).join(name)
    };
    let parallel = arguments.parallel.unwrap_or_else(|| {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        8 * processors as u64
    });
    let mut campaign = Command::new(built("trunkline-faults"));
    campaign.arg("--binary").arg(built("trunkline"));
    for (name, value) in [
        ("--runs", Some(arguments.runs)),
        ("--seed", Some(arguments.seed)),
        ("--run", arguments.run),
        ("--parallel", Some(parallel)),
    ] {
        if let Some(value) = value {
            campaign.arg(name).arg(value.to_string());
        }
    }
    if let Some(keep) = &arguments.keep {
        campaign.arg("--keep").arg(project.path(keep));
    }
    let status = campaign.status().context("cannot start the campaign")?;
    Ok(if status.success() { Verdict::Good } else { Verdict::Bad })
}
