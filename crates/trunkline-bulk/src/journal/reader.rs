//! Reading a journal: for reports, verifying, undoing and exporting, and for the engine itself.

use std::path::Path;

use rusqlite::types::FromSqlError;
use rusqlite::{Connection, Row, params};
use serde::de::DeserializeOwned;
use trunkline::Timestamp;

use super::entry::{StepState, Tick, prepared};
use super::fault::{self, Fault};
use super::place::Place;
use super::schema;
use crate::error::BulkError;
use crate::outcome::{Ending, RowOutcome, Summary};
use crate::plan::{PlannedRow, State, Step, StepId, Verdict};

/// What a journal says of itself.
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
    /// As it was planned.
    pub planned: PlannedRow,
    /// Absent while the row is open.
    pub outcome: Option<RowOutcome>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
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
}

/// A number that is kept for a row, or kept from being given out again.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Kept {
    /// E.164.
    pub number: String,
    /// The row it is reserved for; absent for a number in quarantine.
    pub line: Option<u32>,
    /// Until when.
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
///     println!("{} {:?}", row.planned.line, row.outcome.map(|outcome| outcome.ending));
/// }
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Journal {
    connection: Connection,
}

/// What the engine knows of a step from the start.
#[derive(Debug)]
pub(crate) struct StepSketch {
    pub(crate) id: StepId,
    pub(crate) state: StepState,
    pub(crate) needs: Vec<StepId>,
}

/// What the engine knows of a row from the start.
#[derive(Debug)]
pub(crate) struct RowSketch {
    pub(crate) line: u32,
    pub(crate) verdict: Verdict,
    pub(crate) ending: Option<Ending>,
}

/// A step as it is carried out.
#[derive(Debug)]
pub(crate) struct LoadedStep {
    pub(crate) id: StepId,
    pub(crate) step: Step,
    pub(crate) state: StepState,
    pub(crate) operation_id: Option<String>,
    pub(crate) token: Option<String>,
    /// How what its row is about was when the plan was made.
    pub(crate) before: Option<State>,
}

/// What earlier steps of a row, in earlier runs, left behind.
#[derive(Debug)]
pub(crate) struct Remains {
    pub(crate) ending: Ending,
    pub(crate) request_ids: Vec<String>,
    pub(crate) warnings: Vec<String>,
    pub(crate) operation_id: Option<String>,
    pub(crate) failure: Option<crate::outcome::Failure>,
    pub(crate) after: Option<State>,
}

