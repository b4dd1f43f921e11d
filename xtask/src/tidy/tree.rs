//! The input of the rules: the files of a checkout and its packages. Tests build small ones by hand.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;
use xshell::cmd;

use crate::project::Project;

/// A checkout, read into memory.
pub(super) struct Tree {
    /// Text by path; empty for files that are no text.
    files: BTreeMap<String, String>,
    /// The packages of all workspaces in it.
    pub(super) packages: Vec<Package>,
}

/// A package, as `cargo metadata` describes it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Package {
    pub(super) name: String,
    /// Path of its manifest, from the root of the checkout.
    pub(super) manifest_path: String,
    pub(super) description: Option<String>,
    pub(super) license: Option<String>,
    #[serde(default)]
    pub(super) dependencies: Vec<Dependency>,
}

/// A dependency of a package.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Dependency {
    pub(super) name: String,
    /// `dev`, `build`, or nothing for an ordinary one.
    pub(super) kind: Option<String>,
}

impl Dependency {
    /// Whether only tests, examples and benchmarks use it.
    pub(super) fn is_dev(&self) -> bool {
        self.kind.as_deref() == Some("dev")
    }
}

impl Package {
    /// Its name in the policy: `bindings` for every package below that folder.
    pub(super) fn role(&self) -> &str {
        if self.manifest_path.starts_with("bindings/") {
            "bindings"
        } else {
            &self.name
        }
    }
}

/// The part of `cargo metadata` that is read.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

impl Tree {
    /// Files and packages given by hand.
    #[cfg(test)]
    pub(super) fn of(files: impl IntoIterator<Item = (String, String)>, packages: Vec<Package>) -> Self {
        Self {
            files: files.into_iter().collect(),
            packages,
        }
    }

    /// Reads a checkout.
    pub(super) fn read(project: &Project) -> Result<Self> {
        let mut files = BTreeMap::new();
        for file in project.files()? {
            let bytes = std::fs::read(project.path(&file)).with_context(|| format!("cannot read {file}"))?;
            files.insert(file, String::from_utf8(bytes).unwrap_or_default());
        }
        let mut packages: Vec<Package> = Vec::new();
        for manifest in files.keys().filter(|file| file_name(file) == "Cargo.toml") {
            if packages.iter().any(|package| &package.manifest_path == manifest) {
                continue;
            }
            let alone = manifest != "Cargo.toml";
            // A golden crate of the generator is no package of ours.
            if alone && !manifest.starts_with("bindings/") && manifest != "fuzz/Cargo.toml" {
                continue;
            }
            packages.extend(packages_of(project, manifest)?);
        }
        Ok(Self { files, packages })
    }

    /// How many files there are.
    pub(super) fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether a file exists.
    pub(super) fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Whether a file or a folder with files exists.
    pub(super) fn has_place(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        path.is_empty()
            || self.has(path)
            || self
                .files
                .range(folder.clone()..)
                .next()
                .is_some_and(|(file, _)| file.starts_with(&folder))
    }

    /// The text of a file.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// All files with their texts, sorted by path.
    pub(super) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }
}

/// The packages of the workspace a manifest belongs to.
fn packages_of(project: &Project, manifest: &str) -> Result<Vec<Package>> {
    let shell = project.shell()?;
    let path = project.path(manifest);
    let text = cmd!(
        shell,
        "cargo metadata --format-version 1 --no-deps --offline --manifest-path {path}"
    )
    .quiet()
    .read()
    .with_context(|| format!("cargo metadata does not understand {manifest}"))?;
    let metadata: Metadata =
        serde_json::from_str(&text).context("cargo metadata printed something else than expected")?;
    let mut packages = metadata.packages;
    for package in &mut packages {
        let path = Path::new(&package.manifest_path);
        let relative = path.strip_prefix(&project.root).unwrap_or(path);
        package.manifest_path = relative.to_string_lossy().replace('\\', "/");
    }
    Ok(packages)
}

/// The last part of a path.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// A path without its last part.
pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The extension of a file's name.
pub(super) fn extension(path: &str) -> &str {
    file_name(path).rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// A file's name without what follows the first dot.
pub(super) fn stem(path: &str) -> &str {
    file_name(path).split('.').next().unwrap_or_default()
}

/// Whether a file is written by a program.
pub(super) fn is_generated(path: &str) -> bool {
    folder(path).split('/').any(|part| part == "generated") || is_golden(path)
}

/// Whether a file is what the generator is expected to write.
pub(super) fn is_golden(path: &str) -> bool {
    path.starts_with("tests/golden/")
}

/// Whether a file is source code of ours.
pub(super) fn is_code(path: &str) -> bool {
    matches!(
        extension(path),
        "rs" | "py" | "pyi" | "ts" | "mts" | "js" | "mjs" | "cjs"
    )
}
