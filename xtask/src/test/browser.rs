//! The pages of bulk work in a real browser.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Result;

use super::compile::{cargo, count, succeeds};
use super::{Context, Outcome, node};
use crate::package;

/// Names of Chromium on the path.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Writes pages, and runs `tests/browser` on them. Installs Chromium if there is no browser and apt can install it.
pub(super) fn run(context: &Context<'_>) -> Result<Outcome> {
    let Some(browser) = find().or_else(install) else {
        let names = NAMES.join(", ");
        return Ok(Outcome::Skipped(format!("no browser found: {names}")));
    };
    if let Some(missing) = node::missing(context) {
        return Ok(missing);
    }
    let source = context.project.path("tests/browser");
    let work = context.project.target().join("browser");
    if !tools(&source, &work)? {
        return Ok(Outcome::Skipped(
            "the driver of the browser cannot be installed from the npm registry here".to_owned(),
        ));
    }
    let pages = package::fresh(&work.join("pages"))?;
    let write = ["test", "--workspace", "--test", "report", "--", "--ignored", "pages::"];
    let (good, mut tally) = count(cargo(context, &write).env("TRUNKLINE_PAGES", &pages))?;
    if !good {
        return Ok(Outcome::Failed(
            tally,
            "the pages cannot be written, see above".to_owned(),
        ));
    }
    let mut tests = Command::new("node");
    tests
        .args(["--test", "--test-concurrency=2", "tests/browser/"])
        .current_dir(&context.project.root)
        .env("TRUNKLINE_BROWSER", browser)
        .env("TRUNKLINE_BROWSER_TOOLS", &work)
        .env("TRUNKLINE_PAGES", &pages);
    let (good, shown) = count(&mut tests)?;
    tally += shown;
    Ok(if good {
        Outcome::Passed(tally)
    } else {
        Outcome::Failed(
            tally,
            "a browser does not show the pages correctly, see above".to_owned(),
        )
    })
}

/// Installs the driver and the accessibility checks that the lock file names, unless they are there; says whether they are.
fn tools(source: &Path, work: &Path) -> Result<bool> {
    let wanted = fs::read_to_string(source.join("package-lock.json"))?;
    // Written when they are installed, and not before.
    let installed = work.join("installed.json");
    if fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(true);
    }
    fs::create_dir_all(work)?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(source.join(name), work.join(name))?;
    }
    let options = [
        "ci",
        "--omit=optional",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--loglevel=error",
    ];
    if !succeeds(package::npm(work).args(options))? {
        return Ok(false);
    }
    fs::write(installed, wanted)?;
    Ok(true)
}

/// The first browser on the path.
fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|file| file.is_file())
}

/// Installs Chromium with apt; `None` where apt is missing or may not install.
fn install() -> Option<PathBuf> {
    if !Path::new("/usr/bin/apt-get").exists() {
        return None;
    }
    let apt = |arguments: &[&str]| {
        Command::new("apt-get")
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    };
    let arguments = ["install", "--yes", "--no-install-recommends", "chromium"];
    // A new machine has no lists of packages yet.
    let is_installed = apt(&arguments) || (apt(&["update"]) && apt(&arguments));
    is_installed.then(find).flatten()
}
