//! Notices that files of a journal were deleted, replaced or written by others while a run writes to them.
//!
//! SQLite goes on writing into a file that has no name any more. What is written there is lost with the process, so the
//! files are looked at before each commit, and nothing is sent before its commit.

use std::fs::Metadata;
use std::path::PathBuf;
use std::time::SystemTime;

use super::fault;
use super::place::Place;
use crate::error::BulkError;

/// From what length of the `-wal` file on SQLite may have brought it into the journal's own file: a little less than
/// `wal_autocheckpoint` pages.
const LENGTH_OF_A_CHECKPOINT: u64 = 8 << 20;

/// The files of a journal as they should be.
#[derive(Debug)]
pub(super) struct Guard {
    journal: Watched,
    log: Watched,
    lock: Watched,
}

#[derive(Debug)]
struct Watched {
    path: PathBuf,
    stamp: Stamp,
}

/// The identity of a file, which differs from that of another file at its path.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Identity {
    #[cfg(unix)]
    device_and_inode: (u64, u64),
    #[cfg(not(unix))]
    created: Option<SystemTime>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    identity: Identity,
    length: u64,
    modified: Option<SystemTime>,
}

impl Guard {
    /// The files as they are now.
    pub(super) fn new(place: &Place) -> Result<Self, BulkError> {
        Ok(Self {
            journal: Watched::new(place.path().to_owned())?,
            log: Watched::new(place.companion("-wal"))?,
            lock: Watched::new(place.companion("-lock"))?,
        })
    }

    /// Refuses to go on when a file is not what this process writes to.
    pub(super) fn check(&self) -> Result<(), BulkError> {
        self.journal.check(|then, now| then == now)?;
        // Only the run itself writes there, and it never makes it shorter.
        self.log
            .check(|then, now| then.identity == now.identity && then.length <= now.length)?;
        self.lock.check(|then, now| then.identity == now.identity)
    }

    /// Remembers what a commit has changed.
    pub(super) fn after_commit(&mut self) {
        if let Some(stamp) = self.log.look() {
            self.log.stamp.length = stamp.length;
        }
        if self.log.stamp.length >= LENGTH_OF_A_CHECKPOINT
            && let Some(stamp) = self.journal.look()
            && stamp.identity == self.journal.stamp.identity
        {
            self.journal.stamp = stamp;
        }
    }
}

impl Watched {
    fn new(path: PathBuf) -> Result<Self, BulkError> {
        let found = path.symlink_metadata().map_err(|error| fault::opening(&error))?;
        Ok(Self {
            stamp: Stamp::of(&found),
            path,
        })
    }

    fn look(&self) -> Option<Stamp> {
        self.path.symlink_metadata().ok().map(|found| Stamp::of(&found))
    }

    fn check(&self, is_same: impl Fn(&Stamp, &Stamp) -> bool) -> Result<(), BulkError> {
        let what = match self.look() {
            None => "no longer exists",
            Some(now) if now.identity != self.stamp.identity => "was replaced",
            Some(now) if !is_same(&self.stamp, &now) => "was changed by another program",
            Some(_) => return Ok(()),
        };
        Err(fault::taken_away(&self.path, what))
    }
}

impl Stamp {
    fn of(found: &Metadata) -> Self {
        Self {
            identity: Identity {
                #[cfg(unix)]
                device_and_inode: {
                    use std::os::unix::fs::MetadataExt;
                    (found.dev(), found.ino())
                },
                #[cfg(not(unix))]
                created: found.created().ok(),
            },
            length: found.len(),
            modified: found.modified().ok(),
        }
    }
}
