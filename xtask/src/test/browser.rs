//! Pages in a real browser: those of bulk work, and the documentation site.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Result;

use super::compile::{cargo, count, succeeds};
use super::tally::Tally;
use super::{Context, Outcome, node};
use crate::package;

/// Names of Chromium on the path.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// A browser, and the folder with its driver.
pub(super) struct Browser {
    program: PathBuf,
    tools: PathBuf,
}

impl Browser {
    /// Installs Chromium if there is no browser and apt can install it; the outcome of the step where there is none after that.
    pub(super) fn prepare(context: &Context<'_>) -> Result<Result<Self, Outcome>> {
        let Some(program) = find().or_else(install) else {
            let names = NAMES.join(", ");
            return Ok(Err(Outcome::Skipped(format!("no browser found: {names}"))));
        };
        if let Some(missing) = node::missing(context) {
            return Ok(Err(missing));
        }
        let folder = context.project.target().join("browser");
        Ok(match tools(&context.project.path("tests/browser"), &folder)? {
            true => Ok(Self { program, tools: folder }),
            false => Err(Outcome::Skipped(
                "the driver of the browser cannot be installed from the npm registry here".to_owned(),
            )),
        })
    }

    /// Runs a file of `tests/browser` on the pages of a folder; says whether all is well, and how many tests there were.
    pub(super) fn look(&self, context: &Context<'_>, tests: &str, pages: &Path) -> Result<(bool, Tally)> {
        let mut command = Command::new("node");
        command
            .args(["--test", "--test-concurrency=2"])
            .arg(context.project.path("tests/browser").join(tests))
            .current_dir(&context.project.root)
            .env("TRUNKLINE_BROWSER", &self.program)
            .env("TRUNKLINE_BROWSER_TOOLS", &self.tools)
            .env("TRUNKLINE_PAGES", pages)
            .env("TRUNKLINE_SCREENSHOTS", self.tools.join("screenshots"));
        count(&mut command)
    }
}

/// Writes pages, and looks at them.
pub(super) fn run(context: &Context<'_>) -> Result<Outcome> {
    let browser = match Browser::prepare(context)? {
        Ok(browser) => browser,
        Err(outcome) => return Ok(outcome),
    };
    let pages = package::fresh(&browser.tools.join("pages"))?;
    let write = ["test", "--workspace", "--test", "report", "--", "--ignored", "pages::"];
    let (good, mut tally) = count(cargo(context, &write).env("TRUNKLINE_PAGES", &pages))?;
    if !good {
        return Ok(Outcome::Failed(
            tally,
            "the pages cannot be written, see above".to_owned(),
        ));
    }
    let (good, shown) = browser.look(context, "pages.test.mjs", &pages)?;
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
