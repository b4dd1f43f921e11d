//! The Python package: built into an environment of its own and tested there.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};

use super::compile::{count, succeeds};
use super::{Context, Outcome};
use crate::package;

/// The contents of the environment besides the package.
const TOOLS: &[&str] = &[
    "jsonschema==4.26.0",
    "maturin==1.16.*",
    "mypy==2.4.1",
    // The tests export spans and metrics.
    "opentelemetry-exporter-otlp-proto-http==1.*",
    "opentelemetry-sdk==1.*",
    "pyright[nodejs]==1.1.414",
    "pytest==9.2.0",
    "pytest-xdist==3.8.0",
    "typing_extensions==4.16.0",
];
/// The type checkers: each finds something that the others do not.
const CHECKS: &[&[&str]] = &[
    &["-m", "mypy"],
    &["-m", "pyright"],
    &[
        "-m",
        "mypy.stubtest",
        "trunkline",
        "--allowlist",
        "tests/stubtest.txt",
        "--ignore-unused-allowlist",
    ],
];

/// Builds the package and runs its tests and its type checks.
pub(super) fn run(context: &Context<'_>) -> Result<Outcome> {
    if !succeeds(
        Command::new("python3")
            .args(["-c", "import venv"])
            .stdout(Stdio::null())
            .stderr(Stdio::null()),
    )
    .unwrap_or(false)
    {
        return Ok(Outcome::Skipped("there is no python3 with venv here".to_owned()));
    }
    let environment = context.project.target().join("python");
    let binaries = environment.join("bin");
    if !binaries.join("pip").exists() && !succeeds(Command::new("python3").args(["-m", "venv"]).arg(&environment))? {
        return Ok(Outcome::of(false, "the virtual environment cannot be made"));
    }
    let pip = ["install", "--quiet", "--disable-pip-version-check"];
    if !succeeds(Command::new(binaries.join("pip")).args(pip).args(TOOLS))? {
        return Ok(Outcome::of(false, "the tools cannot be installed"));
    }
    let package = context.project.path("bindings/python");
    let mut build = Command::new(binaries.join("maturin"));
    build
        .args(["develop", "--quiet"])
        .current_dir(&package)
        .env("VIRTUAL_ENV", &environment);
    if !succeeds(&mut build)? {
        return Ok(Outcome::of(false, "the package cannot be built"));
    }
    let folder = context.project.target().join("python-plain");
    let mut wheel = Command::new(binaries.join("maturin"));
    wheel
        .args(["build", "--quiet", "--out"])
        .arg(folder.join("wheel"))
        .current_dir(&package);
    if !succeeds(&mut wheel)? {
        return Ok(Outcome::of(false, "the wheel cannot be built"));
    }
    let wheel = package::newest(&folder.join("wheel"), "whl")?;
    if let Err(error) = package::test_plain_installation(context.project, &folder.join("environment"), &wheel) {
        eprintln!("{error:#}");
        return Ok(Outcome::of(
            false,
            "the wheel does not work where nothing else is installed",
        ));
    }
    // Most tests wait for orders, processes and the end of a timeout.
    let processes = 3 * std::thread::available_parallelism().map_or(1, usize::from);
    let (good, tally) = count(python(&binaries, &package, &["-m", "pytest", "-q", "-n"]).arg(processes.to_string()))?;
    let mut typed = true;
    for check in CHECKS {
        let mut checker = python(&binaries, &package, check);
        if check.contains(&"pyright") {
            // It runs on Node and would ask for the packages of any Python.
            checker.arg("--pythonpath").arg(binaries.join("python"));
        }
        typed &= succeeds(&mut checker).context("a type checker cannot be run")?;
    }
    Ok(match (good, typed) {
        (true, true) => Outcome::Passed(tally),
        (false, _) => Outcome::Failed(tally, "its tests fail".to_owned()),
        (true, false) => Outcome::Failed(tally, "its types do not check".to_owned()),
    })
}

fn python(binaries: &std::path::Path, package: &PathBuf, arguments: &[&str]) -> Command {
    let mut command = Command::new(binaries.join("python"));
    command.args(arguments).current_dir(package);
    command
}
