//! Files in folders that hold nothing else: written only where they changed, compared without writing.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// A generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputFile {
    /// Path below the output folder, with slashes.
    pub path: String,
    /// What is in it.
    pub contents: Vec<u8>,
}

/// How a folder differs from what was generated.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// A file is missing.
    Missing(String),
    /// A file has other contents.
    Changed(String),
    /// A file is there that was not generated.
    Stale(String),
}

impl std::fmt::Display for Difference {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing(path) => write!(formatter, "{path}: missing"),
            Self::Changed(path) => write!(formatter, "{path}: changed"),
            Self::Stale(path) => write!(formatter, "{path}: no longer generated"),
        }
    }
}

/// Writes the files that changed and removes those that are no longer generated; says what it did.
///
/// # Errors
///
/// When a file cannot be read, written or removed.
pub fn write(files: &[OutputFile], folder: &Path) -> Result<Vec<Difference>, Error> {
    let differences = check(files, folder)?;
    for difference in &differences {
        match difference {
            Difference::Missing(path) | Difference::Changed(path) => {
                let target = folder.join(path);
                if let Some(parent) = target.parent() {
                    fs::create_dir_all(parent).map_err(failed(parent))?;
                }
                let contents = files
                    .iter()
                    .find(|file| file.path == *path)
                    .map_or(&[][..], |file| &file.contents);
                fs::write(&target, contents).map_err(failed(&target))?;
            }
            Difference::Stale(path) => {
                let target = folder.join(path);
                fs::remove_file(&target).map_err(failed(&target))?;
            }
        }
    }
    Ok(differences)
}

/// Compares a folder with what was generated and writes nothing. What a build leaves behind (`target`, `Cargo.lock`)
/// is not looked at.
///
/// # Errors
///
/// When a file cannot be read.
pub fn check(files: &[OutputFile], folder: &Path) -> Result<Vec<Difference>, Error> {
    let mut present = BTreeSet::new();
    list(folder, "", &mut present)?;
    let mut differences = Vec::new();
    for file in files {
        if present.remove(&file.path) {
            let target = folder.join(&file.path);
            if fs::read(&target).map_err(failed(&target))? != file.contents {
                differences.push(Difference::Changed(file.path.clone()));
            }
        } else {
            differences.push(Difference::Missing(file.path.clone()));
        }
    }
    differences.extend(present.into_iter().map(Difference::Stale));
    differences.sort();
    Ok(differences)
}

fn list(folder: &Path, prefix: &str, present: &mut BTreeSet<String>) -> Result<(), Error> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(source) => {
            return Err(Error::File {
                path: folder.to_path_buf(),
                source,
            });
        }
    };
    for entry in entries {
        let entry = entry.map_err(failed(folder))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_folder = entry.file_type().map_err(failed(&entry.path()))?.is_dir();
        if name == "__pycache__" || prefix.is_empty() && matches!(name.as_str(), "target" | "Cargo.lock") {
            continue;
        }
        let path = format!("{prefix}{name}");
        if is_folder {
            list(&entry.path(), &format!("{path}/"), present)?;
        } else {
            present.insert(path);
        }
    }
    Ok(())
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path: PathBuf = path.to_path_buf();
    move |source| Error::File { path, source }
}
