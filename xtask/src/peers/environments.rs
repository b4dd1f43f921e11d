//! Scratch environments: what a registry gives at fixed versions, or a package of ours built for release.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::plan::{Environment, Language};
use crate::project::Project;

/// What builds our Python package.
pub(crate) const MATURIN: &str = "maturin==1.16.*";

/// An environment that holds what it should.
pub(super) struct Prepared {
    pub(super) language: Language,
    pub(super) folder: PathBuf,
}

impl Prepared {
    /// Makes an environment below a folder, or takes the one that is there if it holds the same. What we build ourselves
    /// is built each time, unless what was `built` before will do. Nothing, when our package does not exist yet.
    pub(super) fn new(
        project: &Project,
        below: &Path,
        name: &str,
        described: &Environment,
        built: bool,
    ) -> Result<Option<Self>> {
        let folder = below.join(name);
        let prepared = Self {
            language: described.language,
            folder,
        };
        let own = described.own.as_ref().map(|own| project.path(own));
        if own.as_ref().is_some_and(|own| !own.exists()) {
            return Ok(None);
        }
        let mark = prepared.folder.join("installed.txt");
        let wanted = described.packages.join("\n");
        if (own.is_none() || built) && std::fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) {
            return Ok(Some(prepared));
        }
        println!("installing {name}");
        match described.language {
            Language::Python => prepared.install_python(project, &described.packages, own.as_deref())?,
            Language::Node => prepared.install_node(&described.packages, own.as_deref())?,
        }
        std::fs::write(mark, wanted)?;
        Ok(Some(prepared))
    }

    fn install_python(&self, project: &Project, packages: &[String], own: Option<&Path>) -> Result<()> {
        if !self.folder.join("bin").exists() {
            run(Command::new("python3").args(["-m", "venv"]).arg(&self.folder))?;
        }
        if !packages.is_empty() {
            run(pip(&self.folder).args(packages))?;
        }
        if let Some(own) = own {
            let wheel = wheel(project, own)?;
            run(pip(&self.folder).args(["--force-reinstall", "--no-deps"]).arg(wheel))?;
        }
        Ok(())
    }

    fn install_node(&self, packages: &[String], own: Option<&Path>) -> Result<()> {
        std::fs::create_dir_all(&self.folder)?;
        std::fs::write(
            self.folder.join("package.json"),
            "{ \"private\": true, \"type\": \"module\" }\n",
        )?;
        let mut install = npm(&self.folder);
        install.args(["install", "--no-audit", "--no-fund", "--loglevel=error"]);
        if let Some(own) = own {
            run(npm(own).args(["install", "--no-audit", "--no-fund", "--loglevel=error"]))?;
            run(npm(own).args(["run", "build"]))?;
            run(npm(own)
                .args(["pack", "--loglevel=error", "--pack-destination"])
                .arg(&self.folder))?;
            install.arg(newest(&self.folder, "tgz")?);
        }
        run(install.args(packages))
    }

    /// What runs a script in it.
    pub(super) fn interpreter(&self) -> Command {
        match self.language {
            Language::Python => {
                let mut command = Command::new(self.folder.join("bin/python"));
                // Compiled modules are what an installation has.
                command.env_remove("PYTHONDONTWRITEBYTECODE");
                command
            }
            Language::Node => {
                let mut command = Command::new("node");
                command.current_dir(&self.folder);
                command
            }
        }
    }

    /// Where installed packages are.
    pub(super) fn packages(&self) -> Result<PathBuf> {
        if self.language == Language::Node {
            return Ok(self.folder.join("node_modules"));
        }
        let versions = std::fs::read_dir(self.folder.join("lib"))?;
        let version = versions.flatten().next().context("the environment has no lib")?;
        Ok(version.path().join("site-packages"))
    }
}

/// Builds the wheel of a Python package for release, and tells where it is.
pub(crate) fn wheel(project: &Project, own: &Path) -> Result<PathBuf> {
    let tools = project.target().join("peers/python-tools");
    if !tools.join("bin/maturin").exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&tools))?;
        run(pip(&tools).arg(MATURIN))?;
    }
    let wheels = project.target().join("wheels");
    run(Command::new(tools.join("bin/maturin"))
        .args(["build", "--release", "--quiet", "--out"])
        .arg(&wheels)
        .current_dir(own))?;
    newest(&wheels, "whl")
}

pub(crate) fn pip(environment: &Path) -> Command {
    let mut command = Command::new(environment.join("bin/pip"));
    command
        .args(["install", "--quiet", "--disable-pip-version-check"])
        .env_remove("PYTHONDONTWRITEBYTECODE");
    command
}

fn npm(folder: &Path) -> Command {
    let mut command = Command::new("npm");
    command.current_dir(folder);
    command
}

/// The file of a kind that was written last.
fn newest(folder: &Path, extension: &str) -> Result<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)?.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|found| found == extension) {
            found.push((entry.metadata()?.modified()?, path));
        }
    }
    let newest = found.into_iter().max_by_key(|(written, _)| *written);
    newest
        .map(|(_, path)| path)
        .with_context(|| format!("{} holds no .{extension}", folder.display()))
}

pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = command.get_program().display().to_string();
    let status = command.status().with_context(|| format!("cannot start {shown}"))?;
    ensure!(status.success(), "{shown} failed");
    Ok(())
}
