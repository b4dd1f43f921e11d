//! The outcome of a change to a number.

use std::fmt;

use serde::Serialize;

use super::order::Order;
use crate::decision::Current;
use crate::generated::teams_administration::NumberAssignment;
use crate::masked::{Masked, MaskedNumber};
use crate::outcome::ChangeOutcome;

/// The change that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum NumberChange {
    /// It was changed; [`seen`](NumberOutcome::seen) says whether reading it back confirms it.
    Done,
    /// The state was already correct; nothing was sent.
    Already,
}

/// The end of a change to a number that went well.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NumberOutcome {
    /// The change that was made.
    pub change: NumberChange,
    /// Whether reading back showed the change. When not, the service accepted the location all the same: `after` is what was
    /// read last, which may be from before the change, and the warnings say how long it was read.
    pub seen: bool,
    /// The number, as the service writes it.
    pub number: String,
    /// The number before.
    pub before: NumberAssignment,
    /// The number as it was read back.
    pub after: NumberAssignment,
    /// The orders that did it, in order of time: a move has two, a change of location none.
    pub orders: Vec<Order>,
    /// Warnings for an administrator about a change that succeeded.
    pub warnings: Vec<String>,
}

impl From<ChangeOutcome> for NumberOutcome {
    fn from(outcome: ChangeOutcome) -> Self {
        let number = |current: Current| match current {
            Current::Number(number) => *number,
            _ => NumberAssignment::default(),
        };
        Self {
            change: if outcome.is_already {
                NumberChange::Already
            } else {
                NumberChange::Done
            },
            seen: outcome.seen,
            number: outcome.change.teams_number().unwrap_or_default().to_owned(),
            before: number(outcome.before),
            after: number(outcome.after),
            orders: outcome.orders,
            warnings: outcome.warnings,
        }
    }
}

impl fmt::Debug for NumberOutcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("NumberOutcome")
            .field("change", &self.change)
            .field("seen", &self.seen)
            .field("number", &MaskedNumber(&self.number))
            .field("before", &self.before)
            .field("after", &self.after)
            .field("orders", &self.orders)
            .field(
                "warnings",
                &self.warnings.iter().map(|warning| Masked(warning)).collect::<Vec<_>>(),
            )
            .finish()
    }
}

impl fmt::Display for NumberOutcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.seen {
            return write!(
                formatter,
                "done, not yet seen: the emergency location of {} is changed",
                self.number
            );
        }
        let holder = self.after.holder();
        write!(formatter, "{} ", self.number)?;
        match holder {
            Some(holder) => write!(formatter, "is assigned to {holder}")?,
            None => formatter.write_str("is now unassigned")?,
        }
        match self.change {
            NumberChange::Done => Ok(()),
            NumberChange::Already => formatter.write_str(" already; nothing was sent"),
        }
    }
}
