//! Making a journal from a plan, or taking one up again.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior, params};
use trunkline::Timestamp;

use super::entry::{json, moment, prepared};
use super::fault::{self, Fault};
use super::place::{Lock, Place};
use super::reader::read_header;
use super::schema;
use crate::error::BulkErrorKind;
use crate::plan::{Plan, PlannedRow, Wanted};

/// A journal to be opened for writing.
#[derive(Debug)]
pub(crate) struct Opening {
    pub(crate) path: PathBuf,
    /// What is to be applied; absent when a journal is only taken up again.
    pub(crate) plan: Option<Arc<Plan>>,
    pub(crate) now: Timestamp,
    /// How long numbers that planning picked are reserved.
    pub(crate) reservation: Duration,
    /// Whose the journal has to be.
    pub(crate) owner: Owner,
}

/// Whose a plan or journal is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) tenant: String,
    pub(crate) cloud: String,
}

/// A journal that was opened for writing.
#[derive(Debug)]
pub(crate) struct Opened {
    /// Whether it was there before.
    pub(crate) resumed: bool,
    pub(super) run: i64,
    /// How many groups of entries were committed so far.
    pub(super) commits: u64,
    /// The last moment that an earlier run wrote.
    pub(crate) last_moment: Option<Timestamp>,
}

impl Owner {
    /// Refuses what belongs to somebody else.
    pub(crate) fn check(&self, thing: &str, tenant: &str, cloud: &str) -> Result<(), Fault> {
        let refuse = |what: String| {
            let step = "Sign in to the tenant and cloud it was made for, or make a new plan";
            Err(Fault::new(BulkErrorKind::OtherTenant, what, step))
        };
        if !cloud.eq_ignore_ascii_case(&self.cloud) {
            return refuse(format!(
                "the {thing} is for the cloud {cloud}, and the client for {}",
                self.cloud
            ));
        }
        if !tenant.eq_ignore_ascii_case(&self.tenant) {
            return refuse(format!(
                "the {thing} is for tenant {tenant}, and the client for {}",
                self.tenant
            ));
        }
        Ok(())
    }
}

impl Opening {
    pub(super) fn carry_out(self) -> Result<(Connection, Lock, Opened), Fault> {
        if let Some(plan) = &self.plan {
            self.owner.check("plan", &plan.header.tenant, &plan.header.cloud)?;
        }
        let place = Place::new(&self.path)?;
        if self.plan.is_none() && !place.exists() {
            return Err(Fault::new(
                BulkErrorKind::Journal,
                "there is no journal at this path",
                "Check the path, or apply the plan",
            ));
        }
        let mut lock = place.lock()?;
        let digest = self.plan.as_ref().map(|plan| plan.digest());
        let resumed = place.exists();
        if resumed {
            self.look(&place, digest.as_deref())?;
        } else if let Some(plan) = &self.plan {
            place.create(|connection| self.fill(connection, plan, digest.as_deref().unwrap_or_default()))?;
        }
        let connection = place.open()?;
        set_up(&connection)
            .and_then(|()| schema::upgrade(&connection))
            .map_err(fault::writing)?;
        let commits = commits(&connection)?;
        if resumed && lock.noted().is_some_and(|noted| noted > commits + 1) {
            return Err(fault::damaged(
                "its last entries are missing, and with them its -wal file or a part of it",
            ));
        }
        lock.note(commits).map_err(|error| fault::opening(&error))?;
        let last_moment = if resumed { last_moment(&connection)? } else { None };
        connection
            .execute(
                "INSERT INTO run (started_at, process, version) VALUES (?1, ?2, ?3)",
                params![moment(self.now), std::process::id(), env!("CARGO_PKG_VERSION")],
            )
            .map_err(fault::writing)?;
        let run = connection.last_insert_rowid();
        let opened = Opened {
            commits,
            resumed,
            run,
            last_moment,
        };
        Ok((connection, lock, opened))
    }

