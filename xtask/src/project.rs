//! The checkout: where it is, and which files belong to it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use xshell::{Shell, cmd};

/// The checkout a task works on.
pub(crate) struct Project {
    /// Its root folder.
    pub(crate) root: PathBuf,
}

impl Project {
    /// The checkout this program was built from.
    pub(crate) fn find() -> Result<Self> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = manifest
            .parent()
            .context("xtask has to stand in a folder of the workspace")?;
        ensure!(
            root.join("Cargo.toml").exists(),
            "{} holds no Cargo.toml: the checkout was moved since xtask was built; run: cargo build -p xtask",
            root.display()
        );
        Ok(Self {
            root: root.to_path_buf(),
        })
    }

    /// A path below the root.
    pub(crate) fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    /// A shell that stands at the root.
    pub(crate) fn shell(&self) -> Result<Shell> {
        let shell = Shell::new()?;
        shell.change_dir(&self.root);
        Ok(shell)
    }

    /// Cargo's build folder.
    pub(crate) fn target(&self) -> PathBuf {
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.path("target"), |folder| self.path(folder))
    }

    /// The files git keeps, or would keep with the next `git add`, sorted; paths use forward slashes.
    pub(crate) fn files(&self) -> Result<Vec<String>> {
        let shell = self.shell()?;
        let listing = cmd!(shell, "git ls-files -z --cached --others --exclude-standard")
            .quiet()
            .read()
            .context("cannot list the files of the checkout; tidy needs git and a clone")?;
        let mut files: Vec<String> = listing
            .split('\0')
            .filter(|file| !file.is_empty() && self.path(file).is_file())
            .map(str::to_owned)
            .collect();
        files.sort();
        files.dedup();
        Ok(files)
    }
}
