//! The tables of a journal, and how a file is known to be one.

use rusqlite::Connection;

use super::fault;
use crate::error::{BulkError, BulkErrorKind};

/// `PRAGMA application_id`: "Tklj".
pub(super) const APPLICATION: i32 = 0x546b_6c6a;

/// `PRAGMA user_version`: the version that this crate writes, and the newest that it reads. Version 2 has the ending
/// `notSeen`, version 3 writes a step as a [`Change`](trunkline::Change), version 4 has the tables [`LATER_TABLES`]; the others
/// are those of version 1.
pub(super) const VERSION: i32 = 4;

/// The first version with [`LATER_TABLES`].
const WITH_LATER_TABLES: i32 = 4;

/// Moments are RFC 3339 in UTC; what has parts of its own is JSON, in the shapes of a plan file.
const TABLES: &str = "
CREATE TABLE journal (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE row (
    line INTEGER PRIMARY KEY,
    wanted TEXT NOT NULL,       -- what the file asks for
    verdict TEXT NOT NULL,      -- change, already, refused
    before TEXT,                -- how it was when the plan was made
    findings TEXT,
    ending TEXT,                -- done, notSeen, already, failed, skipped, pending, unknown; null while it is open
    failure TEXT,
    after TEXT,                 -- how it was read back
    request_ids TEXT,
    operations TEXT,
    warnings TEXT,
    ended_at TEXT
);
CREATE TABLE step (
    line INTEGER NOT NULL REFERENCES row (line),
    position INTEGER NOT NULL,
    action TEXT NOT NULL,
    needs TEXT,
    expects TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting', -- waiting, sending, accepted; then as a row ends
    sent_at TEXT,               -- written before the request leaves
    tries INTEGER NOT NULL DEFAULT 0,
    operation_id TEXT,
    token TEXT,                 -- resumes waiting for the operation
    request_ids TEXT,
    warnings TEXT,
    failure TEXT,
    after TEXT,
    ended_at TEXT,
    PRIMARY KEY (line, position)
) WITHOUT ROWID;
CREATE TABLE tick (
    at TEXT NOT NULL,
    sent INTEGER NOT NULL,      -- requests of the run so far
    throttled INTEGER NOT NULL, -- of them answered 429
    ended INTEGER NOT NULL,     -- rows
    in_flight INTEGER NOT NULL, -- steps
    allowed_rate REAL,
    paused_for REAL
);
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    process INTEGER NOT NULL,
    version TEXT NOT NULL
);
CREATE TABLE reservation (
    number TEXT PRIMARY KEY,
    line INTEGER NOT NULL,
    until TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX reservation_of_line ON reservation (line);
CREATE TABLE quarantine (
    number TEXT PRIMARY KEY,
    released_at TEXT NOT NULL,
    until TEXT NOT NULL
) WITHOUT ROWID;
";

/// Who ran it, and the result of the last verify. A row that holds has no entry in `verified`.
const LATER_TABLES: &str = "
CREATE TABLE IF NOT EXISTS runner (
    run INTEGER PRIMARY KEY REFERENCES run (id),
    who TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS verification (
    key INTEGER PRIMARY KEY CHECK (key = 1),
    at TEXT NOT NULL,
    rows INTEGER NOT NULL,
    hold INTEGER NOT NULL,
    drifted INTEGER NOT NULL,
    version TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS verified (
    line INTEGER PRIMARY KEY REFERENCES row (line),
    drifted INTEGER NOT NULL,
    now TEXT,
    what TEXT
);
";

/// Creates the tables, in the caller's transaction with the first rows.
pub(super) fn create(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(TABLES)?;
    connection.execute_batch(LATER_TABLES)?;
    connection.pragma_update(None, "application_id", APPLICATION)?;
    connection.pragma_update(None, "user_version", VERSION)
}

/// Marks a journal of an older version as one that this version writes: a program that knows only the older one would
/// not understand it any more.
pub(super) fn upgrade(connection: &Connection) -> rusqlite::Result<()> {
    if version(connection)? < VERSION {
        connection.execute_batch(LATER_TABLES)?;
        connection.pragma_update(None, "user_version", VERSION)?;
    }
    Ok(())
}

/// Whether the journal has the tables about who ran it and what verify found. Those of earlier versions have none.
pub(super) fn has_later_tables(connection: &Connection) -> rusqlite::Result<bool> {
    Ok(version(connection)? >= WITH_LATER_TABLES)
}

fn version(connection: &Connection) -> rusqlite::Result<i32> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Refuses what is no journal that can be read. Changes nothing.
pub(super) fn recognise(connection: &Connection) -> Result<(), BulkError> {
    let number = |pragma: &str| connection.query_row(&format!("PRAGMA {pragma}"), [], |row| row.get::<_, i32>(0));
    let application = number("application_id").map_err(fault::reading)?;
    if application == 0 {
        return Err(fault::damaged("the file contains no journal"));
    }
    if application != APPLICATION {
        return Err(BulkError::new(
            BulkErrorKind::Journal,
            "the file is a database, but not a journal",
            "Choose another path for the journal",
        ));
    }
    let version = number("user_version").map_err(fault::reading)?;
    if version > VERSION {
        return Err(BulkError::new(
            BulkErrorKind::Journal,
            format!("the journal is of version {version}, and this program knows versions up to {VERSION}"),
            "Use the newer program that wrote it; nothing was changed",
        ));
    }
    Ok(())
}

/// Whether every page and index is whole.
pub(super) fn check(connection: &Connection) -> Result<(), BulkError> {
    let found: String = connection
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(fault::reading)?;
    if found == "ok" {
        Ok(())
    } else {
        Err(fault::damaged(&found))
    }
}
