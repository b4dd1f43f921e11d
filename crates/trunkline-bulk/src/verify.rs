//! Verify: checks which changes of a run are still in place.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use trunkline::{Client, Timestamp};
use trunkline_core::backoff::Backoff;

use crate::Bulk;
use crate::apply::owner;
use crate::error::{BulkError, BulkErrorKind};
use crate::file::unwritten;
use crate::journal::{Journal, JournalHeader};
use crate::outcome::Ending;
use crate::plan::{PlanOptions, Verdict, Wanted, plan_wanted};
use crate::verified_row::VerifiedRow;

/// The verdict on a row that could be changed.
const OTHERWISE: &str = "it differs from the row";

/// Age up to which a change counts as recent, so that readings may not show it yet.
const LATELY: Duration = Duration::from_secs(600);

const BACKOFF: Backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(15));

/// The rows of a journal that were verified, and whether the journal keeps the result.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Verified {
    /// The rows, in order.
    pub rows: Vec<VerifiedRow>,
    /// The reason why the journal does not have the result: another process works on it, or it cannot be written.
    pub not_kept: Option<BulkError>,
}

impl Bulk {
    /// How long [`verify`](Self::verify) reads recently changed rows until they are in place.
    pub const VERIFY_WITHIN: Duration = Duration::from_secs(30);

    /// Reads the live state of every row of a journal again, in batches, and says which rows hold. Nothing is changed.
    ///
    /// A row that was changed in the last ten minutes and does not hold is read again for half a minute, because a reading
    /// may come from a replica without the change: see [`verify_within`](Self::verify_within).
    ///
    /// # Errors
    ///
    /// [`Journal`](crate::BulkErrorKind::Journal) when the journal cannot be read,
    /// [`OtherTenant`](crate::BulkErrorKind::OtherTenant) when it is of another tenant or cloud, before anything is read,
    /// [`Service`](crate::BulkErrorKind::Service) when the state cannot be read.
    ///
    /// ```no_run
    /// use trunkline_bulk::{Bulk, Journal};
    ///
    /// # async fn run(client: trunkline::Client) -> Result<(), trunkline_bulk::BulkError> {
    /// for row in Bulk::new(&client).verify(&Journal::open("numbers.journal")?).await? {
    ///     if row.has_drifted() {
    ///         println!("row {}: {}", row.row, row.what.unwrap_or_default());
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    pub fn verify(
        &self,
        journal: &Journal,
    ) -> impl Future<Output = Result<Vec<VerifiedRow>, BulkError>> + Send + use<> {
        self.verify_within(journal, Self::VERIFY_WITHIN)
    }

    /// [`verify`](Self::verify), reading rows that were changed lately for so long until they hold; each row once with a
    /// time of zero.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify).
    pub fn verify_within(
        &self,
        journal: &Journal,
        time: Duration,
    ) -> impl Future<Output = Result<Vec<VerifiedRow>, BulkError>> + Send + use<> {
        // A journal stays on its thread: what waits for the service holds nothing of it.
        let read = read(journal);
        let client = self.client.clone();
        async move {
            let (header, rows) = read?;
            verify(&client, header, rows, time).await
        }
    }

    /// [`verify_within`](Self::verify_within), and keeps the result in the journal, where reports find it. That it cannot be
    /// kept is no error: [`Verified::not_kept`] says why.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify).
    pub fn verify_and_keep(
        &self,
        journal: &Journal,
        time: Duration,
    ) -> impl Future<Output = Result<Verified, BulkError>> + Send + use<> {
        // Before anything is read: what changes while it is read is not covered by the result.
        let at = self.client.core().clock().now();
        let (verifying, write) = (self.verify_within(journal, time), journal.keeper());
        async move {
            let rows = verifying.await?;
            Ok(keep(write, rows, at).await)
        }
    }
}

