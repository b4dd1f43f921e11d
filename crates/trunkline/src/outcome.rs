//! How a change ended that went well.

use std::fmt;

use crate::change::Change;
use crate::decision::Current;
use crate::masked::Masked;
use crate::numbers::order::Order;

/// The end of a change that went well. Returned by [`Client::apply`](crate::Client::apply); the intents return it in the form
/// of their subject.
#[derive(Clone)]
#[non_exhaustive]
pub struct ChangeOutcome {
    /// The change, with the ids of the people and policies that it names.
    pub change: Change,
    /// Whether the state was already correct, and nothing was sent.
    pub is_already: bool,
    /// Whether reading back showed the change. When not, the service accepted it all the same: `after` is what was read last,
    /// which may be from before the change, and the warnings say how long it was read.
    pub seen: bool,
    /// The state before.
    pub before: Current,
    /// The state as it was read back.
    pub after: Current,
    /// The orders that did it, in order of time: a move has two, a change that is no order none.
    pub orders: Vec<Order>,
    /// Warnings for an administrator about a change that succeeded.
    pub warnings: Vec<String>,
}

impl fmt::Debug for ChangeOutcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let warnings: Vec<_> = self.warnings.iter().map(|warning| Masked(warning)).collect();
        formatter
            .debug_struct("ChangeOutcome")
            .field("change", &self.change)
            .field("is_already", &self.is_already)
            .field("seen", &self.seen)
            .field("before", &self.before)
            .field("after", &self.after)
            .field("orders", &self.orders)
            .field("warnings", &warnings)
            .finish()
    }
}
