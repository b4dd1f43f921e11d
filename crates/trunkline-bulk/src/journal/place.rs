//! Where a journal lies: its path, its lock, and how its file is made.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::fault::{self, Fault};
use crate::error::BulkErrorKind;

/// The path of a journal, its folder resolved: in what follows, no link is.
#[derive(Debug, Clone)]
pub(super) struct Place(PathBuf);

/// Held as long as a process works on a journal. The system gives it back when the process ends, however that is.
#[derive(Debug)]
pub(super) struct Lock(#[allow(dead_code, reason = "held, never read")] File);

impl Place {
    /// Finds the folder.
    pub(super) fn new(path: &Path) -> Result<Self, Fault> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let name = path
            .file_name()
            .ok_or_else(|| fault::opening(&io::Error::new(io::ErrorKind::InvalidInput, "the path names no file")))?;
        let folder = folder.canonicalize().map_err(|error| fault::opening(&error))?;
        Ok(Self(folder.join(name)))
    }

    /// Whether there is something at the path.
    pub(super) fn exists(&self) -> bool {
        self.0.symlink_metadata().is_ok()
    }

    /// Takes the lock.
    pub(super) fn lock(&self) -> Result<Lock, Fault> {
        let mut name = self.0.clone().into_os_string();
        name.push("-lock");
        let file = private_file(Path::new(&name)).map_err(|error| fault::opening(&error))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock(file)),
            Err(TryLockError::WouldBlock) => Err(Fault::new(
                BulkErrorKind::Busy,
                "another process works on this journal",
                "Wait for its end, or stop it; then run it again",
            )),
            Err(TryLockError::Error(error)) => Err(fault::opening(&error)),
        }
    }

    /// Opens the file for writing and makes it first when it is missing, readable by its owner only.
    pub(super) fn open(&self) -> Result<Connection, Fault> {
        private_file(&self.0).map_err(|error| fault::opening(&error))?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | COMMON;
        Connection::open_with_flags(&self.0, flags).map_err(fault::writing)
    }

    /// Opens the file for reading only.
    pub(super) fn open_to_read(&self) -> Result<Connection, Fault> {
        if !self.exists() {
            return Err(Fault::new(
                BulkErrorKind::Journal,
                "there is no journal at this path",
                "Check the path",
            ));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | COMMON;
        Connection::open_with_flags(&self.0, flags).map_err(fault::reading)
    }
}

const COMMON: OpenFlags = OpenFlags::SQLITE_OPEN_NO_MUTEX.union(OpenFlags::SQLITE_OPEN_NOFOLLOW);

/// A file of its owner's only, made when it is missing. It is no link: somebody else may have put one there.
fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    match path.symlink_metadata() {
        Ok(found) if found.file_type().is_symlink() => {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a link"));
        }
        Ok(_) => {}
        Err(_) => {
            options.create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        }
    }
    match options.open(path) {
        // Two processes began at once: the other one made it.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            OpenOptions::new().read(true).write(true).open(path)
        }
        opened => opened,
    }
}
