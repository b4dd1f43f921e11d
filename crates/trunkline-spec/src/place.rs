//! The position of an element in a file, and problems at a position.

use std::sync::Arc;

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// Name of the file, as the caller gave it.
    pub(crate) file: Arc<str>,
    /// Line, counted from one.
    pub(crate) line: usize,
}

impl Place {
    /// States what is wrong here.
    pub(crate) fn problem(&self, reason: impl Into<String>) -> Problem {
        Problem {
            place: self.clone(),
            reason: reason.into(),
        }
    }
}

/// Something that was read and cannot be accepted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    /// The position.
    pub(crate) place: Place,
    /// The problem.
    pub(crate) reason: String,
}
