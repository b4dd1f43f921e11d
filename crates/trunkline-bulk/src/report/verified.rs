//! The result of the last verify, for each row of a report.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use trunkline::Timestamp;

use crate::error::BulkError;
use crate::journal::{Journal, JournalRow, NotInPlace};
use crate::plan::State;

/// The result of the last verify for a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RowVerified {
    /// The result.
    pub result: VerifiedResult,
    /// The state that was found, where it was not in place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<State>,
    /// The reason why it was not in place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
}

/// The results of a verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum VerifiedResult {
    /// It was in place.
    InPlace,
    /// It had ended well and was not in place any more: somebody changed it.
    Drifted,
    /// It was not in place, and had not ended well.
    NotInPlace,
    /// It was changed after the last verify.
    ChangedLater,
}

impl VerifiedResult {
    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::InPlace => "in place",
            Self::Drifted => "drifted",
            Self::NotInPlace => "not in place",
            Self::ChangedLater => "changed after the last verify",
        }
    }
}

impl RowVerified {
    /// The result in words, with the reason and the state that was found.
    #[must_use]
    pub fn words(&self) -> String {
        let mut words = self.result.words().to_owned();
        if let Some(what) = &self.what {
            words.push_str(": ");
            words.push_str(what);
        }
        if let Some(now) = &self.now {
            words.push_str("; it was ");
            words.push_str(&now.words(|id| id));
        }
        words
    }
}

/// The result of the last verify of a journal.
#[derive(Debug, Default)]
pub(super) struct VerifiedRows {
    at: Option<Timestamp>,
    not_in_place: HashMap<u32, NotInPlace>,
}

impl VerifiedRows {
    pub(super) fn of(journal: &Journal) -> Result<Self, BulkError> {
        Ok(Self {
            at: journal.verification()?.map(|verification| verification.at),
            not_in_place: journal.not_in_place()?,
        })
    }

    /// The result for a row; `None` when nobody verified.
    pub(super) fn take(&mut self, row: &JournalRow) -> Option<RowVerified> {
        let at = self.at?;
        let found = self.not_in_place.remove(&row.planned.row);
        let plain = |result| RowVerified {
            result,
            now: None,
            what: None,
        };
        if row.ended_at.is_some_and(|ended| ended > at) {
            return Some(plain(VerifiedResult::ChangedLater));
        }
        Some(match found {
            None => plain(VerifiedResult::InPlace),
            Some(found) => RowVerified {
                result: if found.has_drifted {
                    VerifiedResult::Drifted
                } else {
                    VerifiedResult::NotInPlace
                },
                now: found.now,
                what: found.what,
            },
        })
    }
}
