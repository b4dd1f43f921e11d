//! Checks that a journal is complete: a copy without its `-wal` file is not.
//!
//! Entries of a run are in the `-wal` file first, and the journal's own file does not change for a long time. So that its
//! file alone is known for what it is, it says from before the first entry of a run until after the last that a run writes.

use rusqlite::{Connection, OptionalExtension};

use super::fault;
use super::place::{CommitNote, Lock, Place};
use crate::error::{BulkError, BulkErrorKind};

/// Maximum number of checks when a run begins or ends meanwhile.
const LOOKS: usize = 3;

/// The state of a journal's files before it is opened.
#[derive(Debug)]
pub(super) struct Outside {
    note: Option<CommitNote>,
    log_length: u64,
}

impl Outside {
    /// To be asked before the journal is opened. The note comes first: a run that is under way only gets further.
    pub(super) fn of(place: &Place, note: Option<CommitNote>) -> Self {
        Self {
            note,
            log_length: place.log_length(),
        }
    }

    /// Refuses a journal whose last entries are missing.
    pub(super) fn check(&self, connection: &Connection) -> Result<(), BulkError> {
        let commits = commits(connection)?;
        let id = value(connection, "id")?;
        let note = self
            .note
            .as_ref()
            .filter(|note| note.journal_id.is_none() || note.journal_id == id);
        if note.is_some_and(|note| note.commit > commits + 1) {
            return Err(fault::damaged(
                "its last entries are missing, because its -wal file is missing or incomplete",
            ));
        }
        let is_proved = note.is_some_and(|note| note.journal_id.is_some() && note.commit >= commits);
        let is_open = value(connection, "run")?.is_some_and(|state| state == OPEN);
        if is_open && self.log_length == 0 && !is_proved {
            return Err(fault::damaged(
                "a run was writing to it, and its -wal file, which has the last entries, is missing. It was copied without \
                 that file",
            ));
        }
        Ok(())
    }
}

/// Opens a journal for reading and refuses it when its last entries are missing.
pub(super) fn open(
    place: &Place,
    recognise: impl Fn(&Connection) -> Result<(), BulkError>,
) -> Result<Connection, BulkError> {
    let mut looks = 0;
    loop {
        looks += 1;
        let outside = Outside::of(place, place.last_note());
        let connection = place.open_to_read()?;
        connection
            .busy_timeout(std::time::Duration::from_secs(5))
            .map_err(fault::reading)?;
        recognise(&connection)?;
        match outside.check(&connection) {
            Ok(()) => return Ok(connection),
            Err(fault) if looks == LOOKS => return Err(fault),
            Err(_) => {}
        }
    }
}

/// Value of the key `run` while a run writes.
const OPEN: &str = "open";

/// Records in the journal's own file that a run writes from now on.
pub(super) fn begin(connection: &Connection, lock: &mut Lock, commits: u64) -> Result<(), BulkError> {
    connection
        .execute_batch(
            "BEGIN IMMEDIATE;
             INSERT OR IGNORE INTO journal VALUES ('id', lower(hex(randomblob(16))));
             INSERT OR REPLACE INTO journal VALUES ('run', 'open');
             COMMIT",
        )
        .map_err(fault::writing)?;
    let id = value(connection, "id")?.ok_or_else(|| fault::damaged("it has no id"))?;
    // Before the `-wal` file becomes empty: a process that is killed then leaves a journal that is whole, and the note
    // proves it.
    lock.belongs_to(id);
    lock.note(commits).map_err(|error| fault::opening(&error))?;
    let is_busy: bool = connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
        .map_err(fault::writing)?;
    if is_busy {
        return Err(BulkError::new(
            BulkErrorKind::Busy,
            "another program has the journal open and keeps an older state of it",
            "Close that program, then run it again",
        ));
    }
    Ok(())
}

/// Says that no run writes any more, and brings everything into the journal's own file. Failing to do so loses nothing.
pub(super) fn end(connection: &Connection) {
    let ended = connection.execute("UPDATE journal SET value = 'ended' WHERE key = 'run'", []);
    if ended.is_ok() {
        let _ = connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
    }
}

/// Number of groups of entries that were committed.
pub(super) fn commits(connection: &Connection) -> Result<u64, BulkError> {
    let text = value(connection, "commits")?.ok_or_else(|| fault::damaged("it has no count of commits"))?;
    text.parse()
        .map_err(|_| fault::damaged("its count of commits is not a number"))
}

fn value(connection: &Connection, key: &str) -> Result<Option<String>, BulkError> {
    connection
        .query_row("SELECT value FROM journal WHERE key = ?1", [key], |row| row.get(0))
        .optional()
        .map_err(fault::reading)
}
