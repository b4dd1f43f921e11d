//! How packages are used, learned for the compiler: with it, it makes fast what runs and small what does not.
//!
//! The profiles are in `bindings/training`, a file for each target, and packages are built with them. It fits the
//! compiler it was learned with and the code it was learned of: what has changed since is built as without it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::project::Project;

/// Where what was learned stands.
pub(crate) const LEARNED: &str = "bindings/training";

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

/// Where counted runs are written.
pub(crate) fn counts(project: &Project) -> PathBuf {
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
    pub(crate) release: String,
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
    pub(crate) fn merger(&self) -> Result<PathBuf> {
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
