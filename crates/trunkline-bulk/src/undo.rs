//! The way back: a plan that restores what a journal says things were like before.

use trunkline::Client;

use crate::Bulk;
use crate::error::BulkError;
use crate::journal::{Journal, JournalHeader, JournalRow};
use crate::outcome::Ending;
use crate::plan::{Finding, Plan, PlanOptions, PlannedRow, Severity, State, Verdict, Wanted, plan_wanted};
use crate::verify::check_owner;

impl Bulk {
    /// Plans how to bring back what the rows of a journal changed. Apply it with a journal of its own.
    ///
    /// Rows that changed nothing are left out. A row whose thing somebody else changed since is refused with the finding
    /// `changedSince`: undoing it would undo theirs.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify).
    ///
    /// ```no_run
    /// use trunkline_bulk::{ApplyOptions, Bulk, Journal};
    ///
    /// # async fn run(client: trunkline::Client) -> Result<(), trunkline_bulk::BulkError> {
    /// let bulk = Bulk::new(&client);
    /// let back = bulk.undo(&Journal::open("numbers.journal")?).await?;
    /// bulk.apply(back, "undo.journal", &ApplyOptions::new()).run(|_| ()).await?;
    /// # Ok(()) }
    /// ```
    pub fn undo(&self, journal: &Journal) -> impl Future<Output = Result<Plan, BulkError>> + Send + use<> {
        // A journal stays on its thread: what waits for the service holds nothing of it.
        let back = Back::read(journal);
        let client = self.client.clone();
        async move { back?.plan(&client).await }
    }
}

/// What a journal says things were like before.
struct Back {
    header: JournalHeader,
    wanted: Vec<(u32, Wanted)>,
    /// The row that each of them undoes.
    originals: Vec<PlannedRow>,
}

impl Back {
    fn read(journal: &Journal) -> Result<Self, BulkError> {
        let header = journal.header()?;
        let mut wanted = Vec::new();
        let mut originals = Vec::new();
        let mut further = Vec::new();
        let mut last = 0;
        for row in journal.rows() {
            let row = row?;
            last = last.max(row.planned.line);
            if !may_have_changed(&row) {
                continue;
            }
            for (at, back) in row.planned.reverse().into_iter().enumerate() {
                if at == 0 {
                    wanted.push((row.planned.line, back));
                    originals.push(row.planned.clone());
                } else {
                    further.push((back, row.planned.clone()));
                }
            }
        }
        // What a row released besides its own number gets a line of its own, behind those of the file.
        for (at, (back, original)) in further.into_iter().enumerate() {
            wanted.push((last + 1 + u32::try_from(at).unwrap_or(u32::MAX), back));
            originals.push(original);
        }
        Ok(Self {
            header,
            wanted,
            originals,
        })
    }

    async fn plan(self, client: &Client) -> Result<Plan, BulkError> {
        let Self {
            header,
            wanted,
            originals,
        } = self;
        check_owner(client, &header).await?;
        let mut plan = plan_wanted(client, wanted, &header.plan_digest, &PlanOptions::default()).await?;
        for (row, original) in plan.rows.iter_mut().zip(&originals) {
            if row.verdict == Verdict::Change && is_changed_since(row, original) {
                row.verdict = Verdict::Refused;
                row.steps.clear();
                row.findings.insert(
                    0,
                    Finding {
                        severity: Severity::Error,
                        code: "changedSince".to_owned(),
                        what: "somebody changed it after the journal's run".to_owned(),
                        next_step: "Look at it, and change it by a file of its own if need be".to_owned(),
                    },
                );
            }
        }
        Ok(plan)
    }
}

/// Whether anything of the row may have been carried out.
fn may_have_changed(row: &JournalRow) -> bool {
    let Some(outcome) = &row.outcome else {
        return true;
    };
    match outcome.ending {
        Ending::Done | Ending::Pending | Ending::Unknown => true,
        // The first of several steps may have gone well.
        Ending::Failed | Ending::Skipped => !outcome.request_ids.is_empty() && row.planned.steps.len() > 1,
        Ending::Already => false,
    }
}

/// Whether the thing is neither as the row left it nor as it was before.
fn is_changed_since(back: &PlannedRow, original: &PlannedRow) -> bool {
    let target = |wanted: &Wanted| match wanted {
        Wanted::Assign { to, .. } => to.id.clone(),
        _ => None,
    };
    match &back.before {
        Some(State::Number(live)) => match (&back.wanted, &original.wanted) {
            (
                Wanted::SetLocation { location: before, .. },
                Wanted::SetLocation { location: left, .. } | Wanted::Assign { location: left, .. },
            ) => live.location != *left && live.location != *before,
            _ => {
                let known = [target(&original.wanted), target(&back.wanted)];
                live.holder.is_some() && !known.contains(&live.holder)
            }
        },
        Some(State::Phone(live)) => match (&original.wanted, &original.before) {
            (Wanted::SetPhone { number, .. }, Some(State::Phone(before))) => {
                live.number.as_ref() != Some(number) && live.number != before.number
            }
            (Wanted::RemovePhone { .. }, Some(State::Phone(before))) => {
                live.number.is_some() && live.number != before.number
            }
            _ => false,
        },
        None => false,
    }
}
