//! Whether what was done still holds.

use serde::{Deserialize, Serialize};
use trunkline::Client;

use crate::Bulk;
use crate::apply::owner;
use crate::error::BulkError;
use crate::journal::{Journal, JournalHeader};
use crate::outcome::Ending;
use crate::plan::{PlanOptions, State, Verdict, Wanted, plan_wanted};

/// What is said of a row that could be changed.
const OTHERWISE: &str = "it is not as the row asks for";

/// A row of a journal, compared with the live state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VerifiedRow {
    /// The line in the file.
    pub line: u32,
    /// What the row asks for.
    pub wanted: Wanted,
    /// How the row had ended; absent while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
    /// Whether the live state is as the row asks for.
    pub holds: bool,
    /// How it is now; absent when it was not found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<State>,
    /// Why it does not hold, as far as planning it again would say.
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
    ///         println!("line {}: {}", row.line, row.what.unwrap_or_default());
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    pub fn verify(
        &self,
        journal: &Journal,
    ) -> impl Future<Output = Result<Vec<VerifiedRow>, BulkError>> + Send + use<> {
        // A journal stays on its thread: what waits for the service holds nothing of it.
        let read = read(journal);
        let client = self.client.clone();
        async move {
            let (header, rows, endings) = read?;
            verify(&client, header, rows, endings).await
        }
    }
}

/// What a journal wants to be so.
type Read = (JournalHeader, Vec<(u32, Wanted)>, Vec<Option<Ending>>);

fn read(journal: &Journal) -> Result<Read, BulkError> {
    let mut rows = Vec::new();
    let mut endings = Vec::new();
    for row in journal.rows() {
        let row = row?;
        endings.push(row.outcome.map(|outcome| outcome.ending));
        rows.push((row.planned.line, row.planned.wanted));
    }
    Ok((journal.header()?, rows, endings))
}

async fn verify(
    client: &Client,
    header: JournalHeader,
    rows: Vec<(u32, Wanted)>,
    endings: Vec<Option<Ending>>,
) -> Result<Vec<VerifiedRow>, BulkError> {
    check_owner(client, &header).await?;
    let plan = plan_wanted(client, rows, &header.source_digest, &PlanOptions::default()).await?;
    let rows = plan.rows.into_iter().zip(endings);
    Ok(rows
        .map(|(row, ending)| VerifiedRow {
            line: row.line,
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
            ending,
            now: row.before,
        })
        .collect())
}

/// Refuses a journal of another tenant or cloud than the client's.
pub(crate) async fn check_owner(client: &Client, header: &JournalHeader) -> Result<(), BulkError> {
    Ok(owner(client).await?.check("journal", &header.tenant, &header.cloud)?)
}
