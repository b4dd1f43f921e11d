//! The npm package: its native part is built, its TypeScript compiled, and both are tested together.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};

use super::compile::{count, node_library, succeeds};
use super::{Context, Outcome};
use crate::package;

/// Builds the package and runs its tests and its type checks.
pub(super) fn run(context: &Context<'_>) -> Result<Outcome> {
    if let Some(missing) = missing(context) {
        return Ok(missing);
    }
    let folder = context.project.path("bindings/node");
    let Some(native) = node_library(context)? else {
        return Ok(Outcome::of(false, "its native part cannot be built"));
    };
    place(&native, &folder.join("dist"))?;
    package::compile_node(context.project)?;
    if !succeeds(package::npm(&folder).args(["run", "--silent", "examples"]))? {
        return Ok(Outcome::of(false, "the types of its examples do not check"));
    }
    let (good, tally) = count(package::npm(&folder).args(["test", "--silent"]))?;
    Ok(if good {
        Outcome::Passed(tally)
    } else {
        Outcome::Failed(tally, "its tests fail".to_owned())
    })
}

/// Puts the native part where the package looks for it first. A file that is in use is not written over: a process that
/// has it open would fall.
fn place(native: &Path, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let placed = folder.join(format!("trunkline.{}.node", package::this_platform()));
    let fresh = placed.with_extension("new");
    fs::copy(native, &fresh).with_context(|| format!("cannot copy {}", native.display()))?;
    fs::rename(&fresh, &placed)?;
    Ok(())
}

/// The outcome where there is no Node.
pub(super) fn missing(context: &Context<'_>) -> Option<Outcome> {
    let commands = [
        ("node", Command::new("node")),
        ("npm", package::npm(&context.project.root)),
    ];
    commands.into_iter().find_map(|(program, mut command)| {
        let version = command.arg("--version").stdout(Stdio::null()).status();
        version
            .is_err()
            .then(|| Outcome::Skipped(format!("there is no {program} here")))
    })
}
