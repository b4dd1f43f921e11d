//! The report of bulk work in a real browser.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Result;

use super::compile::{cargo, count};
use super::{Context, Outcome};

/// Names of Chromium on the path.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Runs the tests of the report's page. Installs Chromium if there is no browser and apt can install it.
pub(super) fn run(context: &Context<'_>) -> Result<Outcome> {
    let Some(browser) = find().or_else(install) else {
        let names = NAMES.join(", ");
        return Ok(Outcome::Skipped(format!("no browser found: {names}")));
    };
    let arguments = [
        "test",
        "--workspace",
        "--test",
        "report",
        "--",
        "--ignored",
        "browser::",
    ];
    let (good, tally) = count(cargo(context, &arguments).env("TRUNKLINE_BROWSER", browser))?;
    Ok(if good {
        Outcome::Passed(tally)
    } else {
        Outcome::Failed(
            tally,
            "a browser does not show the page correctly, see above".to_owned(),
        )
    })
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
