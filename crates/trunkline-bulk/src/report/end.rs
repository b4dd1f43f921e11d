//! The result of a row in a report, or that it has not ended.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::outcome::{Ending, RowOutcome};
use crate::plan::State;

/// The result of a row, or that it is open: a report has every row of its plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[allow(
    clippy::large_enum_variant,
    reason = "one at a time is written, and nearly all rows have ended"
)]
pub enum RowEnd {
    /// It ended.
    Ended(RowOutcome),
    /// It has not ended: a later run with the same journal takes it up.
    Open(OpenRow),
}

/// A row that has not ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenRow {
    /// The row in the file; the header is row 1.
    #[serde(alias = "line")]
    pub row: u32,
    /// `open`, where rows that ended say how.
    pub ending: StillOpen,
    /// The state when the plan was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<State>,
}

/// The word for a row that has not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StillOpen {
    /// `open`.
    Open,
}

impl RowEnd {
    /// The row in the file; the header is row 1.
    #[must_use]
    pub fn row(&self) -> u32 {
        match self {
            Self::Ended(outcome) => outcome.row,
            Self::Open(open) => open.row,
        }
    }

    /// The result in a word; `open` while there is none.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Ended(outcome) => outcome.ending.name(),
            Self::Open(_) => "open",
        }
    }

    /// The state when the plan was made.
    #[must_use]
    pub fn before(&self) -> Option<&State> {
        match self {
            Self::Ended(outcome) => outcome.before.as_ref(),
            Self::Open(open) => open.before.as_ref(),
        }
    }

    /// The state to show. For an open row it is the former one.
    pub(super) fn shown(&self) -> Cow<'_, RowOutcome> {
        match self {
            Self::Ended(outcome) => Cow::Borrowed(outcome),
            Self::Open(open) => Cow::Owned(RowOutcome {
                row: open.row,
                ending: Ending::Pending,
                before: open.before.clone(),
                after: None,
                request_ids: Vec::new(),
                operations: Vec::new(),
                failure: None,
                warnings: Vec::new(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_earlier_reports_are_read() {
        for (written, row, word) in [
            (r#"{"line":5,"ending":"open"}"#, 5, "open"),
            (r#"{"line":6,"ending":"done"}"#, 6, "done"),
            (r#"{"row":7,"ending":"open"}"#, 7, "open"),
        ] {
            let end: RowEnd = serde_json::from_str(written).expect("is read");
            assert_eq!((end.row(), end.word()), (row, word));
        }
    }
}
