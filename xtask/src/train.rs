//! The task `train`: builds packages that count their runs, and uses them.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::Verdict;
use crate::package::{self, execute, fresh, pip};
use crate::peers::{self, Language};
use crate::project::Project;
use crate::training::{Compiler, LEARNED, Training, counts};

/// Options of `train`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Only print the compiler flags for packages of a target, for builds outside of this command
    #[arg(long, value_name = "TARGET")]
    flags: Option<String>,
}

/// Builds packages that count their runs, uses them, and writes what came of it.
pub(crate) fn run(arguments: &Arguments, project: &Project) -> Result<Verdict> {
    if let Some(target) = &arguments.flags {
        println!("{}", Training::Learned.flags(project, target)?.join(" "));
        return Ok(Verdict::Good);
    }
    let compiler = Compiler::find()?;
    let merger = compiler.merger()?;
    let counts = fresh(&counts(project))?;
    let below = project.target().join("training/used");
    let used = Used { project, below };
    used.python()?;
    used.node()?;
    let learned = project.path(format!("{LEARNED}/{}.profdata", compiler.host));
    // Functions that never ran are left out, and built as without training; several threads would keep them.
    execute(
        Command::new(merger)
            .args(["merge", "--sparse", "--num-threads=1", "--output"])
            .arg(&learned)
            .arg(&counts),
    )?;
    fs::write(learned.with_extension("txt"), format!("{}\n", compiler.release))?;
    println!("learned {}", learned.display());
    Ok(Verdict::Good)
}

/// Packages in use.
struct Used<'project> {
    project: &'project Project,
    below: PathBuf,
}

impl Used<'_> {
    fn python(&self) -> Result<()> {
        let environment = fresh(&self.below.join("python"))?;
        execute(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
        let wheel = package::wheel(self.project, Training::Counting)?;
        execute(pip(&environment).arg(wheel))?;
        let python = || {
            let mut command = Command::new(environment.join("bin/python"));
            self.counted(&mut command);
            command
        };
        peers::exercise(self.project, Language::Python, &self.below, &python)?;
        println!("python: files of many rows");
        execute(python().arg(self.project.path("tests/training/bulk.py")))
    }

    fn node(&self) -> Result<()> {
        let folder = fresh(&self.below.join("node"))?;
        let (package, native) = package::npm_packages(self.project, None, Training::Counting)?;
        package::install_npm_packages(&folder, &package, &native)?;
        peers::exercise(self.project, Language::Node, &self.below, &|| {
            let mut command = Command::new("node");
            self.counted(&mut command);
            command.current_dir(&folder);
            command
        })
    }

    /// Has a process write what it counts where we look for it, in at most four files for all processes.
    fn counted(&self, command: &mut Command) {
        command.env("LLVM_PROFILE_FILE", counts(self.project).join("%4m.profraw"));
    }
}
