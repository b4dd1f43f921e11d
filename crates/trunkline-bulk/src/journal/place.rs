//! Where a journal lies: its path, its lock, and how its file is made.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::fault::{self, Fault};
use crate::error::BulkErrorKind;

/// The path of a journal, its folder resolved: in what follows, no link is.
#[derive(Debug, Clone)]
pub(super) struct Place(PathBuf);

/// Held as long as a process works on a journal. The system gives it back when the process ends, however that is.
///
/// Its file holds how many commits the journal should have, so that a `-wal` file that was lost or cut is noticed.
#[derive(Debug)]
pub(super) struct Lock(File);

impl Lock {
    /// Notes that a commit of this number is about to be made. Not waited for: it only has to outlive the process.
    pub(super) fn note(&mut self, commit: u64) -> io::Result<()> {
        // In one piece: formatted into the file, every digit would be a write of its own.
        let text = format!("{commit:020}\n");
        self.0.seek(SeekFrom::Start(0))?;
        self.0.write_all(text.as_bytes())
    }

    /// The number that was noted last, if there is one.
    pub(super) fn noted(&mut self) -> Option<u64> {
        let mut text = String::new();
        self.0.seek(SeekFrom::Start(0)).ok()?;
        (&mut self.0).take(64).read_to_string(&mut text).ok()?;
        text.lines().next()?.parse().ok()
    }
}

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

    /// Makes the file, readable by its owner only: all that `fill` writes, or nothing.
    pub(super) fn create(&self, fill: impl FnOnce(&mut Connection) -> rusqlite::Result<()>) -> Result<(), Fault> {
        let mut name = self.0.clone().into_os_string();
        name.push("-new");
        let beside = Self(PathBuf::from(name));
        // What an interrupted attempt left; the lock is ours.
        for part in ["", "-journal", "-wal", "-shm"] {
            let mut name = beside.0.clone().into_os_string();
            name.push(part);
            let _ = std::fs::remove_file(name);
        }
        private_file(&beside.0).map_err(|error| fault::opening(&error))?;
        let mut connection = beside.open()?;
        // Before anything else: a file that changed its mode where it stays could be killed in the middle of that, and
        // what is left then can be read only by who may write it.
        let filled = connection
            .pragma_update(None, "journal_mode", "WAL")
            .and_then(|()| fill(&mut connection))
            .map_err(fault::writing);
        let closed = connection.close().map_err(|(_, error)| fault::writing(error));
        let moved = filled
            .and(closed)
            .and_then(|()| std::fs::rename(&beside.0, &self.0).map_err(|error| fault::opening(&error)));
        if moved.is_err() {
            let _ = std::fs::remove_file(&beside.0);
        }
        moved
    }

    /// Opens the file for writing.
    pub(super) fn open(&self) -> Result<Connection, Fault> {
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
