//! How packages are used, learned for the compiler: with it, it makes fast what runs and small what does not.
//!
//! The profiles are in `bindings/training`, a file for each target, and packages are built with them. It fits the
//! compiler it was learned with and the code it was learned of: what has changed since is built as without it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::Verdict;
use crate::package::{self, execute, fresh, pip};
use crate::peers::{self, Language};
use crate::project::Project;

/// Where what was learned stands.
const LEARNED: &str = "bindings/training";

/// Small functions go into one another before their runs are counted, in code that is built for size too, unless they are
/// as small as a call. What was counted fits only what is built alike.
const ALIKE: &str = "-Cllvm-args=-preinline-threshold=5";

/// Limits of inlining, so that hot code does not grow by more than it gains: a call is replaced by what it calls only where that is small or hot,
/// and loops stay loops. Frame pointers take less room than the tables without, and equal functions are one (which the linker
/// does that comes with rustc for the targets that are trained for).
const SMALL: [&str; 7] = [
    "-Cllvm-args=-inlinehint-threshold=45",
    "-Cllvm-args=-hot-callsite-threshold=600",
    "-Cllvm-args=-locally-hot-callsite-threshold=60",
    "-Cllvm-args=-unroll-allow-peeling=false",
    "-Cllvm-args=-unroll-full-max-count=4",
    "-Cforce-frame-pointers=yes",
    "-Clink-arg=-Wl,--icf=all",
];

/// Options of `train`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Only print the compiler flags for packages of a target, for builds outside of this command
    #[arg(long, value_name = "TARGET")]
    flags: Option<String>,
}

/// The compiler flags that use the profile of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Training {
    /// The existing profile.
    Learned,
    /// Nothing yet: what it builds counts its own runs.
    Counting,
}

impl Training {
    /// The compiler's flags, for a target.
    pub(crate) fn flags(self, project: &Project, target: &str) -> Result<Vec<String>> {
        match self {
            Self::Counting => Ok(vec![
                format!("-Cprofile-generate={}", counts(project).display()),
                ALIKE.to_owned(),
            ]),
            Self::Learned => {
                let learned = project.path(format!("{LEARNED}/{target}.profdata"));
                if !learned.exists() {
                    return Ok(Vec::new());
                }
                let (ours, theirs) = (Compiler::find()?.release, learned_with(&learned)?);
                if ours != theirs {
                    eprintln!(
                        "note: packages were trained with rustc {theirs}, which is of no use to {ours}; see `cargo xtask train`"
                    );
                    return Ok(Vec::new());
                }
                let learned = format!("-Cprofile-use={}", learned.display());
                Ok([&learned, ALIKE].into_iter().chain(SMALL).map(str::to_owned).collect())
            }
        }
    }

    /// Cargo's folder for it, so that neither throws the other's away.
    pub(crate) fn target(self, project: &Project) -> PathBuf {
        match self {
            Self::Learned => project.target(),
            Self::Counting => project.target().join("training"),
        }
    }
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

/// Where counted runs are written.
fn counts(project: &Project) -> PathBuf {
    project.target().join("training/counts")
}

/// The compiler that what was learned is for.
fn learned_with(learned: &Path) -> Result<String> {
    let note = learned.with_extension("txt");
    let text = fs::read_to_string(&note).with_context(|| format!("cannot read {}", note.display()))?;
    Ok(text.trim().to_owned())
}

/// The compiler at work.
pub(crate) struct Compiler {
    release: String,
    /// The target that is this machine.
    pub(crate) host: String,
    llvm: String,
}

impl Compiler {
    pub(crate) fn find() -> Result<Self> {
        let output = Command::new("rustc")
            .arg("-vV")
            .output()
            .context("cannot start rustc")?;
        let text = String::from_utf8(output.stdout)?;
        let said = |name: &str| {
            let value = text
                .lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            value
                .map(str::to_owned)
                .with_context(|| format!("rustc does not say its {name}"))
        };
        Ok(Self {
            release: said("release")?,
            host: said("host")?,
            llvm: said("LLVM version")?,
        })
    }

    /// The reader of counted runs: the tool of the compiler's own LLVM.
    fn merger(&self) -> Result<PathBuf> {
        let output = Command::new("rustc").args(["--print", "sysroot"]).output()?;
        let sysroot = PathBuf::from(String::from_utf8(output.stdout)?.trim());
        let version = self.llvm.split('.').next().unwrap_or_default();
        let own = sysroot.join(format!("lib/rustlib/{}/bin/llvm-profdata", self.host));
        let system = PathBuf::from(format!("llvm-profdata-{version}"));
        let works = |tool: &PathBuf| {
            Command::new(tool)
                .arg("--version")
                .output()
                .is_ok_and(|output| output.status.success())
        };
        [own, system].into_iter().find(works).with_context(|| {
            format!(
                "llvm-profdata of LLVM {version} is missing: `rustup component add llvm-tools`, or the package llvm-{version} of \
                 a Linux distribution"
            )
        })
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_that_nobody_trained_for_are_built_as_ever() {
        let project = Project::find().unwrap();
        assert!(
            Training::Learned
                .flags(&project, "mos6502-acorn-none")
                .unwrap()
                .is_empty()
        );
        assert_eq!(
            Training::Counting.flags(&project, "mos6502-acorn-none").unwrap().len(),
            2
        );
    }

    #[test]
    fn what_was_learned_says_for_which_compiler() {
        let learned = Project::find().unwrap().path(LEARNED);
        let files: Vec<PathBuf> = fs::read_dir(learned)
            .unwrap()
            .flatten()
            .map(|file| file.path())
            .collect();
        let trained = files
            .iter()
            .filter(|path| path.extension().is_some_and(|kind| kind == "profdata"));
        for path in trained.clone() {
            assert!(learned_with(path).unwrap().starts_with("1."), "{}", path.display());
        }
        assert!(trained.count() > 0);
    }
}