/// Writes a result on a thread of its own: nobody else waits for the disk.
async fn keep(
    write: impl FnOnce(&[VerifiedRow], Timestamp) -> Result<(), BulkError> + Send + 'static,
    rows: Vec<VerifiedRow>,
    at: Timestamp,
) -> Verified {
    let rows = Arc::new(rows);
    let (answer, written) = oneshot::channel();
    let own = rows.clone();
    let begun = std::thread::Builder::new()
        .name("trunkline-verify".to_owned())
        .spawn(move || {
            let not_kept = write(&own, at).err();
            drop(own);
            // Who does not wait any more does not need to know.
            let _ = answer.send(not_kept);
        });
    let not_kept = match (begun, written.await) {
        (_, Ok(not_kept)) => not_kept,
        (Err(error), Err(_)) => Some(unwritten(error)),
        (Ok(_), Err(_)) => {
            let what = "the journal could not be written";
            Some(BulkError::new(BulkErrorKind::Journal, what, "Verify again"))
        }
    };
    Verified {
        rows: Arc::unwrap_or_clone(rows),
        not_kept,
    }
}

/// A row as a journal has it.
struct Recorded {
    row: u32,
    wanted: Wanted,
    ending: Option<Ending>,
    ended_at: Option<Timestamp>,
}

impl Recorded {
    /// Whether the service accepted a change of it so lately that reading may not show it yet.
    fn may_show_later(&self, now: Timestamp) -> bool {
        let is_changed = matches!(self.ending, Some(Ending::Done | Ending::NotSeen | Ending::Pending));
        let is_late = |ended: Timestamp| now.duration_since(ended).unsigned_abs() <= LATELY;
        is_changed && self.ended_at.is_none_or(is_late)
    }
}

fn read(journal: &Journal) -> Result<(JournalHeader, Vec<Recorded>), BulkError> {
    let mut rows = Vec::new();
    for row in journal.rows() {
        let row = row?;
        rows.push(Recorded {
            row: row.planned.row,
            wanted: row.planned.wanted,
            ending: row.outcome.map(|outcome| outcome.ending),
            ended_at: row.ended_at,
        });
    }
    Ok((journal.header()?, rows))
}

async fn verify(
    client: &Client,
    header: JournalHeader,
    rows: Vec<Recorded>,
    time: Duration,
) -> Result<Vec<VerifiedRow>, BulkError> {
    check_owner(client, &header).await?;
    let clock = client.core().clock().clone();
    let (start, mut backoff) = (clock.elapsed(), BACKOFF);
    let mut verified = look(client, &header, rows.iter()).await?;
    loop {
        let now = clock.now();
        let wait = backoff.next_wait();
        let missing: Vec<usize> = (0..rows.len())
            .filter(|at| !verified[*at].holds && rows[*at].may_show_later(now))
            .collect();
        if missing.is_empty() || clock.elapsed().saturating_sub(start) + wait > time {
            return Ok(verified);
        }
        clock.sleep(wait).await;
        let again = look(client, &header, missing.iter().map(|at| &rows[*at])).await?;
        for (at, row) in missing.into_iter().zip(again) {
            verified[at] = row;
        }
    }
}

/// Reads rows once.
async fn look(
    client: &Client,
    header: &JournalHeader,
    rows: impl Iterator<Item = &Recorded> + Clone,
) -> Result<Vec<VerifiedRow>, BulkError> {
    let wanted = rows.clone().map(|row| (row.row, row.wanted.clone())).collect();
    let options = PlanOptions::default().base(true);
    let plan = plan_wanted(client, wanted, &header.source_digest, &options).await?;
    let planned = plan.rows.into_iter().zip(rows);
    Ok(planned
        .map(|(row, recorded)| VerifiedRow {
            row: row.row,
            holds: row.verdict == Verdict::Already,
            what: match row.verdict {
                Verdict::Already => None,
                Verdict::Change => Some(OTHERWISE.to_owned()),
                Verdict::Refused => {
                    // That it could not be put right does not say why it is wrong.
                    let mut findings = row.findings.into_iter();
                    let finding = findings.find(|finding| finding.code != "missingPermission");
                    Some(finding.map_or_else(|| OTHERWISE.to_owned(), |finding| finding.what))
                }
            },
            wanted: row.wanted,
            ending: recorded.ending,
            now: row.before,
        })
        .collect())
}

/// Refuses a journal of another tenant or cloud than the client's.
pub(crate) async fn check_owner(client: &Client, header: &JournalHeader) -> Result<(), BulkError> {
    owner(client).await?.check("journal", &header.tenant, &header.cloud)
}
