//! The report of bulk work in a real browser.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Result;

use super::compile::{cargo, count};
use super::{Context, Outcome};

/// Where Chromium and its like are, by name.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Runs the tests of the report's page. A browser that is not here is installed where Debian's packages can be.
pub(super) fn run(context: &Context<'_>) -> Result<Outcome> {
    let Some(browser) = here().or_else(installed) else {
        let names = NAMES.join(", ");
        return Ok(Outcome::Skipped(format!("no browser is here: {names}")));
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
            "the page is not what a browser should show, see above".to_owned(),
        )
    })
}

/// The first browser on the path.
fn here() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|file| file.is_file())
}

/// Installs Debian's Chromium, for whoever may. Elsewhere it fails at once, and the step says that there is none.
fn installed() -> Option<PathBuf> {
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
    let install = ["install", "--yes", "--no-install-recommends", "chromium"];
    // A machine that is new has no lists of packages yet.
    let is_here = apt(&install) || (apt(&["update"]) && apt(&install));
    is_here.then(here).flatten()
}
