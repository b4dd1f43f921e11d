//! Verify: checks which changes of a run are still in place.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use trunkline::{Client, Timestamp};
use trunkline_core::backoff::Backoff;

use crate::Bulk;
use crate::apply::owner;
use crate::error::BulkError;
use crate::journal::{Journal, JournalHeader};
use crate::outcome::Ending;
use crate::plan::{PlanOptions, State, Verdict, Wanted, plan_wanted};

/// The verdict on a row that could be changed.
const OTHERWISE: &str = "it differs from the row";

/// Default time for which recently changed rows are read until they are in place.
const WITHIN: Duration = Duration::from_secs(30);

/// Age up to which a change counts as recent, so that readings may not show it yet.
const LATELY: Duration = Duration::from_secs(600);

const BACKOFF: Backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(15));

/// A row of a journal, compared with the live state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VerifiedRow {
    /// The row in the file; the header is row 1.
    pub row: u32,
    /// The change that the row asks for.
    pub wanted: Wanted,
    /// The result of the row; absent while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
    /// Whether the live state is as the row asks for.
    pub holds: bool,
    /// The current state; absent when it was not found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<State>,
    /// The reason why it is not in place, as a new plan would state it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
}

impl VerifiedRow {
    /// Whether the row had ended well and does not hold any more: somebody changed it since.
    #[must_use]
    pub fn has_drifted(&self) -> bool {
        !self.holds && self.ending.is_some_and(Ending::is_good)
    }
}

impl Bulk {
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
        self.verify_within(journal, WITHIN)
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
