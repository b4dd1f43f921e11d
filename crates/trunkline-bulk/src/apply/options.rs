//! How a plan is applied.

use std::time::Duration;

use trunkline::Action;

use super::selection::{Narrowed, Selection};
use crate::error::{BulkError, BulkErrorKind};
use crate::journal::Journal;
use crate::plan::{Plan, PlanHeader};
use crate::row_ranges::RowRanges;

/// How a plan is applied.
///
/// ```
/// use std::time::Duration;
/// use trunkline_bulk::ApplyOptions;
///
/// let options = ApplyOptions::new().in_flight(16).timeout(Duration::from_secs(3600));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApplyOptions {
    pub(super) in_flight: usize,
    pub(super) proof: Duration,
    pub(super) order_timeout: Duration,
    pub(super) patience: Duration,
    pub(super) timeout: Option<Duration>,
    pub(super) repeat_after_read_back: bool,
    pub(super) reservation: Duration,
    pub(super) quarantine: Option<Duration>,
    pub(super) release_brake: bool,
    pub(super) selection: Selection,
}

impl Default for ApplyOptions {
    fn default() -> Self {
        Self {
            in_flight: 64,
            proof: Duration::from_secs(120),
            order_timeout: Duration::from_secs(600),
            patience: Duration::from_secs(600),
            timeout: None,
            repeat_after_read_back: true,
            reservation: Duration::from_secs(24 * 3600),
            quarantine: None,
            release_brake: false,
            selection: Selection::default(),
        }
    }
}

impl ApplyOptions {
    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many steps are carried out at once, those not counted that only wait for the service. Default: 64. How fast
    /// requests are sent is the client's pace.
    #[must_use]
    pub fn in_flight(mut self, steps: usize) -> Self {
        self.in_flight = steps;
        self
    }

    /// How long a thing whose change is in doubt has to be seen untouched before the change is sent once more. Default:
    /// two minutes.
    #[must_use]
    pub fn proof(mut self, time: Duration) -> Self {
        self.proof = time;
        self
    }

    /// How long an order may take before its row ends as pending. Default: ten minutes.
    #[must_use]
    pub fn order_timeout(mut self, time: Duration) -> Self {
        self.order_timeout = time;
        self
    }

    /// How long a row is tried again while the service is throttling, failing or out of reach. Default: ten minutes.
    #[must_use]
    pub fn patience(mut self, time: Duration) -> Self {
        self.patience = time;
        self
    }

    /// How long the run may take. Then nothing more is begun, and what waits is left to the next run. Default: no end.
    #[must_use]
    pub fn timeout(mut self, time: Duration) -> Self {
        self.timeout = Some(time);
        self
    }

    /// Whether a change whose answer was lost is sent once more, after the thing was seen untouched for all of the
    /// [`proof`](Self::proof). Default: yes, because it is the same number and the same holder: should the first order
    /// show up late, it changes nothing. Without it such a row ends as unknown.
    #[must_use]
    pub fn repeat_after_read_back(mut self, repeat: bool) -> Self {
        self.repeat_after_read_back = repeat;
        self
    }

    /// How long a number that planning picked stays reserved for its row. Default: a day.
    #[must_use]
    pub fn reservation(mut self, time: Duration) -> Self {
        self.reservation = time;
        self
    }

    /// How long a number that was released is not picked again. Default: not at all.
    #[must_use]
    pub fn quarantine(mut self, time: Duration) -> Self {
        self.quarantine = Some(time);
        self
    }

    /// Whether numbers are taken from their holders although one that was taken could not be given. Default: no.
    ///
    /// A move, a swap and a replacement take a number first and give one afterwards. At first one is on its way alone; each
    /// that is given lets one more be. After the first that the service refuses to give, no further number is taken, rows
    /// that take nothing go on, and the run ends with an error of kind [`BulkErrorKind::Stopped`]. Some tenants keep
    /// released numbers from being assigned; then everybody but the first keeps theirs.
    #[must_use]
    pub fn release_brake(mut self, release: bool) -> Self {
        self.release_brake = release;
        self
    }

    /// Carries out these rows of the plan only; the others stay open in the journal for a later run. Default: all.
    ///
    /// A row that waits for another one, as rows do that swap numbers, is left out with it. What an earlier run began is
    /// brought to its end in any case. So with [`only`](Self::only) and [`limit`](Self::limit);
    /// [`Event::Narrowed`](crate::Event::Narrowed) says how many rows are left out.
    #[must_use]
    pub fn rows(mut self, rows: RowRanges) -> Self {
        self.selection.rows = Some(rows);
        self
    }

    /// Carries out rows with these actions only. Default: with any.
    #[must_use]
    pub fn only(mut self, actions: impl IntoIterator<Item = Action>) -> Self {
        self.selection.only = actions.into_iter().collect();
        self
    }

    /// Carries out so many rows that change something, in the order of the file. Default: all.
    #[must_use]
    pub fn limit(mut self, rows: u64) -> Self {
        self.selection.limit = Some(rows);
        self
    }

    /// The rows of a plan that a first run with these options carries out, and how many it leaves out.
    ///
    /// # Errors
    ///
    /// [`BulkErrorKind::Option`] when the options mean no row of the plan.
    pub fn wave(&self, plan: &Plan) -> Result<(Plan, Narrowed), BulkError> {
        self.check()?;
        let choice = self.selection.of_plan(plan)?;
        let mut wave = plan.clone();
        wave.rows.retain(|row| !choice.left_out.contains(&row.row));
        Ok((wave, choice.narrowed))
    }

    /// The rows that a further run of a journal carries out with these options although every run so far
    /// [left them out](Journal::left_out), and how many it leaves out.
    ///
    /// # Errors
    ///
    /// [`BulkErrorKind::Option`] when the options mean no row of the plan, and the errors of the journal.
    pub fn further_wave(&self, journal: &Journal) -> Result<(Plan, Narrowed), BulkError> {
        self.check()?;
        let (rows, steps) = (journal.row_sketches()?, journal.step_sketches()?);
        let choice = self.selection.of_journal(journal, &rows, &steps)?;
        let (header, new) = (journal.header()?, journal.left_out()?);
        let mut wave = Plan {
            header: PlanHeader::new(header.tenant, header.cloud, header.source_digest),
            rows: Vec::new(),
        };
        wave.header.source = header.source;
        if !new.is_empty() {
            for row in journal.rows() {
                let planned = row?.planned;
                if new.contains(planned.row) && !choice.left_out.contains(&planned.row) {
                    wave.rows.push(planned);
                }
            }
        }
        Ok((wave, choice.narrowed))
    }

    pub(super) fn check(&self) -> Result<(), BulkError> {
        if self.in_flight == 0 {
            return Err(BulkError::new(
                BulkErrorKind::Option,
                "the limit of steps in flight is 0",
                "Set it to 1 or more",
            ));
        }
        self.selection.check()
    }
}
