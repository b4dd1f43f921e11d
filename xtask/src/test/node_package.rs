//! The Node package as npm publishes it: in bundlers, in other runtimes, and where its native part is missing.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::compile::{count, node_library, succeeds};
use super::{Context, Outcome};
use crate::package;

/// Packs the package with the native part of this build, and runs `bindings/node/packaged` against it.
pub(super) fn run(context: &Context<'_>) -> Result<Outcome> {
    if let Some(missing) = super::node::missing(context) {
        return Ok(missing);
    }
    let source = context.project.path("bindings/node");
    let work = context.project.target().join("node-package");
    if !tools(&source, &work)? {
        return Ok(Outcome::Skipped(
            "bundlers, Bun and Deno cannot be installed from the npm registry here".to_owned(),
        ));
    }
    let Some(native) = node_library(context)? else {
        return Ok(Outcome::of(false, "the native part cannot be built"));
    };
    package::compile_node(context.project)?;
    let packages = package::fresh(&work.join("packages"))?;
    let manifest = package::npm_manifest(context.project)?;
    let platform = package::this_platform();
    let main = package::main_package(&packages, &source, &manifest)?;
    let part = package::platform_package(&packages, &manifest, &platform, &native)?;
    let program = package::fresh(&work.join("program"))?;
    package::install_npm_packages(&program, &main, &part)?;
    for name in ["program.mjs", "program.cjs"] {
        fs::copy(source.join("packaged/programs").join(name), program.join(name))?;
    }
    let mut tests = Command::new("node");
    tests
        .args(["--test", "packaged/"])
        .current_dir(&source)
        .env("TRUNKLINE_PACKAGED", &work)
        .env("TRUNKLINE_PLATFORM", platform);
    let (good, tally) = count(&mut tests)?;
    Ok(if good {
        Outcome::Passed(tally)
    } else {
        Outcome::Failed(
            tally,
            "the packed package fails where programs use it, see above".to_owned(),
        )
    })
}

/// Installs the tools that `packaged/package.json` names, unless they are there; says whether they are.
fn tools(source: &Path, work: &Path) -> Result<bool> {
    let wanted = fs::read_to_string(source.join("packaged/package.json"))?;
    // Written when they are installed, and not before.
    let installed = work.join("installed.json");
    if fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(true);
    }
    fs::create_dir_all(work)?;
    fs::write(work.join("package.json"), &wanted)?;
    let options = [
        "install",
        "--no-audit",
        "--no-fund",
        "--no-package-lock",
        "--loglevel=error",
    ];
    if !succeeds(package::npm(work).args(options))? {
        return Ok(false);
    }
    fs::write(installed, wanted)?;
    Ok(true)
}
