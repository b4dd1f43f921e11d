//! Creates a journal from a plan, or opens one to resume it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior, params};
use trunkline::{Change, Timestamp};

use super::claim::{Claim, PlanClaim};
use super::entry::{json, moment};
use super::fault;
use super::guard::Guard;
use super::place::{Lock, Place};
use super::reader::read_header;
use super::runner::Runner;
use super::schema;
use super::wholeness::{self, Outside};
use crate::error::{BulkError, BulkErrorKind};
use crate::plan::{Plan, PlannedRow};

/// A journal to be opened for writing.
#[derive(Debug)]
pub(crate) struct Opening {
    pub(crate) path: PathBuf,
    /// The plan to apply; absent when a journal is resumed.
    pub(crate) plan: Option<Arc<Plan>>,
    pub(crate) now: Timestamp,
    /// Time for which numbers that planning picked are reserved.
    pub(crate) reservation: Duration,
    /// The tenant and cloud that the journal must have.
    pub(crate) owner: Owner,
    /// Who starts the run; absent when the token does not say.
    pub(crate) runner: Option<Runner>,
    /// The address of the service: plans for an emulator are no plans for the service.
    pub(crate) endpoint: String,
}

/// The tenant and cloud of a plan or journal.
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
    /// Number of groups of entries that were committed so far.
    pub(super) commits: u64,
    /// The last moment that an earlier run wrote.
    pub(crate) last_moment: Option<Timestamp>,
    /// The reason why a second run with the same plan would not be noticed.
    pub(crate) unclaimed: Option<String>,
}

/// The locks that a run holds while it writes.
#[derive(Debug)]
pub(super) struct Hold {
    pub(super) connection: Connection,
    pub(super) guard: Guard,
    pub(super) lock: Lock,
    /// Given back last.
    pub(super) _claim: Option<PlanClaim>,
}

impl Owner {
    /// Refuses what belongs to somebody else.
    pub(crate) fn check(&self, thing: &str, tenant: &str, cloud: &str) -> Result<(), BulkError> {
        let refuse = |what: String| {
            let step = "Sign in to that tenant and cloud, or create a new plan";
            Err(BulkError::new(BulkErrorKind::OtherTenant, what, step))
        };
        if !cloud.eq_ignore_ascii_case(&self.cloud) {
            return refuse(format!(
                "the {thing} is for the cloud {cloud}, but the client is for {}",
                self.cloud
            ));
        }
        if !tenant.eq_ignore_ascii_case(&self.tenant) {
            return refuse(format!(
                "the {thing} is for tenant {tenant}, but the client is for {}",
                self.tenant
            ));
        }
        Ok(())
    }
}

impl Opening {
    pub(super) fn execute(self) -> Result<(Hold, Opened), BulkError> {
        if let Some(plan) = &self.plan {
            self.owner.check("plan", &plan.header.tenant, &plan.header.cloud)?;
        }
        let place = Place::new(&self.path)?;
        if self.plan.is_none() && !place.exists() {
            return Err(BulkError::new(
                BulkErrorKind::Journal,
                "there is no journal at this path",
                "Check the path, or apply the plan",
            ));
        }
        let mut lock = place.lock()?;
        let mut digest = self.plan.as_ref().map(|plan| plan.digest());
        let resumed = place.exists();
        if resumed {
            let outside = Outside::of(&place, lock.last_note());
            digest = Some(self.look(&place, &outside, digest.as_deref())?);
        }
        let digest = digest.unwrap_or_default();
        let (claim, unclaimed) = match self.claim(&digest).take(place.path(), self.now)? {
            Ok(claim) => (Some(claim), None),
            Err(why) => (None, Some(why)),
        };
        if let (false, Some(plan)) = (resumed, &self.plan) {
            place.create(|connection| self.fill(connection, plan, &digest))?;
        }
        let connection = place.open()?;
        set_up(&connection)
            .and_then(|()| schema::upgrade(&connection))
            .map_err(fault::writing)?;
        let commits = wholeness::commits(&connection)?;
        wholeness::begin(&connection, &mut lock, commits)?;
        let last_moment = if resumed { last_moment(&connection)? } else { None };
        connection
            .execute(
                "INSERT INTO run (started_at, process, version) VALUES (?1, ?2, ?3)",
                params![moment(self.now), std::process::id(), env!("CARGO_PKG_VERSION")],
            )
            .map_err(fault::writing)?;
        let run = connection.last_insert_rowid();
        if let Some(runner) = &self.runner {
            connection
                .execute(
                    "INSERT INTO runner (run, who) VALUES (?1, ?2)",
                    params![run, json(runner)],
                )
                .map_err(fault::writing)?;
        }
        let opened = Opened {
            commits,
            resumed,
            run,
            last_moment,
            unclaimed,
        };
        let hold = Hold {
            connection,
            guard: Guard::new(&place)?,
            lock,
            _claim: claim,
        };
        Ok((hold, opened))
    }

    fn claim(&self, digest: &str) -> Claim {
        Claim::new(&[digest, &self.owner.tenant, &self.owner.cloud, &self.endpoint])
    }

    /// Looks at an existing file without changing it. Gives the digest of its plan.
    fn look(&self, place: &Place, outside: &Outside, digest: Option<&str>) -> Result<String, BulkError> {
        let connection = place.open_to_read()?;
        schema::recognise(&connection)?;
        schema::check(&connection)?;
        let header = read_header(&connection)?;
        self.owner.check("journal", &header.tenant, &header.cloud)?;
        match digest {
            Some(digest) if digest != header.plan_digest => Err(BulkError::new(
                BulkErrorKind::OtherPlan,
                "the journal belongs to another plan",
                "Choose another path for the journal, or resume this one without a plan",
            )),
            _ => {
                outside.check(&connection)?;
                Ok(header.plan_digest)
            }
        }
    }

    /// Writes the plan in one transaction: a journal has all rows or none.
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
    connection
        .prepare_cached("INSERT INTO row (line, wanted, verdict, before, findings) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![
            row.row,
            json(&row.wanted),
            row.verdict.name(),
            row.before.as_ref().map(json),
            (!row.findings.is_empty()).then(|| json(&row.findings)),
        ])?;
    for (position, step) in (0_u16..).zip(&row.steps) {
        connection
            .prepare_cached("INSERT INTO step (line, position, action, needs, expects) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![
                row.row,
                position,
                json(&step.change),
                (!step.needs.is_empty()).then(|| json(&step.needs)),
                json(&step.expects),
            ])?;
    }
    if let Some(Change::Assign {
        number, picked: true, ..
    }) = row.wanted.change()
    {
        connection
            .prepare_cached("INSERT OR REPLACE INTO reservation VALUES (?1, ?2, ?3)")?
            .execute(params![number, row.row, reserved_until])?;
    }
    Ok(())
}

pub(super) fn set_up(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(32);
    // Another program may have changed the mode of a journal that is taken up again. The cache, in KiB, holds the rows of
    // all orders that are waited for: otherwise they are read back to be ended.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
         PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -8192;",
    )
}

fn last_moment(connection: &Connection) -> Result<Option<Timestamp>, BulkError> {
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
