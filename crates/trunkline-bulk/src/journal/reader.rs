//! Reads a journal for reports, verify, undo and export.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Params, Row, params};
use trunkline::{Change, Timestamp};

use super::column::{change, ending, moment, optional, required, state, verdict};
use super::entry::{StepState, Tick};
use super::fault;
use super::place::Place;
use super::runner::Runner;
use super::schema;
use super::wholeness;
use crate::error::BulkError;
use crate::outcome::{Ending, RowOutcome, Summary};
use crate::plan::{Loss, PlannedRow, SourceFile, State, Step, Wanted};

/// The description of a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct JournalHeader {
    /// Id of the tenant.
    pub tenant: String,
    /// The cloud's name.
    pub cloud: String,
    /// SHA-256 of the plan: see [`Plan::digest`](crate::plan::Plan::digest).
    pub plan_digest: String,
    /// SHA-256 of the file of rows.
    pub source_digest: String,
    /// The file of rows; absent when the plan was of something else, or of an earlier version of this program.
    pub source: Option<SourceFile>,
    /// When the live state was read for the plan.
    pub planned: String,
    /// When the journal was made.
    pub created: String,
    /// Version of the program that made it.
    pub writer: String,
    /// The options of planning.
    pub options: serde_json::Value,
}

/// A row of the journal: what was planned, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct JournalRow {
    /// The row of the plan.
    pub planned: PlannedRow,
    /// Absent while the row is open.
    pub outcome: Option<RowOutcome>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Numbers that somebody lost by it, or may have lost: releases that were carried out or are on their way.
    pub losses: Vec<Loss>,
}

/// A time in which a process worked on the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Run {
    /// Counted from 1.
    pub id: i64,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended; absent when it was killed or is under way.
    pub ended_at: Option<Timestamp>,
    /// Version of the program.
    pub version: String,
    /// Who started it; absent when the token did not say, and in journals of earlier versions.
    pub runner: Option<Runner>,
}

/// A number that is kept for a row, or kept from being given out again.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HeldNumber {
    /// E.164.
    pub number: String,
    /// The row it is reserved for; absent for a number in quarantine.
    pub row: Option<u32>,
    /// The end of the reservation.
    pub until: Timestamp,
}

/// A journal, open for reading only. It can be read while another process writes it.
///
/// ```no_run
/// use trunkline_bulk::Journal;
///
/// # fn main() -> Result<(), trunkline_bulk::BulkError> {
/// let journal = Journal::open("numbers.journal")?;
/// println!("{} of {} rows ended", journal.summary()?.rows, journal.row_count()?);
/// for row in journal.rows() {
///     let row = row?;
///     println!("{} {:?}", row.planned.row, row.outcome.map(|outcome| outcome.ending));
/// }
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Journal {
    pub(super) connection: Connection,
    pub(super) place: Place,
}

