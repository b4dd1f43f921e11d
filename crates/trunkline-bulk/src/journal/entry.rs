//! The entries that are written while a plan is applied.

use std::fmt::Display;
use std::sync::Arc;

use rusqlite::{Transaction, named_params, params};
use serde::Serialize;
use trunkline::Timestamp;

use crate::outcome::{Ending, Failure, RowOutcome};
use crate::plan::{State, StepId};
use crate::row_ranges::RowRanges;

/// The key of [`Entry::LeftOut`] in the table `journal`.
pub(super) const LEFT_OUT: &str = "leftOut";

/// The state of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StepState {
    /// Nothing was sent.
    Waiting,
    /// A request was about to be sent, and nothing is known of its answer.
    Sending,
    /// The service accepted an order, whose token is kept.
    Accepted,
    /// It ended.
    Ended(Ending),
}

impl StepState {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "waiting" => Some(Self::Waiting),
            "sending" => Some(Self::Sending),
            "accepted" => Some(Self::Accepted),
            other => Ending::from_name(other).map(Self::Ended),
        }
    }
}

/// The result of a step.
#[derive(Debug, Clone)]
pub(crate) struct StepEnd {
    pub(crate) ending: Ending,
    pub(crate) after: Option<State>,
    pub(crate) request_ids: Vec<String>,
    pub(crate) warnings: Vec<String>,
    pub(crate) failure: Option<Failure>,
    /// An order that goes on, or went through unseen by the hooks.
    pub(crate) operation: Option<String>,
}

impl StepEnd {
    /// An end without further facts.
    pub(crate) fn plain(ending: Ending) -> Self {
        Self {
            ending,
            after: None,
            request_ids: Vec::new(),
            warnings: Vec::new(),
            failure: None,
            operation: None,
        }
    }
}

/// One moment of the timeline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tick {
    /// When.
    pub at: Timestamp,
    /// Requests of the run so far.
    pub sent: u64,
    /// Number of these answers with status 429.
    pub throttled: u64,
    /// Rows that have ended.
    pub ended: u64,
    /// Steps being carried out.
    pub in_flight: u32,
    /// Requests per second that the service lets us send; absent when nothing limits them.
    pub allowed_rate: Option<f64>,
    /// Seconds for which the service asked to send nothing.
    pub paused_for: Option<f64>,
}

/// One change to the journal. Those that are given to the writer together become durable together.
#[derive(Debug)]
pub(crate) enum Entry {
    /// Before a request leaves.
    Sending {
        step: StepId,
        at: Timestamp,
    },
    /// It turned out that nothing was sent: it was throttled, or stopped.
    NotSent {
        step: StepId,
    },
    /// The service accepted an order.
    Accepted {
        step: StepId,
        operation_id: String,
        token: String,
    },
    StepEnded {
        step: StepId,
        end: Box<StepEnd>,
        at: Timestamp,
    },
    RowEnded {
        outcome: Arc<RowOutcome>,
        at: Timestamp,
    },
    Quarantined {
        number: String,
        at: Timestamp,
        until: Timestamp,
    },
    Tick(Tick),
    /// The rows that no run was to carry out yet.
    LeftOut(RowRanges),
    RunEnded {
        at: Timestamp,
    },
}

impl Entry {
    pub(super) fn write(&self, transaction: &Transaction<'_>, run: i64) -> rusqlite::Result<()> {
        match self {
            Self::Sending { step, at } => transaction.prepare_cached("UPDATE step SET state = 'sending', sent_at = ?3, tries = tries + 1 WHERE line = ?1 AND position = ?2",
            )?
            .execute(params![step.0, step.1, moment(*at)]),
            Self::NotSent { step } => transaction.prepare_cached("UPDATE step SET state = 'waiting' WHERE line = ?1 AND position = ?2 AND state = 'sending'",
            )?
            .execute(params![step.0, step.1]),
            Self::Accepted {
                step,
                operation_id,
                token,
            } => transaction.prepare_cached("UPDATE step SET state = 'accepted', operation_id = ?3, token = ?4 WHERE line = ?1 AND position = ?2",
            )?
            .execute(params![step.0, step.1, operation_id, token]),
            Self::StepEnded { step, end, at } => transaction.prepare_cached("UPDATE step SET state = :state, operation_id = coalesce(:operation, operation_id), \
                 request_ids = :requests, warnings = :warnings, failure = :failure, after = :after, ended_at = :at \
                 WHERE line = :line AND position = :position",
            )?
            .execute(named_params! {
                ":state": end.ending.name(),
                ":operation": end.operation,
                ":requests": list(&end.request_ids),
                ":warnings": list(&end.warnings),
                ":failure": end.failure.as_ref().map(json),
                ":after": end.after.as_ref().map(json),
                ":at": moment(*at),
                ":line": step.0,
                ":position": step.1,
            }),
            Self::RowEnded { outcome, at } => return row_ended(transaction, outcome, *at),
            Self::Quarantined { number, at, until } => transaction.prepare_cached("INSERT OR REPLACE INTO quarantine (number, released_at, until) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![number, moment(*at), moment(*until)]),
            Self::Tick(tick) => {
                transaction.prepare_cached("INSERT INTO tick VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?.execute(params![
                    moment(tick.at),
                    tick.sent.cast_signed(),
                    tick.throttled.cast_signed(),
                    tick.ended.cast_signed(),
                    tick.in_flight,
                    tick.allowed_rate,
                    tick.paused_for
                ])
            }
            Self::LeftOut(rows) => {
                transaction.prepare_cached("INSERT OR REPLACE INTO journal VALUES (?1, ?2)")?.execute([LEFT_OUT, &rows.to_string()])
            }
            Self::RunEnded { at } => {
                transaction.prepare_cached("UPDATE run SET ended_at = ?2 WHERE id = ?1")?.execute(params![run, moment(*at)])
            }
        }
        .map(|_| ())
    }
}

fn row_ended(transaction: &Transaction<'_>, outcome: &RowOutcome, at: Timestamp) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "UPDATE row SET ending = ?2, failure = ?3, after = ?4, request_ids = ?5, operations = ?6, warnings = ?7, \
         ended_at = ?8 WHERE line = ?1",
        )?
        .execute(params![
            outcome.row,
            outcome.ending.name(),
            outcome.failure.as_ref().map(json),
            outcome.after.as_ref().map(json),
            list(&outcome.request_ids),
            list(&outcome.operations),
            list(&outcome.warnings),
            moment(at),
        ])?;
    if outcome.ending != Ending::Pending {
        transaction
            .prepare_cached("DELETE FROM reservation WHERE line = ?1")?
            .execute([outcome.row])?;
    }
    Ok(())
}

/// A moment as the journal holds it: to the millisecond, so that texts sort as moments do.
pub(super) fn moment(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// The values of plans and outcomes have no map with keys that are not text, so they always become JSON.
pub(super) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// A list, or nothing when it is empty.
pub(super) fn list(items: &[impl Serialize + Display]) -> Option<String> {
    (!items.is_empty()).then(|| json(&items))
}