impl Journal {
    /// Opens a journal.
    ///
    /// # Errors
    ///
    /// [`BulkErrorKind::Journal`](crate::BulkErrorKind::Journal) when there is none, it is damaged, or it is of a newer version.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, BulkError> {
        let place = Place::new(path.as_ref())?;
        let connection = place.open_to_read()?;
        connection
            .busy_timeout(std::time::Duration::from_secs(5))
            .map_err(fault::reading)?;
        schema::recognise(&connection)?;
        Ok(Self { connection })
    }

    /// What the journal says of itself.
    ///
    /// # Errors
    ///
    /// [`BulkErrorKind::Journal`](crate::BulkErrorKind::Journal) when it is damaged. So for every method here.
    pub fn header(&self) -> Result<JournalHeader, BulkError> {
        Ok(read_header(&self.connection)?)
    }

    /// How many rows the plan has.
    ///
    /// # Errors
    ///
    /// As [`header`](Self::header).
    pub fn row_count(&self) -> Result<u64, BulkError> {
        let count: i64 = self
            .connection
            .query_row("SELECT count(*) FROM row", [], |row| row.get(0))
            .map_err(fault::reading)?;
        Ok(count.unsigned_abs())
    }

    /// How many rows ended how; `rows` counts those that have ended.
    ///
    /// # Errors
    ///
    /// As [`header`](Self::header).
    pub fn summary(&self) -> Result<Summary, BulkError> {
        let mut summary = Summary::default();
        let mut statement = prepared(
            &self.connection,
            "SELECT ending, count(*) FROM row WHERE ending IS NOT NULL GROUP BY ending",
        )
        .map_err(fault::reading)?;
        let mut rows = statement.query([]).map_err(fault::reading)?;
        while let Some(row) = rows.next().map_err(fault::reading)? {
            let ending = ending(row, 0).map_err(fault::reading)?;
            let count: i64 = row.get(1).map_err(fault::reading)?;
            if let Some(ending) = ending {
                summary.count_many(ending, count.unsigned_abs());
            }
        }
        Ok(summary)
    }

    /// Every row in order of its line. A page of rows is in memory at a time, and no lock is held between pages.
    pub fn rows(&self) -> impl Iterator<Item = Result<JournalRow, BulkError>> + '_ {
        Rows {
            journal: self,
            page: Vec::new().into_iter(),
            after: None,
        }
    }

    /// The first rows behind a line, at most so many: for whoever cannot hold on to [`rows`](Self::rows).
    ///
    /// # Errors
    ///
    /// As [`header`](Self::header).
    pub fn rows_after(&self, line: Option<u32>, count: u32) -> Result<Vec<JournalRow>, BulkError> {
        self.page(line.map(i64::from), count)
    }

    /// One row.
    ///
    /// # Errors
    ///
    /// As [`header`](Self::header).
    pub fn row(&self, line: u32) -> Result<Option<JournalRow>, BulkError> {
        let page = self.page(Some(i64::from(line) - 1), 1)?;
        Ok(page.into_iter().find(|row| row.planned.line == line))
    }

    /// The timeline, in order of time.
    ///
    /// # Errors
    ///
    /// As [`header`](Self::header).
    pub fn ticks(&self) -> Result<Vec<Tick>, BulkError> {
        const SQL: &str =
            "SELECT at, sent, throttled, ended, in_flight, allowed_rate, paused_for FROM tick ORDER BY rowid";
        self.collect(SQL, |row| {
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
    /// As [`header`](Self::header).
    pub fn runs(&self) -> Result<Vec<Run>, BulkError> {
        self.collect("SELECT id, started_at, ended_at, version FROM run ORDER BY id", |row| {
            Ok(Run {
                id: row.get(0)?,
                started_at: moment(row, 1)?.unwrap_or(Timestamp::UNIX_EPOCH),
                ended_at: moment(row, 2)?,
                version: row.get(3)?,
            })
        })
    }

    /// Numbers that planning picked and that no row has taken yet.
    ///
    /// # Errors
    ///
    /// As [`header`](Self::header).
    pub fn reservations(&self) -> Result<Vec<Kept>, BulkError> {
        self.collect("SELECT number, line, until FROM reservation ORDER BY number", kept)
    }

    /// Numbers that were released and are not to be given out yet.
    ///
    /// # Errors
    ///
    /// As [`header`](Self::header).
    pub fn quarantine(&self) -> Result<Vec<Kept>, BulkError> {
        self.collect("SELECT number, NULL, until FROM quarantine ORDER BY number", kept)
    }

    fn collect<T>(&self, sql: &str, read: impl Fn(&Row<'_>) -> rusqlite::Result<T>) -> Result<Vec<T>, BulkError> {
        let collected = prepared(&self.connection, sql).and_then(|mut statement| {
            statement
                .query_map([], |row| read(row))?
                .collect::<rusqlite::Result<Vec<T>>>()
        });
        Ok(collected.map_err(fault::reading)?)
    }

    fn page(&self, after: Option<i64>, size: u32) -> Result<Vec<JournalRow>, BulkError> {
        let read = || -> rusqlite::Result<Vec<JournalRow>> {
            let mut statement = prepared(
                &self.connection,
                "SELECT line, wanted, verdict, before, findings, ending, failure, after, request_ids, operations, \
                 warnings, ended_at FROM row WHERE line > ?1 ORDER BY line LIMIT ?2",
            )?;
            statement
                .query_map(params![after.unwrap_or(-1), size], journal_row)?
                .collect()
        };
        let mut page = read().map_err(fault::reading)?;
        for row in &mut page {
            row.planned.steps = self.steps(row.planned.line).map_err(fault::reading)?;
        }
        Ok(page)
    }

    fn steps(&self, line: u32) -> rusqlite::Result<Vec<Step>> {
        prepared(
            &self.connection,
            "SELECT action, needs, expects FROM step WHERE line = ?1 ORDER BY position",
        )?
        .query_map([line], |row| {
            Ok(Step {
                action: required(row, 0)?,
                needs: optional(row, 1)?.unwrap_or_default(),
                expects: required(row, 2)?,
            })
        })?
        .collect()
    }

    pub(crate) fn step_sketches(&self) -> Result<Vec<StepSketch>, BulkError> {
        self.collect(
            "SELECT line, position, state, needs FROM step ORDER BY line, position",
            |row| {
                Ok(StepSketch {
                    id: StepId(row.get(0)?, row.get(1)?),
                    state: state(row, 2)?,
                    needs: optional(row, 3)?.unwrap_or_default(),
                })
            },
        )
    }

    pub(crate) fn row_sketches(&self) -> Result<Vec<RowSketch>, BulkError> {
        self.collect("SELECT line, verdict, ending FROM row ORDER BY line", |row| {
            Ok(RowSketch {
                line: row.get(0)?,
                verdict: verdict(row, 1)?,
                ending: ending(row, 2)?,
            })
        })
    }

    pub(crate) fn load_step(&self, id: StepId) -> Result<LoadedStep, BulkError> {
        let loaded = self.load_steps(id, 1)?.into_iter().find(|step| step.id == id);
        Ok(loaded.ok_or_else(|| fault::damaged("one of its steps is missing"))?)
    }

    /// The steps from one on, in order, at most so many.
    pub(crate) fn load_steps(&self, from: StepId, count: usize) -> Result<Vec<LoadedStep>, BulkError> {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let read = || -> rusqlite::Result<Vec<LoadedStep>> {
            prepared(
                &self.connection,
                "SELECT step.line, position, action, expects, state, operation_id, token, before \
                 FROM step JOIN row ON row.line = step.line \
                 WHERE (step.line, position) >= (?1, ?2) ORDER BY step.line, position LIMIT ?3",
            )?
            .query_map(params![from.0, from.1, count], |row| {
                Ok(LoadedStep {
                    id: StepId(row.get(0)?, row.get(1)?),
                    step: Step {
                        action: required(row, 2)?,
                        needs: Vec::new(),
                        expects: required(row, 3)?,
                    },
                    state: state(row, 4)?,
                    operation_id: row.get(5)?,
                    token: row.get(6)?,
                    before: optional(row, 7)?,
                })
            })?
            .collect()
        };
        Ok(read().map_err(fault::reading)?)
    }

    pub(crate) fn before(&self, line: u32) -> Result<Option<State>, BulkError> {
        let before = prepared(&self.connection, "SELECT before FROM row WHERE line = ?1")
            .and_then(|mut statement| statement.query_row([line], |row| optional(row, 0)));
        Ok(before.map_err(fault::reading)?)
    }

    pub(crate) fn remains(&self, line: u32) -> Result<Vec<Remains>, BulkError> {
        let read = || -> rusqlite::Result<Vec<Remains>> {
            prepared(
                &self.connection,
                "SELECT state, request_ids, warnings, operation_id, failure, after FROM step \
                 WHERE line = ?1 AND state IN ('done', 'already', 'failed', 'skipped') ORDER BY position",
            )?
            .query_map([line], |row| {
                let ending = ending(row, 0)?.unwrap_or(Ending::Unknown);
                Ok(Remains {
                    ending,
                    request_ids: optional(row, 1)?.unwrap_or_default(),
                    warnings: optional(row, 2)?.unwrap_or_default(),
                    operation_id: row.get(3)?,
                    failure: optional(row, 4)?,
                    after: optional(row, 5)?,
                })
            })?
            .collect()
        };
        Ok(read().map_err(fault::reading)?)
    }
}

struct Rows<'j> {
    journal: &'j Journal,
    page: std::vec::IntoIter<JournalRow>,
    after: Option<i64>,
}

impl Iterator for Rows<'_> {
    type Item = Result<JournalRow, BulkError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(row) = self.page.next() {
            self.after = Some(i64::from(row.planned.line));
            return Some(Ok(row));
        }
        // A journal that cannot be read any more is told once.
        if self.after == Some(i64::MAX) {
            return None;
        }
        match self.journal.page(self.after, 256) {
            Ok(page) => {
                self.page = page.into_iter();
                let row = self.page.next()?;
                self.after = Some(i64::from(row.planned.line));
                Some(Ok(row))
            }
            Err(error) => {
                self.after = Some(i64::MAX);
                Some(Err(error))
            }
        }
    }
}

