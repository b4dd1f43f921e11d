//! Scratch environments: what a registry gives at fixed versions, or a package of ours built for release.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::package::{self, execute, npm, pip};
use crate::project::Project;

/// A scratch environment, as a plan describes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Environment {
    pub(crate) language: Language,
    /// The packages with their versions.
    #[serde(default)]
    pub(crate) packages: Vec<String>,
    /// The folder of a package that is built here.
    pub(crate) own: Option<String>,
    /// Leave the modules of Python to be compiled when they are used: most of a large package never is.
    #[serde(default)]
    pub(crate) compile_on_use: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Language {
    Python,
    Node,
}

/// An environment that holds what it should.
pub(crate) struct Prepared {
    pub(crate) language: Language,
    pub(crate) folder: PathBuf,
}

impl Prepared {
    /// Makes an environment below a folder, or takes the one that is there if it holds the same. What we build ourselves
    /// is built each time, unless what was `built` before will do. Nothing, when our package does not exist yet.
    pub(crate) fn new(
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
            Language::Python => prepared.install_python(project, described)?,
            Language::Node => prepared.install_node(project, &described.packages, own.is_some())?,
        }
        std::fs::write(mark, wanted)?;
        Ok(Some(prepared))
    }

    fn install_python(&self, project: &Project, described: &Environment) -> Result<()> {
        if !self.folder.join("bin").exists() {
            execute(Command::new("python3").args(["-m", "venv"]).arg(&self.folder))?;
        }
        if !described.packages.is_empty() {
            let mut install = pip(&self.folder);
            if described.compile_on_use {
                install.arg("--no-compile");
            }
            execute(install.args(&described.packages))?;
        }
        if described.own.is_some() {
            let wheel = package::wheel(project)?;
            execute(pip(&self.folder).args(["--force-reinstall", "--no-deps"]).arg(wheel))?;
        }
        Ok(())
    }

    fn install_node(&self, project: &Project, packages: &[String], own: bool) -> Result<()> {
        std::fs::create_dir_all(&self.folder)?;
        if own {
            let (package, native) = package::npm_packages(project, None)?;
            return package::install_npm_packages(&self.folder, &package, &native);
        }
        std::fs::write(self.folder.join("package.json"), "{ \"private\": true }\n")?;
        execute(
            npm(&self.folder)
                .args(["install", "--no-audit", "--no-fund", "--loglevel=error"])
                .args(packages),
        )
    }

    /// The interpreter of the environment.
    pub(crate) fn interpreter(&self) -> Command {
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
    pub(crate) fn packages(&self) -> Result<PathBuf> {
        if self.language == Language::Node {
            return Ok(self.folder.join("node_modules"));
        }
        let versions = std::fs::read_dir(self.folder.join("lib"))?;
        let version = versions.flatten().next().context("the environment has no lib")?;
        Ok(version.path().join("site-packages"))
    }
}