    /// Looks at an existing file without changing it.
    fn look(&self, place: &Place, digest: Option<&str>) -> Result<(), Fault> {
        let connection = place.open_to_read()?;
        schema::recognise(&connection)?;
        schema::check(&connection)?;
        let header = read_header(&connection)?;
        self.owner.check("journal", &header.tenant, &header.cloud)?;
        match digest {
            Some(digest) if digest != header.plan_digest => Err(Fault::new(
                BulkErrorKind::OtherPlan,
                "the journal belongs to another plan",
                "Give another path for the journal, or resume this one without a plan",
            )),
            _ => Ok(()),
        }
    }

    /// Everything of the plan, in one transaction: a journal has all rows or none.
    fn fill(&self, connection: &mut Connection, plan: &Plan, digest: &str) -> rusqlite::Result<()> {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        schema::create(&transaction)?;
        let header = &plan.header;
        for (key, value) in [
            ("format", "trunkline-journal"),
            ("tenant", &header.tenant),
            ("cloud", &header.cloud),
            ("planDigest", digest),
            ("sourceDigest", &header.source_digest),
            ("planned", &header.created),
            ("created", &moment(self.now)),
            ("writer", env!("CARGO_PKG_VERSION")),
            ("commits", "0"),
            ("options", &header.options.to_string()),
        ] {
            transaction.execute("INSERT INTO journal VALUES (?1, ?2)", [key, value])?;
        }
        if let Some(source) = &header.source {
            transaction.execute("INSERT INTO journal VALUES ('source', ?1)", [json(source)])?;
        }
        let until = moment(self.now.checked_add(self.reservation).unwrap_or(Timestamp::MAX));
        for row in &plan.rows {
            insert(&transaction, row, &until)?;
        }
        transaction.commit()
    }
}

fn insert(connection: &Connection, row: &PlannedRow, reserved_until: &str) -> rusqlite::Result<()> {
    prepared(
        connection,
        "INSERT INTO row (line, wanted, verdict, before, findings) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        row.line,
        json(&row.wanted),
        row.verdict.name(),
        row.before.as_ref().map(json),
        (!row.findings.is_empty()).then(|| json(&row.findings)),
    ])?;
    for (position, step) in (0_u16..).zip(&row.steps) {
        prepared(
            connection,
            "INSERT INTO step (line, position, action, needs, expects) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            row.line,
            position,
            json(&step.action),
            (!step.needs.is_empty()).then(|| json(&step.needs)),
            json(&step.expects),
        ])?;
    }
    if let Wanted::Assign {
        number, picked: true, ..
    } = &row.wanted
    {
        prepared(connection, "INSERT OR REPLACE INTO reservation VALUES (?1, ?2, ?3)")?.execute(params![
            number,
            row.line,
            reserved_until
        ])?;
    }
    Ok(())
}

fn set_up(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(32);
    // Another program may have changed the mode of a journal that is taken up again. The cache, in KiB, holds the rows of
    // all orders that are waited for: otherwise they are read back to be ended.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
         PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -8192;",
    )
}

fn commits(connection: &Connection) -> Result<u64, Fault> {
    let text: String = connection
        .query_row("SELECT value FROM journal WHERE key = 'commits'", [], |row| row.get(0))
        .map_err(fault::reading)?;
    text.parse()
        .map_err(|_| fault::damaged("its count of commits is no number"))
}

fn last_moment(connection: &Connection) -> Result<Option<Timestamp>, Fault> {
    let last: Option<String> = connection
        .query_row(
            "SELECT max(at) FROM (SELECT max(started_at) AS at FROM run UNION ALL SELECT max(ended_at) FROM run \
             UNION ALL SELECT max(at) FROM tick UNION ALL SELECT max(ended_at) FROM row \
             UNION ALL SELECT max(sent_at) FROM step)",
            [],
            |row| row.get(0),
        )
        .map_err(fault::reading)?;
    Ok(last.and_then(|text| text.parse().ok()))
}