pub(super) fn read_header(connection: &Connection) -> Result<JournalHeader, Fault> {
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
            line,
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
            line,
            wanted: required(row, 1)?,
            verdict: verdict(row, 2)?,
            before,
            steps: Vec::new(),
            findings: optional(row, 4)?.unwrap_or_default(),
        },
        outcome,
        ended_at: moment(row, 11)?,
    })
}

fn kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
    Ok(Kept {
        number: row.get(0)?,
        line: row.get(1)?,
        until: moment(row, 2)?.unwrap_or(Timestamp::MAX),
    })
}

/// A value that is not what this crate writes there.
fn strange(index: usize, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(index, rusqlite::types::Type::Text, Box::new(error))
}

fn required<T: DeserializeOwned>(row: &Row<'_>, index: usize) -> rusqlite::Result<T> {
    let text = row.get_ref(index)?.as_str().map_err(|error| strange(index, error))?;
    serde_json::from_str(text).map_err(|error| strange(index, error))
}

fn optional<T: DeserializeOwned>(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<T>> {
    let text = row
        .get_ref(index)?
        .as_str_or_null()
        .map_err(|error| strange(index, error))?;
    text.map(|text| serde_json::from_str(text).map_err(|error| strange(index, error)))
        .transpose()
}

fn moment(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<Timestamp>> {
    let text = row
        .get_ref(index)?
        .as_str_or_null()
        .map_err(|error| strange(index, error))?;
    text.map(|text| text.parse().map_err(|_| strange(index, FromSqlError::InvalidType)))
        .transpose()
}

fn ending(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<Ending>> {
    let text = row
        .get_ref(index)?
        .as_str_or_null()
        .map_err(|error| strange(index, error))?;
    text.map(|text| Ending::from_name(text).ok_or_else(|| strange(index, FromSqlError::InvalidType)))
        .transpose()
}

fn state(row: &Row<'_>, index: usize) -> rusqlite::Result<StepState> {
    let text = row.get_ref(index)?.as_str().map_err(|error| strange(index, error))?;
    StepState::from_name(text).ok_or_else(|| strange(index, FromSqlError::InvalidType))
}

fn verdict(row: &Row<'_>, index: usize) -> rusqlite::Result<Verdict> {
    let text = row.get_ref(index)?.as_str().map_err(|error| strange(index, error))?;
    Verdict::from_name(text).ok_or_else(|| strange(index, FromSqlError::InvalidType))
}
