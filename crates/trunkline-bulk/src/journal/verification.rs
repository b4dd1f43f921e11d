//! The result of the last verify, kept in the journal so that a report can show it.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use serde::{Deserialize, Serialize};
use trunkline::Timestamp;

use super::column::{moment, optional};
use super::creation::set_up;
use super::entry::{json, moment as written};
use super::fault;
use super::place::Place;
use super::reader::Journal;
use super::schema;
use super::wholeness::{self, Outside};
use crate::error::BulkError;
use crate::plan::State;
use crate::verified_row::VerifiedRow;

/// The result of the last verify of a journal, in numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verification {
    /// The moment before the live state was read: changes that ended later are not covered.
    pub at: Timestamp,
    /// Rows that were verified.
    pub rows: u64,
    /// Rows that were in place.
    pub hold: u64,
    /// Rows that had ended well and were not in place any more.
    pub drifted: u64,
    /// Version of the program.
    pub version: String,
}

/// A row that was not in place when it was verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NotInPlace {
    /// Whether it had ended well: somebody changed it since.
    pub has_drifted: bool,
    /// The state that was found; absent when nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<State>,
    /// The reason, as a new plan would state it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
}

impl Journal {
    /// A function that keeps the result of a verify of this journal, in place of an earlier one. It can go to another thread.
    ///
    /// Its errors are [`BulkErrorKind::Busy`](crate::BulkErrorKind::Busy) while a run writes to the journal, and
    /// [`BulkErrorKind::Disk`](crate::BulkErrorKind::Disk) when it cannot be written.
    pub(crate) fn keeper(&self) -> impl FnOnce(&[VerifiedRow], Timestamp) -> Result<(), BulkError> + Send + use<> {
        let place = self.place.clone();
        move |rows, at| keep(&place, rows, at)
    }

    /// The result of the last verify; `None` when nobody verified, and for journals of earlier versions.
    ///
    /// # Errors
    ///
    /// The errors of [`header`](Self::header).
    pub fn verification(&self) -> Result<Option<Verification>, BulkError> {
        if !schema::has_later_tables(&self.connection).map_err(fault::reading)? {
            return Ok(None);
        }
        let sql = "SELECT at, rows, hold, drifted, version FROM verification";
        self.connection
            .query_row(sql, [], |row| {
                Ok(Verification {
                    at: moment(row, 0)?.unwrap_or(Timestamp::UNIX_EPOCH),
                    rows: row.get::<_, i64>(1)?.unsigned_abs(),
                    hold: row.get::<_, i64>(2)?.unsigned_abs(),
                    drifted: row.get::<_, i64>(3)?.unsigned_abs(),
                    version: row.get(4)?,
                })
            })
            .optional()
            .map_err(fault::reading)
    }

    /// The rows that the last verify found not in place, by their rows in the file.
    ///
    /// # Errors
    ///
    /// The errors of [`header`](Self::header).
    pub fn not_in_place(&self) -> Result<HashMap<u32, NotInPlace>, BulkError> {
        if !schema::has_later_tables(&self.connection).map_err(fault::reading)? {
            return Ok(HashMap::new());
        }
        let rows = self.collect("SELECT line, drifted, now, what FROM verified", [], |row| {
            let found = NotInPlace {
                has_drifted: row.get(1)?,
                now: optional(row, 2)?,
                what: row.get(3)?,
            };
            Ok((row.get(0)?, found))
        })?;
        Ok(rows.into_iter().collect())
    }
}

/// Writes the result of a verify to a journal, as a run with one group of entries would.
fn keep(place: &Place, rows: &[VerifiedRow], at: Timestamp) -> Result<(), BulkError> {
    let mut lock = place.lock()?;
    let outside = Outside::of(place, lock.last_note());
    {
        let connection = place.open_to_read()?;
        schema::recognise(&connection)?;
        outside.check(&connection)?;
    }
    let mut connection = place.open()?;
    set_up(&connection)
        .and_then(|()| schema::upgrade(&connection))
        .map_err(fault::writing)?;
    let commits = wholeness::commits(&connection)?;
    wholeness::begin(&connection, &mut lock, commits)?;
    lock.note(commits + 1).map_err(|error| fault::opening(&error))?;
    write(&mut connection, rows, at, commits + 1).map_err(fault::writing)?;
    wholeness::end(&connection);
    Ok(())
}

fn write(connection: &mut Connection, rows: &[VerifiedRow], at: Timestamp, commits: u64) -> rusqlite::Result<()> {
    let count = |is_counted: fn(&VerifiedRow) -> bool| rows.iter().filter(|row| is_counted(row)).count() as i64;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute("DELETE FROM verified", [])?;
    transaction.execute(
        "INSERT OR REPLACE INTO verification VALUES (1, ?1, ?2, ?3, ?4, ?5)",
        params![
            written(at),
            rows.len() as i64,
            count(|row| row.holds),
            count(VerifiedRow::has_drifted),
            env!("CARGO_PKG_VERSION")
        ],
    )?;
    for row in rows.iter().filter(|row| !row.holds) {
        transaction
            .prepare_cached("INSERT OR REPLACE INTO verified VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![
                row.row,
                row.has_drifted(),
                row.now.as_ref().map(json),
                row.what
            ])?;
    }
    transaction.execute(
        "UPDATE journal SET value = ?1 WHERE key = 'commits'",
        [commits.to_string()],
    )?;
    transaction.commit()
}
