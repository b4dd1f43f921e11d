//! Events of a run: one value per change, also as JSON lines.

use serde::{Deserialize, Serialize};

use crate::apply::Narrowed;
use crate::outcome::{Failure, RowOutcome, Summary};
use crate::plan::StepId;

/// An event while a plan is applied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum Event {
    /// The run begins, or goes on.
    Started {
        /// Rows of the plan.
        rows: u64,
        /// Rows that had ended before, in an earlier run.
        ended: u64,
        /// Whether the journal held an earlier run.
        resumed: bool,
    },
    /// Options of the run leave rows out: see [`ApplyOptions::rows`](crate::ApplyOptions::rows).
    Narrowed(Narrowed),
    /// A request that changes something is about to be sent; the journal has it.
    Sending {
        /// The step.
        step: StepId,
        /// The operation of the spec, for instance `numberAssignments.assignNumber`.
        operation: String,
    },
    /// The service accepted an order.
    Accepted {
        /// The step.
        step: StepId,
        /// The service's id of the operation.
        operation_id: String,
    },
    /// A row ended.
    Row(Box<RowOutcome>),
    /// A row was left open although nothing stopped the run: a later run takes it up.
    Left {
        /// The row in the file; the header is row 1.
        row: u32,
        /// The reason why it did not end.
        failure: Box<Failure>,
    },
    /// A number was taken from its holder and could not be given, so no further number is taken for another row. The
    /// run goes on with rows that take nothing for others and ends as stopped.
    Braked {
        /// The row whose number was taken and not given.
        row: u32,
        /// Rows that stay open because of it.
        rows: u64,
    },
    /// Something an administrator should know of the run: the computer's clock jumped, for instance.
    Warned {
        /// In a sentence.
        what: String,
    },
    /// Progress of the run; sent at most a few times a second.
    Progress(Progress),
    /// The run ended: everything is done that could be.
    Ended(Summary),
}

/// The progress of a run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// Number of rows by result, those of earlier runs included. `rows` counts those that have ended.
    pub summary: Summary,
    /// All rows of the plan.
    pub rows: u64,
    /// Steps that are being carried out.
    pub in_flight: u32,
    /// Requests sent in this run.
    pub requests: u64,
    /// Number of these answers with status 429.
    pub throttled: u64,
    /// Rows ended per second, over the last seconds.
    pub rows_per_second: f64,
    /// Requests per second that the service lets us send now; absent when nothing limits them.
    pub allowed_rate: Option<f64>,
    /// Seconds for which the service asked to send nothing.
    pub paused_for: Option<f64>,
    /// Seconds to the end at the present rate.
    pub seconds_left: Option<f64>,
}
