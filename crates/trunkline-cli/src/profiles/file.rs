//! The file of the profiles: where it is, and how it is read and written.

use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::DocumentMut;
use trunkline::ErrorKind;
use trunkline::mask::printable;
use trunkline_bulk::{unwritten, write_whole};

use super::check::{self, Profiles};
use super::edit;
use super::folder::folder;
use super::profile::Profile;
use crate::environment;
use crate::failure::Failure;

/// The name of the file.
const NAME: &str = "profiles.toml";

/// Larger than any file that a person writes.
const MAXIMUM: u64 = 1 << 20;

/// The profiles as they stand in the file.
pub(crate) struct ProfileFile {
    path: PathBuf,
    text: String,
    profiles: Profiles,
}

impl ProfileFile {
    /// Reads the file. One that does not exist has no profiles.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or holds something that it must not: the message names the line.
    pub(crate) fn read() -> Result<Self, Failure> {
        let path = folder()?.join(NAME);
        let text = match text(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            // A folder's parent that is a file: there is no profile either, and writing one says what is wrong.
            Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => String::new(),
            Err(error) => {
                let shown = path.display().to_string();
                return Err(Failure::refused(
                    ErrorKind::InvalidInput,
                    format!("{} cannot be read: {error}", printable(&shown)),
                    "Make it a text file that you may read, or move it away",
                ));
            }
        };
        let profiles = check::read(&text, &path)?;
        Ok(Self { path, text, profiles })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The profile of a name.
    ///
    /// # Errors
    ///
    /// When there is none; the message names those that there are.
    pub(crate) fn get(&self, name: &str) -> Result<&Profile, Failure> {
        self.profiles.all.get(name).ok_or_else(|| {
            let known: Vec<&str> = self.profiles.all.keys().map(String::as_str).collect();
            let advice = match known.as_slice() {
                [] => "There are no profiles yet: add one with `trunkline login` or `trunkline profile add`".to_owned(),
                known => format!(
                    "Use one of {}, or add it with `trunkline profile add`",
                    known.join(", ")
                ),
            };
            let shown: String = name.chars().take(60).collect();
            Failure::refused(
                ErrorKind::NotFound,
                format!("there is no profile '{}'", printable(&shown)),
                advice,
            )
        })
    }

    /// The name of the profile that the file says to use.
    pub(crate) fn in_use(&self) -> Option<&str> {
        self.profiles.in_use.as_deref()
    }

    /// All profiles, by name.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Profile> {
        self.profiles.all.values()
    }

    /// Changes the file. Comments and the order of what stays are kept; the file is written as a whole or not at all, and
    /// only if it is valid afterwards.
    ///
    /// # Errors
    ///
    /// When the result would not be valid, or the file cannot be written. It is then unchanged.
    pub(crate) fn change(&self, edits: &[edit::Edit<'_>]) -> Result<Self, Failure> {
        let mut document: DocumentMut = self
            .text
            .parse()
            .map_err(|error| Failure::Unexpected(format!("the profiles could not be read again: {error}")))?;
        for edit in edits {
            edit.apply(&mut document)?;
        }
        let text = match self.text.trim() {
            "" => format!("{}\n{document}", edit::HEADER),
            _ => document.to_string(),
        };
        let profiles = check::read(&text, &self.path)?;
        if let Some(folder) = self.path.parent() {
            crate::sign_in::private_folder(folder)?;
        }
        write_whole(&self.path, |to| to.write_all(text.as_bytes()).map_err(unwritten)).map_err(|error| {
            let shown = self.path.display().to_string();
            Failure::refused(
                ErrorKind::InvalidInput,
                format!("{}: {}", printable(&shown), error.what()),
                format!(
                    "Make the folder writable, or set {} to another; the file is unchanged",
                    environment::CONFIG.name
                ),
            )
        })?;
        Ok(Self {
            path: self.path.clone(),
            text,
            profiles,
        })
    }
}

fn text(path: &Path) -> std::io::Result<String> {
    let size = fs::metadata(path)?.len();
    if size > MAXIMUM {
        return Err(std::io::Error::other(format!("it has {size} bytes")));
    }
    let text = fs::read_to_string(path)?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}