impl Journal {
    /// Opens a journal.
    ///
    /// # Errors
    ///
    /// [`BulkErrorKind::Journal`](crate::BulkErrorKind::Journal) when there is none, it is damaged, was copied without its
    /// `-wal` file, or is of a newer version.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, BulkError> {
        let place = Place::new(path.as_ref())?;
        let connection = wholeness::open(&place, schema::recognise)?;
        Ok(Self { connection, place })
    }

    /// The description of the journal.
    ///
    /// # Errors
    ///
    /// [`BulkErrorKind::Journal`](crate::BulkErrorKind::Journal) when it is damaged. So for every method here.
    pub fn header(&self) -> Result<JournalHeader, BulkError> {
        read_header(&self.connection)
    }

    /// Number of rows in the plan.
    ///
    /// # Errors
    ///
    /// The errors of [`header`](Self::header).
    pub fn row_count(&self) -> Result<u64, BulkError> {
        let count = "SELECT count(*) FROM row";
        let count: i64 = self
            .connection
            .query_row(count, [], |row| row.get(0))
            .map_err(fault::reading)?;
        Ok(count.unsigned_abs())
    }

    /// Number of rows by result; `rows` counts those that have ended, `open` the others.
    ///
    /// # Errors
    ///
    /// The errors of [`header`](Self::header).
    pub fn summary(&self) -> Result<Summary, BulkError> {
        let mut summary = Summary::default();
        let counts = self.collect(
            "SELECT ending, count(*) FROM row WHERE ending IS NOT NULL GROUP BY ending",
            [],
            |row| Ok((ending(row, 0)?, row.get::<_, i64>(1)?)),
        )?;
        for (ending, count) in counts {
            if let Some(ending) = ending {
                summary.count_many(ending, count.unsigned_abs());
            }
        }
        summary.open = self.row_count()?.saturating_sub(summary.rows);
        Ok(summary)
    }

    /// Number of numbers that somebody lost, or may have lost: see [`JournalRow::losses`].
    ///
    /// # Errors
    ///
    /// The errors of [`header`](Self::header).
    pub fn loss_count(&self) -> Result<u64, BulkError> {
        // Nobody but a holder loses a number.
        let holders: Vec<bool> = self.collect(
            "SELECT expects FROM step WHERE state NOT IN ('waiting', 'already', 'failed', 'skipped') \
             AND (action LIKE '{\"action\":\"unassign\"%' OR action LIKE '{\"step\":\"unassignNumber\"%')",
            [],
            |row| Ok(matches!(required(row, 0)?, State::Number(before) if before.holder.is_some())),
        )?;
        Ok(holders.into_iter().filter(|is_held| *is_held).count() as u64)
    }

    /// Every row in order of the file's rows. A page of rows is in memory at a time, and no lock is held between pages.
    pub fn rows(&self) -> impl Iterator<Item = Result<JournalRow, BulkError>> + '_ {
        let mut page = Vec::new().into_iter();
        let mut after = Some(-1);
        std::iter::from_fn(move || {
            if page.len() == 0 {
                match self.page(after?, 256) {
                    Ok(rows) => page = rows.into_iter(),
                    // A journal that cannot be read any more is reported once.
                    Err(error) => {
                        after = None;
                        return Some(Err(error));
                    }
                }
            }
            let row = page.next()?;
            after = Some(i64::from(row.planned.row));
            Some(Ok(row))
        })
    }

    /// The first rows after a row, at most so many: for whoever cannot hold on to [`rows`](Self::rows).
    ///
    /// # Errors
    ///
    /// The errors of [`header`](Self::header).
    pub fn rows_after(&self, row: Option<u32>, count: u32) -> Result<Vec<JournalRow>, BulkError> {
        self.page(row.map_or(-1, i64::from), count)
    }

    /// One row.
    ///
    /// # Errors
    ///
    /// The errors of [`header`](Self::header).
    pub fn row(&self, row: u32) -> Result<Option<JournalRow>, BulkError> {
        let page = self.page(i64::from(row) - 1, 1)?;
        Ok(page.into_iter().find(|found| found.planned.row == row))
    }

    /// The timeline, in order of time.
    ///
    /// # Errors
    ///
    /// The errors of [`header`](Self::header).
    pub fn ticks(&self) -> Result<Vec<Tick>, BulkError> {
        const SQL: &str =
            "SELECT at, sent, throttled, ended, in_flight, allowed_rate, paused_for FROM tick ORDER BY rowid";
        self.collect(SQL, [], |row| {
            Ok(Tick {
                at: moment(row, 0)?.unwrap_or(Timestamp::UNIX_EPOCH),
                sent: row.get::<_, i64>(1)?.unsigned_abs(),
                throttled: row.get::<_, i64>(2)?.unsigned_abs(),
                ended: row.get::<_, i64>(3)?.unsigned_abs(),
                in_flight: row.get(4)?,
                allowed_rate: row.get(5)?,
                paused_for: row.get(6)?,
            })
        })
    }

    /// When processes worked on it.
    ///
    /// # Errors
    ///
    /// The errors of [`header`](Self::header).
    pub fn runs(&self) -> Result<Vec<Run>, BulkError> {
        let sql = if schema::has_later_tables(&self.connection).map_err(fault::reading)? {
            "SELECT id, started_at, ended_at, version, who FROM run LEFT JOIN runner ON runner.run = run.id ORDER BY id"
        } else {
            "SELECT id, started_at, ended_at, version, NULL FROM run ORDER BY id"
        };
        self.collect(sql, [], |row| {
            Ok(Run {
                id: row.get(0)?,
                started_at: moment(row, 1)?.unwrap_or(Timestamp::UNIX_EPOCH),
                ended_at: moment(row, 2)?,
                version: row.get(3)?,
                runner: optional(row, 4)?,
            })
        })
    }

    /// Numbers that planning picked and that no row has taken yet.
    ///
    /// # Errors
    ///
    /// The errors of [`header`](Self::header).
    pub fn reservations(&self) -> Result<Vec<HeldNumber>, BulkError> {
        self.collect(
            "SELECT number, line, until FROM reservation ORDER BY number",
            [],
            held_number,
        )
    }

    /// Numbers that were released and are not to be given out yet.
    ///
    /// # Errors
    ///
    /// The errors of [`header`](Self::header).
    pub fn quarantine(&self) -> Result<Vec<HeldNumber>, BulkError> {
        self.collect(
            "SELECT number, NULL, until FROM quarantine ORDER BY number",
            [],
            held_number,
        )
    }

    pub(super) fn collect<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, BulkError> {
        let collect = || {
            let mut statement = self.connection.prepare_cached(sql)?;
            statement
                .query_map(parameters, read)?
                .collect::<rusqlite::Result<Vec<T>>>()
        };
        collect().map_err(fault::reading)
    }

    fn page(&self, after: i64, size: u32) -> Result<Vec<JournalRow>, BulkError> {
        let mut page = self.collect(
            "SELECT line, wanted, verdict, before, findings, ending, failure, after, request_ids, operations, \
             warnings, ended_at FROM row WHERE line > ?1 ORDER BY line LIMIT ?2",
            params![after, size],
            journal_row,
        )?;
        for row in &mut page {
            let steps = self.steps(row.planned.row)?;
            row.losses = lost(&steps, &row.planned.wanted);
            row.planned.steps = steps.into_iter().map(|(step, _)| step).collect();
        }
        Ok(page)
    }

    fn steps(&self, line: u32) -> Result<Vec<(Step, StepState)>, BulkError> {
        let sql = "SELECT action, needs, expects, state FROM step WHERE line = ?1 ORDER BY position";
        self.collect(sql, [line], |row| {
            let step = Step {
                change: change(row, 0)?,
                needs: optional(row, 1)?.unwrap_or_default(),
                expects: required(row, 2)?,
            };
            Ok((step, state(row, 3)?))
        })
    }
}

