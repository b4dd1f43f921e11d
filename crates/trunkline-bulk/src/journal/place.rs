//! The files of a journal: its path, its lock, and their creation.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::fault;
use crate::error::{BulkError, BulkErrorKind};

/// The path of a journal, its folder resolved: in what follows, no link is.
#[derive(Debug, Clone)]
pub(super) struct Place(PathBuf);

/// Held as long as a process works on a journal. The system gives it back when the process ends, however that is.
///
/// Its file holds how many commits the journal should have, so that a `-wal` file that was lost or cut is noticed, and the
/// id of the journal that they belong to.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    journal_id: String,
}

/// The note in the lock file about its journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CommitNote {
    /// The last commit that was made or was about to be made.
    pub(super) commit: u64,
    /// Absent when an earlier version of this program wrote it.
    pub(super) journal_id: Option<String>,
}

impl Lock {
    /// Sets the journal whose commits are recorded from now on.
    pub(super) fn belongs_to(&mut self, journal_id: String) {
        self.journal_id = journal_id;
    }

    /// Notes that a commit of this number is about to be made. Not waited for: it only has to outlive the process.
    pub(super) fn note(&mut self, commit: u64) -> io::Result<()> {
        // In one piece: formatted into the file, every digit would be a write of its own.
        let text = format!("{commit:020}\n{}\n", self.journal_id);
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(text.as_bytes())
    }

    /// The last note, if there is one.
    pub(super) fn last_note(&mut self) -> Option<CommitNote> {
        self.file.seek(SeekFrom::Start(0)).ok()?;
        CommitNote::read(&mut self.file)
    }
}

impl CommitNote {
    fn read(from: &mut impl Read) -> Option<Self> {
        let mut text = String::new();
        from.take(128).read_to_string(&mut text).ok()?;
        let mut lines = text.lines();
        Some(Self {
            commit: lines.next()?.parse().ok()?,
            journal_id: lines.next().filter(|id| !id.is_empty()).map(str::to_owned),
        })
    }
}

impl Place {
    /// Finds the folder.
    pub(super) fn new(path: &Path) -> Result<Self, BulkError> {
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

    /// The path.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// The path of one of the companion files: `-wal` or `-lock`.
    pub(super) fn companion(&self, ending: &str) -> PathBuf {
        let mut name = self.0.clone().into_os_string();
        name.push(ending);
        PathBuf::from(name)
    }

    /// How long the `-wal` file is; 0 when there is none. To be asked before the journal is opened, which makes an empty one.
    pub(super) fn log_length(&self) -> u64 {
        std::fs::metadata(self.companion("-wal")).map_or(0, |found| found.len())
    }

    /// The note in the lock file, for readers that do not take the lock. `None` when it cannot be read.
    pub(super) fn last_note(&self) -> Option<CommitNote> {
        CommitNote::read(&mut File::open(self.companion("-lock")).ok()?)
    }

    /// Takes the lock.
    pub(super) fn lock(&self) -> Result<Lock, BulkError> {
        let file = private_file(&self.companion("-lock")).map_err(|error| fault::opening(&error))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock {
                file,
                journal_id: String::new(),
            }),
            Err(TryLockError::WouldBlock) => Err(BulkError::new(
                BulkErrorKind::Busy,
                "another process works on this journal",
                "Wait until it ends or stop it, then run this again",
            )),
            Err(TryLockError::Error(error)) => Err(fault::opening(&error)),
        }
    }

    /// Makes the file, readable by its owner only: all that `fill` writes, or nothing.
    pub(super) fn create(&self, fill: impl FnOnce(&mut Connection) -> rusqlite::Result<()>) -> Result<(), BulkError> {
        let fresh = Self(self.companion("-new"));
        // Files of an interrupted attempt; this process holds the lock.
        for part in ["", "-journal", "-wal", "-shm"] {
            let _ = std::fs::remove_file(fresh.companion(part));
        }
        private_file(&fresh.0).map_err(|error| fault::opening(&error))?;
        let mut connection = fresh.open()?;
        // Before anything else: a file that changed its mode where it stays could be killed in the middle of that, and
        // what is left then can be read only by who may write it.
        let filled = connection
            .pragma_update(None, "journal_mode", "WAL")
            .and_then(|()| fill(&mut connection))
            .map_err(fault::writing);
        let closed = connection.close().map_err(|(_, error)| fault::writing(error));
        let moved = filled
            .and(closed)
            .and_then(|()| std::fs::rename(&fresh.0, &self.0).map_err(|error| fault::opening(&error)));
        if moved.is_err() {
            let _ = std::fs::remove_file(&fresh.0);
        }
        moved
    }

    /// Opens the file for writing.
    pub(super) fn open(&self) -> Result<Connection, BulkError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | COMMON;
        Connection::open_with_flags(&self.0, flags).map_err(fault::writing)
    }

    /// Opens the file for reading only.
    pub(super) fn open_to_read(&self) -> Result<Connection, BulkError> {
        if !self.exists() {
            return Err(BulkError::new(
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
