//! The result of a row.

use serde::{Deserialize, Deserializer, Serialize};

use crate::plan::State;

/// The result of a row, or of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Ending {
    /// Changed, and read back as it should be.
    Done,
    /// The service accepted the change, and reading does not show it yet. Resuming reads again and sends nothing.
    NotSeen,
    /// The state was already correct; nothing was sent.
    Already,
    /// The service refused it, and what it said is known.
    Failed,
    /// Nothing was sent: planning refused the row, it changed since it was planned, or a row that it needs failed.
    Skipped,
    /// The service is still at work; the operation is in the journal and resuming goes on with it.
    Pending,
    /// Something was sent, and neither the answer nor reading back says what came of it.
    Unknown,
}

impl Ending {
    /// All of them, in the order of [`Summary`].
    pub const ALL: [Self; 7] = [
        Self::Done,
        Self::NotSeen,
        Self::Already,
        Self::Failed,
        Self::Skipped,
        Self::Pending,
        Self::Unknown,
    ];

    /// Its name in JSON, in journals and in the bindings.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::NotSeen => "notSeen",
            Self::Already => "already",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Pending => "pending",
            Self::Unknown => "unknown",
        }
    }

    /// The ending of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ending| ending.name() == name)
    }

    /// Whether nothing is left to do for the row.
    #[must_use]
    pub fn is_good(self) -> bool {
        matches!(self, Self::Done | Self::Already)
    }
}

/// The end of a row in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RowOutcome {
    /// The row in the file; the header is row 1.
    #[serde(alias = "line")]
    pub row: u32,
    /// The result.
    pub ending: Ending,
    /// The state when the plan was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<State>,
    /// The state that was read back last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<State>,
    /// The service's ids of the requests that were sent for it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub request_ids: Vec<String>,
    /// The service's operations that carried it out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<String>,
    /// The failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// Warnings for an administrator about a row that succeeded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// The failure of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// The kind of error, as `trunkline::ErrorKind` writes it, or a planning code such as `noPhoneLicence`, or `stale`.
    #[serde(deserialize_with = "camel_case")]
    pub kind: String,
    /// The HTTP status, if there was an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The service's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The service's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_message: Option<String>,
    /// Our diagnosis, in a sentence.
    pub what: String,
    /// The next step.
    pub next_step: String,
}

/// Reads a kind. Journals of earlier versions have kinds of errors in snake case.
fn camel_case<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    let mut words = text.split('_');
    let mut kind = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        kind.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        kind.push_str(letters.as_str());
    }
    Ok(kind)
}

impl Failure {
    /// The service's own code and words, when it said any.
    #[must_use]
    pub fn service_words(&self) -> Option<String> {
        let message = self.service_message.as_deref().map(str::trim);
        match (self.code.as_deref(), message.filter(|message| !message.is_empty())) {
            (Some(code), Some(message)) => Some(format!("{code}: {message}")),
            (None, Some(message)) => Some(message.to_owned()),
            (Some(code), None) => Some(code.to_owned()),
            (None, None) => None,
        }
    }
}

/// Number of rows by result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// All rows that have ended.
    pub rows: u64,
    /// Changed.
    pub done: u64,
    /// Accepted by the service, and not seen yet.
    #[serde(default)]
    pub not_seen: u64,
    /// Already correct.
    pub already: u64,
    /// Not so.
    pub failed: u64,
    /// Not sent.
    pub skipped: u64,
    /// Still under way.
    pub pending: u64,
    /// In doubt.
    pub unknown: u64,
    /// Rows that have not ended: a later run takes them up.
    #[serde(default)]
    pub open: u64,
    /// Of the open rows, those that the options of the run left out.
    #[serde(default)]
    pub left_out: u64,
}

impl Summary {
    /// Counts one more row.
    pub fn count(&mut self, ending: Ending) {
        self.count_many(ending, 1);
    }

    pub(crate) fn count_many(&mut self, ending: Ending, rows: u64) {
        self.rows += rows;
        let slot = match ending {
            Ending::Done => &mut self.done,
            Ending::NotSeen => &mut self.not_seen,
            Ending::Already => &mut self.already,
            Ending::Failed => &mut self.failed,
            Ending::Skipped => &mut self.skipped,
            Ending::Pending => &mut self.pending,
            Ending::Unknown => &mut self.unknown,
        };
        *slot += rows;
    }

    /// Number of rows with a result.
    #[must_use]
    pub fn of(&self, ending: Ending) -> u64 {
        match ending {
            Ending::Done => self.done,
            Ending::NotSeen => self.not_seen,
            Ending::Already => self.already,
            Ending::Failed => self.failed,
            Ending::Skipped => self.skipped,
            Ending::Pending => self.pending,
            Ending::Unknown => self.unknown,
        }
    }

    /// Whether every row is as the file wants it.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.open == 0 && self.rows == self.done + self.already
    }

    /// Whether every row that the run was to carry out is as the file wants it; the others are open.
    #[must_use]
    pub fn is_as_asked(&self) -> bool {
        self.open == self.left_out && self.rows == self.done + self.already
    }

    /// Whether a later run with the same journal goes on with some rows.
    #[must_use]
    pub fn can_go_on(&self) -> bool {
        self.open + self.pending + self.not_seen > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_earlier_journals_are_read() {
        for (written, kind) in [
            ("not_found", "notFound"),
            ("unsupported_by_cloud", "unsupportedByCloud"),
            ("noPhoneLicence", "noPhoneLicence"),
            ("stale", "stale"),
        ] {
            let json = format!(r#"{{"kind":"{written}","what":"","nextStep":""}}"#);
            let failure: Failure = serde_json::from_str(&json).unwrap();
            assert_eq!(failure.kind, kind);
        }
    }
}