pub(super) fn read_header(connection: &Connection) -> Result<JournalHeader, BulkError> {
    let value = |key: &str| {
        connection
            .query_row("SELECT value FROM journal WHERE key = ?1", [key], |row| {
                row.get::<_, String>(0)
            })
            .map_err(fault::reading)
    };
    Ok(JournalHeader {
        tenant: value("tenant")?,
        cloud: value("cloud")?,
        plan_digest: value("planDigest")?,
        source_digest: value("sourceDigest")?,
        source: connection
            .query_row("SELECT value FROM journal WHERE key = 'source'", [], |row| {
                required(row, 0)
            })
            .optional()
            .map_err(fault::reading)?,
        planned: value("planned")?,
        created: value("created")?,
        writer: value("writer")?,
        options: serde_json::from_str(&value("options")?).unwrap_or_default(),
    })
}

fn journal_row(row: &Row<'_>) -> rusqlite::Result<JournalRow> {
    let line = row.get(0)?;
    let before: Option<State> = optional(row, 3)?;
    let outcome = match ending(row, 5)? {
        None => None,
        Some(ending) => Some(RowOutcome {
            row: line,
            ending,
            before: before.clone(),
            after: optional(row, 7)?,
            request_ids: optional(row, 8)?.unwrap_or_default(),
            operations: optional(row, 9)?.unwrap_or_default(),
            failure: optional(row, 6)?,
            warnings: optional(row, 10)?.unwrap_or_default(),
        }),
    };
    Ok(JournalRow {
        planned: PlannedRow {
            row: line,
            wanted: required(row, 1)?,
            verdict: verdict(row, 2)?,
            before,
            steps: Vec::new(),
            findings: optional(row, 4)?.unwrap_or_default(),
        },
        outcome,
        ended_at: moment(row, 11)?,
        losses: Vec::new(),
    })
}

/// The numbers that the steps of a row took from people. A number that was refused to whom it was to go is free.
fn lost(steps: &[(Step, StepState)], wanted: &Wanted) -> Vec<Loss> {
    let is_given = |number: &str| {
        steps.iter().any(|(step, state)| {
            matches!(&step.change, Change::Assign { number: own, .. } if own == number)
                && !matches!(
                    state,
                    StepState::Waiting | StepState::Ended(Ending::Failed | Ending::Skipped)
                )
        })
    };
    let losses = steps.iter().filter_map(|(step, state)| {
        let ending = match state {
            StepState::Waiting | StepState::Ended(Ending::Already | Ending::Failed | Ending::Skipped) => return None,
            StepState::Ended(ending) => *ending,
            StepState::Sending | StepState::Accepted => Ending::Pending,
        };
        let mut loss = Loss::of(step, wanted)?;
        loss.ending = Some(ending);
        if !is_given(&loss.number) {
            loss.to = None;
        }
        Some(loss)
    });
    losses.collect()
}

fn held_number(row: &Row<'_>) -> rusqlite::Result<HeldNumber> {
    Ok(HeldNumber {
        number: row.get(0)?,
        row: row.get(1)?,
        until: moment(row, 2)?.unwrap_or(Timestamp::MAX),
    })
}
