//! The size of an installed package with the bytecode that pip compiles: bytes, longest path, and dependencies.

use std::path::Path;

use anyhow::{Context, Result};

use crate::environments::{Language, Prepared};

/// Packages that every fresh environment has.
const FRESH: &[&str] = &[
    "pip",
    "setuptools",
    "pkg_resources",
    "_distutils_hack",
    "distutils-precedence.pth",
    "wheel",
];

/// The measured environment.
pub(super) struct Installed {
    pub(super) bytes: u64,
    /// Characters of the longest path below the folder of packages.
    pub(super) path: usize,
    /// The dependencies that our package declares.
    pub(super) needs: Vec<String>,
}

impl Installed {
    /// Looks through the packages of an environment.
    pub(super) fn of(environment: &Prepared) -> Result<Self> {
        let packages = environment.packages()?;
        let mut found = Self {
            bytes: 0,
            path: 0,
            needs: Vec::new(),
        };
        found.walk(&packages, &packages)?;
        found.needs = match environment.language {
            Language::Python => python_needs(&packages)?,
            Language::Node => node_needs(&packages)?,
        };
        Ok(found)
    }

    fn walk(&mut self, root: &Path, folder: &Path) -> Result<()> {
        for entry in std::fs::read_dir(folder)?.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let fresh = |known: &&str| name == **known || name.starts_with(&format!("{known}-"));
            if folder == root && (FRESH.iter().any(fresh) || name.starts_with('.')) {
                continue;
            }
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                self.walk(root, &path)?;
            } else {
                self.bytes += entry.metadata()?.len();
                let inside = path.strip_prefix(root)?.to_string_lossy().chars().count();
                self.path = self.path.max(inside);
            }
        }
        Ok(())
    }
}

fn python_needs(packages: &Path) -> Result<Vec<String>> {
    for entry in std::fs::read_dir(packages)?.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("trunkline-") && name.ends_with(".dist-info") {
            let metadata = std::fs::read_to_string(entry.path().join("METADATA"))?;
            let needed = metadata
                .lines()
                .take_while(|line| !line.is_empty())
                .filter_map(|line| line.strip_prefix("Requires-Dist: "))
                .filter(|line| !line.contains("extra =="));
            return Ok(needed.map(str::to_owned).collect());
        }
    }
    Ok(Vec::new())
}

fn node_needs(packages: &Path) -> Result<Vec<String>> {
    let Ok(text) = std::fs::read_to_string(packages.join("trunkline/package.json")) else {
        return Ok(Vec::new());
    };
    let manifest: serde_json::Value = serde_json::from_str(&text).context("package.json is not understood")?;
    let needed = manifest["dependencies"].as_object();
    Ok(needed.into_iter().flatten().map(|(name, _)| name.clone()).collect())
}
