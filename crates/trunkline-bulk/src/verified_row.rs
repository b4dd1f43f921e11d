//! A row that was verified.

use serde::{Deserialize, Serialize};

use crate::outcome::Ending;
use crate::plan::{State, Wanted};

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
