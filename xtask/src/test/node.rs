//! The Node face: its native part is built, the rest compiled beside it, and both tested together.

use std::env::consts::{ARCH, DLL_PREFIX, DLL_SUFFIX, OS};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};

use super::compile::{cargo, count, succeeds};
use super::{Context, Outcome};

/// Builds the package and runs its tests and its type checks.
pub(super) fn run(context: &Context<'_>) -> Result<Outcome> {
    for program in ["node", NPM] {
        let version = Command::new(program).arg("--version").stdout(Stdio::null()).status();
        if version.is_err() {
            return Ok(Outcome::Skipped(format!("there is no {program} here")));
        }
    }
    let package = context.project.path("bindings/node");
    if !succeeds(&mut cargo(context, &["build", "--package", "trunkline-node"]))? {
        return Ok(Outcome::of(false, "its native part cannot be built"));
    }
    let native = context
        .project
        .target()
        .join("debug")
        .join(format!("{DLL_PREFIX}trunkline_node{DLL_SUFFIX}"));
    place(&native, &package.join("dist"))?;
    if !succeeds(npm(&package).args(["ci", "--silent"]))? {
        return Ok(Outcome::of(false, "the tools cannot be installed"));
    }
    for script in ["compile", "examples"] {
        if !succeeds(npm(&package).args(["run", "--silent", script]))? {
            return Ok(Outcome::of(false, "its types do not check"));
        }
    }
    let (good, tally) = count(npm(&package).args(["test", "--silent"]))?;
    Ok(if good {
        Outcome::Passed(tally)
    } else {
        Outcome::Failed(tally, "its tests fail".to_owned())
    })
}

const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

fn npm(package: &Path) -> Command {
    let mut command = Command::new(NPM);
    command.current_dir(package);
    command
}

/// Puts the native part where the package looks for it first. A file that is in use is not written over: a process that
/// has it open would fall.
fn place(native: &Path, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let placed = folder.join(format!("trunkline.{}.node", platform()));
    let beside = placed.with_extension("new");
    fs::copy(native, &beside).with_context(|| format!("cannot copy {}", native.display()))?;
    fs::rename(&beside, &placed)?;
    Ok(())
}

/// What Node calls the platform, as `native.ts` puts it together.
fn platform() -> String {
    let arch = match ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => other,
    };
    match OS {
        "linux" => format!(
            "linux-{arch}-{}",
            if cfg!(target_env = "musl") { "musl" } else { "gnu" }
        ),
        "windows" => format!("win32-{arch}-msvc"),
        "macos" => format!("darwin-{arch}"),
        other => format!("{other}-{arch}"),
    }
}
